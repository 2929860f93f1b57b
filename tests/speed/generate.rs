//! Programs of any size, as LLVM IR: plain text with a marker call.
//!
//! Operations are chosen by a congruence, so that the same program comes out each time.
//! Each reads values that were computed shortly before, as in code that people write; of
//! all values some are needed in the reverse sweep (products, sines, square roots) and
//! some are not.

use std::fmt::Write;

/// What follows the function `f` that is differentiated.
const CALLER: &str = r#"
@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
declare double @llvm.sin.f64(double)
declare double @llvm.sqrt.f64(double)
"#;
/// How far back an operation reads.
const NEAR: usize = 12;
/// Numbers that are read from memory first.
const INPUTS: usize = 8;

/// A function while it is written.
struct Text {
    text: String,
    values: Vec<String>,
    dice: u64,
}

impl Text {
    fn new() -> Self {
        let text = "define void @f(ptr %x, ptr %y) {\nentry:\n".to_owned();
        Self { text, values: Vec::new(), dice: 1 }
    }

    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").expect("a string has room");
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.dice =
            self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.dice >> 33) as usize % sides
    }

    fn recent(&mut self) -> String {
        let back = 1 + self.roll(NEAR.min(self.values.len()));
        self.values[self.values.len() - back].clone()
    }

    fn last(&self) -> String {
        self.values.last().expect("something was computed").clone()
    }

    /// Reads the inputs.
    fn inputs(&mut self) {
        for i in 0..INPUTS {
            self.line(&format!("%x{i}.at = getelementptr double, ptr %x, i64 {i}"));
            self.line(&format!("%x{i} = load double, ptr %x{i}.at"));
            self.values.push(format!("%x{i}"));
        }
    }

    /// One operation, which defines `name`.
    fn operation(&mut self, name: &str) {
        let (a, b) = (self.recent(), self.recent());
        let line = match self.roll(6) {
            0 => format!("fadd double {a}, {b}"),
            1 => format!("fsub double {a}, {b}"),
            2 => format!("fmul double {a}, {b}"),
            3 => format!("fdiv double {a}, {b}"),
            4 => format!("call double @llvm.sin.f64(double {a})"),
            _ => format!("call double @llvm.sqrt.f64(double {a})"),
        };
        self.line(&format!("{name} = {line}"));
        self.values.push(name.to_owned());
    }

    fn operations(&mut self, count: usize) {
        for k in 0..count {
            self.operation(&format!("%v{k}"));
        }
    }

    /// Writes the result and ends the function.
    fn finish(mut self) -> String {
        let result = self.last();
        self.line(&format!("store double {result}, ptr %y\nret void\n}}"));
        self.text + CALLER
    }
}

/// Operations one after the other.
pub fn straight(count: usize) -> String {
    let mut text = Text::new();
    text.inputs();
    text.operations(count);
    text.finish()
}

/// Every third operation reads or writes the caller's memory.
pub fn memory(count: usize) -> String {
    let mut text = Text::new();
    text.inputs();
    for k in 0..count {
        if k % 3 != 2 {
            text.operation(&format!("%v{k}"));
            continue;
        }
        let place = text.roll(64);
        text.line(&format!("%at{k} = getelementptr double, ptr %x, i64 {place}"));
        if text.roll(2) == 0 {
            let value = text.recent();
            text.line(&format!("store double {value}, ptr %at{k}"));
        } else {
            text.line(&format!("%v{k} = load double, ptr %at{k}"));
            text.values.push(format!("%v{k}"));
        }
    }
    text.finish()
}

/// Every eighth operation is one that is done on a condition.
pub fn branches(count: usize) -> String {
    let mut text = Text::new();
    text.inputs();
    let mut block = "entry".to_owned();
    for k in 0..count {
        if k % 8 != 7 {
            text.operation(&format!("%v{k}"));
            continue;
        }
        let (a, b) = (text.recent(), text.recent());
        text.line(&format!("%less{k} = fcmp olt double {a}, {b}"));
        text.line(&format!("br i1 %less{k}, label %then{k}, label %join{k}"));
        text.line(&format!("then{k}:\n%prod{k} = fmul double {a}, {b}"));
        text.line(&format!("%sin{k} = call double @llvm.sin.f64(double %prod{k})"));
        text.line(&format!("br label %join{k}\njoin{k}:"));
        text.line(&format!("%v{k} = phi double [ %sin{k}, %then{k} ], [ {a}, %{block} ]"));
        block = format!("join{k}");
        text.values.push(format!("%v{k}"));
    }
    text.finish()
}

/// Calls of one small function, which are inlined.
pub fn calls(count: usize) -> String {
    const CALLEE: &str = "define internal double @g(double %a, double %b) {
        %c = fmul double %a, %b\n%d = call double @llvm.sin.f64(double %c)
        %e = fadd double %d, %a\nret double %e\n}\n";
    let mut text = Text::new();
    text.inputs();
    for k in 0..count / 4 {
        let (a, b) = (text.recent(), text.recent());
        text.line(&format!("%v{k} = call double @g(double {a}, double {b})"));
        text.values.push(format!("%v{k}"));
    }
    CALLEE.to_owned() + &text.finish()
}

/// All operations are the body of one loop, whose length is not known.
pub fn one_loop(count: usize) -> String {
    nest_with(1, count)
}

/// Loops in loops, each with a sum of its own; lengths are not known.
pub fn nest(depth: usize) -> String {
    nest_with(depth, 20)
}

fn nest_with(depth: usize, operations: usize) -> String {
    let mut text = Text::new();
    text.line("%count = call i64 @length()\nbr label %head0");
    for d in 0..depth {
        let (before, start) = match d {
            0 => ("entry".to_owned(), "0.5".to_owned()),
            _ => (format!("head{}", d - 1), format!("%sum{}", d - 1)),
        };
        text.line(&format!("head{d}:\n%i{d} = phi i64 [ 0, %{before} ], [ %next{d}, %latch{d} ]"));
        text.line(&format!("%sum{d} = phi double [ {start}, %{before} ], [ %new{d}, %latch{d} ]"));
        if d + 1 < depth {
            text.line(&format!("br label %head{}", d + 1));
        }
    }
    let inner = depth - 1;
    text.line(&format!("%at = getelementptr double, ptr %x, i64 %i{inner}"));
    text.line("%xi = load double, ptr %at\nbr label %body\nbody:");
    text.values.extend([format!("%sum{inner}"), "%xi".to_owned()]);
    text.operations(operations);
    let mut last = text.last();
    for d in (0..depth).rev() {
        let out = if d == 0 { "done".to_owned() } else { format!("latch{}", d - 1) };
        let enter =
            if d == inner { "br label %latch" } else { "; the way out of the loop above: " };
        text.line(&format!("{enter}{d}\nlatch{d}:"));
        text.line(&format!("%half{d} = fmul double {last}, 0.5"));
        text.line(&format!("%new{d} = fadd double %half{d}, %sum{d}"));
        text.line(&format!("%next{d} = add nuw i64 %i{d}, 1"));
        text.line(&format!("%more{d} = icmp ult i64 %next{d}, %count"));
        text.line(&format!("br i1 %more{d}, label %head{d}, label %{out}"));
        last = format!("%new{d}");
    }
    text.line("done:");
    text.values.push(last);
    text.finish() + "declare i64 @length() memory(none)\n"
}
