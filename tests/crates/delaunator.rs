//! delaunator: triangles of points.

use delaunator::{Point, triangulate};

use crate::differences;

const POINT: [f64; 6] = [0.9, -0.7, 0.4, 2.1, -0.3, 1.6];

#[test]
fn areas_of_the_triangles() {
    differences(
        |x| {
            let place = |i: usize| Point {
                x: (i as f64 * 1.3).cos() + 0.1 * x[i],
                y: (i as f64 * 1.7).sin() * 2.0 + 0.1 * x[(i + 1) % 6],
            };
            let points: Vec<Point> = (0..6).map(place).collect();
            let area = |corners: &[usize]| {
                let [a, b, c] = [0, 1, 2].map(|k| &points[corners[k]]);
                0.5 * ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y))
            };
            triangulate(&points).triangles.chunks(3).map(|t| area(t).powi(2)).sum()
        },
        &POINT,
    );
}
