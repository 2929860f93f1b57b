//! The compiler flags with which `rust-lld` loads the plugin, merged with the user's.
//!
//! ```text
//! -Clinker-plugin-lto -Clto=fat      the whole program meets the plugin as one module
//! -Cembed-bitcode=yes                undoes Cargo's `no`, which excludes -Clto
//! -Cno-vectorize-{loops,slp}         the plugin sees scalar code; rust-lld vectorises after it
//! -Cllvm-args=-unroll-runtime=false  nor does it see loops in pieces of four rounds each
//! -Clink-arg=…--load-pass-plugin=…   the plugin
//! ```
//!
//! The user's flags come first and ours last, because rustc lets the last one
//! win. Flags of an earlier run (or of `cargo enzyme init`) are taken out, so
//! that merging twice changes nothing. Reading the user's flags is the work of
//! `project.rs`.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::plugin::LIBRARY;

/// The flags that do not depend on where the plugin is.
const FIXED: [&str; 6] = [
    "-Clinker-plugin-lto",
    "-Clto=fat",
    "-Cembed-bitcode=yes",
    "-Cno-vectorize-loops",
    "-Cno-vectorize-slp",
    "-Cllvm-args=-unroll-runtime=false",
];
const LOAD: &str = "-Clink-arg=-Wl,--load-pass-plugin=";
/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\x1f";

/// All flags that load the plugin.
pub fn ours(plugin: &Path) -> Vec<String> {
    let load = format!("{LOAD}{}", plugin.display());
    FIXED.iter().map(|flag| flag.to_string()).chain([load]).collect()
}

/// The user's flags, without any of ours, then ours.
pub fn merge(user: &[String], plugin: &Path) -> Vec<String> {
    let mut merged = without_ours(user);
    merged.extend(ours(plugin));
    merged
}

/// The flags that do not come from us.
pub fn without_ours(flags: &[String]) -> Vec<String> {
    let ours = positions_of_ours(flags);
    let foreign = flags.iter().enumerate().filter(|(index, _)| !ours.contains(index));
    foreign.map(|(_, flag)| flag.clone()).collect()
}

/// Where our flags are in a list; `-C` and its value may be two words.
pub fn positions_of_ours(flags: &[String]) -> Vec<usize> {
    let mut positions = Vec::new();
    let mut previous = "";
    for (index, flag) in flags.iter().enumerate() {
        if is_ours(flag) {
            positions.push(index);
        } else if matches!(previous, "-C" | "--codegen") && is_ours(&format!("-C{flag}")) {
            positions.extend([index - 1, index]);
        }
        previous = flag;
    }
    positions
}

/// The plugin that a list of flags loads.
pub fn plugin_in(flags: &[String]) -> Option<&Path> {
    let load = flags.iter().rev().find(|flag| flag.starts_with(LOAD) && flag.ends_with(LIBRARY))?;
    Some(Path::new(&load[LOAD.len()..]))
}

fn is_ours(flag: &str) -> bool {
    FIXED.contains(&flag) || (flag.starts_with(LOAD) && flag.ends_with(LIBRARY))
}

/// Refuses flags that take the link away from rustc's own `rust-lld`.
pub fn check(user: &[String]) -> Result<()> {
    let culprits = conflicts(user);
    ensure!(
        culprits.is_empty(),
        "the compiler flags {} choose another linker, but only rustc's own `rust-lld` loads the plugin; \
         remove them for this build (RUSTFLAGS, or `rustflags` in Cargo's configuration)",
        culprits.iter().map(|flag| format!("`{flag}`")).collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

/// The flags that choose another linker.
pub fn conflicts(user: &[String]) -> Vec<String> {
    let choose = [
        "-fuse-ld=",
        "linker-features=-lld",
        "link-self-contained=-linker",
        "link-self-contained=no",
    ];
    let lld = ["-fuse-ld=lld", "-fuse-ld=rust-lld"];
    let conflicting = |flag: &&String| {
        choose.iter().any(|bad| flag.contains(bad)) && !lld.iter().any(|good| flag.contains(good))
    };
    user.iter().filter(conflicting).cloned().collect()
}

/// The form of `CARGO_ENCODED_RUSTFLAGS`.
pub fn encode(flags: &[String]) -> String {
    flags.join(SEPARATOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    const OURS: &str = "-Clinker-plugin-lto -Clto=fat -Cembed-bitcode=yes -Cno-vectorize-loops -Cno-vectorize-slp \
                        -Cllvm-args=-unroll-runtime=false -Clink-arg=-Wl,--load-pass-plugin=/c/libenzyme_llvm_pass.so";

    #[test]
    fn flags_are_merged_once() {
        let plugin = Path::new("/c/libenzyme_llvm_pass.so");
        let table = [
            ("", ""),
            ("-Ctarget-cpu=native", "-Ctarget-cpu=native"),
            ("-C target-cpu=native", "-C target-cpu=native"),
            ("--cfg x -Clto=fat", "--cfg x"),
            ("-C lto=fat --cfg x", "--cfg x"),
            ("-Clto=thin", "-Clto=thin"),
            (
                "-Clink-arg=-Wl,--load-pass-plugin=/old/libenzyme_llvm_pass.so -Dwarnings",
                "-Dwarnings",
            ),
            (
                "-Clink-arg=-Wl,--load-pass-plugin=/other.so",
                "-Clink-arg=-Wl,--load-pass-plugin=/other.so",
            ),
        ];
        for (user, left) in table {
            let expected: Vec<String> = list(left).into_iter().chain(list(OURS)).collect();
            let once = merge(&list(user), plugin);
            assert_eq!(once, expected, "{user}");
            assert_eq!(merge(&once, plugin), once, "merging twice: {user}");
        }
    }

    #[test]
    fn another_linker_is_refused() {
        let table = [
            ("-Clink-arg=-fuse-ld=mold", false),
            ("-Clink-arg=-fuse-ld=lld", true),
            ("-Clinker=clang -Ctarget-cpu=native", true),
            ("-C linker-features=-lld", false),
            ("-Clink-self-contained=-linker", false),
        ];
        for (flags, fine) in table {
            assert_eq!(check(&list(flags)).is_ok(), fine, "{flags}");
        }
    }

    #[test]
    fn encoding_uses_the_unit_separator() {
        assert_eq!(encode(&list("-a -b")), "-a\x1f-b");
    }
}
