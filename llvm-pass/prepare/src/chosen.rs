//! Loads through a chosen address, written as choices between loads.
//!
//! Where the arms of a branch end in the same load, LLVM leaves one load behind them, of an
//! address that the arms choose: `match e { Num(v) => *v, Var(i) => x[*i] }` reads either
//! the enum or the slice by one instruction. To the types, what one address may point to is
//! one region; so the floats of the caller's slice would lie where the enum has addresses
//! and integers, and memory of a `Const` argument where there is differentiated memory. This
//! stage puts the load back into the arms. A `select` of addresses becomes a branch first.
//!
//! It is done where the addresses begin at different objects, as far as can be seen; where
//! all uses of the choice are such loads, behind nothing that may write or end the program,
//! so that the same loads read the same memory; and where no arm comes from behind the
//! load (the head of a loop). Loads that are volatile or atomic are left, and so are those of
//! integers alone: what holds lengths in one of two places is looked at by views of both.

use std::collections::HashSet;

use enzyme_ir::{Block, Builder, Function, Opcode, Value};

/// How often choices of choices are taken apart.
const ROUNDS: usize = 8;
/// How far to look for the object that an address begins at.
const FAR: usize = 12;

/// Puts loads through chosen addresses into the arms.
pub fn loads_of_choices(function: Function) {
    for _ in 0..ROUNDS {
        let choices = function.insts().into_iter().filter(|i| is_choice(*i));
        let wanted: Vec<_> = choices.filter(|choice| wanted(*choice)).collect();
        for &choice in &wanted {
            // The choices that were taken apart before may have been why this one is wanted.
            if wanted_now(choice) {
                take_apart(choice);
            }
        }
        if wanted.is_empty() {
            break;
        }
    }
}

/// Whether an instruction chooses between addresses.
fn is_choice(inst: Value) -> bool {
    matches!(inst.opcode(), Some(Opcode::LLVMPHI | Opcode::LLVMSelect)) && inst.ty().is_pointer()
}

fn wanted(choice: Value) -> bool {
    let mut bases = Vec::new();
    collect_bases(choice, FAR, &mut Vec::new(), &mut bases);
    bases.len() > 1 && wanted_now(choice)
}

fn wanted_now(choice: Value) -> bool {
    let is_phi = choice.opcode() == Some(Opcode::LLVMPHI);
    !loads_through(choice).is_empty()
        && (!is_phi || (comes_from_several(choice) && !heads_a_loop(choice)))
        && !(is_phi && choice.block().is_landing_pad())
}

/// Whether a phi has several edges, each from another block.
fn comes_from_several(phi: Value) -> bool {
    let from: Vec<_> = phi.incoming().into_iter().map(|(_, from)| from).collect();
    from.len() > 1 && from.iter().collect::<HashSet<_>>().len() == from.len()
}

/// The values that an address is a part of, behind choices.
fn collect_bases(address: Value, far: usize, seen: &mut Vec<Value>, bases: &mut Vec<Value>) {
    if seen.contains(&address) {
        return;
    }
    seen.push(address);
    let mut further = |next: Value| collect_bases(next, far - 1, seen, bases);
    match address.opcode() {
        Some(Opcode::LLVMGetElementPtr) if far > 0 => further(address.operand(0)),
        Some(Opcode::LLVMPHI) if far > 0 => {
            address.incoming().into_iter().for_each(|(value, _)| further(value));
        }
        Some(Opcode::LLVMSelect) if far > 0 => {
            further(address.operand(1));
            further(address.operand(2));
        }
        _ if !address.is_undef() && !address.is_zero() => bases.push(address),
        _ => {}
    }
}

/// Whether one of the edges into a phi's block comes from behind it.
fn heads_a_loop(phi: Value) -> bool {
    let block = phi.block();
    let mut pending = vec![block.function().blocks()[0]];
    let mut before = HashSet::new();
    while let Some(next) = pending.pop() {
        if next != block && before.insert(next) {
            pending.extend(next.successors());
        }
    }
    phi.incoming().iter().any(|(_, from)| !before.contains(from))
}

/// The loads through an address, and the addresses near it that they read, in the order
/// of the block, if these are all that it is used for.
fn loads_through(choice: Value) -> Vec<Value> {
    let mut through = vec![choice];
    let mut loads = 0;
    let behind = std::iter::successors(choice.next(), |inst| inst.next());
    for inst in behind {
        let reads = inst.opcode() == Some(Opcode::LLVMLoad);
        let near = inst.opcode() == Some(Opcode::LLVMGetElementPtr);
        let own = (reads || near) && through.contains(&inst.operand(0));
        if own && reads && !inst.is_plain_access() {
            break;
        }
        // An index that is made in the same block is not there before it.
        let made_here = |index: Value| index.is_inst() && index.block() == choice.block();
        if own && near && inst.operands().into_iter().skip(1).any(made_here) {
            break;
        }
        if own {
            through.push(inst);
            loads += usize::from(reads && !inst.ty().is_integers());
        } else if may_write(inst) {
            break;
        }
    }
    let is_own = |user: &Value| through.contains(user);
    let addresses = || through.iter().filter(|value| value.opcode() != Some(Opcode::LLVMLoad));
    let all = addresses().all(|address| address.users().iter().all(is_own));
    if loads == 0 || !all {
        return Vec::new();
    }
    through.remove(0);
    through
}

/// Whether an instruction may write memory, or not go on to the next one.
pub(crate) fn may_write(inst: Value) -> bool {
    use Opcode::{
        LLVMAtomicCmpXchg, LLVMAtomicRMW, LLVMCall, LLVMFence, LLVMInvoke, LLVMLandingPad,
        LLVMStore, LLVMVAArg,
    };
    matches!(
        inst.opcode(),
        Some(
            LLVMAtomicCmpXchg
                | LLVMAtomicRMW
                | LLVMCall
                | LLVMFence
                | LLVMInvoke
                | LLVMLandingPad
                | LLVMStore
                | LLVMVAArg
        )
    ) || (inst.opcode() == Some(Opcode::LLVMLoad) && !inst.is_plain_access())
}

/// Repeats the loads through a choice at the end of each arm.
fn take_apart(choice: Value) {
    let choice = match choice.opcode() {
        Some(Opcode::LLVMSelect) => branched(choice),
        _ => choice,
    };
    let through = loads_through(choice);
    let block = choice.block();
    let builder = Builder::new(block.function().module());
    let mut arms: Vec<(Block, Vec<Value>)> = Vec::new();
    for (address, from) in choice.incoming() {
        let arm = if from.successors().len() > 1 { from.split_edge(block) } else { from };
        builder.before(arm.terminator().expect("a finished block"));
        let mut copies: Vec<Value> = Vec::new();
        for inst in &through {
            builder.locate(*inst);
            let copy = builder.duplicate(*inst);
            let of = through.iter().position(|v| *v == inst.operand(0));
            copy.set_operand(0, of.map_or(address, |at| copies[at]));
            copies.push(copy);
        }
        arms.push((arm, copies));
    }
    let edges = choice.incoming();
    for (at, inst) in through.iter().enumerate() {
        if inst.opcode() == Some(Opcode::LLVMLoad) {
            builder.before(block.first().expect("a finished block"));
            let phi = builder.phi(inst.ty());
            for (_, from) in &edges {
                let arm = arms.iter().find(|(arm, _)| arm == from).expect("an arm for each edge");
                phi.add_incoming(arm.1[at], *from);
            }
            inst.replace_uses(phi);
        }
    }
    for inst in through.into_iter().rev() {
        inst.erase();
    }
    choice.erase();
}

/// Writes a branch for a `select`; the phi in its place.
fn branched(select: Value) -> Value {
    let head = select.block();
    let rest = Block::split_before(select, "chosen");
    let function = head.function();
    let builder = Builder::new(function.module());
    let arms = ["first", "second"].map(|name| {
        let arm = function.append_block(name);
        builder.at_end(arm);
        builder.locate(select);
        builder.jump(rest);
        arm
    });
    head.terminator().expect("a finished block").erase();
    builder.at_end(head);
    builder.locate(select);
    builder.branch(select.operand(0), arms[0], arms[1]);
    builder.before(select);
    let phi = builder.phi(select.ty());
    phi.add_incoming(select.operand(1), arms[0]);
    phi.add_incoming(select.operand(2), arms[1]);
    select.replace_uses(phi);
    select.erase();
    phi
}
