//! Expected texts that are stored in files and written anew on request.

use std::path::Path;

use similar::TextDiff;

/// Compares a text with a stored one; with `ENZYME_BLESS=1` stores it instead.
///
/// # Errors
/// The difference, if there is any.
pub fn compare(path: &Path, actual: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if std::env::var_os("ENZYME_BLESS").is_some_and(|value| value == "1") {
        return std::fs::write(path, actual).map_err(|e| format!("{}: {e}", path.display()));
    }
    let diff = TextDiff::from_lines(expected.as_str(), actual);
    let diff = diff.unified_diff().header("expected", "actual").to_string();
    let path = path.display();
    Err(format!("{path} does not hold any more (ENZYME_BLESS=1 writes it anew):\n{diff}"))
}
