//! `cargo-enzyme` as a user meets it, on fake machines (see `sandbox`).

mod sandbox;

use std::process::Stdio;

use sandbox::{Sandbox, assert_parts, count, names, outcome};

const LOADS: &str = "-Clinker-plugin-lto -Clto=fat -Cembed-bitcode=yes -Cno-vectorize-loops \
                     -Cno-vectorize-slp -Cllvm-args=-unroll-runtime=false \
                     -Clink-arg=-Wl,--load-pass-plugin=";

#[test]
fn the_first_run_on_a_fresh_machine_sets_everything_up() {
    let machine = Sandbox::fresh();
    let arguments = ["run", "--release", "--example", "scan", "--", "--target", "x"];
    let first = machine.run(&arguments, &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let log = machine.log();
    let install = "apt-get install --yes llvm-22-dev libclang-22-dev g++";
    assert_parts(
        &log,
        &[
            "apt-get update",
            install,
            "cargo-plugin",
            "cargo-user run --release --example scan -- --target x",
        ],
    );
    assert_parts(&log, &["\nrustflags=", LOADS, "/plugins/", "/libenzyme_llvm_pass.so\n"]);
    assert_parts(&log, &["rustdocflags=", LOADS]);
    assert_parts(&log, &["target=x86_64-unknown-linux-gnu debug=line-tables-only"]);
    assert_parts(
        &first.stderr,
        &["Running", "apt-get", &install[8..], "Preparing", "Finished the plugin"],
    );

    let second = machine.run(&["test"], &[]);
    assert_eq!((second.code, second.stderr.as_str()), (Some(0), ""));
    assert_eq!(count(&machine.log(), "cargo-plugin"), 1);
    assert_eq!(count(&machine.log(), "apt-get install"), 1);
}

#[test]
fn only_what_is_missing_is_installed_and_known_packages_need_no_update() {
    let machine = Sandbox::complete();
    std::fs::remove_file(machine.prefix().join("lib/libclang.so")).unwrap();
    machine.write("updated", "");
    assert_eq!(machine.run(&["plugin"], &[]).code, Some(0));
    assert_eq!(count(&machine.log(), "apt-get install --yes libclang-22-dev"), 1);
    assert_eq!(count(&machine.log(), "apt-get update"), 0);
    assert!(!machine.log().contains("llvm-22-dev") && !machine.log().contains("g++"));
}

#[test]
fn old_package_lists_are_renewed() {
    let machine = Sandbox::fresh();
    let result = machine.run(&["plugin"], &[("FAKE_LISTS_ARE_OLD", "1")]);
    assert_eq!(result.code, Some(0), "{}", result.stderr);
    assert_parts(
        &machine.log(),
        &["apt-get install", "apt-get update", "apt-get install", "cargo-plugin"],
    );
}

#[test]
fn installing_can_be_forbidden() {
    let machine = Sandbox::fresh();
    let result = machine.run(&["build"], &[("ENZYME_NO_INSTALL", "1")]);
    assert_eq!(result.code, Some(1));
    assert_parts(
        &result.stderr,
        &[
            "the headers of LLVM 22 and libclang 22 and a C++ compiler not found",
            "ENZYME_NO_INSTALL is set",
            "apt-get update && ",
            "apt-get install --yes llvm-22-dev libclang-22-dev g++",
            "ENZYME_LLVM_PREFIX",
        ],
    );
    assert_eq!(machine.log(), "");
}

#[test]
fn without_apt_the_user_is_told() {
    let machine = Sandbox::fresh();
    std::fs::remove_file(machine.path("bin/apt-get")).unwrap();
    let result = machine.run(&["build"], &[]);
    assert_eq!(result.code, Some(1));
    assert_parts(&result.stderr, &["no `apt-get`", "ENZYME_LLVM_PREFIX"]);
}

#[test]
fn a_prefix_of_another_version_is_refused() {
    let machine = Sandbox::complete();
    let old = machine.path("llvm-14");
    machine.write(
        "llvm-14/include/llvm/Config/llvm-config.h",
        "#define LLVM_VERSION_STRING \"14.0.6\"\n",
    );
    let variables = [("ENZYME_LLVM_PREFIX", old.to_str().unwrap())];
    let result = machine.run(&["build"], &variables);
    assert_eq!(result.code, Some(1));
    assert_parts(
        &result.stderr,
        &["ENZYME_LLVM_PREFIX=", "is LLVM 14.0.6", "rustc contains LLVM 22.1.2"],
    );
    assert_eq!(machine.log(), "");

    // The same if only its tools are installed.
    std::fs::remove_dir_all(old.join("include")).unwrap();
    machine.script("llvm-config-14", "echo 14.0.6");
    machine.write("llvm-14/bin/.keep", "");
    std::fs::rename(machine.path("bin/llvm-config-14"), old.join("bin/llvm-config")).unwrap();
    assert_parts(&machine.run(&["build"], &variables).stderr, &["is LLVM 14.0.6", "22.1.2"]);
}

#[test]
fn an_incomplete_prefix_is_refused_rather_than_mended() {
    let machine = Sandbox::complete();
    machine.write("mine/lib/nothing", "");
    let result =
        machine.run(&["build"], &[("ENZYME_LLVM_PREFIX", machine.path("mine").to_str().unwrap())]);
    assert_eq!(result.code, Some(1));
    assert_parts(
        &result.stderr,
        &["ENZYME_LLVM_PREFIX=", "the headers of LLVM 22 and libclang 22"],
    );
    assert_eq!(machine.log(), "");
}

#[test]
fn another_llvm_is_found_by_its_llvm_config() {
    let machine = Sandbox::complete();
    std::fs::rename(machine.prefix(), machine.path("opt")).unwrap();
    machine.script("llvm-config", "echo \"$FAKE/opt\"");
    assert_eq!(machine.run(&["plugin"], &[]).code, Some(0));
    let prefix = machine.path("opt");
    assert_parts(&machine.log(), &[&format!("prefix=[{0}] libclang=[{0}/lib]", prefix.display())]);
}

#[test]
fn the_plugin_is_built_in_a_clean_environment() {
    let machine = Sandbox::complete();
    let variables = [("RUSTFLAGS", "-Cx"), ("CARGO_TARGET_DIR", "/elsewhere")];
    let result = machine.run(&["plugin"], &variables);
    assert_parts(&machine.log(), &["cargo-plugin rustflags=[] RUSTFLAGS=[] target=[]"]);
    let path = result.stdout.trim_end();
    assert!(
        path.ends_with("/libenzyme_llvm_pass.so") && std::path::Path::new(path).is_file(),
        "{path}"
    );
    assert_eq!(result.stdout.lines().count(), 1);
}

#[test]
fn a_failed_plugin_build_shows_its_messages_and_leaves_no_plugin() {
    let machine = Sandbox::complete();
    let result = machine.run(&["build"], &[("FAKE_BUILD_FAILS", "1")]);
    assert_eq!(result.code, Some(1));
    assert_parts(&result.stderr, &["error: shim.cc is wrong", "the plugin could not be built"]);
    assert_eq!(count(&machine.log(), "cargo-user"), 0);
    assert!(names(&machine.path("cache/plugins")).is_empty());
}

#[test]
fn concurrent_runs_build_the_plugin_once() {
    let machine = Sandbox::fresh();
    let spawn = |_| {
        machine.command(&["plugin"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..4).map(spawn).collect();
    let outcomes: Vec<_> =
        children.into_iter().map(|child| outcome(child.wait_with_output().unwrap())).collect();
    for one in &outcomes {
        assert_eq!((one.code, &one.stdout), (Some(0), &outcomes[0].stdout), "{}", one.stderr);
    }
    assert_eq!(count(&machine.log(), "cargo-plugin"), 1);
    assert_eq!(count(&machine.log(), "apt-get install"), 1);
}

#[test]
fn another_compiler_gets_another_plugin() {
    let machine = Sandbox::complete();
    let one = machine.run(&["plugin"], &[]).stdout;
    let two = machine.run(&["plugin"], &[("FAKE_RUSTC_LLVM", "22.1.7")]).stdout;
    assert_ne!(one, two);
    assert_eq!(names(&machine.path("cache/plugins")).len(), 2);
}

#[test]
fn exit_codes_pass_through_in_every_spelling() {
    let machine = Sandbox::complete();
    // Cargo calls an installed subcommand with its name as the first argument.
    for arguments in [&["enzyme", "test"][..], &["test"], &["check"]] {
        assert_eq!(
            machine.run(arguments, &[("FAKE_EXIT", "101")]).code,
            Some(101),
            "{arguments:?}"
        );
    }
}

#[test]
fn flags_of_the_user_are_merged() {
    let machine = Sandbox::complete();
    machine.write(
        "project/.cargo/config.toml",
        "[build]\nrustflags = ['-Cfile']\nrustdocflags = ['--cfg=doc']\n",
    );
    machine.run(&["build"], &[]);
    assert_parts(
        &machine.log(),
        &[&format!("\nrustflags=-Cfile {LOADS}"), &format!("\nrustdocflags=--cfg=doc {LOADS}")],
    );
    machine.run(&["build"], &[("RUSTFLAGS", "-Cone -Ctwo")]);
    assert_parts(&machine.log(), &[&format!("\nrustflags=-Cone -Ctwo {LOADS}")]);
    let refused = machine.run(&["build"], &[("RUSTFLAGS", "-Clink-arg=-fuse-ld=mold")]);
    assert_eq!(refused.code, Some(1));
    assert_parts(&refused.stderr, &["`-Clink-arg=-fuse-ld=mold`", "rust-lld"]);
}

#[test]
fn functions_that_are_known_by_name_stay_functions() {
    let machine = Sandbox::complete();
    machine.run(&["build"], &[]);
    let kept = "rustc --crate-name libm --edition=2021 --crate-type lib --out-dir /out \
                -Cllvm-args=-force-attribute=noinline -Cincremental=/out/enzyme-libm\n";
    let other = "rustc --crate-name glam --edition=2021 --crate-type lib --out-dir /out\n";
    assert_parts(&machine.log(), &[kept, other]);
    // A wrapper of the user's is called with the same.
    machine.script("mine", r#"echo "mine $*" >> "$FAKE/log""#);
    let mine = machine.path("bin/mine");
    machine.run(&["build"], &[("RUSTC_WRAPPER", mine.to_str().unwrap())]);
    assert_parts(&machine.log(), &[&format!("mine {kept}"), &format!("mine {other}")]);
}

#[test]
fn debug_settings_of_the_user_stay() {
    let machine = Sandbox::complete();
    machine.write("project/Cargo.toml", "[package]\nname = 'p'\n[profile.release]\ndebug = 2\n");
    machine.run(&["build"], &[]);
    assert_parts(&machine.log(), &["debug=\n"]);
}

#[test]
fn what_links_nothing_needs_no_plugin() {
    let machine = Sandbox::fresh();
    for arguments in
        [&["check", "--all-targets"][..], &["clippy"], &["doc", "--no-deps"], &["build", "--help"]]
    {
        let result = machine.run(arguments, &[]);
        assert_eq!((result.code, result.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
    assert_eq!(count(&machine.log(), "rustflags=\n"), 0);
    assert_eq!(count(&machine.log(), "target= debug="), 4, "{}", machine.log());
    assert!(!machine.log().contains("plugin"));
}

#[test]
fn a_toolchain_that_cannot_load_the_plugin_is_refused() {
    let machine = Sandbox::complete();
    let table = [
        ("FAKE_RUSTC_LLVM", "21.1.8", ["1.95.0 contains LLVM 21.1.8", "LLVM 22"]),
        ("FAKE_HOST", "aarch64-apple-darwin", ["aarch64-apple-darwin", "x86_64-unknown-linux-gnu"]),
    ];
    for (name, value, parts) in table {
        for arguments in [&["build"][..], &["plugin"], &["init"]] {
            let result = machine.run(arguments, &[(name, value)]);
            assert_eq!(result.code, Some(1));
            assert_parts(&result.stderr, &parts);
        }
    }
    let result = machine.run(&["build", "--target", "wasm32-unknown-unknown"], &[]);
    assert_parts(&result.stderr, &["wasm32-unknown-unknown", "x86_64-unknown-linux-gnu"]);
    assert_eq!(machine.log(), "");
}

#[test]
fn a_given_plugin_is_used_and_known_by_its_content() {
    let machine = Sandbox::fresh();
    let file = machine.path("my.so");
    let mut paths = Vec::new();
    for content in ["one", "two"] {
        machine.write("my.so", content);
        let result = machine.run(&["plugin"], &[("ENZYME_PLUGIN", file.to_str().unwrap())]);
        assert_eq!(
            std::fs::read_to_string(result.stdout.trim_end()).unwrap(),
            content,
            "{}",
            result.stderr
        );
        paths.push(result.stdout);
    }
    assert_ne!(paths[0], paths[1]);
    assert_eq!(machine.log(), "");
}

#[test]
fn what_the_plugin_says_stands_at_the_end() {
    let machine = Sandbox::complete();
    let message = "error[ENZ0123]: this call has no derivative\n  --> src/main.rs:3:5";
    let result = machine.run(&["build"], &[("FAKE_DIAGNOSTIC", message), ("FAKE_EXIT", "101")]);
    assert_eq!(result.code, Some(101));
    assert!(result.stderr.ends_with(&format!("\n{message}\n")), "{}", result.stderr);
    assert!(!names(&machine.path("")).iter().any(|name| name.starts_with("enzyme-diagnostics")));

    // A file of the user's own is kept, and only what is new in it is shown.
    machine.write("mine", "old words\n");
    let mine = machine.path("mine");
    let variables = [
        ("FAKE_DIAGNOSTIC", "warning: new words"),
        ("ENZYME_DIAGNOSTICS_FILE", mine.to_str().unwrap()),
    ];
    let result = machine.run(&["build"], &variables);
    assert!(
        result.stderr.contains("new words") && !result.stderr.contains("old words"),
        "{}",
        result.stderr
    );
    assert_eq!(machine.read("mine"), "old words\nwarning: new words\n");
}

#[test]
fn the_help_names_commands_and_variables() {
    let machine = Sandbox::fresh();
    let help = machine.run(&["--help"], &[]);
    assert_eq!(help.code, Some(0));
    for part in [
        "build",
        "run",
        "test",
        "bench",
        "plugin",
        "init",
        "doctor",
        "ENZYME_NO_INSTALL",
        "ENZYME_CACHE_DIR",
    ] {
        assert!(help.stdout.contains(part), "{part} is not in:\n{}", help.stdout);
    }
    assert_eq!(machine.run(&["enzyme"], &[]).code, Some(2));
}
