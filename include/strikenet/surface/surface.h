#pragma once

#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/surface/call_curve.h"

namespace strikenet {

/// The lowest and the highest strike of an expiry's quotes, in currency.
struct QuotedStrikes {
  double lowest, highest;
  friend bool operator==(const QuotedStrikes&, const QuotedStrikes&) = default;
};

struct SurfaceSlice {
  ExpiryKey key;
  YearFraction t;
  Forward forward;
  DiscountFactor discount;
  CallCurve curve;
  std::optional<QuotedStrikes> quoted = {};  ///< prices outside are extrapolated; empty when nothing is known
};

/// One network per expiry. All slices have one activation; unless it is `relu` they share their knots.
struct Surface {
  std::string as_of = {};  ///< "2019-06-26T19:45Z", or empty
  std::string underlying = {};
  bool calendar = true;  ///< false: expiries on different underlyings (VIX futures), no order in time applies
  Activation activation = Activation::cubic;
  std::vector<SurfaceSlice> slices = {};  ///< by t; of one t only under different roots, which settle at one instant
  std::string run = {};                   ///< which calibration wrote it, or empty: calibration_files
};

/// Whether all slices have the same knots; true without slices.
STRIKENET_EXPORT bool has_common_knots(const Surface& surface);

/// Discounted price, currency per unit of underlying; calls from call units and puts from put units, never by parity.
/// Throws PreconditionError unless strike >= 0.
STRIKENET_EXPORT double price(const SurfaceSlice& slice, OptionType type, Strike strike);

}  // namespace strikenet
