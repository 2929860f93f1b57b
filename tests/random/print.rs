//! A program as C, and many of them as one file.

use std::fmt::Write;

use super::program::{
    Binary, Call, Cond, DOUBLES, INPUTS, INTS, Int, LEN, Num, Prog, Ptr, Stmt, Struct, Unary,
};

/// What every file begins with.
const HEAD: &str = "#include <stdlib.h>
#include <string.h>
#include <math.h>

struct S {
  double w;
  int k;
  float h;
  double *p;
  double v[4];
};

double __enzyme_autodiff(void *, ...);
extern int enzyme_const, enzyme_dup, enzyme_out;
";

/// Files that show a failure use the helpers of the folder that they end in.
const HEAD_WITH_CHECK: &str = "#include \"check.h\"
#include <stdlib.h>
#include <string.h>

struct S {
  double w;
  int k;
  float h;
  double *p;
  double v[4];
};
";

/// A file that prints each program's number and derivatives, one line for each program.
pub fn many<'a>(programs: impl Iterator<Item = (usize, &'a Prog)>) -> String {
    let mut text = format!("{HEAD}#include <stdio.h>\n");
    let mut calls = String::new();
    for (number, prog) in programs {
        functions(&mut text, number, prog);
        let _ = writeln!(text, "\nstatic void show{number}(void) {{");
        differentiate(&mut text, number, prog);
        let _ = writeln!(text, "  printf(\"{number}\");");
        for (input, place) in shadows(prog) {
            let _ = writeln!(text, "  printf(\" {input} %.17g\", (double)({place}));");
        }
        text.push_str("  printf(\"\\n\");\n}\n");
        let _ = writeln!(calls, "  show{number}();");
    }
    let _ = write!(text, "\nint main(void) {{\n{calls}  return 0;\n}}\n");
    text
}

/// A file for `tests/c`, with the derivatives that are right.
pub fn alone(prog: &Prog, gradient: &[f64; INPUTS]) -> String {
    let mut text = HEAD_WITH_CHECK.to_owned();
    functions(&mut text, 0, prog);
    text.push_str("\nint main(void) {\n");
    differentiate(&mut text, 0, prog);
    for (input, place) in shadows(prog) {
        let _ = writeln!(text, "  same(\"{place}\", {place}, {:?});", gradient[input]);
    }
    text.push_str("  return wrong;\n}\n");
    text
}

/// Which input's derivative lies where.
fn shadows(prog: &Prog) -> Vec<(usize, String)> {
    let mut places: Vec<_> = (0..LEN).map(|i| (i, format!("da[{i}]"))).collect();
    if !prog.same {
        places.extend((0..LEN).map(|i| (LEN + i, format!("db[{i}]"))));
    }
    places.extend((0..LEN).map(|i| (2 * LEN + i, format!("ds.v[{i}]"))));
    for (input, place) in ["ds.w", "ds.h", "dx"].into_iter().enumerate() {
        places.push((3 * LEN + input, place.to_owned()));
    }
    places
}

/// Inputs, shadows and the call.
fn differentiate(text: &mut String, number: usize, prog: &Prog) {
    let list = |from: usize| {
        let items: Vec<_> = (from..from + LEN).map(|i| format!("{:?}", prog.input(i))).collect();
        items.join(", ")
    };
    let (b, db) = if prog.same { ("a", "da") } else { ("b", "db") };
    let (behind, shadow) = match prog.behind % 3 {
        0 => ("a", "da"),
        1 => (b, db),
        _ => ("s.v", "ds.v"),
    };
    let [w, h, x] = [3 * LEN, 3 * LEN + 1, 3 * LEN + 2].map(|i| prog.input(i));
    let _ = writeln!(text, "  double a[4] = {{{}}}, da[4] = {{0}};", list(0));
    if !prog.same {
        let _ = writeln!(text, "  double b[4] = {{{}}}, db[4] = {{0}};", list(LEN));
    }
    let _ = writeln!(text, "  struct S s = {{{w:?}, 5, {h:?}f, 0, {{{}}}}};", list(2 * LEN));
    text.push_str("  struct S ds = {0, 5, 0, 0, {0}};\n");
    let _ = writeln!(text, "  s.p = {behind};\n  ds.p = {shadow};");
    let _ = writeln!(
        text,
        "  double dx = __enzyme_autodiff((void *)top{number}, enzyme_dup, a, da, enzyme_dup, {b}, \
         {db}, enzyme_dup, &s, &ds, enzyme_out, {x:?}, enzyme_const, {});",
        prog.n % 8
    );
}

/// The functions of a program, and the one that is differentiated.
fn functions(text: &mut String, number: usize, prog: &Prog) {
    let parameters = "(double *a, double *b, struct S *s, double x0, int n0, int depth)";
    text.push('\n');
    for index in 0..prog.funcs.len() {
        let _ = writeln!(text, "static double f{number}_{index}{parameters};");
    }
    for (index, func) in prog.funcs.iter().enumerate() {
        let never = if func.noinline { "__attribute__((noinline)) " } else { "" };
        let _ = writeln!(text, "\n{never}static double f{number}_{index}{parameters} {{");
        text.push_str("  double x1 = 0.375, x2 = -0.625, result;\n  float h = 0.25f;\n");
        text.push_str("  int n1 = 3;\n  double t[4] = {0.5, -0.25, 0.75, 0.125};\n");
        text.push_str("  double *m = malloc(4 * sizeof(double)), *q = t;\n");
        text.push_str("  for (int i = 0; i < 4; i++)\n    m[i] = x0 + a[i];\n");
        text.push_str("  struct S l = *s;\n");
        let mut printer = Printer { text, number, index, prog, loops: 0, breakable: false };
        printer.block(1, &func.body);
        let result = printer.num(&func.result);
        printer.line(0, "end:");
        printer.line(1, &format!("result = {result};"));
        printer.line(0, "out:");
        text.push_str("  free(m);\n  return result;\n}\n");
    }
    let _ = writeln!(
        text,
        "\nstatic double top{number}(double *a, double *b, struct S *s, double x, int n) {{\n  \
         double sum = f{number}_0(a, b, s, x, n, 2);"
    );
    let weight = Prog::weight;
    let _ = writeln!(text, "  sum += {:?} * s->w;\n  sum += {:?} * s->h;", weight(0), weight(1));
    let arrays = [("a", 2), (if prog.same { "" } else { "b" }, 2 + LEN), ("s->v", 2 + 2 * LEN)];
    for (array, from) in arrays.into_iter().filter(|(array, _)| !array.is_empty()) {
        for i in 0..LEN {
            let _ = writeln!(text, "  sum += {:?} * {array}[{i}];", weight(from + i));
        }
    }
    text.push_str("  return sum;\n}\n");
}

struct Printer<'a> {
    text: &'a mut String,
    number: usize,
    index: usize,
    prog: &'a Prog,
    loops: usize,
    breakable: bool,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{}{line}", "  ".repeat(depth));
    }

    fn block(&mut self, depth: usize, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(depth, stmt);
        }
    }

    fn stmt(&mut self, depth: usize, stmt: &Stmt) {
        match stmt {
            Stmt::If(cond, yes, no) => {
                let line = format!("if ({}) {{", self.cond(cond));
                self.line(depth, &line);
                self.block(depth + 1, yes);
                if !no.is_empty() {
                    self.line(depth, "} else {");
                    self.block(depth + 1, no);
                }
                self.line(depth, "}");
            }
            Stmt::Switch(int, arms) => {
                let line = format!("switch (({}) & 3) {{", self.int(int));
                self.line(depth, &line);
                let before = std::mem::replace(&mut self.breakable, true);
                for (value, arm) in arms.iter().enumerate() {
                    self.line(depth, &format!("case {value}: {{"));
                    self.block(depth + 1, arm);
                    self.line(depth, "} break;");
                }
                self.breakable = before;
                self.line(depth, "}");
            }
            Stmt::For(..) | Stmt::Down(..) | Stmt::While(..) | Stmt::DoWhile(..) => {
                self.looped(depth, stmt);
            }
            Stmt::Break(cond) => {
                let word = if self.breakable { "break" } else { "goto end" };
                let line = format!("if ({}) {word};", self.cond(cond));
                self.line(depth, &line);
            }
            Stmt::Continue(cond) => {
                let word = if self.loops > 0 { "continue" } else { "goto end" };
                let line = format!("if ({}) {word};", self.cond(cond));
                self.line(depth, &line);
            }
            Stmt::Return(cond, num) => {
                let line =
                    format!("if ({}) {{ result = {}; goto out; }}", self.cond(cond), self.num(num));
                self.line(depth, &line);
            }
            Stmt::Call(call) => self.call(depth, call),
            _ => {
                let line = self.assignment(stmt);
                self.line(depth, &line);
            }
        }
    }

    fn looped(&mut self, depth: usize, stmt: &Stmt) {
        let c = format!("c{}", self.loops);
        let open = match stmt {
            Stmt::For(count, _) => {
                let count = self.int(count);
                format!("for (int {c} = 0, e{c} = ({count}) & 3; {c} < e{c}; ++{c}) {{")
            }
            Stmt::Down(count, _) => format!("for (int {c} = {}; {c}-- > 0;) {{", count % 5),
            _ => format!("{{ int {c} = 0;"),
        };
        self.line(depth, &open);
        let before = std::mem::replace(&mut self.breakable, true);
        self.loops += 1;
        match stmt {
            Stmt::For(_, body) | Stmt::Down(_, body) => self.block(depth + 1, body),
            Stmt::While(cond, most, body) => {
                let line = format!("while ({c} < {} && {}) {{", most % 6 + 1, self.cond(cond));
                self.line(depth, &line);
                self.line(depth + 1, &format!("++{c};"));
                self.block(depth + 1, body);
                self.line(depth, "}");
            }
            Stmt::DoWhile(cond, most, body) => {
                self.line(depth, "do {");
                self.line(depth + 1, &format!("++{c};"));
                self.block(depth + 1, body);
                let line = format!("}} while ({c} < {} && {});", most % 6 + 1, self.cond(cond));
                self.line(depth, &line);
            }
            _ => unreachable!("a loop"),
        }
        self.loops -= 1;
        self.breakable = before;
        self.line(depth, "}");
    }

    fn call(&mut self, depth: usize, call: &Call) {
        let callee = self.prog.callee(self.index, call.callee);
        let itself = callee == self.index;
        let (guard, less) = if itself { ("if (depth > 0) ", " - 1") } else { ("", "") };
        let (a, b) = (self.ptr(call.a), self.ptr(call.b));
        let s = if let Struct::Local = call.s { "&l" } else { "s" };
        let line = format!(
            "{guard}{} = f{}_{callee}({a}, {b}, {s}, {}, ({}) & 7, depth{less});",
            double(call.into),
            self.number,
            self.num(&call.x),
            self.int(&call.n)
        );
        self.line(depth, &line);
    }

    fn assignment(&self, stmt: &Stmt) -> String {
        let item =
            |ptr: &Ptr, index: &Int| format!("{}[({}) & 3]", self.ptr(*ptr), self.int(index));
        match stmt {
            Stmt::X(x, num) => format!("{} = {};", double(*x), self.num(num)),
            Stmt::Float(num) => format!("h = (float)({});", self.num(num)),
            Stmt::N(n, int) => format!("n{} = ({}) & 7;", usize::from(*n) % INTS, self.int(int)),
            Stmt::Store(ptr, index, num) => format!("{} = {};", item(ptr, index), self.num(num)),
            Stmt::AddTo(ptr, index, num) => format!("{} += {};", item(ptr, index), self.num(num)),
            Stmt::Scale(ptr, index, num) => format!("{} *= {};", item(ptr, index), self.num(num)),
            Stmt::SetW(s, num) => format!("{} = {};", field(*s, "w"), self.num(num)),
            Stmt::SetFloat(s, num) => format!("{} = (float)({});", field(*s, "h"), self.num(num)),
            Stmt::SetK(s, int) => format!("{} = ({}) & 7;", field(*s, "k"), self.int(int)),
            Stmt::Choose(ptr) => format!("q = {};", self.ptr(*ptr)),
            Stmt::ChooseIf(cond, a, b) => {
                format!("q = {} ? {} : {};", self.cond(cond), self.ptr(*a), self.ptr(*b))
            }
            Stmt::SetBehind(ptr) => format!("l.p = {};", self.ptr(*ptr)),
            Stmt::CopyHalf(to, from, up) => {
                let (to, from) = (self.ptr(*to), self.ptr(*from));
                let half = LEN / 2 * usize::from(*up);
                format!("memcpy({to} + {half}, {from} + {}, 2 * sizeof(double));", 2 - half)
            }
            Stmt::Move(to, from) => {
                format!("memmove({}, {}, 4 * sizeof(double));", self.ptr(*to), self.ptr(*from))
            }
            Stmt::Clear(ptr) => format!("memset({}, 0, 4 * sizeof(double));", self.ptr(*ptr)),
            Stmt::Refresh => "l = *s;".to_owned(),
            _ => unreachable!("other statements are not assignments"),
        }
    }

    fn ptr(&self, ptr: Ptr) -> String {
        match ptr {
            Ptr::A => "a".to_owned(),
            Ptr::B => "b".to_owned(),
            Ptr::Stack => "t".to_owned(),
            Ptr::Heap => "m".to_owned(),
            Ptr::Chosen => "q".to_owned(),
            Ptr::Inside(s) => field(s, "v"),
            Ptr::Behind(s) => field(s, "p"),
        }
    }

    fn num(&self, num: &Num) -> String {
        match num {
            Num::Const(eighths) => format!("({:?})", f64::from(*eighths) / 8.0),
            Num::X(x) => double(*x),
            Num::Float => "(double)h".to_owned(),
            Num::Item(ptr, index) => format!("{}[({}) & 3]", self.ptr(*ptr), self.int(index)),
            Num::W(s) => field(*s, "w"),
            Num::FieldFloat(s) => format!("(double){}", field(*s, "h")),
            Num::FromInt(int) => format!("(double)({})", self.int(int)),
            Num::Unary(unary, a) => {
                let a = self.num(a);
                match unary {
                    Unary::Neg => format!("(-{a})"),
                    Unary::Sin => format!("sin({a})"),
                    Unary::Cos => format!("cos({a})"),
                    Unary::Exp => format!("exp(sin({a}))"),
                    Unary::Root => format!("sqrt(1.0 + {a} * {a})"),
                    Unary::Tanh => format!("tanh({a})"),
                    Unary::Abs => format!("fabs({a})"),
                    Unary::Log => format!("log(1.0 + {a} * {a})"),
                }
            }
            Num::Binary(binary, a, b) => {
                let (a, b) = (self.num(a), self.num(b));
                match binary {
                    Binary::Add => format!("({a} + {b})"),
                    Binary::Sub => format!("({a} - {b})"),
                    Binary::Mul => format!("({a} * {b})"),
                    Binary::Quotient => format!("({a} / (1.0 + {b} * {b}))"),
                    Binary::Max => format!("fmax({a}, {b})"),
                    Binary::Pow => format!("pow(1.0 + {a} * {a}, sin({b}))"),
                }
            }
            Num::Select(cond, a, b) => {
                format!("({} ? {} : {})", self.cond(cond), self.num(a), self.num(b))
            }
        }
    }

    fn int(&self, int: &Int) -> String {
        match int {
            Int::Const(c) => (c % 8).to_string(),
            Int::N(n) => format!("n{}", usize::from(*n) % INTS),
            Int::Counter(_) if self.loops == 0 => "1".to_owned(),
            Int::Counter(c) => format!("c{}", usize::from(*c) % self.loops),
            Int::FieldK(s) => field(*s, "k"),
            Int::Add(a, b) => format!("({} + {})", self.int(a), self.int(b)),
            Int::Mul(a, b) => format!("({} * {})", self.int(a), self.int(b)),
            Int::Of(num) => format!("((int){} & 7)", self.num(num)),
        }
    }

    fn cond(&self, cond: &Cond) -> String {
        match cond {
            Cond::Less(a, b) => format!("{} < {}", self.num(a), self.num(b)),
            Cond::IntLess(a, b) => format!("{} < {}", self.int(a), self.int(b)),
            Cond::Odd(a) => format!("({}) & 1", self.int(a)),
            Cond::Both(a, b) => format!("({} && {})", self.cond(a), self.cond(b)),
            Cond::Same(a, b) => format!("{} == {}", self.ptr(*a), self.ptr(*b)),
        }
    }
}

fn double(x: u8) -> String {
    format!("x{}", usize::from(x) % DOUBLES)
}

fn field(s: Struct, name: &str) -> String {
    let access = if let Struct::Local = s { "l." } else { "s->" };
    format!("{access}{name}")
}
