#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "strikenet/arbitrage/find_arbitrage.h"

namespace strikenet::testing_support {

/// The least payoff of a trade across expiries, with its hedges, over paths through a grid at every expiry, in today's
/// money and in doubles: shares nothing with the proof. Grids hold every strike and step, a little beside each, and
/// what is far away. At one instant there is one price.
inline double least_over_paths(const ArbitrageTrade& trade) {
  const std::size_t n = trade.assumed.size();
  std::vector<std::vector<double>> grids(n);
  std::vector<std::size_t> instant(n, 0);
  for (std::size_t i = 1; i < n; ++i)
    instant[i] = instant[i - 1] + (trade.assumed[i].order == Order::after);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double>& grid = grids[i];
    const double forward = trade.assumed[i].forward;
    grid = {0, forward, 3 * forward, 100 * forward};
    const auto around = [&](double spot) {
      for (const double times : {1 - 1e-7, 1.0, 1 + 1e-7})
        grid.push_back(spot * times);
    };
    for (std::size_t j = 0; j < n; ++j) {
      if (instant[j] != instant[i]) continue;
      const double units = forward / trade.assumed[j].forward;
      for (const TradeLeg& leg : trade.legs)
        if (leg.key == trade.assumed[j].key) around(leg.strike * units);
      for (const ForwardHedge& hedge : trade.hedges)
        for (const ForwardHedge::Step& step : hedge.steps)
          if (hedge.from == trade.assumed[j].key) around(step.spot * units);
    }
    for (int j = 1; j <= 10; ++j)
      grid.push_back(forward * 0.2 * j);
  }
  const auto legs_pay = [&](std::size_t i, double spot) {
    double sum = 0;
    for (const TradeLeg& leg : trade.legs)
      if (leg.key == trade.assumed[i].key)
        sum += leg.units * std::max(leg.type == OptionType::call ? spot - leg.strike : leg.strike - spot, 0.0);
    return sum * trade.assumed[i].discount;
  };
  const auto forwards_held = [&](std::size_t i, double spot) {
    double held = 0;
    for (const ForwardHedge& hedge : trade.hedges)
      for (const ForwardHedge::Step& step : hedge.steps)
        if (hedge.from == trade.assumed[i].key && step.spot <= spot) held = step.forwards;
    return held;
  };
  const std::function<double(std::size_t, double)> least_from = [&](std::size_t i, double spot) -> double {
    double pays = legs_pay(i, spot);
    if (i + 1 == n) return pays;
    const double forwards = forwards_held(i, spot) * trade.assumed[i + 1].discount;
    const double agreed = spot * trade.assumed[i + 1].forward / trade.assumed[i].forward;
    if (instant[i + 1] == instant[i]) return pays + least_from(i + 1, agreed);
    double least = INFINITY;
    for (const double later : grids[i + 1])
      least = std::min(least, forwards * (later - agreed) + least_from(i + 1, later));
    return pays + least;
  };
  double least = INFINITY;
  for (const double spot : grids[0])
    least = std::min(least, least_from(0, spot));
  return least;
}

/// That it pays now and nothing less than nothing later, but for what doubles round.
inline void expect_by_paths(const ArbitrageTrade& trade) {
  double cost = 0, size = 0;
  for (const TradeLeg& leg : trade.legs) {
    cost += leg.units * leg.price;
    size += std::abs(leg.units) * (leg.strike + leg.price);
  }
  EXPECT_LT(cost, 0);
  EXPECT_GE(least_over_paths(trade), -1e-9 * size);
}

}  // namespace strikenet::testing_support
