//! The canonical form, checked.
//!
//! What the analyses take for granted about loops is proven for each body: a
//! value is only used inside the loops that it lives in (phis use it on the
//! edge), so that "the value of this iteration" is well defined everywhere; and
//! counts and last counter values are available where the reverse sweep asks.

use crate::{BlockId, Body, LoopId, Op, ValueId};

impl Body {
    /// Says what is wrong with the form, if anything.
    ///
    /// # Errors
    /// The first violation, in words.
    pub fn check(&self) -> Result<(), String> {
        for (value, inst) in self.live_insts() {
            for (i, &operand) in inst.operands.iter().enumerate() {
                let at = match &inst.op {
                    Op::Phi(from) => from[i],
                    _ => inst.block,
                };
                if !self.lives_at(operand, self.blocks[at].in_loop) {
                    return Err(format!(
                        "{} uses {} outside of its loop",
                        self.label(value),
                        self.label(operand)
                    ));
                }
            }
        }
        for (id, lp) in self.loops.iter() {
            if lp.count.is_some_and(|count| !self.lives_at(count, lp.parent)) {
                return Err(format!("the count of {id} lives in another loop"));
            }
            for &(block, last) in &lp.exits {
                if !self.lives_at(last, self.blocks[block].in_loop) {
                    return Err(format!("the last count of {id} is not known at {block}"));
                }
            }
        }
        self.check_joins()
    }

    fn lives_at(&self, value: ValueId, place: Option<LoopId>) -> bool {
        self.within(place, self.loop_of(value))
    }

    fn check_joins(&self) -> Result<(), String> {
        let header = |block: BlockId| self.loops.iter().any(|(_, l)| l.header == block);
        for (id, block) in self.blocks.iter().filter(|(_, b)| !b.no_reverse) {
            if block.preds.len() > 1 && block.path.is_none() && !header(id) {
                return Err(format!("{id} is a join without a path phi"));
            }
        }
        Ok(())
    }
}
