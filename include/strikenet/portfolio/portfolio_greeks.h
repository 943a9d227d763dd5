#pragma once

#include <functional>

#include "strikenet/core/export.h"
#include "strikenet/core/greeks.h"
#include "strikenet/payoff/call_portfolio.h"
#include "strikenet/payoff/option_portfolio.h"

namespace strikenet {

/// The undiscounted price of a position and its derivatives, in the units of Greeks. Those in strike belong to a single
/// option, and a position has none.
struct PortfolioGreeks {
  double price = 0;  ///< currency
  double delta = 0;  ///< d price / d F: the shares that hedge it
  double gamma = 0;
  double vega = 0;   ///< for a parallel move of all vols, by 1.00
  double theta = 0;  ///< per year that passes, forward and vols unchanged
};

/// Sums of the legs, each priced by `price_leg` out of the money - puts below the forward, calls from there on:
///
///     price = cash' + shares' F + sum_i units_i price_i,      delta = shares' + sum_i units_i delta_i,
///     gamma, vega, theta = sum_i units_i (gamma, vega, theta)_i
///
/// with cash' and shares' those of out_of_the_money(calls, forward). Any model will do that prices one option at a
/// time: the position is linear in its options, and so is the network that it is. What delta holds fixed (the vol of
/// each strike, or of each moneyness) is up to price_leg. One call of price_leg a leg.
/// Throws PreconditionError unless forward is positive and finite, and whatever price_leg throws.
STRIKENET_EXPORT PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward,
                                                  const std::function<Greeks(OptionType, Strike)>& price_leg);

/// By Black (1976) at one vol. About 0.6 us a leg. Throws PreconditionError as black_greeks() does.
STRIKENET_EXPORT PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward, YearFraction t, Vol vol);

/// By Black (1976) at the vol of each strike, which does not move with the forward ("sticky strike").
STRIKENET_EXPORT PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward, YearFraction t,
                                                  const std::function<Vol(Strike)>& vol);

}  // namespace strikenet
