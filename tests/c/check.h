// What the programs of this folder check with: declarations of the convention, and
// comparisons that count what is wrong.
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifndef WORDS_ARE_DEFINED
extern int enzyme_const, enzyme_dup, enzyme_dupnoneed, enzyme_out, enzyme_primal_return;
extern int enzyme_const_return, enzyme_noret, enzyme_scalar, enzyme_runtime_activity;
extern int enzyme_allocated, enzyme_tape, enzyme_nofree;
#endif
#ifdef __cplusplus
}
template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);
#else
double __enzyme_autodiff(void *, ...);
#endif

static int wrong = 0;

// Counts and shows a number that is further from what it should be than `tolerance` allows.
static inline void within(double tolerance, const char *what, double found, double expected) {
  if (fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected)))
    return;
  printf("%s is %.17g, should be %.17g\n", what, found, expected);
  ++wrong;
}

static inline void same(const char *what, double found, double expected) {
  within(1e-9, what, found, expected);
}

// The same for what single precision or central differences can tell.
static inline void near(const char *what, double found, double expected) {
  within(1e-5, what, found, expected);
}

#endif
