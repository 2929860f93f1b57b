//! Smaller programs: all that one step makes of a program.
//!
//! A step removes a statement or puts the statements that it holds in its place, puts a
//! part of the same sort or the simplest of the sort in something's place, takes another
//! choice, or leaves out a function. What comes out is always a program, and it is
//! *smaller*: it has fewer nodes, or as many and smaller choices. So steps come to an end,
//! whatever is kept.

use super::grammar::Sort;
use super::tree::{Node, Prog};

/// How large something is, for [`smaller`].
type Size = (usize, u64);

fn size(prog: &Prog) -> Size {
    fn choices(node: &Node) -> u64 {
        u64::from(node.choice) + node.kids.iter().map(choices).sum::<u64>()
    }
    let mut size = (0, u64::from(prog.n));
    for func in &prog.funcs {
        size.0 += func.body.size() + func.result.size();
        size.1 +=
            choices(&func.body) + choices(&func.result) + 1000 * u64::from(func.never_inlined);
    }
    size
}

/// Each program that one step makes, those that lose most first.
pub fn smaller(prog: &Prog) -> Vec<Prog> {
    let mut found = vec![Prog { n: 0, ..prog.clone() }];
    for index in 0..prog.funcs.len() {
        let mut other = prog.clone();
        other.funcs[index].never_inlined = false;
        found.push(other.clone());
        if prog.funcs.len() > 1 {
            other.funcs.remove(index);
            found.push(other);
        }
        let mut with = |body: Option<Node>, result: Option<Node>| {
            let mut other = prog.clone();
            other.funcs[index].body = body.unwrap_or(other.funcs[index].body.clone());
            other.funcs[index].result = result.unwrap_or(other.funcs[index].result.clone());
            found.push(other);
        };
        steps(&prog.funcs[index].body, &mut |node| with(Some(node), None));
        steps(&prog.funcs[index].result, &mut |node| with(None, Some(node)));
    }
    let own = size(prog);
    let mut found: Vec<_> = found.into_iter().map(|prog| (size(&prog), prog)).collect();
    found.retain(|(size, _)| *size < own);
    found.sort_by_key(|(size, _)| *size);
    found.into_iter().map(|(_, prog)| prog).collect()
}

/// All that one step makes of a tree.
fn steps(node: &Node, visit: &mut dyn FnMut(Node)) {
    for simple in Node::simplest(node.sort) {
        visit(simple);
    }
    for part in parts(node) {
        visit(part);
    }
    for choice in [0, 1, node.choice / 2] {
        visit(Node { choice, ..node.clone() });
    }
    for (index, kid) in node.kids.iter().enumerate() {
        let with = |kids: Vec<Node>| {
            let mut other = node.clone();
            other.kids.splice(index..=index, kids);
            other
        };
        if node.sort == Sort::Block {
            visit(with(Vec::new()));
            let blocks = kid.kids.iter().filter(|inner| inner.sort == Sort::Block);
            blocks.for_each(|block| visit(with(block.kids.clone())));
        }
        steps(kid, &mut |kid| visit(with(vec![kid])));
    }
}

/// The highest parts of a tree that may stand in its place.
fn parts(node: &Node) -> Vec<Node> {
    let mut found = Vec::new();
    for kid in &node.kids {
        match fits(node.sort, kid) {
            Some(kid) => found.push(kid),
            None => found.extend(parts_of(node.sort, kid)),
        }
    }
    found
}

fn parts_of(sort: Sort, node: &Node) -> Vec<Node> {
    let kids = node.kids.iter();
    kids.flat_map(|kid| fits(sort, kid).map_or_else(|| parts_of(sort, kid), |kid| vec![kid]))
        .collect()
}

/// A tree as something of a sort: what is pure may stand for anything.
fn fits(sort: Sort, node: &Node) -> Option<Node> {
    let pairs = [
        (Sort::Num, Sort::Pure),
        (Sort::Int, Sort::Plain),
        (Sort::Cond, Sort::Calm),
        (Sort::Opt, Sort::Maybe),
    ];
    if node.sort == sort {
        return Some(node.clone());
    }
    pairs.contains(&(sort, node.sort)).then(|| any(node))
}

/// A tree of the pure family as one of the other. Its rows are those of both.
fn any(node: &Node) -> Node {
    let sort = match node.sort {
        Sort::Pure => Sort::Num,
        Sort::Plain => Sort::Int,
        Sort::Calm => Sort::Cond,
        Sort::Maybe => Sort::Opt,
        other => other,
    };
    Node { sort, kids: node.kids.iter().map(any).collect(), ..node.clone() }
}
