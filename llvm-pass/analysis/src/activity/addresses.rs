//! Floats that might move as addresses.
//!
//! Where a float and an address take turns in the same bytes, what loads the word as an
//! address and stores it again moves the float's bits, and not its adjoint. `types::moved`
//! has such words moved as integers; what is left is refused here.
//!
//! *Computes*: the instructions that store, cast or put into an aggregate an address which
//! may be the bits of an active float. *From*: the graph of ways, to which those of such
//! addresses are added. *Why it is sound*: an address with the bits of a float is loaded
//! as one from where floats lie, or made of an integer or a part of an aggregate that may
//! hold one; it goes to choices, to what it is given to, and to where it is returned.

use enzyme_body::{Body, BodyId, Callee, Cast, Inst, Op, Program, Ty, ValueId};

use super::graph::{Graph, Ways, float_cells};
use crate::types::{
    CallsOfBodies, Site, Types, calls_of_bodies, choices, live_users, may_be_float,
};
use crate::walk::walk;

/// The bytes of an address.
const WORD: u64 = 8;

/// The instructions that move such addresses on, if a derivative may go with them, from the
/// sources to the ends of the graph.
pub(super) fn moved(
    program: &Program,
    types: &Types,
    (sources, ends): (&[usize], &[usize]),
) -> Vec<Site> {
    let calls = &calls_of_bodies(program);
    let addresses = may_be_floats(program, types, calls);
    if addresses.is_empty() {
        return Vec::new();
    }
    let mut graph = Graph::new(program, types, Ways::Checked);
    let mut found: Vec<(Site, ValueId)> = Vec::new();
    for site @ (id, address) in addresses {
        let body = &program.bodies[id];
        made_of(types, &mut graph, site, body);
        for way in ways(program, calls, site) {
            graph.edge(graph.value(site), graph.value(way));
        }
        for (user, inst) in live_users(body, address).filter(|(_, inst)| keeps(inst, address)) {
            found.push(((id, user), address));
            if let Op::Store(_) = inst.op {
                for cell in float_cells(types, (id, inst.operands[1]), Some(WORD)) {
                    graph.edge(graph.value(site), graph.cell(cell));
                }
            } else {
                graph.edge(graph.value(site), graph.value((id, user)));
            }
        }
    }
    let active = graph.reach(sources, false).and(&graph.reach(ends, true));
    let goes = |((id, user), address): &(Site, ValueId)| {
        let body = &program.bodies[*id];
        active.has(graph.value((*id, *address)))
            && (body.values[*user].ty == Ty::Void || active.has(graph.value((*id, *user))))
    };
    found.into_iter().filter(goes).map(|found| found.0).collect()
}

/// Adds the ways to an address from what may hold a float's bits.
fn made_of(types: &Types, graph: &mut Graph<'_>, site: Site, body: &Body) {
    let Some(inst) = body.inst(site.1) else { return };
    let from = (site.0, inst.operands[0]);
    match inst.op {
        Op::Load(_) => {
            for cell in float_cells(types, from, Some(WORD)) {
                graph.edge(graph.cell(cell), graph.value(site));
            }
        }
        Op::Cast(Cast::IntToAddress) | Op::Extract { .. } => {
            graph.edge(graph.value(from), graph.value(site));
        }
        _ => {}
    }
}

/// Whether an instruction keeps the bits of an address.
fn keeps(inst: &Inst, address: ValueId) -> bool {
    match inst.op {
        Op::Store(_) | Op::Cast(Cast::AddressToInt) => inst.operands[0] == address,
        Op::Insert { .. } | Op::InsertLane => inst.operands[1] == address,
        _ => false,
    }
}

/// All addresses that may have the bits of a float.
fn may_be_floats(program: &Program, types: &Types, calls: &CallsOfBodies) -> Vec<Site> {
    let all = program.bodies.iter();
    let all = all.flat_map(|(id, body)| body.live_insts().map(move |(value, _)| (id, value)));
    let starts = all.filter(|&(id, v)| may_be_float(types, (id, &program.bodies[id]), v));
    let mut found = indexmap::IndexSet::new();
    for start in starts {
        found.extend(walk(start, |site| ways(program, calls, site)));
    }
    found.into_iter().collect()
}

/// Where an address goes as one.
fn ways(program: &Program, calls: &CallsOfBodies, (id, address): Site) -> Vec<Site> {
    let body = &program.bodies[id];
    let mut found: Vec<_> = choices(body, address).into_iter().map(|v| (id, v)).collect();
    for (_, inst) in live_users(body, address) {
        if let Some((callee, arguments)) = given(inst) {
            let params = &program.bodies[callee].params;
            let given = std::iter::zip(arguments, params).filter(|(a, _)| **a == address);
            found.extend(given.map(|(_, &param)| (callee, param)));
        }
    }
    if body.returned() == Some(address) {
        found.extend(calls.get(&id).into_iter().flatten());
    }
    found
}

/// The function of the program that is called, and what it is given.
fn given(inst: &Inst) -> Option<(BodyId, &[ValueId])> {
    let (Op::Call(call) | Op::Invoke(call)) = &inst.op else { return None };
    let Callee::Body(callee) = call.callee else { return None };
    Some((callee, &inst.operands[..call.arguments.min(inst.operands.len())]))
}
