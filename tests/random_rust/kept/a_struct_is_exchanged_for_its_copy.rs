//! The tag of the option in the struct is moved, and only branched on: it was refused in `dev`.
//! At: 0 [-0.607421875, 0.05078125, 1.162109375, -0.4296875, 0.509765625, -1.28515625, -0.783203125, 1.328125, 1.361328125, 0.94140625, -1.275390625, -1.3984375, -0.802734375, -1.51953125, 1.341796875]

fn f0(a: &mut [F], b: &[F], s: &mut S, mut x0: F, n0: usize, depth: usize) -> F {
    let mut l = s.clone();
    l.w = l.w * x0;
    std::mem::swap(&mut l, s);
    x0
}
