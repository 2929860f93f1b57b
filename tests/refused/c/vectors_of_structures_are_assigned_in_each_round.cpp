// Vectors of structures of several kinds of fields, assigned in each round of a loop.
//
// Refused with ENZ0021: -O2.
#include <vector>

template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

struct Particle {
  double place;
  int count;
  float weight;
};

static double f(const double *x, int n) {
  std::vector<Particle> u, v(n);
  for (int i = 0; i < n; i++)
    u.push_back({x[i], i, 0.5f});
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < n; i++) {
      v[i].place = u[i].place + 0.1 * u[(i + 1) % n].place * u[i].place;
      v[i].count = u[i].count + 1;
      v[i].weight = u[i].weight * 0.9f;
    }
    u = v;
  }
  double sum = 0;
  for (const Particle &particle : u)
    sum += particle.place * particle.place * particle.weight + particle.count;
  return sum;
}

int main() {
  double x[4] = {0.1, 0.2, 0.3, 0.4}, by_x[4] = {};
  __enzyme_autodiff<void>((void *)f, x, by_x, 4);
  return by_x[0] == 0;
}
