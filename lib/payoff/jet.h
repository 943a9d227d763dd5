#pragma once

#include <span>

#include "payoff/interval.h"

namespace strikenet {

/// What a function of the spot does on an interval of spots: intervals that hold all its values there, its slopes and
/// its curvatures, composed by the chain rule. Where it may jump both are every number; where it may bend sharply,
/// the slope holds those on both sides and the curvature is every number. So slopes that are bounded on one side mean
/// that the function is continuous there.
struct Jet {
  Interval value, slope, curvature;
  /// Whether it has a finite value at every spot of the interval. Else the intervals say nothing.
  bool defined = true;

  Jet() = default;
  explicit Jet(Interval number) : value(std::move(number)) {}  // a constant
  explicit Jet(double number) : value(number) {}
  Jet(Interval v, Interval s, Interval c) : value(std::move(v)), slope(std::move(s)), curvature(std::move(c)) {}
  static Jet spot(Interval at) { return {std::move(at), Interval(1), Interval()}; }
  static Jet undefined();
};

Jet operator+(const Jet& a, const Jet& b);
Jet operator-(const Jet& a, const Jet& b);
Jet operator*(const Jet& a, const Jet& b);
Jet operator/(const Jet& a, const Jet& b);
Jet operator-(const Jet& a);
Jet pow(const Jet& a, const Jet& b);

/// 1 where it is so, 0 where not, a jump where it may be either.
Jet less(const Jet& a, const Jet& b);
Jet at_most(const Jet& a, const Jet& b);
Jet equal(const Jet& a, const Jet& b);
Jet both(const Jet& a, const Jet& b);
Jet either(const Jet& a, const Jet& b);
Jet opposite(const Jet& a);
Jet choice(const Jet& condition, const Jet& a, const Jet& b);

Jet larger(const Jet& a, const Jet& b);
Jet smaller(const Jet& a, const Jet& b);
Jet abs(const Jet& a);
Jet sign(const Jet& a);
Jet floor(const Jet& a);
Jet sqrt(const Jet& a);
Jet exp(const Jet& a);
Jet log(const Jet& a);
Jet log2(const Jet& a);
Jet log10(const Jet& a);
Jet sin(const Jet& a);
Jet cos(const Jet& a);
Jet tan(const Jet& a);
Jet asin(const Jet& a);
Jet acos(const Jet& a);
Jet atan(const Jet& a);
Jet atan2(const Jet& a, const Jet& b);
Jet sinh(const Jet& a);
Jet cosh(const Jet& a);
Jet tanh(const Jet& a);
Jet asinh(const Jet& a);
Jet acosh(const Jet& a);
Jet atanh(const Jet& a);

}  // namespace strikenet
