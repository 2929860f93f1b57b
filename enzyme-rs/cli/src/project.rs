//! Reads what the user's project says: Cargo's configuration and the manifest.
//!
//! Answers three questions: which flags, target and wrapper would Cargo use, and
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
    /// What Cargo calls in rustc's place.
    pub wrapper: Option<PathBuf>,
}

impl Settings {
    /// Resolves files and environment for a folder and a target.
    pub fn load(folder: &Path, target: &str) -> Result<Settings> {
        Settings::resolve(folder, target, std::env::vars_os())
    }

    /// The same, as if the environment set no flags and no target.
    pub fn from_files(folder: &Path, target: &str) -> Result<Settings> {
        let decides = |name: &OsStr| {
            let name = name.to_string_lossy();
            name.ends_with("RUSTFLAGS")
                || name.ends_with("RUSTDOCFLAGS")
                || name == "CARGO_BUILD_TARGET"
        };
        Settings::resolve(folder, target, std::env::vars_os().filter(|(name, _)| !decides(name)))
    }

    fn resolve(
        folder: &Path,
        target: &str,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Settings> {
        let options = cargo_config2::ResolveOptions::default().env(variables);
        let config = cargo_config2::Config::load_with_options(folder, options)
            .context("cannot read Cargo's configuration")?;
        let flags = |flags: Option<cargo_config2::Flags>| {
            flags.map(|flags| flags.flags).unwrap_or_default()
        };
        let targets =
            config.build.target.iter().flatten().map(|target| target.triple().to_owned()).collect();
        Ok(Settings {
            rustflags: flags(config.rustflags(target)?),
            rustdocflags: flags(config.rustdocflags(target)?),
            targets,
            wrapper: config.build.rustc_wrapper.clone(),
        })
    }
}

/// The value of an option such as `--target`, in both spellings, before `--`.
pub fn option_values(arguments: &[OsString], option: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut words =
        arguments.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    while let Some(word) = words.next() {
        if word == option {
            values.extend(words.next().map(|value| value.into_owned()));
        } else if let Some(value) =
            word.strip_prefix(option).and_then(|rest| rest.strip_prefix('='))
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
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Does the project or the user set `debug` for this profile?
pub fn sets_debug(manifest: Option<&Path>, folder: &Path, profile: &str) -> bool {
    let name = format!("CARGO_PROFILE_{}_DEBUG", profile.to_uppercase());
    let files = manifest.into_iter().map(Path::to_owned).chain(config_files(folder));
    std::env::var_os(name).is_some()
        || files
            .filter_map(|file| read_toml(&file))
            .any(|document| profile_sets_debug(&document, profile))
}

fn profile_sets_debug(document: &DocumentMut, profile: &str) -> bool {
    document
        .get("profile")
        .and_then(|profiles| profiles.get(profile))
        .and_then(|profile| profile.get("debug"))
        .is_some_and(|item: &Item| !item.is_none())
}

/// Does any configuration file set flags for this target, so that Cargo does
/// not look at `build.rustflags`?
pub fn has_target_flags(folder: &Path, target: &str) -> bool {
    config_files(folder).into_iter().filter_map(|file| read_toml(&file)).any(|document| {
        let targets = document.get("target").and_then(Item::as_table_like);
        targets.into_iter().flat_map(|targets| targets.iter()).any(|(name, settings)| {
            (name == target || name.starts_with("cfg(")) && settings.get("rustflags").is_some()
        })
    })
}

/// The name of the variable that replaces all configured flags, if one is set.
pub fn rustflags_variable() -> Option<&'static str> {
    ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn read_toml(path: &Path) -> Option<DocumentMut> {
    fs::read_to_string(path).ok()?.parse().ok()
}

/// Cargo's configuration files, nearest first.
fn config_files(folder: &Path) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| dirs::home_dir().map(|home| home.join(".cargo")));
    let folders = folder.ancestors().map(|ancestor| ancestor.join(".cargo")).chain(home);
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
        assert!(has_option(&words("build --offline"), &["--offline", "--frozen"]));
        assert!(!has_option(&words("run -- --offline"), &["--offline"]));
    }

    #[test]
    fn flags_come_from_where_cargo_takes_them() {
        let host = "x86_64-unknown-linux-gnu";
        let build = "[build]\nrustflags = '-Ca'\ntarget = 'x'\n";
        let of_target = format!("{build}[target.{host}]\nrustflags = ['-Cb', '-Cc']\n");
        // (file, variable, flags, hides build.rustflags)
        let table: [(&str, &str, &[&str], bool); 4] = [
            (build, "", &["-Ca"], false),
            (&of_target, "", &["-Cb", "-Cc"], true),
            (build, "-Cd -Ce", &["-Cd", "-Ce"], false),
            ("", "", &[], false),
        ];
        for (file, variable, expected, hides) in table {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join(".cargo")).unwrap();
            fs::write(dir.path().join(".cargo/config.toml"), file).unwrap();
            let kept = std::env::vars_os().filter(|(name, _)| {
                ["PATH", "HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"].iter().any(|kept| name == kept)
            });
            let given = (!variable.is_empty()).then(|| ("RUSTFLAGS".into(), variable.into()));
            let settings = Settings::resolve(dir.path(), host, kept.chain(given)).unwrap();
            assert_eq!(settings.rustflags, expected, "{file} {variable}");
            assert_eq!(has_target_flags(dir.path(), host), hides, "{file}");
        }
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
