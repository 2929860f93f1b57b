//! smartcore: models that are fitted inside of the differentiated function.

use smartcore::decomposition::pca::{PCA, PCAParameters};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::elastic_net::{ElasticNet, ElasticNetParameters};
use smartcore::linear::linear_regression::*;
use smartcore::linear::ridge_regression::*;
use smartcore::metrics::distance::Distance;
use smartcore::metrics::distance::{euclidian::Euclidian, manhattan::Manhattan};

use crate::differences;

const AT: [f64; 6] = [0.9, 1.2, 0.4, 2.1, 1.5, 2.7];

/// Observations whose second regressor depends on the input.
fn observed(x: &[f64]) -> DenseMatrix<f64> {
    let rows = (0..x.len()).map(|i| vec![i as f64, (i * i) as f64 + x[i]]);
    DenseMatrix::from_2d_vec(&rows.collect()).unwrap()
}

fn least_squares(x: &[f64], solver: LinearRegressionSolverName) -> f64 {
    let a = observed(x);
    let parameters = LinearRegressionParameters::default().with_solver(solver);
    let model = LinearRegression::fit(&a, &x.to_vec(), parameters).unwrap();
    model.predict(&a).unwrap()[2] + model.intercept()
}

#[test]
fn least_squares_by_qr() {
    differences(|x| least_squares(x, LinearRegressionSolverName::QR), &AT);
}

#[test]
fn least_squares_by_singular_values() {
    differences(|x| least_squares(x, LinearRegressionSolverName::SVD), &AT);
}

#[test]
fn ridge_regression() {
    differences(
        |x| {
            let a = observed(x);
            let parameters = RidgeRegressionParameters::default().with_alpha(0.1);
            let model = RidgeRegression::fit(&a, &x.to_vec(), parameters).unwrap();
            model.predict(&a).unwrap()[2]
        },
        &AT,
    );
}

#[test]
fn elastic_nets() {
    differences(
        |x| {
            let a = observed(x);
            let parameters = ElasticNetParameters::default().with_alpha(0.05);
            let model = ElasticNet::fit(&a, &x.to_vec(), parameters).unwrap();
            model.predict(&a).unwrap()[1]
        },
        &AT,
    );
}

#[test]
fn principal_components() {
    differences(
        |x| {
            let a = observed(x);
            let model = PCA::fit(&a, PCAParameters::default().with_n_components(1)).unwrap();
            // The sign of a component is arbitrary.
            model.transform(&a).unwrap().get((1, 0)).powi(2)
        },
        &AT,
    );
}

#[test]
fn distances() {
    differences(
        |x| {
            let (a, b) = (x[..3].to_vec(), x[3..].to_vec());
            Euclidian::new().distance(&a, &b) * Manhattan::new().distance(&a, &b)
        },
        &AT,
    );
}

#[test]
fn mean_squared_errors() {
    differences(
        |x| smartcore::metrics::mean_squared_error(&x[..3].to_vec(), &x[3..].to_vec()),
        &AT,
    );
}
