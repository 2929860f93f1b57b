//! What the house rules ask of the tree, as tests.
//!
//! Sources open with a header and stay short; links in documents lead somewhere;
//! every code of the catalogue is documented and shown by a module in
//! `tests/ir/diag` (or listed below with the reason why none can be); crates that
//! must not know LLVM do not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "support/golden.rs"]
mod golden;

/// The most lines that a source may have.
const LINES: usize = 1000;
/// Crates that are plain data in, plain data out.
const WITHOUT_LLVM: [&str; 8] = [
    "enzyme-rs",
    "enzyme-protocol",
    "enzyme-diag",
    "enzyme-body",
    "enzyme-convention",
    "enzyme-rules",
    "enzyme-analysis",
    "enzyme-plan",
];
/// Packages that are LLVM, or reach it.
const LLVM: [&str; 4] = ["llvm-sys", "inkwell", "enzyme-ir", "enzyme-prepare"];
/// Crate, and what it must not reach: each stage knows the artefacts before it.
const LAYERS: [(&str, &[&str]); 6] = [
    ("enzyme-rs", &["enzyme-diag", "enzyme-body", "enzyme-llvm-pass"]),
    ("enzyme-body", &["enzyme-analysis", "enzyme-rules", "enzyme-plan"]),
    ("enzyme-rules", &["enzyme-analysis", "enzyme-plan"]),
    ("enzyme-plan", &["enzyme-analysis", "enzyme-rules", "enzyme-body"]),
    ("enzyme-prepare", &["enzyme-analysis", "enzyme-plan", "enzyme-synth"]),
    ("cargo-enzyme", &["enzyme-llvm-pass", "enzyme-ir", "enzyme-rs"]),
];
/// Codes that no module can show, and why.
const NOT_SHOWN: [(&str, &str); 2] =
    [("ENZ0090", "a bug that is known is mended"), ("ENZ0091", "needs a host with another LLVM")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the tree with this extension, build output and test fixtures aside.
fn files(extension: &str) -> Vec<PathBuf> {
    let mut pending = vec![root().to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in folder.read_dir().expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().expect("a named entry").to_string_lossy().into_owned();
            if path.is_dir() {
                // trybuild's inputs are wrong on purpose.
                if name != "target" && name != "ui" && !name.starts_with('.') {
                    pending.push(path);
                }
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn assert_none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}", problems.join("\n  "));
}

#[test]
fn every_source_opens_with_a_header_and_is_short() {
    let mut problems = Vec::new();
    for path in files("rs") {
        let text = read(&path);
        let first = text.lines().find(|line| !line.is_empty() && !line.starts_with("#!["));
        if !first.is_some_and(|line| line.starts_with("//!")) {
            problems.push(format!("{}: no `//!` at its beginning", shown(&path)));
        }
        let lines = text.lines().count();
        if lines > LINES {
            problems.push(format!("{}: {lines} lines", shown(&path)));
        }
    }
    assert_none("sources", &problems);
}

#[test]
fn nothing_is_left_to_do() {
    // Written in two parts, so that this file does not hold them.
    let words = [concat!("todo", "!("), concat!("dbg", "!("), concat!("unimplemented", "!(")];
    let mut problems = Vec::new();
    for path in files("rs") {
        for (number, line) in read(&path).lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                problems.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    assert_none("left-overs", &problems);
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for path in files("md") {
        let text = read(&path);
        for target in links(&text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = path.parent().expect("a file has a folder");
            let linked = if file.is_empty() { path.clone() } else { folder.join(file) };
            if !linked.exists() {
                problems.push(format!("{}: {target}", shown(&path)));
            } else if !anchor.is_empty() && !anchors(&read(&linked)).contains(anchor) {
                problems.push(format!("{}: {target} (no such heading)", shown(&path)));
            }
        }
    }
    assert_none("links", &problems);
}

/// The targets of `[…](…)` inside of the tree, code blocks left out.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut code = false;
    for line in text.lines() {
        code ^= line.trim_start().starts_with("```");
        if code {
            continue;
        }
        let ends = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        found.extend(ends.filter(|target| !target.contains("://")));
    }
    found
}

/// The anchors of a document's headings, spelled as code hosts spell them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// The text of `docs/diagnostics.md`.
fn manual_of_diagnostics() -> String {
    let mut text = String::from(
        "# Diagnostics\n\n\
         What the engine refuses, and what to do about it. Each refusal names the function\n\
         that is being differentiated and, where debug information tells, the source line.\n\
         Written from the catalogue in `llvm-pass/diag/src/codes.rs`; do not edit it here.\n",
    );
    for entry in enzyme_diag::CATALOGUE {
        let code = entry.code.to_string();
        text +=
            &format!("\n## {code}\n\n**{}.** To mend it: {}.\n", capital(entry.title), entry.cure);
        let modules = modules_of(&code);
        for module in &modules {
            let name = module.file_name().expect("a named file").to_string_lossy().into_owned();
            let said = read(&module.with_extension("expect"));
            text += &format!("\nShown by [{name}](../tests/ir/diag/{name}):\n\n```text\n");
            text += &format!("{}\n```\n", said.trim_end());
        }
        if let Some((_, reason)) = NOT_SHOWN.iter().find(|(c, _)| *c == code) {
            text += &format!("\nNo module shows it: {reason}.\n");
        }
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The modules that are refused with this code.
fn modules_of(code: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/ir/diag");
    let begin = format!("{}_", code.to_lowercase());
    let named = |path: &PathBuf| {
        let name = path.file_name().expect("a named file").to_string_lossy();
        name.starts_with(&begin) && name.ends_with(".ll")
    };
    let entries = folder.read_dir().expect("a readable folder");
    let mut found: Vec<_> =
        entries.map(|entry| entry.expect("a readable entry").path()).filter(named).collect();
    found.sort();
    found
}

#[test]
fn every_code_is_documented() {
    let path = root().join("docs/diagnostics.md");
    golden::compare(&path, &manual_of_diagnostics()).unwrap();
}

#[test]
fn every_code_is_shown_by_a_module_or_excused() {
    let mut problems = Vec::new();
    for entry in enzyme_diag::CATALOGUE {
        let code = entry.code.to_string();
        let modules = modules_of(&code);
        let excused = NOT_SHOWN.iter().any(|(c, _)| *c == code);
        if modules.is_empty() != excused {
            problems.push(format!("{code}: {} modules, excused: {excused}", modules.len()));
        }
        for module in modules {
            if !read(&module.with_extension("expect")).contains(&format!("error[{code}]")) {
                problems.push(format!("{}: refused with another code", shown(&module)));
            }
        }
    }
    assert_none("codes", &problems);
}

#[test]
fn the_architecture_page_names_each_crate() {
    let page = read(&root().join("ARCHITECTURE.md"));
    let mut problems = Vec::new();
    for manifest in files("toml").iter().filter(|path| path.ends_with("Cargo.toml")) {
        let folder = shown(manifest.parent().expect("a file has a folder"));
        if !folder.is_empty()
            && !folder.starts_with("tests/")
            && !page.contains(&format!("`{folder}/`"))
        {
            problems.push(folder);
        }
    }
    assert_none("folders without a row", &problems);
}

/// The packages that a crate reaches, development dependencies aside.
fn reached(package: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none"]);
    command.args(["--package", package, "--format", "{p}"]).current_dir(root());
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are text");
    text.lines()
        .skip(1)
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect()
}

#[test]
fn no_crate_reaches_what_it_must_not_know() {
    let without_llvm = WITHOUT_LLVM.iter().map(|package| (*package, &LLVM[..]));
    let mut problems = Vec::new();
    for (package, forbidden) in without_llvm.chain(LAYERS) {
        let reached = reached(package);
        let broken = forbidden.iter().filter(|name| reached.contains(**name));
        problems.extend(broken.map(|name| format!("{package} reaches {name}")));
    }
    assert_none("layers", &problems);
}
