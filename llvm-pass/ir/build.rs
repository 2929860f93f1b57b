//! Compiles the C++ shim against LLVM's headers and binds its C header.
//!
//! The prefix comes from `ENZYME_LLVM_PREFIX`, which `cargo enzyme` sets; by
//! hand, the usual places are tried. Nothing of LLVM is linked: its symbols come
//! from the process that loads the plugin.

use std::path::{Path, PathBuf};

const USUAL_PREFIXES: [&str; 3] = ["/usr/lib/llvm-22", "/usr/local/opt/llvm@22", "/opt/llvm-22"];

fn main() {
    println!("cargo:rerun-if-env-changed=ENZYME_LLVM_PREFIX");
    println!("cargo:rerun-if-changed=shim");
    let prefix = llvm_prefix();
    let include = prefix.join("include");
    cc::Build::new()
        .cpp(true)
        .files(["shim/plugin.cc", "shim/transform.cc", "shim/query.cc"])
        .include(&include)
        .flag("-std=c++17")
        .flag("-fno-rtti")
        .flag("-fno-exceptions")
        .flag("-w")
        .define("__STDC_CONSTANT_MACROS", None)
        .define("__STDC_FORMAT_MACROS", None)
        .define("__STDC_LIMIT_MACROS", None)
        .define("_GNU_SOURCE", None)
        .compile("enzyme_shim");
    if std::env::var_os("LIBCLANG_PATH").is_none() {
        // SAFETY: a build script has one thread at this point.
        unsafe { std::env::set_var("LIBCLANG_PATH", prefix.join("lib")) };
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    bindgen::Builder::default()
        .header("shim/shim.h")
        .clang_arg(format!("-I{}", include.display()))
        .allowlist_item("[eE]nzyme.*")
        .blocklist_type("LLVM.*")
        .raw_line("use llvm_sys::prelude::*;")
        .layout_tests(false)
        .derive_default(true)
        .generate()
        .expect("binding the shim's header")
        .write_to_file(out.join("shim.rs"))
        .expect("writing the bindings");
}

fn llvm_prefix() -> PathBuf {
    let found = std::env::var_os("ENZYME_LLVM_PREFIX")
        .map(PathBuf::from)
        .or_else(|| USUAL_PREFIXES.iter().map(PathBuf::from).find(|p| has_headers(p)));
    match found {
        Some(prefix) if has_headers(&prefix) => prefix,
        Some(prefix) => panic!("ENZYME_LLVM_PREFIX={} holds no LLVM headers", prefix.display()),
        None => {
            panic!("LLVM 22's headers were not found; `cargo enzyme doctor` says what to install")
        }
    }
}

fn has_headers(prefix: &Path) -> bool {
    prefix.join("include/llvm/Plugins/PassPlugin.h").exists()
}
