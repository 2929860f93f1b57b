//! Words that the optimiser moves as addresses, and that may be floats, or the other way.
//!
//! In an enum with a float in one variant and an address in another, code that only looks
//! into the second loads the word as an address, and moves it as one: `store ptr (load ptr)`.
//! An address has no adjoint, so that of the float would stay behind. And code that only looks
//! into the first moves the word as a float: nobody would know where the address points then.
//!
//! *Computes*: the addresses and doubles that are loaded from bytes where a float and an
//! address take turns, or made of such words; and to where choices lead from there: the stores
//! to such bytes, and the casts to integers that are stored there or are a float again. Among
//! them are doubles that are moved to such bytes, or used as addresses, from memory that code
//! may have written which is not seen: that they are doubles shows nothing of what lies there.
//! *From*: the program, and which bytes take turns. `enzyme_prepare` then moves the words as
//! integers, which may be the bits of a float.
//!
//! *Why it is sound*: it need not be: what stays an address is refused
//! (`activity::addresses`) where a float might move with it, and what is read behind an address
//! that came as a float ends the program.

use std::collections::{BTreeSet, HashSet};

use enzyme_body::{Body, BodyId, Cast, FloatKind, Inst, Moved, Op, Program, Ty, ValueId};

use super::Types;
use super::words::{live_users, users};
use crate::walk::walk;

/// The bytes of a word.
const WORD: u64 = 8;

/// What should be moved as integers, for each body that moves any.
pub(super) fn moved(program: &Program, types: &Types) -> Vec<Moved> {
    let found = program.bodies.iter().filter_map(|(id, body)| {
        let mut ways = addresses(types, (id, body));
        ways.extend(doubles(types, (id, body)));
        let users: BTreeSet<_> = ways.iter().flat_map(|way| way.users.iter().copied()).collect();
        let moved: HashSet<_> = ways.into_iter().flat_map(|way| way.words).collect();
        let operands = |v: ValueId| {
            let inst = body.inst(v).into_iter();
            let operands = inst.flat_map(|inst| inst.operands.iter().copied());
            operands.filter(|operand| moved.contains(operand)).collect::<Vec<_>>()
        };
        let sources = users.iter().filter_map(|&user| body.inst(user)).map(|inst| inst.operands[0]);
        let words: BTreeSet<_> = sources.flat_map(|source| walk(source, operands)).collect();
        let [users, words] = [users, words].map(|all| all.into_iter().collect::<Vec<_>>());
        (!users.is_empty()).then_some(Moved { body: id, users, words })
    });
    found.collect()
}

/// Whether a value is an address that may be the bits of a float: loaded from where one may
/// lie, or made of what may be one.
pub(crate) fn may_be_float(types: &Types, (id, body): (BodyId, &Body), value: ValueId) -> bool {
    body.values[value].ty == Ty::Ptr
        && body.inst(value).is_some_and(|inst| match inst.op {
            Op::Load(_) => types.takes_turns_at(id, inst.operands[0], WORD),
            Op::Cast(Cast::IntToAddress) | Op::Extract { .. } => {
                types.by_turns(id, inst.operands[0])
            }
            _ => false,
        })
}

/// From a word that is loaded or cast to what moves it.
struct Way {
    /// The word, and the choices to which it leads.
    words: Vec<ValueId>,
    /// What stores one of them, or casts it to an integer.
    users: Vec<ValueId>,
}

impl Way {
    fn of(words: impl Iterator<Item = ValueId>, users: impl Fn(ValueId) -> Vec<ValueId>) -> Self {
        let words: Vec<_> = words.collect();
        let users = words.iter().flat_map(|&word| users(word)).collect();
        Self { words, users }
    }
}

/// The ways of addresses that may be floats.
fn addresses(types: &Types, at: (BodyId, &Body)) -> Vec<Way> {
    let (_, body) = at;
    let words = body.live_insts().map(|(value, _)| value);
    let words = words.filter(|&v| is_whole(body, v) && may_be_float(types, at, v));
    let users = |word: ValueId| {
        let users = live_users(body, word).filter(|&user| takes(types, at, word, user));
        users.map(|(user, _)| user).collect()
    };
    words.map(|word| Way::of(walk(word, |v| choices(body, v)), users)).collect()
}

/// The ways of doubles that may be addresses.
fn doubles(types: &Types, at: (BodyId, &Body)) -> Vec<Way> {
    let (id, body) = at;
    let words = body.live_insts().map(|(value, _)| value).filter(|&value| {
        body.values[value].ty == Ty::Float(FloatKind::Double) && is_whole(body, value)
    });
    let chosen = |word: ValueId| {
        let choices = users(body, word).filter(|(_, inst)| chooses_among(inst, word));
        choices.map(|(user, _)| user).collect::<Vec<_>>()
    };
    let moving = |word: ValueId, followed: bool| {
        let moving = users(body, word).filter(|user| {
            followed && matches!(user.1.op, Op::Store(_)) || moves_double(types, at, word, *user)
        });
        moving.map(|(user, _)| user).collect()
    };
    let integers = |word: ValueId| {
        let casts = users(body, word)
            .filter(|(user, inst)| is_bits(inst) && body.values[*user].ty == Ty::Int(64));
        casts.map(|(user, _)| user).collect()
    };
    let ways = words.filter_map(|value| {
        let word = body.inst(value).expect("a load or cast");
        let from = word.operands[0];
        let (turns, strange) = match word.op {
            Op::Load(_) => (types.takes_turns_at(id, from, WORD), types.escapes_at(id, from)),
            _ => (types.by_turns(id, from), false),
        };
        let doubtful = types.is_doubtful(id, value);
        if !turns && !strange && !doubtful {
            return None;
        }
        let words: Vec<_> = walk(value, chosen).collect();
        let followed = words.iter().any(|&word| {
            users(body, word).any(|(user, inst)| is_bits(inst) && is_followed(body, user))
        });
        let way = match doubtful && !turns {
            true => Way::of(words.into_iter(), integers),
            false => Way::of(words.into_iter(), |word| moving(word, followed)),
        };
        let is_taken = |&user: &ValueId| {
            let inst = body.inst(user).expect("a store or cast");
            takes(types, at, inst.operands[0], (user, inst))
        };
        (turns || doubtful || way.users.iter().any(is_taken)).then_some(way)
    });
    ways.collect()
}

/// Whether a user moves a double to where it may be an address, or as an integer. On paths
/// without reverse nothing tells what a double is: there it may go along as an integer, or the
/// word would have to stay a double beside.
fn moves_double(
    types: &Types,
    at: (BodyId, &Body),
    word: ValueId,
    (user, inst): (ValueId, &Inst),
) -> bool {
    let (_, body) = at;
    let stores = |inst: &Inst, value| matches!(inst.op, Op::Store(_)) && inst.operands[0] == value;
    match inst.op {
        Op::Cast(Cast::Bits) => {
            body.values[user].ty == Ty::Int(64)
                && (users(body, user).all(|(_, inst)| stores(inst, user))
                    || is_followed(body, user))
        }
        _ if body.blocks[inst.block].no_reverse => stores(inst, word),
        _ => takes(types, at, word, (user, inst)),
    }
}

/// The choices that may choose a value.
pub(crate) fn choices(body: &Body, value: ValueId) -> Vec<ValueId> {
    let choices = live_users(body, value).filter(|(_, inst)| chooses_among(inst, value));
    choices.map(|(user, _)| user).collect()
}

/// Whether an instruction may choose a value.
fn chooses_among(inst: &Inst, value: ValueId) -> bool {
    match inst.op {
        Op::Phi(_) | Op::Freeze => true,
        Op::Select => inst.operands[1..].contains(&value),
        _ => false,
    }
}

/// Whether a user moves a word to where it may be a float or an address.
fn takes(
    types: &Types,
    (id, body): (BodyId, &Body),
    word: ValueId,
    (user, inst): (ValueId, &Inst),
) -> bool {
    let is_stored = |value: ValueId, inst: &Inst| {
        matches!(inst.op, Op::Store(_))
            && inst.operands[0] == value
            && types.takes_turns_at(id, inst.operands[1], WORD)
    };
    match inst.op {
        Op::Store(_) => is_stored(word, inst),
        Op::Cast(cast @ (Cast::AddressToInt | Cast::Bits))
            if body.values[user].ty == Ty::Int(64) =>
        {
            walk(user, |v| as_they_are(body, v)).any(|v| {
                cast == Cast::AddressToInt && body.values[v].ty.float().is_some()
                    || cast == Cast::Bits && is_followed(body, v)
                    || live_users(body, v).any(|(_, inst)| is_stored(v, inst))
            })
        }
        _ => false,
    }
}

fn is_bits(inst: &Inst) -> bool {
    inst.op == Op::Cast(Cast::Bits)
}

/// Whether an integer is used as an address.
fn is_followed(body: &Body, integer: ValueId) -> bool {
    live_users(body, integer).any(|(_, inst)| inst.op == Op::Cast(Cast::IntToAddress))
}

/// Whether an integer can take the place of a word: not if that is a part of something.
fn is_whole(body: &Body, word: ValueId) -> bool {
    body.inst(word).is_some_and(|inst| match inst.op {
        Op::Load(_) => true,
        Op::Cast(Cast::IntToAddress | Cast::Bits) => {
            body.values[inst.operands[0]].ty == Ty::Int(64)
        }
        _ => false,
    })
}

/// What has the bits of a value.
fn as_they_are(body: &Body, value: ValueId) -> Vec<ValueId> {
    let casts = live_users(body, value).filter(|(_, inst)| is_bits(inst));
    choices(body, value).into_iter().chain(casts.map(|(user, _)| user)).collect()
}
