//! File tests of single stages: LLVM IR in, the stage's artefact as text out.
//!
//! ```text
//! tests/ir/<stage>/<fact>.ll        a small module with one marker call
//! tests/ir/<stage>/<fact>.expect    what `-passes=enzyme-print-<stage>` prints
//! tests/ir/diag/<fact>.expect       what `-passes=enzyme` says when it refuses
//! ```
//!
//! Each file is one test, named after the fact that it shows. A module that is
//! not meant to be refused is also differentiated to the end, and LLVM verifies
//! what comes out. With `ENZYME_BLESS=1` the expectations are written anew:
//! read the difference before you commit it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use libtest_mimic::{Arguments, Failed, Trial};

#[path = "support/golden.rs"]
mod golden;

/// The folder whose modules are refused.
const REFUSED: &str = "diag";
/// After this long the engine is taken to hang: files here need milliseconds.
const SECONDS: &str = "60";
/// How `timeout` says so.
const TIMED_OUT: i32 = 124;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ir");
    let mut trials = Vec::new();
    for stage in sorted(&folder) {
        for file in sorted(&stage).into_iter().filter(|f| f.extension() == Some("ll".as_ref())) {
            let stage = name(&stage);
            let title = format!("{stage}/{}", name(&file));
            trials.push(Trial::test(title, move || check(&stage, &file)));
        }
    }
    assert!(!trials.is_empty(), "no files in {}", folder.display());
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a named file").to_string_lossy().into_owned()
}

/// Runs one file and compares.
fn check(stage: &str, file: &Path) -> Result<(), Failed> {
    let whole = opt("enzyme", file)?;
    let said = String::from_utf8_lossy(&whole.stderr).into_owned();
    let text = if stage == REFUSED {
        if whole.status.success() {
            return Err("this module should be refused".into());
        }
        said
    } else {
        if !whole.status.success() {
            return Err(format!("this module is refused:\n{said}").into());
        }
        let printed = opt(&format!("enzyme-print-{stage}"), file)?;
        String::from_utf8(printed.stdout)?
    };
    Ok(golden::compare(&file.with_extension("expect"), &text)?)
}

/// Runs `opt` with the plugin; it verifies what the passes leave.
fn opt(passes: &str, file: &Path) -> Result<Output, Failed> {
    let (opt, plugin) = (env!("ENZYME_OPT_PATH"), env!("ENZYME_PLUGIN_PATH"));
    if opt.is_empty() || plugin.is_empty() {
        return Err("LLVM's `opt` or the plugin is missing: run `cargo enzyme test`".into());
    }
    let mut command = Command::new("timeout");
    command.args([SECONDS, opt, "-disable-output"]).arg(file);
    command.arg(format!("-load-pass-plugin={plugin}")).arg(format!("-passes={passes}"));
    // The diagnostics file of an outer build is not meant for refusals that are wanted.
    let output = command.env_remove("ENZYME_DIAGNOSTICS_FILE").output()?;
    match output.status.code() {
        Some(TIMED_OUT) => Err(format!("not done after {SECONDS} seconds").into()),
        _ => Ok(output),
    }
}
