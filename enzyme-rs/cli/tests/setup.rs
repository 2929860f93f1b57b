//! `cargo enzyme init` and `cargo enzyme doctor`, on fake machines (see `sandbox`).

mod sandbox;

use sandbox::{Sandbox, assert_parts};

#[test]
fn init_writes_once_and_keeps_the_rest() {
    let machine = Sandbox::complete();
    let file = "project/.cargo/config.toml";
    machine.write(file, "# our aliases\n[alias]\nx = 'run'\n");
    assert_eq!(machine.run(&["init"], &[]).code, Some(0));
    let first = machine.read(file);
    assert_parts(
        &first,
        &[
            "# our aliases\n[alias]\nx = 'run'\n",
            "[build]",
            "rustflags = [",
            "/libenzyme_llvm_pass.so",
        ],
    );
    assert_parts(&first, &["rustdocflags = ["]);
    assert_parts(&first, &["[profile.release]\ndebug = \"line-tables-only\""]);
    let again = machine.run(&["init"], &[]);
    assert_parts(&again.stderr, &["Unchanged"]);
    assert_eq!(machine.read(file), first);

    // The subcommand does not load the plugin twice because of it.
    machine.run(&["build"], &[]);
    let log = machine.log();
    let flags = log.lines().find(|line| line.starts_with("rustflags=")).unwrap();
    assert_eq!(flags.matches("load-pass-plugin").count(), 1, "{flags}");

    // Another compiler: only the path changes.
    machine.run(&["init"], &[("FAKE_RUSTC_LLVM", "22.1.7")]);
    assert_eq!(machine.read(file), first.replace("llvm22.1.2", "llvm22.1.7"));
}

#[test]
fn doctor_reports_and_touches_nothing() {
    let machine = Sandbox::fresh();
    let ill = machine.run(&["doctor"], &[]);
    assert_eq!(ill.code, Some(1));
    assert_parts(
        &ill.stdout,
        &[
            "found  rustc ",
            "1.95.0 with LLVM 22.1.2",
            "found  rust-lld",
            "found  C linker",
            "missing  LLVM headers",
            "apt-get install --yes llvm-22-dev",
            "missing  libclang",
            "apt-get install --yes libclang-22-dev",
            "missing  C++ compiler",
            "apt-get install --yes g++",
            "missing  plugin",
            "cargo enzyme plugin",
            "found  flags",
            "4 missing",
        ],
    );
    assert_eq!(ill.stdout.lines().count(), 9);
    assert_eq!(machine.log(), "");
    assert!(!machine.path("cache").exists());
}

#[test]
fn doctor_is_content_when_all_is_there() {
    let machine = Sandbox::complete();
    machine.run(&["plugin"], &[]);
    let well = machine.run(&["doctor"], &[]);
    assert_eq!(well.code, Some(0), "{}", well.stdout);
    assert_eq!(well.stdout.matches("found  ").count(), 8, "{}", well.stdout);

    let flags = machine.run(&["doctor"], &[("RUSTFLAGS", "-Ctarget-cpu=native")]);
    assert_eq!(flags.code, Some(0));
    assert_parts(&flags.stdout, &["note  flags", "RUSTFLAGS is set", "unset RUSTFLAGS"]);

    // Without LLVM, but with the plugin already built, programs still build.
    std::fs::remove_dir_all(machine.path("root")).unwrap();
    let built = machine.run(&["doctor"], &[]);
    assert_eq!(built.code, Some(0));
    assert_parts(
        &built.stdout,
        &["note  LLVM headers", "not needed as long as the plugin is built"],
    );
}

#[test]
fn doctor_names_what_is_wrong() {
    let machine = Sandbox::complete();
    machine.write(
        "llvm-14/include/llvm/Config/llvm-config.h",
        "#define LLVM_VERSION_STRING \"14.0.6\"\n",
    );
    let old = machine.path("llvm-14");
    let table: [(&str, &str, &[&str]); 4] = [
        ("FAKE_RUSTC_LLVM", "21.1.0", &["missing  rustc", "21.1.0", "rustup default stable"]),
        (
            "ENZYME_LLVM_PREFIX",
            old.to_str().unwrap(),
            &["missing  LLVM headers", "14.0.6", "unset ENZYME_LLVM_PREFIX"],
        ),
        (
            "RUSTFLAGS",
            "-Clink-arg=-fuse-ld=mold",
            &["missing  flags", "mold", "remove these flags"],
        ),
        ("ENZYME_PLUGIN", "/nowhere.so", &["missing  plugin", "/nowhere.so"]),
    ];
    for (name, value, parts) in table {
        let result = machine.run(&["doctor"], &[(name, value)]);
        assert_eq!(result.code, Some(1), "{name}");
        assert_parts(&result.stdout, parts);
        assert_eq!(
            result.stdout.lines().filter(|line| line.contains("  ")).count(),
            8,
            "{}",
            result.stdout
        );
    }
    std::fs::remove_file(machine.path("sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld"))
        .unwrap();
    assert_parts(
        &machine.run(&["doctor"], &[]).stdout,
        &["missing  rust-lld", "rustup toolchain install stable"],
    );
}
