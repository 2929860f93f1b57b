// A `dynamic_cast`, which the library does by looking at the descriptions of types.
//
// Refused with ENZ0010: -O2.
template <typename Result, typename... Arguments>
Result __enzyme_autodiff(void *, Arguments...);

struct Shape {
  virtual ~Shape() {}
};
struct Circle : Shape {
  double r;
  Circle(double r) : r(r) {}
};
struct Square : Shape {
  double a;
  Square(double a) : a(a) {}
};

__attribute__((noinline)) static double area(Shape *shape) {
  if (auto *circle = dynamic_cast<Circle *>(shape))
    return 3 * circle->r * circle->r;
  if (auto *square = dynamic_cast<Square *>(shape))
    return square->a * square->a;
  return 0;
}

static double f(const double *x) {
  Circle circle(x[0]);
  Square square(x[1]);
  return area(&circle) * area(&square);
}

int main() {
  double x[2] = {0.5, 0.62}, by_x[2] = {};
  __enzyme_autodiff<void>((void *)f, x, by_x);
  return by_x[0] == 0;
}
