#include "strikenet/portfolio/portfolio_greeks.h"

namespace strikenet {

PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward,
                                 const std::function<Greeks(OptionType, Strike)>& price_leg) {
  const OptionPortfolio options = out_of_the_money(calls, forward);
  PortfolioGreeks sum{.price = options.cash() + options.shares() * forward.value(), .delta = options.shares()};
  for (const auto& [type, strike, units] : options.legs()) {
    const Greeks leg = price_leg(type, strike);
    sum.price += units * leg.price;
    sum.delta += units * leg.delta;
    sum.gamma += units * leg.gamma;
    sum.vega += units * leg.vega;
    sum.theta += units * leg.theta;
  }
  return sum;
}

PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward, YearFraction t, Vol vol) {
  return portfolio_greeks(calls, forward,
                          [&](OptionType type, Strike strike) { return black_greeks(type, forward, strike, vol, t); });
}

PortfolioGreeks portfolio_greeks(const CallPortfolio& calls, Forward forward, YearFraction t,
                                 const std::function<Vol(Strike)>& vol) {
  return portfolio_greeks(calls, forward, [&](OptionType type, Strike strike) {
    return black_greeks(type, forward, strike, vol(strike), t);
  });
}

}  // namespace strikenet
