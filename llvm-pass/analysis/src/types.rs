//! Memory regions and the kinds of their bytes, for a whole [`Program`].
//!
//! *Computes*: which memory the program may not tell apart (a *region*), and for
//! each byte of a region that the program touches whether it belongs to a float,
//! an address or an integer. *From*: all bodies of one request at once, without
//! regard to the order of execution or to who calls whom.
//!
//! # Model
//!
//! An abstract object is a parameter's pointee, an `alloca`, a call that
//! allocates, a global, or whatever a loaded address points to. Objects that one
//! address may point to are merged, with a byte shift: after
//! `phi(&s + 16, &a + 0)` the offsets `s + 16` and `a + 0` are one. Where an
//! address runs through a region in steps the region *repeats*: in a range that
//! ends where the index does, or never, offsets are equal modulo a period
//! (`shape`, `offset`).
//!
//! ```text
//! conflict     (float of two widths, or float and address)
//!    |    \
//!  float  address      evidence: typed loads and stores, casts, hints
//!    |    /
//!  integer             weak evidence: arithmetic, comparison, index, narrow access
//!    |
//!  unknown             moved, but never typed
//! ```
//!
//! Values that may carry bits unseen (integers from 32 bits, vectors and
//! aggregates) have *registers*: little regions of their own, with cells. Bytes
//! *flow*: cell to register (load), register to cell (store), cell to cell
//! (`memcpy`), operand to result (phi, select); regions stay apart. Along flows:
//!
//! * **Kinds** are one on both sides of a load, store or copy, so that a float
//!   moved as an integer is a float all the way. At phis and selects floats go
//!   forward; backward they are a guess that gives way to arithmetic on the
//!   operand. Integers go backward there, and forward if all operands are.
//! * **Addresses** go forward. Backward, where an address is used, they are a
//!   guess that gives way to floats and *strong* integers: those that are
//!   multiplied, index, count or become floats (`guess`). So a place that holds
//!   an address in one variant of an enum and a length in another does not make
//!   addresses of all lengths, and an address that only copies and integers
//!   move is followed to where it comes from.
//! * **Floats** go forward where a word is moved as an address (`addressed`).
//!
//! # Premises
//!
//! * Memory is only reached through addresses that the mirror shows; integers
//!   become addresses by `inttoptr` of sums, tags and alignments of integers.
//! * A register that is multiplied, indexes or counts, and the cell that it is
//!   read from, hold no address that is not shown to flow there. An integer
//!   that is both in different variants of an enum is not added to as an address.
//! * What is read at an index without known end, or at one of several addresses, and
//!   only counted with is an integer, and so is what is written there after counting:
//!   such addresses (`cursor`) reach neither addresses nor floats; they make nothing
//!   repeat and nothing one, and lead to a *view* of all regions that they may.
//! * An array that is gone through word by word, of which a word is counted with, holds
//!   integers: its words may be moved to other arrays (`doubt`), and a new object that is
//!   such an array is a *block*, in no region (`stored`), if it cannot be what is accessed
//!   where floats lie (`meant`).
//! * An index without proof of its sign that the program compares is a checked
//!   index, never negative. Other indices of unknown sign repeat the whole region.
//! * Floats in memory lie at multiples of four bytes and take four or more.
//! * Bodies that are not in the program are those of the table of known
//!   functions, or escape: what they reach is external and its origin unknown.
//!
//! # Why it is sound
//!
//! Every instruction that makes an address from another merges what it connects,
//! every move carries addresses along, and merging loses only precision: the
//! final classes are closed under all of these constraints. What guesses leave
//! out is only that a strong integer or a float may lead to memory: without a
//! shown address they do not. Where an address comes from nowhere its origin is
//! unknown, which is refused if a derivative depends on it. Kinds are joined over
//! all that bytes are moved between; contradictory evidence at one cell is marked,
//! not resolved. Bytes without evidence stay unknown: they count as floats in
//! the activity analysis until proven idle; one unknown operand makes a phi unknown.
//!
//! # Cost
//!
//! Union-find with a work list: near-linear in instructions plus cells, times the
//! length of chains of guesses. A copy without constant length that keeps making
//! cells merges its sides after 256 rounds. What is a cursor is assumed, solved, and
//! asked of the solution; where that disagrees all is solved again (`doubt`).
//!
//! # Limits
//!
//! Context-insensitive. An array inside of a structure that is indexed by a
//! variable of which LLVM knows no end takes the fields behind it along, if not
//! only integers are read there; unless the program checks the index (`limit`), which
//! is asked for where a request is refused otherwise.
//! A choice between addresses merges what they point to, unless only integers are
//! looked at there, even if the program remembers which it chose. Integers that are
//! swizzled by other means than byte shifts lose their kind.

mod addressed;
mod arithmetic;
mod calls;
mod certain;
mod content;
mod cursor;
mod display;
mod divisor;
mod doubt;
mod dynamic;
mod finish;
mod flow;
mod generate;
mod guess;
mod index;
mod limit;
mod meant;
mod mixed;
mod moved;
mod offset;
mod query;
mod registers;
mod shape;
mod store;
mod stored;
mod whole;
mod words;

use std::collections::{BTreeSet, HashMap, HashSet};

use enzyme_body::{Body, BodyId, FloatKind, Global, IdVec, Limit, Moved, Program, ValueId, Whole};

pub(crate) use calls::{
    CallsOfBodies, Meaning, call_kind, calls_of_bodies, has_type_of_rule, is_integer, is_marker,
    meaning, of_registers,
};
pub(crate) use dynamic::carried;
pub(crate) use generate::{has_register, size};
pub(crate) use moved::{choices, may_be_float};
pub use query::Segments;
pub use shape::{Repeat, Repeats};
pub(crate) use words::{live_users, made_from};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl enzyme_body::Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 entities"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl $name {
            /// Its number.
            pub fn index(self) -> usize {
                self.0 as usize
            }
            /// The id with this number.
            pub fn new(index: usize) -> Self {
                enzyme_body::Id::new(index)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{self}")
            }
        }
    };
}

id!(
    /// A region.
    RegionId, "r"
);
id!(
    /// A cell of a region.
    CellId, "c"
);

/// An instruction or value of one of the bodies.
pub type Site = (BodyId, ValueId);

/// Where an address points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loc {
    /// The region.
    pub region: RegionId,
    /// The offset in it.
    pub offset: Offset,
}

/// An offset into a region, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Offset {
    /// This one.
    Exact(i64),
    /// Somewhere in the regions that this one is a view of: at integers.
    Integers,
    /// Where the region repeats: base + k · stride for some k.
    Strided {
        /// The representative within the first period.
        base: i64,
        /// The region's period.
        stride: u64,
    },
}

/// Where the objects of a region come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// What this parameter of body 0 points to.
    Param(u32),
    /// A stack object.
    Alloca(Site),
    /// The result of an allocating call.
    Allocation(Site),
    /// A global variable: symbol, whether it may be written.
    Global(String, bool),
    /// Text that the standard library hands out. It holds neither floats nor addresses, and its
    /// address is its own shadow, wherever the analysis takes it to lie.
    Text(Site),
    /// An address that nothing is known about.
    Unknown(Site),
}

impl Origin {
    /// Whether others than the program may have written what lies there.
    fn is_strange(&self) -> bool {
        matches!(self, Self::Param(_) | Self::Global(..) | Self::Unknown(_))
    }

    /// Whether nothing shows which memory it is: it may be part of any other.
    pub(crate) fn is_anywhere(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Unknown(_))
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A float.
    Float(FloatKind),
    /// An address.
    Address,
    /// An integer, or padding.
    Integer,
    /// Bytes that are moved and never typed.
    Unknown,
}

/// A run of bytes of a region that are one thing.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its region.
    pub region: RegionId,
    /// Its (representative) offset.
    pub offset: i64,
    /// Its width in bytes; huge for the unknown rest of an open-ended copy.
    pub width: u64,
    /// What it holds.
    pub kind: Kind,
    /// A float and an address by turns, as in the variants of an enum.
    pub by_turns: bool,
    /// Two places that contradict each other about it.
    pub conflict: Option<(Site, Site)>,
    /// Whether it is also used in integer arithmetic.
    pub integer: bool,
    /// Where the address that it holds points.
    pub pointee: Option<Loc>,
    /// The allocation of a block of integers of which it may hold the address.
    pub block: Option<Site>,
}

/// A region, or a view of several: what addresses lead to that only look at integers.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// Its cells, by offset.
    pub cells: Vec<CellId>,
    /// What its bytes hold is told apart while the program runs: integers and addresses by
    /// themselves, or floats of this kind, where an address is a multiple of its size.
    pub mixed: Option<FloatKind>,
    /// Where it repeats.
    pub repeats: Repeats,
    /// Where its objects come from; empty if only loaded addresses lead here.
    pub origins: BTreeSet<Origin>,
    /// Reachable from a parameter of body 0, a global or code that is not known.
    pub external: bool,
    /// The same but for constant global variables, of whose shadows all is known.
    pub given: bool,
    /// Nothing shows where the addresses come from that lead to it: no object is made, given or
    /// named that does. Either no such address ever is, or the analysis lost it on its way.
    pub lost: bool,
    /// Passed to code that is not known, or reachable from what is.
    pub escapes: bool,
    /// Instructions that merged objects into it.
    pub merged_at: Vec<Site>,
    /// The regions that it is a view of.
    pub views: Vec<RegionId>,
    /// A view of blocks of integers, too, which are no regions.
    pub blocks: bool,
}

/// A part of a value in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Bits of a float.
    Float(FloatKind),
    /// Bits that nothing types.
    Unknown,
    /// An integer or address.
    Other,
}

impl PieceKind {
    /// The float that it is known to be.
    pub fn float(self) -> Option<FloatKind> {
        match self {
            Self::Float(kind) => Some(kind),
            Self::Other | Self::Unknown => None,
        }
    }

    /// Whether it is known to be a float's.
    pub fn is_float(self) -> bool {
        self.float().is_some()
    }
}

/// The regions, cells and places of a program. Immutable; prints itself.
#[derive(Debug)]
pub struct Types {
    regions: IdVec<RegionId, Region>,
    cells: IdVec<CellId, Cell>,
    places: Vec<Vec<Option<Loc>>>,
    registers: Vec<Vec<Vec<(u64, PieceKind)>>>,
    pointees: Vec<Vec<Vec<(u64, Loc)>>>,
    /// The global variables that the program mentions, by symbol.
    globals: Vec<(Global, Loc)>,
    /// Copies that move integers only.
    of_words: HashSet<Site>,
    /// The most bytes that copies and fills without constant length write and read.
    rooms: HashMap<Site, u64>,
    /// Integers of which the shadow tells what they are.
    dynamic: Option<dynamic::Dynamic>,
    labels: Vec<(String, Vec<String>)>,
}

impl Types {
    /// Analyses all bodies of a request.
    pub fn new(program: &Program) -> Self {
        solved(
            program,
            doubt::Assumed::new(limit::checked(program), HashSet::new()),
            finish::finish,
        )
    }

    /// Analyses them if floats and integers may take turns in the same bytes, as the program
    /// decides while it runs.
    pub fn dynamic(program: &Program) -> Self {
        let mut mixed = HashSet::new();
        loop {
            let assumed = doubt::Assumed::new(limit::Limits::default(), mixed.clone());
            let types = solved(program, assumed, finish::finish_dynamic);
            let more = types.contradictory_places(program);
            if more.is_subset(&mixed) {
                let dynamic = Some(dynamic::Dynamic::new(program, &types));
                return Self { dynamic, ..types };
            }
            mixed.extend(more);
        }
    }

    /// Indices that may be meant for a part of an object, if what lies behind is of another
    /// kind. If the program checks them, the parts stay apart.
    pub fn limits(program: &Program) -> Vec<Limit> {
        limit::limits(program)
    }

    /// Distances of addresses that may be meant to be whole numbers of elements.
    pub fn wholes(&self, program: &Program) -> Vec<Whole> {
        whole::wholes(program, self)
    }

    /// Words that are moved as addresses and may be floats, or the other way.
    pub fn moved_as_another(&self, program: &Program) -> Vec<Moved> {
        moved::moved(program, self)
    }

    fn labels(body: &Body) -> (String, Vec<String>) {
        (body.name.clone(), body.values.iter().map(|(_, v)| v.label.clone()).collect())
    }
}

/// What there is to know of the solution of all constraints.
fn solved<T>(
    program: &Program,
    mut assumed: doubt::Assumed,
    read: impl FnOnce(generate::Generator<'_>) -> T,
) -> T {
    loop {
        let mut generator = generate::Generator::new(program, &assumed);
        generator.solve();
        match assumed.revised(&mut generator) {
            Some(next) => assumed = next,
            None => return read(generator),
        }
    }
}

impl Kind {
    /// Whether the bytes are or may be a float.
    pub fn may_be_float(self) -> bool {
        matches!(self, Self::Float(_) | Self::Unknown)
    }
}
