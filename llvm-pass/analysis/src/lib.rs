//! Analyses of bodies.
#![forbid(unsafe_code)]

mod activity;
mod types;

pub use activity::Activity;
pub use types::{
    Cell, CellId, Kind, Loc, Offset, Origin, PieceKind, Region, RegionId, Segments, Site, Tail, Types,
};
