// Names in structs with floats: copied, cut off, put together and read again.
#include "check.h"
#include <stdlib.h>
#include <string.h>

struct Entry {
  char key[16];
  double value;
  struct Entry *next;
};

static void set(struct Entry *e, const char *key, double value) {
  strncpy(e->key, key, sizeof e->key - 1);
  e->key[15] = 0;
  e->value = value;
}

static double chained(const double *x, int n) {
  struct Entry *first = NULL;
  for (int i = 0; i < n; i++) {
    struct Entry *e = calloc(1, sizeof *e);
    strcpy(e->key, i % 2 ? "odd" : "even");
    strcat(e->key, "-numbered");
    e->value = x[i] * x[i];
    e->next = first;
    first = e;
  }
  double s = 0;
  while (first) {
    struct Entry *e = first;
    s += strcmp(e->key, "odd-numbered") ? e->value : 3 * e->value;
    first = e->next;
    free(e);
  }
  return s;
}

static double looked_up(const double *x, int n) {
  struct Entry all[8];
  for (int i = 0; i < n; i++) {
    char key[16];
    snprintf(key, sizeof key, "key%d", i);
    set(&all[i], key, x[i] * x[i]);
  }
  double s = 0;
  for (int i = 0; i < n; i++) {
    int number = -1;
    if (sscanf(all[i].key, "key%d", &number) == 1)
      s += all[i].value * number;
  }
  return s;
}

int main(void) {
  double x[4] = {0.5, 0.62, 0.93, -0.31}, d[4] = {0};
  __enzyme_autodiff((void *)chained, enzyme_dup, x, d, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    same("chained", d[i], 2 * x[i] * (i % 2 ? 3 : 1));
  __enzyme_autodiff((void *)looked_up, enzyme_dup, x, d, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    same("and looked up", d[i], 2 * x[i] * ((i % 2 ? 3 : 1) + i));
  return wrong;
}
