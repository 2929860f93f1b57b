//! The catalogue: every code, what it means, and what to do about it.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $title:literal, $cure:literal;)*) => {
        /// A diagnostic code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        /// All codes.
        pub const CATALOGUE: &[Entry] = &[
            $(Entry { code: Code::$name, number: $number, title: $title, cure: $cure },)*
        ];
    };
}

/// A row of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// Its number, printed as `ENZ0000`.
    pub number: u16,
    /// What it means.
    pub title: &'static str,
    /// What the user can do.
    pub cure: &'static str,
}

codes! {
    /// The request bytes are not constant, or of another version.
    BadRequest = 1, "the request for a derivative could not be read",
        "build the program and the plugin from the same version of enzyme-rs (`cargo enzyme doctor`)";
    /// The function to differentiate is not known while compiling.
    UnknownPrimal = 2, "the function to differentiate is not known at compile time",
        "pass a function item or a closure, not a function pointer chosen while running";
    /// Mode not available.
    BadMode = 3, "this mode of differentiation is not available",
        "use reverse mode, one lane at a time: `Reverse`, in C `__enzyme_autodiff`";
    /// A call of the published C interface that has no meaning.
    BadCall = 4, "the call that asks for a derivative does not fit the function to differentiate",
        "pass its arguments in order, each address followed by its shadow; `docs/c.md` has the rules";
    /// A call to code whose body is not in the program.
    MissingBody = 10, "a call cannot be differentiated because its body is not in the program",
        "replace the call, or pass its result as a `Const` argument";
    /// An indirect call.
    IndirectCall = 11, "a call through a function pointer or `dyn` cannot be differentiated yet",
        "call the function by name, or make the caller generic";
    /// A derivative that the program states itself.
    Custom = 12, "what the program states of a function cannot be used",
        "give the forward and the reverse function the types that `docs/c.md` tells, each \
         address a shadow, and the plugin to each compilation; or remove the registration";
    /// Inline assembly.
    Assembly = 13, "inline assembly cannot be differentiated",
        "move the assembly out of the differentiated function";
    /// An instruction without a rule.
    NoRule = 20, "an operation has no derivative rule",
        "rewrite the expression with operations from the manual's table of rules";
    /// Arithmetic on the bits of a float.
    FloatBits = 21, "the bits of a differentiated float pass through integer arithmetic",
        "use the float operation (abs, copysign, …) instead of bit patterns";
    /// The type of memory cannot be told.
    UnknownType = 30, "it cannot be told whether these bytes are floats",
        "read or write the value as `f32` or `f64` in the differentiated function, or pass it by a parameter whose type shows it (a struct with `#[derive(Differentiable)]` does)";
    /// Bytes used as floats and as something else.
    MixedType = 31, "the same bytes are used as a float and as something else",
        "use separate fields for floats and for integers or addresses";
    /// An active pointer without shadow.
    MixedActivity = 40, "memory that needs a derivative is mixed with memory passed as `Const`",
        "pass the argument as differentiated, or switch on run-time activity with `set_runtime_activity(Reverse)`";
    /// An active pointer to a mutable global.
    ActiveGlobal = 41, "a differentiated value goes through a global variable",
        "pass the value as an argument";
    /// Memory of unknown origin.
    UnknownMemory = 42, "memory that needs a derivative comes from an unknown place",
        "allocate it in the differentiated function or pass it as an argument";
    /// Atomic or volatile access.
    AtomicAccess = 43, "an atomic or volatile access to differentiated memory cannot be reversed yet",
        "use ordinary reads and writes in the differentiated function";
    /// Memory that is allocated inside and used outside, or the other way round.
    EscapingAllocation = 44, "an allocation crosses the border of the differentiated function",
        "allocate in the caller and pass `&mut`, or return the value by the function's result";
    /// Control flow that cannot be reversed.
    ControlFlow = 50, "this control flow cannot be reversed",
        "avoid catching panics and computed jumps in the differentiated function";
    /// A derivative inside a derivative.
    Nested = 51, "a derivative of a derivative is not available yet",
        "differentiate the inner derivative by hand";
    /// Threads.
    Threads = 52, "code that runs on several threads cannot be differentiated yet",
        "build the differentiated functions without OpenMP, or call them from each thread";
    /// A bug of the engine.
    Internal = 90, "enzyme-rs failed",
        "please report this with the program that caused it";
    /// The plugin and the LLVM that runs it do not fit.
    WrongLlvm = 91, "the plugin was built for another LLVM",
        "build it again with `cargo enzyme plugin`";
}

impl Code {
    /// Its row of the catalogue.
    pub fn entry(self) -> &'static Entry {
        CATALOGUE.iter().find(|e| e.code == self).expect("the macro lists every code")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ENZ{:04}", self.entry().number)
    }
}
