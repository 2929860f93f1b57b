// Products of matrices, as the kernels of the `gemm` crates compute them, each in one loop
// nest: `dst = alpha dst + beta lhs rhs`, without the first term where `dst` is not to be read,
// and each matrix conjugated where that is asked for. `products.ll` is made of this file, as
// `containers.ll` is of `containers.c`.
//
// The factors are copied first, as the kernels do with blocks of them: so the innermost loop
// goes through adjacent elements, and the derivative reads what the product read, however the
// matrices are written later. The kernels add in another order.
#include <stdbool.h>

#define BODY(name) __asm__("enzyme.body.product." name)

typedef long Step;

// `dst` has m rows and n columns, the factors k columns and k rows. From a column to the next
// it is `col` elements, from a row to the next `row`.
#define PARAMETERS(Float, SCALARS, ...)                                                          \
  Step m, Step n, Step k, Float *restrict dst, Step dst_col, Step dst_row, bool read,            \
      const Float *lhs, Step lhs_col, Step lhs_row, const Float *rhs, Step rhs_col,              \
      Step rhs_row, SCALARS(Float), bool conj_dst, bool conj_lhs, bool conj_rhs __VA_ARGS__
#define REAL_SCALARS(Float) Float alpha, Float beta
#define COMPLEX_SCALARS(Float) Float alpha, Float alpha_im, Float beta, Float beta_im

#define REAL(name, Float, ...)                                                                   \
  void name(PARAMETERS(Float, REAL_SCALARS, __VA_ARGS__)) BODY(#name);                           \
  void name(PARAMETERS(Float, REAL_SCALARS, __VA_ARGS__)) {                                      \
    if (m == 0 || n == 0)                                                                        \
      return;                                                                                    \
    Float left[m * k + 1], right[k * n + 1], sum[m];                                             \
    for (Step p = 0; p < k; p++)                                                                 \
      for (Step i = 0; i < m; i++)                                                               \
        left[p * m + i] = lhs[i * lhs_row + p * lhs_col];                                        \
    for (Step j = 0; j < n; j++)                                                                 \
      for (Step p = 0; p < k; p++)                                                               \
        right[j * k + p] = rhs[p * rhs_row + j * rhs_col];                                       \
    for (Step j = 0; j < n; j++) {                                                               \
      Float *to = dst + j * dst_col;                                                             \
      for (Step i = 0; i < m; i++)                                                               \
        sum[i] = 0;                                                                              \
      for (Step p = 0; p < k; p++) {                                                             \
        Float by = right[j * k + p];                                                             \
        for (Step i = 0; i < m; i++)                                                             \
          sum[i] += left[p * m + i] * by;                                                        \
      }                                                                                          \
      if (read)                                                                                  \
        for (Step i = 0; i < m; i++)                                                             \
          to[i * dst_row] = alpha * to[i * dst_row] + beta * sum[i];                             \
      else                                                                                       \
        for (Step i = 0; i < m; i++)                                                             \
          to[i * dst_row] = beta * sum[i];                                                       \
    }                                                                                            \
  }

#define COMPLEX(name, Float, ...)                                                                \
  void name(PARAMETERS(Float, COMPLEX_SCALARS, __VA_ARGS__)) BODY(#name);                        \
  void name(PARAMETERS(Float, COMPLEX_SCALARS, __VA_ARGS__)) {                                   \
    if (m == 0 || n == 0)                                                                        \
      return;                                                                                    \
    Float left[2 * m * k + 1], right[2 * k * n + 1], sum[2 * m];                                 \
    for (Step p = 0; p < k; p++)                                                                 \
      for (Step i = 0; i < m; i++) {                                                             \
        const Float *from = lhs + 2 * (i * lhs_row + p * lhs_col);                               \
        left[2 * (p * m + i)] = from[0];                                                         \
        left[2 * (p * m + i) + 1] = conj_lhs ? -from[1] : from[1];                               \
      }                                                                                          \
    for (Step j = 0; j < n; j++)                                                                 \
      for (Step p = 0; p < k; p++) {                                                             \
        const Float *from = rhs + 2 * (p * rhs_row + j * rhs_col);                               \
        right[2 * (j * k + p)] = from[0];                                                        \
        right[2 * (j * k + p) + 1] = conj_rhs ? -from[1] : from[1];                              \
      }                                                                                          \
    for (Step j = 0; j < n; j++) {                                                               \
      for (Step i = 0; i < 2 * m; i++)                                                           \
        sum[i] = 0;                                                                              \
      for (Step p = 0; p < k; p++) {                                                             \
        Float re = right[2 * (j * k + p)], im = right[2 * (j * k + p) + 1];                      \
        for (Step i = 0; i < m; i++) {                                                           \
          Float x = left[2 * (p * m + i)], y = left[2 * (p * m + i) + 1];                        \
          sum[2 * i] += x * re - y * im;                                                         \
          sum[2 * i + 1] += x * im + y * re;                                                     \
        }                                                                                        \
      }                                                                                          \
      for (Step i = 0; i < m; i++) {                                                             \
        Float *to = dst + 2 * (i * dst_row + j * dst_col);                                       \
        Float re = beta * sum[2 * i] - beta_im * sum[2 * i + 1];                                 \
        Float im = beta * sum[2 * i + 1] + beta_im * sum[2 * i];                                 \
        if (read) {                                                                              \
          Float x = to[0], y = conj_dst ? -to[1] : to[1];                                        \
          re += alpha * x - alpha_im * y;                                                        \
          im += alpha * y + alpha_im * x;                                                        \
        }                                                                                        \
        to[0] = re;                                                                              \
        to[1] = im;                                                                              \
      }                                                                                          \
    }                                                                                            \
  }

// On one thread, or on several, which the body does not use.
#define THREADS , long several, long threads

REAL(f64, double)
REAL(f32, float)
REAL(f64_on_threads, double, THREADS)
REAL(f32_on_threads, float, THREADS)
COMPLEX(c64, double)
COMPLEX(c32, float)
COMPLEX(c64_on_threads, double, THREADS)
COMPLEX(c32_on_threads, float, THREADS)
