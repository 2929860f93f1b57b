#include "check.h"
#include <stdlib.h>
#include <string.h>

// A tree of nodes is made from a text, computed by recursion, and freed.
struct Node {
  char op;
  double value;
  int variable;
  struct Node *left, *right;
};
static struct Node *node(char op, struct Node *l, struct Node *r) {
  struct Node *n = calloc(1, sizeof *n);
  n->op = op;
  n->left = l;
  n->right = r;
  n->variable = -1;
  return n;
}
static struct Node *parse_sum(const char **s, const double *x);
static struct Node *parse_atom(const char **s, const double *x) {
  if (**s == '(') {
    (*s)++;
    struct Node *n = parse_sum(s, x);
    (*s)++;
    return n;
  }
  struct Node *n = node('v', 0, 0);
  if (**s >= 'a' && **s <= 'd') {
    n->variable = *(*s)++ - 'a';
    n->value = x[n->variable];
  } else {
    char *end;
    n->value = strtod(*s, &end);
    *s = end;
  }
  return n;
}
static struct Node *parse_product(const char **s, const double *x) {
  struct Node *l = parse_atom(s, x);
  while (**s == '*' || **s == '/') {
    char op = *(*s)++;
    l = node(op, l, parse_atom(s, x));
  }
  return l;
}
static struct Node *parse_sum(const char **s, const double *x) {
  struct Node *l = parse_product(s, x);
  while (**s == '+' || **s == '-') {
    char op = *(*s)++;
    l = node(op, l, parse_product(s, x));
  }
  return l;
}
static double eval(const struct Node *n) {
  switch (n->op) {
  case '+':
    return eval(n->left) + eval(n->right);
  case '-':
    return eval(n->left) - eval(n->right);
  case '*':
    return eval(n->left) * eval(n->right);
  case '/':
    return eval(n->left) / eval(n->right);
  default:
    return n->value;
  }
}
static void drop(struct Node *n) {
  if (!n)
    return;
  drop(n->left);
  drop(n->right);
  free(n);
}
static double formula(const char *text, const double *x) {
  const char *at = text;
  struct Node *root = parse_sum(&at, x);
  double r = eval(root);
  drop(root);
  return r;
}
int main(void) {
  double x[4] = {1.5, 2.5, 0.5, 3.0}, dx[4] = {0};
  double v = __enzyme_autodiff((void *)formula, enzyme_primal_return, enzyme_const,
                               "a*(b+c)/d-2.5*a+c", enzyme_dup, x, dx);
  same("v", v, 1.5 * 3.0 / 3.0 - 2.5 * 1.5 + 0.5);
  same("da", dx[0], 1.0 - 2.5);
  same("db", dx[1], 0.5);
  same("dc", dx[2], 0.5 + 1.0);
  same("dd", dx[3], -1.5 * 3.0 / 9.0);
  return wrong;
}
