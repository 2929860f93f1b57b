//! Store or recompute: for one function, the cheapest way to give the reverse
//! pass every primal value that it reads, and where those values lie on the tape.
//!
//! ```text
//!   Graph ──solve──► Plan ──layout──► TapeLayout
//!     │                │
//!     └────check───────┘ ──► no violation, or why the plan is wrong
//! ```
//!
//! **Input.** A [`Graph`]: one [`Node`] for each primal value, its operands, the
//! loop that it lives in, what storing it takes and what evaluating it again
//! costs, and whether the reverse pass reads it. The client promises three
//! things, and [`solve`] refuses a graph that breaks one it can see:
//!
//! 1. *Recomputation is pure.* A node with a recompute cost, evaluated in the
//!    reverse pass from the same operands, gives the same bits. For a load this
//!    means that nothing overwrites its memory before it is repeated.
//! 2. *No recompute cycles.* Each cycle of operands has a node that cannot be
//!    recomputed; for a loop this is its header phi.
//! 3. *Operands are visible.* The operands of a recomputable node live in its own
//!    loop or in one around it. A value that leaves a loop does so through a
//!    node outside, which is not recomputable.
//!
//! **Output.** A [`Plan`]: one [`Decision`] for each node. [`solve`] finds the
//! optimum of [`cost`] exactly (see `solve.rs` for the proof); [`chaos`] finds an
//! arbitrary legal plan, for testing that no other stage depends on the choice.
//!
//! **Trust.** [`check`] proves a plan legal and shares no code with the search;
//! [`oracle::brute_force`] tries all plans of a small graph and shares none with
//! the min cut.
//!
//! **Not done here.** Nothing is learnt about the program: legality and prices
//! come from the client. A rule that can use either of two values (the argument
//! or the result) must choose one before. Where recomputed code is placed, and
//! how records of a loop are found, is synthesis.
//!
//! ```
//! use enzyme_plan::{Decision, DomainId, Footprint, Graph, Node, check, layout, solve};
//!
//! let mut graph = Graph::new();
//! let body = graph.add_domain(DomainId::FUNCTION, 1000);
//! let x = graph.add_node(Node::free("x", DomainId::FUNCTION));
//! let f64_slot = Some(Footprint::new(8, 8));
//! let e = graph.add_node(Node::value("exp x", DomainId::FUNCTION, f64_slot, Some(40)).reads(&[x]));
//! let y = graph.add_node(Node::value("y", body, f64_slot, Some(4)).reads(&[e]).needed());
//!
//! let plan = solve(&graph).expect("everything here can be stored");
//! assert_eq!(plan.decision(e), Decision::Store); // once, and cheaper than exp
//! assert_eq!(plan.decision(y), Decision::Recompute); // 1000 times, and cheap
//! assert_eq!(check(&graph, &plan), []);
//! assert_eq!(layout(&graph, &plan).record(DomainId::FUNCTION).size(), 8);
//! ```
#![forbid(unsafe_code)]

mod chaos;
mod check;
mod feasible;
mod graph;
mod layout;
mod mincut;
pub mod oracle;
mod plan;
mod price;
mod solve;

pub use chaos::{chaos, chaos_with_fuel};
pub use check::{Violation, check};
pub use feasible::{Infeasible, Named};
pub use graph::{Domain, DomainId, Footprint, Graph, Node, NodeId, Source};
pub use layout::{Extra, Holds, Record, Slot, TapeLayout, layout, layout_with};
pub use plan::{Decision, Plan, PlanDisplay};
pub use price::{DEFAULT_BYTE_WEIGHT, MAX_COST, cost};
pub use solve::solve;
