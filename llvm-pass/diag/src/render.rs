//! Diagnostics as text, in the shape of rustc's messages.

use std::fmt::Write;

use enzyme_body::Location;

use crate::Diagnostic;

/// The message as lines of text.
pub fn render(diagnostic: &Diagnostic) -> String {
    let entry = diagnostic.code.entry();
    let mut text = format!("error[{}]: {}\n", diagnostic.code, entry.title);
    let line = |text: &mut String, label: &str, content: &str| {
        writeln!(text, "  {label}{content}").expect("writing to a string");
    };
    if let Some(at) = &diagnostic.location {
        line(&mut text, "--> ", &place(at));
        if let Some(caller) = &at.caller {
            line(&mut text, "= called from ", &place(caller));
        }
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

fn place(at: &Location) -> String {
    let column = if at.column > 0 { format!(":{}", at.column) } else { String::new() };
    format!("{}:{}{column}, in `{}`", at.file, at.line, at.function)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_message_names_place_cause_function_and_cure() {
        let at = |file: &str, function: &str, caller| Location {
            file: file.into(),
            line: 7,
            column: 3,
            function: function.into(),
            caller,
        };
        let user = at("src/main.rs", "step", None);
        let location = at("library/core/src/num.rs", "leading_zeros", Some(Box::new(user)));
        let text = render(
            &Diagnostic::new(Code::NoRule, "no rule for `ctlz`")
                .at(Some(location))
                .within("loss")
                .note("reached from `main`"),
        );
        for part in ["ENZ0020", "num.rs:7:3", "src/main.rs:7:3", "`step`", "`loss`", "ctlz", "help"]
        {
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
