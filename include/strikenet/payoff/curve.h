#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// A payoff that is no finite book of options: any function of the spot. `name` is only used in messages.
struct Curve {
  std::function<double(double)> value;
  std::string name = "payoff";
};

/// The payoffs with a name that are curved. log_payoff: ln(S / K), whose price is minus half the variance of the log
/// (Neuberger 1994). power_payoff: ((S - K)+)^p. Both throw PreconditionError unless K is positive and finite, and p
/// positive and finite.
STRIKENET_EXPORT Curve log_payoff(Strike strike);
STRIKENET_EXPORT Curve power_payoff(Strike strike, double power);

/// Between which spots a curve is followed, and from where.
struct CurveRange {
  double low, high;
  Side side = Side::nearest;  ///< whether the pieces may lie above the curve, below it, or on both sides
};

struct CurveFit {
  PiecewiseLinear f;  ///< with `pieces` straight pieces in the range, continued straight beyond it
  std::size_t pieces;
  double error;  ///< largest distance from the curve within the range, in currency: as measured, see below
  double worst;  ///< where
};

/// Optimal knots: the fewest pieces with an error of at most `error`, and the least error with at most `pieces` of
/// them. n pieces are n - 1 options beside cash and shares, or a network of n hidden units.
///
/// On a convex stretch the pieces are the chords of the curve, all with the same largest distance d to it, moved down
/// by d/2 (`nearest`, error d/2), by d (`below`, error d) or not at all (`above`, error d); on a concave one the mirror
/// image. No continuous straight pieces do better there: theory/optimal-knots.md. Where the curvature changes its sign
/// the pieces are joined, which costs at most one more piece for each change. As n grows
///
///     error -> ( integral sqrt|f''| )^2 / (c n^2),       c = 16 for nearest, 8 for above and below,
///
/// against max|f''| (high - low)^2 / (c n^2) with equal knots.
///
/// Curvature is looked for on 4,096 equal intervals: what happens within one of them is not seen. The error is measured
/// afterwards, at 64 points of each piece and its extremum, and is what is returned; it is no proof for a curve that
/// moves faster. Cost: some 500 values of the curve for each piece; some 30 times that for a given number of pieces.
///
/// Problems: the curve is not finite at some spot of the range, jumps in it, or needs more than 100,000 pieces.
/// Throw PreconditionError unless the range is finite with low < high, error is positive and finite, and pieces is at
/// least 1.
STRIKENET_EXPORT Result<CurveFit> fewest_pieces(const Curve& curve, const CurveRange& range, double error);
STRIKENET_EXPORT Result<CurveFit> best_pieces(const Curve& curve, const CurveRange& range, std::size_t pieces);

}  // namespace strikenet
