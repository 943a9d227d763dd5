#pragma once

#include <optional>

#include "core/rational.h"
#include "strikenet/payoff/piecewise_linear.h"
#include "strikenet/replication/hedge.h"

namespace strikenet {

/// How a hedge lies below a payoff, in rational arithmetic.
struct ExactShortfall {
  Rational largest;     ///< of payoff - hedge at 0, the kinks, and from below at jumps; negative where it is nowhere
  Rational last_slope;  ///< of the payoff less that of the hedge: above 0, the payoff wins at infinity
};

ExactShortfall shortfall_of(const Hedge& hedge, const PiecewiseLinear& payoff);

/// hedge - payoff, with slopes and jumps that are exact up to their own rounding: what cancels leaves nothing behind.
PiecewiseLinear exact_residual(const Hedge& hedge, const PiecewiseLinear& payoff);

/// The forward units with which the hedge's last slope is that of the payoff: what its calls leave.
double forward_units_for(const Hedge& hedge, const PiecewiseLinear& payoff);

Rational exact_cost(const Hedge& hedge, DiscountFactor discount);

/// A double whose decimal is at least `value`: the first with `places` decimal places, or the next double.
double round_up(const Rational& value, int places);

/// 10^-places times the nearest whole number.
double to_places(double value, int places);

}  // namespace strikenet
