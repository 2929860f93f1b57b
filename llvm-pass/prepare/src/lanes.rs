//! Addresses that are read as lanes of floats.
//!
//! An object that holds a float and an address beside it is read as one vector where the
//! optimiser finds that shorter; the address is taken out of the vector as a lane:
//!
//! ```text
//! extractelement (bitcast (load <2 x double>) to <2 x i64>), 1 → inttoptr
//! ```
//!
//! *Computes*: for each load of a vector of which a lane becomes an address, loads of its
//! lanes: as integers where the lanes are taken as such. *From what*: loads whose lanes are
//! taken one by one, or shuffled. *Why it is sound*: the same bytes are read at the same place.
//! *Does not*: loads that are used as a whole.

use std::collections::HashMap;

use enzyme_ir::{Builder, Function, Opcode, Value};

/// The bytes of a lane that may be an address.
const WORD: u64 = 8;

/// Rewrites the function's loads.
pub fn addresses_in_lanes(function: Function) {
    let loads = function.insts().into_iter().filter(|inst| is_load_of_words(*inst));
    for load in loads.collect::<Vec<_>>() {
        if let Some(uses) = Uses::of(load).filter(Uses::are_apart) {
            uses.read_apart(load);
        }
    }
}

fn is_load_of_words(inst: Value) -> bool {
    inst.opcode() == Some(Opcode::LLVMLoad)
        && inst.is_plain_access()
        && inst.ty().vector().is_some_and(|(item, _)| {
            item.size(inst.block().function().module()) == WORD && !item.is_pointer()
        })
}

/// What is done with the lanes of a load.
#[derive(Default)]
struct Uses {
    /// Lanes that are taken out, by the instructions that take them.
    taken: Vec<(u32, Value)>,
    /// Changes of the type, of whose result lanes are taken out.
    casts: Vec<Value>,
    /// The lanes that are shuffled.
    shuffled: Vec<u32>,
}

impl Uses {
    /// None if the load is used otherwise.
    fn of(load: Value) -> Option<Self> {
        let (_, count) = load.ty().vector()?;
        let mut uses = Self::default();
        for user in load.users() {
            match user.opcode()? {
                Opcode::LLVMShuffleVector => {
                    let first = if user.operand(0) == load { 0 } else { count };
                    let both = user.operand(0) == load && user.operand(1) == load;
                    let lanes = user.shuffle_mask().into_iter();
                    let lanes = lanes.filter_map(|lane| u32::try_from(lane).ok());
                    let own = |lane: &u32| both || (first..first + count).contains(lane);
                    uses.shuffled.extend(lanes.filter(own).map(|lane| lane % count));
                }
                Opcode::LLVMBitCast => {
                    user.ty().vector().filter(|(_, lanes)| *lanes == count)?;
                    uses.casts.push(user);
                    for taking in user.users() {
                        uses.take(taking)?;
                    }
                }
                _ => uses.take(user)?,
            }
        }
        Some(uses)
    }

    fn take(&mut self, user: Value) -> Option<()> {
        if user.opcode()? != Opcode::LLVMExtractElement {
            return None;
        }
        let lane = user.operand(1).int()?;
        self.taken.push((u32::try_from(lane).ok()?, user));
        Some(())
    }

    /// Whether a lane becomes an address, and no such lane is shuffled.
    fn are_apart(&self) -> bool {
        let address = |(_, taking): &&(u32, Value)| {
            taking.users().iter().any(|user| user.opcode() == Some(Opcode::LLVMIntToPtr))
        };
        let mut addresses = self.taken.iter().filter(address).peekable();
        addresses.peek().is_some() && addresses.all(|(lane, _)| !self.shuffled.contains(lane))
    }

    /// Reads the lanes each by itself.
    fn read_apart(self, load: Value) {
        let builder = Builder::new(load.block().function().module());
        builder.before(load);
        let align = load.alignment().min(WORD);
        let read = |lane: u32, ty| {
            let at = builder.offset_by(load.operand(0), u64::from(lane) * WORD);
            builder.load(ty, at, align)
        };
        let mut lanes = HashMap::new();
        for (lane, taking) in self.taken {
            let ty = taking.ty();
            let value = *lanes.entry((lane, ty)).or_insert_with(|| read(lane, ty));
            taking.replace_uses(value);
            taking.erase();
        }
        self.casts.into_iter().for_each(Value::erase);
        let (item, _) = load.ty().vector().expect("a vector");
        let mut shuffled = self.shuffled;
        shuffled.sort_unstable();
        shuffled.dedup();
        let insert = |vector, lane: u32| {
            let value = *lanes.entry((lane, item)).or_insert_with(|| read(lane, item));
            builder.insert_lane(vector, value, builder.module.i64(i64::from(lane)))
        };
        let vector = shuffled.into_iter().fold(load.ty().poison(), insert);
        load.replace_uses(vector);
        load.erase();
    }
}
