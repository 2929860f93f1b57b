//! What a program computes, and its derivatives: a walk over its tree with dual numbers.
//!
//! This shares nothing with the engine, and nothing with a compiler. Each double carries
//! its derivatives by all inputs. Programs are left out ([`Strange`]) if they take long,
//! if numbers grow (rounding would hide what is wrong, or look like it), or if they stand
//! at a kink, where there is no derivative.

use super::program::{
    Binary, Call, Cond, DOUBLES, Func, INPUTS, INTS, Int, LEN, Num, Prog, Ptr, Stmt, Struct, Unary,
};

/// After so many statements and operations a program is left out.
const STEPS: u32 = 60_000;
/// Values and derivatives beyond these leave a program out.
const LARGEST: (f64, f64) = (1e3, 1e5);

/// A number and its derivatives.
#[derive(Clone, Copy, Debug)]
struct Dual {
    v: f64,
    d: [f64; INPUTS],
}

/// A derivative that is wrong on purpose: the tests must notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// The slope of `tanh` is taken to be `1 - tanh x`.
    Tanh,
    /// `p[i] *= x` forgets that the product moves with the old `p[i]`.
    Scale,
    /// `memmove` leaves the derivatives of what it overwrites.
    Move,
}

/// Why a program is left out.
#[derive(Debug)]
pub struct Strange;

type Result<T> = std::result::Result<T, Strange>;

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub gradient: [f64; INPUTS],
    /// The largest derivative of any value on the way.
    pub scale: f64,
}

enum Flow {
    Next,
    Break,
    Continue,
    Return(Dual),
}

/// A struct in memory; its pointer and array are places in memory.
#[derive(Clone, Copy)]
struct Record {
    w: Dual,
    float: Dual,
    k: i64,
    behind: usize,
    inside: usize,
}

struct Machine<'a> {
    prog: &'a Prog,
    planted: Option<Planted>,
    memory: Vec<Dual>,
    records: Vec<Record>,
    steps: u32,
    scale: f64,
}

/// The variables of one activation.
struct Frame {
    x: [Dual; DOUBLES],
    float: Dual,
    n: [i64; INTS],
    counters: Vec<i64>,
    places: [usize; 5],
    given: usize,
    local: usize,
    depth: i64,
    index: usize,
}

/// Runs the program and what stands around it.
pub fn run(prog: &Prog) -> Result<Found> {
    run_with(prog, None)
}

/// The same, with a derivative that is wrong.
pub fn run_with(prog: &Prog, planted: Option<Planted>) -> Result<Found> {
    let input = |i: usize| {
        let mut dual = Dual::from(prog.input(i));
        dual.d[i] = 1.0;
        dual
    };
    let mut float = input(3 * LEN + 1);
    float.v = f64::from(float.v as f32);
    let behind = [0, if prog.same { 0 } else { LEN }, 2 * LEN][usize::from(prog.behind % 3)];
    let record = Record { w: input(3 * LEN), float, k: 5, behind, inside: 2 * LEN };
    let memory = (0..3 * LEN).map(input).collect();
    let records = vec![record];
    let mut machine = Machine { prog, planted, memory, records, steps: 0, scale: 1.0 };
    let b = if prog.same { 0 } else { LEN };
    let x = input(3 * LEN + 2);
    let mut sum = machine.function(0, (0, b, 0), x, i64::from(prog.n % 8), 2)?;
    let record = machine.records[0];
    let mut outputs = vec![record.w, record.float];
    outputs.extend_from_slice(&machine.memory[..3 * LEN]);
    for (i, output) in outputs.into_iter().enumerate() {
        sum = machine.made(sum.plus(output.scaled(Prog::weight(i))))?;
    }
    Ok(Found { gradient: sum.d, scale: machine.scale })
}

impl From<f64> for Dual {
    fn from(v: f64) -> Self {
        Self { v, d: [0.0; INPUTS] }
    }
}

impl Dual {
    /// `v`, with the derivative `p` by this number and `q` by the other.
    fn chain(self, v: f64, p: f64, other: Self, q: f64) -> Self {
        Self { v, d: std::array::from_fn(|i| p * self.d[i] + q * other.d[i]) }
    }

    fn plus(self, other: Self) -> Self {
        self.chain(self.v + other.v, 1.0, other, 1.0)
    }

    fn scaled(self, by: f64) -> Self {
        self.chain(self.v * by, by, self, 0.0)
    }

    fn times(self, other: Self) -> Self {
        self.chain(self.v * other.v, other.v, other, self.v)
    }

    fn rounded(self) -> Self {
        Self { v: f64::from(self.v as f32), ..self }
    }
}

impl Machine<'_> {
    fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps > STEPS { Err(Strange) } else { Ok(()) }
    }

    /// A number that was computed.
    fn made(&mut self, dual: Dual) -> Result<Dual> {
        self.step()?;
        let slope = dual.d.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        let small = dual.v.abs() < LARGEST.0 && slope < LARGEST.1;
        self.scale = self.scale.max(slope);
        if small && !slope.is_nan() { Ok(dual) } else { Err(Strange) }
    }

    fn array(&mut self, values: [Dual; LEN]) -> usize {
        self.memory.extend(values);
        self.memory.len() - LEN
    }

    fn function(
        &mut self,
        index: usize,
        (a, b, given): (usize, usize, usize),
        x: Dual,
        n: i64,
        depth: i64,
    ) -> Result<Dual> {
        let prog = self.prog;
        let Func { body, result, .. } = &prog.funcs[index];
        let stack = self.array([0.5, -0.25, 0.75, 0.125].map(Dual::from));
        let heap = self.array([0, 1, 2, 3].map(|i| x.plus(self.memory[a + i])));
        let from = self.records[given];
        let inside: [Dual; LEN] = std::array::from_fn(|i| self.memory[from.inside + i]);
        let inside = self.array(inside);
        self.records.push(Record { inside, ..from });
        let mut frame = Frame {
            x: [x, Dual::from(0.375), Dual::from(-0.625)],
            float: Dual::from(0.25),
            n: [n, 3],
            counters: vec![],
            places: [a, b, stack, heap, stack],
            given,
            local: self.records.len() - 1,
            depth,
            index,
        };
        match self.block(&mut frame, body)? {
            Flow::Return(result) => Ok(result),
            _ => self.num(&frame, result),
        }
    }

    fn record(&mut self, frame: &Frame, which: Struct) -> &mut Record {
        let index = if let Struct::Local = which { frame.local } else { frame.given };
        &mut self.records[index]
    }

    fn ptr(&mut self, frame: &Frame, ptr: Ptr) -> usize {
        match ptr {
            Ptr::A => frame.places[0],
            Ptr::B => frame.places[1],
            Ptr::Stack => frame.places[2],
            Ptr::Heap => frame.places[3],
            Ptr::Chosen => frame.places[4],
            Ptr::Inside(s) => self.record(frame, s).inside,
            Ptr::Behind(s) => self.record(frame, s).behind,
        }
    }

    fn place(&mut self, frame: &Frame, ptr: Ptr, index: &Int) -> Result<usize> {
        Ok(self.ptr(frame, ptr) + (self.int(frame, index)? & 3) as usize)
    }

    fn num(&mut self, frame: &Frame, num: &Num) -> Result<Dual> {
        let dual = match num {
            Num::Const(eighths) => Dual::from(f64::from(*eighths) / 8.0),
            Num::X(x) => frame.x[usize::from(*x) % DOUBLES],
            Num::Float => frame.float,
            Num::Item(ptr, index) => {
                let place = self.place(frame, *ptr, index)?;
                self.memory[place]
            }
            Num::W(s) => self.record(frame, *s).w,
            Num::FieldFloat(s) => self.record(frame, *s).float,
            Num::FromInt(int) => Dual::from(self.int(frame, int)? as f64),
            Num::Unary(unary, a) => {
                let a = self.num(frame, a)?;
                match (unary, self.planted) {
                    (Unary::Tanh, Some(Planted::Tanh)) => {
                        a.chain(a.v.tanh(), 1.0 - a.v.tanh(), a, 0.0)
                    }
                    _ => unary_of(*unary, a)?,
                }
            }
            Num::Binary(binary, a, b) => {
                let (a, b) = (self.num(frame, a)?, self.num(frame, b)?);
                binary_of(*binary, a, b)?
            }
            Num::Select(cond, a, b) => {
                let chosen = if self.cond(frame, cond)? { a } else { b };
                self.num(frame, chosen)?
            }
        };
        self.made(dual)
    }

    fn int(&mut self, frame: &Frame, int: &Int) -> Result<i64> {
        self.step()?;
        Ok(match int {
            Int::Const(c) => i64::from(c % 8),
            Int::N(n) => frame.n[usize::from(*n) % INTS],
            Int::Counter(_) if frame.counters.is_empty() => 1,
            Int::Counter(c) => frame.counters[usize::from(*c) % frame.counters.len()],
            Int::FieldK(s) => self.record(frame, *s).k,
            Int::Add(a, b) => self.int(frame, a)? + self.int(frame, b)?,
            Int::Mul(a, b) => self.int(frame, a)? * self.int(frame, b)?,
            Int::Of(num) => self.num(frame, num)?.v as i64 & 7,
        })
    }

    fn cond(&mut self, frame: &Frame, cond: &Cond) -> Result<bool> {
        Ok(match cond {
            Cond::Less(a, b) => self.num(frame, a)?.v < self.num(frame, b)?.v,
            Cond::IntLess(a, b) => self.int(frame, a)? < self.int(frame, b)?,
            Cond::Odd(a) => self.int(frame, a)? & 1 == 1,
            Cond::Both(a, b) => self.cond(frame, a)? && self.cond(frame, b)?,
            Cond::Same(a, b) => self.ptr(frame, *a) == self.ptr(frame, *b),
        })
    }

    fn block(&mut self, frame: &mut Frame, stmts: &[Stmt]) -> Result<Flow> {
        for stmt in stmts {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<Flow> {
        self.step()?;
        match stmt {
            Stmt::If(cond, yes, no) => {
                let chosen = if self.cond(frame, cond)? { yes } else { no };
                return self.block(frame, chosen);
            }
            Stmt::Switch(int, arms) => {
                let arm = (self.int(frame, int)? & 3) as usize;
                let Some(arm) = arms.get(arm) else { return Ok(Flow::Next) };
                return Ok(match self.block(frame, arm)? {
                    Flow::Break => Flow::Next,
                    other => other,
                });
            }
            Stmt::For(..) | Stmt::Down(..) | Stmt::While(..) | Stmt::DoWhile(..) => {
                let depth = frame.counters.len();
                let flow = self.looped(frame, stmt);
                frame.counters.truncate(depth);
                return flow;
            }
            Stmt::Break(cond) if self.cond(frame, cond)? => return Ok(Flow::Break),
            Stmt::Continue(cond) if self.cond(frame, cond)? => return Ok(Flow::Continue),
            Stmt::Return(cond, num) if self.cond(frame, cond)? => {
                return Ok(Flow::Return(self.num(frame, num)?));
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(..) => {}
            Stmt::Call(call) => self.call(frame, call)?,
            _ => self.assignment(frame, stmt)?,
        }
        Ok(Flow::Next)
    }

    fn looped(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<Flow> {
        let (trips, body) = match stmt {
            Stmt::For(count, body) => (self.int(frame, count)? & 3, body),
            Stmt::Down(count, body) => (i64::from(count % 5), body),
            Stmt::While(_, most, body) | Stmt::DoWhile(_, most, body) => {
                (i64::from(most % 6) + 1, body)
            }
            _ => unreachable!("a loop"),
        };
        let level = frame.counters.len();
        frame.counters.push(0);
        for trip in 0..trips {
            frame.counters[level] = match stmt {
                Stmt::For(..) => trip,
                Stmt::Down(..) => trips - 1 - trip,
                // The counter is what it was before, while the condition is looked at.
                _ => trip,
            };
            let goes_on = match stmt {
                Stmt::While(cond, ..) => self.cond(frame, cond)?,
                Stmt::DoWhile(cond, ..) => trip == 0 || self.cond(frame, cond)?,
                _ => true,
            };
            if !goes_on {
                break;
            }
            if let Stmt::While(..) | Stmt::DoWhile(..) = stmt {
                frame.counters[level] = trip + 1;
            }
            match self.block(frame, body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn call(&mut self, frame: &mut Frame, call: &Call) -> Result<()> {
        let callee = self.prog.callee(frame.index, call.callee);
        let itself = callee == frame.index;
        if itself && frame.depth == 0 {
            return Ok(());
        }
        let given = if let Struct::Local = call.s { frame.local } else { frame.given };
        let pointers = (self.ptr(frame, call.a), self.ptr(frame, call.b), given);
        let (x, n) = (self.num(frame, &call.x)?, self.int(frame, &call.n)? & 7);
        let depth = frame.depth - i64::from(itself);
        let result = self.function(callee, pointers, x, n, depth)?;
        frame.x[usize::from(call.into) % DOUBLES] = result;
        Ok(())
    }

    fn assignment(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<()> {
        match stmt {
            Stmt::X(x, num) => frame.x[usize::from(*x) % DOUBLES] = self.num(frame, num)?,
            Stmt::Float(num) => frame.float = self.num(frame, num)?.rounded(),
            Stmt::N(n, int) => frame.n[usize::from(*n) % INTS] = self.int(frame, int)? & 7,
            Stmt::Store(ptr, index, num) => {
                let place = self.place(frame, *ptr, index)?;
                self.memory[place] = self.num(frame, num)?;
            }
            Stmt::AddTo(ptr, index, num) => {
                let (place, num) = (self.place(frame, *ptr, index)?, self.num(frame, num)?);
                self.memory[place] = self.made(self.memory[place].plus(num))?;
            }
            Stmt::Scale(ptr, index, num) => {
                let (place, num) = (self.place(frame, *ptr, index)?, self.num(frame, num)?);
                let old = self.memory[place];
                let product = match self.planted {
                    Some(Planted::Scale) => num.chain(old.v * num.v, old.v, old, 0.0),
                    _ => old.times(num),
                };
                self.memory[place] = self.made(product)?;
            }
            Stmt::SetW(s, num) => self.record(frame, *s).w = self.num(frame, num)?,
            Stmt::SetFloat(s, num) => {
                let float = self.num(frame, num)?.rounded();
                self.record(frame, *s).float = float;
            }
            Stmt::SetK(s, int) => self.record(frame, *s).k = self.int(frame, int)? & 7,
            Stmt::Choose(ptr) => frame.places[4] = self.ptr(frame, *ptr),
            Stmt::ChooseIf(cond, a, b) => {
                let chosen = if self.cond(frame, cond)? { *a } else { *b };
                frame.places[4] = self.ptr(frame, chosen);
            }
            Stmt::SetBehind(ptr) => {
                self.records[frame.local].behind = self.ptr(frame, *ptr);
            }
            Stmt::CopyHalf(to, from, up) => {
                let half = LEN / 2 * usize::from(*up);
                let (to, from) = (self.ptr(frame, *to) + half, self.ptr(frame, *from) + 2 - half);
                self.memory.copy_within(from..from + LEN / 2, to);
            }
            Stmt::Move(to, from) => {
                let (to, from) = (self.ptr(frame, *to), self.ptr(frame, *from));
                let old: [Dual; LEN] = std::array::from_fn(|i| self.memory[to + i]);
                self.memory.copy_within(from..from + LEN, to);
                if self.planted == Some(Planted::Move) {
                    for (new, old) in self.memory[to..to + LEN].iter_mut().zip(old) {
                        new.d = old.d;
                    }
                }
            }
            Stmt::Clear(ptr) => {
                let place = self.ptr(frame, *ptr);
                self.memory[place..place + LEN].fill(Dual::from(0.0));
            }
            Stmt::Refresh => {
                let (from, to) = (self.records[frame.given], self.records[frame.local]);
                self.memory.copy_within(from.inside..from.inside + LEN, to.inside);
                self.records[frame.local] = Record { inside: to.inside, ..from };
            }
            _ => unreachable!("other statements are not assignments"),
        }
        Ok(())
    }
}

fn unary_of(unary: Unary, a: Dual) -> Result<Dual> {
    let x = a.v;
    let (value, slope) = match unary {
        Unary::Neg => (-x, -1.0),
        Unary::Sin => (x.sin(), x.cos()),
        Unary::Cos => (x.cos(), -x.sin()),
        Unary::Exp => (x.sin().exp(), x.sin().exp() * x.cos()),
        Unary::Root => ((1.0 + x * x).sqrt(), x / (1.0 + x * x).sqrt()),
        Unary::Tanh => (x.tanh(), 1.0 - x.tanh() * x.tanh()),
        Unary::Abs if x == 0.0 => return Err(Strange),
        Unary::Abs => (x.abs(), x.signum()),
        Unary::Log => ((1.0 + x * x).ln(), 2.0 * x / (1.0 + x * x)),
    };
    Ok(a.chain(value, slope, a, 0.0))
}

fn binary_of(binary: Binary, a: Dual, b: Dual) -> Result<Dual> {
    let (x, y) = (a.v, b.v);
    let (value, p, q) = match binary {
        Binary::Add => (x + y, 1.0, 1.0),
        Binary::Sub => (x - y, 1.0, -1.0),
        Binary::Mul => (x * y, y, x),
        Binary::Quotient => {
            let below = 1.0 + y * y;
            (x / below, 1.0 / below, -2.0 * x * y / (below * below))
        }
        Binary::Max if x == y => return Err(Strange),
        Binary::Max if x > y => (x, 1.0, 0.0),
        Binary::Max => (y, 0.0, 1.0),
        Binary::Pow => {
            let (base, exponent) = (1.0 + x * x, y.sin());
            let value = base.powf(exponent);
            (value, value * exponent / base * 2.0 * x, value * base.ln() * y.cos())
        }
    };
    Ok(a.chain(value, p, b, q))
}
