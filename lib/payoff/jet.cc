#include "payoff/jet.h"

#include <cmath>
#include <optional>
#include <utility>

namespace strikenet {
namespace {

const Interval& one() {
  static const Interval number(1);
  return number;
}

/// g(a) by the value of g, its slope and its curvature at the values of a.
Jet chain(const Jet& a, Interval value, const Interval& slope, const Interval& curvature) {
  return {std::move(value), slope * a.slope, curvature * square(a.slope) + slope * a.curvature};
}

/// Of a function that jumps: these values, and slopes that say nothing.
Jet jump(Interval values) { return {std::move(values), Interval::everything(), Interval::everything()}; }

Jet truth(bool yes, bool no) {
  if (yes) return Jet(1);
  if (no) return Jet(0);
  return jump(Interval(0, 1));
}

/// Whether the condition holds at every spot (true), at none (false), or neither is known.
std::optional<bool> truth_of(const Jet& condition) {
  if (!condition.value.holds_zero()) return true;
  if (condition.value.is(0)) return false;
  return std::nullopt;
}

bool is_constant(const Jet& a) { return a.slope.is(0) && a.curvature.is(0); }

}  // namespace

Jet Jet::undefined() {
  Jet jet = jump(Interval::everything());
  jet.defined = false;
  return jet;
}

Jet operator+(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined) return Jet::undefined();
  return {a.value + b.value, a.slope + b.slope, a.curvature + b.curvature};
}
Jet operator-(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined) return Jet::undefined();
  return {a.value - b.value, a.slope - b.slope, a.curvature - b.curvature};
}
Jet operator-(const Jet& a) {
  if (!a.defined) return a;
  return {-a.value, -a.slope, -a.curvature};
}
Jet operator*(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined) return Jet::undefined();
  const Interval cross = a.slope * b.slope;
  return {a.value * b.value, a.value * b.slope + b.value * a.slope,
          a.value * b.curvature + cross + cross + b.value * a.curvature};
}
Jet operator/(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined || b.value.holds_zero()) return Jet::undefined();
  const Interval inverse = one() / b.value, second = inverse * square(inverse);
  const Jet quotient = a * chain(b, inverse, -square(inverse), second + second);
  return {a.value / b.value, quotient.slope, quotient.curvature};
}

Jet pow(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined) return Jet::undefined();
  if (!is_constant(b)) return a.value.positive() ? exp(b * log(a)) : Jet::undefined();
  constexpr double kMostWhole = 1'000'000;
  const double n = b.value.low();
  if (b.value.is(n) && n == std::floor(n) && std::abs(n) <= kMostWhole) {
    if (n == 0) return Jet(1);
    if (n < 0 && a.value.holds_zero()) return Jet::undefined();
    const long whole = static_cast<long>(n);
    return chain(a, power(a.value, whole), b.value * power(a.value, whole - 1),
                 whole == 1 ? Interval() : b.value * (b.value - one()) * power(a.value, whole - 2));
  }
  if (!a.value.not_negative() || (!b.value.positive() && !a.value.positive())) return Jet::undefined();
  const Interval once = b.value - one(), twice = once - one();
  return chain(a, power(a.value, b.value), b.value * power(a.value, once), b.value * once * power(a.value, twice));
}

Jet less(const Jet& a, const Jet& b) {
  const Jet difference = b - a;
  if (!difference.defined) return difference;
  return truth(difference.value.positive(), difference.value.not_positive());
}
Jet at_most(const Jet& a, const Jet& b) { return opposite(less(b, a)); }
Jet equal(const Jet& a, const Jet& b) {
  const Jet difference = a - b;
  if (!difference.defined) return difference;
  return truth(difference.value.is(0), !difference.value.holds_zero());
}
Jet opposite(const Jet& a) {
  if (!a.defined) return a;
  const std::optional<bool> known = truth_of(a);
  return truth(known == false, known == true);
}
Jet both(const Jet& a, const Jet& b) {
  const std::optional<bool> first = truth_of(a), second = truth_of(b);
  if ((a.defined && first == false) || (b.defined && second == false)) return Jet(0);
  if (!a.defined || !b.defined) return Jet::undefined();
  return truth(first == true && second == true, false);
}
Jet either(const Jet& a, const Jet& b) { return opposite(both(opposite(a), opposite(b))); }
Jet choice(const Jet& condition, const Jet& a, const Jet& b) {
  if (!condition.defined) return Jet::undefined();
  if (const std::optional<bool> known = truth_of(condition)) return *known ? a : b;
  if (!a.defined || !b.defined) return Jet::undefined();
  return jump(hull(a.value, b.value));
}

Jet larger(const Jet& a, const Jet& b) {
  const Jet difference = a - b;
  if (!difference.defined) return difference;
  if (difference.value.not_negative()) return a;
  if (difference.value.not_positive()) return b;
  return {largest(a.value, b.value), hull(a.slope, b.slope), Interval::everything()};
}
Jet smaller(const Jet& a, const Jet& b) { return -larger(-a, -b); }
Jet abs(const Jet& a) {
  Jet result = larger(a, -a);
  if (result.defined) result.value = abs(a.value);
  return result;
}
Jet sign(const Jet& a) {
  if (!a.defined || a.value.is(0)) return a.defined ? Jet(0) : a;
  if (a.value.positive() || a.value.negative()) return Jet(a.value.positive() ? 1 : -1);
  return jump(Interval(a.value.not_negative() ? 0 : -1, a.value.not_positive() ? 0 : 1));
}
Jet floor(const Jet& a) {
  if (!a.defined) return a;
  Interval values = floor(a.value);
  return values.is_number() ? Jet(std::move(values)) : jump(std::move(values));
}
Jet sqrt(const Jet& a) {
  if (!a.defined || !a.value.not_negative()) return Jet::undefined();
  const Interval root = sqrt(a.value), slope = inverse(root + root);
  return chain(a, root, slope, -slope * inverse(a.value + a.value));
}
Jet exp(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = exp(a.value);
  return chain(a, value, value, value);
}
Jet log(const Jet& a) {
  if (!a.defined || !a.value.positive()) return Jet::undefined();
  const Interval inverse = one() / a.value;
  return chain(a, ln(a.value), inverse, -square(inverse));
}
Jet log2(const Jet& a) { return log(a) / Jet(ln(Interval(2))); }
Jet log10(const Jet& a) { return log(a) / Jet(ln(Interval(10))); }
Jet sin(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = sin(a.value);
  return chain(a, value, cos(a.value), -value);
}
Jet cos(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = cos(a.value);
  return chain(a, value, -sin(a.value), -value);
}
Jet tan(const Jet& a) { return sin(a) / cos(a); }
Jet asin(const Jet& a) {
  const Interval rest = one() - square(a.value);
  if (!a.defined || !rest.not_negative()) return Jet::undefined();
  const Interval slope = inverse(sqrt(rest));
  return chain(a, asin(a.value), slope, a.value * slope * inverse(rest));
}
Jet acos(const Jet& a) { return Jet(Interval::pi() / Interval(2)) - asin(a); }
Jet atan(const Jet& a) {
  if (!a.defined) return a;
  const Interval inverse = one() / (one() + square(a.value));
  return chain(a, atan(a.value), inverse, -(a.value + a.value) * square(inverse));
}
Jet atan2(const Jet& a, const Jet& b) {
  if (!a.defined || !b.defined) return Jet::undefined();
  if (b.value.positive()) return atan(a / b);
  const Jet quarter(Interval::pi() / Interval(2));
  if (a.value.positive()) return quarter - atan(b / a);
  if (a.value.negative()) return -quarter - atan(b / a);
  const Interval half_turn = Interval::pi();
  return jump(hull(-half_turn, half_turn));
}
Jet sinh(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = sinh(a.value);
  return chain(a, value, cosh(a.value), value);
}
Jet cosh(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = cosh(a.value);
  return chain(a, value, sinh(a.value), value);
}
Jet tanh(const Jet& a) {
  if (!a.defined) return a;
  const Interval value = tanh(a.value), slope = power(cosh(a.value), -2L);
  return chain(a, value, slope, -(value + value) * slope);
}
Jet asinh(const Jet& a) {
  if (!a.defined) return a;
  const Interval sum = one() + square(a.value), slope = inverse(sqrt(sum));
  return chain(a, asinh(a.value), slope, -a.value * slope * inverse(sum));
}
Jet acosh(const Jet& a) {
  const Interval above = a.value - one();
  if (!a.defined || !above.not_negative()) return Jet::undefined();
  const Interval rest = above * (a.value + one()), slope = inverse(sqrt(rest));
  return chain(a, acosh(a.value), slope, -a.value * slope * inverse(rest));
}
Jet atanh(const Jet& a) {
  const Interval rest = one() - square(a.value);
  if (!a.defined || !rest.positive()) return Jet::undefined();
  const Interval slope = one() / rest;
  return chain(a, atanh(a.value), slope, (a.value + a.value) * square(slope));
}

}  // namespace strikenet
