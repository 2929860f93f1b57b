//! Which functions of C, of the `libm` crate and of LLVM have a body in `scalar.ll.in`.

const TEXT: &str = include_str!("scalar.ll.in");

/// The name of one of the bodies.
pub const ANY: &str = "enzyme.body.modf.pair";

/// C symbols and their bodies; the star stands for the letter of the precision.
const C: &[(&str, &str)] = &[
    ("modf", "modf.*stored"),
    ("frexp", "frexp.*stored"),
    ("sincos", "sincos.*stored"),
    ("__sincos", "sincos.*stored"),
    ("remquo", "remquo.*stored"),
    ("lgamma_r", "lgamma_r.*stored"),
    ("gamma_r", "lgamma_r.*stored"),
    ("__lgamma_r", "lgamma_r.*stored"),
    ("__muldc3", "complex.*mul"),
    ("__mulsc3", "complex.*mul"),
    ("__divdc3", "complex.*div"),
    ("__divsc3", "complex.*div"),
    ("cabs", "complex.*abs"),
    ("carg", "complex.*arg"),
    ("cexp", "complex.*exp"),
    ("clog", "complex.*log"),
    ("csqrt", "complex.*sqrt"),
    ("cpow", "complex.*pow"),
    ("csinh", "complex.*sinh"),
    ("ccosh", "complex.*cosh"),
    ("csin", "complex.*sin"),
    ("ccos", "complex.*cos"),
];

/// Functions that return several values: of the `libm` crate, and LLVM's intrinsics.
const PAIRS: &[(&str, &str)] = &[
    ("modf", "modf.*pair"),
    ("frexp", "frexp.*pair"),
    ("remquo", "remquo.*pair"),
    ("sincos", "sincos.*pair"),
    ("lgamma_r", "lgamma_r.*pair"),
];

/// The body of a function, by its symbol.
pub fn body(symbol: &str) -> Option<&'static str> {
    let among = |list: &[(&str, &'static str)], name: &str| {
        // The letter of single precision stands before `_r`.
        let double = match name.strip_suffix("f_r") {
            Some(front) => Some(format!("{front}_r")),
            None => name.strip_suffix('f').map(str::to_owned),
        };
        let is = |known: &str| known == name || double.as_deref() == Some(known);
        list.iter().find(|(known, _)| is(known)).map(|(_, body)| *body)
    };
    if let Some(intrinsic) = symbol.strip_prefix("llvm.") {
        let (base, types) = intrinsic.split_once('.')?;
        return among(PAIRS, base).filter(|_| !types.starts_with(['v', 'n']));
    }
    if let Some(found) = among(C, symbol) {
        return Some(found);
    }
    let path = format!("{:#}", rustc_demangle::try_demangle(symbol).ok()?);
    let inside = path.strip_prefix("libm::math::")?;
    among(PAIRS, inside.rsplit("::").next()?)
}

/// The bodies for both precisions.
pub fn texts() -> String {
    let double = [("TYPE", "double"), ("BITS", "64"), ("LETTER", "")];
    let single = [("TYPE", "float"), ("BITS", "32"), ("LETTER", "f")];
    let of = |words: [(&str, &str); 3]| {
        words.iter().fold(TEXT.to_owned(), |text, (word, with)| text.replace(word, with))
    };
    let mut text = of(double);
    let single = of(single);
    text.push_str(&single);
    text.push_str(PACKED);
    for function in ["exp", "log", "sqrt", "sinh", "cosh", "sin", "cos"] {
        text.push_str(&PACKED_FUNCTION.replace("FUNCTION", function));
    }
    text
}

/// A function of one complex number of single precision, in two lanes.
const PACKED_FUNCTION: &str = "
define <2 x float> @enzyme.body.complex.pFUNCTION(<2 x float> %z) {
  %real = extractelement <2 x float> %z, i64 0
  %imaginary = extractelement <2 x float> %z, i64 1
  %both = call { float, float } @enzyme.body.complex.fFUNCTION(float %real, float %imaginary)
  %packed = call <2 x float> @enzyme.body.complex.pack({ float, float } %both)
  ret <2 x float> %packed
}
";

/// Complex numbers of single precision, which C passes and returns as
/// two lanes, and Rust as their bits.
const PACKED: &str = "
define <2 x float> @enzyme.body.complex.pmul(float %a, float %b, float %c, float %d) {
  %both = call { float, float } @enzyme.body.complex.fmul(float %a, float %b, float %c, float %d)
  %packed = call <2 x float> @enzyme.body.complex.pack({ float, float } %both)
  ret <2 x float> %packed
}

define <2 x float> @enzyme.body.complex.pdiv(float %a, float %b, float %c, float %d) {
  %both = call { float, float } @enzyme.body.complex.fdiv(float %a, float %b, float %c, float %d)
  %packed = call <2 x float> @enzyme.body.complex.pack({ float, float } %both)
  ret <2 x float> %packed
}

define <2 x float> @enzyme.body.complex.ppow(<2 x float> %z, <2 x float> %w) {
  %a = extractelement <2 x float> %z, i64 0
  %b = extractelement <2 x float> %z, i64 1
  %c = extractelement <2 x float> %w, i64 0
  %d = extractelement <2 x float> %w, i64 1
  %both = call { float, float } @enzyme.body.complex.fpow(float %a, float %b, float %c, float %d)
  %packed = call <2 x float> @enzyme.body.complex.pack({ float, float } %both)
  ret <2 x float> %packed
}

define <2 x float> @enzyme.body.complex.pack({ float, float } %both) {
  %real = extractvalue { float, float } %both, 0
  %imaginary = extractvalue { float, float } %both, 1
  %first = insertelement <2 x float> poison, float %real, i64 0
  %packed = insertelement <2 x float> %first, float %imaginary, i64 1
  ret <2 x float> %packed
}

define float @enzyme.body.complex.pabs(<2 x float> %z) {
  %real = extractelement <2 x float> %z, i64 0
  %imaginary = extractelement <2 x float> %z, i64 1
  %size = call float @enzyme.body.complex.fabs(float %real, float %imaginary)
  ret float %size
}

define float @enzyme.body.complex.dabs(double %bits) {
  %z = bitcast double %bits to <2 x float>
  %size = call float @enzyme.body.complex.pabs(<2 x float> %z)
  ret float %size
}

define float @enzyme.body.complex.darg(double %bits) {
  %z = bitcast double %bits to <2 x float>
  %angle = call float @enzyme.body.complex.parg(<2 x float> %z)
  ret float %angle
}

define double @enzyme.body.complex.dmul(float %a, float %b, float %c, float %d) {
  %z = call <2 x float> @enzyme.body.complex.pmul(float %a, float %b, float %c, float %d)
  %bits = bitcast <2 x float> %z to double
  ret double %bits
}

define double @enzyme.body.complex.ddiv(float %a, float %b, float %c, float %d) {
  %z = call <2 x float> @enzyme.body.complex.pdiv(float %a, float %b, float %c, float %d)
  %bits = bitcast <2 x float> %z to double
  ret double %bits
}

define float @enzyme.body.complex.parg(<2 x float> %z) {
  %real = extractelement <2 x float> %z, i64 0
  %imaginary = extractelement <2 x float> %z, i64 1
  %angle = call float @enzyme.body.complex.farg(float %real, float %imaginary)
  ret float %angle
}
";
