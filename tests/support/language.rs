//! Which language a program in C or C++ is written in, by its name, as `clang` is told.

use std::path::Path;

/// What `clang` needs to know of a program's language.
pub fn arguments(path: &Path) -> Option<&'static [&'static str]> {
    match path.extension()?.to_str()? {
        "c" => Some(&["-std=c17"]),
        "cpp" => Some(&["--driver-mode=g++", "-std=c++17"]),
        _ => None,
    }
}
