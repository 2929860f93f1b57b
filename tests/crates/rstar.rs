//! rstar: trees of points that are differentiated.

use rstar::RTree;

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn a_tree_of_points_and_the_nearest() {
    differences(
        |x| {
            let points = (0..12).map(|i| [x[i % 6] + i as f64, x[(i + 1) % 6] * i as f64]);
            let tree = RTree::bulk_load(points.collect());
            let nearest = tree.nearest_neighbor(&[3.0, 1.0]).unwrap();
            tree.iter().map(|p| p[0] * p[1]).sum::<f64>() + nearest[0] * 3.0
        },
        &POINT,
    );
}
