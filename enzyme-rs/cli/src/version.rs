//! Version numbers as LLVM's and rustc's tools print them.
//!
//! Reads the first `major.minor.patch` of a text and ignores what follows
//! (`22.1.8-rust`, `23.0.0git`). Does not order or resolve versions.

use std::fmt;

/// A version of LLVM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// The part that must agree between rustc and the plugin.
    pub major: u32,
    /// The second part; zero if not given.
    pub minor: u32,
    /// The third part; zero if not given.
    pub patch: u32,
}

impl Version {
    /// Reads a version from the start of a text.
    pub fn parse(text: &str) -> Option<Version> {
        let mut numbers = text.trim().splitn(3, '.').map(leading_number);
        Some(Version {
            major: numbers.next()??,
            minor: numbers.next().flatten().unwrap_or(0),
            patch: numbers.next().flatten().unwrap_or(0),
        })
    }

    /// Reads `LLVM_VERSION_STRING` out of LLVM's `llvm-config.h`.
    pub fn from_header(text: &str) -> Option<Version> {
        text.lines().find_map(|line| {
            let value = line.trim().strip_prefix("#define LLVM_VERSION_STRING")?;
            Version::parse(value.trim().trim_matches('"'))
        })
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let table = [
            ("22.1.8", Some("22.1.8")),
            ("22.1.2-rust-1.95.0-stable\n", Some("22.1.2")),
            ("23.0.0git", Some("23.0.0")),
            ("22", Some("22.0.0")),
            ("22.1", Some("22.1.0")),
            ("", None),
            ("git", None),
        ];
        for (text, expected) in table {
            let version = Version::parse(text).map(|version| version.to_string());
            assert_eq!(version.as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn headers_are_read() {
        let header =
            "/* x */\n#define LLVM_VERSION_MAJOR 22\n#define LLVM_VERSION_STRING \"22.1.8\"\n";
        assert_eq!(Version::from_header(header).unwrap().to_string(), "22.1.8");
        assert_eq!(Version::from_header("#define LLVM_VERSION_MAJOR 22\n"), None);
    }
}
