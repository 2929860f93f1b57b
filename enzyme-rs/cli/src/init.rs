//! Writes the plugin's flags into `.cargo/config.toml`, so that plain Cargo works.
//!
//! Three things are merged into the file: `build.target`, the flags of the
//! target for rustc and rustdoc, and debug line tables for `release`. What else
//! the file holds stays, comments included; our own flags of an earlier run are
//! replaced, so that running it twice changes nothing. The plugin's path is one
//! of this machine: elsewhere `cargo enzyme init` has to run again.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::cache::{self, Cache};
use crate::project::{self, Settings};
use crate::toolchain::{Toolchain, require_target};
use crate::{flags, plugin, ui};

/// What is merged into a configuration file.
struct Wanted<'a> {
    target: &'a str,
    plugin: &'a Path,
    /// `build.rustflags`, which flags of a target would hide from Cargo.
    hidden: Settings,
    line_tables: bool,
}

/// Writes the configuration of the workspace in the current folder.
pub fn run() -> Result<()> {
    let toolchain = Toolchain::detect()?;
    toolchain.require_host()?;
    toolchain.require_llvm()?;
    let manifest = project::workspace_manifest(None)?;
    let folder = manifest.parent().context("a manifest without a folder")?;
    let path = config_path(folder);
    let old = if path.is_file() { fs::read_to_string(&path)? } else { String::new() };
    let mut document: DocumentMut =
        old.parse().with_context(|| format!("cannot parse {}", path.display()))?;

    let configured = Settings::from_files(folder, &toolchain.host)?;
    flags::check(&configured.rustflags)?;
    for target in configured.targets.iter().filter(|target| *target != "host-tuple") {
        require_target(target)?;
    }
    let plugin = plugin::ensure_built(&Cache::locate()?, &toolchain, false)?;
    let hidden = if project::has_target_flags(folder, &toolchain.host) {
        Settings::default()
    } else {
        configured
    };
    let line_tables = !project::sets_debug(Some(&manifest), folder, "release");
    let wanted = Wanted { target: &toolchain.host, plugin: &plugin, hidden, line_tables };
    merge(&mut document, &wanted).with_context(|| format!("cannot change {}", path.display()))?;

    let new = document.to_string();
    if new == old {
        ui::status("Unchanged", &path.display().to_string());
    } else {
        cache::write_atomically(&path, new.as_bytes())?;
        ui::status("Wrote", &path.display().to_string());
        ui::status(
            "Note",
            "it names the plugin on this machine; elsewhere, and after an update, run this again",
        );
    }
    if project::rustflags_variable().is_some() {
        ui::warn(
            "RUSTFLAGS is set: it replaces the flags of the configuration in a plain `cargo build`",
        );
    }
    Ok(())
}

/// Cargo prefers the old file name if both are there.
fn config_path(folder: &Path) -> std::path::PathBuf {
    let old_name = folder.join(".cargo/config");
    if old_name.is_file() { old_name } else { folder.join(".cargo/config.toml") }
}

fn merge(document: &mut DocumentMut, wanted: &Wanted) -> Result<()> {
    let build = table(document.as_table_mut(), "build", false)?;
    if !build.contains_key("target") {
        build.insert("target", toml_edit::value(wanted.target));
    }
    let targets = table(document.as_table_mut(), "target", true)?;
    let target = table(targets, wanted.target, false)?;
    merge_flags(target, "rustflags", &wanted.hidden.rustflags, wanted.plugin)?;
    merge_flags(target, "rustdocflags", &wanted.hidden.rustdocflags, wanted.plugin)?;
    if wanted.line_tables {
        let profiles = table(document.as_table_mut(), "profile", true)?;
        let release = table(profiles, "release", false)?;
        if !release.contains_key("debug") {
            release.insert("debug", toml_edit::value("line-tables-only"));
        }
    }
    Ok(())
}

/// The table of this name, made if it is not there.
fn table<'a>(
    parent: &'a mut dyn toml_edit::TableLike,
    name: &str,
    implicit: bool,
) -> Result<&'a mut dyn toml_edit::TableLike> {
    parent
        .entry(name)
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(implicit);
            Item::Table(table)
        })
        .as_table_like_mut()
        .ok_or_else(|| anyhow!("`{name}` is not a table"))
}

fn merge_flags(
    target: &mut dyn toml_edit::TableLike,
    key: &str,
    hidden: &[String],
    plugin: &Path,
) -> Result<()> {
    let mut array = match target.get(key) {
        None => flags::without_ours(hidden).iter().collect(),
        Some(item) => {
            flag_array(item).with_context(|| format!("`{key}` is neither a string nor a list"))?
        }
    };
    let present: Vec<String> =
        array.iter().map(|flag| flag.as_str().unwrap_or_default().to_owned()).collect();
    if flags::merge(&present, plugin) == present {
        return Ok(());
    }
    // A comment stands in front of the value, or of the bracket, that follows it.
    let mut comments = comment_in(array.trailing().as_str());
    for position in flags::positions_of_ours(&present).into_iter().rev() {
        let removed = array.remove(position);
        comments
            .insert_str(0, &comment_in(removed.decor().prefix().and_then(|text| text.as_str())));
    }
    for flag in flags::ours(plugin) {
        let mut value = Value::from(flag);
        value.decor_mut().set_prefix(format!("{}\n    ", std::mem::take(&mut comments)));
        array.push_formatted(value);
    }
    array.set_trailing_comma(true);
    array.set_trailing("\n");
    target.insert(key, toml_edit::value(array));
    Ok(())
}

/// The text between two values, if there is a comment in it.
fn comment_in(space: Option<&str>) -> String {
    space
        .filter(|space| space.contains('#'))
        .map(|space| space.trim_end().to_owned())
        .unwrap_or_default()
}

fn flag_array(item: &Item) -> Option<Array> {
    match item.as_str() {
        Some(text) => Some(text.split_whitespace().collect()),
        None => item.as_array().cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(text: &str, plugin: &str, hidden: &[&str]) -> Result<String> {
        let mut document: DocumentMut = text.parse()?;
        let rustflags = hidden.iter().map(|flag| flag.to_string()).collect();
        let hidden = Settings { rustflags, ..Settings::default() };
        let wanted =
            Wanted { target: "t-gnu", plugin: Path::new(plugin), hidden, line_tables: true };
        merge(&mut document, &wanted)?;
        Ok(document.to_string())
    }

    const ONE: &str = "/one/libenzyme_llvm_pass.so";
    const TWO: &str = "/two/libenzyme_llvm_pass.so";

    #[test]
    fn merging_keeps_what_is_there_and_is_idempotent() {
        // (before, what must be found after)
        let table: [(&str, &[&str]); 7] = [
            (
                "",
                &[
                    "[build]\ntarget = \"t-gnu\"",
                    "[target.t-gnu]\nrustflags = [",
                    "[profile.release]",
                ],
            ),
            ("# mine\n[alias]\nx = 'y' # why\n", &["# mine\n[alias]\nx = 'y' # why\n", "[build]"]),
            ("[build]\ntarget = 'other'\njobs = 2\n", &["target = 'other'\njobs = 2"]),
            (
                "[target.t-gnu]\nrustflags = '-Ca -Cb'\nrunner = 'r'\n",
                &["\"-Ca\", \"-Cb\"", "runner = 'r'"],
            ),
            (
                "[target.t-gnu]\nrustflags = [\n    '-Ca', # note\n    '-C', 'lto=fat',\n]\n",
                &["'-Ca', # note"],
            ),
            ("[target.t-gnu]\nrustflags = [\n    '-Ca', # last\n]\n", &["'-Ca', # last"]),
            (
                "profile.release.debug = true\ntarget.t-gnu.linker = 'cc'\n",
                &["debug = true", "linker = 'cc'"],
            ),
        ];
        for (before, expected) in table {
            let after = merged(before, ONE, &[]).unwrap();
            for part in expected {
                assert!(after.contains(part), "{part:?} is not in:\n{after}");
            }
            assert_eq!(after.matches(ONE).count(), 2, "{after}");
            assert_eq!(after.matches("lto=fat").count(), 2, "{after}");
            assert_eq!(merged(&after, ONE, &[]).unwrap(), after);
            let renewed = merged(&after, TWO, &[]).unwrap();
            assert_eq!(renewed, after.replace(ONE, TWO));
        }
    }

    #[test]
    fn flags_that_would_be_hidden_are_copied() {
        let after = merged("[build]\nrustflags = ['-Ca']\n", ONE, &["-Ca"]).unwrap();
        assert!(after.contains("rustflags = [\"-Ca\","), "{after}");
    }

    #[test]
    fn a_file_of_another_shape_is_refused() {
        for text in ["build = 1", "target.t-gnu.rustflags = 3"] {
            assert!(merged(text, ONE, &[]).is_err(), "{text}");
        }
    }
}
