//! The gradient does not depend on how a program is built.
//!
//! Twenty-two programs (`tests/levels`, a package of a library and a binary) are built at each
//! level of optimisation, in one and in sixteen codegen units; the library asks for the
//! gradient of each, and so does the binary. Every build prints all gradients with all
//! digits. They must be those of dual numbers, and so equal among each other, to
//! [`CLOSE`], relative to the largest derivative of the program.
//!
//! The command that runs the tests has set the flags that load the plugin; Cargo inherits
//! them here. What was built is kept in the target folder, and linked again only when the
//! plugin is newer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use num_dual::{Dual64, DualNum};

#[path = "levels/src/programs.rs"]
#[allow(clippy::all, reason = "programs as people write them")]
mod programs;
#[path = "levels/src/scalar.rs"]
mod scalar;

use scalar::Scalar;

const LEVELS: [u8; 4] = [0, 1, 2, 3];
const UNITS: [u8; 2] = [1, 16];
/// The crates that ask.
const CRATES: [&str; 2] = ["lib", "bin"];
/// How close derivatives are, relative to the largest of the program.
const CLOSE: f64 = 1e-12;

impl Scalar for Dual64 {
    fn of(value: f64) -> Self {
        Dual64::from(value)
    }
    fn value(self) -> f64 {
        self.re
    }
    fn sin(self) -> Self {
        DualNum::sin(&self)
    }
    fn exp(self) -> Self {
        DualNum::exp(&self)
    }
    fn ln(self) -> Self {
        DualNum::ln(&self)
    }
    fn sqrt(self) -> Self {
        DualNum::sqrt(&self)
    }
    fn tanh(self) -> Self {
        DualNum::tanh(&self)
    }
    fn powi(self, exponent: i32) -> Self {
        DualNum::powi(&self, exponent)
    }
}

/// A program, its value and its gradient.
type Row = (&'static str, Vec<f64>);

/// Value and gradient by dual numbers.
fn exact(run: impl Fn(&[Dual64]) -> Dual64) -> Vec<f64> {
    let seeded = |i: usize| {
        let unit = |k: usize| if k == i { 1.0 } else { 0.0 };
        programs::POINT.iter().enumerate().map(|(k, &x)| Dual64::new(x, unit(k))).collect()
    };
    let results: Vec<_> =
        (0..programs::POINT.len()).map(seeded).map(|point: Vec<_>| run(&point)).collect();
    std::iter::once(results[0].re).chain(results.iter().map(|r| r.eps)).collect()
}

macro_rules! expected {
    ($($name:ident)*) => { vec![$((stringify!($name), exact(programs::$name::run))),*] };
}

/// Where programs of so many units are built: there is one folder for each, so that both are
/// built at once.
fn folder(units: u8) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("levels").join(units.to_string())
}

/// What a program prints that is built like this.
fn printed(level: u8, units: u8) -> Result<String, String> {
    let folder = folder(units);
    let mut run = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        // This package's own, which the other one must not see.
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            run.env_remove(name);
        }
    }
    run.current_dir(env!("CARGO_MANIFEST_DIR"));
    run.args(["run", "--quiet", "--release", "--package", "enzyme-levels", "--target-dir"]);
    run.arg(&folder).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level.to_string());
    run.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", units.to_string());
    let output = run.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Removes what an older plugin has made: Cargo does not know of the plugin's file.
fn forget_older_than(plugin: &Path) {
    let folders = UNITS.map(|units| folder(units).join("x86_64-unknown-linux-gnu/release/deps"));
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten();
    let changed = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let plugin = changed(plugin).unwrap_or(SystemTime::UNIX_EPOCH);
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let program = name.starts_with("enzyme_levels-") && path.extension().is_none();
        if program && changed(&path).is_some_and(|time| time < plugin) {
            std::fs::remove_file(&path).expect("a file of our own");
        }
    }
}

/// The numbers behind a crate's line for a program.
fn numbers(text: &str, crate_type: &str, name: &str) -> Option<Vec<f64>> {
    let start = format!("{crate_type} {name} ");
    let rest = text.lines().find_map(|line| line.strip_prefix(&start))?;
    rest.split(' ').map(|number| number.parse().ok()).collect()
}

fn compare(found: &[f64], right: &[f64]) -> Result<(), String> {
    let scale = right.iter().fold(1.0_f64, |most, x| most.max(x.abs()));
    let wrong = |(a, b): (&f64, &f64)| (a - b).abs() > CLOSE * scale || (a - b).is_nan();
    match found.len() != right.len() || found.iter().zip(right).any(wrong) {
        true => Err(format!("{found:?}, not {right:?}")),
        false => Ok(()),
    }
}

/// What is wrong with so many units, at any level.
fn wrong_gradients(rows: &[Row], units: u8) -> Vec<String> {
    let mut wrong = Vec::new();
    for level in LEVELS {
        let how = format!("level {level}, {units} units");
        let text = match printed(level, units) {
            Ok(text) => text,
            Err(said) => {
                wrong.push(format!("{how}: {said}"));
                continue;
            }
        };
        for (name, right) in rows {
            for crate_type in CRATES {
                let found = numbers(&text, crate_type, name).unwrap_or_default();
                let outcome = compare(&found, right);
                wrong.extend(outcome.err().map(|e| format!("{how}, {crate_type} {name}: {e}")));
            }
        }
    }
    wrong
}

#[test]
fn gradients_do_not_depend_on_level_or_units_or_crate() {
    let plugin = env!("ENZYME_PLUGIN_PATH");
    assert!(!plugin.is_empty(), "the plugin is not loaded: run `cargo enzyme test`");
    forget_older_than(Path::new(plugin));
    let rows: Vec<Row> = for_each_program!(expected);
    assert_eq!(rows.len(), 22);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let rows = &rows;
        let halves = UNITS.map(|units| scope.spawn(move || wrong_gradients(rows, units)));
        halves.into_iter().flat_map(|half| half.join().expect("it does not panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
