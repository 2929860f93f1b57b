//! Programs whose gradients must not depend on how they are built: this crate asks for
//! them, and so does the program beside it.

#![allow(missing_docs, reason = "the modules' names say what they are")]
#![allow(clippy::all, reason = "programs as people write them")]

pub mod programs;
pub mod scalar;

/// The gradient of each program, asked for where this expands: names and lines of
/// numbers.
#[macro_export]
macro_rules! gradients {
    ($($name:ident)*) => {
        [$({
            let run = |x: &[f64]| $crate::programs::$name::run::<f64>(x);
            let point = std::hint::black_box($crate::programs::POINT);
            let (value, (gradient,)) =
                enzyme_rs::value_and_gradient(enzyme_rs::Reverse, run, (&point[..],));
            (stringify!($name), value, gradient.to_vec())
        }),*]
    };
}

/// Name, value and gradient of a program.
pub type Row = (&'static str, f64, Vec<f64>);

/// The gradients of all programs, asked for in this crate.
pub fn from_the_library() -> impl IntoIterator<Item = Row> {
    for_each_program!(gradients)
}
