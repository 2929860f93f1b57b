//! What the headers of libstdc++ leave to its library: trees and lists.
//!
//! The library's functions are not in the program, but code from the headers works on the
//! same nodes. The bodies (`containers.c`) keep what the library's keep, so both may work on
//! one container: differentiated functions call the bodies, all others the library.

/// The name of one of the bodies.
pub const ANY: &str = "enzyme.body.tree.insert";

/// Their text.
pub const TEXT: &str = include_str!("containers.ll");

/// Symbols, and their bodies without what all names begin with.
const BODIES: &[(&str, &str)] = &[
    ("_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base", "tree.increment"),
    ("_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base", "tree.increment"),
    ("_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base", "tree.decrement"),
    ("_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base", "tree.decrement"),
    ("_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_", "tree.insert"),
    ("_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_", "tree.erase"),
    ("_ZNSt8__detail15_List_node_base7_M_hookEPS0_", "list.hook"),
    ("_ZNSt8__detail15_List_node_base9_M_unhookEv", "list.unhook"),
    ("_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_", "list.transfer"),
    ("_ZNSt8__detail15_List_node_base10_M_reverseEv", "list.reverse"),
    ("_ZNSt8__detail15_List_node_base4swapERS0_S1_", "list.swap"),
];

/// The body of the function of this symbol.
pub fn body(symbol: &str) -> Option<&'static str> {
    BODIES.iter().find(|(name, _)| *name == symbol).map(|(_, body)| *body)
}
