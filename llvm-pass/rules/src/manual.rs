//! Prints the table of rules for readers.

use std::fmt::Write;

use crate::rule::{Operand, Rule, Uses, rules};

/// The table of all rules in Markdown, `RULES.md`.
pub fn manual() -> String {
    let mut text = String::from(PREFACE);
    for rule in rules() {
        write_rule(&mut text, rule);
    }
    text.push_str("\n## Singular points\n\n");
    text.push_str("| function | at | g | contributions | because |\n|---|---|---|---|---|\n");
    for rule in rules() {
        for point in &rule.singular {
            let (at, expect) = (list(&point.at), list(&point.expect));
            let _ = writeln!(
                text,
                "| {} | {at} | {} | {expect} | {} |",
                rule.name, point.seed, point.why
            );
        }
    }
    text
}

const PREFACE: &str = "\
# Derivative rules

Printed from the table in `src/table`; a test keeps it current \
(`ENZYME_BLESS=1 cargo test -p enzyme-rules` rewrites it).

`x0, x1, …` are the operands, `y` is the result, `g` the result's adjoint. *Reads* \
is what the reverse pass must have of the primal. C names stand for the `f64` \
function; the `f32` function is the name with an `f`. LLVM intrinsics are meant with \
every float type, vectors included.

## Contributions

| function | operand | receives | reads | symbols | because |
|---|---|---|---|---|---|
";

fn write_rule(text: &mut String, rule: &Rule) {
    for (i, operand) in rule.operands.iter().enumerate() {
        let receives = match operand {
            Operand::Contribution(expr) => format!("`{expr}`"),
            Operand::Zero => "0".to_string(),
            Operand::Integer => "integer".to_string(),
        };
        let (name, symbols, cite) = match i {
            0 => (rule.name, rule.symbols.join(", "), rule.cite),
            _ => ("", String::new(), ""),
        };
        let reads = reads(rule.uses(i));
        let _ = writeln!(text, "| {name} | x{i} | {receives} | {reads} | {symbols} | {cite} |");
    }
}

fn reads(uses: Uses) -> String {
    let operands = (0..32).filter(|&i| uses.operand(i)).map(|i| format!("x{i}"));
    let result = uses.result.then(|| "y".to_string());
    operands.chain(result).collect::<Vec<_>>().join(", ")
}

fn list(numbers: &[f64]) -> String {
    let words: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
    words.join(", ")
}
