#include "check.h"
#include <stdlib.h>
#include <string.h>

struct Forward {
  void *tape;
  double result;
};
struct Forward __enzyme_augmentfwd(void *, ...);
double __enzyme_reverse(void *, ...);

double shared = 0.5;
static _Thread_local double own = 0.25;

static double through_variables(double x) {
  shared = x * x;
  own += shared;
  return own * x;
}

static double local(double x, int n) {
  static double last[3];
  static int calls = 0;
  last[2] = 1.0;
  for (int i = 0; i < n; i++) {
    last[i % 3] = x * last[(i + 2) % 3] + x;
    calls++;
  }
  return last[0] * last[1] + last[n % 3] - calls + calls;
}

struct State {
  int count;
  float scale;
  double value;
  double *data;
};
static struct State state = {0};

// The buffer is made anew in each call, and outlives it.
static double kept_memory(const double *x, int n) {
  free(state.data);
  state.data = malloc(n * sizeof(double));
  state.count = n;
  for (int i = 0; i < n; i++)
    state.data[i] = sin(x[i]);
  state.value = 0.0;
  for (int i = 0; i < state.count; i++)
    state.value += state.data[i] * state.data[i];
  return state.value;
}

// What is there from before is a constant, and what is made of it is not.
static double grown_memory(double x) {
  state.data = realloc(state.data, ++state.count * sizeof(double));
  state.data[state.count - 1] = x * state.data[0];
  return state.data[state.count - 1] * x + state.data[1];
}

static double table[4] = {1.0, 2.0, 3.0, 4.0};
static const double weights[2][2] = {{1.0, 2.0}, {3.0, 4.0}};
static const double *const rows[2] = {weights[0], weights[1]};

static double chosen(const double *x, int i) {
  const double *from = x[i] > 0.0 ? x : i ? table : rows[1];
  return from[0] * x[0] + from[1] * x[1];
}

static double difference(double (*f)(double), double x) {
  return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6;
}

static double local_twice(double x) { return local(x, 6); }

// The older tape is used last; the variables have changed in between.
static void tapes(void) {
  own = 0.25;
  struct Forward first = __enzyme_augmentfwd((void *)through_variables, 1.5);
  own = 3.0;
  struct Forward second = __enzyme_augmentfwd((void *)through_variables, 0.5);
  shared = own = 7.0;
  same("second", __enzyme_reverse((void *)through_variables, 0.5, 1.0, second.tape), 3.75);
  same("first", __enzyme_reverse((void *)through_variables, 1.5, 1.0, first.tape),
       0.25 + 3.0 * 1.5 * 1.5);
}

int main(void) {
  for (int i = 0; i < 3; i++) {
    own = 0.25;
    double slope = __enzyme_autodiff((void *)through_variables, 1.5);
    same("variables", slope, 0.25 + 3.0 * 1.5 * 1.5);
    same("own", own, 0.25 + 1.5 * 1.5);
  }
  for (int i = 0; i < 2; i++) {
    double slope = __enzyme_autodiff((void *)local_twice, 0.5);
    near("local", slope, difference(local_twice, 0.5));
  }
  double x[3] = {0.3, 0.5, 0.7};
  for (int n = 3; n > 0; n--) {
    double dx[3] = {0.0};
    __enzyme_autodiff((void *)kept_memory, enzyme_dup, x, dx, enzyme_const, n);
    for (int i = 0; i < 3; i++)
      same("kept", dx[i], i < n ? sin(2.0 * x[i]) : 0.0);
  }
  state.data = realloc(state.data, 2 * sizeof(double));
  state.data[0] = 5.0;
  state.data[1] = 1.0;
  state.count = 2;
  for (int i = 0; i < 3; i++)
    same("grown", __enzyme_autodiff((void *)grown_memory, 2.0), 20.0);
  same("count", state.count, 5);
  double y[2] = {-1.0, 2.0}, dy[2] = {0.0};
  __enzyme_autodiff((void *)chosen, enzyme_dup, y, dy, enzyme_const, 0);
  same("from constants", dy[0], 3.0);
  same("from constants", dy[1], 4.0);
  double z[2] = {2.0, -1.0}, dz[2] = {0.0};
  __enzyme_autodiff((void *)chosen, enzyme_dup, z, dz, enzyme_const, 1);
  same("from a table", dz[0], 1.0);
  same("from a table", dz[1], 2.0);
  tapes();
  return wrong;
}
