//! Bodies as text, for file tests and reports: one line per instruction.

use std::fmt;

use crate::{Body, Def, Loop, ValueId};

impl Body {
    /// A value as an operand.
    pub fn label(&self, value: ValueId) -> &str {
        &self.values[value].label
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let params: Vec<_> = self.params.iter().map(|&p| self.label(p)).collect();
        writeln!(f, "body {}({})", self.name, params.join(", "))?;
        for (id, lp) in self.loops.iter() {
            writeln!(f, "  {id}: {}", self.describe(lp))?;
        }
        for (id, block) in self.blocks.iter() {
            let preds: Vec<_> = block.preds.iter().map(ToString::to_string).collect();
            let fate = if block.no_reverse { "  ; no reverse" } else { "" };
            writeln!(f, "{id}: <- [{}]{fate}", preds.join(", "))?;
            for &value in &block.insts {
                self.write_inst(f, value)?;
            }
            let succs: Vec<_> = block.succs.iter().map(ToString::to_string).collect();
            if !succs.is_empty() {
                writeln!(f, "    -> {}", succs.join(", "))?;
            }
        }
        Ok(())
    }
}

impl Body {
    fn describe(&self, lp: &Loop) -> String {
        let count = lp.count.map_or("unknown".into(), |c| self.label(c).to_owned());
        let exits: Vec<_> =
            lp.exits.iter().map(|(b, v)| format!("{b} at {}", self.label(*v))).collect();
        format!(
            "depth {} header {} latch {} counter {} back edges {count} exits [{}]",
            lp.depth,
            lp.header,
            lp.latch,
            self.label(lp.counter),
            exits.join(", ")
        )
    }

    fn write_inst(&self, f: &mut fmt::Formatter<'_>, value: ValueId) -> fmt::Result {
        let data = &self.values[value];
        let Def::Inst(inst) = &data.def else { return Ok(()) };
        let operands: Vec<_> = inst.operands.iter().map(|&o| self.label(o)).collect();
        write!(f, "    {}: {} = {:?}", data.label, data.ty, inst.op)?;
        writeln!(f, " [{}]", operands.join(", "))
    }
}
