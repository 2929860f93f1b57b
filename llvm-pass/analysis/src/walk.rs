//! Walks over what is reached step by step, each once.

use std::hash::Hash;

use indexmap::IndexSet;

/// What is reached from a start by some steps; the start first, then in the order found.
pub(crate) fn walk<T, N>(start: T, next: impl FnMut(T) -> N) -> impl Iterator<Item = T>
where
    T: Copy + Eq + Hash,
    N: IntoIterator<Item = T>,
{
    walk_all([start], next)
}

/// The same from several.
pub(crate) fn walk_all<T, N>(
    starts: impl IntoIterator<Item = T>,
    next: impl FnMut(T) -> N,
) -> impl Iterator<Item = T>
where
    T: Copy + Eq + Hash,
    N: IntoIterator<Item = T>,
{
    Walk { found: starts.into_iter().collect(), done: 0, next }
}

struct Walk<T, F> {
    found: IndexSet<T>,
    done: usize,
    next: F,
}

impl<T: Copy + Eq + Hash, N: IntoIterator<Item = T>, F: FnMut(T) -> N> Iterator for Walk<T, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let item = *self.found.get_index(self.done)?;
        self.done += 1;
        let new = (self.next)(item);
        self.found.extend(new);
        Some(item)
    }
}
