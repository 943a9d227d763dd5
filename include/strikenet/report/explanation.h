#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/fitting/surface_fit.h"
#include "strikenet/market/chain.h"
#include "strikenet/report/price_table.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet {

/// What one quote contributes to the price of an option.
struct QuoteShare {
  std::size_t quote;   ///< index into Chain::quotes
  double sensitivity;  ///< d price / d quote, both discounted: see SurfaceFit::sensitivities
  double share;        ///< |sensitivity|, of the sum over all quotes
};

struct Explanation {
  std::vector<QuoteShare> quotes;  ///< the largest |sensitivity| first; none with a share below 1e-9
  double sensitivity_sum = 0;      ///< of the absolute values, over all quotes of the chain
};

/// The `top` quotes that each price leans on most. Evaluates, estimates nothing: `surface` must be that of the fit.
/// Cost: one sparse LU, and a solve for each option; memory for a number per option and quote.
/// Throws PreconditionError as CallSurface::weight_gradients and SurfaceFit::sensitivities do - so for an expiry after
/// the last of the surface -, and for an option whose expiry is none.
STRIKENET_EXPORT std::vector<Explanation> explain_prices(const SurfaceFit& fit, const CallSurface& surface,
                                                         std::span<const AskedExpiry> expiries,
                                                         std::span<const AskedOption> options, std::size_t top);

/// Prices with what explains them: one explanation for each of the options.
struct ExplainedPrices {
  const OptionPrices& prices;
  const Chain& chain;
  const std::vector<Explanation>& explanations;
};

/// One line per option and quote (docs/reference/prices.md).
STRIKENET_EXPORT std::string explanations_csv(const ExplainedPrices& explained);

/// The columns of the CSV for a terminal.
STRIKENET_EXPORT std::string explanations_table(const ExplainedPrices& explained);

/// prices_json, and in each option the list of its quotes.
STRIKENET_EXPORT std::string explanations_json(const PricingBasis& basis, const ExplainedPrices& explained);

}  // namespace strikenet
