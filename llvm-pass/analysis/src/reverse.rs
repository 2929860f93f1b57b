//! The reverse graph: in which order the reverse sweep visits the blocks.
//!
//! Computed from the body's graph and the set of blocks with *adjoint work*.
//! Reverse execution starts at the return and, after each block, goes to the
//! block that was executed before it. Which one that was is
//!
//! * plain, where there is one predecessor;
//! * told by the loop's counter at a loop header: zero means from outside;
//! * told by the condition of the branch that decided it, where one did;
//! * told by the block's path phi at another join.
//!
//! **Contraction.** What has no work is not visited. A join whose region up to
//! its immediate dominator has no work (and which has no active phi) continues
//! right at the dominator, so its path phi is not needed; a loop without work is
//! left out as a whole, so its trip count is not needed. This is sound because
//! the reverse of a region without work changes nothing.
//!
//! A [`Hop`] that enters a loop from below names the counter's last value in that
//! execution of the loop; it is needed then.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use enzyme_body::{BlockId, Body, IdVec, LoopId, Op, ValueId};

/// The reverse of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The block whose reverse comes next.
    pub to: BlockId,
    /// The predecessor on whose edge phi operands receive their adjoints; none
    /// if a region was skipped.
    pub edge: Option<BlockId>,
    /// Loops that are entered at their last iteration, outer first, each with
    /// the counter's value there.
    pub enters: Vec<(LoopId, ValueId)>,
}

/// What comes after the reverse of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reverse sweep is done.
    Finish,
    /// One way on.
    Jump(Hop),
    /// As an integer says; one hop per value 0, 1, ….
    Choose {
        /// A path phi, or the condition of a branch.
        path: ValueId,
        /// The ways on.
        hops: Vec<Hop>,
    },
    /// A loop header: to the latch with the counter decremented, or out if it is zero.
    Repeat {
        /// The loop.
        lp: LoopId,
        /// Out of the loop.
        outside: Hop,
        /// To the iteration before.
        latch: Hop,
    },
}

/// The steps of all blocks that the reverse sweep visits.
#[derive(Debug)]
pub struct ReverseGraph {
    /// One entry per block; none if it is not visited.
    pub steps: IdVec<BlockId, Option<Step>>,
    /// Where the reverse sweep starts: the block of the return.
    pub start: BlockId,
}

/// Computes the reverse graph. `work` says which blocks have adjoint work other
/// than that of phis, `active_phi` which values are phis with an adjoint.
pub fn reverse_graph(
    body: &Body,
    start: BlockId,
    work: &HashSet<BlockId>,
    active_phi: &dyn Fn(ValueId) -> bool,
) -> ReverseGraph {
    let context = Context::new(body, work, active_phi);
    let mut steps: IdVec<BlockId, Option<Step>> = body.blocks.iter().map(|_| None).collect();
    let mut pending = VecDeque::from([start]);
    while let Some(block) = pending.pop_front() {
        if steps[block].is_some() {
            continue;
        }
        let step = context.step(block);
        pending.extend(step.hops().map(|hop| hop.to));
        steps[block] = Some(step);
    }
    ReverseGraph { steps, start }
}

impl Step {
    /// All ways on.
    pub fn hops(&self) -> Box<dyn Iterator<Item = &Hop> + '_> {
        match self {
            Step::Finish => Box::new(std::iter::empty()),
            Step::Jump(hop) => Box::new(std::iter::once(hop)),
            Step::Choose { hops, .. } => Box::new(hops.iter()),
            Step::Repeat { outside, latch, .. } => Box::new([outside, latch].into_iter()),
        }
    }
}

impl ReverseGraph {
    /// Whether the reverse sweep visits the block.
    pub fn visits(&self, block: BlockId) -> bool {
        self.steps[block].is_some()
    }

    /// The primal values that the steps read.
    pub fn needs(&self) -> Vec<(BlockId, ValueId)> {
        let mut needs = Vec::new();
        for (block, step) in self.steps.iter() {
            let Some(step) = step else { continue };
            if let Step::Choose { path, .. } = step {
                needs.push((block, *path));
            }
            needs.extend(step.hops().flat_map(|h| &h.enters).map(|&(_, last)| (block, last)));
        }
        needs
    }
}

struct Context<'a> {
    body: &'a Body,
    /// Blocks with work of any kind, phis included.
    work: HashSet<BlockId>,
    active_phis: HashSet<BlockId>,
    loops_with_work: HashSet<LoopId>,
}

impl<'a> Context<'a> {
    fn new(body: &'a Body, work: &HashSet<BlockId>, active_phi: &dyn Fn(ValueId) -> bool) -> Self {
        let has_active_phi = |block: BlockId| {
            body.blocks[block]
                .insts
                .iter()
                .any(|&v| matches!(body.inst(v).map(|i| &i.op), Some(Op::Phi(_))) && active_phi(v))
        };
        let active_phis: HashSet<_> = body
            .blocks
            .ids()
            .filter(|&b| !body.blocks[b].no_reverse && has_active_phi(b))
            .collect();
        let work: HashSet<_> = work.union(&active_phis).copied().collect();
        let loops_with_work = work.iter().flat_map(|&b| body.loops_around(b)).collect();
        Self { body, work, active_phis, loops_with_work }
    }

    fn step(&self, block: BlockId) -> Step {
        let data = &self.body.blocks[block];
        if let Some(lp) = data.in_loop
            && self.body.loops[lp].header == block
        {
            let shape = &self.body.loops[lp];
            let latch = self.hop(block, shape.latch);
            return Step::Repeat { lp, outside: self.hop(block, shape.preheader), latch };
        }
        match data.preds[..] {
            [] => Step::Finish,
            [pred] => Step::Jump(self.hop(block, pred)),
            _ => self.join(block),
        }
    }

    fn join(&self, block: BlockId) -> Step {
        let dominator = self.body.blocks[block].idom.expect("a join has a dominator");
        if !self.active_phis.contains(&block) && !self.region_has_work(block, dominator) {
            let (to, entered) = self.destination(block, dominator);
            // Without an edge it is not known at which iteration a loop was left.
            if entered.is_empty() {
                return Step::Jump(Hop { to, edge: None, enters: vec![] });
            }
        }
        if let Some((path, sides)) = self.decided(block, dominator) {
            return Step::Choose { path, hops: sides.map(|pred| self.hop(block, pred)).into() };
        }
        let path = self.body.blocks[block].path.expect("prepare gives each join a path phi");
        let Some(Op::Phi(from)) = self.body.inst(path).map(|i| &i.op) else {
            unreachable!("a path phi is a phi");
        };
        Step::Choose { path, hops: from.iter().map(|&pred| self.hop(block, pred)).collect() }
    }

    /// The condition of the branch that decided from where a join was reached, and the
    /// predecessors if it was false and true.
    ///
    /// The branch ends the dominator, in the same loop. A predecessor that the one successor
    /// dominates, which is entered from the branch only, is reached by that side only: any
    /// way from the other side to there leads through the branch once more.
    fn decided(&self, join: BlockId, dominator: BlockId) -> Option<(ValueId, [BlockId; 2])> {
        let [join_data, data] = [join, dominator].map(|block| &self.body.blocks[block]);
        let branch = self.body.inst(*data.insts.last()?)?;
        let ([first, second], [on_true, on_false]) = (&join_data.preds[..], &data.succs[..]) else {
            return None;
        };
        if branch.op != Op::Branch || data.in_loop != join_data.in_loop || on_true == on_false {
            return None;
        }
        let reaches = |side: BlockId, pred: BlockId| match side == join {
            true => pred == dominator,
            false => self.body.blocks[side].preds.len() == 1 && self.dominates(side, pred),
        };
        let sides = [[*first, *second], [*second, *first]];
        let decided =
            sides.into_iter().find(|[no, yes]| reaches(*on_false, *no) && reaches(*on_true, *yes));
        let condition = *branch.operands.first()?;
        self.is_exact(condition).then_some((condition, decided?))
    }

    /// Whether the value has the same bits when it is computed again. Float arithmetic may be
    /// contracted or reordered otherwise there, and functions may be others; a branch that
    /// then goes the other way would read what the forward sweep has not written.
    fn is_exact(&self, value: ValueId) -> bool {
        let mut seen = HashSet::new();
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            let Some(inst) = self.body.inst(value).filter(|_| seen.insert(value)) else { continue };
            match &inst.op {
                // What is read, and what depends on where execution came from, is no sum.
                Op::Load(_) | Op::Alloca { .. } => {}
                Op::Phi(from) if from.len() > 1 => {}
                Op::Phi(_)
                | Op::Int(_)
                | Op::IntCompare
                | Op::FloatCompare
                | Op::Cast(_)
                | Op::Select
                | Op::Offset { .. }
                | Op::Extract { .. }
                | Op::Insert { .. } => pending.extend(&inst.operands),
                _ => return false,
            }
        }
        true
    }

    fn dominates(&self, above: BlockId, below: BlockId) -> bool {
        self.body.dominators(below).any(|block| block == above)
    }

    /// Whether a block on a way from `dominator` to `join` (both excluded) has work.
    fn region_has_work(&self, join: BlockId, dominator: BlockId) -> bool {
        let mut seen = HashSet::from([dominator, join]);
        let mut pending = self.body.blocks[join].preds.clone();
        while let Some(block) = pending.pop() {
            if !seen.insert(block) {
                continue;
            }
            if self.work.contains(&block) {
                return true;
            }
            pending.extend(&self.body.blocks[block].preds);
        }
        false
    }

    /// The reverse of the edge from `pred` to `block`.
    fn hop(&self, block: BlockId, pred: BlockId) -> Hop {
        let (to, entered) = self.destination(block, pred);
        let enters = entered.into_iter().map(|l| (l, self.last_count(l, block))).collect();
        Hop { to, edge: Some(pred), enters }
    }

    /// Where reverse execution continues that comes from `block` and goes to
    /// `above`: there, or before the outermost idle loop that holds it; and the
    /// working loops that are entered on the way, outer first.
    fn destination(&self, block: BlockId, above: BlockId) -> (BlockId, Vec<LoopId>) {
        let mut entered: Vec<_> =
            self.body.loops_around(above).take_while(|&l| !self.body.holds(l, block)).collect();
        entered.reverse();
        let idle = entered.iter().position(|l| !self.loops_with_work.contains(l));
        let to = idle.map_or(above, |at| self.body.loops[entered[at]].preheader);
        entered.truncate(idle.unwrap_or(entered.len()));
        (to, entered)
    }

    /// The counter's value where the loop is left towards `exit`.
    fn last_count(&self, lp: LoopId, exit: BlockId) -> ValueId {
        let exits = &self.body.loops[lp].exits;
        let own = exits.iter().find(|(to, _)| *to == exit);
        own.expect("prepare lists each exit of a loop").1
    }
}

impl fmt::Display for ReverseGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |hop: &Hop| {
            let entered: String =
                hop.enters.iter().map(|(l, v)| format!(" entering {l} at {v}")).collect();
            format!("{}{entered}", hop.to)
        };
        writeln!(f, "reverse graph from {}", self.start)?;
        for (block, step) in self.steps.iter() {
            match step {
                None => continue,
                Some(Step::Finish) => writeln!(f, "  {block}: finish")?,
                Some(Step::Jump(hop)) => writeln!(f, "  {block}: {}", show(hop))?,
                Some(Step::Choose { path, hops }) => {
                    let hops: Vec<_> = hops.iter().map(show).collect();
                    writeln!(f, "  {block}: by {path} to {}", hops.join(" | "))?;
                }
                Some(Step::Repeat { lp, outside, latch }) => {
                    writeln!(f, "  {block}: {lp} again {} or {}", show(latch), show(outside))?;
                }
            }
        }
        Ok(())
    }
}
