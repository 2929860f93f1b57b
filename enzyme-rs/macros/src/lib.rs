//! The attributes and derives of `enzyme-rs`, which re-exports and documents them.
//!
//! An attribute goes through three steps: [`request`] reads its words, [`check`]
//! compares them with the function and refuses what is wrong at the offending
//! word, [`expand`] writes the generated function.

mod check;
mod derive;
mod expand;
mod request;
mod target;

use proc_macro::TokenStream;
use quote::quote;

use request::{Form, Request};
use target::Target;

/// See `enzyme_rs::autodiff_reverse`.
#[proc_macro_attribute]
pub fn autodiff_reverse(arguments: TokenStream, item: TokenStream) -> TokenStream {
    derivative(Form::Reverse, arguments, item)
}

/// See `enzyme_rs::autodiff_forward`.
#[proc_macro_attribute]
pub fn autodiff_forward(arguments: TokenStream, item: TokenStream) -> TokenStream {
    derivative(Form::Forward, arguments, item)
}

/// See `enzyme_rs::autodiff`.
#[proc_macro_attribute]
pub fn autodiff(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if !arguments.is_empty() {
        return derivative(Form::ModeNamed, arguments, item);
    }
    let item = proc_macro2::TokenStream::from(item);
    match syn::parse2::<Target>(item.clone()).and_then(|target| check::function(&target)) {
        Ok(()) => item.into(),
        Err(error) => refused(&error, &item),
    }
}

/// See `enzyme_rs::Differentiable`.
#[proc_macro_derive(Differentiable)]
pub fn differentiable(item: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(item as syn::DeriveInput);
    derive::differentiable(&input).unwrap_or_else(|error| error.into_compile_error()).into()
}

fn derivative(form: Form, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    let expanded = syn::parse2::<Target>(item.clone()).and_then(|target| {
        let request = Request::parse(form, arguments.into())?;
        let plan = check::plan(&request, &target)?;
        Ok(expand::expand(&plan, &target))
    });
    match expanded {
        Ok(derivative) => quote!(#item #derivative).into(),
        Err(error) => refused(&error, &item),
    }
}

/// The error beside the item, so that nothing else is reported as missing.
fn refused(error: &syn::Error, item: &proc_macro2::TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#item #error).into()
}
