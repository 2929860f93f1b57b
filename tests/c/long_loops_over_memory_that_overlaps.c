// Loops that are long enough for vectors, over arrays of which nobody says that they are
// apart: their shadows lie as they do.
#include "check.h"
#include <string.h>

enum { Room = 96, Length = 37 };

static double blend(const double *x, double *y, double *w, int n) {
  for (int round = 0; round < 3; round++)
    for (int i = 0; i < n; i++) {
      double before = y[i];
      y[i] = sin(before) * x[i] + 0.5 * w[i];
      w[i] = w[i] * before;
    }
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += y[i] * w[i] + x[i];
  return sum;
}

// The same with what is read first in memory of its own.
static double gathered(const double *x, double *y, int n) {
  double copy[Length];
  for (int i = 0; i < n; i++)
    copy[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) {
    y[i] = copy[i] * x[i];
    copy[i] = y[i] * copy[n - 1 - i];
  }
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += copy[i] * x[i];
  return sum;
}

static void start(double *buffer) {
  for (int i = 0; i < Room; i++)
    buffer[i] = 0.3 + 0.01 * ((7 * i) % 23);
}

static double value(int which, const double *from, const int *at) {
  double buffer[Room];
  memcpy(buffer, from, sizeof buffer);
  if (which == 0)
    return blend(buffer + at[0], buffer + at[1], buffer + at[2], Length);
  return gathered(buffer + at[0], buffer + at[1], Length);
}

static void compare(int which, const char *what, const int *at) {
  double buffer[Room], shadow[Room] = {0.0}, moved[Room];
  start(buffer);
  if (which == 0)
    __enzyme_autodiff((void *)blend, buffer + at[0], shadow + at[0], buffer + at[1],
                      shadow + at[1], buffer + at[2], shadow + at[2], (int)Length);
  else
    __enzyme_autodiff((void *)gathered, buffer + at[0], shadow + at[0], buffer + at[1],
                      shadow + at[1], (int)Length);
  for (int i = 0; i < Room; i++) {
    double h = 1e-6, sides[2];
    for (int side = 0; side < 2; side++) {
      start(moved);
      moved[i] += side ? h : -h;
      sides[side] = value(which, moved, at);
    }
    near(what, shadow[i], (sides[1] - sides[0]) / (2.0 * h));
  }
}

int main(void) {
  const int places[][3] = {{0, 0, 0},  {0, 1, 2},  {2, 1, 0},  {1, 0, 1},
                           {0, 4, 40}, {40, 0, 3}, {0, 40, 40}, {5, 5, 50}};
  for (unsigned k = 0; k < sizeof places / sizeof *places; k++) {
    compare(0, "blend", places[k]);
    compare(1, "gathered", places[k]);
  }
  return wrong;
}
