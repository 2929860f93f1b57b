//! kdtree: the nearest of points in space.

use kdtree::KdTree;
use kdtree::distance::squared_euclidean;

use crate::differences;

const POINT: [f64; 8] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6, 0.7, -0.8];

#[test]
fn a_query_that_is_differentiated() {
    let mut tree = KdTree::new(2);
    for i in 0..20 {
        tree.add([(i as f64).sin() * 2.0, (i as f64 * 1.7).cos() * 2.0], i).unwrap();
    }
    differences(
        |x| {
            let near = tree.nearest(&x[..2], 3, &squared_euclidean).unwrap();
            near.iter().map(|(d, i)| d.sqrt() * (**i as f64 + 1.0)).sum()
        },
        &POINT,
    );
}

#[test]
fn a_tree_that_is_made_inside() {
    differences(
        |x| {
            let mut tree = KdTree::new(2);
            for (i, p) in x.chunks(2).enumerate() {
                tree.add([p[0], p[1]], i).unwrap();
            }
            let near = tree.nearest(&[0.3, 0.4], 2, &squared_euclidean).unwrap();
            near.iter().map(|(d, i)| d * (**i as f64 + 1.0)).sum()
        },
        &POINT,
    );
}
