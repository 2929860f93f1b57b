#include "check.h"
#include <stdlib.h>
#include <string.h>

// A pool: without the statement, all memory of it would be one object of a constant.
static char pool[4096];
static int taken = 0, given_back = 0, cleared = 0;

static void *take(const char *who, long bytes) {
  char *memory = pool + taken;
  taken += (int)((bytes + 15) / 16 * 16);
  return memory;
}
static void give_back(int how, void *memory) {
  if (memory)
    given_back += how;
}
__attribute__((used)) void *__enzyme_allocation_like_take[4] = {(void *)take, (void *)1, "7,-1",
                                                                 (void *)give_back};

// Memory of zeros, by its first argument, and freed by `free`.
static void *zeros(unsigned bytes) {
  cleared++;
  return memset(malloc(bytes), 0, bytes);
}
__attribute__((used)) void *__enzyme_allocation_like_zeros[4] = {(void *)zeros, (void *)0, "-1",
                                                                  (void *)free};

struct Node {
  double value;
  struct Node *next;
};

static double list(const double *x, int n) {
  struct Node *first = 0;
  for (int i = 0; i < n; i++) {
    struct Node *node = take("list", sizeof(struct Node));
    node->value = x[i] * x[i];
    node->next = first;
    first = node;
  }
  double product = 1.0;
  while (first) {
    struct Node *next = first->next;
    product *= first->value;
    give_back(1, first);
    first = next;
  }
  return product;
}

static double sums(const double *x, int n) {
  double *sum = zeros(2 * sizeof(double));
  for (int i = 0; i < n; i++)
    sum[i % 2] += sin(x[i]);
  double result = sum[0] * sum[1];
  free(sum);
  return result;
}

int main(void) {
  double x[4] = {1.5, 0.5, 2.0, 0.7}, dx[4] = {0.0};
  __enzyme_autodiff((void *)list, enzyme_dup, x, dx, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    same("list", dx[i], 2.0 * list(x, 4) / x[i]);
  double dy[4] = {0.0};
  __enzyme_autodiff((void *)sums, enzyme_dup, x, dy, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    same("sums", dy[i], cos(x[i]) * (sin(x[(i + 1) % 4]) + sin(x[(i + 3) % 4])));
  return wrong;
}
