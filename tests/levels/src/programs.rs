//! Twenty-two small programs of all kinds, each in a module of its own, so that a compiler
//! that splits the crate into units has something to split.
//!
//! Each takes six numbers and returns one. `for_each_program` names them all.

/// Hands the names of all programs to a macro.
#[macro_export]
macro_rules! for_each_program {
    ($do:ident) => {
        $do! {
            straight_maths counted_loop loop_until_converged rows_of_vectors vector_that_grows
            list_of_boxes trait_objects enums_in_an_array parts_of_slices closures
            recursion_on_slices iterator_chains particles small_matrices sorting
            options_and_results generic_arrays cells_that_are_shared permutations
            branches_and_breaks vectors_of_zeros table_made_at_first_use
        }
    };
}

use super::scalar::Scalar;

/// Where the gradients are taken.
pub const POINT: [f64; 6] = [0.9, 1.7, 0.4, 2.3, 0.6, 1.1];

pub mod straight_maths {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let a = (x[0] * x[1]).sin() + x[2].exp() / x[3];
        let b = (x[4] + x[5]).ln() - x[0].sqrt() * a.tanh();
        a * b.powi(3) + a / (b * b + T::of(1.0))
    }
}

pub mod counted_loop {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut state = x[0];
        for i in 0..17 {
            state = (state * x[i % 6]).sin() + x[(i + 1) % 6] * T::of(0.3);
        }
        state * state
    }
}

pub mod loop_until_converged {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut total = T::of(0.0);
        for &a in x {
            let mut root = a;
            while (root * root - a).value().abs() > 1e-3 {
                root = (root + a / root) * T::of(0.5);
            }
            total += root * a;
        }
        total
    }
}

pub mod rows_of_vectors {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let rows: Vec<Vec<T>> =
            (1..4).map(|n| x.iter().map(|a| (*a * T::of(f64::from(n))).sin()).collect()).collect();
        let mut total = T::of(0.0);
        for (i, row) in rows.iter().enumerate() {
            for j in 0..row.len() - i {
                total += row[j] * rows[(i + 1) % rows.len()][j + i];
            }
        }
        total
    }
}

pub mod vector_that_grows {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut terms = Vec::new();
        for &a in x {
            terms.push(a * a);
            if a.value() > 1.0 {
                let last = terms[terms.len() - 1];
                terms.extend([last.ln(), a]);
            }
        }
        terms.insert(2, x[5]);
        terms.truncate(9);
        let first = terms.remove(0);
        terms.into_iter().rev().fold(first, |sum, term| sum * T::of(0.5) + term.sin())
    }
}

pub mod list_of_boxes {
    use super::Scalar;

    enum List<T> {
        End,
        Item(T, Box<List<T>>),
    }

    fn sum<T: Scalar>(list: &List<T>) -> T {
        match list {
            List::End => T::of(1.0),
            List::Item(a, rest) => *a * sum(rest) + a.sin(),
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut list = List::End;
        for &a in x {
            list = List::Item(a * T::of(0.7), Box::new(list));
        }
        sum(&list)
    }
}

pub mod trait_objects {
    use super::Scalar;

    trait Shape<T> {
        fn area(&self) -> T;
        fn scale(&mut self, by: T);
    }

    struct Disc<T>(T);
    struct Rectangle<T> {
        sides: [T; 2],
    }

    impl<T: Scalar> Shape<T> for Disc<T> {
        fn area(&self) -> T {
            self.0 * self.0 * T::of(std::f64::consts::PI)
        }
        fn scale(&mut self, by: T) {
            self.0 *= by;
        }
    }

    impl<T: Scalar> Shape<T> for Rectangle<T> {
        fn area(&self) -> T {
            self.sides[0] * self.sides[1]
        }
        fn scale(&mut self, by: T) {
            self.sides[1] *= by.exp();
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut shapes: Vec<Box<dyn Shape<T>>> = vec![
            Box::new(Disc(x[0])),
            Box::new(Rectangle { sides: [x[1], x[2]] }),
            Box::new(Disc(x[3] * x[4])),
        ];
        for shape in &mut shapes {
            shape.scale(x[5]);
        }
        shapes.iter().fold(T::of(0.0), |sum, shape| sum + shape.area())
    }
}

pub mod enums_in_an_array {
    use super::Scalar;

    #[derive(Clone, Copy)]
    enum Term<T> {
        Nothing,
        Power(T, i32),
        Product(T, T),
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut terms = [Term::Nothing; 6];
        for (i, &a) in x.iter().enumerate() {
            terms[i] = match i % 3 {
                0 => Term::Power(a, i as i32 + 2),
                1 => Term::Product(a, x[0]),
                _ => Term::Nothing,
            };
        }
        terms.iter().fold(T::of(1.0), |total, term| match *term {
            Term::Nothing => total,
            Term::Power(a, n) => total + a.powi(n),
            Term::Product(a, b) => total * a - b,
        })
    }
}

pub mod parts_of_slices {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut own = x.to_vec();
        let (left, right) = own.split_at_mut(3);
        for (a, b) in left.iter_mut().zip(right.iter_mut()) {
            *a = *a * *b;
            *b = a.sin();
        }
        right.swap(0, 2);
        left.copy_from_slice(&[right[1], left[2], left[0]]);
        own.rotate_left(2);
        let pairs = own.chunks(2).fold(T::of(0.0), |sum, pair| sum + pair[0] * pair[1]);
        own.windows(3).fold(pairs, |sum, w| sum + w[0] * w[1] / w[2])
    }
}

pub mod closures {
    use super::Scalar;

    fn compose<T: Scalar>(f: impl Fn(T) -> T, g: impl Fn(T) -> T) -> impl Fn(T) -> T {
        move |a| g(f(a))
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let (scale, shift) = (x[0], x[1]);
        let both = compose(move |a: T| a * scale, move |a: T| (a + shift).sin());
        let steps: [&dyn Fn(T) -> T; 3] = [&both, &|a| a * a, &|a| both(a) * x[2]];
        let mut total = T::of(0.0);
        let mut add = |a: T| total += a;
        for (i, &a) in x.iter().enumerate() {
            add(steps[i % 3](a));
        }
        total
    }
}

pub mod recursion_on_slices {
    use super::Scalar;

    fn halves<T: Scalar>(x: &[T]) -> T {
        match x {
            [] => T::of(1.0),
            [a] => *a,
            _ => {
                let (left, right) = x.split_at(x.len() / 2);
                let (l, r) = (halves(left), halves(right));
                l * r + (l - r).sin()
            }
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        halves(x) * halves(&x[1..])
    }
}

pub mod iterator_chains {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let squares = x.iter().map(|a| *a * *a).filter(|a| a.value() < 3.0);
        let near = squares.zip(x.iter().skip(1).rev()).map(|(a, b)| a * *b);
        let sums: Vec<T> = near
            .scan(T::of(0.0), |sum, a| {
                *sum += a;
                Some(sum.sin())
            })
            .collect();
        let last = x.iter().rev().take_while(|a| a.value() < 2.0).fold(T::of(1.0), |p, a| p * *a);
        sums.iter().chain(x.iter().step_by(2)).fold(last, |sum, a| sum + *a * *a)
    }
}

pub mod particles {
    use super::Scalar;

    #[derive(Clone, Copy)]
    struct Particle<T> {
        at: [T; 2],
        speed: [T; 2],
        mass: T,
        fixed: bool,
    }

    fn step<T: Scalar>(all: &mut [Particle<T>], dt: f64) {
        let before = all.to_vec();
        for (i, one) in all.iter_mut().enumerate() {
            if one.fixed {
                continue;
            }
            for (j, other) in before.iter().enumerate() {
                if i != j {
                    let d = [0, 1].map(|k| other.at[k] - one.at[k]);
                    let r = (d[0] * d[0] + d[1] * d[1] + T::of(0.1)).sqrt();
                    for (speed, d) in one.speed.iter_mut().zip(d) {
                        *speed += d * other.mass / (r * r * r) * T::of(dt);
                    }
                }
            }
            for k in 0..2 {
                one.at[k] += one.speed[k] * T::of(dt);
            }
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let particle = |i: usize| Particle {
            at: [x[i], x[i + 1]],
            speed: [x[5], x[0]],
            mass: x[i + 2],
            fixed: i == 1,
        };
        let mut all = vec![particle(0), particle(1), particle(3)];
        for _ in 0..5 {
            step(&mut all, 0.1);
        }
        all.iter().fold(T::of(0.0), |sum, p| sum + p.at[0] * p.at[1] * p.mass)
    }
}

pub mod small_matrices {
    use super::Scalar;

    type Matrix<T> = [[T; 3]; 3];

    fn product<T: Scalar>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
        let mut c = [[T::of(0.0); 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                for (k, row) in b.iter().enumerate() {
                    c[i][j] += a[i][k] * row[j];
                }
            }
        }
        c
    }

    fn determinant<T: Scalar>(m: &Matrix<T>) -> T {
        let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
        m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let one = T::of(1.0);
        let a = [[x[0], x[1], one], [x[2], x[3], x[4]], [one, x[5], x[0]]];
        let mut power = a;
        for _ in 0..3 {
            power = product(&power, &a);
        }
        determinant(&power) + power[0][2] * power[2][1]
    }
}

pub mod sorting {
    use super::Scalar;

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut sorted: Vec<T> = x.iter().map(|a| a.sin() * x[1]).collect();
        for i in 0..sorted.len() {
            for j in 1..sorted.len() - i {
                if sorted[j - 1].value() > sorted[j].value() {
                    sorted.swap(j - 1, j);
                }
            }
        }
        let weighted = sorted.iter().enumerate().map(|(i, a)| *a * T::of(i as f64));
        weighted.fold(T::of(0.0), |sum, a| sum * T::of(0.9) + a * a)
    }
}

pub mod options_and_results {
    use super::Scalar;

    fn logarithm<T: Scalar>(a: T) -> Result<T, String> {
        if a.value() <= 0.0 { Err(format!("{} is not positive", a.value())) } else { Ok(a.ln()) }
    }

    fn largest<T: Scalar>(x: &[T]) -> Option<T> {
        let mut best: Option<T> = None;
        for &a in x {
            if best.is_none_or(|b| b.value() < a.value()) {
                best = Some(a);
            }
        }
        best
    }

    fn chain<T: Scalar>(a: T, b: T) -> Result<T, String> {
        let first = logarithm(a - b)?;
        Ok(first * logarithm(a)?)
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut total = largest(x).unwrap_or(T::of(0.0)) * largest(&x[..3]).map_or(x[0], T::sin);
        for pair in x.windows(2) {
            total += match chain(pair[0], pair[1]) {
                Ok(value) => value,
                Err(text) => pair[0] * T::of(text.len() as f64),
            };
        }
        total
    }
}

pub mod generic_arrays {
    use super::Scalar;

    struct Polynomial<T, const N: usize> {
        coefficients: [T; N],
    }

    impl<T: Scalar, const N: usize> Polynomial<T, N> {
        fn at(&self, a: T) -> (T, T) {
            let mut value = T::of(0.0);
            let mut slope = T::of(0.0);
            for c in self.coefficients.iter().rev() {
                slope = slope * a + value;
                value = value * a + *c;
            }
            (value, slope)
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let cubic = Polynomial { coefficients: [x[0], x[1], x[2], x[3]] };
        let line = Polynomial { coefficients: std::array::from_fn::<T, 2, _>(|i| x[4 + i]) };
        let (a, slope) = cubic.at(x[5]);
        let (b, _) = line.at(a);
        b * slope.sin()
    }
}

pub mod cells_that_are_shared {
    use super::Scalar;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    struct Account<T> {
        balance: Rc<Cell<T>>,
        book: Rc<RefCell<Vec<T>>>,
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let balance = Rc::new(Cell::new(x[0]));
        let book = Rc::new(RefCell::new(Vec::new()));
        let account = Account { balance: Rc::clone(&balance), book: Rc::clone(&book) };
        for &a in &x[1..] {
            account.balance.set(balance.get() * a.sin() + a);
            account.book.borrow_mut().push(balance.get());
        }
        let written = book.borrow();
        written.iter().fold(balance.get(), |sum, a| sum * T::of(0.5) + *a * *a)
    }
}

pub mod permutations {
    use super::Scalar;
    use std::collections::{BTreeMap, VecDeque};

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut seed = 12_345_u32;
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        let mut queue: VecDeque<T> = x.iter().copied().collect();
        for _ in 0..10 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (seed >> 16) as usize % x.len();
            *counts.entry(at).or_default() += 1;
            let front = queue.pop_front().unwrap_or(x[0]);
            queue.push_back(front * x[at] + T::of(0.1));
        }
        let weighted = counts.iter().map(|(at, count)| x[*at] * T::of(f64::from(*count)));
        weighted.zip(queue).fold(T::of(0.0), |sum, (a, b)| sum + a * b)
    }
}

pub mod branches_and_breaks {
    use super::Scalar;

    fn early<T: Scalar>(a: T, b: T) -> T {
        if a.value() > 1.5 {
            return a * b;
        }
        let c = if a.value() < b.value() { a } else { b };
        c.exp()
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut total = T::of(0.0);
        'rows: for (i, &a) in x.iter().enumerate() {
            for (j, &b) in x.iter().enumerate() {
                if j > i + 2 {
                    continue 'rows;
                }
                total += match (i * j) % 4 {
                    0 => early(a, b),
                    1 => a - b,
                    2 if a.value() < 1.0 => a / b,
                    _ => T::of(0.0),
                };
                if total.value() > 30.0 {
                    break 'rows;
                }
            }
        }
        total
    }
}

pub mod vectors_of_zeros {
    use super::Scalar;

    /// What is zero fills vectors as all else does, though memory that is zeroed would do.
    pub fn run<T: Scalar>(x: &[T]) -> T {
        let zero = x[0] - T::of(0.9);
        let other = x[1] - T::of(1.7);
        let floats = vec![zero; x.len()];
        let pairs = vec![(other, 0usize); x.len()];
        let rows = vec![[zero, other]; x.len()];
        let planes = vec![[other; 3]; 2];
        let one = vec![zero; 1];
        let rows = rows[1][1] * x[2] + rows[2][0] * x[3] + planes[1][2] * x[4];
        floats[1] * x[5] + pairs[2].0 * x[1] + rows + one[0] * T::of(3.0)
    }
}

pub mod table_made_at_first_use {
    use super::Scalar;

    struct Table<T> {
        data: Vec<T>,
        size: usize,
    }

    impl<T: Scalar> Table<T> {
        fn place(&mut self, key: usize) -> &mut T {
            if self.size == 0 {
                self.data = vec![T::of(0.0); 4];
                self.size = 4;
            }
            &mut self.data[key % self.size]
        }
    }

    pub fn run<T: Scalar>(x: &[T]) -> T {
        let mut table = Table { data: Vec::new(), size: 0 };
        for (i, &a) in x.iter().enumerate() {
            *table.place(i) += a;
        }
        for i in 0..x.len() {
            let place = table.place(i);
            *place = *place * *place;
        }
        let mut total = T::of(0.0);
        for &a in &table.data {
            total += a;
        }
        total
    }
}
