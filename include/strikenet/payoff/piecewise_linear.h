#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/payoff/call_portfolio.h"
#include "strikenet/payoff/option_portfolio.h"

namespace strikenet {

/// Where a piecewise-linear function changes.
struct Knot {
  double x = 0;
  double slope = 0;  ///< from x on, up to the next knot
  double jump = 0;   ///< value at x minus the limit from below; 0 where the function is continuous
};

/// A function of one number that is straight between finitely many knots:
///
///     f(x) = value at 0 + the slopes from 0 to x, integrated + the jumps between 0 and x
///
/// on the whole line, with finite slopes on both sides of every knot and a jump where a digital pays. At a knot the
/// value is the limit from above. This is where options and networks meet: every book of European options on one
/// expiry is one on x >= 0, every network of one input whose activations are straight pieces is one on the whole line,
/// and each without jumps is a book and a network again. x is in currency per share, or in the unit of the network's
/// input; values in currency, or in the unit of its output.
///
/// Slopes are held as given, not summed from changes, so the last one is as exact as the first. Knots at which nothing
/// changes are dropped: two functions that are equal number for number have equal knots.
///
/// Invariant, checked once on construction: every number is finite, knots are strictly increasing, values at knots do
/// not overflow. Immutable; safe to read from any thread. Moving one copies it.
class STRIKENET_EXPORT PiecewiseLinear {
 public:
  /// `first_slope` is that below the first knot. At a knot at 0, value_at_zero is the limit from above.
  /// Throws PreconditionError naming the first number that breaks the invariant. Cost O(knots).
  PiecewiseLinear(double value_at_zero, double first_slope, std::vector<Knot> knots = {});
  PiecewiseLinear(const PiecewiseLinear&) = default;
  PiecewiseLinear& operator=(const PiecewiseLinear&) = default;

  double value_at_zero() const { return value_at_zero_; }
  double first_slope() const { return first_slope_; }
  double last_slope() const { return knots_.empty() ? first_slope_ : knots_.back().slope; }
  std::span<const Knot> knots() const { return knots_; }
  std::size_t pieces() const { return knots_.size() + 1; }

  /// f(x), and its limit from below. Cost O(log knots); the rounding error is a few units in the last place of the
  /// largest value between 0 and x, for each knot between them. Throw PreconditionError unless x is finite.
  double value(double x) const;
  double value_below(double x) const;
  /// The slope to the right of x, and to its left.
  double slope(double x) const;
  double slope_below(double x) const;

  /// The sum of the absolute jumps at x > 0: 0 for what is continuous where spot can be.
  double jumps() const;

 private:
  double straight(std::size_t piece, double x) const;

  double value_at_zero_;
  double first_slope_;
  std::vector<Knot> knots_;
  std::vector<double> values_;  // at the knots
};

/// Knot by knot; a slope is rounded once. Throw PreconditionError when a number overflows.
STRIKENET_EXPORT PiecewiseLinear operator+(const PiecewiseLinear& a, const PiecewiseLinear& b);
STRIKENET_EXPORT PiecewiseLinear operator*(double factor, const PiecewiseLinear& f);

/// Through points (x, y), straight between them and straight on beyond the first and the last; constant where there is
/// one point. Two points with one x are a jump, from the first to the second. Throws PreconditionError unless there is
/// a point, x do not decrease, at most two are equal, neither the first nor the last two, and numbers are finite.
struct Point {
  double x, y;
};
STRIKENET_EXPORT PiecewiseLinear through(std::span<const Point> points);

/// The position as a function on x >= 0, continued straight below 0. Slopes are sums of units, so they are exact where
/// these are (whole numbers, small dyadic ones).
STRIKENET_EXPORT PiecewiseLinear piecewise_linear(const CallPortfolio& calls);
STRIKENET_EXPORT PiecewiseLinear piecewise_linear(const OptionPortfolio& options);

/// The function as a position on x >= 0: cash is f(0), shares the slope at 0, each leg the change of slope at a knot
/// above 0. What f does below 0 is left out: spot is never there. Throws PreconditionError naming the first jump above
/// 0, which no finite number of calls can be: see call_spreads().
STRIKENET_EXPORT CallPortfolio to_calls(const PiecewiseLinear& f);

/// From which side a function stands in for another.
enum class Side { below, nearest, above };

/// f with each jump at a knot k > 0 made a ramp, which is a call spread over the jump's size: over [k, k + width] or
/// [k - width, k] so as to pay at least what f pays (`above`) or at most that (`below`), over [k - width/2, k +
/// width/2] for `nearest`. The width of a ramp is width * k, so one number fits every currency.
///
/// Whatever the law of S, the price of f lies between those of `below` and `above`, which are at most
/// sum |jump| P(k - width k < S < k + width k) apart: as width goes to 0 the call spreads become the digital, and the
/// difference is the bound on the error of each. It falls with width as long as width stays far above the rounding of
/// the prices, 1e-16 k / (width k).
/// Throws PreconditionError unless 0 < width < 1.
STRIKENET_EXPORT PiecewiseLinear call_spreads(const PiecewiseLinear& f, double width, Side side);

}  // namespace strikenet
