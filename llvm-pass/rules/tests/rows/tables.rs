//! Symbols lead to the right rows, and `RULES.md` is what the table prints.

use enzyme_rules::Precision::{Double, Half, Single};
use enzyme_rules::{Operator, Precision, for_function, for_operator, manual, rules};

#[test]
fn symbols_lead_to_rows() {
    let cases: &[(&str, &str, Precision)] = &[
        ("sin", "sin", Double),
        ("sinf", "sin", Single),
        ("llvm.sin.f64", "sin", Double),
        ("llvm.sin.v2f64", "sin", Double),
        ("llvm.sin.nxv4f32", "sin", Single),
        ("llvm.sin.bf16", "sin", Precision::BFloat),
        ("llvm.fmuladd.f32", "fma", Single),
        ("llvm.powi.f64.i32", "powi", Double),
        ("llvm.ldexp.v4f16.v4i32", "ldexp", Half),
        ("llvm.maxnum.f64", "fmax", Double),
        ("llvm.maximumnum.f64", "fmax", Double),
        ("llvm.minimumnum.f32", "fmin", Single),
        ("llvm.maximum.f64", "maximum", Double),
        ("llvm.exp2.f32", "exp2", Single),
        ("llvm.x86.avx.rcp.ps.256", "rcp", Single),
        ("jnf", "jn", Single),
        ("remquo", "remainder", Double),
        ("tanh", "tanh", Double),
        ("hypotf", "hypot", Single),
        ("erf", "erf", Double),
        ("erff", "erf", Single),
        ("lgamma_r", "lgamma", Double),
        ("lgammaf_r", "lgamma", Single),
        ("__exp_finite", "exp", Double),
        ("__logf_finite", "log", Single),
        ("_ZN4libm4math3sin3sin17h0123456789abcdefE", "sin", Double),
        ("_ZN4libm4math4sinf4sinf17h0123456789abcdefE", "sin", Single),
        ("_ZN3std3f6421_$LT$impl$u20$f64$GT$5asinh17h0123456789abcdefE", "asinh", Double),
        ("_RNvMNtCs1234_3std3f32f5asinh", "asinh", Single),
        ("_RNvMNtCs1234_3std3f64d4powi", "powi", Double),
        ("_RNvNtNtCs1234_4libm4math3erf3erf", "erf", Double),
    ];
    for &(symbol, name, precision) in cases {
        let found = for_function(symbol).map(|(rule, p)| (rule.name, p));
        assert_eq!(found, Some((name, precision)), "{symbol}");
    }
    let none = [
        "sine",
        "llvm.sin",
        "llvm.memcpy.p0.p0.i64",
        "f",
        "_RNvMNtCs1234_3std3f64d3log",
        "_ZN4core3fmt5write17h0123456789abcdefE",
    ];
    for symbol in none {
        assert!(for_function(symbol).is_none(), "{symbol}");
    }
}

#[test]
fn every_symbol_belongs_to_one_row() {
    let mut all: Vec<&str> = rules().iter().flat_map(|r| r.symbols.iter().copied()).collect();
    let mut names: Vec<&str> = rules().iter().map(|r| r.name).collect();
    for list in [&mut all, &mut names] {
        let count = list.len();
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), count);
    }
}

#[test]
fn operators_read_what_they_must() {
    use Operator::{FAdd, FDiv, FMul, FNeg, FRem, FSub};
    let reads = |op, i| {
        let uses = for_operator(op).uses(i);
        (uses.operands, uses.result)
    };
    for op in [FNeg, FAdd, FSub, FRem] {
        assert_eq!(reads(op, 0), (0, false), "{op:?}");
    }
    assert_eq!((reads(FMul, 0), reads(FMul, 1)), ((2, false), (1, false)));
    assert_eq!((reads(FDiv, 0), reads(FDiv, 1)), ((2, false), (2, true)));
    assert_eq!(reads(FRem, 1), (3, true));
}

#[test]
fn the_manual_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/RULES.md");
    if std::env::var_os("ENZYME_BLESS").is_some() {
        std::fs::write(path, manual()).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == manual(), "RULES.md is old; run with ENZYME_BLESS=1");
}
