// A list whose links are two addresses in one word. Where the optimiser leaves nothing that
// shows where they lead, the program ends: no derivative is lost.
#include "check.h"
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct Node {
  uintptr_t link;
  double v;
};

static double linked(const double *x, int n) {
  struct Node a[8];
  for (int i = 0; i < n; i++) {
    a[i].v = x[i];
    a[i].link = (i ? (uintptr_t)&a[i - 1] : 0) ^ (i + 1 < n ? (uintptr_t)&a[i + 1] : 0);
  }
  double s = 0;
  uintptr_t before = 0;
  struct Node *p = &a[0];
  for (int k = 1; p; k++) {
    s += p->v * p->v * k;
    uintptr_t next = p->link ^ before;
    before = (uintptr_t)p;
    p = (struct Node *)next;
  }
  return s;
}

int main(void) {
  double x[4] = {1.5, 0.62, 0.93, 0.3}, d[4] = {0};
  char said[512] = {0};
  int pipes[2], status = 0;
  if (pipe(pipes))
    return 1;
  pid_t child = fork();
  if (!child) {
    dup2(pipes[1], 2);
    __enzyme_autodiff((void *)linked, enzyme_dup, x, d, enzyme_const, 4);
    for (int i = 0; i < 4; i++)
      same("of the list", d[i], 2 * x[i] * (i + 1));
    fflush(stdout);
    _exit(wrong);
  }
  close(pipes[1]);
  if (read(pipes[0], said, sizeof said - 1) < 0 || waitpid(child, &status, 0) != child)
    return 1;
  if (WIFEXITED(status))
    return WEXITSTATUS(status);
  return strstr(said, "ENZ0042") == NULL;
}
