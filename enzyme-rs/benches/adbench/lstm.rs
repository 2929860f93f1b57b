//! The loss of a recurrent network that predicts the next character.
//!
//! The LSTM of ADBench, the suite that continues Šrajer, Kukelova and Fitzgibbon (2018).
//! It has l layers of b cells and sees c characters of b bits; gates are diagonal:
//!
//! ```text
//! f = σ(x w₀ + a₀)   g = σ(h w₁ + a₁)   o = σ(x w₂ + a₂)   z = tanh(h w₃ + a₃)
//! cell ← cell f + g z   h ← o tanh(cell)         x of the next layer: h
//! y = h v₁ + v₂, of the last layer;              x of the first layer: bits · v₀
//! loss = -1/(c-1)b Σ_t Σ_i bits_{t+1,i} (y_i - log(2 + Σ exp y))
//! ```
//!
//! `main`: per layer 4 b weights, then 4 b biases. `extra`: v₀, v₁, v₂. `state`: per
//! layer h, then the cells.

use std::hint::black_box;

use enzyme_rs::autodiff_reverse;

use crate::table::{Random, Table, assert_equal};

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn step(b: usize, main: &[f64], hidden: &mut [f64], cell: &mut [f64], input: &[f64]) {
    let (w, a) = main.split_at(4 * b);
    for i in 0..b {
        let forget = sigmoid(input[i] * w[i] + a[i]);
        let ingate = sigmoid(hidden[i] * w[b + i] + a[b + i]);
        let outgate = sigmoid(input[i] * w[2 * b + i] + a[2 * b + i]);
        let change = (hidden[i] * w[3 * b + i] + a[3 * b + i]).tanh();
        cell[i] = cell[i] * forget + ingate * change;
        hidden[i] = outgate * cell[i].tanh();
    }
}

fn predict(
    b: usize,
    main: &[f64],
    extra: &[f64],
    state: &mut [f64],
    bits: &[f64],
    input: &mut [f64],
    output: &mut [f64],
) {
    for i in 0..b {
        input[i] = bits[i] * extra[i];
    }
    for (main, state) in main.chunks_exact(8 * b).zip(state.chunks_exact_mut(2 * b)) {
        let (hidden, cell) = state.split_at_mut(b);
        step(b, main, hidden, cell, input);
        input.copy_from_slice(hidden);
    }
    for i in 0..b {
        output[i] = input[i] * extra[b + i] + extra[2 * b + i];
    }
}

fn log_sum_exp(values: &[f64]) -> f64 {
    (2.0 + values.iter().map(|v| v.exp()).sum::<f64>()).ln()
}

#[autodiff_reverse(d_objective, Const, Duplicated, Duplicated, Const, Const, Active)]
fn objective(b: usize, main: &[f64], extra: &[f64], state: &[f64], sequence: &[f64]) -> f64 {
    let mut state = state.to_vec();
    let (mut input, mut output) = (vec![0.0; b], vec![0.0; b]);
    let mut total = 0.0;
    let targets = sequence.chunks_exact(b).skip(1);
    for (bits, target) in sequence.chunks_exact(b).zip(targets) {
        predict(b, main, extra, &mut state, bits, &mut input, &mut output);
        let normal = log_sum_exp(&output);
        for (y, t) in output.iter().zip(target) {
            total += t * (y - normal);
        }
    }
    -total / (sequence.len() - b) as f64
}

/// What the adjoint by hand remembers of one cell in one step.
#[derive(Clone, Copy, Default)]
struct Cell {
    input: f64,
    hidden: f64,
    cell: f64,
    forget: f64,
    ingate: f64,
    outgate: f64,
    change: f64,
    tanh: f64,
}

/// One problem, its shadows and the tape of the adjoint by hand.
struct Problem {
    b: usize,
    main: Vec<f64>,
    extra: Vec<f64>,
    state: Vec<f64>,
    sequence: Vec<f64>,
    dmain: Vec<f64>,
    dextra: Vec<f64>,
    tape: Vec<Cell>,
    /// Of each step: the last layer's h, then softmax of y.
    outputs: Vec<f64>,
}

impl Problem {
    fn new(l: usize, c: usize, b: usize) -> Self {
        let random = &mut Random::new((l * c * b) as u64);
        Self {
            b,
            main: random.vector(8 * l * b, -1.0, 1.0),
            extra: random.vector(3 * b, -1.0, 1.0),
            state: random.vector(2 * l * b, -1.0, 1.0),
            sequence: (0..c * b).map(|_| random.uniform(0.0, 2.0).floor()).collect(),
            dmain: vec![0.0; 8 * l * b],
            dextra: vec![0.0; 3 * b],
            tape: vec![Cell::default(); (c - 1) * l * b],
            outputs: vec![0.0; (c - 1) * 2 * b],
        }
    }

    fn primal(&mut self) {
        black_box(objective(self.b, &self.main, &self.extra, &self.state, &self.sequence));
    }

    fn engine(&mut self) {
        let Self { b, main, extra, state, sequence, dmain, dextra, .. } = self;
        black_box(d_objective(*b, main, dmain, extra, dextra, state, sequence, 1.0));
    }

    fn by_hand(&mut self) {
        let value = self.forward();
        self.backward();
        black_box(value);
    }

    fn forward(&mut self) -> f64 {
        let Self { b, main, extra, state, sequence, tape, outputs, .. } = self;
        let b = *b;
        let mut state = state.clone();
        let mut input = vec![0.0; b];
        let mut total = 0.0;
        let steps = sequence.chunks_exact(b).zip(sequence.chunks_exact(b).skip(1));
        let tape = tape.chunks_exact_mut(main.len() / 8);
        for (((bits, target), tape), outputs) in
            steps.zip(tape).zip(outputs.chunks_exact_mut(2 * b))
        {
            for ((x, bit), v) in input.iter_mut().zip(bits).zip(&*extra) {
                *x = bit * v;
            }
            let layers = main.chunks_exact(8 * b).zip(state.chunks_exact_mut(2 * b));
            for ((main, state), tape) in layers.zip(tape.chunks_exact_mut(b)) {
                let (w, a) = main.split_at(4 * b);
                let (hidden, cell) = state.split_at_mut(b);
                for i in 0..b {
                    let forget = sigmoid(input[i] * w[i] + a[i]);
                    let ingate = sigmoid(hidden[i] * w[b + i] + a[b + i]);
                    let outgate = sigmoid(input[i] * w[2 * b + i] + a[2 * b + i]);
                    let change = (hidden[i] * w[3 * b + i] + a[3 * b + i]).tanh();
                    let new = cell[i] * forget + ingate * change;
                    let tanh = new.tanh();
                    tape[i] = Cell {
                        input: input[i],
                        hidden: hidden[i],
                        cell: cell[i],
                        forget,
                        ingate,
                        outgate,
                        change,
                        tanh,
                    };
                    cell[i] = new;
                    hidden[i] = outgate * tanh;
                    input[i] = hidden[i];
                }
            }
            let (last, softmax) = outputs.split_at_mut(b);
            last.copy_from_slice(&input);
            let (mut product, mut sum, mut exponentials) = (0.0, 0.0, 2.0);
            for i in 0..b {
                let y = last[i] * extra[b + i] + extra[2 * b + i];
                product += target[i] * y;
                sum += target[i];
                softmax[i] = y.exp();
                exponentials += softmax[i];
            }
            total += product - sum * exponentials.ln();
            softmax.iter_mut().for_each(|e| *e /= exponentials);
        }
        -total / (sequence.len() - b) as f64
    }

    fn backward(&mut self) {
        let Self { b, main, extra, sequence, dmain, dextra, tape, outputs, .. } = self;
        let b = *b;
        let scale = -1.0 / (sequence.len() - b) as f64;
        let (mut dstate, mut dinput) = (vec![0.0; main.len() / 4], vec![0.0; b]);
        let steps = sequence.chunks_exact(b).zip(sequence.chunks_exact(b).skip(1));
        let tape = tape.chunks_exact(main.len() / 8);
        for (((bits, target), tape), outputs) in
            steps.zip(tape).zip(outputs.chunks_exact(2 * b)).rev()
        {
            let (last, softmax) = outputs.split_at(b);
            let sum: f64 = target.iter().sum();
            for i in 0..b {
                let dy = scale * (target[i] - sum * softmax[i]);
                dextra[b + i] += dy * last[i];
                dextra[2 * b + i] += dy;
                dinput[i] = dy * extra[b + i];
            }
            let layers = main.chunks_exact(8 * b).zip(dmain.chunks_exact_mut(8 * b));
            let layers = layers.zip(dstate.chunks_exact_mut(2 * b));
            for (((main, dmain), dstate), tape) in layers.zip(tape.chunks_exact(b)).rev() {
                let w = &main[..4 * b];
                let (dw, da) = dmain.split_at_mut(4 * b);
                let (dhidden, dcell) = dstate.split_at_mut(b);
                for i in 0..b {
                    let of = &tape[i];
                    let dh = dhidden[i] + dinput[i];
                    let dc = dcell[i] + dh * of.outgate * (1.0 - of.tanh * of.tanh);
                    let df = dc * of.cell * of.forget * (1.0 - of.forget);
                    let dg = dc * of.change * of.ingate * (1.0 - of.ingate);
                    let dout = dh * of.tanh * of.outgate * (1.0 - of.outgate);
                    let dz = dc * of.ingate * (1.0 - of.change * of.change);
                    dcell[i] = dc * of.forget;
                    dhidden[i] = dg * w[b + i] + dz * w[3 * b + i];
                    dinput[i] = df * w[i] + dout * w[2 * b + i];
                    dw[i] += df * of.input;
                    dw[b + i] += dg * of.hidden;
                    dw[2 * b + i] += dout * of.input;
                    dw[3 * b + i] += dz * of.hidden;
                    da[i] += df;
                    da[b + i] += dg;
                    da[2 * b + i] += dout;
                    da[3 * b + i] += dz;
                }
            }
            for ((dv, bit), dx) in dextra.iter_mut().zip(bits).zip(&dinput) {
                *dv += dx * bit;
            }
        }
    }

    fn take_gradient(&mut self) -> Vec<f64> {
        let flat = [&self.dmain[..], &self.dextra[..]].concat();
        self.dmain.fill(0.0);
        self.dextra.fill(0.0);
        flat
    }
}

pub fn bench(table: &mut Table) {
    for (l, peer) in [(2, 3.6), (4, 2.9)] {
        let (c, b) = (1024, 14);
        let mut problem = Problem::new(l, c, b);
        let value = objective(b, &problem.main, &problem.extra, &problem.state, &problem.sequence);
        assert!((value - problem.forward()).abs() < 1e-12 * value.abs(), "{value}");
        problem.engine();
        let engine = problem.take_gradient();
        problem.by_hand();
        let name = format!("LSTM l={l} c={c} b={b}");
        assert_equal(&name, &engine, &problem.take_gradient(), 1e-9);
        let versions = [Problem::primal, Problem::engine, Problem::by_hand];
        table.bench(&name, Some(peer), &mut problem, versions);
    }
}
