#include "check.h"

struct Mixed {
  double a, b;
  int count;
  float single;
};
struct One {
  double value;
};

// A local variable has its type at each level of optimisation.
static void swap_pairs(struct Mixed *x, int n) {
  for (int i = 0; i + 1 < n; i += 2) {
    struct Mixed first = x[i];
    x[i] = x[i + 1];
    x[i + 1] = first;
  }
}

// Here only the compiler's metadata tells what is moved, or the variables that are passed.
static void copy(const struct Mixed *in, struct Mixed *out) { *out = *in; }
static void copy_one(const struct One *in, struct One *out) { *out = *in; }

static void copies(void) {
  struct Mixed in = {1, 2, 3, 4}, out, din = {0, 0, 3, 0}, dout = {1, 2, 3, 4};
  __enzyme_autodiff((void *)copy, &in, &din, &out, &dout);
  same("a", din.a, 1.0);
  same("b", din.b, 2.0);
  same("single", din.single, 4.0);
  same("count", din.count, 3.0);
  same("what was overwritten", dout.a, 0.0);
  struct One one = {1}, result, done = {0}, dresult = {5};
  __enzyme_autodiff((void *)copy_one, &one, &done, &result, &dresult);
  same("one", done.value, 5.0);
}

struct Box {
  double scale;
  struct Mixed content[3];
};
struct Box box = {2.0, {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}}}, dbox;
static double scaled(const struct Box *from, struct Box *to) {
  *to = *from;
  return to->scale * to->content[1].a;
}
static void boxes(void) {
  struct Box to, dto = {0};
  dto.content[2].b = 3.0;
  __enzyme_autodiff((void *)scaled, &box, &dbox, &to, &dto);
  same("scale", dbox.scale, 5.0);
  same("content", dbox.content[1].a, 2.0);
  same("a seed", dbox.content[2].b, 3.0);
}

int main(void) {
  struct Mixed x[4] = {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}, {4, 4, 4, 4}};
  struct Mixed dx[4] = {{10, 0, 1, 1}, {20, 0, 2, 2}, {30, 0, 3, 3}, {40, 0, 4, 4}};
  __enzyme_autodiff((void *)swap_pairs, x, dx, 4);
  for (int i = 0; i < 4; i++) {
    int other = i ^ 1;
    same("a of a pair", dx[i].a, 10.0 * (other + 1));
    same("single of a pair", dx[i].single, other + 1.0);
  }
  copies();
  boxes();
  return wrong;
}
