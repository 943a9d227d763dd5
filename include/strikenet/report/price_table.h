#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet {

/// A time at which options expire, and the name under which it is reported.
struct AskedExpiry {
  ExpiryKey key;
  YearFraction t;
};

/// The slice of the surface that an expiry names: of several that settle at one instant each has its own forward. None
/// where it names none, as a time between expiries.
STRIKENET_EXPORT std::optional<std::size_t> slice_of(const CallSurface& surface, const AskedExpiry& expiry);
/// The smile of that slice, or else of the surface at the time.
STRIKENET_EXPORT SurfaceSmile smile_of(const CallSurface& surface, const AskedExpiry& expiry);

struct AskedOption {
  std::size_t expiry;  ///< index into the expiries that are asked for
  OptionType type;
  Strike strike;
  /// As the user wrote it, where the strike follows from it; otherwise strike / forward is reported.
  std::optional<double> moneyness = {};
};

struct PricedExpiry {
  ExpiryKey key;
  YearFraction t;
  Forward forward;
  DiscountFactor discount;
};

/// What stands in prices and in Greeks alike.
struct PricedOption {
  std::size_t expiry;  ///< index into PricedExpiries
  OptionType type;
  Strike strike;
  double moneyness;
  double price;               ///< discounted
  std::optional<double> vol;  ///< Black's; empty where the price is intrinsic
  Extrapolation extrapolation;
};

struct OptionPrice {
  PricedOption option;
  std::optional<double> total_variance;
  double density, cdf;
  std::optional<double> local_vol;  ///< at most the cap; empty where there is none
  bool local_vol_capped = false;    ///< the surface's is above CallSurfaceOptions::local_vol_cap, which stands for it
};

struct OptionGreeks {
  PricedOption option;
  Greeks greeks;  ///< theta is NaN for Sticky::moneyness on a surface without order in time
  std::optional<double> spot_delta, spot_gamma;  ///< of CallSurfaceOptions::spot
};

/// One per option asked for, in the same order, with what could not be told counted.
struct OptionPrices {
  std::vector<PricedExpiry> expiries;
  std::vector<OptionPrice> options;
  std::size_t without_vol = 0, without_local_vol = 0, local_vols_capped = 0;
};

struct GreeksOfOptions {
  std::vector<PricedExpiry> expiries;
  std::vector<OptionGreeks> options;
  Sticky sticky = Sticky::moneyness;
  std::size_t without_vol = 0;
};

/// Prices options, in any order; evaluates, estimates nothing. A local vol above CallSurfaceOptions::local_vol_cap is
/// reported as the cap, and counted. Cost: CallSurface::at once for each expiry, some 3 us for each option.
/// Throws PreconditionError where CallSurface::at or SurfaceSmile do, and for an option whose expiry is none.
STRIKENET_EXPORT OptionPrices price_options(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                            std::span<const AskedOption> options);

STRIKENET_EXPORT GreeksOfOptions greeks_of_options(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                                   std::span<const AskedOption> options, Sticky sticky);

/// What the answers rest on.
struct PricingBasis {
  const CallSurface& surface;
  const Certificate& certificate;  ///< of the surface
  std::string_view clock;          ///< "calendar", "trading-days"
};

/// One line per option under a line of names (docs/reference/prices.md), numbers with the fewest digits that read back.
/// A quantity that does not exist is an empty field.
STRIKENET_EXPORT std::string prices_csv(const OptionPrices& prices);
STRIKENET_EXPORT std::string greeks_csv(const GreeksOfOptions& greeks);

/// Schemas "strikenet.prices/1" and "strikenet.greeks/1" (docs/reference/prices.md), one option a line. A quantity that
/// does not exist is null.
STRIKENET_EXPORT std::string prices_json(const PricingBasis& basis, const OptionPrices& prices);
STRIKENET_EXPORT std::string greeks_json(const PricingBasis& basis, const GreeksOfOptions& greeks);

/// The columns of the CSV for a terminal, but time, discount factor and total variance: aligned, numbers rounded to six
/// digits, "-" for what does not exist.
STRIKENET_EXPORT std::string prices_table(const OptionPrices& prices);
STRIKENET_EXPORT std::string greeks_table(const GreeksOfOptions& greeks);

}  // namespace strikenet
