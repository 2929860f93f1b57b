//! Shadows of integers where floats and integers take turns, and the checks that rest on
//! them. The formulas stand in `enzyme_analysis::types::dynamic`.

use enzyme_analysis::byte_moves::{WORD, zero_words};
use enzyme_analysis::script::Shadow;
use enzyme_body::{Inst, Op, Ty, ValueId};
use enzyme_diag::Result;
use enzyme_ir::{Opcode, Order, Value};

use super::Augment;
use crate::memory::alignment_of_shadow;

impl Augment<'_> {
    /// The value itself if all operands are their own shadows, else its complement.
    pub(super) fn computed(&mut self, value: ValueId, inst: &Inst) {
        self.after(value);
        let primal = self.primal(value);
        let mut same: Option<Value> = None;
        if matches!(inst.op, Op::Load(_)) {
            let address = self.shadow(inst.operands[0]);
            let shadow = self.builder.load(primal.ty(), address, alignment_of_shadow(primal));
            self.shadows.insert(value, shadow);
            let [a, b] = self.whole(value);
            same = Some(self.builder.compare(Order::Equal, a, b));
        }
        for &operand in &self.input.script.computed[&value] {
            if !self.tells(operand) {
                continue;
            }
            let [a, b] = self.asked(value, operand);
            let equal = self.builder.compare(Order::Equal, a, b);
            same = Some(match same {
                Some(others) => self.builder.binary(Opcode::LLVMAnd, others, equal),
                None => equal,
            });
        }
        let shadow = match same {
            Some(same) => self.builder.select(same, primal, self.complement(value)),
            None => primal,
        };
        self.shadows.insert(value, shadow);
    }

    /// The same operation on shadows, but the complement if an operand was computed from the
    /// bits of a float, or is one.
    pub(super) fn computed_address(&mut self, value: ValueId, inst: &Inst) -> Result<()> {
        self.derived(value, inst)?;
        let mut shadow = self.shadow(value);
        let operands = &self.input.script.computed[&value];
        let operands: Vec<_> = operands.iter().filter(|&&o| self.tells(o)).copied().collect();
        for operand in operands {
            let [a, b] = self.whole(operand);
            let differs = self.builder.compare(Order::NotEqual, a, b);
            let float = self.builder.compare(Order::Equal, b, b.ty().zero());
            let computed = self.builder.is_complement(a, b);
            let either = self.builder.binary(Opcode::LLVMOr, float, computed);
            let lost = self.builder.binary(Opcode::LLVMAnd, differs, either);
            shadow = self.builder.select(lost, self.complement(value), shadow);
        }
        self.shadows.insert(value, shadow);
        Ok(())
    }

    /// The value's complement, but for words that are zero by their form: what is put beside it
    /// in one register keeps its bits.
    fn complement(&self, value: ValueId) -> Value {
        let primal = self.primal(value);
        let bits = WORD * 8;
        let word = self.input.module().int(u32::try_from(bits).expect("few bits")).all_ones();
        let mut ones = primal.ty().all_ones();
        for at in zero_words(self.input.body(), value) {
            let word = self.builder.resize(word, primal.ty());
            let by = primal.ty().const_int((at * bits).cast_signed());
            let zeros = self.builder.binary(Opcode::LLVMShl, word, by);
            ones = self.builder.binary(Opcode::LLVMXor, ones, zeros);
        }
        self.builder.binary(Opcode::LLVMXor, primal, ones)
    }

    /// Ends the program if an operand was computed from the bits of a float.
    pub(super) fn check_bits(&self, value: ValueId, inst: &Inst) {
        self.builder.before(self.primal(value));
        for &operand in inst.operands.iter().filter(|&&operand| self.tells(operand)) {
            let [a, b] = self.whole(operand);
            let complement = self.builder.is_complement(a, b);
            self.builder.call(self.runtime.function("border.bits"), &[complement]);
        }
    }

    /// Ends the program if bytes of floats move to where they would be no whole words.
    pub(super) fn check_words(&self, value: ValueId, operands: [ValueId; 3], size: u64) {
        self.builder.before(self.primal(value));
        let [to, from, len] = operands;
        let module = self.input.module();
        let len = self.builder.resize(self.primal(len), module.int(64));
        let arguments = [
            self.primal(to),
            self.primal(from),
            self.shadow(from),
            len,
            module.i64(size.cast_signed()),
        ];
        self.builder.call(self.runtime.function("border.words"), &arguments);
    }

    /// Ends the program if floats are copied to where they are no whole words.
    pub(super) fn check_grid(&self, value: ValueId, to: ValueId, size: u64) {
        self.builder.before(self.primal(value));
        let module = self.input.module();
        let number = self.builder.cast(Opcode::LLVMPtrToInt, self.primal(to), module.int(64));
        let most = module.i64(size.cast_signed() - 1);
        let behind = self.builder.binary(Opcode::LLVMAnd, number, most);
        let off = self.builder.compare(Order::NotEqual, behind, behind.ty().zero());
        self.builder.call(self.runtime.function("border.bits"), &[off]);
    }

    /// Whether the value is an integer of which the shadow tells what it is.
    fn tells(&self, value: ValueId) -> bool {
        let integer = matches!(self.input.body().values[value].ty, Ty::Int(_) | Ty::Vector(..));
        integer && self.input.script.shadow(value) != Shadow::None
    }

    /// The bits of an operand and of its shadow that tell what a value is computed of.
    fn asked(&self, value: ValueId, operand: ValueId) -> [Value; 2] {
        let both = self.whole(operand);
        let Some(bits) = self.input.script.asked.get(&value) else { return both };
        let begin = both[0].ty().const_int(bits.start.cast_signed());
        let len = u32::try_from(bits.end - bits.start).expect("the width of a register");
        let ty = self.input.module().int(len);
        let part = |whole| self.builder.binary(Opcode::LLVMLShr, whole, begin);
        both.map(|whole| self.builder.resize(part(whole), ty))
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
