//! Small programs as people write them: solvers, networks, interpreters, simulations.

use std::cell::RefCell;
use std::ops::{Add, Index, IndexMut, Mul, Sub};
use std::rc::Rc;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

struct Matrix<T> {
    rows: usize,
    columns: usize,
    data: Vec<T>,
}

impl<T: DualNum<f64> + Copy> Matrix<T> {
    fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, data: vec![T::from(0.0); rows * columns] }
    }

    fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> T) -> Self {
        let mut m = Self::zeros(rows, columns);
        for i in 0..rows {
            for j in 0..columns {
                m[(i, j)] = f(i, j);
            }
        }
        m
    }

    fn times(&self, other: &Self) -> Self {
        assert_eq!(self.columns, other.rows);
        Self::from_fn(self.rows, other.columns, |i, j| {
            (0..self.columns).map(|k| self[(i, k)] * other[(k, j)]).sum()
        })
    }

    /// Solves by elimination with pivots.
    fn solve(mut self, mut b: Vec<T>) -> Option<Vec<T>> {
        let n = self.rows;
        for k in 0..n {
            let pivot = (k..n).max_by(|&i, &j| {
                self[(i, k)].re().abs().partial_cmp(&self[(j, k)].re().abs()).unwrap()
            })?;
            if self[(pivot, k)].re() == 0.0 {
                return None;
            }
            for j in 0..n {
                let swapped = self[(k, j)];
                self[(k, j)] = self[(pivot, j)];
                self[(pivot, j)] = swapped;
            }
            b.swap(k, pivot);
            for i in k + 1..n {
                let factor = self[(i, k)] / self[(k, k)];
                for j in k..n {
                    let above = self[(k, j)];
                    self[(i, j)] -= factor * above;
                }
                let above = b[k];
                b[i] -= factor * above;
            }
        }
        for k in (0..n).rev() {
            let known: T = (k + 1..n).map(|j| self[(k, j)] * b[j]).sum();
            b[k] = (b[k] - known) / self[(k, k)];
        }
        Some(b)
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.data[i * self.columns + j]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.data[i * self.columns + j]
    }
}

fn elimination<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let diagonal = |i: usize, j: usize| if i == j { T::from(4.0) } else { T::from(0.0) };
    let a = Matrix::from_fn(3, 3, |i, j| x[(i * 2 + j) % 6] * 0.5 + diagonal(i, (j + 1) % 3));
    let solution = a.times(&Matrix::from_fn(3, 3, |i, j| x[(i + j) % 6])).solve(x[..3].to_vec());
    solution.unwrap().iter().enumerate().fold(T::from(0.0), |s, (i, v)| s + *v * (i + 1) as f64)
}

#[test]
fn a_linear_system_with_pivots() {
    check!(elimination, &POINT);
}

#[derive(Clone, Copy)]
struct Vec3<T>([T; 3]);

impl<T: DualNum<f64> + Copy> Add for Vec3<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Vec3(std::array::from_fn(|i| self.0[i] + o.0[i]))
    }
}

impl<T: DualNum<f64> + Copy> Sub for Vec3<T> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Vec3(std::array::from_fn(|i| self.0[i] - o.0[i]))
    }
}

impl<T: DualNum<f64> + Copy> Mul<T> for Vec3<T> {
    type Output = Self;
    fn mul(self, s: T) -> Self {
        Vec3(self.0.map(|c| c * s))
    }
}

impl<T: DualNum<f64> + Copy> Vec3<T> {
    fn square(self) -> T {
        self.0.iter().map(|c| *c * *c).sum()
    }
}

#[derive(Clone)]
struct Planet<T> {
    name: String,
    mass: T,
    position: Vec3<T>,
    speed: Vec3<T>,
}

fn orbits<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let zero = T::from(0.0);
    let mut planets: Vec<Planet<T>> = (0..3)
        .map(|i| Planet {
            name: format!("planet {i}"),
            mass: x[i] * x[i] + 0.5,
            position: Vec3([T::from(i as f64), x[i], x[5 - i]]),
            speed: Vec3([x[(i + 2) % 6] * 0.1, zero, zero]),
        })
        .collect();
    for _ in 0..20 {
        for i in 0..planets.len() {
            let mut pull = Vec3([zero; 3]);
            for (j, other) in planets.iter().enumerate() {
                if i != j {
                    let away = other.position - planets[i].position;
                    let distance = (away.square() + 0.1).sqrt();
                    pull = pull + away * (other.mass / (distance * distance * distance));
                }
            }
            planets[i].speed = planets[i].speed + pull * T::from(0.01);
        }
        for p in &mut planets {
            p.position = p.position + p.speed * T::from(0.01);
        }
    }
    planets.iter().map(|p| p.mass * p.speed.square() * p.name.len() as f64).sum()
}

#[test]
fn planets_that_pull_each_other() {
    check!(orbits, &POINT);
}

fn runge_kutta<T: DualNum<f64> + Copy>(
    f: &dyn Fn(T, &[T]) -> Vec<T>,
    mut y: Vec<T>,
    steps: usize,
) -> Vec<T> {
    let h = T::from(1.0 / steps as f64);
    let along = |y: &[T], k: &[T], by: T| -> Vec<T> {
        y.iter().zip(k).map(|(y, k)| *y + *k * by).collect()
    };
    for step in 0..steps {
        let t = h * step as f64;
        let k1 = f(t, &y);
        let k2 = f(t + h * 0.5, &along(&y, &k1, h * 0.5));
        let k3 = f(t + h * 0.5, &along(&y, &k2, h * 0.5));
        let k4 = f(t + h, &along(&y, &k3, h));
        for (i, y) in y.iter_mut().enumerate() {
            *y += (k1[i] + k2[i] * 2.0 + k3[i] * 2.0 + k4[i]) * h / 6.0;
        }
    }
    y
}

fn ode<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (a, b) = (x[0], x[1]);
    let f = move |t: T, y: &[T]| vec![y[1], -y[0] * a - y[1] * b * 0.1 + t.sin()];
    let end = runge_kutta(&f, vec![x[2], x[3]], 12);
    end[0] * end[0] + end[1]
}

#[test]
fn a_differential_equation_behind_a_closure() {
    check!(ode, &POINT);
}

struct Dense<T> {
    weights: Vec<Vec<T>>,
    bias: Vec<T>,
    activation: fn(T) -> T,
}

fn network<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    fn relu<T: DualNum<f64> + Copy>(v: T) -> T {
        if v.re() > 0.0 { v } else { T::from(0.0) }
    }
    fn tanh<T: DualNum<f64> + Copy>(v: T) -> T {
        v.tanh()
    }
    let layer = |inputs: usize, outputs: usize, activation| Dense {
        weights: (0..outputs).map(|i| (0..inputs).map(|j| x[(i + 2 * j) % 6]).collect()).collect(),
        bias: vec![x[4]; outputs],
        activation,
    };
    let layers = [layer(3, 4, tanh), layer(4, 4, relu), layer(4, 2, tanh)];
    let mut values = x[..3].to_vec();
    for layer in &layers {
        values = layer
            .weights
            .iter()
            .zip(&layer.bias)
            .map(|(row, b)| {
                (layer.activation)(row.iter().zip(&values).map(|(w, v)| *w * *v).sum::<T>() + *b)
            })
            .collect();
    }
    let largest = values.iter().fold(f64::MIN, |m, v| m.max(v.re()));
    let exps: Vec<T> = values.iter().map(|v| (*v - largest).exp()).collect();
    let total: T = exps.iter().copied().sum();
    -(exps[0] / total).ln()
}

#[test]
fn a_network_with_softmax() {
    check!(network, &POINT);
}

#[derive(Clone, Debug)]
enum Instruction {
    Push(f64),
    Load(usize),
    Store(usize),
    Add,
    Multiply,
    Sine,
    JumpIfPositive(usize),
}

fn machine<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    use Instruction::*;
    let program = vec![
        Load(0),
        Load(1),
        Multiply,
        Store(0), // 0
        Load(2),
        Push(-1.0),
        Add,
        Store(2), // 4
        Load(0),
        Sine,
        Load(3),
        Add,
        Store(3), // 8
        Load(2),
        JumpIfPositive(0), // 13
        Load(3),
        Load(0),
        Multiply,
    ];
    let mut memory = x.to_vec();
    memory[2] = T::from(3.0);
    let mut stack: Vec<T> = Vec::new();
    let mut at = 0;
    while at < program.len() {
        let mut next = at + 1;
        match &program[at] {
            Push(value) => stack.push(T::from(*value)),
            Load(i) => stack.push(memory[*i]),
            Store(i) => memory[*i] = stack.pop().unwrap(),
            Add => {
                let (b, a) = (stack.pop().unwrap(), stack.pop().unwrap());
                stack.push(a + b);
            }
            Multiply => {
                let (b, a) = (stack.pop().unwrap(), stack.pop().unwrap());
                stack.push(a * b);
            }
            Sine => {
                let top = stack.last_mut().unwrap();
                *top = top.sin();
            }
            JumpIfPositive(to) => {
                if stack.pop().unwrap().re() > 0.0 {
                    next = *to;
                }
            }
        }
        at = next;
    }
    stack.pop().unwrap()
}

#[test]
fn a_machine_with_a_stack() {
    check!(machine, &POINT);
}

enum Expression {
    Number(f64),
    Variable(usize),
    Negative(Box<Expression>),
    Binary(char, Box<Expression>, Box<Expression>),
}

impl Expression {
    fn parse(text: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Self {
        let mut left = match text.next().unwrap() {
            '(' => {
                let inner = Self::parse(text);
                text.next();
                inner
            }
            c @ 'a'..='f' => Expression::Variable(c as usize - 'a' as usize),
            '-' => Expression::Negative(Box::new(Self::parse(text))),
            d => Expression::Number(f64::from(d.to_digit(10).unwrap())),
        };
        while let Some(&op @ ('+' | '*')) = text.peek() {
            text.next();
            left = Expression::Binary(op, Box::new(left), Box::new(Self::parse(text)));
        }
        left
    }

    fn value<T: DualNum<f64> + Copy>(&self, x: &[T]) -> T {
        match self {
            Expression::Number(n) => T::from(*n),
            Expression::Variable(i) => x[*i],
            Expression::Negative(inner) => -inner.value(x),
            Expression::Binary('+', a, b) => a.value(x) + b.value(x),
            Expression::Binary(_, a, b) => a.value(x) * b.value(x),
        }
    }
}

fn formula<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let text = "(a*b+3)*(c+d*(e+-f*2))".to_string();
    Expression::parse(&mut text.chars().peekable()).value(x)
}

#[test]
fn a_formula_that_is_parsed_and_evaluated() {
    check!(formula, &POINT);
}

struct Node<T> {
    value: T,
    children: Vec<Rc<RefCell<Node<T>>>>,
}

fn graph<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let node = |value| Rc::new(RefCell::new(Node { value, children: Vec::new() }));
    let root = node(x[0]);
    let mut last = Rc::clone(&root);
    for a in &x[1..] {
        let next = node(*a);
        last.borrow_mut().children.push(Rc::clone(&next));
        root.borrow_mut().children.push(Rc::clone(&next));
        last = next;
    }
    fn total<T: DualNum<f64> + Copy>(node: &Rc<RefCell<Node<T>>>, depth: usize) -> T {
        let node = node.borrow();
        let below = node.children.iter().map(|c| total(c, depth + 1) * node.value);
        below.fold(node.value * (depth + 1) as f64, |s, v| s + v * 0.5)
    }
    root.borrow_mut().value *= x[3];
    total(&root, 0)
}

#[test]
fn a_graph_of_shared_nodes() {
    check!(graph, &POINT);
}

fn kalman<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    struct Filter<T> {
        estimate: T,
        variance: T,
    }
    let mut filter = Filter { estimate: x[0], variance: x[3] };
    let mut history = Vec::with_capacity(4);
    let mut likelihood = T::from(0.0);
    for (k, measured) in x.iter().enumerate().skip(1) {
        filter.variance += x[5] * x[5] * 0.1;
        let gain = filter.variance / (filter.variance + 1.0);
        let residual = *measured - filter.estimate;
        filter.estimate += gain * residual;
        filter.variance *= -gain + 1.0;
        likelihood -= residual * residual * 0.5 + (filter.variance + 1.0).ln() * k as f64;
        history.push((k, filter.estimate));
    }
    let smooth =
        history.windows(2).map(|w| (w[1].1 - w[0].1).powi(2)).fold(likelihood, |s, v| s + v);
    smooth * history.iter().rev().map(|(k, e)| *e * *k as f64).sum::<T>()
}

#[test]
fn a_filter_with_a_history() {
    check!(kalman, &POINT);
}

fn alignment<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let (a, b) = (&x[..3], &x[2..]);
    let mut best = vec![vec![T::from(0.0); b.len() + 1]; a.len() + 1];
    for i in 1..=a.len() {
        best[i][0] = best[i - 1][0] + 1.5;
    }
    for j in 1..=b.len() {
        best[0][j] = best[0][j - 1] + 1.25;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = best[i - 1][j - 1] + (a[i - 1] - b[j - 1]).powi(2);
            let (left, up) = (best[i][j - 1] + 1.25, best[i - 1][j] + 1.5);
            let least = if left.re() < up.re() { left } else { up };
            best[i][j] = if change.re() < least.re() { change } else { least };
        }
    }
    best[a.len()][b.len()] * x[0]
}

#[test]
fn a_table_of_best_choices() {
    check!(alignment, &POINT);
}

fn power_method<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let a = Matrix::from_fn(3, 3, |i, j| x[(i * j) % 6] * x[(i + j) % 6] + (i + j) as f64);
    let mut v = Matrix::from_fn(3, 1, |i, _| T::from(1.0 + i as f64));
    let mut value = T::from(0.0);
    for _ in 0..100 {
        let w = a.times(&v);
        let norm = w.data.iter().map(|c| *c * *c).sum::<T>().sqrt();
        let changed = (norm - value).re().abs();
        value = norm;
        v = Matrix { data: w.data.into_iter().map(|c| c / norm).collect(), ..w };
        if changed < 1e-14 {
            break;
        }
    }
    value
}

#[test]
fn the_largest_eigenvalue_by_powers() {
    check!(power_method, &POINT);
}
