//! What cells hold: evidence about the kind, and the address if there is one.
//!
//! Both are kept per class of cells, in two union-finds over the same numbers:
//! *kinds* are shared by all cells that bytes are moved between; *holders* only
//! by cells that are one, and joined by directed flows.

use enzyme_body::FloatKind;

use super::Site;
use super::store::At;

/// What a use of a cell shows about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    Float(FloatKind),
    Address,
    /// Weak: gives way to the other two.
    Integer,
    /// An integer, or the bits of a float that are looked at.
    Compared,
    /// A stored zero of float type: counts if nothing else is known.
    GuessFloat(FloatKind),
    /// A stored small integer: counts if nothing else is known.
    GuessInteger,
}

/// What the uses of the cells of a class show.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub float: Option<(FloatKind, Site)>,
    pub integer: Option<Site>,
    /// The integer is more than compared.
    pub arithmetic: bool,
    pub guess_float: Option<FloatKind>,
    pub guess_integer: bool,
    pub conflict: Option<(Site, Site)>,
}

impl Content {
    pub fn add(&mut self, evidence: Evidence, site: Site) {
        match evidence {
            Evidence::Float(kind) => match self.float {
                Some((old, first)) if old != kind => {
                    self.conflict.get_or_insert((first, site));
                }
                Some(_) => {}
                None => self.float = Some((kind, site)),
            },
            Evidence::Address => {}
            Evidence::Integer => {
                self.integer.get_or_insert(site);
                self.arithmetic = true;
            }
            Evidence::Compared => {
                self.integer.get_or_insert(site);
            }
            Evidence::GuessFloat(kind) => {
                self.guess_float.get_or_insert(kind);
            }
            Evidence::GuessInteger => self.guess_integer = true,
        }
    }

    /// Takes over what another class shows.
    pub fn absorb(&mut self, other: &Self) {
        if let Some((kind, site)) = other.float {
            self.add(Evidence::Float(kind), site);
        }
        self.integer = self.integer.or(other.integer);
        self.arithmetic |= other.arithmetic;
        self.guess_float = self.guess_float.or(other.guess_float);
        self.guess_integer |= other.guess_integer;
        self.conflict = self.conflict.or(other.conflict);
    }

    /// Whether it is a float that no address can take turns with.
    pub fn is_narrow_float(&self) -> bool {
        self.float.is_some_and(|(kind, _)| kind.size() != 8)
    }

    /// Whether nothing types the bytes.
    pub fn is_bare(&self) -> bool {
        self.float.is_none()
            && self.integer.is_none()
            && self.guess_float.is_none()
            && !self.guess_integer
    }
}

/// The address that a cell holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Holder {
    pub address: Option<Site>,
    pub pointee: Option<At>,
    /// The address comes from a use or along the flow, not from a guess against it.
    pub sure: bool,
    /// Used as no address can be: guesses pass by.
    pub strong: bool,
    /// Used as an address, or moved to where it is or may be.
    pub demanded: bool,
    /// The cells that its bytes move to.
    pub out: Vec<u32>,
}

impl Holder {
    /// Whether nothing says that there is an address.
    pub fn is_bare(&self) -> bool {
        self.address.is_none() && self.pointee.is_none()
    }
}

/// A union-find over dense numbers.
#[derive(Default)]
pub(super) struct Classes {
    parent: Vec<u32>,
}

impl Classes {
    /// A new class of one.
    pub fn push(&mut self) -> u32 {
        let id = u32::try_from(self.parent.len()).expect("fewer than 2^32 cells");
        self.parent.push(id);
        id
    }

    /// Number of members of all classes.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// The member that stands for the class.
    pub fn root(&mut self, mut id: u32) -> usize {
        while self.parent[id as usize] != id {
            let up = self.parent[self.parent[id as usize] as usize];
            self.parent[id as usize] = up;
            id = up;
        }
        id as usize
    }

    /// The class of root `drop` becomes part of that of root `keep`.
    pub fn join(&mut self, keep: usize, drop: usize) {
        self.parent[drop] = u32::try_from(keep).expect("a root");
    }
}
