//! Dense ids and the vectors that they index.
//!
//! Each kind of entity has its own index type, so that a block's number cannot
//! be used to look up a value.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A dense index.
pub trait Id: Copy + Eq {
    /// The id with this number.
    fn new(index: usize) -> Self;
    /// Its number.
    fn index(self) -> usize;
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 entities"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl $name {
            /// The id with number 0.
            pub const FIRST: Self = Self(0);

            /// Its number.
            pub fn index(self) -> usize {
                self.0 as usize
            }
            /// The id with this number.
            pub fn new(index: usize) -> Self {
                Id::new(index)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
    };
}

id!(
    /// A value of a body.
    ValueId, "v"
);
id!(
    /// A block of a body.
    BlockId, "b"
);
id!(
    /// A loop of a body.
    LoopId, "loop"
);
id!(
    /// A body of a program.
    BodyId, "f"
);

/// A vector indexed by one kind of id.
#[derive(Clone, Debug, PartialEq)]
pub struct IdVec<K, T> {
    items: Vec<T>,
    key: PhantomData<K>,
}

impl<K, T> Default for IdVec<K, T> {
    fn default() -> Self {
        Self { items: Vec::new(), key: PhantomData }
    }
}

impl<K: Id, T> IdVec<K, T> {
    /// A vector of `len` copies of `item`.
    pub fn filled(item: T, len: usize) -> Self
    where
        T: Clone,
    {
        Self { items: vec![item; len], key: PhantomData }
    }

    /// Appends an item and returns its id.
    pub fn push(&mut self, item: T) -> K {
        self.items.push(item);
        K::new(self.items.len() - 1)
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = K> + use<K, T> {
        (0..self.items.len()).map(K::new)
    }

    /// Ids and items, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &T)> {
        self.items.iter().enumerate().map(|(i, item)| (K::new(i), item))
    }

    /// Ids and items, in order, for change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (K, &mut T)> {
        self.items.iter_mut().enumerate().map(|(i, item)| (K::new(i), item))
    }
}

impl<K: Id, T> IntoIterator for IdVec<K, T> {
    type Item = (K, T);
    type IntoIter = std::vec::IntoIter<(K, T)>;

    fn into_iter(self) -> Self::IntoIter {
        let pairs = self.items.into_iter().enumerate().map(|(i, item)| (K::new(i), item));
        pairs.collect::<Vec<_>>().into_iter()
    }
}

impl<K: Id, T> Index<K> for IdVec<K, T> {
    type Output = T;
    fn index(&self, id: K) -> &T {
        &self.items[id.index()]
    }
}

impl<K: Id, T> IndexMut<K> for IdVec<K, T> {
    fn index_mut(&mut self, id: K) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<K: Id, T> FromIterator<T> for IdVec<K, T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { items: items.into_iter().collect(), key: PhantomData }
    }
}
