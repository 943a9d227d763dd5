#pragma once

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/price_bound.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// Black (1976): the undiscounted price of a European option on a forward,
///
///     call = F N(d1) - K N(d2),   put = K N(-d2) - F N(-d1),   d1 = ln(F/K)/s + s/2,   d2 = d1 - s
///
/// with s the total vol. Takes forward > 0, strike >= 0, both finite, and s >= 0 (infinity allowed); at s = 0 it is the
/// intrinsic value. Throws PreconditionError otherwise.
/// The relative error of an out-of-the-money price is below 1e-14 wherever that is a normal double (with the 80-bit
/// long double of x86-64 or a wider one); an in-the-money price is the intrinsic value plus it. About 150 ns.
STRIKENET_EXPORT Price black_price(OptionType type, Forward forward, Strike strike, TotalVol vol);

/// d price / d s, the same for calls and puts: F n(d1). Zero at s = 0 unless at the money.
STRIKENET_EXPORT double black_vega(Forward forward, Strike strike, TotalVol vol);

struct ImpliedVol {
  TotalVol vol{0};  ///< 0 when the price is intrinsic; NaN when there is none
  PriceBound broken = PriceBound::none;
};

/// The total vol whose Black price is `price`. A price below intrinsic, or at or above the upper bound (the forward
/// for a call, the strike for a put), has none: `broken` says which bound, price_bound_problem() puts it into words.
/// Pass the out-of-the-money price: an in-the-money one carries the rounding of its intrinsic part. The vol found is
/// the root of the given double to a relative 2e-15, in the wings and near the bounds too. How well a price pins its
/// vol is another matter: near its upper bound, hardly. About 0.3 to 0.7 us. Throws PreconditionError unless forward >
/// 0, strike > 0, both finite, and price is not NaN.
STRIKENET_EXPORT ImpliedVol implied_total_vol(OptionType type, Forward forward, Strike strike, Price price);

}  // namespace strikenet
