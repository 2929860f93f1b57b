#include "check.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

// A configuration, a log, error codes with one way out, functions in structs.
static struct {
  double dt;
  int steps;
  int verbose;
  const char *name;
} config = {0.01, 50, 1, "pendulum"};
static int logged = 0;
static void log_it(const char *format, ...) {
  va_list list;
  va_start(list, format);
  char line[128];
  vsnprintf(line, sizeof line, format, list);
  va_end(list);
  logged += strlen(line) > 0;
}
struct System {
  int n;
  void (*rate)(const struct System *, const double *, double *);
  double damping, length;
};
static void pendulum(const struct System *s, const double *y, double *dy) {
  dy[0] = y[1];
  dy[1] = -9.81 / s->length * sin(y[0]) - s->damping * y[1];
}
static void linear(const struct System *s, const double *y, double *dy) {
  dy[0] = y[1];
  dy[1] = -s->length * y[0] - s->damping * y[1];
}
static int integrate(const struct System *s, const double *start, double *end) {
  int error = 0;
  double *y = malloc(s->n * sizeof(double)), *k = malloc(s->n * sizeof(double)), *k2 = NULL;
  if (!y || !k) {
    error = -ENOMEM;
    goto out;
  }
  k2 = calloc(s->n, sizeof(double));
  if (!k2) {
    error = -ENOMEM;
    goto out;
  }
  memcpy(y, start, s->n * sizeof(double));
  for (int step = 0; step < config.steps; step++) {
    s->rate(s, y, k);
    for (int i = 0; i < s->n; i++)
      k2[i] = y[i] + 0.5 * config.dt * k[i];
    s->rate(s, k2, k);
    for (int i = 0; i < s->n; i++)
      y[i] += config.dt * k[i];
    if (config.verbose && step % 25 == 0)
      log_it("%s %d: %g\n", config.name, step, y[0]);
    if (y[0] > 1e6) {
      error = 1;
      goto out;
    }
  }
  memcpy(end, y, s->n * sizeof(double));
out:
  free(y);
  free(k);
  free(k2);
  return error;
}
static double energy(const struct System *s, const double *start) {
  double end[2];
  if (integrate(s, start, end))
    return -1;
  return 0.5 * end[1] * end[1] + s->length * end[0];
}
int main(void) {
  void (*rates[2])(const struct System *, const double *, double *) = {pendulum, linear};
  for (int r = 0; r < 2; r++) {
    struct System s = {2, rates[r], 0.1, 1.3}, ds = {0};
    double y[2] = {0.5, 0.2}, dy[2] = {0};
    __enzyme_autodiff((void *)energy, &s, &ds, y, dy);
    struct System a = s, b = s;
    a.damping += 1e-6;
    b.damping -= 1e-6;
    near("damping", ds.damping, (energy(&a, y) - energy(&b, y)) / 2e-6);
    a = b = s;
    a.length += 1e-6;
    b.length -= 1e-6;
    near("length", ds.length, (energy(&a, y) - energy(&b, y)) / 2e-6);
    double p[2] = {0.5 + 1e-6, 0.2}, q[2] = {0.5 - 1e-6, 0.2};
    near("y0", dy[0], (energy(&s, p) - energy(&s, q)) / 2e-6);
  }
  return wrong;
}
