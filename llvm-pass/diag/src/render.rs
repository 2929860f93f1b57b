//! Diagnostics as text, in the shape of rustc's messages.

use std::fmt::Write;

use crate::Diagnostic;

/// The message as lines of text.
pub fn render(diagnostic: &Diagnostic) -> String {
    let entry = diagnostic.code.entry();
    let mut text = format!("error[{}]: {}\n", diagnostic.code, entry.title);
    let line = |text: &mut String, label: &str, content: &str| {
        writeln!(text, "  {label}{content}").expect("writing to a string");
    };
    if let Some(at) = &diagnostic.location {
        let column = if at.column > 0 { format!(":{}", at.column) } else { String::new() };
        line(&mut text, "--> ", &format!("{}:{}{column}, in `{}`", at.file, at.line, at.function));
    }
    line(&mut text, "= cause: ", &diagnostic.message);
    if !diagnostic.function.is_empty() {
        line(&mut text, "= while differentiating ", &format!("`{}`", diagnostic.function));
    }
    for note in &diagnostic.notes {
        line(&mut text, "= note: ", note);
    }
    line(&mut text, "= help: ", entry.cure);
    text
}

#[cfg(test)]
mod tests {
    use enzyme_body::Location;

    use super::*;
    use crate::Code;

    #[test]
    fn a_message_names_place_cause_function_and_cure() {
        let location =
            Location { file: "src/main.rs".into(), line: 7, column: 3, function: "step".into() };
        let text = render(
            &Diagnostic::new(Code::NoRule, "no rule for `ctlz`")
                .at(Some(location))
                .within("loss")
                .note("reached from `main`"),
        );
        for part in ["ENZ0020", "src/main.rs:7:3", "`step`", "`loss`", "ctlz", "main", "help"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn codes_are_unique() {
        let mut numbers: Vec<_> = crate::CATALOGUE.iter().map(|e| e.number).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), crate::CATALOGUE.len());
    }
}
