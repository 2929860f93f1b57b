//! C and C++ programs that ask for derivatives by the published convention.
//!
//! ```text
//! tests/c/<fact>.c, .cpp     a program whose `main` returns 0 if its derivatives are
//!                            right, against closed forms or central differences
//! tests/c/check.h            what they check with
//! ```
//!
//! Each file is built by `clang` with the plugin at each level of optimisation, and run:
//! one test for each file and level. The units in `tests/c/lto` are one program, which
//! link-time optimisation joins: there the plugin runs in the linker that rustc has.
//! More tests compile `llvm-pass/prepare/src/bodies/*.c`, and compare what the plugin was built
//! with; `ENZYME_BLESS=1` writes that anew.
//! Where LLVM's `clang` is not installed (`apt-get install clang-22`) they are ignored.
//!
//! With `ENZYME_C_SANITIZE=1` the programs are built in one other way instead: the derivative
//! is instrumented like the function, so that invalid accesses and leaks end the program
//! (`apt-get install libclang-rt-22-dev`); those in `tests/c/sanitized` must end so. What
//! lies on the tape is one block to the sanitizer, as the tape has an arena of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use libtest_mimic::{Arguments, Failed, Trial};

#[path = "support/golden.rs"]
mod golden;
#[path = "support/language.rs"]
mod language;

/// The levels of optimisation.
const LEVELS: [&str; 4] = ["-O0", "-O1", "-O2", "-O3"];
/// How programs are built whose accesses are looked at. With a sanitizer Eigen would bring an
/// allocator of its own, which hides where its memory begins, and is refused (ENZ0030).
const SANITIZED: [&str; 5] = [
    "-O2",
    "-g",
    "-fsanitize=address",
    "-fno-omit-frame-pointer",
    "-DEIGEN_MALLOC_ALREADY_ALIGNED=1",
];
/// What the plugin brings of libraries that is written in C.
const BODIES: [&str; 3] = ["containers", "products", "strings"];
/// After this long the engine is taken to hang.
const SECONDS: &str = "120";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c");
    let sanitized = std::env::var_os("ENZYME_C_SANITIZE").is_some_and(|value| value == "1");
    let mut trials = Vec::new();
    for file in sources(&folder) {
        let ways: Vec<&[&str]> = match sanitized {
            true => vec![&SANITIZED],
            false => LEVELS.chunks(1).collect(),
        };
        for way in ways {
            let title = format!("{} {}", name(&file), way.join(" "));
            let file = file.clone();
            trials.push(Trial::test(title, move || check(&file, way)));
        }
    }
    if sanitized {
        for file in sources(&folder.join("sanitized")) {
            trials.push(Trial::test(name(&file), move || caught(&file)));
        }
    } else {
        trials.extend(joined_trials(&folder));
        for name in BODIES {
            let title = format!("{name}.c is what the plugin was built with");
            trials.push(Trial::test(title, move || bodies(name)));
        }
    }
    assert!(!trials.is_empty(), "no programs in {}", folder.display());
    let missing = env!("ENZYME_CLANG_PATH").is_empty();
    let trials = trials.into_iter().map(|trial| trial.with_ignored_flag(missing)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Units that are joined by link-time optimisation.
fn joined_trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    // What is stated of functions must be known while they are compiled.
    let units = sources(&folder.join("lto"));
    let stated = vec![folder.join("registered_derivatives_are_used.c")];
    for level in [LEVELS[0], LEVELS[2]] {
        for (title, units, compiled) in [
            ("functions_of_another_unit", &units, false),
            ("functions_of_another_unit", &units, true),
            ("registered_derivatives_are_used", &stated, true),
        ] {
            let how = if compiled { "loaded twice" } else { "loaded by the linker" };
            let title = format!("{title}, joined {level}, the plugin {how}");
            let units = units.clone();
            trials.push(Trial::test(title, move || joined(&units, level, compiled)));
        }
        let title = format!("what the linker drops is refused, joined {level}");
        let units = stated.clone();
        trials.push(Trial::test(title, move || dropped(&units, level)));
    }
    trials
}

/// The programs of the folder, by name.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut paths: Vec<_> = paths.filter(|path| language::arguments(path).is_some()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a named file").to_string_lossy().into_owned()
}

/// Compiles the bodies that are written in C, without what tells of the compiler.
fn bodies(name: &str) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("llvm-pass/prepare/src/bodies");
    let mut build = clang(&["-Oz"])?.0;
    build.args([
        "-Wextra",
        "-Wno-unused-parameter",
        "-fno-strict-aliasing",
        "-fno-asynchronous-unwind-tables",
    ]);
    build.args(["-fno-discard-value-names", "-S", "-emit-llvm", "-o", "-"]);
    let output = build.arg(folder.join(format!("{name}.c"))).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    succeed("compiling it", output)?;
    let of_the_compiler =
        ["; ModuleID", "; Function Attrs", "source_filename", "target ", "attributes", "!"];
    let plain = |line: &&str| !of_the_compiler.iter().any(|start| line.starts_with(start));
    let lines = text.lines().filter(plain);
    let made = lines.map(|line| {
        let line = line.split("; preds").next().unwrap_or(line);
        let line = line.split(", !").next().unwrap_or(line).trim_end();
        let (end, head) = line.strip_suffix(" {").map_or((line, ""), |head| (head, " {"));
        let end = end.rfind(" #").map_or(end, |attributes| &end[..attributes]);
        format!("{end}{head}\n")
    });
    let head = format!("; Made of `{name}.c` by the test of `tests/c.rs` that compares them.\n");
    let text = head + made.collect::<String>().trim_matches('\n') + "\n";
    Ok(golden::compare(&folder.join(format!("{name}.ll")), &text)?)
}

/// Builds one program and runs it.
fn check(file: &Path, way: &[&str]) -> Result<(), Failed> {
    let (mut build, plugin) = clang(way)?;
    build
        .args(language::arguments(file).expect("a source file"))
        .arg(format!("-fpass-plugin={plugin}"));
    built_and_run(build.arg(file))
}

/// The sanitizer sees what a derivative does wrong.
fn caught(file: &Path) -> Result<(), Failed> {
    match check(file, &SANITIZED) {
        Err(failed) if failed.message().is_some_and(|said| said.contains("AddressSanitizer")) => {
            Ok(())
        }
        Err(failed) => Err(failed),
        Ok(()) => Err("the sanitizer sees nothing wrong".into()),
    }
}

/// The same for units that are joined by link-time optimisation.
fn joined(units: &[PathBuf], level: &str, compiled: bool) -> Result<(), Failed> {
    let (mut build, plugin) = clang(&[level])?;
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output()?;
    let sysroot = String::from_utf8(sysroot.stdout)?;
    let tools = format!("{}/lib/rustlib/x86_64-unknown-linux-gnu/bin", sysroot.trim());
    build.args(["-std=c17", "-flto"]).arg(format!("--ld-path={tools}/gcc-ld/ld.lld"));
    build.arg(format!("-Wl,--load-pass-plugin={plugin}"));
    if compiled {
        build.arg(format!("-fpass-plugin={plugin}"));
    }
    built_and_run(build.args(units))
}

/// What the program states is gone before a plugin of the linker can see it.
fn dropped(units: &[PathBuf], level: &str) -> Result<(), Failed> {
    match joined(units, level, false) {
        Err(failed) if failed.message().is_some_and(|said| said.contains("ENZ0012")) => Ok(()),
        Err(failed) => Err(failed),
        Ok(()) => Err("the linker links it".into()),
    }
}

/// A call of `clang`, and the plugin.
fn clang(way: &[&str]) -> Result<(Command, &'static str), Failed> {
    let (clang, plugin) = (env!("ENZYME_CLANG_PATH"), env!("ENZYME_PLUGIN_PATH"));
    if clang.is_empty() || plugin.is_empty() {
        return Err("LLVM's `clang` or the plugin is missing: run `cargo enzyme test`".into());
    }
    let mut build = Command::new("timeout");
    build.args([SECONDS, clang]).args(way).args(["-Wall", "-Werror"]);
    build.env_remove("ENZYME_DIAGNOSTICS_FILE");
    Ok((build, plugin))
}

fn built_and_run(build: &mut Command) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program");
    succeed("building it", build.arg("-o").arg(&program).arg("-lm").output()?)?;
    succeed("running it", Command::new("timeout").arg(SECONDS).arg(&program).output()?)
}

/// The output of a step that should have worked.
fn succeed(step: &str, output: Output) -> Result<(), Failed> {
    if output.status.success() {
        return Ok(());
    }
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    Err(format!("{step}: {}\n{}", output.status, String::from_utf8_lossy(&said)).into())
}
