//! Counters, counts, exits and path phis.
//!
//! Runs after LLVM's own loop normalisation. The order matters: exits are split
//! before counters are made, counters before induction variables are rewritten,
//! and LLVM's analyses are made anew after each change of the graph.

use std::collections::{HashMap, HashSet};

use enzyme_body::{IdVec, Loop, LoopId};
use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Analyses, Block, Builder, Function, Mirrored, Opcode, Value};

use crate::{flow, run};

/// What canonicalisation put into the function.
pub struct Canonical {
    dead: HashSet<Block>,
    loops: Vec<LoopShape>,
    innermost: HashMap<Block, usize>,
    idoms: HashMap<Block, Block>,
    paths: HashMap<Block, Value>,
}

struct LoopShape {
    parent: Option<usize>,
    header: Block,
    preheader: Block,
    latch: Block,
    counter: Value,
    count: Option<Value>,
    exits: Vec<(Block, Value)>,
}

/// Brings the function into canonical form.
pub fn canonicalize(function: Function) -> Result<Canonical> {
    split_after_invokes(function);
    let dead = flow::blocks_without_reverse(function);
    split_shared_exits(function, &dead);
    let dead = flow::blocks_without_reverse(function);
    let mut loops = add_counters(function, &dead)?;
    let analyses = Analyses::new(function);
    rewrite_inductions(&analyses, &loops);
    drop(analyses);
    // What was expanded may use values of other loops directly.
    run(function, "lcssa")?;
    let analyses = Analyses::new(function);
    let exits = live_exits(function, &analyses, &dead);
    let builder = Builder::new(function.module());
    for (index, shape) in loops.iter_mut().enumerate() {
        let own: Vec<_> = exits.iter().filter(|e| e.left.contains(&index)).collect();
        // Only a loop with one way out runs as often as that way out says.
        if let [exit] = own[..]
            && exit.left.first() == Some(&index)
        {
            let count = analyses.expand_exit_count(index, Some(exit.from));
            // A use, so that LCSSA covers the count as well.
            builder.before(shape.preheader.terminator().expect("a finished block"));
            shape.count = count.map(|count| builder.freeze(count));
        }
        for exit in own {
            let value = shape.count.unwrap_or_else(|| counter_at_exit(shape.counter, exit));
            shape.exits.push((exit.to, value));
        }
    }
    drop(analyses);
    run(function, "lcssa")?;
    for shape in &mut loops {
        let Some(frozen) = shape.count else { continue };
        let count = frozen.operand(0);
        shape.count = Some(count);
        for (_, value) in shape.exits.iter_mut().filter(|(_, value)| *value == frozen) {
            *value = count;
        }
        frozen.erase();
    }
    let analyses = Analyses::new(function);
    let innermost = function
        .blocks()
        .into_iter()
        .filter_map(|block| Some((block, analyses.innermost(block)?)))
        .collect();
    let idoms = function
        .blocks()
        .into_iter()
        .filter_map(|block| Some((block, analyses.idom(block)?)))
        .collect();
    drop(analyses);
    let headers: HashSet<_> = loops.iter().map(|l| l.header).collect();
    let paths = add_path_phis(function, &dead, &headers);
    Ok(Canonical { dead, loops, innermost, idoms, paths })
}

/// An exit edge and the loops that it leaves, innermost first.
struct Exit {
    from: Block,
    to: Block,
    left: Vec<usize>,
}

fn live_exits(function: Function, analyses: &Analyses, dead: &HashSet<Block>) -> Vec<Exit> {
    let around = |block: Block| {
        let mut list = Vec::new();
        let mut at = analyses.innermost(block);
        while let Some(index) = at {
            list.push(index);
            at = analyses.parent(index);
        }
        list
    };
    let mut exits = Vec::new();
    for from in function.blocks() {
        for to in from.successors().into_iter().filter(|b| !dead.contains(b)) {
            let outside = around(to);
            let left: Vec<_> = around(from).into_iter().filter(|l| !outside.contains(l)).collect();
            if !left.is_empty() {
                exits.push(Exit { from, to, left });
            }
        }
    }
    exits
}

/// Gives what follows an invoke a block of its own, where its result is known.
fn split_after_invokes(function: Function) {
    let mut entries: HashMap<Block, usize> = HashMap::new();
    for block in function.blocks() {
        for successor in block.successors() {
            *entries.entry(successor).or_default() += 1;
        }
    }
    for block in function.blocks() {
        let terminator = block.terminator().and_then(|t| t.opcode());
        if terminator == Some(Opcode::LLVMInvoke) {
            let normal = block.successors()[0];
            if entries[&normal] > 1 {
                block.split_edge(normal);
            }
        }
    }
}

/// Gives each exit edge a block of its own; where a panic is caught, a landing pad of its own.
fn split_shared_exits(function: Function, dead: &HashSet<Block>) {
    let analyses = Analyses::new(function);
    let exits = live_exits(function, &analyses, dead);
    drop(analyses);
    let mut entries: HashMap<Block, usize> = HashMap::new();
    for block in function.blocks() {
        for successor in block.successors() {
            *entries.entry(successor).or_default() += 1;
        }
    }
    let pads: HashSet<_> = exits.iter().map(|e| e.to).filter(|to| to.is_landing_pad()).collect();
    for Exit { from, to, .. } in exits {
        let shared = entries.get_mut(&to).expect("an edge leads to it");
        if *shared < 2 {
            continue;
        }
        if pads.contains(&to) {
            // What was split off before has moved the invoke's edge to another pad.
            from.split_edge(from.successors()[1]);
            *shared -= 1;
        } else {
            from.split_edge(to);
        }
    }
}

fn add_counters(function: Function, dead: &HashSet<Block>) -> Result<Vec<LoopShape>> {
    let analyses = Analyses::new(function);
    let builder = Builder::new(function.module());
    let i64 = function.module().int(64);
    let mut loops = Vec::new();
    for index in 0..analyses.loop_count() {
        let header = analyses.header(index);
        let (Some(preheader), Some(latch)) = (analyses.preheader(index), analyses.latch(index))
        else {
            // Loops on the way to a panic stay as they are; their blocks have no reverse.
            let shape_needed = !dead.contains(&header);
            let diagnostic = Diagnostic::new(Code::ControlFlow, "a loop with several entries")
                .at(header.first().and_then(|i| i.location()));
            if shape_needed {
                return diagnostic.into();
            }
            return Diagnostic::new(
                Code::ControlFlow,
                "a loop with several entries before a panic",
            )
            .into();
        };
        builder.before(header.first().expect("a finished block"));
        let counter = builder.phi(i64);
        counter.set_name("counter");
        builder.before(latch.terminator().expect("a finished block"));
        let next = builder.add(counter, i64.const_int(1));
        counter.add_incoming(i64.const_int(0), preheader);
        counter.add_incoming(next, latch);
        let parent = analyses.parent(index);
        loops.push(LoopShape {
            parent,
            header,
            preheader,
            latch,
            counter,
            count: None,
            exits: vec![],
        });
    }
    Ok(loops)
}

fn rewrite_inductions(analyses: &Analyses, loops: &[LoopShape]) {
    for (index, shape) in loops.iter().enumerate() {
        for phi in shape.header.insts() {
            if phi.opcode() != Some(Opcode::LLVMPHI) {
                break;
            }
            if phi != shape.counter && phi.ty().is_int_or_ptr() {
                analyses.rewrite_induction(index, phi, shape.counter);
            }
        }
    }
}

/// The counter's value where the exit edge arrives.
fn counter_at_exit(counter: Value, exit: &Exit) -> Value {
    let builder = Builder::new(exit.to.function().module());
    builder.before(exit.to.first().expect("a finished block"));
    let last = builder.phi(counter.ty());
    last.set_name("counter.last");
    last.add_incoming(counter, exit.from);
    last
}

fn add_path_phis(
    function: Function,
    dead: &HashSet<Block>,
    headers: &HashSet<Block>,
) -> HashMap<Block, Value> {
    let mut predecessors: HashMap<Block, Vec<Block>> = HashMap::new();
    for block in function.blocks() {
        for successor in block.successors() {
            predecessors.entry(successor).or_default().push(block);
        }
    }
    let builder = Builder::new(function.module());
    let mut paths = HashMap::new();
    for block in function.blocks() {
        let from = predecessors.get(&block).map_or(&[][..], Vec::as_slice);
        if from.len() < 2 || dead.contains(&block) || headers.contains(&block) {
            continue;
        }
        let ty = function.module().int(if from.len() <= 256 { 8 } else { 32 });
        builder.before(block.first().expect("a finished block"));
        let path = builder.phi(ty);
        path.set_name("path");
        for (number, &pred) in from.iter().enumerate() {
            path.add_incoming(ty.const_int(i64::try_from(number).expect("few edges")), pred);
        }
        paths.insert(block, path);
    }
    paths
}

impl Canonical {
    /// Writes the shape into the mirror.
    pub fn describe(&self, mirrored: &mut Mirrored) {
        let block_ids: HashMap<_, _> = mirrored.blocks.iter().map(|(id, b)| (*b, id)).collect();
        let mut value_ids: HashMap<_, _> = mirrored.values.iter().map(|(id, v)| (*v, id)).collect();
        let counts = self.loops.iter().flat_map(|l| l.exits.iter().map(|(_, v)| *v).chain(l.count));
        for count in counts {
            value_ids.entry(count).or_insert_with(|| mirrored.intern(count));
        }
        let value = |v: Value| value_ids[&v];
        let mut loops: IdVec<LoopId, Loop> = IdVec::default();
        for shape in &self.loops {
            let parent = shape.parent.map(LoopId::new);
            loops.push(Loop {
                parent,
                depth: parent.map_or(1, |p| loops[p].depth + 1),
                header: block_ids[&shape.header],
                preheader: block_ids[&shape.preheader],
                latch: block_ids[&shape.latch],
                counter: value(shape.counter),
                count: shape.count.map(value),
                exits: shape.exits.iter().map(|(b, v)| (block_ids[b], value(*v))).collect(),
            });
        }
        mirrored.body.loops = loops;
        for (block, &id) in &block_ids {
            let data = &mut mirrored.body.blocks[id];
            data.no_reverse = self.dead.contains(block);
            data.in_loop = self.innermost.get(block).map(|&l| LoopId::new(l));
            data.idom = self.idoms.get(block).map(|b| block_ids[b]);
            data.path = self.paths.get(block).map(|p| value(*p));
        }
    }
}
