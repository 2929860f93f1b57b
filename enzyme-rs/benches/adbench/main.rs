//! What gradients cost beside other tools: time against the primal, and against an
//! adjoint written by hand, for problems that are published as formulas.
//!
//! `cargo enzyme bench --package enzyme-rs --bench adbench`
//!
//! Gaussian mixture, bundle adjustment and LSTM are those of Šrajer, Kukelova and
//! Fitzgibbon, "A benchmark of selected algorithmic differentiation tools on some
//! problems in computer vision and machine learning" (2018). Beside them stand a Fourier
//! transform in place and three scans. Each function is plain safe Rust; each gradient
//! by the engine is compared with the one by hand before anything is timed.
//!
//! All three share the memory that the caller owns: shadows are not cleared between
//! calls, gradients add up in them. What a function overwrites is set again in each.
//! `peer` is the ratio gradient ÷ primal of `std::autodiff` of nightly Rust (one run on
//! one machine, release): ratios can be compared, times cannot.

mod ba;
mod fft;
mod gmm;
mod lstm;
mod scans;
mod table;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1))
        .configure_from_args();
    let mut table = table::Table::new(&mut criterion);
    gmm::bench(&mut table);
    ba::bench(&mut table);
    lstm::bench(&mut table);
    fft::bench(&mut table);
    scans::bench(&mut table);
    table.print();
    criterion.final_summary();
}
