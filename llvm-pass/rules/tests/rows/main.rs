//! Facts about the rows of the tables.

mod known;
mod numbers;
mod oracle;
mod tables;
