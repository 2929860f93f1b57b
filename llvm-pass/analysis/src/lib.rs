//! The analyses: what a program means for differentiation.
//!
//! Each is a function from finished inputs to one immutable artefact that prints
//! itself. None of them knows LLVM; what only LLVM can tell (aliases) comes in
//! through a trait.
//!
//! | stage | artefact | says |
//! |---|---|---|
//! | types | `Types` | which bytes of which memory are floats |
//! | activity | `Activity` | what moves and what carries derivatives |
//! | [`effects`] | `Effects` | which loads may be repeated in reverse |
//! | [`separate`] | `Separate` | which accesses never touch the same bytes |
//! | [`script`] | `Script` | what each instruction does forward and in reverse |
//! | [`demand`] | `Demand` | where a zero adjoint ends |
//! | [`reverse`] | `ReverseGraph` | in which order the reverse sweep goes |
//! | [`needs`] | `Tape` | what is stored, where, and what is evaluated again |
#![forbid(unsafe_code)]

mod activity;
mod bits;
pub mod byte_moves;
pub mod demand;
pub mod effects;
pub mod extent;
pub mod needs;
pub mod reverse;
pub mod script;
pub mod separate;
mod stated;
mod steps;
mod types;
mod walk;

pub use activity::Activity;
pub use types::{
    Cell, CellId, Kind, Loc, Offset, Origin, PieceKind, Region, RegionId, Repeat, Repeats,
    Segments, Site, Types,
};
