//! Says which programs the binaries hold: files that the test has written, or none.

use std::env;

fn main() {
    let none = format!("{}/none.rs", env::var("OUT_DIR").expect("Cargo sets it"));
    std::fs::write(&none, "programs! {}\n").expect("Cargo's folder is writable");
    println!("cargo::rerun-if-changed=build.rs");
    for variable in ["ENZYME_RANDOM_GRADIENT", "ENZYME_RANDOM_DUAL"] {
        println!("cargo::rerun-if-env-changed={variable}");
        let file = env::var(variable).unwrap_or_else(|_| none.clone());
        println!("cargo::rustc-env={variable}={file}");
    }
}
