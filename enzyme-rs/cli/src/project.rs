//! Reads what the user's project says: Cargo's configuration and the manifest.
//!
//! Answers three questions: which flags and which target would Cargo use, and
//! does anybody set the debug information of a profile. Changes nothing.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use toml_edit::{DocumentMut, Item};

use crate::plugin;

/// What Cargo would use if it were called plainly, in this folder.
#[derive(Debug, Default, Clone)]
pub struct Settings {
    /// Flags for rustc, wherever they are set.
    pub rustflags: Vec<String>,
    /// Flags for rustdoc, wherever they are set.
    pub rustdocflags: Vec<String>,
    /// `build.target`, from a file or the environment.
    pub targets: Vec<String>,
}

impl Settings {
    /// Resolves the configuration for a folder and a target.
    pub fn load(folder: &Path, target: &str) -> Result<Settings> {
        let config = cargo_config2::Config::load_with_cwd(folder)
            .context("cannot read Cargo's configuration")?;
        let flags = |flags: Option<cargo_config2::Flags>| {
            flags.map(|flags| flags.flags).unwrap_or_default()
        };
        let targets = config
            .build
            .target
            .iter()
            .flatten()
            .map(|target| target.triple().to_owned())
            .collect();
        Ok(Settings {
            rustflags: flags(config.rustflags(target)?),
            rustdocflags: flags(config.rustdocflags(target)?),
            targets,
        })
    }
}

/// The value of an option such as `--target`, in both spellings, before `--`.
pub fn option_values(arguments: &[OsString], option: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut words = arguments
        .iter()
        .map(|word| word.to_string_lossy())
        .take_while(|word| word != "--");
    while let Some(word) = words.next() {
        if word == option {
            values.extend(words.next().map(|value| value.into_owned()));
        } else if let Some(value) = word
            .strip_prefix(option)
            .and_then(|rest| rest.strip_prefix('='))
        {
            values.push(value.to_owned());
        }
    }
    values
}

/// Is this option given, before `--`?
pub fn has_option(arguments: &[OsString], options: &[&str]) -> bool {
    arguments
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| options.iter().any(|option| word == OsStr::new(option)))
}

/// The manifest of the workspace that Cargo would work on.
pub fn workspace_manifest(manifest_path: Option<&str>) -> Result<PathBuf> {
    let mut command = Command::new(plugin::cargo());
    command.args(["locate-project", "--workspace", "--message-format", "plain"]);
    if let Some(path) = manifest_path {
        command.args(["--manifest-path", path]);
    }
    let output = command.output().context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(PathBuf::from(
        String::from_utf8_lossy(&output.stdout).trim(),
    ))
}

/// Does the project or the user set `debug` for this profile? A profile that
/// `inherits` takes over what `release` says, so `bench` asks for both.
pub fn sets_debug(manifest: Option<&Path>, folder: &Path, profile: &str) -> bool {
    let name = format!("CARGO_PROFILE_{}_DEBUG", profile.to_uppercase());
    std::env::var_os(name).is_some()
        || manifest
            .into_iter()
            .map(Path::to_owned)
            .chain(config_files(folder))
            .any(|file| {
                fs::read_to_string(file)
                    .ok()
                    .and_then(|text| text.parse::<DocumentMut>().ok())
                    .is_some_and(|document| profile_sets_debug(&document, profile))
            })
}

fn profile_sets_debug(document: &DocumentMut, profile: &str) -> bool {
    document
        .get("profile")
        .and_then(|profiles| profiles.get(profile))
        .and_then(|profile| profile.get("debug"))
        .is_some_and(|item: &Item| !item.is_none())
}

/// Cargo's configuration files, nearest first.
fn config_files(folder: &Path) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| dirs::home_dir().map(|home| home.join(".cargo")));
    let folders = folder
        .ancestors()
        .map(|ancestor| ancestor.join(".cargo"))
        .chain(home);
    folders
        .flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)))
        .filter(|file| file.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn options_are_read_up_to_the_double_dash() {
        let table: [(&str, &[&str]); 5] = [
            ("run --target a", &["a"]),
            ("run --target=a --target b", &["a", "b"]),
            ("run -- --target a", &[]),
            ("run --target-dir a", &[]),
            ("run --target", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(option_values(&words(text), "--target"), expected, "{text}");
        }
        assert!(has_option(
            &words("build --offline"),
            &["--offline", "--frozen"]
        ));
        assert!(!has_option(&words("run -- --offline"), &["--offline"]));
    }

    #[test]
    fn flags_come_from_where_cargo_takes_them() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(".cargo")).unwrap();
        let config =
            "[build]\nrustflags = '-Ca'\ntarget = 'x'\n[target.t]\nrustflags = ['-Cb', '-Cc']\n";
        fs::write(dir.path().join(".cargo/config.toml"), config).unwrap();
        assert_eq!(
            config_files(dir.path())[0],
            dir.path().join(".cargo/config.toml")
        );
    }

    #[test]
    fn debug_settings_are_found() {
        let table = [
            ("[profile.release]\ndebug = true", "release", true),
            ("[profile.release]\ndebug = false", "release", true),
            ("[profile.release]\nlto = true", "release", false),
            ("profile = { bench = { debug = 1 } }", "bench", true),
            ("", "release", false),
        ];
        for (text, profile, expected) in table {
            let document: DocumentMut = text.parse().unwrap();
            assert_eq!(profile_sets_debug(&document, profile), expected, "{text}");
        }
    }
}
