#pragma once

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/price_bound.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// Bachelier (1900): the undiscounted price of a European option on a forward that moves normally,
///
///     call = (F - K) N(d) + s n(d),   put = (K - F) N(-d) + s n(d),   d = (F - K) / s
///
/// with s the normal total vol, in currency: the standard deviation of the forward until expiry. Forward and strike
/// may have any sign. A smoothed ReLU unit, x N(x/s) + s n(x/s), is this price with x = F - K.
/// Takes forward, strike and their difference finite and s >= 0 (infinity allowed); at s = 0 it is the intrinsic
/// value. Throws PreconditionError otherwise.
/// The relative error of an out-of-the-money price is below 1e-14 wherever that is a normal double (with the 80-bit
/// long double of x86-64 or a wider one); an in-the-money price is the intrinsic value plus it. About 100 ns.
STRIKENET_EXPORT Price bachelier_price(OptionType type, Forward forward, Strike strike, NormalTotalVol vol);

/// d price / d s, the same for calls and puts: n(d). Zero at s = 0 unless at the money.
STRIKENET_EXPORT double bachelier_vega(Forward forward, Strike strike, NormalTotalVol vol);

struct ImpliedNormalVol {
  NormalTotalVol vol{0};  ///< 0 when the price is intrinsic, infinite when it is; NaN when there is none
  PriceBound broken = PriceBound::none;
};

/// The normal total vol whose Bachelier price is `price`. A price below intrinsic has none: `broken` says so,
/// price_bound_problem() puts it into words. There is no upper bound. Pass the out-of-the-money price: an in-the-money
/// one carries the rounding of its intrinsic part.
/// The vol found is the root of the given double to a relative 2e-15, however far the strike. (Asking for the logarithm
/// of price over |F - K|, which depends on d alone: Jaeckel 2017, "Implied normal volatility".) About 0.3 us.
/// Throws PreconditionError unless forward, strike and their difference are finite, and price is not NaN.
STRIKENET_EXPORT ImpliedNormalVol implied_normal_total_vol(OptionType type, Forward forward, Strike strike,
                                                           Price price);

}  // namespace strikenet
