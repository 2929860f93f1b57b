//! A set of dense numbers.

/// One bit for each number below a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The empty set.
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    /// An upper bound of the members.
    pub fn len(&self) -> usize {
        self.words.len() * 64
    }

    /// Whether the number is in the set.
    pub fn has(&self, index: usize) -> bool {
        self.words[index / 64] >> (index % 64) & 1 == 1
    }

    /// Adds a number; whether it was new.
    pub fn add(&mut self, index: usize) -> bool {
        let word = &mut self.words[index / 64];
        let old = *word;
        *word |= 1 << (index % 64);
        *word != old
    }

    /// Whether nothing is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// What is in one or the other.
    pub fn or(&self, other: &Self) -> Self {
        let words = std::iter::zip(&self.words, &other.words).map(|(a, b)| a | b).collect();
        Self { words }
    }

    /// What is in both.
    pub fn and(&self, other: &Self) -> Self {
        let words = std::iter::zip(&self.words, &other.words).map(|(a, b)| a & b).collect();
        Self { words }
    }
}
