//! Control flow: iterators of all kinds, loops that end when they end, matches.

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn total<T: DualNum<f64> + Copy>(values: impl Iterator<Item = T>) -> T {
    values.fold(T::from(0.0), |sum, v| sum + v)
}

fn linear<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let zipped = x.iter().zip(x.iter().skip(1)).map(|(a, b)| *a * *b);
    let enumerated = x.iter().enumerate().map(|(i, a)| *a * i as f64);
    let chained = x[..2].iter().chain(&x[4..]).rev().map(|a| a.sin());
    let stepped = x.iter().step_by(2).take(2).map(|a| *a * *a);
    let filtered = x.iter().filter(|a| a.re() > 0.0).copied();
    let found = x.iter().filter_map(|a| (a.re() < 0.0).then(|| *a * *a * *a));
    total(zipped)
        + total(enumerated) * total(chained)
        + total(stepped) * total(filtered)
        + total(found)
}

#[test]
fn adapters_that_choose_and_pair() {
    check!(linear, &POINT);
}

fn windows<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let windows = x.windows(3).map(|w| w[0] * w[1] + w[2]);
    let chunks = x.chunks(4).map(|c| c.iter().fold(T::from(1.0), |p, a| p * *a));
    let exact = x.chunks_exact(2).map(|c| c[0] / (c[1] * c[1] + 1.0));
    let back = x.rchunks(4).map(|c| c[0] * c[c.len() - 1]);
    let split = x.split(|a| a.re() < 0.0).map(|part| total(part.iter().copied()));
    total(windows) * total(chunks) + total(exact) * total(back) + total(split)
}

#[test]
fn adapters_of_slices() {
    check!(windows, &POINT);
}

fn stateful<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let scanned = x.iter().scan(T::from(1.0), |state, a| {
        *state = *state * *a + 1.0;
        Some(*state)
    });
    let flat = x.iter().flat_map(|a| x.iter().take(2).map(move |b| *a * *b));
    let while_ =
        x.iter().take_while(|a| a.re() > -0.5).chain(x.iter().skip_while(|a| a.re() > -0.5));
    let mut peekable = x.iter().peekable();
    let mut sum = T::from(0.0);
    while let Some(a) = peekable.next() {
        if let Some(next) = peekable.peek() {
            sum += *a * **next;
        }
    }
    let inspected = x.iter().inspect(|a| assert!(a.re() < 9.0)).map(|a| a.exp());
    let mapped = x.iter().map_while(|a| (a.re() > -1.0).then(|| *a * 2.0));
    total(scanned) + total(flat) * total(while_.copied()) + sum * total(inspected) + total(mapped)
}

#[test]
fn adapters_with_a_state() {
    check!(stateful, &POINT);
}

fn reductions<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let reduced = x.iter().copied().reduce(|a, b| a * 0.5 + b * a).unwrap();
    let sum: T = x.iter().copied().sum();
    let product: T = x.iter().map(|a| *a + 1.5).product();
    let largest = x.iter().copied().max_by(|a, b| a.re().total_cmp(&b.re())).unwrap();
    let smallest = x.iter().min_by(|a, b| a.re().partial_cmp(&b.re()).unwrap()).unwrap();
    let place = x.iter().position(|a| a.re() > 1.0).unwrap();
    let (low, high): (Vec<T>, Vec<T>) = x.iter().partition(|a| a.re() < 0.5);
    let (odd, even): (Vec<T>, Vec<T>) = x.iter().map(|a| (*a * *a, a.cos())).unzip();
    let tried = x.iter().try_fold(T::from(0.0), |s, a| (a.re() < 5.0).then(|| s + *a * s + 1.0));
    let last = x.iter().last().copied().unwrap() * *x.iter().nth(2).unwrap();
    reduced * sum + product * largest * *smallest + x[place] * total(low.into_iter())
        - total(high.into_iter()) * total(odd.into_iter()) * total(even.into_iter())
        + tried.unwrap() * last
}

#[test]
fn reductions_of_iterators() {
    check!(reductions, &POINT);
}

fn generated<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let powers = std::iter::successors(Some(x[0]), |a| (a.re().abs() > 1e-3).then(|| *a * 0.3));
    let repeated = std::iter::repeat_n(x[1], 3).chain(std::iter::once(x[2]));
    let mut n = 0;
    let counted = std::iter::from_fn(|| {
        n += 1;
        (n < 5).then(|| x[n] * n as f64)
    });
    let nested: Vec<Vec<T>> = (1..4).map(|k| (0..k).map(|i| x[i] * x[k]).collect()).collect();
    let cycle = x.iter().cycle().take(9).copied();
    total(powers) * total(repeated)
        + total(counted) * total(nested.into_iter().flatten())
        + total(cycle)
}

#[test]
fn iterators_that_are_made_up() {
    check!(generated, &POINT);
}

fn newton<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let target = x[0] * x[0] + x[3];
    let mut root = x[3];
    let mut rounds = 0;
    while (root * root - target).re().abs() > 1e-13 && rounds < 50 {
        root = (root + target / root) * 0.5;
        rounds += 1;
    }
    root
}

#[test]
fn a_while_loop_to_convergence() {
    check!(newton, &POINT);
}

fn labelled<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut sum = T::from(0.0);
    'rows: for i in 0..x.len() {
        for j in 0..x.len() {
            if (i * j) % 7 == 6 {
                continue 'rows;
            }
            if i + j > 8 {
                break 'rows;
            }
            sum += x[i] * x[j] * sum + x[j];
            if sum.re() > 20.0 {
                break;
            }
        }
    }
    let found = 'search: {
        for a in x {
            if a.re() > 2.0 {
                break 'search *a * *a;
            }
        }
        x[0]
    };
    sum * found
}

#[test]
fn labelled_breaks_and_continues() {
    check!(labelled, &POINT);
}

fn shrinking<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut rest = x;
    let mut value = T::from(1.0);
    loop {
        match rest {
            [] => return value,
            [a, tail @ ..] if a.re() < 0.0 => {
                rest = tail;
                continue;
            }
            [a, b, tail @ ..] if b.re() < 0.0 => {
                value = value * *a + *b;
                rest = tail;
            }
            [a, tail @ ..] => {
                value += a.sin();
                rest = tail;
            }
        }
    }
}

#[test]
fn slices_that_are_taken_apart_by_patterns() {
    check!(shrinking, &POINT);
}

fn matched<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut value = T::from(0.5);
    for (i, a) in x.iter().enumerate() {
        value = match (i * 5) % 13 {
            0 | 7 => value * *a,
            k @ 1..=4 => value + *a * k as f64,
            k if k > 10 => (value * *a).cos(),
            _ if a.re() > 0.0 => value / (*a + 1.0),
            _ => value - *a,
        };
    }
    value
}

#[test]
fn matches_with_ranges_and_guards() {
    check!(matched, &POINT);
}

fn early<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn search<T: DualNum<f64> + Copy>(x: &[T], bound: f64) -> T {
        let mut sum = T::from(0.0);
        for a in x {
            sum += *a * *a;
            if sum.re() > bound {
                return sum * *a;
            }
            for b in x {
                if (*a + *b).re() > bound {
                    return *a * *b;
                }
            }
        }
        sum
    }
    search(x, 0.1) + search(x, 2.9) * search(x, 4.5) + search(x, 100.0)
}

#[test]
fn early_returns_from_nested_loops() {
    check!(early, &POINT);
}

fn decay<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut value = x[3];
    let mut trace = Vec::new();
    while value.re() > 1e-2 {
        trace.push(value);
        value *= x[0] * 0.5;
    }
    trace.iter().rev().fold(value, |sum, m| sum * 0.9 + *m * *m)
}

#[test]
fn a_loop_that_records_until_it_ends() {
    check!(decay, &POINT);
}
