//! Floats that are kept in global variables, and globals that are only near by. No scalar
//! type goes through a `static`, so closed forms and central differences are the oracle.

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, RwLock};

use enzyme_rs::{Reverse, gradient, jacobian, value_and_gradient};

use crate::support::{check_slope, differences};

const POINT: [f64; 5] = [0.9, -1.2, 0.4, 2.1, -0.3];

/// Compares the gradient with central differences, and with that of a second call.
fn check_differences(name: &str, function: impl Fn(&[f64]) -> f64) {
    let (_, found) = value_and_gradient(Reverse, &function, (&POINT[..],));
    let (_, again) = value_and_gradient(Reverse, &function, (&POINT[..],));
    assert_eq!(found.0, again.0, "{name}: a second call differs");
    for (ours, theirs) in found.0.iter().zip(differences(&function, &POINT)) {
        assert!((ours - theirs).abs() <= 1e-5 * ours.abs().max(1.0), "{name}: {ours}, {theirs}");
    }
}

static mut STATE: f64 = 0.5;

/// Writes and reads a `static mut`.
fn set(x: f64) {
    // SAFETY: one test at a time uses it, under a lock.
    unsafe { STATE = x }
}

fn get() -> f64 {
    // SAFETY: as above.
    unsafe { STATE }
}

static STATE_IS_USED: Mutex<()> = Mutex::new(());

fn through_a_static(x: f64) -> f64 {
    set(x * x);
    let once = get();
    set(once.sin() * x);
    get() * once
}

#[test]
fn a_value_goes_through_a_static() {
    let _lock = STATE_IS_USED.lock();
    check_slope("static", through_a_static, 0.7);
}

fn added_to_a_static(x: f64) -> f64 {
    set(get() + x * x);
    get() * x
}

#[test]
fn what_a_static_held_before_is_a_constant() {
    let _lock = STATE_IS_USED.lock();
    for before in [0.5, -3.0] {
        for _ in 0..2 {
            set(before);
            let x = black_box(1.5);
            let (value, slope): (f64, f64) = value_and_gradient(Reverse, added_to_a_static, x);
            assert_eq!(value, (before + x * x) * x);
            assert!((slope - (before + 3.0 * x * x)).abs() < 1e-12, "{slope}");
            assert_eq!(get(), before + x * x);
        }
    }
}

fn read_before_written(x: f64) -> f64 {
    let old = get();
    set(x.exp());
    old * x
}

#[test]
fn the_adjoint_of_what_was_there_before_is_dropped() {
    let _lock = STATE_IS_USED.lock();
    for _ in 0..3 {
        set(0.25);
        let slope: f64 = gradient(Reverse, read_before_written, black_box(2.0));
        assert_eq!(slope, 0.25);
    }
}

fn outputs_through_a_static(x: &[f64; 3]) -> [f64; 3] {
    let before = get();
    set(x[0] * x[1]);
    let first = get() * before;
    set(get() + x[2]);
    [first, get() * x[0], before * x[2]]
}

#[test]
fn each_sweep_begins_with_zeros() {
    let _lock = STATE_IS_USED.lock();
    set(2.0);
    let x = black_box([0.5, -1.5, 3.0]);
    let rows: [[f64; 3]; 3] = jacobian(Reverse, outputs_through_a_static, &x);
    let expected = [
        [2.0 * x[1], 2.0 * x[0], 0.0],
        [2.0 * x[0] * x[1] + x[2], x[0] * x[0], x[0]],
        [0.0, 0.0, 2.0],
    ];
    assert_eq!(rows, expected);
}

thread_local! {
    static CELL: Cell<f64> = const { Cell::new(1.0) };
    static LAZY: Cell<f64> = Cell::new(black_box(1.0));
    static ROW: RefCell<[f64; 4]> = const { RefCell::new([0.0; 4]) };
}

fn through_cells(x: f64) -> f64 {
    CELL.set(x.sin());
    LAZY.set(CELL.get() * x);
    LAZY.with(|lazy| lazy.get() * CELL.get())
}

#[test]
fn cells_of_the_thread() {
    check_slope("cells", through_cells, 0.8);
}

fn through_a_row(x: &[f64]) -> f64 {
    for (i, a) in x.iter().enumerate() {
        ROW.with_borrow_mut(|row| row[i % 4] = row[(i + 3) % 4] * 0.5 + a * a);
    }
    let sum = ROW.with_borrow(|row| row.iter().product::<f64>());
    ROW.with_borrow_mut(|row| *row = [0.0; 4]);
    sum
}

#[test]
fn an_array_of_the_thread() {
    check_differences("row", through_a_row);
}

#[test]
fn threads_have_adjoints_of_their_own() {
    let threads = [0.3, 0.9, 1.4].map(|x: f64| {
        std::thread::spawn(move || {
            for _ in 0..200 {
                let slope: f64 = gradient(Reverse, through_cells, black_box(x));
                let expected = x.sin().powi(2) + x * (2.0 * x).sin();
                assert!((slope - expected).abs() < 1e-12);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

static LOCKED: Mutex<f64> = Mutex::new(0.0);

fn through_a_mutex(x: f64) -> f64 {
    *LOCKED.lock().unwrap() = x * x;
    let mut value = LOCKED.lock().unwrap();
    *value *= x;
    let result = value.sin();
    *value = 0.0;
    result
}

#[test]
fn a_float_in_a_mutex() {
    check_slope("mutex", through_a_mutex, 0.8);
}

static TABLE: RwLock<[f64; 3]> = RwLock::new([0.0; 3]);

fn through_a_lock(x: f64) -> f64 {
    {
        let mut table = TABLE.write().unwrap();
        *table = [x, x * x, x.cos()];
    }
    let table = TABLE.read().unwrap();
    table.iter().map(|v| v * v).sum()
}

#[test]
fn an_array_in_a_lock() {
    check_slope("lock", through_a_lock, 0.8);
}

#[derive(Clone, Copy)]
struct Mixed {
    count: u32,
    value: f64,
    scale: f32,
    index: usize,
}

static MIXED: Mutex<Mixed> = Mutex::new(Mixed { count: 0, value: 0.0, scale: 1.0, index: 3 });

fn through_a_struct(x: f64) -> f64 {
    let mut mixed = MIXED.lock().unwrap();
    mixed.count += 1;
    mixed.value = x * x;
    mixed.scale = x as f32;
    let copy = *mixed;
    drop(mixed);
    copy.value * f64::from(copy.scale) * copy.index as f64
}

#[test]
fn a_struct_in_a_mutex() {
    let x = black_box(0.5);
    let slope: f64 = gradient(Reverse, through_a_struct, x);
    assert!((slope - 9.0 * x * x).abs() < 1e-6);
}

static BITS: AtomicU64 = AtomicU64::new(0);

fn through_bits(x: f64) -> f64 {
    BITS.store((x * x).to_bits(), Ordering::SeqCst);
    f64::from_bits(BITS.load(Ordering::SeqCst)) * x
}

#[test]
fn the_bits_of_a_float_in_an_atomic() {
    check_slope("bits", through_bits, 0.8);
}

static CALLS: AtomicUsize = AtomicUsize::new(0);
static mut PLAIN_CALLS: usize = 0;
static SCALE: OnceLock<f64> = OnceLock::new();
static WEIGHTS: OnceLock<Vec<f64>> = OnceLock::new();

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static NAMES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn counted(x: &[f64]) -> f64 {
    CALLS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: nothing else uses it.
    unsafe { PLAIN_CALLS += 1 };
    DEPTH.set(DEPTH.get() + 1);
    NAMES.with_borrow_mut(|names| names.push(format!("call {}", DEPTH.get())));
    let scale = SCALE.get_or_init(|| black_box(2.0));
    let weights = WEIGHTS.get_or_init(|| (0..5).map(f64::from).collect());
    let start = std::time::Instant::now();
    let sum = x.iter().zip(weights).map(|(a, w)| a * a * w * scale).sum();
    black_box(start.elapsed());
    sum
}

#[test]
fn counters_and_settings_are_no_part_of_it() {
    check_differences("counted", counted);
    assert!(CALLS.load(Ordering::Relaxed) > 0);
}

static mut MEMO: [f64; 32] = [f64::NAN; 32];

fn memo(n: usize, x: f64) -> f64 {
    if n < 2 {
        return x;
    }
    // SAFETY: one test uses it.
    unsafe {
        if MEMO[n].is_nan() {
            MEMO[n] = memo(n - 1, x) * 0.5 + memo(n - 2, x) * x;
        }
        MEMO[n]
    }
}

fn with_memo(x: f64) -> f64 {
    // SAFETY: one test uses it.
    unsafe { MEMO = [f64::NAN; 32] };
    memo(7, x)
}

#[test]
fn a_recursion_with_a_memo() {
    check_slope("memo", with_memo, 0.8);
}

static mut LOG: fn(usize) = quiet;
static LOGGED: AtomicUsize = AtomicUsize::new(0);

fn quiet(_: usize) {}

fn count(i: usize) {
    LOGGED.fetch_add(i, Ordering::Relaxed);
}

fn logged(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, a) in x.iter().enumerate() {
        // SAFETY: one test uses it.
        unsafe { LOG(i) };
        sum += a * a;
    }
    sum
}

#[test]
fn a_function_that_was_set_elsewhere_is_called() {
    // SAFETY: nothing else uses it.
    unsafe { LOG = black_box(count) };
    let (_, found) = value_and_gradient(Reverse, logged, (&POINT[..],));
    assert_eq!(found.0, POINT.map(|a| 2.0 * a));
    assert_eq!(LOGGED.load(Ordering::Relaxed), 10);
}

trait Listener: Send {
    fn step(&mut self, i: usize);
}

struct Counter(usize);
struct Steps(Vec<usize>);

static STEPS: AtomicUsize = AtomicUsize::new(0);

impl Listener for Counter {
    fn step(&mut self, i: usize) {
        self.0 += i;
    }
}

impl Listener for Steps {
    fn step(&mut self, i: usize) {
        self.0.push(i);
        STEPS.fetch_add(self.0.len(), Ordering::SeqCst);
    }
}

static LISTENER: Mutex<Option<Box<dyn Listener>>> = Mutex::new(None);

fn heard(x: &[f64]) -> f64 {
    let mut counter = Counter(0);
    let near: &mut dyn Listener = black_box(&mut counter);
    let mut sum = 0.0;
    for (i, a) in x.iter().enumerate() {
        near.step(i);
        if let Some(listener) = LISTENER.lock().unwrap().as_mut() {
            listener.step(i);
        }
        sum += a * a;
    }
    sum
}

#[test]
fn a_listener_that_was_set_elsewhere_hears() {
    *LISTENER.lock().unwrap() = Some(black_box(Box::new(Steps(Vec::new()))));
    let (_, found) = value_and_gradient(Reverse, heard, (&POINT[..],));
    assert_eq!(found.0, POINT.map(|a| 2.0 * a));
}

thread_local! {
    static LAST: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// A cache that each call fills anew.
fn through_a_vector(x: &[f64]) -> f64 {
    LAST.set(x.iter().map(|a| a * a).collect());
    LAST.with_borrow_mut(|last| last.push(x[0]));
    LAST.with_borrow(|last| last.iter().product())
}

#[test]
fn a_vector_that_is_made_anew() {
    check_differences("vector", through_a_vector);
}

static CACHE: Mutex<Vec<Vec<f64>>> = Mutex::new(Vec::new());

fn through_a_cache(x: &[f64]) -> f64 {
    let mut cache = CACHE.lock().unwrap();
    *cache = Vec::new();
    for a in x {
        let next = cache.last().map_or(vec![*a; 2], |last| last.iter().map(|b| b * a).collect());
        cache.push(next);
    }
    cache.iter().map(|row| row[0] + row[1]).sum()
}

#[test]
fn vectors_in_a_vector_in_a_mutex() {
    check_differences("cache", through_a_cache);
}

/// What is there from before is read, and what is new is added.
fn added_to_a_vector(x: f64) -> f64 {
    LAST.with_borrow_mut(|last| {
        let old: f64 = last.iter().sum();
        *last = last.iter().map(|a| a + x).collect();
        last.iter().sum::<f64>() * old
    })
}

#[test]
fn a_vector_from_before_is_constant() {
    LAST.set(black_box(vec![1.0, 2.0]));
    let slope: f64 = gradient(Reverse, added_to_a_vector, black_box(0.5));
    assert_eq!(slope, 6.0);
    let slope: f64 = gradient(Reverse, added_to_a_vector, black_box(0.5));
    assert_eq!(slope, 8.0);
    LAST.take();
}

static LOADED: OnceLock<Vec<f64>> = OnceLock::new();

/// Memory that a global keeps, or the caller's.
fn chosen(x: &[f64]) -> f64 {
    let loaded = LOADED.get_or_init(|| (0..5).map(|i| f64::from(i) * 0.0 + 2.0).collect());
    let row = if x[0] > 0.0 { x } else { loaded };
    row.iter().zip(x).map(|(a, b)| a * b).sum()
}

#[test]
fn settings_are_mixed_with_what_is_differentiated() {
    for first in [1.0, -1.0] {
        let x = black_box([first, 2.0, 3.0, 4.0, 5.0]);
        let (_, found) = value_and_gradient(Reverse, chosen, (&x[..],));
        let expected = x.map(|a| if first > 0.0 { 2.0 * a } else { 2.0 });
        assert_eq!(found.0, expected);
    }
}

static ROWS: [&[f64]; 2] = [&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 4.0, 3.0, 2.0, 1.0]];

fn chosen_from_constants(x: &[f64]) -> f64 {
    let rows = [ROWS[0], x, ROWS[1]];
    let mut sum = 0.0;
    for (i, a) in x.iter().enumerate() {
        let row = if *a > 0.0 { rows[i % 3] } else { ROWS[i % 2] };
        sum += row[i] * a;
    }
    sum
}

#[test]
fn constants_that_lead_to_constants() {
    check_differences("rows", chosen_from_constants);
}

#[derive(Clone, Copy)]
struct Pair {
    first: f64,
    second: f64,
}

thread_local! {
    static PAIR: Cell<Pair> = const { Cell::new(Pair { first: 1.0, second: 2.0 }) };
}

/// Only one of two numbers is looked at here: which bytes are floats is not seen the same
/// way by the next function.
fn one_of_a_pair(x: f64) -> f64 {
    PAIR.with(|pair| {
        // SAFETY: nothing else looks at the pair.
        unsafe { (*pair.as_ptr()).first = x * x };
        // SAFETY: the pair lives as long as the address is kept.
        unsafe { (*pair.as_ptr()).first * x }
    })
}

fn both_of_a_pair(x: f64) -> f64 {
    PAIR.set(Pair { first: x, second: x * x });
    let pair = PAIR.get();
    pair.first * pair.second
}

#[test]
fn two_functions_use_one_global() {
    for _ in 0..2 {
        check_slope("one", one_of_a_pair, 0.8);
        check_slope("both", both_of_a_pair, 0.8);
    }
}
