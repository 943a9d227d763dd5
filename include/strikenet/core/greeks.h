#pragma once

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// An undiscounted price and its derivatives. The forward is what moves: with interest and dividends, a spot delta is
/// this one times the discount factor times dF/dS.
struct Greeks {
  double price = 0;       ///< currency per unit of underlying
  double delta = 0;       ///< d price / d F
  double gamma = 0;       ///< d2 price / d F2
  double vega = 0;        ///< d price / d vol, for a vol of 1.00, not of one point
  double theta = 0;       ///< - d price / d t: per year that passes with forward and vol unchanged, without carry
  double dual_delta = 0;  ///< d price / d K: minus the probability of exercise for a call, plus for a put
  double dual_gamma = 0;  ///< d2 price / d K2: the probability density of the underlying at K
};

/// The Greeks of Black (1976). With s = vol sqrt(t), d1 = ln(F/K)/s + s/2 and d2 = d1 - s,
///
///     delta = N(d1)              call       dual delta = -N(d2)     call
///           = -N(-d1)            put                   = N(-d2)     put
///     gamma = n(d1) / (F s)                 dual gamma = n(d2) / (K s)
///     vega  = F n(d1) sqrt(t)               theta      = -F n(d1) vol / (2 sqrt(t))
///
/// Takes forward > 0, strike >= 0, both finite, vol >= 0 and t >= 0 finite. Throws PreconditionError otherwise.
/// Out of the money the relative error of each is below 1e-13, far wings included. At s = 0 the delta is a step, 1/2 at
/// the money, where gamma and dual gamma are infinite; so is minus theta at t = 0. About 0.6 us.
STRIKENET_EXPORT Greeks black_greeks(OptionType type, Forward forward, Strike strike, Vol vol, YearFraction t);

/// The Greeks of Bachelier (1900), for a normal vol in currency per square root of a year. With s = normal_vol sqrt(t)
/// and d = (F - K) / s,
///
///     delta = N(d) call, -N(-d) put         dual delta = minus delta
///     gamma = n(d) / s                      dual gamma = gamma
///     vega  = n(d) sqrt(t)                  theta      = -n(d) normal_vol / (2 sqrt(t))
///
/// Takes any finite forward and strike whose difference is finite; otherwise as black_greeks().
STRIKENET_EXPORT Greeks bachelier_greeks(OptionType type, Forward forward, Strike strike, NormalVol normal_vol,
                                         YearFraction t);

}  // namespace strikenet
