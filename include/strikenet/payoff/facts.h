#pragma once

#include <optional>

#include "strikenet/core/export.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// A bound of a function and the first place where it is taken or approached; both may be infinite.
struct Extreme {
  double value, at;
};

/// What is true of a piecewise-linear payoff on x >= 0, decided at its knots: nothing is sampled and nothing is
/// estimated. The numbers are those that the function holds, so a slope of 1e-17 that rounding left behind is a slope.
struct PayoffFacts {
  Extreme lowest, highest;               ///< infimum and supremum: the limit from below at a jump counts
  double smallest_slope, largest_slope;  ///< of the pieces
  /// The smallest L with |f(x) - f(y)| <= L |x - y|: the largest absolute delta at expiry. Infinite where f jumps.
  double lipschitz;

  /// Where each property fails first, empty where f has it. Convex and concave fail at a knot: at a jump, or where the
  /// slope falls or rises. Increasing and decreasing, in the weak sense, fail at a jump or at the left end of a piece.
  std::optional<double> not_convex_at, not_concave_at, not_increasing_at, not_decreasing_at;
};

/// Cost O(knots).
STRIKENET_EXPORT PayoffFacts facts_of(const PiecewiseLinear& f);

/// How far x may move from `from`, to either side but not below 0, before the value leaves the band: the largest r such
/// that low <= f(x) <= high for all x >= 0 with |x - from| < r. Infinite where it never does, 0 where it does at once.
/// Exact to the rounding of one division. In the words of networks, the certified radius.
/// Throws PreconditionError unless from is finite and at least 0, and low <= f(from) <= high.
STRIKENET_EXPORT double certified_radius(const PiecewiseLinear& f, double from, double low, double high);

}  // namespace strikenet
