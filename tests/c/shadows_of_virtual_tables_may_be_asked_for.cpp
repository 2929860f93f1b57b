#include "check.h"
#include <initializer_list>

template <typename T> T __enzyme_virtualreverse(T);

struct Shape {
  double scale;
  explicit Shape(double scale) : scale(scale) {}
  virtual ~Shape() {}
  virtual double area(double x) const = 0;
};
struct Square : Shape {
  using Shape::Shape;
  double area(double x) const override { return scale * x * x; }
};
struct Circle : Shape {
  double pi = 3.0;
  using Shape::Shape;
  double area(double x) const override { return pi * scale * scale * x * x; }
};

static double twice(const Shape *shape, double x) { return 2.0 * shape->area(x); }

// The same by hand.
struct Method {
  double (*of)(double);
  double value;
};
static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }
static double call(const Method *method) { return method->of(method->value); }

static void replace_table(Shape *shadow) {
  void **table = (void **)shadow;
  *table = __enzyme_virtualreverse(*table);
}

int main() {
  Square square_of(3.0), dsquare(0.0);
  Circle circle_of(3.0), dcircle(0.0);
  dcircle.pi = 0.0;
  replace_table(&dsquare);
  replace_table(&dcircle);
  const Shape *shapes[] = {&square_of, &circle_of};
  Shape *shadows[] = {&dsquare, &dcircle};
  double expected[] = {4.0 * 3.0 * 1.5, 4.0 * 27.0 * 1.5};
  for (int i = 0; i < 2; i++)
    same("by x", __enzyme_autodiff<double>((void *)twice, shapes[i], shadows[i], 1.5),
         expected[i]);
  same("by the scale of the square", dsquare.scale, 2.0 * 1.5 * 1.5);
  same("by the scale of the circle", dcircle.scale, 2.0 * 3.0 * 2.0 * 3.0 * 1.5 * 1.5);
  same("by pi", dcircle.pi, 2.0 * 9.0 * 1.5 * 1.5);

  for (auto of : {square, cube}) {
    Method method = {of, 1.5};
    Method shadow = {(double (*)(double))__enzyme_virtualreverse((void *)of), 0.0};
    __enzyme_autodiff<void>((void *)call, &method, &shadow);
    same("by the value", shadow.value, of == square ? 3.0 : 3.0 * 1.5 * 1.5);
  }
  return wrong;
}
