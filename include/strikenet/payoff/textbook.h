#pragma once

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// The payoffs that have a name, per unit, as functions of the spot at expiry: John Hull, "Options, futures, and other
/// derivatives", the chapters on trading strategies and on exotic options. Positions are long. Where strikes are
/// several they are in increasing order.
/// All throw PreconditionError unless strikes are positive, finite and strictly increasing.

STRIKENET_EXPORT PiecewiseLinear call(Strike strike);                     ///< (S - K)+
STRIKENET_EXPORT PiecewiseLinear put(Strike strike);                      ///< (K - S)+
STRIKENET_EXPORT PiecewiseLinear forward(Strike strike);                  ///< S - K
STRIKENET_EXPORT PiecewiseLinear straddle(Strike strike);                 ///< |S - K|
STRIKENET_EXPORT PiecewiseLinear strangle(Strike low, Strike high);       ///< put low, call high
STRIKENET_EXPORT PiecewiseLinear risk_reversal(Strike low, Strike high);  ///< call high, minus put low
STRIKENET_EXPORT PiecewiseLinear call_spread(Strike low, Strike high);    ///< call low, minus call high
STRIKENET_EXPORT PiecewiseLinear put_spread(Strike low, Strike high);     ///< put high, minus put low
/// Rises with slope 1 from low to middle and falls back to 0 at high, with whatever slope that takes.
STRIKENET_EXPORT PiecewiseLinear butterfly(Strike low, Strike middle, Strike high);
/// Rises with slope 1 from the first strike to the second, stays, and falls from the third to 0 at the fourth.
STRIKENET_EXPORT PiecewiseLinear condor(Strike first, Strike second, Strike third, Strike fourth);
/// Call low, minus a call at each of the others: falls without bound at the end.
STRIKENET_EXPORT PiecewiseLinear ladder(Strike low, Strike middle, Strike high);
/// min((S - K)+, cap). Throws PreconditionError unless cap is positive and finite.
STRIKENET_EXPORT PiecewiseLinear capped_call(Strike strike, double cap);
/// `cash` where S >= K, and where S < K. At K itself the call pays.
STRIKENET_EXPORT PiecewiseLinear digital_call(Strike strike, double cash = 1);
STRIKENET_EXPORT PiecewiseLinear digital_put(Strike strike, double cash = 1);
/// S - strike where S >= trigger, and strike - S where S < trigger; may be negative. With strike 0 the call is
/// asset-or-nothing, and the put is short one. The trigger is positive, the strike at least 0; in any order.
STRIKENET_EXPORT PiecewiseLinear gap_call(Strike trigger, Strike strike);
STRIKENET_EXPORT PiecewiseLinear gap_put(Strike trigger, Strike strike);

}  // namespace strikenet
