//! The Jacobian of a scan over an array, written in three ways.
//!
//! `cargo enzyme run --release --example scan`
//!
//! A scan starts from `init` and adds the squares of each slice of `a` along the
//! first axis. Its Jacobian with respect to `a` is 2·a where output and input have
//! the same place inside of their slices, and 0 elsewhere. All numbers here are
//! small integers, so every entry must agree exactly. The exit code is 1 if one
//! does not.

use std::process::{Command, ExitCode};

use enzyme_rs::{Const, Reverse, jacobian, set_runtime_activity, value_and_jacobian};
use ndarray::{Array3, Array4, ArrayD, ArrayView3, Axis, Dimension, IxDyn};

/// By the fold of an iterator: every step makes a new array.
fn by_fold(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    a.axis_iter(Axis(0)).fold(init.clone(), |acc, x| acc + &x.mapv(|v| v * v))
}

/// A scan over anything, by a function that is an argument.
fn scan<S, X>(f: impl Fn(S, X) -> S, init: S, xs: impl IntoIterator<Item = X>) -> S {
    let mut acc = init;
    for x in xs {
        acc = f(acc, x);
    }
    acc
}

/// By the generic [`scan`].
fn by_scan(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let add_squares = |acc: Array3<f64>, x: ArrayView3<f64>| acc + &x.mapv(|v| v * v);
    scan(add_squares, init.clone(), a.axis_iter(Axis(0)))
}

/// One step that changes the accumulator in place.
fn add_squares(acc: &mut Array3<f64>, x: ArrayView3<f64>) {
    acc.zip_mut_with(&x, |acc, v| *acc += v * v);
}

/// In place: the accumulator is one array, which starts as a copy of `init`.
fn in_place(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let mut acc = init.clone();
    for x in a.axis_iter(Axis(0)) {
        add_squares(&mut acc, x);
    }
    acc
}

/// Squares of `a` or of `init`: which one is known only while the program runs.
fn mixed(a: &Array3<f64>, init: &Array3<f64>, from_a: bool) -> Array3<f64> {
    let source = if from_a { a } else { init };
    source.mapv(|v| v * v)
}

/// The Jacobian of a function of `input` whose output has the shape of `init`: at
/// (output…, input…) it is `slope` of that input element where the last three
/// indices of the input are the output's, and 0 elsewhere.
fn expected(output: &[usize], input: &ArrayD<f64>, slope: impl Fn(f64) -> f64) -> ArrayD<f64> {
    let leading = input.ndim() - output.len();
    ArrayD::from_shape_fn(IxDyn(&[output, input.shape()].concat()), |index| {
        let (at_output, at_input) = index.slice().split_at(output.len());
        if at_output == &at_input[leading..] { slope(input[at_input]) } else { 0.0 }
    })
}

/// Counts the checks that failed.
#[derive(Default)]
struct Report {
    failed: usize,
}

impl Report {
    /// Prints and counts one comparison.
    fn compare(&mut self, name: &str, found: &ArrayD<f64>, expected: &ArrayD<f64>) {
        let same_shape = found.shape() == expected.shape();
        let worst = if same_shape {
            let pairs = found.iter().zip(expected);
            pairs.fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs()))
        } else {
            f64::INFINITY
        };
        // A NaN in `found` is lost by `max`; comparing the arrays is not fooled.
        let correct = found == expected;
        self.failed += usize::from(!correct);
        println!(
            "  {name}: shape {:?}, {} entries, largest difference {worst}: {}",
            found.shape(),
            found.len(),
            if correct { "correct" } else { "WRONG" },
        );
    }
}

fn main() -> ExitCode {
    let a = Array4::from_shape_fn((2, 2, 3, 1), |(t, i, j, _)| (1 + j + 3 * i + 6 * t) as f64);
    let init = Array3::from_elem((2, 3, 1), 0.5);
    let mut report = Report::default();

    println!("A =\n{a}\n\ninit =\n{init}\n");
    scans(&a, &init, &mut report);
    with_respect_to_init(&a, &init, &mut report);
    runtime_activity(&a, &init, &mut report);

    if report.failed == 0 {
        println!("\nAll entries are exact.");
        ExitCode::SUCCESS
    } else {
        println!("\n{} checks failed.", report.failed);
        ExitCode::FAILURE
    }
}

/// The three scans and their Jacobians with respect to `a`.
fn scans(a: &Array4<f64>, init: &Array3<f64>, report: &mut Report) {
    let value = init + &a.mapv(|v| v * v).sum_axis(Axis(0));
    let slopes = expected(&[2, 3, 1], &a.clone().into_dyn(), |v| 2.0 * v);

    println!("Jacobians with respect to A; `init` is Const:");
    let (by_fold_value, (j, ())) = value_and_jacobian(Reverse, by_fold, (a, Const(init)));
    report.compare("by fold, value", &by_fold_value.into_dyn(), &value.clone().into_dyn());
    report.compare("by fold", &j, &slopes);
    let shown = j;

    let (by_scan_value, (j, ())) = value_and_jacobian(Reverse, by_scan, (a, Const(init)));
    report.compare("by scan, value", &by_scan_value.into_dyn(), &value.clone().into_dyn());
    report.compare("by scan", &j, &slopes);

    let (in_place_value, (j, ())) = value_and_jacobian(Reverse, in_place, (a, Const(init)));
    report.compare("in place, value", &in_place_value.into_dyn(), &value.clone().into_dyn());
    report.compare("in place", &j, &slopes);

    let (j, none) = jacobian(Reverse, in_place, (a, Const(init)));
    report.compare("in place, called again", &j, &slopes);
    println!("  in the place of `Const(&init)`: {none:?}");

    println!("\nScan of A =\n{value}");
    let row = shown.index_axis(Axis(0), 1).index_axis_move(Axis(0), 2);
    println!("\nJ[1, 2, 0, ..] =\n{}\n", row.index_axis(Axis(0), 0));
}

/// The scan in place, with respect to `init`: the identity.
fn with_respect_to_init(a: &Array4<f64>, init: &Array3<f64>, report: &mut Report) {
    let identity = expected(&[2, 3, 1], &init.clone().into_dyn(), |_| 1.0);
    println!("Jacobian with respect to `init`, with run-time activity:");
    let mode = set_runtime_activity(Reverse);
    let ((), j) = jacobian(mode, in_place, (Const(a), init));
    report.compare("in place", &j, &identity);
}

/// A function that needs run-time activity.
fn runtime_activity(a: &Array4<f64>, init: &Array3<f64>, report: &mut Report) {
    println!("\nSquares of A's first slice or of the constant `init`, as a flag says.");
    println!("Without run-time activity this is refused when the program is built:\n");
    match refusal() {
        Some(message) => {
            let clear = message.contains("ENZ0040") && message.contains("set_runtime_activity");
            report.failed += usize::from(!clear);
            for line in message.lines() {
                println!("    {line}");
            }
        }
        None => println!("    (to see it: {REFUSED})"),
    }

    println!("\nWith run-time activity:");
    let slice = a.index_axis(Axis(0), 0).to_owned();
    let mode = set_runtime_activity(Reverse);
    let (from_a, ..) = jacobian(mode, mixed, (&slice, Const(init), Const(true)));
    let (from_init, ..) = jacobian(mode, mixed, (&slice, Const(init), Const(false)));
    let input = slice.into_dyn();
    report.compare("from A", &from_a, &expected(&[2, 3, 1], &input, |v| 2.0 * v));
    report.compare("from `init`", &from_init, &expected(&[2, 3, 1], &input, |_| 0.0));
}

/// How to build the program that is refused.
const REFUSED: &str = "cargo enzyme build --release --example mixed --features refused";

/// What is said about `examples/mixed.rs`, which is [`mixed`] without run-time
/// activity. `None` if this program was not started by `cargo enzyme`.
fn refusal() -> Option<String> {
    let cargo = std::env::var_os("CARGO")?;
    std::env::var_os("ENZYME_DIAGNOSTICS_FILE")?;
    let file = std::env::temp_dir().join(format!("enzyme-mixed-{}.txt", std::process::id()));
    let built = Command::new(cargo)
        .args(REFUSED.split(' ').skip(2))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("ENZYME_DIAGNOSTICS_FILE", &file)
        .output();
    let message = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(&file);
    match built {
        Ok(output) if output.status.success() => Some("it was not refused".to_owned()),
        Ok(output) if message.is_empty() => Some(String::from_utf8_lossy(&output.stderr).into()),
        Ok(_) => Some(message),
        Err(error) => Some(format!("cargo could not be started: {error}")),
    }
}
