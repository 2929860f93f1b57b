#include "check.h"
#include <math.h>

// A struct goes from memory to memory by value: its first eight bytes are one integer, of a
// float, a count and padding, which is taken apart and put together again.
struct Item {
  float first;
  unsigned char count;
  float second;
};

static Item sum(Item a, Item *b, int) {
  Item r = a;
  r.first = r.second + b->first;
  a.first = tanh(r.count > 3 ? 1.18 : 0.5);
  return r;
}

static void walk(const double *x, double *y) {
  double s = x[0];
  Item v{}, w{}, items[3]{};
  v.first = s;
  items[0] = v;
  for (int t = 0; t < 2; t++) {
    int n = t + 1;
    if (n & 1)
      w = sum(items[0], &items[(unsigned)n % 3], 0);
    items[1] = sum(w, &items[0], int(w.count));
  }
  *y = s + w.first; // `w.first` is the sum of two numbers that are 0.
}

int main(void) {
  double x = .71, gradient = 10, y, seed = 2;
  __enzyme_autodiff<void>((void *)walk, &x, &gradient, &y, &seed);
  near("by value", gradient, 10 + 2);
  return wrong;
}
