//! Loops and branches of every shape.

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn counted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.0);
    for v in x {
        sum += *v * *v;
    }
    sum
}

#[test]
fn a_counted_loop() {
    check!(counted, &POINT);
    check!(counted, &[]);
}

fn recurrence<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut state = T::from(0.5);
    for v in x {
        state = (state * *v).sin();
    }
    state
}

#[test]
fn a_recurrence_whose_states_must_be_kept() {
    check!(recurrence, &POINT);
}

fn branches<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut product = T::from(1.0);
    for v in x {
        if v.re() > 1.0 {
            product *= *v;
        } else if v.re() > 0.0 {
            product += v.exp();
        } else {
            product -= *v * 3.0;
        }
    }
    product
}

#[test]
fn a_branch_in_a_loop() {
    check!(branches, &POINT);
}

#[expect(clippy::needless_range_loop, reason = "loops over indices are what is tested")]
fn nested<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for i in 0..x.len() {
        let mut inner = x[i];
        for j in 0..i {
            inner = inner * x[j] + x[j].sin();
        }
        total += inner;
    }
    total
}

#[test]
fn a_triangular_nest() {
    check!(nested, &POINT);
}

fn newton<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    // Square root of the sum of squares, to convergence.
    let target = x.iter().fold(T::from(1.0), |sum, v| sum + *v * *v);
    let mut root = target;
    let mut steps = 0;
    while (root * root - target).re().abs() > 1e-14 * target.re() && steps < 200 {
        root = (root + target / root) * 0.5;
        steps += 1;
    }
    root
}

#[test]
fn a_loop_to_convergence() {
    check!(newton, &POINT);
}

fn several_exits<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut state = T::from(1.0);
    for (i, v) in x.iter().enumerate() {
        state = state * *v + i as f64;
        if state.re() > 8.0 {
            return state.sin();
        }
        if state.re() < -20.0 {
            break;
        }
        if v.re() < 0.0 {
            continue;
        }
        state *= v.cos();
    }
    state * 2.0
}

#[test]
fn a_loop_with_several_exits() {
    check!(several_exits, &POINT);
    check!(several_exits, &[3.0, 3.0, 4.0, 5.0]);
    check!(several_exits, &[-3.0, 9.0, 1.0, 5.0]);
}

fn labelled<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.1);
    'outer: for i in 0..x.len() {
        for j in 0..x.len() {
            sum = sum * x[i] + x[j];
            if sum.re() > 5.0 {
                continue 'outer;
            }
            if sum.re() < -5.0 {
                break 'outer;
            }
        }
    }
    sum
}

#[test]
fn breaking_out_of_two_loops() {
    check!(labelled, &POINT);
    check!(labelled, &[1.5, 2.5, 0.3]);
}

fn matched<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.0);
    for (i, v) in x.iter().enumerate() {
        sum += match i % 4 {
            0 => v.sin(),
            1 => *v * *v,
            2 if v.re() > 0.0 => v.exp(),
            _ => *v * 7.0,
        };
    }
    sum
}

#[test]
fn a_match_in_a_loop() {
    check!(matched, &POINT);
}

fn swapped<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (mut a, mut b) = (T::from(1.0), T::from(0.5));
    for v in x {
        (a, b) = (b * *v, a + b);
    }
    a - b
}

#[test]
fn phis_that_feed_each_other() {
    check!(swapped, &POINT);
}

/// Goes through the rows of a packed triangle, which get shorter, in items of `WIDTH`.
fn rows<T: DualNum<f64> + Copy, const WIDTH: usize>(x: &[T], count: usize) -> T {
    let mut sums = vec![T::from(1.0); count * WIDTH];
    let mut rest = x.as_chunks::<WIDTH>().0;
    for i in 0..count {
        let (row, below) = rest.split_at(count - i);
        for (sums, item) in sums[i * WIDTH..].chunks_exact_mut(WIDTH).zip(row) {
            for (sum, v) in sums.iter_mut().zip(item) {
                *sum = *sum * *v + v.sin();
            }
        }
        rest = below;
    }
    sums.iter().fold(T::from(0.0), |total, s| total + *s * *s)
}

fn triangle<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    rows::<T, 1>(x, std::hint::black_box(5)) + rows::<T, 3>(x, std::hint::black_box(2))
}

#[test]
fn the_rows_of_a_triangle() {
    check!(triangle, &std::array::from_fn::<f64, 15, _>(|i| 0.4 + 0.1 * (i * 7 % 11) as f64));
}
