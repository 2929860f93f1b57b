//! The cache folder, and the lock that makes concurrent runs safe.
//!
//! ```text
//! <cache>/lock                  held while packages are installed or the plugin is built
//! <cache>/plugins/<key>/        finished plugins; never changed once there
//! <cache>/build/src, target/    the unpacked sources and Cargo's folder for them
//! <cache>/wrappers/             what Cargo calls for rustc (`wrapper.rs`)
//! ```
//!
//! A finished plugin is read without the lock. Nothing is ever removed from
//! `plugins`: a configuration written by `cargo enzyme init` may point there.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::ui;

/// The folder in which cargo-enzyme keeps what it has built.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// Held by the one process that may change the cache; released when dropped.
pub struct Guard {
    _file: File,
}

impl Cache {
    /// `ENZYME_CACHE_DIR`, or `enzyme-rs` in the user's cache folder.
    pub fn locate() -> Result<Cache> {
        let root = match std::env::var_os("ENZYME_CACHE_DIR").filter(|dir| !dir.is_empty()) {
            Some(dir) => std::path::absolute(dir)?,
            None => dirs::cache_dir()
                .context("no folder for caches is known (is HOME set?); set ENZYME_CACHE_DIR")?
                .join("enzyme-rs"),
        };
        Ok(Cache { root })
    }

    /// The cache in this folder.
    #[cfg(test)]
    pub fn at(root: PathBuf) -> Cache {
        Cache { root }
    }

    /// The folder of one finished plugin.
    pub fn plugin_dir(&self, key: &str) -> PathBuf {
        self.root.join("plugins").join(key)
    }

    /// A file of the cache itself.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The folder in which the plugin is built; only for the holder of the lock.
    pub fn build_dir(&self) -> PathBuf {
        self.root.join("build")
    }

    /// Waits until no other process changes the cache.
    pub fn lock(&self) -> Result<Guard> {
        fs::create_dir_all(&self.root)
            .with_context(|| format!("cannot create the cache folder {}", self.root.display()))?;
        let path = self.root.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                ui::status("Waiting", "for another cargo-enzyme that prepares the plugin");
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        Ok(Guard { _file: file })
    }
}

/// A short name for some bytes.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file so that a reader sees all of it or nothing.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file without a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/file");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn the_lock_excludes() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path().into());
        let guard = cache.lock().unwrap();
        let second = File::options().write(true).open(dir.path().join("lock")).unwrap();
        assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)));
        drop(guard);
        assert!(second.try_lock().is_ok());
    }
}
