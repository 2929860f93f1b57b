//! Everything that is refused at the source, and the plan that is left.
//!
//! Types are judged as they are written, since a macro sees nothing else: a
//! reference is what begins with `&` or `*`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Ident, Pat, ReturnType, Signature, Token, Type};

use crate::request::{Activity, Request, Word};
use crate::target::Target;

/// The most parameters of a differentiated function.
const MAX_PARAMETERS: usize = 16;

/// What is to be generated.
pub struct Plan {
    pub name: Ident,
    /// Whether the primal is called by `Self::`.
    pub associated: bool,
    pub parameters: Vec<Parameter>,
    pub result: Option<Outcome>,
}

/// A parameter and its activity.
pub struct Parameter {
    pub name: Name,
    pub ty: Type,
    pub activity: Activity,
    /// Whether `Active` can only be checked once the type is known.
    pub generic: bool,
}

/// What a parameter is called.
pub enum Name {
    Receiver(Token![self]),
    Plain(Ident),
}

/// The result's type and activity.
pub struct Outcome {
    pub ty: Type,
    pub activity: Activity,
    pub generic: bool,
}

/// Checks the words against the function.
pub fn plan(request: &Request, target: &Target) -> syn::Result<Plan> {
    function(target)?;
    let signature = &target.signature;
    if request.name == signature.ident {
        return Err(error(
            request.name.span(),
            format!(
                "`{}` is the function itself: give the generated one a name of its own",
                request.name
            ),
        ));
    }
    let output = written_output(signature);
    count(request, signature, output.is_some())?;
    let generics = Generics::of(signature);
    let mut parameters = Vec::new();
    for (input, word) in signature.inputs.iter().zip(&request.activities) {
        parameters.push(parameter(input, word, &generics)?);
    }
    let result = match (output, request.activities.last()) {
        (Some(ty), Some(word)) => Some(outcome(ty, word, &generics)?),
        _ => None,
    };
    Ok(Plan {
        name: request.name.clone(),
        associated: request.associated || target.is_associated(),
        parameters,
        result,
    })
}

/// What is asked of any function that is marked for differentiation.
pub fn function(target: &Target) -> syn::Result<()> {
    let signature = &target.signature;
    if target.body.is_none() {
        return Err(error(
            signature.ident.span(),
            format!(
                "`{}` has no body to differentiate: write the attribute where it has one",
                signature.ident
            ),
        ));
    }
    if let Some(word) = &signature.asyncness {
        return Err(error(
            word.span(),
            "an `async` function cannot be differentiated: move the computation into a plain function",
        ));
    }
    if let Some(word) = &signature.variadic {
        return Err(error(
            word.span(),
            "a function with a variable number of parameters cannot be differentiated: pass a slice",
        ));
    }
    if let Some(input) = signature.inputs.iter().nth(MAX_PARAMETERS) {
        return Err(error(
            input.span(),
            format!("more than {MAX_PARAMETERS} parameters: put some of them into a struct"),
        ));
    }
    Ok(())
}

fn error(span: Span, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(span, message)
}

/// The type of the result, if there is one: `()` counts as none.
fn written_output(signature: &Signature) -> Option<&Type> {
    match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => match bare(ty) {
            Type::Tuple(tuple) if tuple.elems.is_empty() => None,
            _ => Some(ty),
        },
    }
}

fn count(request: &Request, signature: &Signature, has_output: bool) -> syn::Result<()> {
    let parameters = signature.inputs.len();
    let (expected, found) = (parameters + usize::from(has_output), request.activities.len());
    if expected == found {
        return Ok(());
    }
    let span = match request.activities.get(expected) {
        Some(superfluous) => superfluous.span,
        None => request.activities.last().map_or(request.name.span(), |word| word.span),
    };
    let result = if has_output {
        "one for the return value"
    } else {
        "none for a return value, as there is none"
    };
    Err(error(
        span,
        format!(
            "expected {}, found {found}: one for each parameter ({}), {result}",
            match expected {
                1 => "1 activity".to_owned(),
                n => format!("{n} activities"),
            },
            parameters,
        ),
    ))
}

/// Names of types that only an instance of the function knows.
struct Generics<'a>(Vec<&'a Ident>);

impl<'a> Generics<'a> {
    fn of(signature: &'a Signature) -> Self {
        Generics(
            signature
                .generics
                .params
                .iter()
                .filter_map(|parameter| match parameter {
                    GenericParam::Type(ty) => Some(&ty.ident),
                    _ => None,
                })
                .collect(),
        )
    }

    /// Whether the type is not known where it is written. The parameters of a
    /// surrounding `impl` cannot be seen; by convention they are single capitals.
    fn mentioned(&self, ty: &Type) -> bool {
        match bare(ty) {
            Type::Array(array) => self.mentioned(&array.elem),
            Type::Path(path) => {
                let Some(first) = path.path.segments.first() else {
                    return false;
                };
                let word = first.ident.to_string();
                let single_capital = word.len() == 1 && path.path.segments.len() == 1;
                path.qself.is_some()
                    || word == "Self"
                    || single_capital
                    || self.0.contains(&&first.ident)
            }
            _ => false,
        }
    }
}

fn parameter(input: &FnArg, word: &Word, generics: &Generics) -> syn::Result<Parameter> {
    let (name, ty) = match input {
        FnArg::Receiver(receiver) => (Name::Receiver(receiver.self_token), (*receiver.ty).clone()),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                (Name::Plain(pat.ident.clone()), (*typed.ty).clone())
            }
            pat => {
                return Err(error(
                    pat.span(),
                    "a parameter of a differentiated function needs a name: take the pattern apart in the body",
                ));
            }
        },
    };
    let label = match &name {
        Name::Receiver(_) => "self".to_owned(),
        Name::Plain(ident) => ident.to_string(),
    };
    let refuse = |message: String| Err(error(word.span, message));
    match (word.activity, is_pointer(&ty)) {
        (Activity::ActiveOnly, _) => refuse(format!(
            "`ActiveOnly` is for the return value; for `{label}` write `Active`, `Duplicated` or `Const`"
        )),
        (Activity::Active, true) => refuse(format!(
            "`{label}` is a reference: write `Duplicated` (its gradient is added into a shadow) or `Const`"
        )),
        (Activity::Active, false) if is_integer(&ty) => {
            refuse(format!("`{label}` is not a float: write `Const`"))
        }
        (Activity::Duplicated | Activity::DuplicatedOnly, false) => refuse(format!(
            "`{label}` is passed by value and has no shadow: write `Active` (its gradient is returned) or `Const`, or pass a reference"
        )),
        _ => Ok(Parameter { name, generic: generics.mentioned(&ty), ty, activity: word.activity }),
    }
}

fn outcome(ty: &Type, word: &Word, generics: &Generics) -> syn::Result<Outcome> {
    let refuse = |message: &str| Err(error(word.span, message));
    match word.activity {
        Activity::Duplicated | Activity::DuplicatedOnly => refuse(
            "a return value has no shadow: write `Active` (a seed parameter is added), `ActiveOnly` or `Const`",
        ),
        Activity::Active | Activity::ActiveOnly if is_pointer(ty) => {
            refuse("the return value is a reference: write `Const`, or return a float")
        }
        Activity::Active | Activity::ActiveOnly if is_integer(ty) => {
            refuse("the return value is not a float: write `Const`")
        }
        Activity::Active | Activity::ActiveOnly if matches!(bare(ty), Type::ImplTrait(_)) => {
            refuse(
                "the seed needs a type: write the type of the return value instead of `impl ..`, or write `Const`",
            )
        }
        activity => Ok(Outcome { ty: ty.clone(), activity, generic: generics.mentioned(ty) }),
    }
}

/// The type without the groups that `macro_rules!` puts around it.
pub fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        ty => ty,
    }
}

fn is_pointer(ty: &Type) -> bool {
    matches!(bare(ty), Type::Reference(_) | Type::Ptr(_))
}

fn is_integer(ty: &Type) -> bool {
    const NAMES: [&str; 14] = [
        "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
        "bool", "char",
    ];
    match bare(ty) {
        Type::Path(path) => {
            path.path.get_ident().is_some_and(|ident| NAMES.iter().any(|name| ident == name))
        }
        _ => false,
    }
}
