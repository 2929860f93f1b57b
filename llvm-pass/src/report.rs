//! Where diagnostics go: the host's error stream, and a file if one is asked for.

use std::io::Write;

use enzyme_diag::{Diagnostic, render};
use enzyme_ir::{Module, emit_error};

/// The environment variable that names a file to append diagnostics to.
const DIAGNOSTICS_FILE: &str = "ENZYME_DIAGNOSTICS_FILE";

/// Reports the diagnostics and makes the host fail.
pub fn fail(module: Module, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let text = render(diagnostic);
        if let Some(path) = std::env::var_os(DIAGNOSTICS_FILE) {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
            if let Ok(mut file) = file {
                // The host shows the message as well, so a lost file loses nothing.
                let _ = file.write_all(text.as_bytes());
            }
        }
        emit_error(module, &text);
    }
}
