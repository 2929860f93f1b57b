//! Writes the text of a function's body, one instruction after the other.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A body that grows. Each instruction has a number for its name.
#[derive(Default)]
pub struct Text {
    lines: String,
    count: usize,
    declared: BTreeSet<String>,
}

impl Text {
    /// An instruction with a result; gives its name.
    pub fn value(&mut self, instruction: impl AsRef<str>) -> String {
        let name = format!("%v{}", self.count);
        self.count += 1;
        self.line(format!("{name} = {}", instruction.as_ref()));
        name
    }

    /// An instruction without a result, or a label.
    pub fn line(&mut self, instruction: impl AsRef<str>) {
        writeln!(self.lines, "  {}", instruction.as_ref()).expect("memory");
    }

    /// A call of an intrinsic that works on one type: `call("llvm.floor", "v4f32", "<4 x float>", [a])`.
    pub fn call(&mut self, name: &str, suffix: &str, ty: &str, arguments: &[&str]) -> String {
        let params = vec![ty; arguments.len()].join(", ");
        self.declared.insert(format!("declare {ty} @{name}.{suffix}({params})\n"));
        let list: Vec<_> = arguments.iter().map(|a| format!("{ty} {a}")).collect();
        self.value(format!("call {ty} @{name}.{suffix}({})", list.join(", ")))
    }

    /// One lane of a vector.
    pub fn lane(&mut self, ty: &str, vector: &str, lane: u32) -> String {
        self.value(format!("extractelement {ty} {vector}, i64 {lane}"))
    }

    /// A vector with one lane replaced.
    pub fn with_lane(
        &mut self,
        ty: &str,
        vector: &str,
        (item, lane): (&str, &str),
        at: u32,
    ) -> String {
        self.value(format!("insertelement {ty} {vector}, {item} {lane}, i64 {at}"))
    }

    /// Lanes of two vectors in an order.
    pub fn shuffle(&mut self, ty: &str, (a, b): (&str, &str), lanes: &[u32]) -> String {
        let list: Vec<_> = lanes.iter().map(|lane| format!("i32 {lane}")).collect();
        let mask = format!("<{} x i32> <{}>", lanes.len(), list.join(", "));
        self.value(format!("shufflevector {ty} {a}, {ty} {b}, {mask}"))
    }

    /// The function, with parameters `%p0`, `%p1`, … of these types.
    pub fn define(self, name: &str, result: &str, params: &[String]) -> String {
        let declared: String = self.declared.into_iter().collect();
        let params: Vec<_> =
            params.iter().enumerate().map(|(i, ty)| format!("{ty} %p{i}")).collect();
        let head = format!("define {result} @{name}({}) {{\nentry:\n", params.join(", "));
        format!("{declared}\n{head}{}}}\n", self.lines)
    }
}
