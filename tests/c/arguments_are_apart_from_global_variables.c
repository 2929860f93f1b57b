#include "check.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// What must not be shared ends the program; what may be shared gives the derivative.
struct Grid {
  double step;
  double values[4];
  double gain;
} grid = {0.5, {1.0, 2.0, 3.0, 4.0}, 2.0};
double table[4] = {1.0, 2.0, 3.0, 4.0}, scratch[4];
double *behind = table;

struct View {
  double *values;
  int n;
};

static double reads_both(const double *x) { return x[0] * x[1] * table[1]; }
static double writes(const double *x) {
  table[1] = x[0] * x[0];
  return x[1] * x[0];
}
static double reads_the_step(const double *x) { return x[0] * x[1] * grid.step; }
static double reads_the_gain(const double *x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += x[i] * grid.gain;
  return sum;
}
static double two_values(const double *x) { return x[0] * x[1] * grid.gain; }
static double through_a_view(const struct View *view) {
  double sum = 0.0;
  for (int i = 0; i < view->n; i++)
    sum += view->values[i] * table[i];
  return sum;
}
struct View held;
static double holds_its_own(double x) {
  held.values = scratch;
  held.n = 2;
  scratch[1] = x * x;
  return held.values[1] * scratch[1];
}
static double was_held(double x) {
  scratch[1] = x * x;
  return held.values[1] * x;
}

// Whether a derivative ends the program, with the code of what is not possible.
static int ends(void *function, double *x, double *dx, int n) {
  fflush(stdout);
  int pipes[2];
  char said[512] = {0};
  if (pipe(pipes))
    return -1;
  pid_t child = fork();
  if (!child) {
    dup2(pipes[1], 2);
    if (n)
      __enzyme_autodiff((void *)reads_the_gain, enzyme_dup, x, dx, enzyme_const, n);
    else if (function == (void *)reads_both)
      __enzyme_autodiff((void *)reads_both, x, dx);
    else if (function == (void *)writes)
      __enzyme_autodiff((void *)writes, x, dx);
    else if (function == (void *)was_held)
      __enzyme_autodiff((void *)was_held, 2.0);
    else if (function == (void *)through_a_view) {
      struct View view = {x, 2}, dview = {dx, 2};
      __enzyme_autodiff((void *)through_a_view, &view, &dview);
    }
    _exit(0);
  }
  close(pipes[1]);
  if (read(pipes[0], said, sizeof said - 1) < 0)
    return -1;
  close(pipes[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const char *code = "ENZ0041";
  for (char *at = said; *at; at++) {
    int i = 0;
    while (code[i] && at[i] == code[i])
      i++;
    if (!code[i])
      return WIFSIGNALED(status);
  }
  return WIFSIGNALED(status) ? 2 : 0;
}

int main(void) {
  double own[4] = {1.0, 2.0, 3.0, 4.0}, d[4] = {0.0};
  same("read twice", ends((void *)reads_both, table, d, 0), 1);
  same("read twice, further on", ends((void *)reads_both, table + 1, d, 0), 1);
  same("behind the last one", ends((void *)reads_both, table + 2, d, 0), 0);
  same("read once", ends((void *)reads_both, own, d, 0), 0);
  same("written", ends((void *)writes, table, d, 0), 1);
  same("written elsewhere", ends((void *)writes, own, d, 0), 0);
  same("behind a pointer", ends((void *)through_a_view, behind, d, 0), 1);
  same("behind another", ends((void *)through_a_view, own, d, 0), 0);
  same("to the end of the structure", ends(0, grid.values, d, 4), 1);
  held.values = scratch;
  same("kept from before", ends((void *)was_held, own, d, 0), 1);

  // Another part of the same variable is another object.
  __enzyme_autodiff((void *)reads_the_step, grid.values, d);
  same("d0", d[0], 2.0 * 0.5);
  same("d1", d[1], 1.0 * 0.5);
  double e[4] = {0.0};
  __enzyme_autodiff((void *)two_values, grid.values, e);
  same("e0", e[0], 2.0 * 2.0);
  held.values = 0;
  same("its own", __enzyme_autodiff((void *)holds_its_own, 1.5), 4.0 * 1.5 * 1.5 * 1.5);
  return wrong;
}
