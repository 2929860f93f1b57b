// Structs on the heap that are copied and never looked at as floats.
//
// Refused with ENZ0030: -O0.
#include <stdlib.h>

struct Point {
  double x, y, z;
};

void __enzyme_autodiff(void *, ...);

static void f(const struct Point *from, struct Point *to) { *to = *from; }

int main(void) {
  struct Point *all = calloc(4, sizeof(struct Point));
  __enzyme_autodiff((void *)f, all, all + 1, all + 2, all + 3);
  free(all);
  return 0;
}
