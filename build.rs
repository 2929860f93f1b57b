//! Tells the tests with which plugin they were built, and where LLVM's programs are.
//!
//! `cargo enzyme …` passes the plugin by a compiler flag; this script reads it
//! there and looks for `opt` and `clang` of the LLVM that the plugin was built for:
//!
//! | variable | for | empty if |
//! |---|---|---|
//! | `ENZYME_PLUGIN_PATH` | `tests/ir.rs`, `tests/c.rs`, `tests/speed`, `tests/random_rust` | built by plain `cargo` |
//! | `ENZYME_OPT_PATH` | `tests/ir.rs`, `tests/speed` | no `opt` of LLVM 22 was found |
//! | `ENZYME_CLANG_PATH` | `tests/c.rs`, `tests/random` | no `clang` of LLVM 22 was found |
//!
//! Nothing is built or installed here.

use std::env;
use std::path::PathBuf;

/// The flag with which rust-lld loads the plugin, behind whatever hands it down.
const LOAD: &str = "--load-pass-plugin=";
/// Where Debian's packages put LLVM.
const DEBIAN: &str = "/usr/lib/llvm-22";

fn main() {
    for variable in ["ENZYME_LLVM_PREFIX", "PATH"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let plugin = plugin().unwrap_or_default();
    if plugin.is_empty() {
        println!(
            "cargo::warning=the plugin is not loaded, so derivatives will not link: \
             use `cargo enzyme …` in place of `cargo …`"
        );
    }
    println!("cargo::rustc-env=ENZYME_PLUGIN_PATH={plugin}");
    for (variable, name) in [("ENZYME_OPT_PATH", "opt"), ("ENZYME_CLANG_PATH", "clang")] {
        let found = program(name).map(|path| path.display().to_string()).unwrap_or_default();
        println!("cargo::rustc-env={variable}={found}");
    }
}

/// The plugin that the compiler flags load.
fn plugin() -> Option<String> {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").ok()?;
    let mut loads = flags.split('\x1f').filter_map(|flag| Some(flag.split_once(LOAD)?.1));
    loads.next_back().map(str::to_owned)
}

/// A program of LLVM 22: of the chosen LLVM, of Debian's, or by its name.
fn program(name: &str) -> Option<PathBuf> {
    let prefixes = env::var_os("ENZYME_LLVM_PREFIX").map(PathBuf::from);
    let prefixes = prefixes.into_iter().chain([PathBuf::from(DEBIAN)]);
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::split_paths(&path).map(|folder| folder.join(format!("{name}-22")));
    let program = format!("bin/{name}");
    prefixes.map(|prefix| prefix.join(&program)).chain(named).find(|file| file.is_file())
}
