//! What the problems share: numbers at random, comparison, timing, the table.

use std::time::Instant;

use criterion::Criterion;

/// Numbers at random, the same ones in each run (Steele, Lea and Flood: SplitMix).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between `low` and `high`, all alike.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn vector(&mut self, length: usize, low: f64, high: f64) -> Vec<f64> {
        (0..length).map(|_| self.uniform(low, high)).collect()
    }
}

/// Ends the program unless two gradients are equal, relative to their largest entry.
pub fn assert_equal(what: &str, engine: &[f64], hand: &[f64], tolerance: f64) {
    assert_eq!(engine.len(), hand.len(), "{what}");
    let largest = hand.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
    assert!(largest > 0.0, "{what}: the gradient is zero");
    for (i, (e, h)) in engine.iter().zip(hand).enumerate() {
        let error = (e - h).abs() / largest;
        assert!(error < tolerance, "{what}, entry {i}: {e} by the engine, {h} by hand");
    }
}

/// One line of the table: nanoseconds of primal, gradient, adjoint by hand.
struct Row {
    name: String,
    times: [f64; 3],
    peer: Option<f64>,
}

/// Times a problem by Criterion, and for the table.
pub struct Table<'a> {
    criterion: &'a mut Criterion,
    rows: Vec<Row>,
    quick: bool,
    filter: Option<String>,
}

impl<'a> Table<'a> {
    pub fn new(criterion: &'a mut Criterion) -> Self {
        let mut arguments = std::env::args().skip(1);
        // A word is Criterion's filter, a number is the value of an option.
        let word = |text: &String| !text.starts_with('-') && text.parse::<f64>().is_err();
        let filter = arguments.find(word);
        let quick = std::env::args().any(|argument| argument == "--test");
        Self { criterion, rows: Vec::new(), quick, filter }
    }

    /// Times a problem in three versions that work on the same `state`. Their batches
    /// take turns, so that what else the machine does spoils none alone.
    pub fn bench<S>(
        &mut self,
        name: &str,
        peer: Option<f64>,
        state: &mut S,
        versions: [fn(&mut S); 3],
    ) {
        if self.filter.as_ref().is_some_and(|filter| !name.contains(filter.as_str())) {
            return;
        }
        let mut times = [f64::NAN; 3];
        if !self.quick {
            let calls = versions.map(|version| {
                batch(version, state, 1);
                (2e7 / batch(version, state, 2)).clamp(1.0, 1e6) as u32
            });
            for _ in 0..15 {
                for ((time, version), calls) in times.iter_mut().zip(versions).zip(calls) {
                    *time = time.min(batch(version, state, calls));
                }
            }
        }
        self.rows.push(Row { name: name.to_owned(), times, peer });
        for (version, kind) in versions.iter().zip(["primal", "gradient", "by hand"]) {
            let name = format!("{name}/{kind}");
            self.criterion.bench_function(&name, |bencher| bencher.iter(|| version(state)));
        }
    }

    pub fn print(&self) {
        println!("\n| problem | primal | gradient | by hand | ÷ primal | peer | ÷ by hand |");
        println!("|---|---|---|---|---|---|---|");
        for Row { name, times, peer } in &self.rows {
            let [primal, gradient, hand] = times;
            let peer = peer.map_or("–".to_owned(), |peer| format!("{peer:.1}"));
            println!(
                "| {name} | {:.3} µs | {:.3} µs | {:.3} µs | {:.2} | {peer} | {:.2} |",
                primal / 1e3,
                gradient / 1e3,
                hand / 1e3,
                gradient / primal,
                gradient / hand,
            );
        }
        println!();
    }
}

/// Nanoseconds per call.
fn batch<S>(version: fn(&mut S), state: &mut S, calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        version(std::hint::black_box(state));
    }
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}
