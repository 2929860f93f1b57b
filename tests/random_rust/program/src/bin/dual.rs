//! Runs random programs with dual numbers in every direction.
//!
//! The programs are a file that `ENZYME_RANDOM_DUAL` names while this is built. Numbers of
//! programs are arguments; a line is printed for each: the number, and value, scale and the
//! derivatives, or `strange`.

#![allow(missing_docs, reason = "what programs call says what it is by its name")]
#![allow(clippy::all, dead_code, unused, reason = "programs are random")]

#[path = "../dual.rs"]
pub mod dual;
#[path = "../exact.rs"]
pub mod exact;

/// Derivatives are taken by `a`, `b`, the struct's array, number and float, and `x`.
pub const INPUTS: usize = 15;
type Top = fn(&mut [exact::F], &[exact::F], &mut exact::S, exact::F, usize) -> exact::F;

/// A program: its number, its function, and where it is differentiated.
pub struct Program {
    pub number: usize,
    pub top: Top,
    pub at: ([f64; INPUTS], usize),
}

/// The list of all programs.
macro_rules! programs {
    ($($number:literal $name:ident $top:ident $gradient:ident $n:literal $inputs:expr;)*) => {
        pub static PROGRAMS: &[Program] =
            &[$(Program { number: $number, top: $name::$top, at: ($inputs, $n) }),*];
    };
}

include!(env!("ENZYME_RANDOM_DUAL"));

/// Value and scale, and the derivative in each direction.
fn gradient(program: &Program) -> (f64, f64, [f64; INPUTS]) {
    let (at, n) = &program.at;
    let mut gradient = [0.0; INPUTS];
    let (mut value, mut scale) = (0.0, 1.0_f64);
    for (direction, derivative) in gradient.iter_mut().enumerate() {
        dual::begin();
        let unit = |i| f64::from(u8::from(i == direction));
        let x: [_; INPUTS] = std::array::from_fn(|i| exact::F { v: at[i], d: unit(i) });
        let four = |from: usize| [x[from], x[from + 1], x[from + 2], x[from + 3]];
        let h = exact::single(x[13]);
        let mut s = exact::S { w: x[12], h, k: 5, arr: four(8), o: Some(exact::c(0.5)) };
        let result = (program.top)(&mut four(0), &four(4), &mut s, x[14], *n);
        (value, *derivative, scale) = (result.v, result.d, scale.max(dual::scale()));
    }
    (value, scale, gradient)
}

fn line(program: &Program) -> String {
    let Ok((value, scale, gradient)) = std::panic::catch_unwind(|| gradient(program)) else {
        return "strange".to_owned();
    };
    let gradient: String = gradient.iter().map(|d| format!(" {d:e}")).collect();
    format!("{value:e} {scale:e}{gradient}")
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let chosen: Vec<usize> = std::env::args().skip(1).filter_map(|n| n.parse().ok()).collect();
    for program in PROGRAMS.iter().filter(|program| chosen.contains(&program.number)) {
        println!("{} {}", program.number, line(program));
    }
}
