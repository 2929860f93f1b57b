// Structs on the heap that are copied and never looked at as floats.
//
// Refused with ENZ0030: -O0.
#include <stdlib.h>

struct Point {
  double place[3];
};

void __enzyme_autodiff(void *, ...);

static void f(void *from, void *to) {
  struct Point *moved = malloc(sizeof(struct Point));
  *moved = *(struct Point *)from;
  *(struct Point *)to = *moved;
  free(moved);
}

int main(void) {
  struct Point *all = calloc(4, sizeof(struct Point));
  __enzyme_autodiff((void *)f, all, all + 1, all + 2, all + 3);
  free(all);
  return 0;
}
