#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

class Expression;

/// A payoff that is no finite book of options: any function of the spot. `name` is only used in messages. `formula` is
/// the same function as parse_payoff(), log_payoff() and power_payoff() know it, of which bounds can be proved; of a
/// function that a program writes nothing is.
struct Curve {
  std::function<double(double)> value;
  std::string name = "payoff";
  std::shared_ptr<const Expression> formula = {};
};

/// factor times the curve, in value and formula. Throws PreconditionError unless the factor is finite.
STRIKENET_EXPORT Curve operator*(double factor, const Curve& curve);

/// The payoffs with a name that are curved. log_payoff: ln(S / K), whose price is minus half the variance of the log
/// (Neuberger 1994). power_payoff: ((S - K)+)^p. Both throw PreconditionError unless K is positive and finite, and p
/// positive and finite.
STRIKENET_EXPORT Curve log_payoff(Strike strike);
STRIKENET_EXPORT Curve power_payoff(Strike strike, double power);

/// Between which spots a curve is followed, and from where.
struct CurveRange {
  double low, high;
  Side side = Side::nearest;  ///< whether the pieces may lie above the curve, below it, or on both sides
  /// With a side: to bound the curve beyond the range as well where that can be proved, the first and the last piece
  /// turning at the ends of the range if they must, to no more than the steepest slope within it.
  bool beyond = false;
};

struct CurveFit {
  PiecewiseLinear f;  ///< with `pieces` straight pieces in the range, continued straight beyond it
  std::size_t pieces;
  /// Largest distance from the curve within the range, in currency. Proved, or with `not_proved` as measured.
  double error;
  double worst;  ///< where, or next to it
  /// Why error and side are no more than measured; empty where they are proved.
  std::string not_proved = {};
  /// At which spots f is proved to be on its side of the curve: the range or, with CurveRange::beyond, more.
  double from = 0, to = 0;
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
/// Curvature is looked for on 4,096 equal intervals: what happens within one of them the knots do not follow. Then, if
/// the curve has a formula, the distance is bounded at every spot of the range by interval arithmetic, MPFI's, with
/// every number the decimal that it is written as, and pieces that have to lie above the curve, or below, are moved by
/// what is missing. Where that cannot be done - four million steps of the formula are not enough, or there may be a
/// spot without a value - `not_proved` says so, and the error is what was measured at 64 points of each piece and its
/// extremum, as it is of a curve without formula. decisions/0014-a-bound-says-where-it-holds.md.
///
/// Cost: some 500 values of the curve for each piece; some 30 times that for a given number of pieces; and for the
/// proof up to a few seconds.
///
/// Problems: the curve is not finite at some spot of the range, jumps in it, needs more than 100,000 pieces, or goes
/// farther than `error` from its pieces between the spots at which it was looked at.
/// Throw PreconditionError unless the range is finite with low < high, error is positive and finite, and pieces is at
/// least 1.
STRIKENET_EXPORT Result<CurveFit> fewest_pieces(const Curve& curve, const CurveRange& range, double error);
STRIKENET_EXPORT Result<CurveFit> best_pieces(const Curve& curve, const CurveRange& range, std::size_t pieces);

}  // namespace strikenet
