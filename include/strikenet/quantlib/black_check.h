#pragma once

#include <span>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// How well the prices of a slice agree with QuantLib's Black formula at the vols that the slice itself implies.
struct BlackCheck {
  /// max over the strikes of |price(slice, K) - discount * blackFormula(K, forward, vol(K))| / (discount * forward),
  /// each on its out-of-the-money side (puts below the forward, calls from it on). 0 when nothing was compared.
  double largest_difference = 0;
  double strike = 0;    ///< where that is, currency per unit of underlying; 0 when nothing was compared
  int compared = 0;     ///< strikes at which the slice has a vol
  int without_vol = 0;  ///< strikes at which it has none, because its price there is intrinsic
};

/// Compares two ways to one price that share no code: network -> price, and network -> implied vol -> QuantLib's
/// formula. A difference beyond 1e-12 or so is a defect of one of them; agreement says nothing about how well the
/// slice fits a market. Cost about 1 us a strike. Throws PreconditionError unless every strike is positive and finite.
STRIKENET_EXPORT BlackCheck check_against_black(const SurfaceSlice& slice, std::span<const Strike> strikes);

}  // namespace strikenet
