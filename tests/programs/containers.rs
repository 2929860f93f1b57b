//! Containers of the standard library: growth, removal, sharing, ownership.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn sum<T: DualNum<f64> + Copy>(values: impl IntoIterator<Item = T>) -> T {
    values.into_iter().fold(T::from(0.0), |sum, v| sum + v)
}

/// A sum in which each place counts differently.
fn weighted<T: DualNum<f64> + Copy>(values: impl IntoIterator<Item = T>) -> T {
    let values = values.into_iter().enumerate();
    values.fold(T::from(0.0), |sum, (i, v)| sum + v * v * (i as f64 + 0.5))
}

fn pushed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = Vec::new();
    for a in x {
        v.push(*a * *a);
        v.push(a.sin());
    }
    weighted(v)
}

#[test]
fn a_vec_that_grows() {
    check!(pushed, &POINT);
}

fn reserved<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = Vec::with_capacity(2);
    v.extend(x.iter().map(|a| a.exp()));
    v.extend_from_slice(&x[1..4]);
    v.truncate(7);
    v.insert(2, x[5]);
    v.remove(0);
    v.swap_remove(1);
    weighted(v)
}

#[test]
fn a_vec_that_is_extended_truncated_and_edited() {
    check!(reserved, &POINT);
}

/// Moves records and the boxes in them within their arrays, by one place and by more.
fn moved_within<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<(u32, T, Box<T>)> =
        (0..).zip(x).map(|(i, a)| (i, *a, Box::new(*a * *a))).collect();
    v.insert(1, (7, x[2] * x[3], Box::new(x[4])));
    v.remove(3);
    v.drain(1..3);
    v.rotate_left(1);
    let mut rows = [(0_u8, T::from(0.0)); 6];
    for (i, (_, a, _)) in v.iter().enumerate() {
        rows[i] = (i as u8, *a);
    }
    rows.copy_within(2.., 0);
    rows.copy_within(..3, 1);
    let boxed = sum(v.iter().enumerate().map(|(i, (k, a, b))| **b * *a * f64::from(*k) * i as f64));
    boxed + weighted(rows.iter().map(|(k, a)| *a * (f64::from(*k) + 1.0)))
}

#[test]
fn records_that_are_moved_within_their_arrays() {
    check!(moved_within, &POINT);
}

fn sorted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<T> = x.iter().map(|a| *a * x[0]).collect();
    v.sort_by(|a, b| a.re().partial_cmp(&b.re()).unwrap());
    weighted(v)
}

#[test]
fn a_vec_that_is_sorted() {
    check!(sorted, &POINT);
}

fn sorted_unstably<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<T> = x.iter().map(|a| *a * x[0]).collect();
    v.sort_unstable_by(|a, b| b.re().total_cmp(&a.re()));
    weighted(v)
}

#[test]
fn a_vec_that_is_sorted_unstably() {
    check!(sorted_unstably, &POINT);
}

fn deduplicated<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<T> = x.iter().flat_map(|a| [*a, *a, *a * 2.0]).collect();
    v.dedup_by(|a, b| a.re() == b.re());
    v.retain(|a| a.re() > -1.0);
    weighted(v)
}

#[test]
fn a_vec_without_its_repeats() {
    check!(deduplicated, &POINT);
}

fn drained<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    let middle: Vec<T> = v.drain(1..4).map(|a| a * a).collect();
    let tail = v.split_off(1);
    weighted(middle) * weighted(tail) + weighted(v)
}

#[test]
fn a_vec_that_is_drained_and_split() {
    check!(drained, &POINT);
}

fn nested<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut rows: Vec<Vec<T>> = vec![Vec::new(); 3];
    for (i, a) in x.iter().enumerate() {
        rows[i % 3].push(*a);
        rows[(i + 1) % 3].push(*a * *a);
    }
    rows.iter().fold(T::from(1.0), |product, row| product * weighted(row.iter().copied()))
}

#[test]
fn a_vec_of_vecs_that_grow() {
    check!(nested, &POINT);
}

fn matrix<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let n = 2;
    let a: Vec<Vec<T>> = (0..n).map(|i| (0..3).map(|j| x[i * 3 + j]).collect()).collect();
    let mut product = vec![vec![T::from(0.0); n]; n];
    for i in 0..n {
        for j in 0..n {
            for k in 0..3 {
                product[i][j] += a[i][k] * a[j][k];
            }
        }
    }
    product[0][0] * product[1][1] - product[0][1] * product[1][0]
}

#[test]
fn a_matrix_as_a_vec_of_vecs() {
    check!(matrix, &POINT);
}

fn queue<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut queue: VecDeque<T> = VecDeque::new();
    let mut total = T::from(0.0);
    for a in x {
        queue.push_back(*a);
        queue.push_front(*a * *a);
        if queue.len() > 4 {
            total += queue.pop_front().unwrap() * queue.pop_back().unwrap();
        }
    }
    total + weighted(queue)
}

#[test]
fn a_queue_with_two_ends() {
    check!(queue, &POINT);
}

fn boxed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut a = Box::new(x[0]);
    let b = Box::new([x[1], x[2], *a * x[3]]);
    *a *= b[2];
    let c: Box<[T]> = x.iter().map(|v| *v * *a).collect();
    weighted(c) + b[0] * b[1]
}

#[test]
fn boxes_of_a_float_an_array_and_a_slice() {
    check!(boxed, &POINT);
}

enum Tree<T> {
    Leaf(T),
    Node(Box<Tree<T>>, Box<Tree<T>>),
}

impl<T: DualNum<f64> + Copy> Tree<T> {
    fn new(x: &[T]) -> Self {
        match x {
            [a] => Tree::Leaf(*a),
            _ => {
                let (left, right) = x.split_at(x.len() / 2);
                Tree::Node(Box::new(Tree::new(left)), Box::new(Tree::new(right)))
            }
        }
    }

    fn value(&self) -> T {
        match self {
            Tree::Leaf(a) => a.sin(),
            Tree::Node(left, right) => left.value() * right.value() + left.value(),
        }
    }
}

fn tree<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    Tree::new(x).value()
}

#[test]
fn a_boxed_tree() {
    check!(tree, &POINT);
}

struct Link<T> {
    value: T,
    next: Option<Box<Link<T>>>,
}

fn list<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut head = None;
    for a in x {
        head = Some(Box::new(Link { value: *a * *a, next: head }));
    }
    let (mut sum, mut weight, mut at) = (T::from(0.0), 1.0, &head);
    while let Some(link) = at {
        sum += link.value * weight;
        weight *= 0.5;
        at = &link.next;
    }
    sum
}

#[test]
fn a_linked_list() {
    check!(list, &POINT);
}

fn shared<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let cell = Rc::new(RefCell::new(x[0]));
    let other = Rc::clone(&cell);
    for a in &x[1..] {
        *cell.borrow_mut() *= *a;
        *other.borrow_mut() += a.sin();
    }
    *cell.borrow() * *other.borrow()
}

#[test]
fn a_shared_cell() {
    check!(shared, &POINT);
}

fn shared_vec<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let values = Rc::new(RefCell::new(Vec::new()));
    let other = Rc::clone(&values);
    for a in x {
        values.borrow_mut().push(*a * *a);
        other.borrow_mut().push(*a);
    }
    let values = values.borrow();
    weighted(values.iter().copied())
}

#[test]
fn a_shared_vec() {
    check!(shared_vec, &POINT);
}

fn counted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let all: Arc<Vec<T>> = Arc::new(x.iter().map(|a| *a * *a).collect());
    let other = Arc::clone(&all);
    let cell = Cell::new(x[0]);
    for a in all.iter() {
        cell.set(cell.get() * 0.5 + *a);
    }
    cell.get() * weighted(other.iter().copied())
}

#[test]
fn a_vec_behind_an_arc_and_a_cell() {
    check!(counted, &POINT);
}

fn borrowed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn positive<T: DualNum<f64> + Copy>(x: &[T]) -> Cow<'_, [T]> {
        if x.iter().all(|a| a.re() > 0.0) {
            Cow::Borrowed(x)
        } else {
            Cow::Owned(x.iter().map(|a| *a * *a).collect())
        }
    }
    weighted(positive(&x[3..4]).iter().copied()) * weighted(positive(x).iter().copied())
}

#[test]
fn a_slice_that_is_cloned_when_it_must_change() {
    check!(borrowed, &POINT);
}

struct Ordered(f64, usize);
impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Ordered {}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

fn heap<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut heap: BinaryHeap<Ordered> =
        x.iter().enumerate().map(|(i, a)| Ordered(a.re(), i)).collect();
    let (mut product, mut k) = (T::from(1.0), 0.0);
    while let Some(Ordered(_, i)) = heap.pop() {
        k += 1.0;
        product = product * 0.5 + x[i] * k;
    }
    product
}

#[test]
fn a_heap_of_inactive_keys() {
    check!(heap, &POINT);
}

fn arrays<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn rotated<T: Copy>(a: [T; 3]) -> [T; 3] {
        [a[1], a[2], a[0]]
    }
    let mut zeros = [T::from(0.0); 6];
    zeros.copy_from_slice(x);
    let squares: [T; 6] = std::array::from_fn(|i| x[i] * x[i]);
    let turned = rotated([zeros[0], squares[1], zeros[2]]);
    let mapped = turned.map(|a| a.sin());
    zeros.swap(0, 5);
    weighted(mapped) * weighted(squares) + weighted(zeros)
}

#[test]
fn arrays_by_value() {
    check!(arrays, &POINT);
}

fn slices<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    let (left, right) = v.split_at_mut(3);
    left[0] *= right[0];
    right[1] += left[2];
    left.swap_with_slice(right);
    for chunk in v.chunks_exact_mut(2) {
        chunk.swap(0, 1);
        chunk[0] *= 2.0;
    }
    v.rotate_left(2);
    v.reverse();
    v.copy_within(0..2, 3);
    weighted(v)
}

#[test]
fn slices_that_are_split_and_swapped() {
    check!(slices, &POINT);
}

fn replaced<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut state = x[0];
    let mut buffer = vec![x[1]];
    let mut total = T::from(0.0);
    for a in x {
        let old = std::mem::replace(&mut state, *a * *a);
        total += old * *a;
        let taken = std::mem::take(&mut buffer);
        buffer = vec![old; taken.len() + 1];
        total += sum(taken) * 0.5;
    }
    let mut other = x[3];
    std::mem::swap(&mut state, &mut other);
    total * state + other
}

#[test]
fn values_that_are_replaced_and_taken() {
    check!(replaced, &POINT);
}

fn grown_by_loop<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut total = T::from(0.0);
    for k in 1..4 {
        let mut v = Vec::new();
        for a in &x[k..] {
            v.push(*a * k as f64);
            if v.len() > 2 {
                v.pop();
            }
        }
        total += weighted(v);
    }
    total
}

#[test]
fn a_vec_that_grows_in_each_round() {
    check!(grown_by_loop, &POINT);
}

/// Sums of remainders: an array of integers that is gone through word by word.
fn places(n: usize) -> Vec<usize> {
    let mut v: Vec<usize> = (0..n).map(|i| i * 3 % n).collect();
    (1..n).for_each(|i| v[i] = (v[i] + v[i - 1]) % n);
    v
}

fn freed_beside_integers<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let n = x.len();
    let (order, factors) = (places(n), places(n + 1));
    let (mut a, mut b) = (x.to_vec(), x.iter().map(|v| *v * *v).collect::<Vec<_>>());
    let mut chosen = &mut a;
    for i in 0..n {
        let scratch: Vec<T> = x.iter().map(|v| v.sin()).collect();
        let total = sum(order.iter().zip(&factors).map(|(k, j)| scratch[*k] * *j as f64));
        if x[i].re() > 0.5 {
            drop(scratch);
            chosen = &mut b;
        }
        chosen[i] += total;
    }
    drop(order);
    weighted(factors.iter().take(n).map(|i| chosen[*i % n]))
}

#[test]
fn memory_that_is_freed_on_the_way_to_a_choice() {
    check!(freed_beside_integers, &POINT);
}

fn shrunk<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = Vec::with_capacity(9);
    (0..9).for_each(|i| v.push(x[i % 6] * x[i / 2]));
    for i in 0..4 {
        v[i] = v[i + 2] * v[i];
    }
    v.truncate(5);
    v.shrink_to_fit();
    v.extend([x[1], x[3]]);
    weighted(v)
}

#[test]
fn a_vec_of_few_that_shrinks_in_place() {
    check!(shrunk, &POINT);
}

fn exchanged<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut now = vec![T::from(0.0); 6];
    for (place, v) in now.iter_mut().zip(x) {
        *place = *v;
    }
    let mut next = now.clone();
    for _ in 0..5 {
        for i in 0..6 {
            next[i] = now[i] - now[i].powi(3) * 0.1;
        }
        std::mem::swap(&mut now, &mut next);
    }
    sum(now)
}

#[test]
fn arrays_that_are_exchanged_in_each_round() {
    check!(exchanged, &POINT);
}

fn spliced<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    let taken: Vec<T> = v.splice(1..3, x.iter().map(|a| *a * *a)).collect();
    v.splice(0..1, [taken[0] * taken[1], x[5]]);
    v.splice(4..4, taken);
    weighted(v)
}

#[test]
fn parts_of_a_vector_are_replaced() {
    check!(spliced, &POINT);
}

fn shared_slice<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let shared: Rc<[T]> = Rc::from(x);
    let squares: Rc<[T]> = x.iter().map(|a| *a * *a).collect();
    let laws: Vec<_> = (0..3usize)
        .map(|i| {
            let (shared, squares) = (Rc::clone(&shared), Rc::clone(&squares));
            move |y: T| y * shared[i] + squares[i + 1]
        })
        .collect();
    let last = laws.iter().fold(x[0], |y, law| law(y));
    last + weighted(shared.iter().zip(squares.iter().rev()).map(|(a, b)| *a * *b))
}

#[test]
fn slices_that_are_shared() {
    check!(shared_slice, &POINT);
}

fn slices_shared<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let collected: Arc<[T]> = x.iter().map(|v| v.sin()).collect();
    let copied: Rc<[T]> = Rc::from(&x[1..4]);
    let moved: Arc<[T]> = Arc::from(vec![x[0], x[1] * x[2]]);
    let pairs: Rc<[(u32, T)]> = x.iter().zip(2..).map(|(v, i)| (i, *v * *v)).collect();
    let parts = vec![collected.clone(), moved, collected];
    let parts = parts.iter().fold(T::from(0.0), |all, part| all + weighted(part.iter().copied()));
    parts + weighted(copied.iter().copied()) * sum(pairs.iter().map(|p| p.1 * f64::from(p.0)))
}

#[test]
fn slices_behind_counters() {
    check!(slices_shared, &POINT);
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Pair<T>(T, T);

/// The address of the last pair is used behind the loop that fills the pairs.
fn rotated<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut pairs: Vec<_> = x.chunks_exact(2).map(|pair| Pair(pair[0], pair[1])).collect();
    pairs.rotate_right(1);
    // SAFETY: the pairs lie side by side, and two numbers in each.
    let numbers =
        unsafe { std::slice::from_raw_parts(pairs.as_ptr().cast::<T>(), 2 * pairs.len()) };
    let products = numbers.windows(2).map(|pair| pair[0] * pair[1]);
    products.fold(T::from(0.0), |sum, product| sum + product) + pairs[0].0 * pairs[0].0
}

#[test]
fn pairs_whose_last_comes_first() {
    let x = [-0.45, 1.15, 0.55, -2.3, 0.25, 3.1, 0.85, 1.05];
    for n in 4..=8 {
        check!(rotated, &x[..n]);
    }
}

fn counted_signs<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let doubled: Vec<T> = x.iter().map(|&v| v * 2.0).collect();
    let negative = doubled.iter().filter(|v| v.re().is_sign_negative()).count();
    sum(doubled.iter().map(|&v| v * v)) * negative as f64
}

#[test]
fn a_vec_of_which_signs_are_counted() {
    check!(counted_signs, &POINT);
}
