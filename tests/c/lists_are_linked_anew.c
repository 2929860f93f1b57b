#include "check.h"
#include <stdlib.h>

// A list of the caller, whose shadow is linked anew with it, and one that is kept in order.
struct Item {
  struct Item *next;
  double value;
  float weight;
};
static struct Item *reverse(struct Item *l) {
  struct Item *r = 0;
  while (l) {
    struct Item *n = l->next;
    l->next = r;
    r = l;
    l = n;
  }
  return r;
}
static double horner(struct Item **list, double x) {
  *list = reverse(*list);
  double sum = 0;
  for (struct Item *i = *list; i; i = i->next)
    sum = sum * x + i->value * i->weight;
  return sum;
}
static double sorted_median(const double *x, int n) {
  struct Item *first = 0;
  for (int k = 0; k < n; k++) {
    struct Item *item = malloc(sizeof *item);
    item->value = x[k] * x[k];
    item->weight = 1.0f;
    struct Item **at = &first;
    while (*at && (*at)->value < item->value)
      at = &(*at)->next;
    item->next = *at;
    *at = item;
  }
  struct Item *slow = first, *fast = first;
  while (fast && fast->next && fast->next->next) {
    slow = slow->next;
    fast = fast->next->next;
  }
  double median = slow->value;
  while (first) {
    struct Item *n = first->next;
    free(first);
    first = n;
  }
  return median;
}
int main(void) {
  struct Item c = {0, 3.0, 1.0f}, b = {&c, 2.0, 0.5f}, a = {&b, 1.0, 2.0f};
  struct Item dc = {0}, db = {&dc}, da = {&db};
  struct Item *l = &a, *dl = &da;
  double dx = __enzyme_autodiff((void *)horner, &l, &dl, 2.0);
  // reversed: c, b, a: ((3)*x + 1)*x + 2
  same("dx", dx, 2 * 3.0 * 2.0 + 1.0);
  same("dc", dc.value, 4.0);
  same("db", db.value, 2.0 * 0.5);
  same("da", da.value, 2.0);
  near("wc", dc.weight, 12.0);
  near("wa", da.weight, 1.0);
  double x[5] = {3, 1, 2, 5, 4}, d[5] = {0};
  __enzyme_autodiff((void *)sorted_median, enzyme_dup, x, d, enzyme_const, 5);
  same("median", d[0], 6.0);
  same("others", d[1] + d[2] + d[3] + d[4], 0.0);
  return wrong;
}
