//! Inline assembly that touches no memory.
//!
//! *Computes*: from the text of inline assembly as LLVM prints it, whether it touches
//! registers only. *From*: a table of instructions without implicit memory, and the form
//! of their operands: placeholders that constraints bind to registers or numbers,
//! registers, numbers. Anything else, a name above all, may be memory.
//!
//! *Why it is sound*: each instruction is in the table and each operand is of such a
//! form. What is in the registers is another matter: results may hold bits of what goes
//! in, and who asks must treat them so.
//!
//! *Does not*: know floats or other processors than x86. That is for plain Rust.

/// What inline assembly touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// There is no instruction (`black_box`).
    Nothing,
    /// Registers only.
    Registers,
    /// Perhaps memory.
    Memory,
}

/// Instructions without implicit memory, in the spellings of both dialects.
const INSTRUCTIONS: &[&str] = &[
    "cpuid", "xgetbv", "rdtsc", "rdtscp", "rdrand", "rdseed", "pause", "nop", "lfence", "mfence",
    "sfence", "mov", "movl", "movq", "xchg", "xchgl", "xchgq", "add", "sub", "and", "or", "xor",
    "not", "neg", "shl", "shr", "sar", "rol", "ror", "adc", "sbb", "mul", "imul", "mulx", "adcx",
    "adox", "popcnt", "lzcnt", "tzcnt", "bsf", "bsr", "bswap",
];

/// Registers, without the letter for their width.
const REGISTERS: &[&str] = &["ax", "bx", "cx", "dx", "si", "di"];

/// What inline assembly touches: `asm … "template", "constraints"`.
pub fn touches(text: &str) -> Touches {
    let mut parts = text.split('"');
    let (Some(_), Some(template), Some(_), Some(constraints)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Touches::Memory;
    };
    let template = template.replace("\\09", " ").replace("\\0A", ";");
    let mut lines = template.split(';').map(str::trim).filter(|line| !line.is_empty()).peekable();
    if lines.peek().is_none() {
        return Touches::Nothing;
    }
    let bound = constraints.split(',').all(binds_register);
    match bound && lines.all(is_of_registers) {
        true => Touches::Registers,
        false => Touches::Memory,
    }
}

/// Whether a constraint says a register, a number, or what is overwritten.
fn binds_register(constraint: &str) -> bool {
    let bare = constraint.trim_start_matches(['=', '&', '+']);
    let named = |text: &str| text.starts_with('{') && text.ends_with('}');
    bare.strip_prefix('~').is_some_and(named)
        || named(bare)
        || matches!(bare, "r" | "q" | "Q" | "i" | "n")
        || !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())
}

fn is_of_registers(line: &str) -> bool {
    let (instruction, operands) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let operands = operands.trim();
    INSTRUCTIONS.contains(&instruction)
        && (operands.is_empty() || operands.split(',').map(str::trim).all(is_operand))
}

/// `$0`, `${0:q}`, `rbx`, `%rbx`, `7`, `$$7`.
fn is_operand(text: &str) -> bool {
    let is_number = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    if is_number(text) || text.strip_prefix("$$").is_some_and(is_number) {
        return true;
    }
    if let Some(placeholder) = text.strip_prefix('$') {
        let inner = placeholder.strip_prefix('{').and_then(|p| p.strip_suffix('}'));
        let number = inner.unwrap_or(placeholder).split(':').next();
        return number.is_some_and(is_number);
    }
    let name = text.strip_prefix('%').unwrap_or(text);
    let wide = name.strip_prefix(['r', 'e']).unwrap_or(name);
    let numbered = name.strip_prefix('r').map(|n| n.trim_end_matches(['d', 'w', 'b']));
    REGISTERS.contains(&wide) || numbered.is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_processor_can_is_asked_in_registers() {
        let leaf = r#"ptr asm sideeffect inteldialect "mov ${0:q}, rbx\0Acpuid\0Axchg ${0:q}, rbx", "=&r,=&{ax},=&{cx},=&{dx},1,2,~{memory}""#;
        assert_eq!(touches(leaf), Touches::Registers);
        let of_c = r#"ptr asm "  xchgq %rbx,${1:q}\0A  cpuid\0A  xchgq %rbx,${1:q}", "={ax},=r,={cx},={dx},0,2,~{dirflag}""#;
        assert_eq!(touches(of_c), Touches::Registers);
        assert_eq!(touches(r#"ptr asm "xor r8d, r8d", """#), Touches::Memory, "no constraint");
    }

    #[test]
    fn black_boxes_do_nothing() {
        assert_eq!(touches(r#"ptr asm sideeffect "", "r,~{memory}""#), Touches::Nothing);
        assert_eq!(touches(r#"ptr asm sideeffect "\0A", "=r,0""#), Touches::Nothing);
    }

    #[test]
    fn brackets_names_and_unknown_instructions_are_memory() {
        let table = [
            r#"ptr asm "mov $0, [$1]", "=r,r""#,
            r#"ptr asm "mov $0, counter", "=r""#,
            r#"ptr asm "mov $0, $1", "=r,*m""#,
            r#"ptr asm "mov $0, $1", "=r,s""#,
            r#"ptr asm "movq (%rax), $0", "=r""#,
            r#"ptr asm "push rax", "r""#,
            r#"ptr asm "rep movsb", "r""#,
            r#"ptr asm "sqrtsd $1, $0", "=x,x""#,
        ];
        for text in table {
            assert_eq!(touches(text), Touches::Memory, "{text}");
        }
    }
}
