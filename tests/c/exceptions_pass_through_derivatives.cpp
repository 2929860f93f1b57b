#include "check.h"
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

static double caught_inside(double x, const char *text) {
  try {
    if (x < 0)
      throw std::runtime_error("negative");
    std::string copy(text);
    return x * x * double(copy.size());
  } catch (const std::exception &) {
    return 0.0;
  }
}

[[gnu::noinline]] static void refuse(double x) {
  if (x > 8)
    throw std::runtime_error("far too large");
  throw 1;
}

static double thrown_by_a_helper(double x) {
  try {
    if (x > 5)
      refuse(x);
  } catch (int) {
    return 1.0;
  }
  return x * x;
}

static double thrown_outside(const double *x, int n) {
  if (n < 0)
    throw std::runtime_error("a negative length");
  std::vector<double> copy(x, x + n);
  double sum = 0.0;
  for (double value : copy)
    sum += value * value * value;
  return sum;
}

static double of_rows(const std::vector<std::vector<double>> &rows) {
  double sum = 0.0;
  for (const auto &row : rows)
    for (double value : row)
      sum += value * value;
  return sum;
}

static double of_a_function_object(double x) {
  std::function<double(double)> times = [x](double y) { return x * y; };
  return times(x);
}

int main(int count, char **) {
  same("caught", __enzyme_autodiff<double>((void *)caught_inside, 3.0, enzyme_const, "abc"), 18.0);
  same("helper", __enzyme_autodiff<double>((void *)thrown_by_a_helper, 3.0), 6.0);
  same("helper that throws", __enzyme_autodiff<double>((void *)thrown_by_a_helper, 7.0), 0.0);
  double x[3] = {1, 2, 3}, dx[3] = {0, 0, 0};
  try {
    // What has a destructor makes each call one that may be left by an exception.
    std::vector<double> guard(10);
    __enzyme_autodiff<void>((void *)thrown_outside, x, dx, 3);
    same("before", dx[2], 27.0);
    same("guard", guard[1], 0.0);
    __enzyme_autodiff<void>((void *)thrown_outside, x, dx, -count);
    wrong++;
  } catch (const std::exception &) {
    same("after", dx[1], 12.0);
  }
  std::vector<std::vector<double>> rows{{1, 2}, {3}}, drows{{0, 0}, {0}};
  __enzyme_autodiff<void>((void *)of_rows, &rows, &drows);
  same("row 0", drows[0][1], 4.0);
  same("row 1", drows[1][0], 6.0);
  same("function object", __enzyme_autodiff<double>((void *)of_a_function_object, 3.0), 6.0);
  return wrong;
}
