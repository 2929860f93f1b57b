//! The names of the convention: functions that ask, and words between arguments.
//!
//! A function asks if its symbol holds one of the names: libraries declare one for each
//! signature by adding to the name, and C++ wraps it into the types of a template.
//! A word is a global variable of that name, or an argument that was loaded from it.

/// What the call of a declared function asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    /// The derivative, at once.
    Autodiff,
    /// The forward sweep, and a tape.
    Augmented,
    /// The bytes that a tape takes where the caller keeps it.
    TapeSize,
    /// The reverse sweep of a tape.
    Reverse,
    /// What stands for a function, or a table of them, in a shadow.
    Virtual,
    /// Something that this engine does not have, by its name.
    Missing(&'static str),
}

/// Longer names first, where one begins with another.
const HOOKS: &[(&str, Hook)] = &[
    ("__enzyme_autodiff", Hook::Autodiff),
    ("__enzyme_augmentsize", Hook::TapeSize),
    ("__enzyme_augmentfwd", Hook::Augmented),
    ("__enzyme_virtualreverse", Hook::Virtual),
    ("__enzyme_reverse", Hook::Reverse),
    ("__enzyme_fwddiff", Hook::Missing("`__enzyme_fwddiff`: forward mode")),
    ("__enzyme_fwdsplit", Hook::Missing("`__enzyme_fwdsplit`: forward mode")),
    ("__enzyme_batch", Hook::Missing("`__enzyme_batch`: several lanes at once")),
    ("__enzyme_checkpoint_", Hook::Missing("`__enzyme_checkpoint_…`: checkpoints in loops")),
    ("__enzyme_fixed_point", Hook::Missing("`__enzyme_fixed_point`: derivatives of fixed points")),
    ("__enzyme_error_estimate", Hook::Missing("`__enzyme_error_estimate`: estimates of rounding")),
    ("__enzyme_truncate", Hook::Missing("`__enzyme_truncate…`: another precision")),
    ("__enzyme_todense", Hook::Missing("`__enzyme_todense`: sparse derivatives")),
];

/// What the function of this symbol asks for, if it asks for anything.
pub fn hook(symbol: &str) -> Option<Hook> {
    HOOKS.iter().find(|(name, _)| symbol.contains(name)).map(|(_, hook)| *hook)
}

/// A word between the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The next argument is not differentiated.
    Const,
    /// The next two arguments are a value and its shadow.
    Dup,
    /// The same, and what the function writes there is not needed.
    DupNoNeed,
    /// The derivative by the next argument, a float, comes back.
    Out,
    /// The function's own result comes back, too.
    PrimalReturn,
    /// The function's result is not wanted.
    NoReturn,
    /// The function's result is not differentiated.
    ConstReturn,
    /// The function's result is differentiated.
    ActiveReturn,
    /// One lane: what there is.
    Scalar,
    /// A shadow that equals its value marks a constant.
    RuntimeActivity,
    /// The next argument is the size of the caller's memory for a tape.
    Allocated,
    /// The next argument is the tape.
    Tape,
    /// The tape stays for further reverse sweeps.
    NoFree,
    /// Something that this engine does not have, or does not know.
    Missing,
}

const WORDS: &[(&str, Word)] = &[
    ("enzyme_const", Word::Const),
    ("enzyme_dup", Word::Dup),
    ("enzyme_dupnoneed", Word::DupNoNeed),
    ("enzyme_out", Word::Out),
    ("enzyme_primal_return", Word::PrimalReturn),
    ("enzyme_noret", Word::NoReturn),
    ("enzyme_const_return", Word::ConstReturn),
    ("enzyme_active_return", Word::ActiveReturn),
    ("enzyme_scalar", Word::Scalar),
    ("enzyme_runtime_activity", Word::RuntimeActivity),
    ("enzyme_allocated", Word::Allocated),
    ("enzyme_tape", Word::Tape),
    ("enzyme_nofree", Word::NoFree),
];

/// What all words begin with.
const PREFIX: &str = "enzyme_";

/// The word that a global variable's symbol, or a text, stands for.
pub fn word(symbol: &str) -> Option<Word> {
    let name = identifier(symbol);
    if !name.starts_with(PREFIX) {
        return None;
    }
    let known = WORDS.iter().find(|(word, _)| *word == name);
    Some(known.map_or(Word::Missing, |(_, word)| *word))
}

/// The last identifier of a C++ symbol (`_ZN…<length><name>…`), or the symbol itself.
fn identifier(symbol: &str) -> &str {
    let Some(mangled) = symbol.strip_prefix("_Z") else { return symbol };
    for (at, _) in mangled.match_indices(PREFIX) {
        let digits = mangled[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let length = mangled[at - digits..at].parse::<usize>();
        if let Some(name) = length.ok().and_then(|length| mangled.get(at..at + length)) {
            return name;
        }
    }
    symbol
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_found_in_plain_longer_and_mangled_symbols() {
        assert_eq!(hook("__enzyme_autodiff"), Some(Hook::Autodiff));
        assert_eq!(hook("__enzyme_autodiffFloat"), Some(Hook::Autodiff));
        assert_eq!(hook("_Z17__enzyme_autodiffIdJdEET_PvDpT0_"), Some(Hook::Autodiff));
        assert_eq!(hook("__enzyme_reverse3"), Some(Hook::Reverse));
        assert_eq!(hook("_Z23__enzyme_virtualreverseIPvET_S1_"), Some(Hook::Virtual));
        assert!(matches!(hook("__enzyme_fwddiff"), Some(Hook::Missing(_))));
        assert_eq!(hook("__enzyme_register_gradient_f"), None);
        assert_eq!(hook("autodiff"), None);
    }

    #[test]
    fn words_are_whole_identifiers() {
        assert_eq!(word("enzyme_dup"), Some(Word::Dup));
        assert_eq!(word("enzyme_dupnoneed"), Some(Word::DupNoNeed));
        assert_eq!(word("_ZL10enzyme_dup"), Some(Word::Dup));
        assert_eq!(word("_ZN4math12enzyme_constE"), Some(Word::Const));
        assert_eq!(word("enzyme_width"), Some(Word::Missing));
        assert_eq!(word("width"), None);
    }
}
