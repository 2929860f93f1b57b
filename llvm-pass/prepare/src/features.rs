//! For which processors a function is compiled.
//!
//! A function may be inlined where all that its processor must have is there: functions
//! of `core::arch` name one feature each, their callers several. What features imply of
//! each other stands in a table of x86-64; the features that every such processor has
//! need not be named. A function for another processor (`target-cpu`) is compared by
//! what both name, and only if the processors are the same.

use std::collections::BTreeSet;

use enzyme_ir::Function;

/// What every x86-64 processor has.
const ALWAYS: [&str; 7] = ["+cmov", "+cx8", "+fxsr", "+mmx", "+sse", "+sse2", "+x87"];

/// A feature, and those that it cannot be without.
const IMPLIED: &[(&str, &[&str])] = &[
    ("+sse3", &["+sse2"]),
    ("+ssse3", &["+sse3"]),
    ("+sse4.1", &["+ssse3"]),
    ("+sse4.2", &["+sse4.1"]),
    ("+avx", &["+sse4.2"]),
    ("+f16c", &["+avx"]),
    ("+fma", &["+avx"]),
    ("+avx2", &["+avx"]),
    ("+avx512f", &["+avx2", "+f16c", "+fma"]),
    ("+avx512bw", &["+avx512f"]),
    ("+avx512dq", &["+avx512f"]),
    ("+avx512vl", &["+avx512f"]),
];

/// The processor of a function, and what it has beyond others of its name.
pub struct Features {
    processor: Option<String>,
    names: BTreeSet<String>,
}

/// What a function may use.
pub fn features(function: Function) -> Features {
    let listed = function.string_attribute("target-features").unwrap_or_default();
    let mut names: BTreeSet<String> =
        listed.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    names.extend(ALWAYS.map(str::to_owned));
    // The table goes upward, so that what is implied comes before what implies it.
    for (feature, implied) in IMPLIED.iter().rev() {
        if names.contains(*feature) {
            names.extend(implied.iter().map(|&name| name.to_owned()));
        }
    }
    Features { processor: function.string_attribute("target-cpu"), names }
}

/// Whether a function runs on every processor that has these features.
pub fn runs_with(function: Function, there: &Features) -> bool {
    let own = features(function);
    own.processor == there.processor && own.names.is_subset(&there.names)
}
