//! Shadows of integers where floats and integers take turns, and the checks that rest on
//! them. The formulas stand in `enzyme_analysis::types::dynamic`.

use enzyme_analysis::script::Shadow;
use enzyme_body::{Inst, Ty, ValueId};
use enzyme_ir::{Opcode, Order, Value};

use super::Augment;

impl Augment<'_> {
    /// The value itself if all operands are their own shadows, else its complement.
    pub(super) fn computed(&mut self, value: ValueId) {
        self.after(value);
        let primal = self.primal(value);
        let mut same: Option<Value> = None;
        for &operand in &self.input.script.computed[&value] {
            if !self.tells(operand) {
                continue;
            }
            let [a, b] = self.whole(operand);
            let equal = self.builder.compare(Order::Equal, a, b);
            same = Some(match same {
                Some(others) => self.builder.binary(Opcode::LLVMAnd, others, equal),
                None => equal,
            });
        }
        let shadow = match same {
            Some(same) => {
                let ones = primal.ty().all_ones();
                let complement = self.builder.binary(Opcode::LLVMXor, primal, ones);
                self.builder.select(same, primal, complement)
            }
            None => primal,
        };
        self.shadows.insert(value, shadow);
    }

    /// Ends the program if an operand was computed from the bits of a float.
    pub(super) fn check_bits(&self, value: ValueId, inst: &Inst) {
        self.builder.before(self.primal(value));
        for &operand in inst.operands.iter().filter(|&&operand| self.tells(operand)) {
            let [a, b] = self.whole(operand);
            let differ = self.builder.binary(Opcode::LLVMXor, a, b);
            // What is undefined may be either, but must be one of the two.
            let differ = self.builder.freeze(differ);
            let complement = self.builder.compare(Order::Equal, differ, differ.ty().all_ones());
            self.builder.call(self.runtime.function("border.bits"), &[complement]);
        }
    }

    /// Whether the value is an integer of which the shadow tells what it is.
    fn tells(&self, value: ValueId) -> bool {
        let integer = matches!(self.input.body().values[value].ty, Ty::Int(_) | Ty::Vector(..));
        integer && self.input.script.shadow(value) != Shadow::None
    }

    /// All bits of a value and of its shadow, each as one integer.
    fn whole(&self, value: ValueId) -> [Value; 2] {
        let both = [self.primal(value), self.shadow(value)];
        let ty = &self.input.body().values[value].ty;
        let Ty::Vector(..) = ty else { return both };
        let bits = u32::try_from(ty.size() * 8).expect("a register");
        let whole = self.input.module().int(bits);
        both.map(|value| self.builder.cast(Opcode::LLVMBitCast, value, whole))
    }
}
