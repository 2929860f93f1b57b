// Shadows that are the memory itself mark it as constant: the derivative leaves it as the
// function does, and ends the program where a derivative would be lost.
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void filled(const double *x, double *out, int n) {
  memset(out, 0, n * sizeof(double));
  for (int i = 0; i < n; i++)
    out[i] += x[i] * x[i];
}

struct Item {
  double value;
  long count;
};

static double moved(const double *x, struct Item *items, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    sum += items[i].value * items[i].count * x[0];
  memmove(items, items + 1, (n - 1) * sizeof(struct Item));
  return sum * items[0].value;
}

struct Slot {
  const double *from;
};

static double stored(const double *x, struct Slot *slot) {
  slot->from = x;
  return *slot->from * x[0];
}

static double *scratch;

static double kept(const double *x, int n) {
  if (!scratch)
    scratch = malloc(n * sizeof(double));
  double sum = 0.0;
  for (int i = 0; i < n; i++)
    scratch[i] = x[i] * x[i];
  for (int i = 0; i < n; i++)
    sum += scratch[i];
  return sum;
}

static double x[3] = {1.0, 2.0, 3.0};

static void store_an_address(void) {
  static struct Slot slot;
  double dx[3] = {0.0};
  __enzyme_autodiff((void *)stored, enzyme_runtime_activity, enzyme_dup, x, dx, enzyme_dup, &slot,
                    &slot);
}

static void use_kept_memory(void) {
  double dx[3] = {0.0};
  __enzyme_autodiff((void *)kept, enzyme_dup, x, dx, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    same("kept", dx[i], 2.0 * x[i]);
}

// Whether the program ends with this code in its message.
static void ends_with(const char *code, void run(void)) {
  int ends[2];
  char text[256] = {0};
  if (pipe(ends))
    exit(2);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    run();
    _exit(0);
  }
  close(ends[1]);
  if (read(ends[0], text, sizeof text - 1) < 0)
    exit(2);
  int status;
  waitpid(child, &status, 0);
  if (!WIFSIGNALED(status) || !strstr(text, code)) {
    printf("not ended with %s: %s\n", code, text);
    ++wrong;
  }
}

int main(void) {
  double dx[3] = {0.0}, out[3];
  __enzyme_autodiff((void *)filled, enzyme_runtime_activity, enzyme_dup, x, dx, enzyme_dup, out, out,
                    enzyme_const, 3);
  for (int i = 0; i < 3; i++) {
    same("out", out[i], x[i] * x[i]);
    same("dx", dx[i], 0.0);
  }
  struct Item items[3] = {{1.0, 1}, {2.0, 2}, {3.0, 3}};
  __enzyme_autodiff((void *)moved, enzyme_runtime_activity, enzyme_dup, x, dx, enzyme_dup, items,
                    items, enzyme_const, 3);
  same("by the factor", dx[0], 14.0 * 2.0);
  for (int i = 0; i < 3; i++) {
    same("value", items[i].value, i < 2 ? i + 2.0 : 3.0);
    same("count", items[i].count, i < 2 ? i + 2 : 3);
  }
  ends_with("ENZ0040", store_an_address);
  use_kept_memory();
  ends_with("ENZ0041", use_kept_memory);
  return wrong;
}
