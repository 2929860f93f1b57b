//! What derivatives of a scan cost: time against the primal and against an adjoint
//! written by hand, heap allocations and bytes per call.
//!
//! `cargo enzyme bench --bench scan`
//!
//! `small` is the Jacobian that `examples/scan.rs` prints, 6 outputs by 12 inputs:
//! what is measured is mostly the price of a call. `large` is the gradient of the
//! sum of a scan over 100 steps of 64 x 64 x 4 floats: there the price is memory
//! traffic. The table at the end counts one call each, after a first one that has
//! made the thread's arena.
//! The primal's own calls of the allocator count in a derivative as well, although their
//! memory comes from the arena there: this allocator is part of the program.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use criterion::Criterion;
use enzyme_rs::{Const, Reverse, jacobian, value_and_gradient};
use ndarray::{Array3, Array4, ArrayView3, Axis, Zip};

/// The system's allocator, which also counts.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

fn count(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Relaxed);
    BYTES.fetch_add(bytes, Relaxed);
}

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn by_fold(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    a.axis_iter(Axis(0)).fold(init.clone(), |acc, x| acc + &x.mapv(|v| v * v))
}

fn add_squares(acc: &mut Array3<f64>, x: ArrayView3<f64>) {
    acc.zip_mut_with(&x, |acc, v| *acc += v * v);
}

fn in_place(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let mut acc = init.clone();
    for x in a.axis_iter(Axis(0)) {
        add_squares(&mut acc, x);
    }
    acc
}

/// A scan whose adjoint needs every accumulator.
fn nonlinear(a: &Array4<f64>, init: &Array3<f64>) -> Array3<f64> {
    let mut acc = init.clone();
    for x in a.axis_iter(Axis(0)) {
        acc.zip_mut_with(&x, |acc, v| *acc = acc.sin() * v + v * v);
    }
    acc
}

fn sum_by_fold(a: &Array4<f64>, init: &Array3<f64>) -> f64 {
    by_fold(a, init).sum()
}

fn sum_in_place(a: &Array4<f64>, init: &Array3<f64>) -> f64 {
    in_place(a, init).sum()
}

fn sum_nonlinear(a: &Array4<f64>, init: &Array3<f64>) -> f64 {
    nonlinear(a, init).sum()
}

/// Value and gradient of [`sum_in_place`] by hand.
fn hand_in_place(a: &Array4<f64>, init: &Array3<f64>) -> (f64, Array4<f64>) {
    let value = sum_in_place(a, init);
    let adjoint = Array3::from_elem(init.raw_dim(), 1.0);
    let mut da = Array4::zeros(a.raw_dim());
    for (x, mut dx) in a.axis_iter(Axis(0)).zip(da.axis_iter_mut(Axis(0))).rev() {
        Zip::from(&mut dx).and(&x).and(&adjoint).for_each(|dx, x, d| *dx += 2.0 * x * d);
    }
    (value, da)
}

/// Value and gradient of [`sum_nonlinear`] by hand: the tape is one array per step.
fn hand_nonlinear(a: &Array4<f64>, init: &Array3<f64>) -> (f64, Array4<f64>) {
    let (mut acc, mut tape) = (init.clone(), Array4::zeros(a.raw_dim()));
    for (x, mut before) in a.axis_iter(Axis(0)).zip(tape.axis_iter_mut(Axis(0))) {
        before.assign(&acc);
        acc.zip_mut_with(&x, |acc, v| *acc = acc.sin() * v + v * v);
    }
    let mut adjoint = Array3::from_elem(init.raw_dim(), 1.0);
    let mut da = Array4::zeros(a.raw_dim());
    let steps = a.axis_iter(Axis(0)).zip(tape.axis_iter(Axis(0)));
    for ((x, before), mut dx) in steps.zip(da.axis_iter_mut(Axis(0))).rev() {
        Zip::from(&mut dx).and(&x).and(&before).and(&mut adjoint).for_each(|dx, x, acc, d| {
            let (sin, cos) = acc.sin_cos();
            *dx += *d * (sin + 2.0 * x);
            *d *= cos * x;
        });
    }
    (acc.sum(), da)
}

/// One line of the table.
struct Row {
    name: &'static str,
    nanoseconds: f64,
    allocations: usize,
    bytes: usize,
}

/// Benches a function by Criterion, and measures it for the table.
struct Table<'a> {
    criterion: &'a mut Criterion,
    rows: Vec<Row>,
    quick: bool,
}

impl Table<'_> {
    fn bench<R>(&mut self, name: &'static str, mut function: impl FnMut() -> R) {
        drop(black_box(function()));
        let before = (ALLOCATIONS.load(Relaxed), BYTES.load(Relaxed));
        let result = black_box(function());
        let after = (ALLOCATIONS.load(Relaxed), BYTES.load(Relaxed));
        drop(result);
        self.rows.push(Row {
            name,
            nanoseconds: if self.quick { f64::NAN } else { fastest(&mut function) },
            allocations: after.0 - before.0,
            bytes: after.1 - before.1,
        });
        self.criterion.bench_function(name, |bencher| bencher.iter(&mut function));
    }

    /// Prints the rows; times relative to the first, which is the primal.
    fn print(&mut self, title: &str) {
        println!("\n{title}");
        println!(
            "  {:<24} {:>12} {:>9} {:>12} {:>12}",
            "", "time", "/ primal", "allocations", "bytes"
        );
        let primal = self.rows.first().map_or(f64::NAN, |row| row.nanoseconds);
        for row in self.rows.drain(..) {
            println!(
                "  {:<24} {:>9.3} us {:>9.2} {:>12} {:>12}",
                row.name.rsplit('/').next().unwrap_or_default(),
                row.nanoseconds / 1000.0,
                row.nanoseconds / primal,
                row.allocations,
                row.bytes,
            );
        }
        println!();
    }
}

/// Nanoseconds per call, the least of several batches of about 20 ms.
fn fastest<R>(function: &mut impl FnMut() -> R) -> f64 {
    let mut batch = |calls: u32| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(function());
        }
        start.elapsed().as_nanos() as f64 / f64::from(calls)
    };
    let calls = (2e7 / batch(3)).clamp(1.0, 1e6) as u32;
    (0..9).map(|_| batch(calls)).fold(f64::INFINITY, f64::min)
}

fn data(shape: (usize, usize, usize, usize)) -> (Array4<f64>, Array3<f64>) {
    let scale = 1.0 / (shape.1 * shape.2) as f64;
    let a = Array4::from_shape_fn(shape, |(t, i, j, k)| {
        scale * (1 + j + 3 * i) as f64 + 0.01 * (t % 7) as f64 - 0.1 * k as f64
    });
    (a, Array3::from_elem((shape.1, shape.2, shape.3), 0.5))
}

fn small(table: &mut Table) {
    let (a, init) = data((2, 2, 3, 1));
    table.bench("small/fold primal", || by_fold(black_box(&a), &init));
    table
        .bench("small/fold Jacobian", || jacobian(Reverse, by_fold, (black_box(&a), Const(&init))));
    table.print("A of shape (2, 2, 3, 1), by fold");
    table.bench("small/in-place primal", || in_place(black_box(&a), &init));
    table.bench("small/in-place Jacobian", || {
        jacobian(Reverse, in_place, (black_box(&a), Const(&init)))
    });
    table.print("A of shape (2, 2, 3, 1), in place");
}

fn large(table: &mut Table) {
    let (a, init) = data((100, 64, 64, 4));
    table.bench("large/fold primal", || sum_by_fold(black_box(&a), &init));
    table.bench("large/fold gradient", || {
        value_and_gradient(Reverse, sum_by_fold, (black_box(&a), Const(&init)))
    });
    table.print("A of shape (100, 64, 64, 4), sum of the scan by fold");
    table.bench("large/in-place primal", || sum_in_place(black_box(&a), &init));
    table.bench("large/in-place gradient", || {
        value_and_gradient(Reverse, sum_in_place, (black_box(&a), Const(&init)))
    });
    table.bench("large/in-place by hand", || hand_in_place(black_box(&a), &init));
    table.print("A of shape (100, 64, 64, 4), sum of the scan in place");
    table.bench("large/nonlinear primal", || sum_nonlinear(black_box(&a), &init));
    table.bench("large/nonlinear gradient", || {
        value_and_gradient(Reverse, sum_nonlinear, (black_box(&a), Const(&init)))
    });
    table.bench("large/nonlinear by hand", || hand_nonlinear(black_box(&a), &init));
    table.print("A of shape (100, 64, 64, 4), sum of the scan acc = sin(acc) x + x x");
}

/// The adjoints by hand and the engine's agree; otherwise times mean nothing.
fn check() {
    let (a, init) = data((7, 3, 4, 2));
    let (value, (da, ())) = value_and_gradient(Reverse, sum_in_place, (&a, Const(&init)));
    let (hand_value, hand) = hand_in_place(&a, &init);
    assert_eq!((value, da), (hand_value, hand));
    let (value, (da, ())) = value_and_gradient(Reverse, sum_nonlinear, (&a, Const(&init)));
    let (hand_value, hand) = hand_nonlinear(&a, &init);
    assert_eq!(value, hand_value);
    let worst = (&da - &hand).iter().fold(0.0, |worst: f64, v| worst.max(v.abs()));
    assert!(worst < 1e-12, "{worst}");
}

fn main() {
    check();
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let quick = std::env::args().any(|argument| argument == "--test");
    let mut table = Table { criterion: &mut criterion, rows: Vec::new(), quick };
    small(&mut table);
    large(&mut table);
    criterion.final_summary();
}
