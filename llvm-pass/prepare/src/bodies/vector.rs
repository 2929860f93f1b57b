//! Bodies of LLVM's own vector intrinsics: reductions and masked memory.
//!
//! A reduction is its definition, lane after lane from the first; where the lanes may
//! be taken in any order, this is one. A masked access is, for each lane, a branch on
//! the lane's bit: what a lane does not touch stays untouched in the derivative too, and
//! lanes that read one place, or write it one after the other, do so in their order.

use enzyme_ir::{Function, Type, Value};

use super::text::Text;

/// The text of the body of one of these functions, under this name.
pub fn body(name: &str, callee: Function, symbol: &str) -> Option<String> {
    let types: Vec<_> = callee.params().into_iter().map(Value::ty).collect();
    let text = match symbol.strip_prefix("llvm.")? {
        s if s.starts_with("vector.reduce.f") => reduction(s, &types)?,
        s if s.starts_with("masked.load.") => load(callee.result_type(), &types)?,
        s if s.starts_with("masked.gather.") => load(callee.result_type(), &types)?,
        s if s.starts_with("masked.store.") => store(&types)?,
        s if s.starts_with("masked.scatter.") => store(&types)?,
        _ => return None,
    };
    let params: Vec<_> = types.iter().map(Type::to_string).collect();
    Some(text.define(name, &callee.result_type().to_string(), &params))
}

fn reduction(symbol: &str, types: &[Type]) -> Option<Text> {
    let operation = symbol.strip_prefix("vector.reduce.")?.split('.').next()?;
    let (item, lanes) = types.last()?.vector()?;
    let (vector, item) = (types.last()?.to_string(), item.to_string());
    let bits = match item.as_str() {
        "float" => "f32",
        "double" => "f64",
        _ => return None,
    };
    let at = format!("%p{}", types.len() - 1);
    let mut text = Text::default();
    let mut first = 0;
    let mut sum = if types.len() == 2 {
        "%p0".to_owned()
    } else {
        first = 1;
        text.lane(&vector, &at, 0)
    };
    for lane in first..lanes {
        let next = text.lane(&vector, &at, lane);
        sum = match operation {
            "fadd" => text.value(format!("fadd {item} {sum}, {next}")),
            "fmul" => text.value(format!("fmul {item} {sum}, {next}")),
            "fmax" => text.call("llvm.maxnum", bits, &item, &[&sum, &next]),
            "fmin" => text.call("llvm.minnum", bits, &item, &[&sum, &next]),
            "fmaximum" => text.call("llvm.maximum", bits, &item, &[&sum, &next]),
            "fminimum" => text.call("llvm.minimum", bits, &item, &[&sum, &next]),
            _ => return None,
        };
    }
    text.line(format!("ret {item} {sum}"));
    Some(text)
}

/// `(address or addresses, [alignment], mask, otherwise)`
fn load(result: Type, types: &[Type]) -> Option<Text> {
    let last = types.len().checked_sub(1)?;
    let mut text = Text::default();
    let mask = format!("%p{}", last.checked_sub(1)?);
    let lanes = Lanes { mask: &mask, vector: result, places: places("%p0", types[0]) };
    let loaded = lanes.load(&mut text, &format!("%p{last}"))?;
    text.line(format!("ret {result} {loaded}"));
    Some(text)
}

/// `(value, address or addresses, [alignment], mask)`
fn store(types: &[Type]) -> Option<Text> {
    let mask = format!("%p{}", types.len().checked_sub(1)?);
    let mut text = Text::default();
    let lanes = Lanes { mask: &mask, vector: types[0], places: places("%p1", *types.get(1)?) };
    lanes.store(&mut text, "%p0")?;
    text.line("ret void");
    Some(text)
}

fn places(name: &str, ty: Type) -> Places<'_> {
    match ty.vector() {
        Some(_) => Places::Each(name, ty),
        None => Places::Row(name),
    }
}

/// Where the lanes of an access lie.
pub enum Places<'a> {
    /// One behind the other, from an address.
    Row(&'a str),
    /// At the addresses of a vector.
    Each(&'a str, Type),
    /// At an address plus a vector of indices times a number of bytes.
    Indexed(&'a str, (&'a str, Type), u32),
}

/// A masked access.
pub struct Lanes<'a> {
    /// A vector of bits.
    pub mask: &'a str,
    /// The type of the data.
    pub vector: Type,
    /// Where they lie.
    pub places: Places<'a>,
}

impl Lanes<'_> {
    /// Loads the lanes whose bit is set; the others are those of `otherwise`.
    pub fn load(&self, text: &mut Text, otherwise: &str) -> Option<String> {
        let (item, lanes) = self.vector.vector()?;
        let (vector, item) = (self.vector.to_string(), item.to_string());
        let mut value = otherwise.to_owned();
        for lane in 0..lanes {
            let address = self.begin(text, (&item, lanes), lane);
            let loaded = text.value(format!("load {item}, ptr {address}, align 1"));
            let with = text.with_lane(&vector, &value, (&item, &loaded), lane);
            end(text, lane);
            let (done, not) = (format!("%done{lane}"), format!("%skip{lane}"));
            value = text.value(format!("phi {vector} [ {with}, {done} ], [ {value}, {not} ]"));
        }
        Some(value)
    }

    /// Stores the lanes whose bit is set.
    pub fn store(&self, text: &mut Text, value: &str) -> Option<()> {
        let (item, lanes) = self.vector.vector()?;
        let item = item.to_string();
        for lane in 0..lanes {
            let address = self.begin(text, (&item, lanes), lane);
            let part = text.lane(&self.vector.to_string(), value, lane);
            text.line(format!("store {item} {part}, ptr {address}, align 1"));
            end(text, lane);
        }
        Some(())
    }

    /// Opens the block that touches a lane's memory; gives the lane's address.
    fn begin(&self, text: &mut Text, (item, lanes): (&str, u32), lane: u32) -> String {
        let bit = text.lane(&format!("<{lanes} x i1>"), self.mask, lane);
        text.line(format!("br i1 {bit}, label %done{lane}, label %skip{lane}"));
        text.line(format!("done{lane}:"));
        match self.places {
            Places::Row(at) => text.value(format!("getelementptr {item}, ptr {at}, i64 {lane}")),
            Places::Each(vector, ty) => text.lane(&ty.to_string(), vector, lane),
            Places::Indexed(at, (indices, ty), scale) => {
                let index = text.lane(&ty.to_string(), indices, lane);
                let integer = ty.vector().map_or(ty, |(integer, _)| integer).to_string();
                let wide = match integer.as_str() {
                    "i64" => index,
                    _ => text.value(format!("sext {integer} {index} to i64")),
                };
                text.value(format!("getelementptr [{scale} x i8], ptr {at}, i64 {wide}"))
            }
        }
    }
}

/// Closes it.
fn end(text: &mut Text, lane: u32) {
    text.line(format!("br label %next{lane}"));
    text.line(format!("skip{lane}:"));
    text.line(format!("br label %next{lane}"));
    text.line(format!("next{lane}:"));
}
