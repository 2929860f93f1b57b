//! Facts about plans, by graphs that are made by hand or at random.

mod checker;
mod choices;
mod common;
mod properties;
mod snapshots;
