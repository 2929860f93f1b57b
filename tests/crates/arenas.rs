//! slab, generational-arena, typed-arena: objects by key or address.

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn a_slab() {
    differences(
        |x| {
            let mut slab = slab::Slab::new();
            let keys: Vec<usize> = x.iter().map(|v| slab.insert(v.sin())).collect();
            slab.remove(keys[2]);
            let new = slab.insert(x[0] * x[1]);
            slab[new] * slab[keys[1]] + slab.iter().map(|(k, v)| v * (k + 1) as f64).sum::<f64>()
        },
        &POINT,
    );
}

struct Body {
    mass: f64,
    place: [f64; 2],
    tag: u8,
}

#[test]
fn an_arena_of_generations() {
    differences(
        |x| {
            let mut arena = generational_arena::Arena::new();
            let bodies: Vec<_> = (0..3)
                .map(|i| {
                    arena.insert(Body {
                        mass: x[i] * x[i],
                        place: [x[i + 1], x[i + 3]],
                        tag: i as u8,
                    })
                })
                .collect();
            arena[bodies[0]].place[1] *= x[5];
            let mut sum = 0.0;
            for (_, a) in &arena {
                for (_, b) in &arena {
                    if a.tag != b.tag {
                        let d = (a.place[0] - b.place[0]).hypot(a.place[1] - b.place[1]);
                        sum += a.mass * b.mass / (d + 1.0);
                    }
                }
            }
            sum
        },
        &POINT,
    );
}

#[test]
fn an_arena_of_one_type() {
    differences(
        |x| {
            let arena = typed_arena::Arena::new();
            let nodes: Vec<&mut f64> = x.iter().map(|v| arena.alloc(v.exp())).collect();
            nodes.iter().enumerate().map(|(i, v)| **v * (i as f64 - 1.5)).sum()
        },
        &POINT,
    );
}
