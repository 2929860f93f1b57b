//! LLVM intrinsics that carry no derivative, without type suffixes.

use super::Known;

pub(super) fn lookup(base: &str) -> Option<Known> {
    if IDENTITY.contains(&base) {
        return Some(Known::Identity { operand: 0 });
    }
    let name = base.strip_prefix("llvm.")?;
    let families = FAMILIES.iter().chain(PROCESSOR);
    let family = families.into_iter().any(|prefix| name.starts_with(prefix));
    if family || INACTIVE.contains(&name) {
        return Some(Known::Inactive { writes: false });
    }
    None
}

/// The result is the first operand; floats among these have rows of their own.
const IDENTITY: &[&str] = &[
    "llvm.expect",
    "llvm.expect.with.probability",
    "llvm.launder.invariant.group",
    "llvm.strip.invariant.group",
    "llvm.annotation",
    "llvm.ptr.annotation",
    "llvm.ssa.copy",
    "llvm.threadlocal.address",
];

/// Whole families.
const FAMILIES: &[&str] =
    &["dbg.", "lifetime.", "invariant.", "instrprof.", "coverage.", "experimental.convergence."];

/// Instructions of x86 that give integers from floats, and those that touch neither.
const PROCESSOR: &[&str] = &[
    "x86.sse.comi",
    "x86.sse2.comi",
    "x86.sse.ucomi",
    "x86.sse2.ucomi",
    "x86.sse.movmsk",
    "x86.sse2.movmsk",
    "x86.avx.movmsk",
    "x86.avx.vtest",
    "x86.sse41.ptest",
    "x86.avx.ptest",
    "x86.sse.cvtss2si",
    "x86.sse.cvttss2si",
    "x86.sse2.cvtsd2si",
    "x86.sse2.cvttsd2si",
    "x86.sse2.cvtps2dq",
    "x86.sse2.cvttps2dq",
    "x86.sse2.cvtpd2dq",
    "x86.sse2.cvttpd2dq",
    "x86.avx.cvt.ps2dq",
    "x86.avx.cvtt.ps2dq",
    "x86.avx.cvt.pd2dq",
    "x86.avx.cvtt.pd2dq",
    "x86.sse.sfence",
    "x86.sse2.lfence",
    "x86.sse2.mfence",
    "x86.sse2.pause",
    "x86.avx.vzero",
    "x86.rdtsc",
    "x86.xgetbv",
];

const INACTIVE: &[&str] = &[
    // Statements about the program.
    "assume",
    "experimental.noalias.scope.decl",
    "sideeffect",
    "donothing",
    "var.annotation",
    "pseudoprobe",
    "prefetch",
    "is.constant",
    "objectsize",
    "type.test",
    "public.type.test",
    "allow.runtime.check",
    "allow.ubsan.check",
    "fake.use",
    "codeview.annotation",
    // Ends and the machine's state.
    "trap",
    "debugtrap",
    "ubsantrap",
    "stacksave",
    "stackrestore",
    "readcyclecounter",
    "readsteadycounter",
    "returnaddress",
    "frameaddress",
    "addressofreturnaddress",
    "thread.pointer",
    "eh.typeid.for",
    "get.rounding",
    "set.rounding",
    "get.fpenv",
    "get.fpmode",
    "vscale",
    // Integers from floats.
    "is.fpclass",
    "fptosi.sat",
    "fptoui.sat",
    "lround",
    "llround",
    "lrint",
    "llrint",
    // Integers from integers.
    "ctpop",
    "ctlz",
    "cttz",
    "bswap",
    "bitreverse",
    "fshl",
    "fshr",
    "abs",
    "smax",
    "smin",
    "umax",
    "umin",
    "scmp",
    "ucmp",
    "clmul",
    "sadd.with.overflow",
    "uadd.with.overflow",
    "ssub.with.overflow",
    "usub.with.overflow",
    "smul.with.overflow",
    "umul.with.overflow",
    "sadd.sat",
    "uadd.sat",
    "ssub.sat",
    "usub.sat",
    "sshl.sat",
    "ushl.sat",
    "smul.fix",
    "umul.fix",
    "smul.fix.sat",
    "umul.fix.sat",
    "sdiv.fix",
    "udiv.fix",
    "sdiv.fix.sat",
    "udiv.fix.sat",
    "vector.reduce.add",
    "vector.reduce.mul",
    "vector.reduce.and",
    "vector.reduce.or",
    "vector.reduce.xor",
    "vector.reduce.smax",
    "vector.reduce.smin",
    "vector.reduce.umax",
    "vector.reduce.umin",
    "stepvector",
    "get.active.lane.mask",
    "experimental.cttz.elts",
    "experimental.get.vector.length",
];
