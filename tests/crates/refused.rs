//! Programs that are refused, as LIMITATIONS.md states, and take long to build.
//!
//! They are the examples of a package of its own, `tests/crates/refused`, whose head states
//! their codes; `tests/refused.rs` of the suite compares that with the rows.

use std::path::Path;

#[path = "../support/refused.rs"]
mod refused;

#[test]
fn programs_with_crates_are_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("refused");
    let problems = refused::check_package("enzyme-crates-refused", &folder);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
