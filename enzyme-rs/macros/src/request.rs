//! The words of an attribute, with their places.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitInt, Token};

/// Which attribute it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `autodiff_reverse(NAME, …)`
    Reverse,
    /// `autodiff_forward(NAME, …)`
    Forward,
    /// `autodiff(NAME, Reverse, …)`
    ModeNamed,
}

/// What may be said of a parameter or of the result in reverse mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    Const,
    Active,
    ActiveOnly,
    Duplicated,
    DuplicatedOnly,
}

/// One activity and where it is written.
pub struct Word {
    pub activity: Activity,
    pub span: Span,
}

/// `NAME, ACT…`
pub struct Request {
    /// Name of the function to be generated.
    pub name: Ident,
    /// Whether the name was written `Self::NAME`.
    pub associated: bool,
    pub activities: Vec<Word>,
}

impl Request {
    pub fn parse(form: Form, arguments: TokenStream) -> syn::Result<Request> {
        let example = match form {
            Form::Reverse => "`#[autodiff_reverse(d_f, Active, Active)]`",
            Form::ModeNamed => "`#[autodiff(d_f, Reverse, Active, Active)]`",
            Form::Forward => {
                return Err(syn::Error::new(
                    Span::call_site(),
                    "forward mode is not available yet: write `autodiff_reverse`",
                ));
            }
        };
        if arguments.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                format!(
                    "the name of the function to be generated is missing: write for instance {example}"
                ),
            ));
        }
        (|input: ParseStream| words(form, input)).parse2(arguments)
    }
}

fn words(form: Form, input: ParseStream) -> syn::Result<Request> {
    let associated = input.peek(Token![Self]) && input.peek2(Token![::]);
    if associated {
        input.parse::<Token![Self]>()?;
        input.parse::<Token![::]>()?;
    }
    let name = name(input)?;
    comma(input)?;
    if form == Form::ModeNamed {
        mode(input, &name)?;
        comma(input)?;
    }
    if input.peek(syn::Lit) {
        width(input)?;
        comma(input)?;
    }
    let mut activities = Vec::new();
    while !input.is_empty() {
        activities.push(word(input)?);
        comma(input)?;
    }
    Ok(Request { name, associated, activities })
}

/// A comma, unless everything has been read.
fn comma(input: ParseStream) -> syn::Result<()> {
    if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
        return Ok(());
    }
    Err(input.error("expected `,`"))
}

fn name(input: ParseStream) -> syn::Result<Ident> {
    input.parse::<Ident>().map_err(|error| {
        syn::Error::new(
            error.span(),
            "expected the name of the function to be generated, an identifier",
        )
    })
}

fn mode(input: ParseStream, name: &Ident) -> syn::Result<()> {
    if input.is_empty() {
        return Err(syn::Error::new(
            name.span(),
            "the mode is missing: write `Reverse` after the name",
        ));
    }
    let word = input.call(Ident::parse_any)?;
    match &*word.to_string() {
        "Reverse" => Ok(()),
        "Forward" => {
            Err(syn::Error::new(word.span(), "forward mode is not available yet: write `Reverse`"))
        }
        other => Err(syn::Error::new(
            word.span(),
            format!("`{other}` is no mode: write `Reverse` after the name"),
        )),
    }
}

fn width(input: ParseStream) -> syn::Result<()> {
    let literal = input.parse::<syn::Lit>()?;
    let span = literal.span();
    let width = match &literal {
        syn::Lit::Int(int) => parsed_width(int),
        _ => None,
    };
    let message = match width {
        Some(1) => return Ok(()),
        Some(0) => "the width is at least 1: leave it out, or write the number of shadows",
        Some(_) => "only width 1 is available yet: leave the width out and call once per seed",
        None => "not a width: expected an integer that fits `u32`, or an activity",
    };
    Err(syn::Error::new(span, message))
}

fn parsed_width(literal: &LitInt) -> Option<u32> {
    if !matches!(literal.suffix(), "" | "u32") {
        return None;
    }
    literal.base10_digits().parse().ok()
}

const REVERSE_WORDS: &str =
    "write `Active` for a float by value, `Duplicated` for a reference, or `Const`";

fn word(input: ParseStream) -> syn::Result<Word> {
    let Ok(ident) = input.call(Ident::parse_any) else {
        return Err(input.error(format!("expected an activity: {REVERSE_WORDS}")));
    };
    let span = ident.span();
    let activity = match &*ident.to_string() {
        "Const" => Activity::Const,
        "Active" => Activity::Active,
        "ActiveOnly" => Activity::ActiveOnly,
        "Duplicated" => Activity::Duplicated,
        "DuplicatedOnly" => Activity::DuplicatedOnly,
        forward @ ("Dual" | "DualOnly" | "Dualv" | "DualvOnly") => {
            return Err(syn::Error::new(
                span,
                format!("`{forward}` belongs to forward mode; in reverse mode {REVERSE_WORDS}"),
            ));
        }
        other => {
            return Err(syn::Error::new(
                span,
                format!("`{other}` is no activity: {REVERSE_WORDS}"),
            ));
        }
    };
    Ok(Word { activity, span })
}
