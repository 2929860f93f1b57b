//! From a linker symbol to a function's plain name and precision.
//!
//! These spellings are understood: `sin`/`sinf` of the C math library, its reentrant
//! `lgamma_r`, glibc's `__sin_finite`, LLVM's `llvm.sin.v2f64`, instructions of x86
//! that no generic one replaces (`llvm.x86.sse.rcp.ps`), the paths of the
//! `libm` crate (`libm::math::sin::sin`) and of the methods of `f32` and `f64`
//! (`<f64>::asinh`), mangled either way. The first type in an intrinsic's
//! suffix decides the precision; integer suffixes (`llvm.powi.f64.i32`) are
//! skipped.

/// The float type a function works in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// IEEE binary16.
    Half,
    /// bfloat16.
    BFloat,
    /// IEEE binary32.
    Single,
    /// IEEE binary64.
    Double,
    /// The x87 80-bit format.
    Extended,
    /// IEEE binary128.
    Quad,
}

/// An intrinsic's name without type suffixes, and the first float type among them.
///
/// Types are recognised from the end, so a name may itself contain dots.
pub(crate) fn intrinsic(symbol: &str) -> Option<(&str, Option<Precision>)> {
    let rest = symbol.strip_prefix("llvm.")?;
    let mut base = rest;
    let mut precision = None;
    while let Some((front, last)) = base.rsplit_once('.') {
        let element = element(last);
        match float(element) {
            Some(found) => precision = Some(found),
            None if is_other_type(element) => {}
            None => break,
        }
        base = front;
    }
    Some((&symbol[..symbol.len() - rest.len() + base.len()], precision))
}

/// The float type of an instruction of x86, by the letters of its lanes.
pub(crate) fn processor(symbol: &str) -> Option<Precision> {
    let mut parts = symbol.strip_prefix("llvm.x86.")?.split('.');
    parts.find_map(|part| match part {
        "ps" | "ss" => Some(Precision::Single),
        "pd" | "sd" => Some(Precision::Double),
        _ => None,
    })
}

/// `v4f32` and `nxv4f32` to `f32`.
fn element(suffix: &str) -> &str {
    let digits = |s: &'static str| {
        let count = suffix.strip_prefix(s)?;
        let trimmed = count.trim_start_matches(|c: char| c.is_ascii_digit());
        (trimmed.len() < count.len()).then_some(trimmed)
    };
    digits("nxv").or_else(|| digits("v")).unwrap_or(suffix)
}

fn float(name: &str) -> Option<Precision> {
    Some(match name {
        "f16" => Precision::Half,
        "bf16" => Precision::BFloat,
        "f32" => Precision::Single,
        "f64" => Precision::Double,
        "f80" => Precision::Extended,
        "f128" => Precision::Quad,
        _ => return None,
    })
}

/// `i32`, `p0`; and the suffixes of anonymous aggregates (`sl_…s`).
fn is_other_type(name: &str) -> bool {
    let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    name.strip_prefix('i').is_some_and(number)
        || name.strip_prefix('p').is_some_and(number)
        || name.starts_with("sl_")
}

/// The spellings of C names that a symbol may stand for, most literal first.
pub(crate) fn library(symbol: &str) -> Vec<(&str, Precision)> {
    let plain = symbol.strip_prefix("__").and_then(|s| s.strip_suffix("_finite")).unwrap_or(symbol);
    // `lgamma_r` also stores a sign; its result is `lgamma`'s.
    let plain = plain.strip_suffix("_r").unwrap_or(plain);
    let mut names = vec![(plain, Precision::Double)];
    if let Some(double) = plain.strip_suffix('f') {
        names.push((double, Precision::Single));
    }
    names
}

/// The demangled path of a Rust symbol, without hash; `None` if it is not one.
pub(crate) fn path(symbol: &str) -> Option<String> {
    let demangled = rustc_demangle::try_demangle(symbol).ok()?;
    Some(format!("{demangled:#}"))
}

/// The function's own name if the path is one of the `libm` crate's.
pub(crate) fn libm_crate(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("libm::math::")?;
    let name = inside.rsplit("::").next()?;
    // Helpers such as `libm::math::k_sin::k_sin` have names that no row has.
    (!name.contains('<')).then_some(name)
}

/// The C name and precision if the path is a method of `f32` or `f64` that is one
/// of the C functions under Rust's name.
///
/// Most of these are inlined long before; where one is not, its own rule beats
/// differentiating its body: `asinh` is made of `abs` and `copysign`, whose
/// derivatives at 0 hide that `asinh` is smooth there.
pub(crate) fn method(path: &str) -> Option<(&'static str, Precision)> {
    let (owner, name) = path.rsplit_once("::")?;
    // The newer mangling prints `<f64>`, the older `std::f64::<impl f64>`.
    let precision = match owner.rsplit_once("::").map_or(owner, |(_, last)| last) {
        "<f32>" | "<impl f32>" => Precision::Single,
        "<f64>" | "<impl f64>" => Precision::Double,
        _ => return None,
    };
    let (_, c) = METHODS.iter().find(|(method, _)| *method == name)?;
    Some((c, precision))
}

/// Rust's methods and their C names. `f64::log` is absent: it takes a base.
const METHODS: &[(&str, &str)] = &[
    ("abs", "fabs"),
    ("acos", "acos"),
    ("acosh", "acosh"),
    ("asin", "asin"),
    ("asinh", "asinh"),
    ("atan", "atan"),
    ("atan2", "atan2"),
    ("atanh", "atanh"),
    ("cbrt", "cbrt"),
    ("ceil", "ceil"),
    ("copysign", "copysign"),
    ("cos", "cos"),
    ("cosh", "cosh"),
    ("erf", "erf"),
    ("erfc", "erfc"),
    ("exp", "exp"),
    ("exp2", "exp2"),
    ("exp_m1", "expm1"),
    ("floor", "floor"),
    ("gamma", "tgamma"),
    ("hypot", "hypot"),
    ("ln", "log"),
    ("ln_1p", "log1p"),
    ("log10", "log10"),
    ("log2", "log2"),
    ("max", "fmax"),
    ("maximum", "fmaximum"),
    ("min", "fmin"),
    ("minimum", "fminimum"),
    ("mul_add", "fma"),
    ("next_down", "nextdown"),
    ("next_up", "nextup"),
    ("powf", "pow"),
    ("powi", "llvm.powi"),
    ("round", "round"),
    ("round_ties_even", "roundeven"),
    ("sin", "sin"),
    ("sinh", "sinh"),
    ("sqrt", "sqrt"),
    ("tan", "tan"),
    ("tanh", "tanh"),
    ("trunc", "trunc"),
];

#[cfg(test)]
mod tests {
    use super::METHODS;

    /// A misspelt C name would silently find no row.
    #[test]
    fn every_method_has_a_row() {
        for (method, c) in METHODS {
            assert!(crate::rules().iter().any(|rule| rule.symbols.contains(c)), "{method}");
        }
    }
}
