//! From arguments and words to what is asked for.
//!
//! Each parameter takes, in order, an optional word and one or two arguments:
//!
//! | parameter | without a word | `enzyme_const` | `enzyme_out` | `enzyme_dup` |
//! |---|---|---|---|---|
//! | float, vector of floats | as `enzyme_out` | value | value; derivative comes back | – |
//! | integer | as `enzyme_const` | value | – | – |
//! | address | as `enzyme_dup` | value | – | value, shadow |
//! | struct that is passed as a copy in memory | as `enzyme_dup` | value | value; derivative comes back | value, address of the shadow |
//!
//! "–" is refused. A variadic call promotes: a `double` for a `float`, an `int` for a
//! narrower integer; both are narrowed back, which is exact.

use enzyme_body::{FloatKind, Ty};
use enzyme_diag::{Code, Diagnostic, Result};

use crate::{Hook, Word};

/// The function to differentiate.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name, for messages.
    pub name: String,
    /// Its parameters; those that are copies in memory with the copy's type.
    pub params: Vec<(Ty, Option<Ty>)>,
    /// Its result, whether it comes in a register or through memory.
    pub result: Ty,
    /// Why it cannot be differentiated, if it cannot.
    pub unusual: Option<&'static str>,
}

/// One argument behind the function.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A word.
    Word(Word, String),
    /// A value of this type; whether it is the address of a copy made for the call.
    Value(Ty, bool),
}

/// How the value of a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passing {
    /// As itself.
    Value,
    /// As the address that it is.
    Address,
    /// As a copy in memory.
    Copy,
}

/// What is asked for by a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nothing.
    Const,
    /// Its shadow takes the derivative.
    Dup,
    /// The derivative comes back.
    Out,
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// How it travels.
    pub passing: Passing,
    /// What is asked for.
    pub role: Role,
    /// Which argument (counted without the function) is its value.
    pub value: usize,
    /// Which argument is its shadow.
    pub shadow: Option<usize>,
}

/// Where the derivative by the result comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seed {
    /// The result is not differentiated.
    None,
    /// It is 1, for each float of a struct.
    One,
    /// It is this argument.
    Argument(usize),
}

/// What a call asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Description {
    /// One entry for each parameter of the function.
    pub params: Vec<Param>,
    /// The derivative by the result.
    pub seed: Seed,
    /// Whether the function's result comes back.
    pub primal_wanted: bool,
    /// Whether a shadow that equals its value marks a constant.
    pub runtime_activity: bool,
    /// The bytes of the caller's memory for a tape: an argument.
    pub allocated: Option<usize>,
    /// The tape: an argument.
    pub tape: Option<usize>,
    /// Whether the tape stays for further sweeps.
    pub keeps_tape: bool,
}

/// Reads the arguments of a call.
///
/// # Errors
/// Everything that the convention gives no meaning to, or that the engine does not have.
pub fn parse(hook: Hook, signature: &Signature, given: &[Given]) -> Result<Description> {
    let mut parser = Parser { hook, signature, given, at: 0, found: Description::nothing() };
    parser.run()?;
    Ok(parser.found)
}

impl Description {
    fn nothing() -> Self {
        Self {
            params: Vec::new(),
            seed: Seed::None,
            primal_wanted: false,
            runtime_activity: false,
            allocated: None,
            tape: None,
            keeps_tape: false,
        }
    }
}

struct Parser<'a> {
    hook: Hook,
    signature: &'a Signature,
    given: &'a [Given],
    at: usize,
    found: Description,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<()> {
        if let Some(what) = self.signature.unusual {
            return self.refuse(what);
        }
        let mut differentiated = None;
        for number in 0..self.signature.params.len() {
            let role = self.words(&mut differentiated)?;
            let param = self.param(number, role)?;
            self.found.params.push(param);
        }
        if let Some(role) = self.words(&mut differentiated)? {
            return self.refuse(&format!("a word ({role:?}) without an argument behind it"));
        }
        self.result(differentiated)?;
        if self.hook == Hook::Reverse && self.found.tape.is_none() {
            self.found.tape = Some(self.value("the tape", |ty| *ty == Ty::Ptr)?);
        }
        match self.given.len() - self.at {
            0 => Ok(()),
            more => self.refuse(&format!("{more} more argument(s) than its parameters need")),
        }
    }

    /// The words before the next argument: those about the whole call are noted.
    fn words(&mut self, differentiated: &mut Option<bool>) -> Result<Option<Word>> {
        let mut role = None;
        while let Some(Given::Word(word, name)) = self.given.get(self.at) {
            self.at += 1;
            match word {
                Word::Const | Word::Dup | Word::DupNoNeed | Word::Out if role.is_none() => {
                    role = Some(*word);
                }
                Word::Const | Word::Dup | Word::DupNoNeed | Word::Out => {
                    return self.refuse(&format!("two words about one argument (`{name}`)"));
                }
                Word::PrimalReturn => self.found.primal_wanted = true,
                Word::NoReturn => self.found.primal_wanted = false,
                Word::ConstReturn => *differentiated = Some(false),
                Word::ActiveReturn => *differentiated = Some(true),
                Word::Scalar => {}
                Word::RuntimeActivity => self.found.runtime_activity = true,
                Word::Allocated => {
                    let size = self.value("a size", |ty| matches!(ty, Ty::Int(_)))?;
                    self.found.allocated = Some(size);
                }
                Word::Tape => self.found.tape = Some(self.value("a tape", |ty| *ty == Ty::Ptr)?),
                Word::NoFree => self.found.keeps_tape = true,
                Word::Missing => {
                    let text = format!("the word `{name}` is not available");
                    return Diagnostic::new(Code::BadMode, text)
                        .within(&self.signature.name)
                        .into();
                }
            }
        }
        Ok(role)
    }

    fn param(&mut self, number: usize, word: Option<Word>) -> Result<Param> {
        let (ty, copied) = self.signature.params[number].clone();
        let passing = match (&ty, &copied) {
            (_, Some(_)) => Passing::Copy,
            (Ty::Ptr, None) => Passing::Address,
            _ => Passing::Value,
        };
        let floats = ty.float().is_some();
        let role = match (passing, word) {
            (_, Some(Word::Const)) => Role::Const,
            (Passing::Value, Some(Word::Out)) if floats => Role::Out,
            (Passing::Copy, Some(Word::Out)) => Role::Out,
            (Passing::Address | Passing::Copy, None | Some(Word::Dup | Word::DupNoNeed)) => {
                Role::Dup
            }
            (Passing::Value, None) if floats => Role::Out,
            (Passing::Value, None) if matches!(ty, Ty::Int(_)) => Role::Const,
            (_, word) => {
                let word = word.map_or("no word".into(), |word| format!("the word {word:?}"));
                return self.refuse(&format!("{word} for parameter {number}, of type {ty}"));
            }
        };
        let value = self.argument(number, &ty, passing)?;
        let shadow = match role {
            Role::Dup => Some(self.shadow(number)?),
            _ => None,
        };
        Ok(Param { passing, role, value, shadow })
    }

    /// The argument that is the value of a parameter.
    fn argument(&mut self, number: usize, ty: &Ty, passing: Passing) -> Result<usize> {
        let copied = passing == Passing::Copy;
        match self.given.get(self.at) {
            Some(Given::Value(given, copy)) if promotes(ty, given) && *copy == copied => {}
            Some(Given::Value(given, _)) => {
                let text = format!(
                    "an argument of type {given} for parameter {number}, of type {ty}{}",
                    if copied { " (a struct that is passed as a copy)" } else { "" }
                );
                return self.refuse(&text);
            }
            _ => return self.refuse(&format!("no argument for parameter {number}")),
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    fn shadow(&mut self, number: usize) -> Result<usize> {
        match self.given.get(self.at) {
            Some(Given::Value(Ty::Ptr, false)) => {}
            Some(Given::Value(Ty::Ptr, true)) => {
                return self.refuse(&format!(
                    "the shadow of parameter {number} is a copy, which nobody would see: pass its address"
                ));
            }
            _ => {
                return self.refuse(&format!(
                    "no shadow for parameter {number}: an address is followed by its shadow, or \
                     has `enzyme_const` before it"
                ));
            }
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// The next argument, of a type that `fits`.
    fn value(&mut self, what: &str, fits: impl Fn(&Ty) -> bool) -> Result<usize> {
        match self.given.get(self.at) {
            Some(Given::Value(ty, false)) if fits(ty) => {
                self.at += 1;
                Ok(self.at - 1)
            }
            _ => self.refuse(&format!("{what} is missing")),
        }
    }

    /// What becomes of the function's result.
    fn result(&mut self, differentiated: Option<bool>) -> Result<()> {
        let result = &self.signature.result;
        let float = matches!(result, Ty::Float(_));
        let floats = float || self.hook == Hook::Autodiff && is_floats(result);
        let active = differentiated.unwrap_or(result.has_float());
        if self.found.primal_wanted && !floats && !matches!(result, Ty::Int(_)) {
            return self.refuse(&format!("a result of type {result} cannot come back"));
        }
        self.found.seed = match (active, self.hook) {
            (false, _) => Seed::None,
            (true, _) if !floats => {
                return self.refuse(&format!(
                    "a result of type {result} is not differentiated: write it through an \
                     address, with a shadow"
                ));
            }
            (true, Hook::Reverse) => Seed::Argument(
                self.value("the derivative by the result", |ty| promotes(result, ty))?,
            ),
            (true, _) => Seed::One,
        };
        Ok(())
    }

    fn refuse<T>(&self, text: &str) -> Result<T> {
        Diagnostic::new(Code::BadCall, text).within(&self.signature.name).into()
    }
}

/// Whether a type is a struct or vector of floats and nothing else.
pub fn is_floats(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) => true,
        Ty::Vector(item, _) => is_floats(item),
        Ty::Aggregate(_, fields) => {
            !fields.is_empty() && fields.iter().all(|(_, field)| is_floats(field))
        }
        _ => false,
    }
}

/// Whether an argument of type `given` may stand for a parameter of type `wanted`.
fn promotes(wanted: &Ty, given: &Ty) -> bool {
    match (wanted, given) {
        (Ty::Float(FloatKind::Single), Ty::Float(FloatKind::Double)) => true,
        (Ty::Int(wanted), Ty::Int(32)) => *wanted <= 32,
        _ => wanted == given,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOUBLE: Ty = Ty::Float(FloatKind::Double);

    fn signature(params: &[Ty]) -> Signature {
        let params = params.iter().map(|ty| (ty.clone(), None)).collect();
        Signature { name: "f".into(), params, result: DOUBLE, unusual: None }
    }

    fn value(ty: Ty) -> Given {
        Given::Value(ty, false)
    }

    fn word(word: Word) -> Given {
        Given::Word(word, String::new())
    }

    #[test]
    fn without_words_types_decide() {
        let signature = signature(&[Ty::Ptr, Ty::Int(64), DOUBLE]);
        let given = [Ty::Ptr, Ty::Ptr, Ty::Int(64), DOUBLE].map(value);
        let found = parse(Hook::Autodiff, &signature, &given).unwrap();
        let roles: Vec<_> = found.params.iter().map(|p| (p.role, p.value, p.shadow)).collect();
        let expected = [(Role::Dup, 0, Some(1)), (Role::Const, 2, None), (Role::Out, 3, None)];
        assert_eq!(roles, expected);
        assert_eq!(found.seed, Seed::One);
    }

    #[test]
    fn words_change_roles_and_the_result() {
        let signature = signature(&[Ty::Ptr, DOUBLE]);
        let given = [
            word(Word::PrimalReturn),
            word(Word::Const),
            value(Ty::Ptr),
            word(Word::ConstReturn),
            word(Word::Const),
            value(DOUBLE),
        ];
        let found = parse(Hook::Autodiff, &signature, &given).unwrap();
        assert!(found.params.iter().all(|p| p.role == Role::Const && p.shadow.is_none()));
        assert!(found.primal_wanted);
        assert_eq!(found.seed, Seed::None);
    }

    #[test]
    fn promotions_are_undone_and_nothing_else_is() {
        let single = signature(&[Ty::Float(FloatKind::Single), Ty::Int(8)]);
        assert!(parse(Hook::Autodiff, &single, &[value(DOUBLE), value(Ty::Int(32))]).is_ok());
        assert!(parse(Hook::Autodiff, &single, &[value(DOUBLE), value(Ty::Int(64))]).is_err());
        let wide = signature(&[Ty::Int(64)]);
        assert!(parse(Hook::Autodiff, &wide, &[value(Ty::Int(32))]).is_err());
    }

    #[test]
    fn missing_shadows_and_spare_arguments_are_refused() {
        let address = signature(&[Ty::Ptr]);
        assert!(parse(Hook::Autodiff, &address, &[value(Ty::Ptr)]).is_err());
        assert!(parse(Hook::Autodiff, &address, &[Ty::Ptr, Ty::Ptr, Ty::Ptr].map(value)).is_err());
        assert!(parse(Hook::Autodiff, &address, &[word(Word::Missing), value(Ty::Ptr)]).is_err());
    }

    #[test]
    fn structs_of_floats_may_be_returned_at_once() {
        let of = |other: Ty| {
            let result = Ty::Aggregate(16, vec![(0, DOUBLE), (8, other)]);
            Signature { result, ..signature(&[DOUBLE]) }
        };
        let given = [value(DOUBLE)];
        let found = parse(Hook::Autodiff, &of(DOUBLE), &given).unwrap();
        assert_eq!(found.seed, Seed::One);
        assert!(parse(Hook::Autodiff, &of(Ty::Int(64)), &given).is_err());
        assert!(parse(Hook::Augmented, &of(DOUBLE), &given).is_err());
    }

    #[test]
    fn the_reverse_sweep_takes_the_seed_and_the_tape() {
        let signature = signature(&[Ty::Ptr]);
        let given = [Ty::Ptr, Ty::Ptr, DOUBLE, Ty::Ptr].map(value);
        let found = parse(Hook::Reverse, &signature, &given).unwrap();
        assert_eq!((found.seed, found.tape), (Seed::Argument(2), Some(3)));
        let given =
            [word(Word::Tape), value(Ty::Ptr), value(Ty::Ptr), value(Ty::Ptr), value(DOUBLE)];
        let found = parse(Hook::Reverse, &signature, &given).unwrap();
        assert_eq!((found.seed, found.tape), (Seed::Argument(4), Some(1)));
    }
}
