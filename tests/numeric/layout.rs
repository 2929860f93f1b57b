//! Floats beside integers and addresses: which bytes carry a derivative.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use enzyme_rs::{Reverse, value_and_gradient};
use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

fn sum<T: DualNum<f64> + Copy>(values: impl IntoIterator<Item = T>) -> T {
    values.into_iter().fold(T::from(0.0), |sum, v| sum + v)
}

struct Polynomial<T> {
    len: usize,
    degrees: [u8; 8],
    factors: [T; 8],
}

fn polynomial<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut p = Polynomial { len: 0, degrees: [0; 8], factors: [T::from(0.0); 8] };
    for v in x {
        p.degrees[p.len] = (p.len % 3) as u8;
        p.factors[p.len] = *v;
        p.len += 1;
    }
    sum((0..p.len).map(|i| (0..p.degrees[i]).fold(p.factors[i], |term, _| term * x[0])))
}

#[test]
fn a_length_and_bytes_in_front_of_floats() {
    check!(polynomial, &POINT);
}

#[derive(Clone, Copy)]
struct Layers<T> {
    a: [usize; 3],
    f: [T; 3],
    b: [u8; 5],
    g: T,
    c: [u32; 3],
    h: [T; 2],
}

fn layers<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let n = x.len();
    let (f, h) = ([x[0]; 3], [x[2], x[3]]);
    let mut l = Layers { a: [n; 3], f, b: [1; 5], g: x[1], c: [0; 3], h };
    for i in 0..n {
        l.a[i % 3] = i;
        l.b[(2 * i) % 5] = i as u8;
        l.c[(i + 1) % 3] += 2;
        l.f[i % 3] = l.f[(i + 1) % 3] * x[l.a[(i + 2) % 3] % n];
        l.h[i & 1] += l.g * f64::from(l.b[i % 5]);
        l.g = l.h[1 - (i & 1)] * 0.5;
    }
    let copies = vec![l; n];
    let [p, q] = [copies[0], copies[1]];
    q.f[0] * q.f[1] + q.f[2] + q.g + p.h[1] * q.h[0] + f64::from(l.c[0] + l.c[1])
}

#[test]
fn arrays_of_integers_and_floats_in_turn() {
    check!(layers, &POINT);
}

#[derive(Clone, Copy)]
struct Pairs<T> {
    next: [usize; 2],
    values: [T; 2],
    back: [usize; 2],
    grown: [T; 2],
}

fn pairs<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (values, grown) = ([x[0], x[1]], [x[2], x[3]]);
    let mut all = [Pairs { next: [1, 0], values, back: [0, 1], grown }; 3];
    for (i, v) in x.iter().enumerate() {
        let j = i % 3;
        let k = all[j].next[i & 1];
        let l = all[(j + 1) % 3].back[k];
        all[j].values[k] = all[j].grown[l] * *v;
        all[j].next[l] = l;
        all[(j + 2) % 3].grown = all[j].values;
        all.swap(j, 0);
    }
    sum(all.iter().map(|p| p.values[0] * p.grown[1] + p.values[1].sin() * p.grown[0]))
}

#[test]
fn an_index_that_was_read_beside_the_floats() {
    check!(pairs, &POINT);
}

struct Histogram<T> {
    counts: [u16; 4],
    sums: [T; 4],
    first: [usize; 4],
    product: T,
}

fn histogram<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let sums = [T::from(0.0); 4];
    let mut h = Histogram { counts: [0; 4], sums, first: [0; 4], product: x[0] };
    for (i, v) in x.iter().enumerate() {
        let bin = (5 * i + 1) % 4;
        if h.counts[bin] == 0 {
            h.first[bin] = i;
        }
        h.counts[bin] += 1;
        h.sums[bin] += *v * *v;
        h.product *= *v;
    }
    let bins = (0..4).map(|b| h.sums[b].sin() * f64::from(h.counts[b]) * x[h.first[b]]);
    sum(bins) + h.product
}

#[test]
fn counts_and_sums_of_a_histogram() {
    check!(histogram, &POINT);
}

struct Sparse<T> {
    rows: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<T>,
}

impl<T: DualNum<f64> + Copy> Sparse<T> {
    fn times(&self, x: &[T]) -> Vec<T> {
        let row = |r: usize| self.rows[r]..self.rows[r + 1];
        let entry = |k: usize| self.values[k] * x[self.columns[k] as usize];
        (0..self.rows.len() - 1).map(|r| sum(row(r).map(entry))).collect()
    }
}

fn sparse<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut matrix = Sparse { rows: vec![0], columns: vec![], values: vec![] };
    for r in 0..x.len() {
        for c in (r % 2..x.len()).step_by(2) {
            matrix.columns.push(c as u32);
            matrix.values.push(x[r] * x[c]);
        }
        matrix.rows.push(matrix.columns.len());
    }
    sum(matrix.times(&matrix.times(x)).iter().map(|v| *v * *v))
}

#[test]
fn a_sparse_matrix_twice() {
    check!(sparse, &POINT);
}

fn permuted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let n = x.len();
    let mut order: Vec<usize> = (0..n).collect();
    for i in 0..n {
        order.swap(i, (3 * i + 1) % n);
    }
    let gathered: Vec<T> = order.iter().map(|&k| x[k]).collect();
    let mut scattered = vec![T::from(0.0); n];
    for (i, &k) in order.iter().enumerate() {
        scattered[k] = gathered[i] * x[i];
    }
    sum(scattered.iter().enumerate().map(|(i, v)| *v * (i as f64 + 1.0)))
}

#[test]
fn gathered_and_scattered_by_a_permutation() {
    check!(permuted, &POINT);
}

fn ranked<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut order: Vec<u32> = (0..x.len() as u32).collect();
    let above = |a: u32, b: u32| x[a as usize].re() > x[b as usize].re();
    for i in 1..order.len() {
        for j in (1..=i).rev() {
            if above(order[j - 1], order[j]) {
                order.swap(j - 1, j);
            }
        }
    }
    sum(order.iter().enumerate().map(|(i, &k)| x[k as usize].powi(2) * i as f64))
}

#[test]
fn sorted_by_an_array_of_indices() {
    check!(ranked, &POINT);
}

fn sorted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    for i in 1..v.len() {
        let taken = v[i];
        let mut j = i;
        while j > 0 && v[j - 1].re() > taken.re() {
            v[j] = v[j - 1];
            j -= 1;
        }
        v[j] = taken;
    }
    sum(v.iter().enumerate().map(|(i, v)| v.sin() * i as f64))
}

#[test]
fn sorted_in_place() {
    check!(sorted, &POINT);
}

fn keyed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<_> = (0..x.len()).map(|i| ((7 * i) % 5, x[i], i as u8)).collect();
    for i in 1..v.len() {
        let mut j = i;
        while j > 0 && v[j - 1].0 > v[j].0 {
            v.swap(j - 1, j);
            j -= 1;
        }
    }
    sum(v.iter().enumerate().map(|(i, v)| v.1.sin() * i as f64 + v.1 * f64::from(v.2)))
}

#[test]
fn tuples_sorted_by_an_integer() {
    check!(keyed, &POINT);
}

fn options<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v: Vec<_> = x.iter().map(|v| (v.re() > 0.0).then(|| *v * *v)).collect();
    let last = v.len() - 1;
    v.swap(1, last);
    v[0] = v[last - 2];
    let some = v.iter().flatten().count();
    let taken = v[1].take();
    sum(v.iter().flatten().map(|v| v.sin())) * some as f64 + taken.unwrap_or(x[3]) * 3.0
}

#[test]
fn options_that_are_swapped_and_taken() {
    check!(options, &POINT);
}

fn best<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut best: Option<(usize, T)> = None;
    for (i, v) in x.iter().enumerate() {
        if best.is_none_or(|(_, old)| v.re() > old.re()) {
            best = Some((i, *v * *v));
        }
    }
    best.map_or(x[0], |(i, v)| v * x[i])
}

#[test]
fn an_option_of_an_index_and_a_float() {
    check!(best, &POINT);
}

#[derive(Clone, Copy)]
enum Shape<T> {
    Disc(T),
    Count(usize),
    Block([T; 3]),
    Nothing,
}

impl<T: DualNum<f64> + Copy> Shape<T> {
    fn size(&self) -> T {
        match self {
            Self::Disc(r) => *r * *r,
            Self::Count(n) => T::from(*n as f64),
            Self::Block([a, b, c]) => *a * *b + c.sin(),
            Self::Nothing => T::from(0.0),
        }
    }
}

fn shapes<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut all: Vec<_> = (0..x.len())
        .map(|i| match i % 4 {
            0 => Shape::Disc(x[i]),
            1 => Shape::Count(i),
            2 => Shape::Block([x[i], x[0], x[1]]),
            _ => Shape::Nothing,
        })
        .collect();
    all.swap(0, 2);
    all.reverse();
    let copy = all.clone();
    all[0] = copy[copy.len() - 1];
    let boxed: Vec<_> = copy.iter().map(|shape| Box::new(*shape)).collect();
    let sizes = all.iter().zip(&boxed).zip(x).map(|((a, b), v)| a.size() + b.size() * *v);
    sum(sizes)
}

#[test]
fn variants_of_floats_and_of_integers() {
    check!(shapes, &POINT);
}

#[derive(Clone, Copy)]
enum Step {
    Push(usize),
    Add,
    Times,
    Scale(f64),
}

fn interpreted<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let last = |i| if i % 3 == 1 { Step::Add } else { Step::Times };
    let steps = |i| [Step::Push(i), Step::Scale(1.5), last(i)];
    let program: Vec<Step> = (0..x.len()).flat_map(steps).collect();
    let mut stack = vec![x[0]];
    for step in program {
        let top = stack[stack.len() - 1];
        match step {
            Step::Push(i) => stack.push(x[i]),
            Step::Scale(by) => *stack.last_mut().unwrap() *= by,
            Step::Add | Step::Times => {
                stack.pop();
                let below = stack.last_mut().unwrap();
                *below = if matches!(step, Step::Add) { *below + top } else { *below * top };
            }
        }
    }
    stack[0].sin()
}

#[test]
fn a_program_of_integers_and_constants_is_interpreted() {
    check!(interpreted, &POINT);
}

fn boxes<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    struct Node<T> {
        value: T,
        next: Option<Box<Self>>,
    }
    let mut head: Option<Box<Node<T>>> = None;
    for v in x {
        head = Some(Box::new(Node { value: *v, next: head.take() }));
    }
    let mut turned = None;
    while let Some(mut node) = head {
        head = node.next.take();
        node.next = turned;
        turned = Some(node);
    }
    let mut state = T::from(1.0);
    let mut at = turned.as_deref();
    while let Some(node) = at {
        state = state * node.value + node.value.sin();
        at = node.next.as_deref();
    }
    state
}

#[test]
fn a_linked_list_is_turned_round() {
    check!(boxes, &POINT);
}

struct Branch<T> {
    key: usize,
    value: T,
    left: Option<Box<Self>>,
    right: Option<Box<Self>>,
}

fn insert<T: DualNum<f64> + Copy>(mut at: &mut Option<Box<Branch<T>>>, key: usize, value: T) {
    while let Some(branch) = at {
        if key == branch.key {
            branch.value *= value;
            return;
        }
        at = if key < branch.key { &mut branch.left } else { &mut branch.right };
    }
    *at = Some(Box::new(Branch { key, value, left: None, right: None }));
}

fn weigh<T: DualNum<f64> + Copy>(at: &Option<Box<Branch<T>>>, depth: f64) -> T {
    at.as_ref().map_or(T::from(0.0), |branch| {
        let below = weigh(&branch.left, depth + 1.0) + weigh(&branch.right, depth + 2.0);
        below + branch.value.sin() * depth * (branch.key as f64)
    })
}

fn searched<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut root = None;
    for (i, v) in x.iter().enumerate() {
        insert(&mut root, (7 * i + 3) % 5, *v);
    }
    weigh(&root, 1.0)
}

#[test]
fn a_search_tree_of_boxes() {
    check!(searched, &POINT);
}

enum Shared<T> {
    End,
    Link(T, u32, Rc<Shared<T>>),
}

fn through<T: DualNum<f64> + Copy>(list: &Shared<T>) -> T {
    match list {
        Shared::End => T::from(1.0),
        Shared::Link(v, n, rest) => *v * through(rest) + f64::from(*n),
    }
}

fn shared<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut list = Rc::new(Shared::End);
    for (i, v) in x.iter().enumerate() {
        list = Rc::new(Shared::Link(*v, i as u32, list));
    }
    through(&Shared::Link(x[0], 9, list.clone())) * through(&list)
}

#[test]
fn a_list_with_two_heads() {
    check!(shared, &POINT);
}

fn borrowed<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let cells: Vec<_> = x.iter().map(|v| Rc::new(RefCell::new(*v))).collect();
    let turned: Vec<_> = cells.iter().rev().cloned().collect();
    for (a, b) in cells.iter().zip(&turned) {
        let by = *b.borrow();
        *a.borrow_mut() *= by;
    }
    turned.iter().fold(x[0], |state, cell| state * *cell.borrow() + x[1])
}

#[test]
fn cells_with_two_owners() {
    check!(borrowed, &POINT);
}

fn queued<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut queue = VecDeque::with_capacity(4);
    let mut state = T::from(0.0);
    for v in x {
        if queue.len() == 3 {
            state += queue.pop_front().unwrap_or(x[0]) * *v;
        }
        queue.push_back(*v * *v);
    }
    while let Some(v) = queue.pop_back() {
        state = state * v + v;
    }
    state
}

#[test]
fn a_queue_that_wraps_around() {
    check!(queued, &POINT);
}

fn edited<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    v.retain(|v| v.re() > -1.0);
    v.insert(1, x[1] * x[1]);
    v.remove(2);
    v.extend_from_slice(&x[1..3]);
    let drained: Vec<T> = v.drain(1..3).collect();
    sum(v.iter().map(|v| v.sin())) * drained[0] + drained[1]
}

#[test]
fn a_vector_that_is_edited() {
    check!(edited, &POINT);
}

fn exchanged<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (mut a, mut b) = (x.to_vec(), vec![T::from(0.5); 3]);
    std::mem::swap(&mut a, &mut b);
    let c = std::mem::take(&mut b);
    let old = std::mem::replace(&mut a[1], c[0] * c[1]);
    sum(a) * old + sum(c.iter().map(|v| *v * *v))
}

#[test]
fn swapped_replaced_and_taken() {
    check!(exchanged, &POINT);
}

fn moved<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut v = x.to_vec();
    v.rotate_left(2);
    let (left, right) = v.split_at_mut(3);
    for (a, b) in left.iter_mut().zip(right.iter_mut().rev()) {
        std::mem::swap(a, b);
        *a *= *b;
    }
    v.copy_within(1..4, 0);
    let chunks = v.chunks(4).map(|c| c.iter().fold(T::from(1.0), |product, v| product * *v));
    sum(v.windows(3).map(|w| w[0] * w[1] - w[2])) + sum(chunks).sin()
}

#[test]
fn rotated_and_split_and_copied_within() {
    check!(moved, &POINT);
}

fn nested<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let places = [[0, 1, 2], [2, 0, 1]];
    let mut m = [[[T::from(0.1); 2]; 3]; 2];
    for i in 0..x.len() {
        let (a, c) = (i & 1, (i / 3) & 1);
        let b: usize = places[a][i % 3];
        m[a][b][c] = m[1 - a][places[a][b]][c] * x[i] + x[places[1 - a][b]];
    }
    sum(m.iter().flatten().flatten().copied()) * m[1][2][0]
}

#[test]
fn arrays_of_arrays_under_bounded_indices() {
    check!(nested, &POINT);
}

struct Fields<T> {
    a: T,
    count: u64,
    b: T,
    c: [T; 2],
}

fn chosen<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let mut s = Fields { a: x[0], count: 0, b: x[1], c: [x[2]; 2] };
    for (i, v) in x.iter().enumerate() {
        let field = match i % 4 {
            0 => &mut s.a,
            1 => &mut s.b,
            2 => &mut s.c[0],
            _ => &mut s.c[1],
        };
        *field *= *v;
        s.count += 1;
    }
    s.a * s.b + s.c[0].sin() * s.c[1] * s.count as f64
}

#[test]
fn a_reference_to_one_of_several_fields() {
    check!(chosen, &POINT);
}

fn repeated<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let floats = vec![x[0] * x[1]; x.len()];
    let tuples = vec![(x[2], 0usize); x.len()];
    let options = vec![Some(x[0]); x.len()];
    floats[1] + tuples[2].0 * x[1] + options[1].map_or(x[3], |v| v * 5.0)
}

#[test]
fn vectors_of_one_value_that_is_zero() {
    check!(repeated, &POINT);
    check!(repeated, &[0.0, 1.5, -0.0, 2.0]);
    check!(repeated, &[0.0; 4]);
}

fn sum_of_bits(x: &[f64]) -> f64 {
    let mut bits: Vec<u64> = x.iter().map(|v| v.to_bits()).collect();
    bits.swap(0, 2);
    bits.rotate_left(1);
    let copy = bits.clone();
    bits.iter().zip(&copy[1..]).map(|(a, b)| f64::from_bits(*a) * f64::from_bits(*b)).sum()
}

#[test]
fn floats_kept_as_bits() {
    let (_, gradient) = value_and_gradient(Reverse, sum_of_bits, (&[2.0, 3.0, 5.0][..],));
    assert_eq!(gradient.0, [8.0, 2.0, 2.0]);
}

fn packed(x: &[f32]) -> f32 {
    let pack = |w: &[f32]| u64::from(w[0].to_bits()) << 32 | u64::from(w[1].to_bits());
    let words: Vec<u64> = x.windows(2).map(pack).collect();
    words.iter().map(|w| f32::from_bits((w >> 32) as u32) * f32::from_bits(*w as u32)).sum()
}

#[test]
fn two_floats_packed_in_a_word() {
    let (_, gradient) = value_and_gradient(Reverse, packed, (&[2.0f32, 3.0, 5.0][..],));
    assert_eq!(gradient.0, [3.0, 7.0, 3.0]);
}

fn tagged(x: &[f32]) -> f32 {
    let mut all: Vec<_> = x.iter().enumerate().map(|(i, v)| (v * v, i as u32)).collect();
    let last = all.len() - 1;
    for i in 0..all.len() {
        if all[i].1.is_multiple_of(2) {
            all.swap(i, last - i);
        }
    }
    all[1] = (0.0, 7);
    all.iter().map(|(v, i)| v * *i as f32).sum()
}

#[test]
fn floats_that_share_a_word_with_an_index() {
    let (_, gradient) = value_and_gradient(Reverse, tagged, (&[2.0f32, 3.0, 5.0, 7.0][..],));
    assert_eq!(gradient.0, [0.0, 6.0, 0.0, 42.0]);
}
