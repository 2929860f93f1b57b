//! Known functions are recognised in the spellings that linkers see, and what
//! looks like them but is not is left alone.

use enzyme_rules::{Known, Size, eval, for_function, known};

const ALLOCATE: Known = Known::Allocate { size: Size::Argument(0), zeroed: false, align: Some(1) };
const REALLOCATE: Known =
    Known::Reallocate { pointer: 0, new_size: 3, old_size: Some(1), align: Some(2) };

#[test]
fn rust_allocators() {
    let cases = [
        ("__rust_alloc", ALLOCATE),
        ("_RNvCsdBezzDwma51_7___rustc12___rust_alloc", ALLOCATE),
        ("_ZN7__rustc12__rust_alloc17h0123456789abcdefE", ALLOCATE),
        ("__rdl_alloc", ALLOCATE),
        ("_RNvCsdBezzDwma51_7___rustc11___rdl_alloc", ALLOCATE),
        ("_RNvCsdBezzDwma51_7___rustc10___rg_alloc", ALLOCATE),
        ("_RNvCsdBezzDwma51_7___rustc14___rust_dealloc", Known::Free { pointer: 0 }),
        ("__rust_dealloc", Known::Free { pointer: 0 }),
        ("_RNvCsdBezzDwma51_7___rustc14___rust_realloc", REALLOCATE),
        ("__rust_realloc", REALLOCATE),
    ];
    for (symbol, expect) in cases {
        assert_eq!(known(symbol), Some(expect), "{symbol}");
    }
    let zeroed = known("_RNvCsdBezzDwma51_7___rustc19___rust_alloc_zeroed");
    assert!(matches!(zeroed, Some(Known::Allocate { zeroed: true, .. })));
}

#[test]
fn c_allocators() {
    let size = |symbol: &str| match known(symbol) {
        Some(Known::Allocate { size, zeroed, align }) => Some((size, zeroed, align)),
        _ => None,
    };
    use Size::{Argument, Product};
    assert_eq!(size("malloc"), Some((Argument(0), false, None)));
    assert_eq!(size("calloc"), Some((Product(0, 1), true, None)));
    assert_eq!(size("aligned_alloc"), Some((Argument(1), false, Some(0))));
    let stored = Known::AllocateAt { size: Argument(2), align: 1, slot: 0 };
    assert_eq!(known("posix_memalign"), Some(stored));
    assert_eq!(known("free"), Some(Known::Free { pointer: 0 }));
    let realloc = Known::Reallocate { pointer: 0, new_size: 1, old_size: None, align: None };
    assert_eq!(known("realloc"), Some(realloc));
}

#[test]
fn allocators_of_programs() {
    let plain = Known::Allocate { size: Size::Argument(0), zeroed: false, align: None };
    for (symbol, expect) in [
        ("mi_malloc", plain),
        ("mi_malloc_aligned", ALLOCATE),
        ("_rjem_malloc", plain),
        ("mi_free", Known::Free { pointer: 0 }),
        ("_rjem_sdallocx", Known::Free { pointer: 0 }),
    ] {
        assert_eq!(known(symbol), Some(expect), "{symbol}");
    }
    // Its flags hide the alignment.
    assert_eq!(known("_rjem_mallocx"), None);
}

/// Mangled names are those of `std`'s own library files.
#[test]
fn inactive_functions() {
    let quiet = [
        "_RNvCsdBezzDwma51_7___rustc35___rust_no_alloc_shim_is_unstable_v2",
        "__rust_no_alloc_shim_is_unstable",
        "llvm.assume",
        "llvm.lifetime.start.p0",
        "llvm.dbg.declare",
        "llvm.experimental.noalias.scope.decl",
        "llvm.ctpop.i64",
        "llvm.sadd.with.overflow.i32",
        "llvm.uadd.sat.v4i32",
        "llvm.abs.i32",
        "llvm.umin.i64",
        "llvm.objectsize.i64.p0",
        "llvm.fptosi.sat.i64.f64",
        "llvm.is.fpclass.f64",
        "llvm.x86.sse.movmsk.ps",
        "llvm.x86.sse2.cvttsd2si64",
        "_ZN4libm4math5ilogb5ilogb17h0123456789abcdefE",
        "llvm.vector.reduce.add.v4i32",
        "memcmp",
        "bcmp",
        "strlen",
        "printf",
        "getenv",
        "abort",
    ];
    for symbol in quiet {
        assert_eq!(known(symbol), Some(Known::Inactive { writes: false }), "{symbol}");
    }
    let writing = [
        "_RNvNtNtCsjrHSEGnQ3l9_3std2io5stdio6__print",
        "_ZN3std2io5stdio6_print17h0123456789abcdefE",
        "_ZN4core9panicking9panic_fmt17h0123456789abcdefE",
        "_ZN4core9panicking18panic_bounds_check17h0123456789abcdefE",
        "_ZN4core6option13unwrap_failed17h0123456789abcdefE",
        "_ZN4core5slice5index22slice_index_order_fail17h0123456789abcdefE",
        "_ZN5alloc5alloc18handle_alloc_error17h0123456789abcdefE",
        "_ZN5alloc7raw_vec12handle_error17h0123456789abcdefE",
        "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
        "_RNvMNtCsjrHSEGnQ3l9_3std4timeNtB2_7Instant3now",
        "_RNvNtCsgEmfK2I1SDS_4core9panicking18panic_bounds_check",
        // <f64 as core::fmt::Display>::fmt and <i32 as core::fmt::Debug>::fmt
        "_RNvXs7_NtNtCsgEmfK2I1SDS_4core3fmt5floatdNtB7_7Display3fmt",
        "_ZN4core3fmt3num50_$LT$impl$u20$core..fmt..Debug$u20$for$u20$i32$GT$3fmt17h0123456789abcdefE",
        "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
        "_ZN3std4time7Instant3now17h0123456789abcdefE",
        "_ZN4core3num7dec2flt60_$LT$impl$u20$core..str..traits..FromStr$u20$for$u20$f64$GT$8from_str17h0123456789abcdefE",
        "_ZN51_$LT$bool$u20$as$u20$core..str..traits..FromStr$GT$8from_str17h0123456789abcdefE",
        "_ZN3std3env3var17h0123456789abcdefE",
        "_ZN3std6thread7current17h0123456789abcdefE",
        "_ZN3std6thread7current7current17h0123456789abcdefE",
        "clock_gettime",
        "snprintf",
        "_Unwind_Resume",
    ];
    for symbol in writing {
        assert_eq!(known(symbol), Some(Known::Inactive { writes: true }), "{symbol}");
    }
    assert_eq!(known("llvm.expect.i1"), Some(Known::Identity { operand: 0 }));
}

/// Closures, data and mathematics in places that look inactive.
#[test]
fn what_is_not_known() {
    let unknown = [
        "main",
        "sin",
        "llvm.sin.f64",
        "llvm.memcpy.p0.p0.i64",
        "llvm.masked.load.v4f64.p0",
        "llvm.vector.reduce.fadd.v4f64",
        "llvm.abs_like",
        "_ZN4user3std4time3now17h0123456789abcdefE",
        "_ZN3std9panicking3try17h0123456789abcdefE",
        "_ZN3std9panicking12catch_unwind17h0123456789abcdefE",
        "_ZN3std3sys9backtrace28__rust_begin_short_backtrace17h0123456789abcdefE",
        "_ZN3std6thread9functions5spawn17h0123456789abcdefE",
        // A fold over characters runs the user's closure.
        "_ZN81_$LT$core..str..iter..Chars$u20$as$u20$core..iter..traits..iterator..Iterator$GT$4fold17h0123456789abcdefE",
        // What is parsed may be a type of the user's.
        "_ZN4core3str21_$LT$impl$u20$str$GT$5parse17h0123456789abcdefE",
        "_ZN54_$LT$user..M$u20$as$u20$core..str..traits..FromStr$GT$8from_str17h0123456789abcdefE",
        // A vector of durations is a vector.
        "_ZN56_$LT$alloc..vec..Vec$LT$core..time..Duration$GT$$GT$4push17h0123456789abcdefE",
        // Bytes written to memory may be those of floats.
        "_ZN65_$LT$alloc..vec..Vec$LT$u8$GT$$u20$as$u20$std..io..Write$GT$9write_all17h0123456789abcdefE",
        // Names that only begin like a listed one.
        "_ZN3std7environ3var17h0123456789abcdefE",
        "_ZN4core10panicking_x4call17h0123456789abcdefE",
    ];
    for symbol in unknown {
        assert_eq!(known(symbol), None, "{symbol}");
    }
}

#[test]
fn no_function_is_both_mathematics_and_known() {
    let rows = enzyme_rules::rules().iter().flat_map(|rule| rule.symbols);
    for symbol in rows.filter(|symbol| !symbol.starts_with("llvm.")) {
        assert!(for_function(symbol).is_some() && known(symbol).is_none(), "{symbol}");
    }
}

#[test]
fn digamma_at_known_points() {
    const EULER: f64 = 0.577_215_664_901_532_9;
    let cases = [
        (1.0, -EULER),
        (0.5, -EULER - 2.0 * std::f64::consts::LN_2),
        (2.0, 1.0 - EULER),
        (10.0, 2.251_752_589_066_721),
        (-0.5, 2.0 - EULER - 2.0 * std::f64::consts::LN_2),
        (1e-10, -1e10 - EULER),
        (1e10, 23.025_850_929_890_457),
    ];
    for (x, expect) in cases {
        let got = eval::digamma(x);
        assert!((got - expect).abs() <= 4e-15 * expect.abs().max(1.0), "ψ({x}) = {got}");
    }
}
