//! nalgebra-glm: shader functions.

use nalgebra_glm as glm;

use crate::differences;

const POINT: [f64; 6] = [0.9, -1.2, 0.4, 2.1, -0.3, 1.6];

#[test]
fn a_camera() {
    differences(
        |x| {
            let eye = glm::vec3(x[0], x[1], x[2] + 4.0);
            let view = glm::look_at(&eye, &glm::vec3(0.0, 0.1, 0.0), &glm::vec3(0.0, 1.0, 0.0));
            let lens = glm::perspective(1.5, 1.0 + 0.1 * x[3], 0.1, 100.0);
            let p = lens * view * glm::vec4(x[4], x[5], 0.2, 1.0);
            p.x / p.w + p.y
        },
        &POINT,
    );
}

#[test]
fn functions_by_component() {
    differences(
        |x| {
            let a = glm::vec3(x[0], x[1], x[2]);
            let b = glm::vec3(x[3], x[4], x[5]);
            let m = glm::mix(&a, &b, 0.3);
            glm::dot(&glm::reflect_vec(&a, &b.normalize()), &m)
                + glm::length(&glm::cross(&a, &b))
                + glm::distance(&a, &b)
                + glm::smoothstep(-3.0, 3.0, x[4])
        },
        &POINT,
    );
}

#[test]
fn quaternions() {
    differences(
        |x| {
            let q = glm::quat_angle_axis(x[0], &glm::vec3(x[1], x[2], x[3]));
            let r = glm::quat_slerp(&q.normalize(), &glm::quat_identity(), 0.4);
            let v = glm::quat_rotate_vec3(&r, &glm::vec3(x[4], x[5], 1.0));
            v.x + v.y * v.z
        },
        &POINT,
    );
}
