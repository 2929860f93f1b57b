//! What the headers of libstdc++ leave to its library of `std::string`.
//!
//! The bodies (`strings.c`) keep what the library's functions keep, so both may work on one
//! string. Not there: what compares or searches parts, and reads and writes.

/// The name of one of the bodies.
pub const ANY: &str = "enzyme.body.string.create";

/// Their text.
pub const TEXT: &str = include_str!("strings.ll");

const CLASS: &str = "St7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE";

/// Members by what their symbols have behind the class, and their bodies.
const MEMBERS: &[(&str, &str)] = &[
    ("9_M_createERmm", "create"),
    ("9_M_mutateEmmPKcm", "mutate"),
    ("10_M_replaceEmmPKcm", "replace"),
    ("14_M_replace_auxEmmmc", "replace_filled"),
    ("7replaceEmmPKcm", "replace_checked"),
    ("9_M_appendEPKcm", "append"),
    ("6appendEPKcm", "append"),
    ("6appendEPKc", "append_text"),
    ("pLEPKc", "append_text"),
    ("6appendERKS4_", "append_string"),
    ("pLERKS4_", "append_string"),
    ("6appendEmc", "append_filled"),
    ("9push_backEc", "push"),
    ("pLEc", "append_one"),
    ("8pop_backEv", "pop"),
    ("6insertEmPKc", "insert"),
    ("6insertEmRKS4_", "insert_string"),
    ("8_M_eraseEmm", "cut"),
    ("5eraseEmm", "erase"),
    ("5clearEv", "clear"),
    ("9_M_assignERKS4_", "assign_string"),
    ("6assignERKS4_", "assign"),
    ("aSERKS4_", "assign"),
    ("6assignEPKc", "assign_text"),
    ("aSEPKc", "assign_text"),
    ("aSEOS4_", "assign_moved"),
    ("4swapERS4_", "exchange"),
    ("7reserveEm", "reserve"),
    ("6resizeEm", "resize"),
    ("6resizeEmc", "resize_filled"),
    ("12_M_constructEmc", "construct_filled"),
    ("C1Ev", "make"),
    ("C2Ev", "make"),
    ("C1ERKS4_", "copy"),
    ("C2ERKS4_", "copy"),
    ("C1ERKS4_mm", "part"),
    ("C2ERKS4_mm", "part"),
    ("6substrEmm", "part"),
    ("C1EOS4_", "take"),
    ("C2EOS4_", "take"),
    ("D1Ev", "dispose"),
    ("D2Ev", "dispose"),
    ("10_M_disposeEv", "dispose"),
    ("7_M_dataEPc", "set_data"),
    ("11_M_capacityEm", "set_capacity"),
    ("13_M_set_lengthEm", "set_length"),
    ("13_M_local_dataEv", "local_data"),
    ("17_M_use_local_dataEv", "use_local_data"),
    ("13_S_copy_charsEPcPKcS7_", "copy_chars"),
    ("13_S_copy_charsEPcS5_S5_", "copy_chars"),
    ("12_Alloc_hiderC1EPcRKS3_", "hide"),
    ("12_Alloc_hiderC2EPcRKS3_", "hide"),
    ("12_Alloc_hiderC1EPcOS3_", "hide"),
    ("12_Alloc_hiderC2EPcOS3_", "hide"),
    ("7_M_dataEv", "data"),
    ("4dataEv", "data"),
    ("5c_strEv", "data"),
    ("5beginEv", "data"),
    ("3endEv", "stop"),
    ("4sizeEv", "size"),
    ("6lengthEv", "size"),
    ("8capacityEv", "capacity"),
    ("5emptyEv", "empty"),
    ("ixEm", "at"),
    ("2atEm", "at_checked"),
    ("7compareERKS4_", "compare"),
    ("7compareEPKc", "compare_text"),
    ("4findEPKcmm", "find"),
    ("4findEPKcm", "find_text"),
    ("4findERKS4_m", "find_string"),
    ("4findEcm", "find_one"),
];

/// The allocator of characters, which has no state.
const ALLOCATOR: &[&str] = &["_ZNSaIcEC1Ev", "_ZNSaIcEC2Ev", "_ZNSaIcED1Ev", "_ZNSaIcED2Ev"];

/// The body of the function of this symbol.
pub fn body(symbol: &str) -> Option<&'static str> {
    if ALLOCATOR.contains(&symbol) {
        return Some("nothing");
    }
    let member = symbol.strip_prefix("_ZN")?;
    let member = member.strip_prefix('K').unwrap_or(member).strip_prefix(CLASS)?;
    MEMBERS.iter().find(|(name, _)| *name == member).map(|(_, body)| *body)
}
