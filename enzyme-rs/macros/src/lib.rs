//! The attributes and derives of `enzyme-rs`.
