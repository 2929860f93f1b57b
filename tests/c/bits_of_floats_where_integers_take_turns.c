/* A place holds a float or an integer, as its tag says. Both may be computed with; what is
   computed from the bits of a float ends the program where it would be a float again. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INTEGER, FLOAT };

struct number {
  long tag;
  union {
    long integer;
    double real;
  } is;
};

__attribute__((noinline)) static void add(struct number *a, const struct number *b) {
  if (a->tag == INTEGER && b->tag == INTEGER)
    a->is.integer += b->is.integer;
  else if (a->tag == INTEGER) {
    a->is.real = (double)a->is.integer + b->is.real;
    a->tag = FLOAT;
  } else
    a->is.real *= b->tag == FLOAT ? b->is.real : (double)b->is.integer;
}

static double total(double *x, long trick) {
  struct number *all = malloc(5 * sizeof *all);
  for (long i = 0; i < 5; i++) {
    all[i].tag = i < 2 ? INTEGER : FLOAT;
    if (i < 2)
      all[i].is.integer = i + 2;
    else
      all[i].is.real = x[i];
  }
  if (trick) {
    /* The float is taken for an integer and doubled by its exponent. */
    all[trick].tag = INTEGER;
    struct number step = {INTEGER, {1L << 52}};
    add(&all[trick], &step);
    all[trick].tag = FLOAT;
  }
  struct number sum = {INTEGER, {1}};
  for (long i = 0; i < 5; i++)
    add(&sum, &all[i]);
  double result = sum.tag == FLOAT ? sum.is.real : 0;
  free(all);
  return result;
}

static int ends(long trick) {
  pid_t child = fork();
  if (child == 0) {
    close(2);
    double x[5] = {0, 0, 2, 3, 5}, dx[5] = {0};
    __enzyme_autodiff((void *)total, enzyme_dup, x, dx, enzyme_const, trick);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

int main(void) {
  double x[5] = {0, 0, 2, 3, 5}, dx[5] = {0};
  __enzyme_autodiff((void *)total, enzyme_dup, x, dx, enzyme_const, 0L);
  /* (1 + 2 + 3 + x2) x3 x4 */
  same("dx[2]", dx[2], 15);
  same("dx[3]", dx[3], 40);
  same("dx[4]", dx[4], 24);
  same("plain", ends(0), 0);
  same("trick", ends(3), 1);
  return wrong;
}
