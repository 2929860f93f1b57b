//! Memory that crosses the border of the differentiated function: the caller's that grows
//! or is freed inside, and what is made inside and stays.

use enzyme_rs::autodiff_reverse;

#[autodiff_reverse(d_extend, Duplicated, Active, Active)]
fn extend(v: &mut Vec<f64>, x: f64) -> f64 {
    for i in 1..=5 {
        v.push(x * f64::from(i));
    }
    v.iter().map(|a| a * a).sum()
}

#[test]
fn a_vec_of_the_caller_grows_and_keeps_its_gradient() {
    let (mut v, mut shadow) = (vec![3.0, 4.0], vec![0.0, 0.5]);
    assert_eq!(d_extend(&mut v, &mut shadow, 2.0, 1.0), (245.0, 220.0));
    assert_eq!(v, [3.0, 4.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    assert_eq!(shadow, [6.0, 8.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

/// Fills memory with what is no zero, and gives it back.
fn leave_dirt() {
    let dirt: Vec<Vec<f64>> = (1..80).map(|n| vec![7.0; n]).collect();
    drop(std::hint::black_box(dirt));
}

#[autodiff_reverse(d_three, Duplicated, Active)]
fn three(v: &mut Vec<f64>, x: f64) {
    v.extend([x, x * 2.0, x * 3.0]);
}

#[test]
fn what_is_pushed_has_no_seed() {
    for (capacity, of_shadow) in [(1, 1), (64, 64), (64, 1), (1, 64), (2, 3)] {
        leave_dirt();
        let room = |capacity| {
            let mut v = Vec::with_capacity(capacity);
            v.push(std::hint::black_box(1.0));
            v
        };
        let (mut v, mut shadow) = (room(capacity), room(of_shadow));
        assert_eq!(d_three(&mut v, &mut shadow, 0.5), 0.0, "{capacity} and {of_shadow}");
        assert_eq!(shadow, [1.0, 0.0, 0.0, 0.0], "{capacity} and {of_shadow}");
    }
}

#[autodiff_reverse(d_inner, Duplicated, Active, Active)]
fn inner(rows: &mut (Vec<Vec<f64>>, u32), x: f64) -> f64 {
    for row in &mut rows.0 {
        for k in 1..=30 {
            row.push(x * f64::from(k));
        }
    }
    rows.0.iter().flatten().sum()
}

#[test]
fn vectors_inside_of_others_get_room() {
    let mut rows = (vec![Vec::with_capacity(64), vec![1.0]], 0);
    rows.0[0].push(2.0);
    leave_dirt();
    let mut shadow = (vec![vec![0.0], vec![0.0]], 0);
    let (value, by_x) = d_inner(&mut rows, &mut shadow, 0.5, 1.0);
    assert_eq!((value, by_x), (3.0 + 465.0, 930.0));
    assert_eq!((shadow.0[0][0], shadow.0[1][0], shadow.0[0].len()), (1.0, 1.0, 31));
}

#[autodiff_reverse(d_again, Duplicated, Active, Active)]
fn again(v: &mut Vec<f64>, x: f64) -> f64 {
    let len = v.len();
    v.extend([x, x * x, x * 3.0]);
    let sum = v.iter().map(|a| a * a).sum();
    v.truncate(len);
    sum
}

#[test]
fn a_fresh_shadow_of_what_has_grown_before() {
    let mut v = vec![1.0, 2.0];
    for _ in 0..3 {
        leave_dirt();
        let mut shadow = vec![0.0; 2];
        // 5 + x² + x⁴ + 9x²
        assert_eq!(d_again(&mut v, &mut shadow, 0.5, 1.0), (7.5625, 10.5));
        assert_eq!(shadow, [2.0, 4.0]);
    }
}

#[autodiff_reverse(d_scale_and_push, Duplicated, Active)]
fn scale_and_push(v: &mut Vec<f64>, x: f64) {
    v[0] *= x;
    for _ in 0..40 {
        v.push(x);
    }
    v.truncate(2);
    v.shrink_to_fit();
    v[1] += v[0];
}

#[test]
fn seeds_move_with_the_memory() {
    let (mut v, mut shadow) = (vec![3.0, 4.0], vec![1.0, 10.0]);
    // d(1·v0' + 10·v1'): v0' = x·v0, v1' = v1 + x·v0.
    assert_eq!(d_scale_and_push(&mut v, &mut shadow, 2.0), 33.0);
    assert_eq!((v, shadow), (vec![6.0, 10.0], vec![22.0, 10.0]));
}

#[autodiff_reverse(d_add_row, Duplicated, Active, Active)]
fn add_row(rows: &mut Vec<Vec<f64>>, x: f64) -> f64 {
    rows.push(vec![x, x * x]);
    rows[0].push(x);
    rows.iter().flatten().map(|a| a * a).sum()
}

#[test]
fn rows_that_are_made_inside_stay() {
    let (mut rows, mut shadow) = (vec![vec![1.0, 2.0]], vec![vec![0.0, 0.0]]);
    // 1 + 4 + x² + x² + x⁴
    assert_eq!(d_add_row(&mut rows, &mut shadow, 3.0, 1.0), (104.0, 120.0));
    assert_eq!(rows, [vec![1.0, 2.0, 3.0], vec![3.0, 9.0]]);
    assert_eq!(shadow, [vec![2.0, 4.0, 0.0], vec![0.0, 0.0]]);
}

struct Model {
    history: Vec<f64>,
    state: f64,
}

impl Model {
    #[autodiff_reverse(d_step, Duplicated, Active, Active)]
    fn step(&mut self, x: f64) -> f64 {
        self.state = self.state * x + 1.0;
        self.history.push(self.state);
        self.history.iter().sum()
    }
}

#[test]
fn a_field_that_grows_call_by_call() {
    let mut model = Model { history: Vec::new(), state: 2.0 };
    let mut shadow = Model { history: Vec::new(), state: 0.0 };
    for k in 0..3 {
        let (before, state) = (model.history.iter().sum::<f64>(), model.state);
        shadow.state = 0.0;
        let (value, dx) = model.d_step(&mut shadow, 3.0, 1.0);
        assert_eq!((value, dx), (before + state * 3.0 + 1.0, state));
        assert_eq!((shadow.state, shadow.history.len()), (3.0, k + 1));
    }
}

#[autodiff_reverse(d_fill, Duplicated, Active, Active)]
fn fill(place: &mut Option<Vec<f64>>, x: f64) -> f64 {
    *place = Some(vec![x * x; 3]);
    place.iter().flatten().sum()
}

#[test]
fn a_place_of_the_caller_that_is_filled() {
    let (mut place, mut shadow) = (None, None);
    assert_eq!(d_fill(&mut place, &mut shadow, 3.0, 1.0), (27.0, 18.0));
    assert_eq!((place, shadow), (Some(vec![9.0; 3]), Some(vec![0.0; 3])));
}

#[autodiff_reverse(d_weigh, Const, Active, Active)]
fn weigh(weights: Vec<f64>, x: f64) -> f64 {
    let mut product = x;
    for w in &weights {
        product = w * product * product;
    }
    drop(weights);
    product * vec![x; 2][1]
}

#[test]
fn a_constant_that_the_function_drops_is_read_in_reverse() {
    // p = w1·w0²·x⁴, times x
    assert_eq!(d_weigh(vec![2.0, 3.0], 2.0, 1.0), (12.0 * 32.0, 12.0 * 80.0));
}
