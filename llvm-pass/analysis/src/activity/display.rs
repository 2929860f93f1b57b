//! Activity as text: active values and moving instructions, cells, regions.

use std::fmt;

use enzyme_body::{BodyId, ValueId};

use super::Activity;
use crate::bits::Bits;

fn members(bits: &Bits, from: usize, len: usize) -> impl Iterator<Item = usize> + '_ {
    (0..len).filter(move |&i| bits.has(from + i))
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, labels) in self.labels.iter().enumerate() {
            let body = BodyId::new(index);
            let list = |test: &dyn Fn(ValueId) -> bool| -> String {
                let all = labels.iter().enumerate().filter(|(i, _)| test(ValueId::new(*i)));
                all.map(|(_, label)| format!(" {label}")).collect()
            };
            writeln!(f, "active in {body}:{}", list(&|v| self.active(body, v)))?;
            writeln!(f, "shadows in {body}:{}", list(&|v| self.has_shadow(body, v)))?;
            writeln!(f, "moves in {body}:{}", list(&|v| self.moves(body, v)))?;
        }
        let cells: Vec<_> =
            members(&self.active, self.first_cell, self.cells).map(|i| format!(" c{i}")).collect();
        writeln!(f, "active cells:{}", cells.concat())?;
        for (name, bits) in [("shadowed", &self.shadowed), ("guarded", &self.guarded)] {
            let regions: Vec<_> = members(bits, 0, bits.len()).map(|i| format!(" r{i}")).collect();
            writeln!(f, "{name} regions:{}", regions.concat())?;
        }
        for error in &self.errors {
            writeln!(f, "{} {}", error.code, error.message)?;
        }
        Ok(())
    }
}
