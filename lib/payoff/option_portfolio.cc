#include "strikenet/payoff/option_portfolio.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {

OptionPortfolio::OptionPortfolio(double cash, double shares, std::vector<OptionLeg> legs)
    : cash_(cash), shares_(shares), legs_(std::move(legs)) {
  constexpr auto kWhere = "OptionPortfolio";
  require(std::isfinite(cash_), kWhere, "cash", cash_, "must be finite");
  require(std::isfinite(shares_), kWhere, "shares", shares_, "must be finite");
  double last = 0;
  for (const auto& [type, strike, units] : legs_) {
    require(strike.value() > last && std::isfinite(strike.value()), kWhere, "strike", strike.value(),
            "strikes must be positive, finite and strictly increasing");
    require(units != 0 && std::isfinite(units), kWhere, "units", units, "must be finite and not 0");
    last = strike.value();
  }
}

double OptionPortfolio::payoff(double spot) const {
  require(spot >= 0 && std::isfinite(spot), "OptionPortfolio::payoff", "spot", spot, "must be finite and at least 0");
  double sum = cash_ + shares_ * spot;
  for (const auto& [type, strike, units] : legs_) {
    const double inside = type == OptionType::call ? spot - strike.value() : strike.value() - spot;
    sum += units * std::max(inside, 0.0);
  }
  return sum;
}

OptionPortfolio out_of_the_money(const CallPortfolio& calls, Forward forward) {
  require(forward.value() > 0 && std::isfinite(forward.value()), "out_of_the_money", "forward", forward.value(),
          "must be positive and finite");
  double cash = calls.cash(), shares = calls.shares();
  std::vector<OptionLeg> legs;
  for (const auto& [strike, units] : calls.legs()) {
    const bool below = strike.value() < forward.value();
    legs.push_back({below ? OptionType::put : OptionType::call, strike, units});
    if (!below) continue;
    cash -= units * strike.value();
    shares += units;
  }
  return {cash, shares, std::move(legs)};
}

CallPortfolio to_calls(const OptionPortfolio& options) {
  double cash = options.cash(), shares = options.shares();
  std::vector<CallLeg> legs;
  for (const auto& [type, strike, units] : options.legs()) {
    legs.push_back({strike, units});
    if (type == OptionType::call) continue;
    cash += units * strike.value();
    shares -= units;
  }
  return {cash, shares, std::move(legs)};
}

}  // namespace strikenet
