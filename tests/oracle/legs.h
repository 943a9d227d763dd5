#pragma once

#include <functional>
#include <span>
#include <vector>

#include "strikenet/core/greeks.h"
#include "strikenet/payoff/call_portfolio.h"
#include "strikenet/portfolio/portfolio_greeks.h"

namespace strikenet::oracle {

/// QuantLib's Greeks of one option a strike.
using GreeksAt = std::function<std::vector<Greeks>(OptionType, std::span<const double> strikes)>;

/// A position valued by QuantLib, call by call: in and out of the money, and without a word of parity.
inline PortfolioGreeks sum_of_calls(const CallPortfolio& calls, double forward, const GreeksAt& greeks_at) {
  std::vector<double> strikes;
  for (const CallLeg& leg : calls.legs())
    strikes.push_back(leg.strike.value());
  const std::vector<Greeks> greeks = greeks_at(OptionType::call, strikes);
  PortfolioGreeks sum{.price = calls.cash() + calls.shares() * forward, .delta = calls.shares()};
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const double units = calls.legs()[i].units;
    sum.price += units * greeks[i].price;
    sum.delta += units * greeks[i].delta;
    sum.gamma += units * greeks[i].gamma;
    sum.vega += units * greeks[i].vega;
    sum.theta += units * greeks[i].theta;
  }
  return sum;
}

}  // namespace strikenet::oracle
