//! The sources of the plugin, packed into this program by `build.rs`.
//!
//! Unpacking writes only what differs and removes what is gone, so that Cargo,
//! which looks at file times, rebuilds only what has changed. Building them is
//! the work of `plugin.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Names the content of the packed sources.
pub const HASH: &str = env!("ENZYME_SOURCES_HASH");

static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/plugin-sources.tar.gz"));

/// Makes a folder hold exactly the packed sources.
pub fn unpack(folder: &Path) -> Result<()> {
    unpack_archive(ARCHIVE, folder)
        .with_context(|| format!("cannot unpack the plugin's sources to {}", folder.display()))
}

fn unpack_archive(archive: &[u8], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut kept = BTreeSet::new();
    for entry in tar::Archive::new(flate2::read::GzDecoder::new(archive)).entries()? {
        let mut entry = entry?;
        let path = folder.join(entry.path()?);
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        if fs::read(&path).ok().as_deref() != Some(&content) {
            fs::create_dir_all(path.parent().context("a file without a folder")?)?;
            fs::write(&path, content)?;
        }
        kept.insert(path);
    }
    remove_others(folder, &kept)
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(
            Vec::new(),
            flate2::Compression::fast(),
        ));
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, content.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn unpacking_touches_only_what_changed() {
        let dir = tempfile::tempdir().unwrap();
        unpack_archive(&archive(&[("a", "1"), ("b/c", "2"), ("d/e", "3")]), dir.path()).unwrap();
        let time = |name: &str| fs::metadata(dir.path().join(name)).unwrap().modified().unwrap();
        let before = (time("a"), time("b/c"));
        unpack_archive(&archive(&[("a", "1"), ("b/c", "changed")]), dir.path()).unwrap();
        assert_eq!(time("a"), before.0);
        assert_eq!(fs::read_to_string(dir.path().join("b/c")).unwrap(), "changed");
        assert!(!dir.path().join("d").exists());
    }

    #[test]
    fn the_packed_workspace_holds_the_plugin() {
        let dir = tempfile::tempdir().unwrap();
        unpack(dir.path()).unwrap();
        for file in ["Cargo.toml", "llvm-pass/Cargo.toml", "llvm-pass/src/lib.rs"] {
            assert!(dir.path().join(file).is_file(), "{file}");
        }
        let manifest = fs::read_to_string(dir.path().join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("llvm-pass") && !manifest.contains("enzyme-rs/cli"),
            "{manifest}"
        );
    }
}
