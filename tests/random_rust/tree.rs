//! A program: a tree of rows of the grammar for each function, and where it is
//! differentiated. Trees grow at random.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

use super::grammar::{ROWS, Sort};

/// How deep trees of statements and of expressions grow, and how large those of a function.
const DEEP: (usize, usize) = (3, 3);
const LARGE: usize = 60;
/// How many statements a function has, and a block in it.
const STATEMENTS: (usize, usize) = (8, 3);
/// The number of derivatives.
pub const INPUTS: usize = 15;

/// What stands in a hole.
#[derive(Clone, Debug)]
pub struct Node {
    pub sort: Sort,
    /// The row's index; without meaning for a block, whose statements are its kids.
    pub row: usize,
    pub choice: u8,
    pub kids: Vec<Node>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    pub never_inlined: bool,
    pub body: Node,
    pub result: Node,
}

/// A program, and the place where it is differentiated.
#[derive(Clone, Debug)]
pub struct Prog {
    pub funcs: Vec<Func>,
    pub inputs: [i8; INPUTS],
    pub n: u8,
}

/// A part of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(&'static str),
    /// A hole, and whether names of the row may be read in it.
    Hole(Sort, bool),
    Name(char),
    Chosen(&'static str),
    /// The names before are not read behind this.
    Forget,
}

/// What may be chosen in a row.
const WORDS: [&str; 13] =
    ["callee", "depth", "label", "jump", "able", "02", "x", "y", "e", "k", "n", "i", "w"];

/// The parts of a row that stands for something of a sort.
fn pieces(text: &'static str, sort: Sort) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '#', '@', '~']) {
        pieces.push(Piece::Text(&rest[..at]));
        let (mark, behind) = rest[at..].split_at(1);
        let (piece, length) = match mark {
            "#" => (Piece::Name(behind.chars().next().expect("a name")), 1),
            "@" => {
                let word = WORDS.into_iter().find(|word| behind.starts_with(word));
                let word = word.unwrap_or_else(|| panic!("a word in {text}"));
                (Piece::Chosen(word), word.len())
            }
            "$" => {
                let inner = behind.starts_with('$');
                let name = behind.trim_start_matches('$');
                let end = name.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(name.len());
                let hole = named(&name[..end], sort);
                (Piece::Hole(hole, inner), end + usize::from(inner))
            }
            _ => (Piece::Forget, 0),
        };
        pieces.push(piece);
        rest = &behind[length..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The sort that a hole's name means in a row of some sort.
fn named(name: &str, sort: Sort) -> Sort {
    use Sort::*;
    let pure = matches!(sort, Pure | Plain | Calm | Maybe);
    match name {
        "x" => [Num, Pure][usize::from(pure)],
        "i" => [Int, Plain][usize::from(pure)],
        "c" => [Cond, Calm][usize::from(pure)],
        "m" => [Opt, Maybe][usize::from(pure)],
        "num" => Num,
        "pure" => Pure,
        "int" => Int,
        "plain" => Plain,
        "cond" => Cond,
        "calm" => Calm,
        "opt" => Opt,
        "maybe" => Maybe,
        "slice" => Slice,
        "place" => Place,
        "block" => Block,
        other => panic!("no sort is called {other}"),
    }
}

/// A row as something of one of its sorts.
pub struct Choice {
    /// Its index.
    pub row: usize,
    weight: u8,
    /// How deep the lowest tree is that begins with it.
    height: usize,
    pub pieces: Vec<Piece>,
}

/// The rows of each sort.
static CHOICES: LazyLock<BTreeMap<Sort, Vec<Choice>>> = LazyLock::new(|| {
    let mut rows: BTreeMap<Sort, Vec<Choice>> = BTreeMap::new();
    for (row, &(sorts, weight, text)) in ROWS.iter().enumerate() {
        for &sort in sorts {
            let choice = Choice { row, weight, height: usize::MAX, pieces: pieces(text, sort) };
            rows.entry(sort).or_default().push(choice);
        }
    }
    // A tree is one higher than the highest of its kids; blocks may be empty.
    let mut heights = BTreeMap::from([(Sort::Block, 0)]);
    for height in 0..rows.len() {
        for choice in rows.values_mut().flatten().filter(|choice| choice.height > height) {
            let fits = |sort| heights.get(&sort).is_some_and(|&low| low < height);
            if choice.holes().all(|(sort, _)| fits(sort)) {
                choice.height = height;
            }
        }
        for (&sort, choices) in &rows {
            if choices.iter().any(|choice| choice.height == height) {
                heights.entry(sort).or_insert(height);
            }
        }
    }
    rows
});

/// The rows of a sort.
pub fn choices(sort: Sort) -> &'static [Choice] {
    &CHOICES[&sort]
}

impl Choice {
    fn holes(&self) -> impl Iterator<Item = (Sort, bool)> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(sort, inner) => Some((*sort, *inner)),
            _ => None,
        })
    }
}

impl Node {
    /// The parts of its row.
    pub fn pieces(&self) -> &'static [Piece] {
        let own = choices(self.sort).iter().find(|choice| choice.row == self.row);
        &own.expect("a row of the sort").pieces
    }

    /// The simplest of a sort: the rows without holes, or a low one.
    pub fn simplest(sort: Sort) -> Vec<Self> {
        if sort == Sort::Block {
            return vec![Self { sort, row: 0, choice: 0, kids: Vec::new() }];
        }
        let low = choices(sort).iter().map(|choice| choice.height).min().expect("rows");
        let low = choices(sort).iter().filter(|choice| choice.height == low).take(3);
        let node = |choice: &Choice| {
            let kids = choice.holes().map(|(sort, _)| Self::simplest(sort).swap_remove(0));
            Self { sort, row: choice.row, choice: 0, kids: kids.collect() }
        };
        low.map(node).collect()
    }

    /// How many rows it holds.
    pub fn size(&self) -> usize {
        1 + self.kids.iter().map(Self::size).sum::<usize>()
    }
}

/// Something that grows.
struct Growing<'a> {
    rng: &'a mut TestRng,
    /// How many nodes it may still have.
    left: usize,
}

impl Growing<'_> {
    /// Something of a sort, with statements and expressions so deep below it.
    fn node(&mut self, sort: Sort, (statements, expressions): (usize, usize)) -> Node {
        self.left = self.left.saturating_sub(1);
        let choice = self.rng.random();
        let mut kids = Vec::new();
        if sort == Sort::Block {
            for _ in 0..self.rng.random_range(1..=STATEMENTS.1) {
                kids.push(self.node(Sort::Stmt, (statements, expressions)));
            }
            return Node { sort, row: 0, choice, kids };
        }
        let statement = sort == Sort::Stmt;
        let rows = choices(sort);
        let low = rows.iter().map(|row| row.height).min().expect("rows");
        let most = if statement { expressions } else { expressions.saturating_sub(1) };
        let most = if self.left == 0 { low } else { most.max(low) };
        let fits = |row: &&Choice| {
            let blocks = row.holes().any(|(sort, _)| sort == Sort::Block);
            row.height <= most && !(blocks && (statements == 0 || self.left == 0))
        };
        let rows: Vec<_> = rows.iter().filter(fits).collect();
        let mut at = self.rng.random_range(0..rows.iter().map(|row| u32::from(row.weight)).sum());
        let chosen = rows.iter().find(|row| {
            let found = at < u32::from(row.weight);
            at = at.saturating_sub(u32::from(row.weight));
            found
        });
        let chosen = chosen.expect("weights have a sum");
        for (sort, _) in chosen.holes() {
            let block = sort == Sort::Block;
            let below = if statement { expressions } else { expressions.saturating_sub(1) };
            kids.push(self.node(sort, (statements.saturating_sub(usize::from(block)), below)));
        }
        Node { sort, row: chosen.row, choice, kids }
    }
}

/// A program at random.
pub fn program(rng: &mut TestRng) -> Prog {
    let count = [1, 1, 2, 3][rng.random_range(0..4)];
    let mut funcs = Vec::new();
    for _ in 0..count {
        let mut growing = Growing { rng, left: LARGE };
        let body = 0..growing.rng.random_range(2..=STATEMENTS.0);
        let kids = body.map(|_| growing.node(Sort::Stmt, DEEP)).collect();
        let body = Node { sort: Sort::Block, row: 0, choice: 0, kids };
        growing.left = LARGE / 4;
        let result = growing.node(Sort::Num, DEEP);
        funcs.push(Func { never_inlined: growing.rng.random(), body, result });
    }
    Prog {
        funcs,
        inputs: std::array::from_fn(|_| rng.random_range(-100..100)),
        n: rng.random_range(0..8),
    }
}

impl Prog {
    /// The value of input `i`; no two are alike, so that ties are rare.
    pub fn input(&self, i: usize) -> f64 {
        f64::from(self.inputs[i]) / 64.0 + 0.001_953_125 * (i + 1) as f64
    }

    /// The function that a call in function `from` reaches.
    pub fn callee(&self, from: usize, choice: u8) -> usize {
        from + usize::from(choice) % (self.funcs.len() - from)
    }
}
