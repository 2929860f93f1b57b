//! The function that an attribute stands on.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Signature, Visibility};

/// A function, method or associated function; its body is kept as it is.
pub struct Target {
    /// Attributes below the one that is expanded.
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub signature: Signature,
    /// `None` for a trait's function without a default.
    pub body: Option<TokenStream>,
}

impl Parse for Target {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let start = input.span();
        let visibility = input.parse()?;
        let Ok(signature) = input.parse::<Signature>() else {
            return Err(syn::Error::new(
                start,
                "only functions can be differentiated: write this attribute on a `fn` with a plain signature",
            ));
        };
        let body = if input.peek(syn::token::Brace) {
            Some(input.parse::<TokenStream>()?)
        } else {
            input.parse::<TokenStream>()?;
            None
        };
        Ok(Target { attributes, visibility, signature, body })
    }
}

impl Target {
    /// Whether the function is known to be associated with a type or trait: it has
    /// a receiver or speaks of `Self`.
    pub fn is_associated(&self) -> bool {
        struct Finds(bool);
        impl Visit<'_> for Finds {
            fn visit_ident(&mut self, ident: &Ident) {
                self.0 |= ident == "Self" || ident == "self";
            }
        }
        let mut finds = Finds(false);
        visit::visit_signature(&mut finds, &self.signature);
        finds.0 || self.body.as_ref().is_some_and(speaks_of_self)
    }
}

fn speaks_of_self(body: &TokenStream) -> bool {
    body.clone().into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Group(group) => speaks_of_self(&group.stream()),
        proc_macro2::TokenTree::Ident(ident) => ident == "Self",
        _ => false,
    })
}
