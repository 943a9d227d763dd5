#pragma once

#include <string>

#include "payoff/expression.h"
#include "strikenet/payoff/curve.h"

namespace strikenet {

/// The fit with its error, and with its side, proved by interval arithmetic, of the formula and of the decimals that
/// the pieces are written with: the pieces are moved until they lie wholly above the curve, or below it, if the side
/// says so. Where that cannot be done `not_proved` says why, and everything else is as it was.
///
/// The range is halved until on each part the pieces are bounded by values, by slopes or by curvatures (R. E. Moore, R.
/// B. Kearfott, M. J. Cloud: Introduction to Interval Analysis, SIAM, 2009, chapters 5 and 6), to 1e-8 of
/// the error. With range.beyond the same is then tried on both sides of the range.
CurveFit with_proof(const Expression& formula, const CurveRange& range, CurveFit fit);

}  // namespace strikenet
