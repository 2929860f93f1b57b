//! Facts about the analyses, by bodies that are made by hand or at random.

mod activity;
mod arrays;
mod common;
mod demand;
mod distances;
mod effects;
mod moves;
mod separate;
mod steps;
mod types;
mod types_properties;
