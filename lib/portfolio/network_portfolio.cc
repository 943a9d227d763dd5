#include "strikenet/portfolio/network_portfolio.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace strikenet {
namespace {

// A portfolio that is being put together.
struct Position {
  double cash = 0;
  double shares = 0;
  std::map<double, double> units_at = {};  // by strike; equal kinks meet here

  // out_weight * (in_weight * x + bias)
  void add_line(const HiddenUnit& unit) {
    cash += unit.out_weight * unit.bias;
    shares += unit.out_weight * unit.in_weight;
  }

  void add(const HiddenUnit& unit) {
    if (unit.in_weight == 0) {
      cash += unit.out_weight * std::max(unit.bias, 0.0);
      return;
    }
    const double kink = -unit.bias / unit.in_weight;
    const bool on_at_zero = unit.in_weight > 0 ? kink <= 0 : kink > 0;
    if (on_at_zero) add_line(unit);
    if (kink > 0 && std::isfinite(kink)) units_at[kink] += unit.out_weight * std::abs(unit.in_weight);
  }
};

}  // namespace

CallPortfolio to_calls(const ReluNetwork& network) {
  Position position{.cash = network.offset()};
  for (const HiddenUnit& unit : network.units())
    position.add(unit);
  std::vector<CallLeg> legs;
  for (const auto& [strike, units] : position.units_at) {
    if (units != 0) legs.push_back({Strike(strike), units});
  }
  return {position.cash, position.shares, std::move(legs)};
}

ReluNetwork to_network(const CallPortfolio& calls) {
  std::vector<HiddenUnit> units;
  if (calls.shares() != 0) units.push_back({.in_weight = 1, .bias = 0, .out_weight = calls.shares()});
  for (const auto& [strike, held] : calls.legs()) {
    units.push_back({.in_weight = 1, .bias = -strike.value(), .out_weight = held});
  }
  return {calls.cash(), std::move(units)};
}

}  // namespace strikenet
