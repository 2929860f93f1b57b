//! Packs the sources of the LLVM plugin into the binary.
//!
//! `cargo-enzyme` builds the plugin on the user's machine, also when it was
//! installed and the checkout has moved or gone. So it carries the sources:
//! `plugin-sources.tar.gz` holds a small workspace made of the package
//! `enzyme-llvm-pass` and of every package it reaches by a path dependency,
//! with a root manifest and a lock file cut down to those packages.
//! Tests, benches and development dependencies are left out.
//!
//! The archive is the same for the same sources (sorted names, no times), and
//! `ENZYME_SOURCES_HASH` names its content. Nothing is compiled here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

const PLUGIN_FOLDER: &str = "llvm-pass";
/// Folders of a package that a build of its library never reads.
const SKIPPED: [&str; 4] = ["target", "tests", "benches", "examples"];

fn main() -> Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = here.join("../..").canonicalize()?;
    let mut files = BTreeMap::new();

    let manifest_path = root.join("Cargo.toml");
    watch(&manifest_path);
    let workspace = read_toml(&manifest_path)?;
    let packages = reachable_packages(&root, &workspace)?;
    ensure!(
        root.join(PLUGIN_FOLDER).join("Cargo.toml").is_file(),
        "the folder `{PLUGIN_FOLDER}` is missing beside `enzyme-rs/cli`; \
         build cargo-enzyme from a whole checkout of enzyme-rs"
    );
    for package in &packages {
        pack_package(&root, package, &mut files)?;
    }
    files.insert("Cargo.toml".into(), workspace_manifest(&workspace, &packages).into_bytes());

    let lock = root.join("Cargo.lock");
    if lock.is_file() {
        watch(&lock);
        let names = package_names(&root, &packages)?;
        files.insert("Cargo.lock".into(), cut_lock(&read_toml(&lock)?, &names).into_bytes());
    }

    println!("cargo::rustc-env=ENZYME_SOURCES_HASH={}", hash(&files));
    let out = PathBuf::from(env::var("OUT_DIR")?).join("plugin-sources.tar.gz");
    write_archive(&out, &files)
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn read_toml(path: &Path) -> Result<DocumentMut> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.parse().with_context(|| format!("cannot parse {}", path.display()))
}

/// Folders, relative to the root, of the plugin and of all its path dependencies.
fn reachable_packages(root: &Path, workspace: &DocumentMut) -> Result<BTreeSet<PathBuf>> {
    let mut seen = BTreeSet::new();
    let mut queue = vec![PathBuf::from(PLUGIN_FOLDER)];
    while let Some(package) = queue.pop() {
        if !seen.insert(package.clone()) {
            continue;
        }
        let manifest = read_toml(&root.join(&package).join("Cargo.toml"))?;
        for section in ["dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(section).and_then(Item::as_table_like) else {
                continue;
            };
            for (name, dependency) in table.iter() {
                if let Some(path) = path_of(dependency) {
                    queue.push(normal(&package.join(path)));
                } else if from_workspace(dependency) {
                    let shared =
                        workspace["workspace"].get("dependencies").and_then(|d| d.get(name));
                    queue.extend(shared.and_then(path_of).map(|path| normal(Path::new(&path))));
                }
            }
        }
    }
    Ok(seen)
}

fn path_of(dependency: &Item) -> Option<String> {
    Some(dependency.as_table_like()?.get("path")?.as_str()?.to_owned())
}

fn from_workspace(dependency: &Item) -> bool {
    dependency.as_table_like().and_then(|d| d.get("workspace")).and_then(Item::as_bool)
        == Some(true)
}

/// Removes `.` and `..` from a relative path by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    result
}

fn package_names(root: &Path, packages: &BTreeSet<PathBuf>) -> Result<BTreeSet<String>> {
    packages
        .iter()
        .map(|package| {
            let manifest = read_toml(&root.join(package).join("Cargo.toml"))?;
            let name = manifest["package"]["name"].as_str().context("a package without a name")?;
            Ok(name.to_owned())
        })
        .collect()
}

fn pack_package(root: &Path, package: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let folder = root.join(package);
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if skipped(&path) || path.join("Cargo.toml").is_file() {
            continue;
        }
        watch(&path);
        pack(root, &path, files)?;
    }
    let manifest = folder.join("Cargo.toml");
    files.insert(
        name_in_archive(root, &manifest)?,
        package_manifest(read_toml(&manifest)?).into_bytes(),
    );
    Ok(())
}

fn skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || (path.is_dir() && SKIPPED.contains(&name.as_ref()))
}

fn pack(root: &Path, path: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            pack(root, &entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.insert(name_in_archive(root, path)?, fs::read(path)?);
    }
    Ok(())
}

fn name_in_archive(root: &Path, path: &Path) -> Result<String> {
    Ok(path.strip_prefix(root)?.to_str().context("a path that is not UTF-8")?.to_owned())
}

/// The manifest without what points at files that were left out.
fn package_manifest(mut manifest: DocumentMut) -> String {
    for section in ["test", "bench", "example", "dev-dependencies"] {
        manifest.remove(section);
    }
    manifest.to_string()
}

/// The root manifest, reduced to what the packed packages inherit.
fn workspace_manifest(full: &DocumentMut, packages: &BTreeSet<PathBuf>) -> String {
    let mut result = DocumentMut::new();
    let mut workspace = Table::new();
    for key in ["resolver", "package", "lints", "dependencies"] {
        if let Some(item) = full["workspace"].get(key) {
            workspace.insert(key, item.clone());
        }
    }
    if let Some(shared) = workspace.get_mut("dependencies").and_then(Item::as_table_like_mut) {
        drop_foreign_paths(shared, packages);
    }
    let members: Array =
        packages.iter().map(|package| package.to_string_lossy().into_owned()).collect();
    workspace.insert("members", toml_edit::value(members));
    result.insert("workspace", Item::Table(workspace));
    result.to_string()
}

fn drop_foreign_paths(shared: &mut dyn TableLike, packages: &BTreeSet<PathBuf>) {
    let foreign: Vec<String> = shared
        .iter()
        .filter(|(_, item)| {
            path_of(item).is_some_and(|path| !packages.contains(&normal(Path::new(&path))))
        })
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in foreign {
        shared.remove(&name);
    }
}

/// The lock file, reduced to what `names` reach. Development dependencies of
/// the packed packages may stay in it; Cargo drops them on the first build.
fn cut_lock(full: &DocumentMut, names: &BTreeSet<String>) -> String {
    let empty = toml_edit::ArrayOfTables::new();
    let packages = full.get("package").and_then(Item::as_array_of_tables).unwrap_or(&empty);
    let text = |table: &Table, key: &str| {
        table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned()
    };
    let mut wanted = BTreeSet::new();
    let mut queue: Vec<String> = names.iter().cloned().collect();
    // A dependency is written "name" or, where that is ambiguous, "name version".
    while let Some(reference) = queue.pop() {
        let mut words = reference.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        for (index, package) in packages.iter().enumerate() {
            let matches = text(package, "name") == name
                && version.is_none_or(|version| text(package, "version") == version);
            if matches && wanted.insert(index) {
                let dependencies = package.get("dependencies").and_then(Item::as_array);
                queue.extend(
                    dependencies.into_iter().flatten().filter_map(|d| d.as_str()).map(String::from),
                );
            }
        }
    }
    let mut cut = full.clone();
    let mut kept = toml_edit::ArrayOfTables::new();
    for (_, package) in packages.iter().enumerate().filter(|(index, _)| wanted.contains(index)) {
        kept.push(package.clone());
    }
    cut.insert("package", Item::ArrayOfTables(kept));
    cut.to_string()
}

fn hash(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut digest = Sha256::new();
    for (name, content) in files {
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name);
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn write_archive(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let file = fs::File::create(out)?;
    let mut archive =
        tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::default()));
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive.append_data(&mut header, name, content.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}
