//! Bodies for functions that have no rule and can be written with functions that do.
//!
//! A rule gives one result's adjoint to operands; functions with several results,
//! with results in memory, or with lanes that do different things have none. Their
//! calls are made to call a body instead, which inlining then dissolves, so that
//! every later stage meets plain arithmetic and functions of the table of rules.
//!
//! *From*: the symbol and the type of a called function. *Why it is sound*: a body
//! computes what the function computes (its text says where it does not), and a
//! derivative is that of the body. A function is only given a body of its very type:
//! another one of the same name keeps its own meaning.
//!
//! Nothing is linked into a module that calls none of these functions.

mod containers;
mod format;
mod products;
mod scalar;
mod sort;
mod strings;
mod text;
mod vector;
mod x86;

use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Value};

/// What the names of bodies begin with.
const PREFIX: &str = "enzyme.body.";

/// Whether a function is one of the bodies: it may be inlined into any function.
pub fn is_body(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Whether the function of this name may be long, but has a short body beside it.
pub fn has_short_body(name: &str) -> bool {
    products::bodies(name).is_some()
}

/// The body that a function with code of its own has beside it, as its code is for one
/// processor or too long.
pub fn stands_for(function: Function) -> Result<Option<Function>> {
    let Some(names) = products::bodies(&function.name()) else { return Ok(None) };
    link(function.module(), products::ANY, products::TEXT)?;
    let bodies = names.map(|name| function.module().function(&format!("{PREFIX}product.{name}")));
    Ok(bodies.into_iter().flatten().find(|body| body.ty() == function.ty()))
}

/// Makes the function's calls call bodies where there are any. `original` is the
/// function that this one is a copy of.
pub fn give_bodies(function: Function, original: &str) -> Result<()> {
    if is_body(original) {
        return Ok(());
    }
    for call in function.insts() {
        let Some(callee) = call.called_function() else { continue };
        if callee.ty() != call.called_type() || is_body(&callee.name()) {
            continue;
        }
        if let Some(body) = body_of(call, callee)? {
            call.set_called(body.0);
            // An optimiser may have given the function a convention of its own.
            call.use_c_convention();
        }
    }
    Ok(())
}

fn body_of(call: Value, callee: Function) -> Result<Option<Function>> {
    let symbol = callee.name();
    let module = callee.module();
    if let Some(name) = scalar::body(&symbol) {
        link(module, scalar::ANY, &scalar::texts())?;
        // Precisions, and the ways of passing a pair.
        let bodies = ["", "f", "p", "d", "s", "fs"].into_iter().filter_map(|letter| {
            module.function(&format!("{PREFIX}{}", name.replace('*', letter)))
        });
        return Ok(bodies.into_iter().find(|body| body.ty() == callee.ty()));
    }
    if let Some(text) = sort::body(&symbol) {
        link(module, sort::NAME, text)?;
        return Ok(module.function(sort::NAME).filter(|body| body.ty() == callee.ty()));
    }
    if let Some(name) = containers::body(&symbol) {
        link(module, containers::ANY, containers::TEXT)?;
        let body = module.function(&format!("{PREFIX}{name}"));
        return Ok(body.filter(|body| body.ty() == callee.ty()));
    }
    if let Some(name) = strings::body(&symbol) {
        link(module, strings::ANY, strings::TEXT)?;
        let body = module.function(&format!("{PREFIX}string.{name}"));
        return Ok(body.filter(|body| body.ty() == callee.ty()));
    }
    if !symbol.starts_with("llvm.") {
        return Ok(format::body(PREFIX, callee));
    }
    let selector = call.arguments().last().and_then(|last| last.int());
    let name = match selector {
        Some(number) => format!("{PREFIX}{symbol}.{number}"),
        None => format!("{PREFIX}{symbol}"),
    };
    if let Some(body) = module.function(&name) {
        return Ok(Some(body));
    }
    let text = vector::body(&name, callee, &symbol)
        .or_else(|| x86::body(&name, callee, &symbol, selector));
    let Some(text) = text else { return Ok(None) };
    link(module, &name, &text)?;
    Ok(module.function(&name))
}

/// Adds the definitions of a text to the module, once; `any` is one of their names.
fn link(module: Module, any: &str, text: &str) -> Result<()> {
    if module.function(any).is_some() {
        return Ok(());
    }
    module
        .link_private(text)
        .map_err(|e| Box::new(Diagnostic::new(Code::Internal, format!("bodies: {e}"))))
}
