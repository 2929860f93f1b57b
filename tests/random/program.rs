//! What a random program is: plain data, valid whatever it holds.
//!
//! Numbers that choose something (a variable, a function, an index) are taken modulo the
//! number of things to choose from; loops are bounded by construction; values are not, so
//! that programs whose values grow are left out by the interpreter.
//!
//! A program is a list of functions of one signature:
//!
//! ```text
//! double f(double *a, double *b, struct S *s, double x, int n, int depth)
//! ```
//!
//! with doubles `x[0..3]`, a float, integers `n[0..2]`, an array of its own on the stack
//! and one on the heap, a copy of `*s`, and a pointer that may lead to any of the arrays.
//! Functions call those behind them, and themselves while `depth` lasts.

/// The length of every array.
pub const LEN: usize = 4;
/// The local doubles of a function.
pub const DOUBLES: usize = 3;
/// The local integers of a function.
pub const INTS: usize = 2;

/// An expression whose value is a double.
#[derive(Clone, Debug)]
pub enum Num {
    /// So many eighths.
    Const(i8),
    X(u8),
    /// The local float.
    Float,
    Item(Ptr, Int),
    /// A field of the local copy, or of the struct that was given.
    W(Struct),
    FieldFloat(Struct),
    FromInt(Int),
    Unary(Unary, Box<Num>),
    Binary(Binary, Box<Num>, Box<Num>),
    /// `c ? a : b`.
    Select(Box<Cond>, Box<Num>, Box<Num>),
}

/// Smooth functions, and one with a kink.
#[derive(Clone, Copy, Debug)]
pub enum Unary {
    Neg,
    Sin,
    Cos,
    /// `exp(sin(x))`
    Exp,
    /// `sqrt(1 + x²)`
    Root,
    Tanh,
    Abs,
    /// `log(1 + x²)`
    Log,
}

/// Functions of two doubles.
#[derive(Clone, Copy, Debug)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    /// `a / (1 + b²)`
    Quotient,
    Max,
    /// `pow(1 + a², sin(b))`
    Pow,
}

/// An expression whose value is an integer.
#[derive(Clone, Debug)]
pub enum Int {
    Const(u8),
    N(u8),
    /// The counter of an enclosing loop.
    Counter(u8),
    FieldK(Struct),
    Add(Box<Int>, Box<Int>),
    Mul(Box<Int>, Box<Int>),
    /// `(int)x`.
    Of(Box<Num>),
}

/// An array.
#[derive(Clone, Copy, Debug)]
pub enum Ptr {
    A,
    B,
    Stack,
    Heap,
    /// The variable.
    Chosen,
    /// The array inside of a struct.
    Inside(Struct),
    /// What a struct's pointer leads to.
    Behind(Struct),
}

/// The local copy, or the struct that was given.
#[derive(Clone, Copy, Debug)]
pub enum Struct {
    Local,
    Given,
}

/// An expression that is true or false.
#[derive(Clone, Debug)]
pub enum Cond {
    Less(Num, Num),
    IntLess(Int, Int),
    Odd(Int),
    Both(Box<Cond>, Box<Cond>),
    /// Two pointers are equal.
    Same(Ptr, Ptr),
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub into: u8,
    pub callee: u8,
    pub a: Ptr,
    pub b: Ptr,
    pub s: Struct,
    pub x: Num,
    pub n: Int,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    X(u8, Num),
    Float(Num),
    N(u8, Int),
    Store(Ptr, Int, Num),
    AddTo(Ptr, Int, Num),
    Scale(Ptr, Int, Num),
    SetW(Struct, Num),
    SetFloat(Struct, Num),
    SetK(Struct, Int),
    Choose(Ptr),
    ChooseIf(Cond, Ptr, Ptr),
    /// `l.p = …`
    SetBehind(Ptr),
    /// `memcpy` of one half of an array to another half.
    CopyHalf(Ptr, Ptr, bool),
    /// `memmove` of a whole array.
    Move(Ptr, Ptr),
    /// `memset` with zeros.
    Clear(Ptr),
    Refresh,
    If(Cond, Vec<Stmt>, Vec<Stmt>),
    Switch(Int, Vec<Vec<Stmt>>),
    For(Int, Vec<Stmt>),
    Down(u8, Vec<Stmt>),
    While(Cond, u8, Vec<Stmt>),
    DoWhile(Cond, u8, Vec<Stmt>),
    Break(Cond),
    Continue(Cond),
    Return(Cond, Num),
    Call(Call),
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    pub noinline: bool,
    pub body: Vec<Stmt>,
    pub result: Num,
}

/// A program, and the place where it is differentiated.
#[derive(Clone, Debug)]
pub struct Prog {
    pub funcs: Vec<Func>,
    /// `b` is `a`.
    pub same: bool,
    /// Where the given struct's pointer leads to: `a`, `b` or the array inside.
    pub behind: u8,
    pub inputs: Vec<i8>,
    pub n: u8,
}

/// The number of derivatives: by `a`, `b`, the struct's array, its `w` and float, and `x`.
pub const INPUTS: usize = 3 * LEN + 3;

impl Prog {
    /// The value of input `i`; no two are alike, so that ties are rare.
    pub fn input(&self, i: usize) -> f64 {
        f64::from(self.inputs[i % self.inputs.len()]) / 64.0 + 0.015_625 * i as f64 + 0.007_812_5
    }

    /// The factor of output `i` in what is differentiated.
    pub fn weight(i: usize) -> f64 {
        1.0 + 0.25 * i as f64
    }

    /// Whether anything in it is computed in single precision.
    pub fn has_floats(&self) -> bool {
        // Only what has to do with floats is called so.
        format!("{:?}", self.funcs).contains("Float")
    }

    /// How many statements it has.
    pub fn size(&self) -> usize {
        fn all(stmts: &[Stmt]) -> usize {
            stmts.iter().map(one).sum()
        }
        fn one(stmt: &Stmt) -> usize {
            1 + match stmt {
                Stmt::If(_, yes, no) => all(yes) + all(no),
                Stmt::Switch(_, arms) => arms.iter().map(|arm| all(arm)).sum(),
                Stmt::For(_, body)
                | Stmt::Down(_, body)
                | Stmt::While(_, _, body)
                | Stmt::DoWhile(_, _, body) => all(body),
                _ => 0,
            }
        }
        self.funcs.iter().map(|func| all(&func.body)).sum()
    }

    /// The function that a call in function `from` reaches, and whether it is that one.
    pub fn callee(&self, from: usize, choice: u8) -> usize {
        from + usize::from(choice) % (self.funcs.len() - from)
    }
}
