//! Runs random programs with doubles: value and gradient by the plugin.
//!
//! The programs are a file that `ENZYME_RANDOM_GRADIENT` names while this is built. Numbers
//! of programs are arguments; a line is printed for each: the number, and the value and the
//! derivatives, or `panicked`.

#![allow(missing_docs, reason = "what programs call says what it is by its name")]
#![allow(clippy::all, dead_code, unused, reason = "programs are random")]

#[path = "../plain.rs"]
pub mod plain;

/// Derivatives are taken by `a`, `b`, the struct's array, number and float, and `x`.
pub const INPUTS: usize = 15;
/// Where it is differentiated.
pub type At = ([f64; INPUTS], usize);
/// Value and gradient.
pub type Found = (f64, [f64; INPUTS]);

/// A program: its number, its gradient, and where.
pub struct Program {
    pub number: usize,
    pub gradient: fn(&At) -> Found,
    pub at: At,
}

/// The list of all programs.
macro_rules! programs {
    ($($number:literal $name:ident $top:ident $gradient:ident $n:literal $inputs:expr;)*) => {
        pub static PROGRAMS: &[Program] = &[$(Program {
            number: $number,
            gradient: |(x, n)| {
                let four = |from: usize| [x[from], x[from + 1], x[from + 2], x[from + 3]];
                let (mut a, b) = (four(0), four(4));
                let (mut da, mut db) = ([0.0; 4], [0.0; 4]);
                let h = x[13] as f32;
                let mut s = plain::S { w: x[12], h, k: 5, arr: four(8), o: Some(0.5) };
                let mut ds = plain::S { w: 0.0, h: 0.0, k: 5, arr: [0.0; 4], o: Some(0.0) };
                let (value, dx) = $name::$gradient(
                    &mut a, &mut da, &b, &mut db, &mut s, &mut ds, x[14], *n, 1.0,
                );
                let mut gradient = [0.0; INPUTS];
                gradient[..4].copy_from_slice(&da);
                gradient[4..8].copy_from_slice(&db);
                gradient[8..12].copy_from_slice(&ds.arr);
                gradient[12..].copy_from_slice(&[ds.w, f64::from(ds.h), dx]);
                (value, gradient)
            },
            at: ($inputs, $n),
        }),*];
    };
}

include!(env!("ENZYME_RANDOM_GRADIENT"));

fn line(program: &Program) -> String {
    let gradients = || [(program.gradient)(&program.at), (program.gradient)(&program.at)];
    let Ok([(value, gradient), again]) = std::panic::catch_unwind(gradients) else {
        return "panicked".to_owned();
    };
    let mut text = format!("{value:e}");
    for (found, again) in gradient.into_iter().zip(again.1) {
        // A sweep that leaves something behind spoils the next one.
        let found = if found.to_bits() == again.to_bits() { found } else { f64::NAN };
        text += &format!(" {found:e}");
    }
    text
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let chosen: Vec<usize> = std::env::args().skip(1).filter_map(|n| n.parse().ok()).collect();
    for program in PROGRAMS.iter().filter(|program| chosen.contains(&program.number)) {
        println!("{} {}", program.number, line(program));
    }
}
