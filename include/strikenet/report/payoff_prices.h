#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/greeks.h"
#include "strikenet/payoff/call_portfolio.h"
#include "strikenet/report/price_table.h"

namespace strikenet {

/// One leg of a payoff on one expiry, or the whole of it.
struct PayoffLeg {
  std::size_t expiry;     ///< index into PayoffPrices::expiries
  std::string_view type;  ///< "cash", "shares", "P", "C"; "payoff" for the whole
  std::optional<double> strike;
  double units;  ///< 1 for the whole
  double price;  ///< of one unit, discounted
  double value;  ///< units * price
  /// Of an option, the risk-neutral probability that it ends in the money: of the hidden unit that it is, the
  /// probability that its input is positive.
  std::optional<double> probability;
  std::optional<double> vol;  ///< of an option, Black's; empty where its price is intrinsic
  Greeks greeks;              ///< of all units, discounted; those in strike are not set
};

/// Expiry by expiry: cash, shares, puts below the forward and calls from there on in the order of their strikes - each
/// only where it is held -, and then the whole, whose value and Greeks are the sums.
struct PayoffPrices {
  std::vector<PricedExpiry> expiries;
  std::vector<PayoffLeg> legs;
  Sticky sticky = Sticky::moneyness;
};

/// Cost: CallSurface::at once for each expiry, some 7 us for each leg. Throws PreconditionError where CallSurface::at
/// does.
STRIKENET_EXPORT PayoffPrices price_payoff(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                           const CallPortfolio& calls, Sticky sticky);

/// The value of the whole, expiry by expiry, without legs or Greeks.
STRIKENET_EXPORT std::vector<double> payoff_values(const CallSurface& surface, std::span<const AskedExpiry> expiries,
                                                   const CallPortfolio& calls);

struct PriceBounds {
  double low, high;
};

/// What was asked for, and by how much the book differs from it.
struct AskedPayoff {
  std::string_view text;
  double error = 0;                          ///< at most, of the payoff; 0 where it is exact
  std::span<const PriceBounds> bounds = {};  ///< of the price of what was asked for, an expiry each; empty: not known
};

/// One line per leg (docs/reference/prices.md, "Columns of --payoff"), with the Greeks or without; of JSON the schema
/// "strikenet.payoff-prices/1".
STRIKENET_EXPORT std::string payoff_csv(const PayoffPrices& prices, bool greeks);
STRIKENET_EXPORT std::string payoff_table(const PayoffPrices& prices, bool greeks);
STRIKENET_EXPORT std::string payoff_json(const PricingBasis& basis, const AskedPayoff& payoff,
                                         const PayoffPrices& prices, bool greeks);

}  // namespace strikenet
