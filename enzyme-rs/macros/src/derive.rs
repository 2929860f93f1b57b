//! `#[derive(Differentiable)]`: a struct's shadow is the struct of its fields' shadows.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Index, Member};

/// Writes the implementations that make `input` an argument.
pub fn differentiable(input: &DeriveInput) -> syn::Result<TokenStream> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            return Err(syn::Error::new(
                data.enum_token.span(),
                "`Differentiable` cannot be derived for an enum yet: put the floats into a struct",
            ));
        }
        Data::Union(data) => {
            return Err(syn::Error::new(
                data.union_token.span(),
                "`Differentiable` cannot be derived for a union: put the floats into a struct",
            ));
        }
    };
    let members: Vec<Member> = fields
        .iter()
        .enumerate()
        .map(|(i, field)| match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(i)),
        })
        .collect();
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::enzyme_rs::Shadow));
    }
    let (implemented, arguments, conditions) = generics.split_for_impl();
    let name = &input.ident;
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    Ok(quote! {
        // SAFETY: the fields lie inside of the struct.
        #[automatically_derived]
        unsafe impl #implemented ::enzyme_rs::Shadow for #name #arguments #conditions {
            fn zero_shadow(&self) -> Self {
                #name {
                    #(#members: <#types as ::enzyme_rs::Shadow>::zero_shadow(&self.#members),)*
                }
            }
            fn set_zero(&mut self) {
                #(::enzyme_rs::Shadow::set_zero(&mut self.#members);)*
            }
            fn make_room(&mut self, primal: &Self) {
                #(::enzyme_rs::Shadow::make_room(&mut self.#members, &primal.#members);)*
            }
            ::enzyme_rs::__hint_fields!(#(#members: #types,)*);
        }
        #[automatically_derived]
        impl #implemented ::enzyme_rs::Differentiable for #name #arguments #conditions {
            ::enzyme_rs::__one_element!();
        }
        // SAFETY: the primal is the struct, and its shadow has the same type.
        #[automatically_derived]
        unsafe impl #implemented ::enzyme_rs::Argument for #name #arguments #conditions {
            ::enzyme_rs::__by_value!();
        }
        #[automatically_derived]
        impl #implemented ::enzyme_rs::Arguments for #name #arguments #conditions {
            ::enzyme_rs::__single_argument!();
        }
    })
}
