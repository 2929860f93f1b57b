//! What LIMITATIONS.md lists is refused, with the code that stands there.
//!
//! ```text
//! tests/refused/examples/*.rs          programs that use no crate but ndarray and libm
//! tests/refused/c/*.c, *.cpp           programs in C and C++
//! tests/crates/refused/examples/*.rs   what takes long to build: `--package enzyme-crates`
//! tests/ir/diag/*.ll                   modules, which `tests/ir.rs` looks at
//! ```
//!
//! Each row of a table of LIMITATIONS.md links the programs that show it, each program is
//! linked, and a row's codes are those of its programs. A program that is refused with
//! another code, or not any more, fails the test: what is listed there is true.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "support/language.rs"]
mod language;
#[path = "support/refused.rs"]
mod refused;

use refused::{Outcome, Program};

/// Folders of programs, beside those of modules.
const FOLDERS: [&str; 3] =
    ["tests/refused/examples", "tests/refused/c", "tests/crates/refused/examples"];
/// The modules, whose names begin with their code.
const MODULES: &str = "tests/ir/diag/";
/// Where Eigen lies, which some programs use.
const EIGEN: &str = "/usr/include/eigen3";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn programs_in_rust_are_refused() {
    assert!(!env!("ENZYME_PLUGIN_PATH").is_empty(), "run `cargo enzyme test`");
    assert_none(&refused::check_package("enzyme-refused", &root().join("tests/refused")));
}

#[test]
fn programs_in_c_are_refused() {
    if env!("ENZYME_CLANG_PATH").is_empty() {
        eprintln!("LLVM's `clang` is not installed: not tested");
        return;
    }
    let mut problems = Vec::new();
    for program in refused::programs(&root().join("tests/refused/c")) {
        let text = std::fs::read_to_string(&program.path).expect("a readable file");
        if text.contains("<eigen3/") && !Path::new(EIGEN).exists() {
            continue;
        }
        for due in &program.refusals {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let outcome = compiled(&program, &due.how, folder.path());
            let problem = refused::compare(due, outcome).err();
            problems.extend(problem.map(|e| format!("{} {}: {e}", program.name(), due.how)));
        }
    }
    assert_none(&problems);
}

/// Builds a program by `clang`.
fn compiled(program: &Program, level: &str, folder: &Path) -> Outcome {
    let mut build = Command::new(env!("ENZYME_CLANG_PATH"));
    build.args(language::arguments(&program.path).expect("a source file"));
    let executable = folder.join("program");
    build.args([level, concat!("-fpass-plugin=", env!("ENZYME_PLUGIN_PATH"))]);
    build.arg(&program.path).arg("-o").arg(&executable).arg("-lm");
    let output = build.env_remove("ENZYME_DIAGNOSTICS_FILE").output().expect("clang runs");
    let executable = output.status.success().then_some(executable);
    Outcome { said: refused::text(&output), executable }
}

/// The rows of all tables in which codes stand: the line, the codes, and what is linked.
fn rows(text: &str) -> Vec<(&str, BTreeSet<String>, Vec<PathBuf>)> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let cells: Vec<_> = line.split(" | ").collect();
        inside = line.starts_with('|') && (inside || cells.get(1) == Some(&"code"));
        if !inside || cells.len() == 1 || cells[1] == "code" {
            continue;
        }
        let codes = cells[1].match_indices("ENZ");
        let codes = codes.filter_map(|(at, _)| cells[1].get(at..at + 7)).map(str::to_owned);
        let links = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        let linked = links.filter(|to| {
            to.starts_with(MODULES)
                || FOLDERS.iter().any(|folder| to.starts_with(&format!("{folder}/")))
        });
        rows.push((line, codes.collect(), linked.map(PathBuf::from).collect()));
    }
    rows
}

/// All programs, with the codes that they are refused with.
fn shown() -> BTreeMap<PathBuf, BTreeSet<String>> {
    let path = |path: &Path| path.strip_prefix(root()).expect("a file here").to_owned();
    let mut all = BTreeMap::new();
    for folder in FOLDERS {
        for program in refused::programs(&root().join(folder)) {
            let codes = program.refusals.iter().map(|refusal| refusal.code.clone()).collect();
            all.insert(path(&program.path), codes);
        }
    }
    for entry in root().join(MODULES).read_dir().expect("a readable folder") {
        let module = entry.expect("a readable entry").path();
        if module.extension().is_some_and(|e| e == "ll") {
            let said = std::fs::read_to_string(module.with_extension("expect"));
            all.insert(path(&module), refused::codes(&said.expect("a readable file")));
        }
    }
    all
}

#[test]
fn each_row_links_programs_with_its_codes() {
    let text = std::fs::read_to_string(root().join("LIMITATIONS.md")).expect("a readable file");
    let shown = shown();
    let mut linked = BTreeSet::new();
    let mut problems = Vec::new();
    let rows = rows(&text);
    assert!(!rows.is_empty(), "no tables");
    for (line, codes, programs) in rows {
        let known: Vec<_> = programs.iter().filter_map(|program| shown.get(program)).collect();
        let found: BTreeSet<_> = known.iter().copied().flatten().cloned().collect();
        if programs.is_empty() {
            problems.push(format!("no program shows this row:\n{line}"));
        } else if codes != found {
            problems.push(format!("its programs are refused with {found:?}:\n{line}"));
        }
        linked.extend(programs);
    }
    let modules = Path::new(MODULES);
    let missed = shown.keys().filter(|path| !path.starts_with(modules) && !linked.contains(*path));
    problems.extend(missed.map(|path| format!("no row links {}", path.display())));
    assert_none(&problems);
}
