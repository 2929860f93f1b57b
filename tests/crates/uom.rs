//! uom: quantities with units.

use uom::si::f64::{Acceleration, Length, Mass, Time, Velocity};
use uom::si::{acceleration, energy, length, mass, time, velocity};

use crate::differences;

const POINT: [f64; 3] = [0.9, 1.2, 0.4];

#[test]
fn a_fall() {
    differences(
        |x| {
            let height = Length::new::<length::kilometer>(x[0]);
            let mass = Mass::new::<mass::gram>(x[1]);
            let g = Acceleration::new::<acceleration::meter_per_second_squared>(9.81);
            let drag = Time::new::<time::minute>(x[2]);
            let speed: Velocity = (2.0 * g * height).sqrt();
            let energy: uom::si::f64::Energy = 0.5 * mass * speed * speed;
            energy.get::<energy::joule>()
                + (speed / (height / drag)).value
                + speed.get::<velocity::kilometer_per_hour>()
        },
        &POINT,
    );
}
