//! A box of the caller that is replaced: its shadow would be freed with it.
//!
//! Ends with ENZ0044: release.

use enzyme_rs::autodiff_reverse;

#[allow(clippy::replace_box, reason = "it is what is refused")]
#[autodiff_reverse(d_replace, Duplicated, Active)]
fn replace(place: &mut Box<f64>, x: f64) {
    let product = **place * x;
    *place = Box::new(product);
}

fn main() {
    let (mut place, mut shadow) = (Box::new(1.5), Box::new(1.0));
    println!("{}", d_replace(&mut place, &mut shadow, 0.5));
}
