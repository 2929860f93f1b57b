//! Bodies of the intrinsics of SSE and AVX that `core::arch` reaches and that have no
//! generic form: each as generic vector instructions.
//!
//! From the "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 2,
//! by the instruction's name. A selector that must be a constant is part of the body.
//! Exceptions and rounding modes are not modelled: LLVM's default environment is.

use enzyme_ir::{Function, Type, Value};

use super::text::Text;
use super::vector::{Lanes, Places};

/// The text of the body of one of these functions, under this name; `selector` is the
/// constant that the call passes last.
pub fn body(name: &str, callee: Function, symbol: &str, selector: Option<i64>) -> Option<String> {
    let types: Vec<_> = callee.params().into_iter().map(Value::ty).collect();
    let result = callee.result_type();
    let parts: Vec<&str> = symbol.strip_prefix("llvm.x86.")?.split('.').collect();
    let [_, operation, rest @ ..] = parts.as_slice() else { return None };
    let scalar = matches!(rest.first(), Some(&"ss" | &"sd"));
    let mut body = Body { text: Text::default(), types, result, selector };
    let value = match *operation {
        "min" if scalar => body.first_lane(|b, item| b.smaller(item, "olt")),
        "max" if scalar => body.first_lane(|b, item| b.smaller(item, "ogt")),
        "min" => body.whole(|b, ty| b.smaller(ty, "olt")),
        "max" => body.whole(|b, ty| b.smaller(ty, "ogt")),
        "cmp" => body.compare(scalar),
        "hadd" => body.pairs("fadd"),
        "hsub" => body.pairs("fsub"),
        "addsub" => body.alternate(),
        "dpps" | "dppd" | "dp" => body.dot(),
        "round" => body.round(scalar),
        "blendvps" | "blendvpd" | "blendv" => body.blend(),
        "insertps" => body.insert(),
        "vpermilvar" | "permps" => body.permute(operation == &"permps"),
        "maskload" => body.masked_load(),
        "maskstore" => body.masked_store(),
        "gather" => body.gather(),
        "rcp" | "rsqrt" if scalar => body.approximation(operation),
        "cvtsd2ss" => body.convert_lane("fptrunc"),
        "cvtss2sd" => body.convert_lane("fpext"),
        "cvtpd2ps" => body.narrow(),
        "cvt" if rest == ["pd2", "ps", "256"] => body.narrow(),
        "cvtsi2ss" | "cvtsi642ss" | "cvtsi2sd" | "cvtsi642sd" => body.convert_lane("sitofp"),
        _ => None,
    }?;
    match value.as_str() {
        "" => body.text.line("ret void"),
        value => body.text.line(format!("ret {result} {value}")),
    }
    let params: Vec<_> = body.types.iter().map(Type::to_string).collect();
    Some(body.text.define(name, &result.to_string(), &params))
}

struct Body {
    text: Text,
    types: Vec<Type>,
    result: Type,
    selector: Option<i64>,
}

/// A type, and the names of two values of it.
type Two<'a> = (&'a str, &'a str, &'a str);

impl Body {
    fn ty(&self) -> String {
        self.result.to_string()
    }

    /// The result's item type and number of lanes.
    fn shape(&self) -> Option<(String, u32)> {
        self.result.vector().map(|(item, lanes)| (item.to_string(), lanes))
    }

    /// The result's lanes in each half of 128 bits, of which wide instructions have two.
    fn lanes_of_half(&self) -> Option<u32> {
        match self.shape()?.0.as_str() {
            "float" => Some(4),
            "double" => Some(2),
            _ => None,
        }
    }

    fn selected(&self) -> Option<u32> {
        u32::try_from(self.selector? & 0xff).ok()
    }

    /// An operation on the first two parameters.
    fn whole(&mut self, f: impl FnOnce(&mut Self, Two<'_>) -> String) -> Option<String> {
        let ty = self.ty();
        Some(f(self, (&ty, "%p0", "%p1")))
    }

    /// An operation on their first lanes; the others are the first parameter's.
    fn first_lane(&mut self, f: impl FnOnce(&mut Self, Two<'_>) -> String) -> Option<String> {
        let (item, _) = self.shape()?;
        let ty = self.ty();
        let [a, b] = ["%p0", "%p1"].map(|v| self.text.lane(&ty, v, 0));
        let lane = f(self, (&item, &a, &b));
        Some(self.text.with_lane(&ty, "%p0", (&item, &lane), 0))
    }

    /// The first if it compares so, else the second: on a tie and with a NaN too.
    fn smaller(&mut self, (ty, a, b): Two<'_>, order: &str) -> String {
        let first = self.text.value(format!("fcmp {order} {ty} {a}, {b}"));
        self.select(&first, (ty, a, b))
    }

    fn select(&mut self, condition: &str, (ty, a, b): Two<'_>) -> String {
        let bits = match ty.starts_with('<') {
            true => format!("<{} x i1>", self.shape().map_or(1, |s| s.1)),
            false => "i1".to_owned(),
        };
        self.text.value(format!("select {bits} {condition}, {ty} {a}, {ty} {b}"))
    }

    /// A mask of all bits one, or zero.
    fn compare(&mut self, scalar: bool) -> Option<String> {
        const ORDERS: [&str; 16] = [
            "oeq", "olt", "ole", "uno", "une", "uge", "ugt", "ord", "ueq", "ult", "ule", "false",
            "one", "oge", "ogt", "true",
        ];
        let order = ORDERS[(self.selected()? & 15) as usize];
        let (_, lanes) = self.shape()?;
        let integer = self.integer()?;
        let mask = |b: &mut Self, (ty, a, c): Two<'_>, vector: bool| {
            let count = |item: &str| match vector {
                true => format!("<{lanes} x {item}>"),
                false => item.to_owned(),
            };
            let holds = b.text.value(format!("fcmp {order} {ty} {a}, {c}"));
            let (bits, wide) = (count("i1"), count(&integer));
            let mask = b.text.value(format!("sext {bits} {holds} to {wide}"));
            b.text.value(format!("bitcast {wide} {mask} to {ty}"))
        };
        match scalar {
            true => self.first_lane(|b, two| mask(b, two, false)),
            false => self.whole(|b, two| mask(b, two, true)),
        }
    }

    /// The integer as wide as an item.
    fn integer(&self) -> Option<String> {
        Some(match self.shape()?.0.as_str() {
            "float" => "i32".to_owned(),
            "double" => "i64".to_owned(),
            _ => return None,
        })
    }

    /// Neighbours joined: of the first parameter, then of the second, in each half.
    fn pairs(&mut self, operation: &str) -> Option<String> {
        let (ty, (_, lanes), half) = (self.ty(), self.shape()?, self.lanes_of_half()?);
        let source = |lane: u32, odd: u32| {
            let (start, within) = (lane / half * half, lane % half);
            let (side, pair) = (within / (half / 2), within % (half / 2));
            side * lanes + start + 2 * pair + odd
        };
        let [even, odd] = [0, 1].map(|odd| {
            let mask: Vec<_> = (0..lanes).map(|lane| source(lane, odd)).collect();
            self.text.shuffle(&ty, ("%p0", "%p1"), &mask)
        });
        Some(self.text.value(format!("{operation} {ty} {even}, {odd}")))
    }

    /// Differences in even lanes, sums in odd ones.
    fn alternate(&mut self) -> Option<String> {
        let (ty, (_, lanes)) = (self.ty(), self.shape()?);
        let difference = self.text.value(format!("fsub {ty} %p0, %p1"));
        let sum = self.text.value(format!("fadd {ty} %p0, %p1"));
        let mask: Vec<_> = (0..lanes).map(|lane| lane + lane % 2 * lanes).collect();
        Some(self.text.shuffle(&ty, (&difference, &sum), &mask))
    }

    /// In each half the sum of the products that the upper bits select, in the lanes
    /// that the lower ones select; zero elsewhere.
    fn dot(&mut self) -> Option<String> {
        let (selected, ty) = (self.selected()?, self.ty());
        let ((item, lanes), half) = (self.shape()?, self.lanes_of_half()?);
        let products = self.text.value(format!("fmul {ty} %p0, %p1"));
        let mut value = "zeroinitializer".to_owned();
        for start in (0..lanes).step_by(half as usize) {
            let mut sums: Vec<_> = (0..half)
                .map(|lane| match selected >> (4 + lane) & 1 {
                    1 => self.text.lane(&ty, &products, start + lane),
                    _ => "0.0".to_owned(),
                })
                .collect();
            while sums.len() > 1 {
                let add = |pair: &[String]| {
                    self.text.value(format!("fadd {item} {}, {}", pair[0], pair[1]))
                };
                sums = sums.chunks(2).map(add).collect();
            }
            for lane in (0..half).filter(|lane| selected >> lane & 1 == 1) {
                value = self.text.with_lane(&ty, &value, (&item, &sums[0]), start + lane);
            }
        }
        Some(value)
    }

    fn round(&mut self, scalar: bool) -> Option<String> {
        const NAMES: [&str; 4] = ["llvm.roundeven", "llvm.floor", "llvm.ceil", "llvm.trunc"];
        let selected = self.selected()?;
        let name = if selected & 4 == 0 { NAMES[(selected & 3) as usize] } else { "llvm.rint" };
        let (item, lanes) = self.shape()?;
        let bits = if item == "float" { "f32" } else { "f64" };
        let ty = self.ty();
        if scalar {
            let lane = self.text.lane(&ty, "%p1", 0);
            let rounded = self.text.call(name, bits, &item, &[&lane]);
            return Some(self.text.with_lane(&ty, "%p0", (&item, &rounded), 0));
        }
        Some(self.text.call(name, &format!("v{lanes}{bits}"), &ty, &["%p0"]))
    }

    /// The second where the mask's sign bit is set.
    fn blend(&mut self) -> Option<String> {
        let condition = self.signs(2)?;
        let ty = self.ty();
        Some(self.select(&condition, (&ty, "%p1", "%p0")))
    }

    /// The sign bits of a parameter.
    fn signs(&mut self, param: usize) -> Option<String> {
        let ty = self.types[param];
        let (item, lanes) = ty.vector()?;
        let integer = match item.to_string().as_str() {
            "float" | "i32" => "i32",
            "double" | "i64" => "i64",
            _ => return None,
        };
        let wide = format!("<{lanes} x {integer}>");
        let bits = self.text.value(format!("bitcast {ty} %p{param} to {wide}"));
        Some(self.text.value(format!("icmp slt {wide} {bits}, zeroinitializer")))
    }

    /// One lane of the second in one lane of the first; some lanes zero.
    fn insert(&mut self) -> Option<String> {
        let (selected, ty) = (self.selected()?, self.ty());
        let (item, lanes) = self.shape()?;
        let lane = self.text.lane(&ty, "%p1", selected >> 6 & 3);
        let mut value = self.text.with_lane(&ty, "%p0", (&item, &lane), selected >> 4 & 3);
        for lane in (0..lanes).filter(|lane| selected >> lane & 1 == 1) {
            value = self.text.with_lane(&ty, &value, (&item, "0.0"), lane);
        }
        Some(value)
    }

    /// Lanes by index, within each half or, `across`, anywhere.
    fn permute(&mut self, across: bool) -> Option<String> {
        let (ty, (item, lanes)) = (self.ty(), self.shape()?);
        let half = if across { lanes } else { self.lanes_of_half()? };
        let index = self.types[1].to_string();
        let integer = self.types[1].vector()?.0.to_string();
        let mut value = "poison".to_owned();
        for lane in 0..lanes {
            let mut at = self.text.lane(&index, "%p1", lane);
            if half == 2 {
                // Of two doubles the second bit chooses.
                at = self.text.value(format!("lshr {integer} {at}, 1"));
            }
            at = self.text.value(format!("and {integer} {at}, {}", half - 1));
            at = self.text.value(format!("or disjoint {integer} {at}, {}", lane / half * half));
            let part = self.text.value(format!("extractelement {ty} %p0, {integer} {at}"));
            value = self.text.with_lane(&ty, &value, (&item, &part), lane);
        }
        Some(value)
    }

    /// The first lane approximated as the instruction for all lanes does it.
    fn approximation(&mut self, name: &str) -> Option<String> {
        let (ty, (item, lanes)) = (self.ty(), self.shape()?);
        if lanes != 4 {
            return None;
        }
        let all = self.text.call(&format!("llvm.x86.sse.{name}"), "ps", &ty, &["%p0"]);
        let lane = self.text.lane(&ty, &all, 0);
        Some(self.text.with_lane(&ty, "%p0", (&item, &lane), 0))
    }

    /// `(address, mask)`: what the mask leaves out is zero.
    fn masked_load(&mut self) -> Option<String> {
        let condition = self.signs(1)?;
        let lanes = Lanes { mask: &condition, vector: self.result, places: Places::Row("%p0") };
        lanes.load(&mut self.text, "zeroinitializer")
    }

    /// `(address, mask, value)`
    fn masked_store(&mut self) -> Option<String> {
        let condition = self.signs(1)?;
        let vector = self.types[2];
        let lanes = Lanes { mask: &condition, vector, places: Places::Row("%p0") };
        lanes.store(&mut self.text, "%p2").map(|()| String::new())
    }

    /// `(otherwise, address, indices, mask, scale)`
    fn gather(&mut self) -> Option<String> {
        let scale = self.selected()?;
        let condition = self.signs(3)?;
        let places = Places::Indexed("%p1", ("%p2", self.types[2]), scale);
        let lanes = Lanes { mask: &condition, vector: self.result, places };
        lanes.load(&mut self.text, "%p0")
    }

    /// The second's first lane (or itself), converted, in the first's first lane.
    fn convert_lane(&mut self, operation: &str) -> Option<String> {
        let (ty, (item, _)) = (self.ty(), self.shape()?);
        let from = self.types[1];
        let (source, part) = match from.vector() {
            Some((part, _)) => (self.text.lane(&from.to_string(), "%p1", 0), part.to_string()),
            None => ("%p1".to_owned(), from.to_string()),
        };
        let lane = self.text.value(format!("{operation} {part} {source} to {item}"));
        Some(self.text.with_lane(&ty, "%p0", (&item, &lane), 0))
    }

    /// Doubles as floats; zeros in lanes that have none.
    fn narrow(&mut self) -> Option<String> {
        let from = self.types[0];
        let (_, lanes) = from.vector()?;
        let short = format!("<{lanes} x float>");
        let value = self.text.value(format!("fptrunc {from} %p0 to {short}"));
        let (_, all) = self.shape()?;
        if all == lanes {
            return Some(value);
        }
        let mask: Vec<_> = (0..all).collect();
        Some(self.text.shuffle(&short, (&value, "zeroinitializer"), &mask))
    }
}
