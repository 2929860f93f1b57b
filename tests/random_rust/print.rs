//! A program as Rust, and many of them as one file for `program/`.
//!
//! The text of a program stands there twice: for doubles, with the attribute that asks for
//! its gradient, and for dual numbers.

use std::fmt::Write;

use super::grammar::Sort;
use super::tree::{Node, Piece, Prog};

/// Variables of a function, declared where the function mentions them.
const VARIABLES: [(&str, &str); 11] = [
    ("x1", "x1 = c(0.375)"),
    ("x2", "x2 = x0 - c(0.625)"),
    ("h", "h = single(c(0.25) + x0 * c(0.125))"),
    ("n1", "n1 = 3_usize"),
    ("t", "t = [c(0.5), c(-0.25), x0, c(0.125)]"),
    ("v", "v: Vec<F> = b.iter().map(|&y| y + x0).collect()"),
    ("l", "l = s.clone()"),
    ("m", "m = [[x0, c(0.75)], [c(-0.5), a[0]], [b[1], c(0.25)]]"),
    ("o", "o = Some(x0)"),
    ("e", "e = E::One(x0)"),
    ("pair", "pair = (x0, 2_usize, c(0.5))"),
];
/// Those that are not on the stack alone.
const BOXES: [(&str, &str); 2] =
    [("bx", "bx = Box::new(x0)"), ("rows", "rows = vec![b.to_vec(), vec![x0]]")];

/// The numbers that programs compute with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Doubles: the file asks for gradients.
    Gradient,
    Dual,
}

/// A program as text, for both kinds of numbers.
#[derive(Clone, Debug)]
pub struct Text {
    pub functions: String,
    /// Where it is differentiated: its integer and its inputs.
    at: String,
}

impl Text {
    /// The text of a program.
    pub fn new(prog: &Prog) -> Self {
        let inputs: Vec<_> = (0..prog.inputs.len()).map(|i| prog.input(i)).collect();
        Self { functions: functions(prog), at: format!("{} {inputs:?}", prog.n) }
    }

    /// A file for `kept/`.
    pub fn file(&self, said: &str) -> String {
        format!("//! {said}\n{AT}{}\n\n{}", self.at, self.functions)
    }

    /// What such a file holds.
    pub fn read(file: &str) -> Self {
        let (_, rest) = file.split_once(AT).expect("a line that says where");
        let (at, functions) = rest.split_once('\n').expect("functions");
        Self { functions: functions.to_owned(), at: at.to_owned() }
    }
}

/// The line of a file that says where its program is differentiated.
const AT: &str = "//! At: ";

/// A file with programs, by their numbers.
pub fn many<'a>(programs: impl Iterator<Item = (usize, &'a Text)>, kind: Kind) -> String {
    let mut text = String::new();
    let mut list = String::new();
    let numbers = if kind == Kind::Dual { "exact" } else { "plain" };
    for (number, Text { functions, at }) in programs {
        let _ = writeln!(text, "mod p{number} {{\nuse crate::{numbers}::*;\n{functions}");
        if kind == Kind::Gradient {
            let _ = writeln!(
                text,
                "#[enzyme_rs::autodiff_reverse(d_top{number}, Duplicated, Duplicated, Duplicated, \
                 Active, Const, Active)]"
            );
        }
        let _ = writeln!(text, "pub fn top{number}{TOP}}}\n");
        let _ = writeln!(list, "    {number} p{number} top{number} d_top{number} {at};");
    }
    format!("{text}programs! {{\n{list}}}\n")
}

/// What is differentiated: the first function, and all that it leaves in memory. Integers
/// are looked at, because of bytes that are only moved nothing tells that they are no floats.
const TOP: &str = "(a: &mut [F], b: &[F], s: &mut S, x: F, n: usize) -> F {
    let mut sum = f0(a, b, s, x, n, 2);
    sum += s.w + double(s.h) * c(1.25) + s.o.unwrap_or_default() + float(s.k);
    for i in 0..4 {
        sum += (a[i] * c(1.5) + s.arr[i]) * (c(1.0) + float(i));
    }
    sum
}
";

/// The functions of a program.
fn functions(prog: &Prog) -> String {
    let mut text = String::new();
    for (index, func) in prog.funcs.iter().enumerate() {
        let mut printer = Printer { prog, index, text: String::new(), lines: 1 };
        let mut names = Names::default();
        printer.block(&func.body, &mut names);
        printer.line();
        printer.node(&func.result, &mut names);
        let body = printer.text;
        let words: Vec<_> = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let never = if func.never_inlined { "#[inline(never)]\n" } else { "" };
        let _ = writeln!(
            text,
            "{never}fn f{index}(a: &mut [F], b: &[F], s: &mut S, mut x0: F, n0: usize, \
             depth: usize) -> F {{"
        );
        for (name, variable) in VARIABLES.iter().chain(&BOXES) {
            if words.contains(name) {
                let _ = writeln!(text, "    let mut {variable};");
            }
        }
        let _ = writeln!(text, "    {}\n}}\n", body.trim());
    }
    text
}

/// The names that may be read.
#[derive(Clone, Default)]
struct Names {
    numbers: Vec<String>,
    integers: Vec<String>,
    slices: Vec<String>,
    labels: Vec<String>,
    /// How many rows around bind names.
    level: usize,
}

struct Printer<'a> {
    prog: &'a Prog,
    index: usize,
    text: String,
    lines: usize,
}

impl Printer<'_> {
    fn line(&mut self) {
        let _ = write!(self.text, "\n{}", "    ".repeat(self.lines));
    }

    fn block(&mut self, block: &Node, names: &mut Names) {
        for stmt in &block.kids {
            self.line();
            self.node(stmt, names);
        }
    }

    fn node(&mut self, node: &Node, names: &mut Names) {
        let pieces = node.pieces();
        let binds = pieces.iter().any(|piece| matches!(piece, Piece::Name(_)))
            || pieces.contains(&Piece::Chosen("label"));
        let mut inner = Names { level: names.level + usize::from(binds), ..names.clone() };
        let outer = inner.clone();
        let mut kids = node.kids.iter();
        for &piece in pieces {
            match piece {
                Piece::Text(text) => self.text += text,
                Piece::Name(kind) => {
                    let name = format!("{kind}{}", inner.level + 2);
                    self.text += &name;
                    let list = match kind {
                        'i' => &mut inner.integers,
                        'w' => &mut inner.slices,
                        'q' => continue,
                        _ => &mut inner.numbers,
                    };
                    if !list.contains(&name) {
                        list.push(name);
                    }
                }
                Piece::Hole(sort, reads) => {
                    let kid = kids.next().expect("a kid for each hole");
                    let names = if reads { &mut inner } else { &mut *names };
                    if sort == Sort::Block {
                        self.lines += 1;
                        self.block(kid, names);
                        self.lines -= 1;
                        self.line();
                    } else {
                        self.node(kid, names);
                    }
                }
                Piece::Chosen("label") => {
                    let label = format!("'l{}", inner.level);
                    let _ = write!(self.text, "{label}:");
                    inner.labels.push(label);
                }
                Piece::Chosen(word) => self.chosen(word, usize::from(node.choice), names),
                Piece::Forget => inner = outer.clone(),
            }
        }
    }

    fn chosen(&mut self, word: &str, choice: usize, names: &Names) {
        let of = |list: &[String], other: &str| match list.len() {
            0 => other.to_owned(),
            len => list[choice % len].clone(),
        };
        let callee = self.prog.callee(self.index, choice as u8);
        let itself = callee == self.index;
        let text = match word {
            "x" => format!("x{}", choice % 3),
            "y" => of(&names.numbers, "x0"),
            "e" => format!("{:?}", f64::from(choice as u8 as i8 / 8) / 8.0),
            "k" => format!("{}_usize", choice % 7),
            "n" => format!("n{}", choice % 2),
            "i" => of(&names.integers, "1_usize"),
            "w" => format!("(&{}[..])", of(&names.slices, "b")),
            "02" => ["0", "2"][choice % 2].to_owned(),
            "jump" if names.labels.is_empty() => "return x0;".to_owned(),
            "jump" => match choice % 5 {
                0 => "return x0;".to_owned(),
                1 | 2 => format!("break {};", names.labels[choice / 5 % names.labels.len()]),
                _ => format!("continue {};", names.labels[choice / 5 % names.labels.len()]),
            },
            "callee" => format!("f{callee}"),
            "able" => if itself { "depth > 0" } else { "true" }.to_owned(),
            "depth" => if itself { "depth - 1" } else { "depth" }.to_owned(),
            other => unreachable!("{other} is no word"),
        };
        self.text += &text;
    }
}
