//! Vectors: the intrinsics of `core::arch` for SSE, AVX and FMA, as crates of linear
//! algebra use them.
//!
//! Each function is written twice, with vectors of `f32` or `f64` and lane by lane with
//! `f64`; the gradient of the first must be the central differences of the second.
#![cfg(target_arch = "x86_64")]

use std::arch::x86_64::*;

use enzyme_rs::{Reverse, gradient};

use crate::support::differences;

/// Compares the gradient of a function on vectors of `f32` with one on numbers.
fn single(
    name: &str,
    vectors: impl Fn(&[f32]) -> f32,
    numbers: impl Fn(&[f64]) -> f64,
    at: &[f32],
) {
    let wide: Vec<f64> = at.iter().map(|&x| f64::from(x)).collect();
    let (value, expected) = (f64::from(vectors(at)), numbers(&wide));
    assert!((value - expected).abs() < 1e-3 * expected.abs().max(1.0), "{name}: {value}");
    let (found,) = gradient(Reverse, &vectors, (at,));
    for (i, expected) in differences(numbers, &wide).into_iter().enumerate() {
        let found = f64::from(found[i]);
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-4, "{name}: derivative {i} is {found}, not {expected}");
    }
}

/// The same with vectors of `f64`.
fn double(
    name: &str,
    vectors: impl Fn(&[f64]) -> f64,
    numbers: impl Fn(&[f64]) -> f64,
    at: &[f64],
) {
    let (found,) = gradient(Reverse, &vectors, (at,));
    for (i, expected) in differences(numbers, at).into_iter().enumerate() {
        let error = (found[i] - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-7, "{name}: derivative {i} is {}, not {expected}", found[i]);
    }
}

const EIGHT: [f32; 8] = [0.5, -1.25, 2.25, 0.75, 1.5, -0.5, 0.25, 1.125];
const FOUR: [f64; 4] = [0.5, -1.25, 2.0, 0.75];

/// Weights that tell the lanes apart.
fn weighted(lanes: &[f32]) -> f32 {
    lanes.iter().zip(1u8..).map(|(x, w)| x * f32::from(w)).sum()
}

fn four(v: __m128) -> f32 {
    let mut lanes = [0.0; 4];
    // SAFETY: four floats fit.
    unsafe { _mm_storeu_ps(lanes.as_mut_ptr(), v) };
    weighted(&lanes)
}

fn load(x: &[f32]) -> __m128 {
    assert!(x.len() >= 4);
    // SAFETY: there are four floats.
    unsafe { _mm_loadu_ps(x.as_ptr()) }
}

macro_rules! of_two {
    ($($name:literal: |$a:ident, $b:ident| $vectors:expr, |$x:ident, $y:ident| $numbers:expr;)*) => {$(
        single(
            $name,
            |v: &[f32]| {
                let ($a, $b) = (load(v), load(&v[4..]));
                // SAFETY: every x86-64 processor has SSE2.
                #[allow(unused_unsafe)]
                unsafe { four($vectors) }
            },
            |v: &[f64]| {
                let ($x, $y) = (&v[..4], &v[4..]);
                let lanes: [f64; 4] = $numbers;
                lanes.iter().zip(1u8..).map(|(l, w)| l * f64::from(w)).sum()
            },
            &EIGHT,
        );
    )*};
}

#[test]
fn arithmetic_of_sse() {
    of_two! {
        "add": |a, b| _mm_add_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i] + y[i]);
        "sub": |a, b| _mm_sub_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i] - y[i]);
        "mul": |a, b| _mm_mul_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i] * y[i]);
        "div": |a, b| _mm_div_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i] / y[i]);
        "sqrt": |a, b| _mm_sqrt_ps(_mm_mul_ps(_mm_mul_ps(a, a), _mm_mul_ps(b, b))),
            |x, y| [0, 1, 2, 3].map(|i| (x[i] * y[i]).abs());
        "min": |a, b| _mm_min_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i].min(y[i]));
        "max": |a, b| _mm_max_ps(a, b), |x, y| [0, 1, 2, 3].map(|i| x[i].max(y[i]));
        "first lane of min": |a, b| _mm_min_ss(b, a), |x, y| [x[0].min(y[0]), y[1], y[2], y[3]];
        "first lane of sum": |a, b| _mm_add_ss(a, b), |x, y| [x[0] + y[0], x[1], x[2], x[3]];
        "reciprocal": |a, b| _mm_rcp_ps(_mm_mul_ps(a, b)),
            |x, y| [0, 1, 2, 3].map(|i| (x[i] * y[i]).recip());
        "reciprocal of one": |a, b| _mm_rcp_ss(_mm_mul_ps(a, b)),
            |x, y| [(x[0] * y[0]).recip(), x[1] * y[1], x[2] * y[2], x[3] * y[3]];
        "reciprocal root": |a, b| _mm_rsqrt_ps(_mm_mul_ps(_mm_mul_ps(a, a), _mm_mul_ps(b, b))),
            |x, y| [0, 1, 2, 3].map(|i| (x[i] * y[i]).abs().recip());
    }
}

#[test]
fn lanes_of_sse() {
    of_two! {
        "shuffle": |a, b| _mm_mul_ps(_mm_shuffle_ps::<0b00_01_10_11>(a, b), a),
            |x, y| [x[3] * x[0], x[2] * x[1], y[1] * x[2], y[0] * x[3]];
        "unpack": |a, b| _mm_mul_ps(_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b)),
            |x, y| [x[0] * x[2], y[0] * y[2], x[1] * x[3], y[1] * y[3]];
        "halves": |a, b| _mm_mul_ps(_mm_movehl_ps(a, b), _mm_movelh_ps(a, b)),
            |x, y| [y[2] * x[0], y[3] * x[1], x[2] * y[0], x[3] * y[1]];
        "one lane": |a, b| _mm_mul_ps(_mm_move_ss(a, b), _mm_set1_ps(_mm_cvtss_f32(b))),
            |x, y| [y[0] * y[0], x[1] * y[0], x[2] * y[0], x[3] * y[0]];
    }
}

#[test]
fn masks_of_sse() {
    of_two! {
        "choice by mask": |a, b| {
            let mask = _mm_cmplt_ps(a, b);
            _mm_or_ps(_mm_and_ps(mask, _mm_mul_ps(a, a)), _mm_andnot_ps(mask, b))
        }, |x, y| [0, 1, 2, 3].map(|i| if x[i] < y[i] { x[i] * x[i] } else { y[i] });
        "absolute value": |a, b| _mm_mul_ps(_mm_and_ps(a, _mm_castsi128_ps(_mm_set1_epi32(0x7fff_ffff))), b),
            |x, y| [0, 1, 2, 3].map(|i| x[i].abs() * y[i]);
        "negation": |a, b| _mm_mul_ps(_mm_xor_ps(a, _mm_set1_ps(-0.0)), b),
            |x, y| [0, 1, 2, 3].map(|i| -x[i] * y[i]);
        "sign": |a, b| {
            let sign = _mm_set1_ps(-0.0);
            _mm_or_ps(_mm_and_ps(sign, b), _mm_andnot_ps(sign, a))
        }, |x, y| [0, 1, 2, 3].map(|i| x[i].copysign(y[i]));
        "question": |a, b| if _mm_movemask_ps(_mm_cmpgt_ps(a, b)) & 4 != 0 { _mm_mul_ps(a, b) } else { a },
            |x, y| [0, 1, 2, 3].map(|i| if x[2] > y[2] { x[i] * y[i] } else { x[i] });
        "integers": |a, b| _mm_mul_ps(_mm_cvtepi32_ps(_mm_cvttps_epi32(a)), b),
            |x, y| [0, 1, 2, 3].map(|i| x[i].trunc() * y[i]);
    }
}

/// A 4×4 matrix times a vector, its columns in registers.
#[test]
fn matrix_times_vector() {
    single(
        "matrix times vector",
        |m: &[f32]| {
            let v = load(&m[16..]);
            // SAFETY: every x86-64 processor has SSE2.
            unsafe {
                let mut sum = _mm_mul_ps(load(m), _mm_shuffle_ps::<0>(v, v));
                sum = _mm_add_ps(sum, _mm_mul_ps(load(&m[4..]), _mm_shuffle_ps::<0x55>(v, v)));
                sum = _mm_add_ps(sum, _mm_mul_ps(load(&m[8..]), _mm_shuffle_ps::<0xaa>(v, v)));
                sum = _mm_add_ps(sum, _mm_mul_ps(load(&m[12..]), _mm_shuffle_ps::<0xff>(v, v)));
                four(_mm_mul_ps(sum, sum))
            }
        },
        |m: &[f64]| {
            let row = |i: usize| (0..4).map(|j| m[4 * j + i] * m[16 + j]).sum::<f64>();
            (0..4).zip(1u8..).map(|(i, w)| row(i) * row(i) * f64::from(w)).sum()
        },
        &std::array::from_fn::<f32, 20, _>(|i| (i as f32).sin()),
    );
}

/// Ends a test on a processor that lacks one of the features.
macro_rules! with_features {
    ($($feature:tt)*) => {
        if !($(is_x86_feature_detected!($feature) &&)* true) {
            return;
        }
    };
}

#[target_feature(enable = "sse4.1,sse3")]
fn sse4(x: &[f32], which: u8) -> f32 {
    let (a, b) = (load(x), load(&x[4..]));
    four(match which {
        0 => _mm_dp_ps::<0b1101_0110>(a, b),
        1 => _mm_hadd_ps(a, _mm_mul_ps(b, b)),
        2 => _mm_hsub_ps(_mm_mul_ps(a, a), b),
        3 => _mm_addsub_ps(a, b),
        4 => _mm_mul_ps(_mm_floor_ps(a), b),
        5 => _mm_mul_ps(_mm_round_ps::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(a), b),
        6 => _mm_blendv_ps(a, b, _mm_cmpgt_ps(a, b)),
        7 => _mm_blend_ps::<0b0101>(a, b),
        8 => _mm_mul_ps(_mm_insert_ps::<0b1001_1000>(a, b), a),
        _ => _mm_mul_ss(_mm_ceil_ss(a, b), b),
    })
}

fn sse4_numbers(v: &[f64], which: u8) -> f64 {
    let (x, y) = (&v[..4], &v[4..]);
    let all = [0, 1, 2, 3];
    let lanes: [f64; 4] = match which {
        0 => {
            let dot = x[0] * y[0] + x[2] * y[2] + x[3] * y[3];
            [0.0, dot, dot, 0.0]
        }
        1 => [x[0] + x[1], x[2] + x[3], y[0] * y[0] + y[1] * y[1], y[2] * y[2] + y[3] * y[3]],
        2 => [x[0] * x[0] - x[1] * x[1], x[2] * x[2] - x[3] * x[3], y[0] - y[1], y[2] - y[3]],
        3 => [x[0] - y[0], x[1] + y[1], x[2] - y[2], x[3] + y[3]],
        4 => all.map(|i| x[i].floor() * y[i]),
        5 => all.map(|i| x[i].trunc() * y[i]),
        6 => all.map(|i| if x[i] > y[i] { y[i] } else { x[i] }),
        7 => [y[0], x[1], y[2], x[3]],
        8 => [x[0] * x[0], y[2] * x[1], x[2] * x[2], 0.0],
        _ => [y[0].ceil() * y[0], x[1], x[2], x[3]],
    };
    lanes.iter().zip(1u8..).map(|(l, w)| l * f64::from(w)).sum()
}

#[test]
fn instructions_of_sse4() {
    with_features!("sse4.1" "sse3");
    // SAFETY: the processor has them.
    let vectors = |x: &[f32], which| unsafe { sse4(x, which) };
    let at = EIGHT;
    single("dp", |x: &[f32]| vectors(x, 0), |x| sse4_numbers(x, 0), &at);
    single("hadd", |x: &[f32]| vectors(x, 1), |x| sse4_numbers(x, 1), &at);
    single("hsub", |x: &[f32]| vectors(x, 2), |x| sse4_numbers(x, 2), &at);
    single("addsub", |x: &[f32]| vectors(x, 3), |x| sse4_numbers(x, 3), &at);
    single("floor", |x: &[f32]| vectors(x, 4), |x| sse4_numbers(x, 4), &at);
    single("round", |x: &[f32]| vectors(x, 5), |x| sse4_numbers(x, 5), &at);
    single("blendv", |x: &[f32]| vectors(x, 6), |x| sse4_numbers(x, 6), &at);
    single("blend", |x: &[f32]| vectors(x, 7), |x| sse4_numbers(x, 7), &at);
    single("insert", |x: &[f32]| vectors(x, 8), |x| sse4_numbers(x, 8), &at);
    single("ceil", |x: &[f32]| vectors(x, 9), |x| sse4_numbers(x, 9), &at);
}

/// Dot product in blocks of four with two accumulators and a rest by mask.
#[target_feature(enable = "avx,fma")]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len());
    let mut sum = _mm256_setzero_pd();
    let blocks = x.len() / 4;
    for i in 0..blocks {
        // SAFETY: the block lies within both.
        let (a, b) =
            unsafe { (_mm256_loadu_pd(&raw const x[4 * i]), _mm256_loadu_pd(&raw const y[4 * i])) };
        sum = _mm256_fmadd_pd(a, b, sum);
    }
    let rest = x.len() as i64 % 4;
    let mask = lanes_below(rest);
    // SAFETY: the mask leaves out what lies behind the ends.
    let (a, b) = unsafe {
        let at = 4 * blocks;
        (_mm256_maskload_pd(x.as_ptr().add(at), mask), _mm256_maskload_pd(y.as_ptr().add(at), mask))
    };
    sum = _mm256_fmadd_pd(a, b, sum);
    let high = _mm256_extractf128_pd::<1>(sum);
    let pair = _mm_add_pd(high, _mm256_castpd256_pd128(sum));
    _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)))
}

/// Lanes below a number.
#[target_feature(enable = "avx")]
fn lanes_below(count: i64) -> __m256i {
    let lane = |i| if i < count { -1 } else { 0 };
    _mm256_setr_epi64x(lane(0), lane(1), lane(2), lane(3))
}

#[test]
fn dot_product_with_a_masked_rest() {
    with_features!("avx" "fma");
    let at: [f64; 22] = std::array::from_fn(|i| (1.0 + i as f64).cos());
    double(
        "dot",
        // SAFETY: the processor has the features.
        |v: &[f64]| unsafe { dot(&v[..11], &v[11..]) },
        |v| (0..11).map(|i| v[i] * v[11 + i]).sum(),
        &at,
    );
}

#[target_feature(enable = "avx,fma")]
fn avx(x: &[f64], which: u8) -> f64 {
    assert!(x.len() >= 4);
    let mut out = [0.0; 4];
    // SAFETY: there are four numbers, and room for four.
    unsafe {
        let a = _mm256_loadu_pd(x.as_ptr());
        let b = _mm256_permute_pd::<0b0101>(a);
        let v = match which {
            0 => _mm256_mul_pd(_mm256_min_pd(a, b), a),
            1 => _mm256_blendv_pd(a, b, _mm256_cmp_pd::<_CMP_LE_OQ>(a, b)),
            2 => _mm256_hadd_pd(_mm256_mul_pd(a, a), b),
            3 => _mm256_permutevar_pd(_mm256_mul_pd(a, a), _mm256_setr_epi64x(2, 0, 0, 2)),
            4 => _mm256_addsub_pd(_mm256_permute2f128_pd::<1>(a, a), b),
            5 => _mm256_fmsub_pd(a, b, _mm256_sqrt_pd(_mm256_mul_pd(a, a))),
            6 => _mm256_mul_pd(_mm256_round_pd::<{ _MM_FROUND_FLOOR }>(a), a),
            7 => _mm256_cvtps_pd(_mm256_cvtpd_ps(_mm256_mul_pd(a, b))),
            _ => {
                _mm256_maskstore_pd(
                    out.as_mut_ptr(),
                    _mm256_setr_epi64x(-1, 0, -1, -1),
                    _mm256_mul_pd(a, b),
                );
                _mm256_loadu_pd(out.as_ptr())
            }
        };
        _mm256_storeu_pd(out.as_mut_ptr(), v);
    }
    out.iter().zip(1u8..).map(|(l, w)| l * f64::from(w)).sum()
}

fn avx_numbers(a: &[f64], which: u8) -> f64 {
    let b = [a[1], a[0], a[3], a[2]];
    let all = [0, 1, 2, 3];
    let lanes: [f64; 4] = match which {
        0 => all.map(|i| a[i].min(b[i]) * a[i]),
        1 => all.map(|i| if a[i] <= b[i] { b[i] } else { a[i] }),
        2 => [a[0] * a[0] + a[1] * a[1], b[0] + b[1], a[2] * a[2] + a[3] * a[3], b[2] + b[3]],
        3 => [a[1] * a[1], a[0] * a[0], a[2] * a[2], a[3] * a[3]],
        4 => [a[2] - b[0], a[3] + b[1], a[0] - b[2], a[1] + b[3]],
        5 => all.map(|i| a[i] * b[i] - a[i].abs()),
        6 => all.map(|i| a[i].floor() * a[i]),
        7 => all.map(|i| a[i] * b[i]),
        _ => [a[0] * b[0], 0.0, a[2] * b[2], a[3] * b[3]],
    };
    lanes.iter().zip(1u8..).map(|(l, w)| l * f64::from(w)).sum()
}

#[test]
fn instructions_of_avx() {
    with_features!("avx" "fma");
    // SAFETY: the processor has them.
    let vectors = |x: &[f64], which| unsafe { avx(x, which) };
    let at = [0.5, -1.25, 2.25, 0.75];
    double("min", |x: &[f64]| vectors(x, 0), |x| avx_numbers(x, 0), &at);
    double("blendv", |x: &[f64]| vectors(x, 1), |x| avx_numbers(x, 1), &at);
    double("hadd", |x: &[f64]| vectors(x, 2), |x| avx_numbers(x, 2), &at);
    double("permutevar", |x: &[f64]| vectors(x, 3), |x| avx_numbers(x, 3), &at);
    double("addsub", |x: &[f64]| vectors(x, 4), |x| avx_numbers(x, 4), &at);
    double("fmsub", |x: &[f64]| vectors(x, 5), |x| avx_numbers(x, 5), &at);
    double("floor", |x: &[f64]| vectors(x, 6), |x| avx_numbers(x, 6), &at);
    double("conversion", |x: &[f64]| vectors(x, 7), |x| avx_numbers(x, 7), &at);
    double("maskstore", |x: &[f64]| vectors(x, 8), |x| avx_numbers(x, 8), &at);
    let (found,) = gradient(Reverse, |x: &[f64]| vectors(x, 0), (&FOUR[..],));
    assert_eq!(found.len(), 4);
}

#[target_feature(enable = "avx2")]
fn gathered(x: &[f64], indices: [i32; 4]) -> f64 {
    assert!(indices.iter().all(|&i| (i as usize) < x.len()));
    // SAFETY: all indices are within.
    unsafe {
        let at = _mm_loadu_si128(indices.as_ptr().cast());
        let v = _mm256_i32gather_pd::<8>(x.as_ptr(), at);
        let v = _mm256_mul_pd(v, v);
        let pair = _mm_add_pd(_mm256_extractf128_pd::<1>(v), _mm256_castpd256_pd128(v));
        _mm_cvtsd_f64(pair) + 3.0 * _mm_cvtsd_f64(_mm_unpackhi_pd(pair, pair))
    }
}

/// Two lanes read the same number: it receives both adjoints.
#[test]
fn a_gather_with_an_index_twice() {
    with_features!("avx2");
    let indices = std::hint::black_box([4, 1, 4, 0]);
    double(
        "gather",
        // SAFETY: the processor has the feature.
        |x: &[f64]| unsafe { gathered(x, indices) },
        |x| 2.0 * x[4] * x[4] + 3.0 * (x[1] * x[1] + x[0] * x[0]),
        &[0.5, -1.25, 2.0, 0.75, 1.5],
    );
}

#[test]
fn complex_numbers_of_f32_move_as_doubles() {
    /// Butterflies of four complex numbers: halves of registers are loaded, exchanged and
    /// stored as doubles.
    fn vectors(x: &[f32]) -> f32 {
        let mut out = [0.0f32; 8];
        // SAFETY: SSE2 is part of x86_64; all four numbers lie in the slices.
        unsafe {
            let at = |i: usize| x.as_ptr().add(2 * i).cast::<f64>();
            let mut halves = _mm_castpd_ps(_mm_load_sd(at(0)));
            if x[0] > 0.0 {
                halves = _mm_castpd_ps(_mm_load1_pd(at(1)));
            }
            let rows = [_mm_loadu_ps(x.as_ptr()), _mm_loadu_ps(x.as_ptr().add(4))];
            let [a, b] = rows.map(|row| _mm_castps_pd(row));
            let (low, high) = (_mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b));
            let sum = _mm_add_ps(_mm_castpd_ps(low), _mm_castpd_ps(high));
            let product = _mm_mul_ps(_mm_mul_ps(sum, halves), _mm_castpd_ps(high));
            let mut to = |i: usize| out.as_mut_ptr().add(2 * i).cast::<f64>();
            let store = |[a, b]: [*mut f64; 2], data: __m128| {
                _mm_storel_pd(a, _mm_castps_pd(data));
                _mm_storeh_pd(b, _mm_castps_pd(data));
            };
            store([to(2), to(0)], product);
            store([to(1), to(3)], sum);
        }
        out.iter().zip(1u8..).map(|(value, i)| value * value * f32::from(i)).sum()
    }
    fn numbers(x: &[f64]) -> f64 {
        let low = [x[0], x[1], x[4], x[5]];
        let high = [x[2], x[3], x[6], x[7]];
        let halves = if x[0] > 0.0 { [x[2], x[3], x[2], x[3]] } else { [x[0], x[1], 0.0, 0.0] };
        let sum: [f64; 4] = std::array::from_fn(|i| low[i] + high[i]);
        let product: [f64; 4] = std::array::from_fn(|i| sum[i] * halves[i] * high[i]);
        let out = [product[2], product[3], sum[0], sum[1], product[0], product[1], sum[2], sum[3]];
        out.iter().zip(1u8..).map(|(value, i)| value * value * f64::from(i)).sum()
    }
    single("pairs", vectors, numbers, &EIGHT);
    let negative = EIGHT.map(|x| -x);
    single("pairs of the other arm", vectors, numbers, &negative);
}
