//! realfft: transforms of real signals there and back, by plans made outside.

use realfft::RealFftPlanner;

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

#[test]
fn a_spectrum_that_is_weighted_and_transformed_back() {
    let mut planner = RealFftPlanner::<f64>::new();
    for n in [2, 9, 16, 17, 24, 100] {
        let (there, back) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        differences(
            |x| {
                let mut signal: Vec<_> = (0..n).map(|i| x[i % 8] * (1.0 + i as f64)).collect();
                let mut spectrum = there.make_output_vec();
                there.process(&mut signal, &mut spectrum).unwrap();
                for bin in &mut spectrum {
                    *bin = *bin * bin.norm_sqr() / (n * n * n) as f64;
                }
                let last = spectrum.len() - 1;
                spectrum[0].im = 0.0;
                if n % 2 == 0 {
                    spectrum[last].im = 0.0;
                }
                let mut result = back.make_output_vec();
                back.process(&mut spectrum, &mut result).unwrap();
                let weighted = result.iter().enumerate();
                weighted.map(|(k, v)| v * (k as f64 + 1.0) / (n * n) as f64).sum()
            },
            &POINT,
        );
    }
}
