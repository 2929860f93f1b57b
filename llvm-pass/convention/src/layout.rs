//! Whether what comes back has the shape that the call expects.
//!
//! C's rules for passing structs change types (`{float, float}` travels as
//! `<2 x float>`, `{int, float}` as an integer), so types are compared as bytes: equal
//! extents, and where either side shows a float or an address, the other shows the same
//! at the same offset, or integers that may hide it.

use enzyme_body::{FloatKind, Ty};

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    Float(FloatKind),
    Address,
    /// An integer, which may stand for any bytes of a struct.
    Bits,
}

/// Whether a value of type `ours` may be read as one of type `theirs`.
pub fn fits(ours: &Ty, theirs: &Ty) -> bool {
    let (a, b) = (leaves(ours), leaves(theirs));
    let (Some(a), Some(b)) = (a, b) else { return false };
    let clash = |x: &(u64, u64, Leaf), y: &(u64, u64, Leaf)| {
        let overlap = x.0 < y.0 + y.1 && y.0 < x.0 + x.1;
        overlap && x.2 != Leaf::Bits && y.2 != Leaf::Bits && x != y
    };
    let covered = |x: &(u64, u64, Leaf), others: &[(u64, u64, Leaf)]| {
        others.iter().any(|y| y.0 <= x.0 && x.0 + x.1 <= y.0 + y.1)
    };
    // A register may be wider than the end of a struct that travels in it.
    ours.size() <= theirs.size()
        && a.iter().all(|x| b.iter().all(|y| !clash(x, y)))
        && a.iter().all(|x| covered(x, &b))
        && b.iter().all(|y| y.2 == Leaf::Bits || covered(y, &a))
        && b.iter().all(|y| y.0 < ours.size())
}

/// The scalars of a type: offset, size, what they are; none if it has others.
fn leaves(ty: &Ty) -> Option<Vec<(u64, u64, Leaf)>> {
    let mut found = Vec::new();
    collect(ty, 0, &mut found).then_some(found)
}

fn collect(ty: &Ty, at: u64, found: &mut Vec<(u64, u64, Leaf)>) -> bool {
    match ty {
        Ty::Float(kind) => found.push((at, kind.size(), Leaf::Float(*kind))),
        Ty::Int(_) => found.push((at, ty.size(), Leaf::Bits)),
        Ty::Ptr => found.push((at, ty.size(), Leaf::Address)),
        Ty::Vector(item, lanes) => {
            return (0..u64::from(*lanes)).all(|i| collect(item, at + i * item.size(), found));
        }
        Ty::Aggregate(_, fields) => {
            return fields.iter().all(|(offset, field)| collect(field, at + offset, found));
        }
        Ty::Void | Ty::Other(_) => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE: Ty = Ty::Float(FloatKind::Single);
    const DOUBLE: Ty = Ty::Float(FloatKind::Double);

    fn record(size: u64, fields: &[(u64, Ty)]) -> Ty {
        Ty::Aggregate(size, fields.to_vec())
    }

    #[test]
    fn structs_fit_what_c_makes_of_them() {
        let pair = record(8, &[(0, SINGLE), (4, SINGLE)]);
        assert!(fits(&pair, &Ty::Vector(Box::new(SINGLE), 2)));
        assert!(fits(&pair, &Ty::Int(64)));
        assert!(!fits(&pair, &DOUBLE));
        let three = record(12, &[(0, SINGLE), (4, SINGLE), (8, SINGLE)]);
        let halves = [(0, Ty::Vector(Box::new(SINGLE), 2)), (8, SINGLE)];
        assert!(fits(&three, &record(16, &halves)));
        let nested = record(16, &[(0, pair), (8, DOUBLE)]);
        assert!(fits(&nested, &record(16, &[(0, Ty::Vector(Box::new(SINGLE), 2)), (8, DOUBLE)])));
    }

    #[test]
    fn other_sizes_and_addresses_do_not_fit() {
        assert!(!fits(&DOUBLE, &record(16, &[(0, DOUBLE), (8, DOUBLE)])));
        assert!(!fits(&DOUBLE, &Ty::Ptr));
        assert!(!fits(&record(16, &[(0, DOUBLE), (8, DOUBLE)]), &record(16, &[(0, DOUBLE)])));
    }
}
