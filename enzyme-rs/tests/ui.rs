//! Wrong uses of the attributes, derives and calls are compile errors at the
//! offending word that say what to write instead.
#![cfg(feature = "ndarray")]

#[test]
fn wrong_uses_are_refused() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
