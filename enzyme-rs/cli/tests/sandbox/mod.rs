//! A machine in a temporary folder: fake `rustc`, `cargo`, `apt-get` and LLVM.
//!
//! `PATH` holds nothing but the fakes, so that no test can install a package,
//! build the plugin or depend on what this machine has. Every fake appends what
//! it was asked to one log, which tests read.
#![forbid(unsafe_code)]
// Each file of tests uses a part of it.
#![allow(dead_code)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Where the fake Debian puts LLVM.
const PREFIX: &str = "root/usr/lib/llvm-22";

const RUSTC: &str = r#"
case "$*" in
  *crate-name*) echo "rustc $*" >> "$FAKE/log" ;;
  *sysroot*) echo "$FAKE/sysroot" ;;
  *-vV*) echo "rustc 1.95.0 (59807616e 2026-04-14)
binary: rustc
commit-hash: 59807616e1fa2540724bfbac14d7976d7e4a3860
commit-date: 2026-04-14
host: ${FAKE_HOST:-x86_64-unknown-linux-gnu}
release: 1.95.0
LLVM version: ${FAKE_RUSTC_LLVM:-22.1.2}" ;;
  *cfg*) echo unix ;;
esac
"#;

const CARGO: &str = r#"
if [ "$1" = locate-project ]; then echo "$FAKE/project/Cargo.toml"; exit; fi
if [ "$1" = build ] && [ "$4" = enzyme-llvm-pass ]; then
  echo "cargo-plugin rustflags=[$CARGO_ENCODED_RUSTFLAGS] RUSTFLAGS=[$RUSTFLAGS] target=[$CARGO_TARGET_DIR] prefix=[$ENZYME_LLVM_PREFIX] libclang=[$LIBCLANG_PATH] $*" >> "$FAKE/log"
  if [ -n "$FAKE_BUILD_FAILS" ]; then echo "error: shim.cc is wrong" >&2; exit 101; fi
  /bin/sleep 0.2
  out="$FAKE/cache/build/target/x86_64-unknown-linux-gnu/release"
  /bin/mkdir -p "$out"
  echo llvmGetPassPluginInfo > "$out/libenzyme_llvm_pass.so"
  exit
fi
echo "cargo-user $*" >> "$FAKE/log"
echo "rustflags=$CARGO_ENCODED_RUSTFLAGS" | /usr/bin/tr '\037' ' ' >> "$FAKE/log"
echo "rustdocflags=$CARGO_ENCODED_RUSTDOCFLAGS" | /usr/bin/tr '\037' ' ' >> "$FAKE/log"
echo "target=$CARGO_BUILD_TARGET debug=$CARGO_PROFILE_RELEASE_DEBUG" >> "$FAKE/log"
if [ -n "$RUSTC_WRAPPER" ]; then
  for crate in libm glam; do "$RUSTC_WRAPPER" rustc --crate-name $crate --edition=2021 --crate-type lib --out-dir /out; done
fi
if [ -n "$FAKE_DIAGNOSTIC" ]; then echo "$FAKE_DIAGNOSTIC" >> "$ENZYME_DIAGNOSTICS_FILE"; fi
exit ${FAKE_EXIT:-0}
"#;

const APT_GET: &str = r#"
[ "$1" = -o ] && shift 2
echo "apt-get $*" >> "$FAKE/log"
if [ "$1" = update ]; then > "$FAKE/updated"; exit; fi
if [ -n "$FAKE_LISTS_ARE_OLD" ] && [ ! -f "$FAKE/updated" ]; then echo "E: 404" >&2; exit 100; fi
lib="$FAKE/root/usr/lib/llvm-22"
for package in "$@"; do
  case "$package" in
    llvm-22-dev)
      /bin/mkdir -p "$lib/include/llvm/Config" "$lib/include/llvm/IR" "$lib/include/llvm-c"
      echo '#define LLVM_VERSION_STRING "22.1.8"' > "$lib/include/llvm/Config/llvm-config.h"
      > "$lib/include/llvm/IR/Function.h"; > "$lib/include/llvm-c/Core.h" ;;
    libclang-22-dev)
      /bin/mkdir -p "$lib/lib/clang/22/include"
      > "$lib/lib/clang/22/include/stddef.h"; > "$lib/lib/libclang.so" ;;
    g++) > "$FAKE/bin/c++" ;;
  esac
done
"#;

const APT_CACHE: &str = r#"
[ -f "$FAKE/updated" ] || [ -n "$FAKE_LISTS_ARE_OLD" ]
"#;

const SUDO: &str = r#"
[ "$1" = -n ] && shift
exec "$@"
"#;

/// The machine; removed when dropped.
pub struct Sandbox {
    dir: tempfile::TempDir,
}

/// What a run of `cargo-enzyme` left.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    /// A machine with Rust and `apt-get`, but without LLVM and C++.
    pub fn fresh() -> Sandbox {
        let sandbox = Sandbox { dir: tempfile::tempdir().unwrap() };
        let scripts = [
            ("rustc", RUSTC),
            ("cargo", CARGO),
            ("apt-get", APT_GET),
            ("apt-cache", APT_CACHE),
            ("sudo", SUDO),
            ("cc", ""),
        ];
        for (name, text) in scripts {
            sandbox.script(name, text);
        }
        symlink("/usr/bin/env", sandbox.path("bin/env")).unwrap();
        let tools = "sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin";
        sandbox.write(&format!("{tools}/rust-lld"), "needs libLLVM.so.22.1");
        sandbox.write(&format!("{tools}/gcc-ld/ld.lld"), "");
        sandbox.write("project/Cargo.toml", "[package]\nname = 'p'\n");
        sandbox
    }

    /// A machine with everything but the plugin.
    pub fn complete() -> Sandbox {
        let sandbox = Sandbox::fresh();
        sandbox.install(&["llvm-22-dev", "libclang-22-dev", "g++"]);
        sandbox
    }

    /// Puts packages there by the fake `apt-get`, leaving no trace in the log.
    pub fn install(&self, packages: &[&str]) {
        let mut command = Command::new(self.path("bin/apt-get"));
        assert!(command.args(packages).env("FAKE", self.dir.path()).status().unwrap().success());
        fs::remove_file(self.path("log")).unwrap();
    }

    /// An executable shell script in `PATH`.
    pub fn script(&self, name: &str, text: &str) {
        let path = format!("bin/{name}");
        self.write(&path, &format!("#!/bin/sh\n{text}"));
        fs::set_permissions(self.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn prefix(&self) -> PathBuf {
        self.path(PREFIX)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub fn log(&self) -> String {
        self.read("log")
    }

    /// `cargo-enzyme` in the project of this machine.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-enzyme"));
        command.args(arguments).current_dir(self.path("project")).env_clear().stdin(Stdio::null());
        let folders: [(&str, &str); 4] = [
            ("PATH", "bin"),
            ("HOME", "home"),
            ("ENZYME_CACHE_DIR", "cache"),
            ("ENZYME_SYSTEM_ROOT", "root"),
        ];
        for (name, folder) in folders {
            command.env(name, self.path(folder));
        }
        command.env("FAKE", self.dir.path()).env("TMPDIR", self.dir.path());
        command.env("CARGO", self.path("bin/cargo"));
        command
    }

    /// Runs it with variables set, and waits.
    pub fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        outcome(self.command(arguments).envs(variables.iter().copied()).output().unwrap())
    }
}

/// The output as text.
pub fn outcome(output: Output) -> Outcome {
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Fails unless the text has all the parts, in this order.
pub fn assert_parts(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some(position) = rest.find(part) else {
            panic!("{part:?} is not (in this order) in:\n{text}")
        };
        rest = &rest[position + part.len()..];
    }
}

/// How often does this begin a line of the log?
pub fn count(log: &str, start: &str) -> usize {
    log.lines().filter(|line| line.starts_with(start)).count()
}

/// The file names in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .map(|entries| {
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        })
        .unwrap_or_default()
}
