#include "check.h"
#include <stdlib.h>
#include <string.h>

struct List {
  double value;
  struct List *next;
};
struct State {
  double weights[3];
  int count;
  double *data;
};

static double sum_list(const struct List *list) {
  double sum = 0.0;
  for (; list; list = list->next)
    sum += list->value * list->value;
  return sum;
}

static double on_the_heap(const double *x, int n) {
  double *copy = malloc(n * sizeof(double)), sum = 0.0;
  for (int i = 0; i < n; i++)
    copy[i] = exp(x[i]);
  for (int i = 0; i < n; i++)
    sum += copy[i] * copy[n - 1 - i];
  free(copy);
  return sum;
}

static double copied(const double *x, int n) {
  double buffer[8], product = 1.0;
  memcpy(buffer, x, n * sizeof(double));
  for (int i = 0; i < n; i++)
    product *= buffer[i];
  return product;
}

static double copied_struct(const struct State *state) {
  struct State copy = *state;
  double sum = 0.0;
  for (int i = 0; i < copy.count; i++)
    sum += copy.weights[i % 3] * copy.data[i];
  return sum;
}

static double matrix(double (*a)[3]) {
  double sum = 0.0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      sum += a[i][j] * a[j][i];
  return sum;
}

static void in_place(double *x, int steps) {
  for (int k = 0; k < steps; k++)
    for (int i = 1; i < 4; i++)
      x[i] = x[i] * x[i - 1];
}

int main(void) {
  struct List last = {3.0, NULL}, list = {2.0, &last}, dlast = {0.0, NULL}, dlist = {0.0, &dlast};
  __enzyme_autodiff((void *)sum_list, &list, &dlist);
  same("list", dlist.value, 4.0);
  same("list's end", dlast.value, 6.0);

  double x[3] = {0.1, 0.2, 0.3}, dx[3] = {0.0}, dy[3] = {0.0};
  __enzyme_autodiff((void *)on_the_heap, x, dx, 3);
  for (int i = 0; i < 3; i++)
    same("heap", dx[i], 2.0 * exp(x[i] + x[2 - i]));
  __enzyme_autodiff((void *)copied, x, dy, 3);
  for (int i = 0; i < 3; i++)
    same("copied", dy[i], x[0] * x[1] * x[2] / x[i]);

  double data[4] = {1.0, 2.0, 3.0, 4.0}, ddata[4] = {0.0};
  struct State state = {{4.0, 5.0, 6.0}, 4, data}, dstate = {{0.0}, 4, ddata};
  __enzyme_autodiff((void *)copied_struct, &state, &dstate);
  same("weights[0]", dstate.weights[0], data[0] + data[3]);
  same("weights[1]", dstate.weights[1], data[1]);
  for (int i = 0; i < 4; i++)
    same("data", ddata[i], state.weights[i % 3]);

  double a[3][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, da[3][3] = {{0.0}};
  __enzyme_autodiff((void *)matrix, a, da);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      same("matrix", da[i][j], 2.0 * a[j][i]);

  // After two steps the last is x3 x2^2 x1^3 x0^4.
  double z[4] = {1.1, 1.2, 1.3, 1.4}, dz[4] = {0.0, 0.0, 0.0, 1.0};
  double end = 1.4 * pow(1.3, 2) * pow(1.2, 3) * pow(1.1, 4);
  __enzyme_autodiff((void *)in_place, z, dz, 2);
  same("in place", z[3], end);
  same("by x3", dz[3], end / 1.4);
  same("by x2", dz[2], 2.0 * end / 1.3);
  same("by x1", dz[1], 3.0 * end / 1.2);
  same("by x0", dz[0], 4.0 * end / 1.1);
  return wrong;
}
