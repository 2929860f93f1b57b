// Objects of several kinds in an array of bytes that the program keeps (memory that is
// allocated for that works).
//
// Refused with ENZ0031: -O2.
#include <stddef.h>
void __enzyme_autodiff(void *, ...);

static char pool[4096] __attribute__((aligned(16)));
static size_t used;

static void *take(size_t size) {
  void *taken = pool + used;
  used += (size + 15) & ~15ul;
  return taken;
}

struct Node {
  double v;
  struct Node *next;
};

static double f(const double *x, int n) {
  used = 0;
  struct Node *first = NULL;
  for (int i = 0; i < n; i++) {
    struct Node *node = take(sizeof *node);
    node->v = x[i] * x[i];
    node->next = first;
    first = node;
  }
  double *all = take(n * sizeof *all), sum = 0;
  int k = 0;
  for (struct Node *node = first; node; node = node->next)
    all[k++] = node->v;
  for (int i = 0; i < n; i++)
    sum += all[i] * (i + 1);
  return sum;
}

int main(void) {
  double x[3] = {1.5, -0.62, 0.9}, by_x[3] = {0};
  __enzyme_autodiff((void *)f, x, by_x, 3);
  return by_x[0] == 0;
}
