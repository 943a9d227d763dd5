#include "strikenet/payoff/call_portfolio.h"

#include <cmath>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {

CallPortfolio::CallPortfolio(double cash, double shares, std::vector<CallLeg> legs)
    : cash_(cash), shares_(shares), legs_(std::move(legs)) {
  constexpr auto kWhere = "CallPortfolio";
  require(std::isfinite(cash_), kWhere, "cash", cash_, "must be finite");
  require(std::isfinite(shares_), kWhere, "shares", shares_, "must be finite");
  double last = 0;
  for (const auto& [strike, units] : legs_) {
    require(strike.value() > last && std::isfinite(strike.value()), kWhere, "strike", strike.value(),
            "strikes must be positive, finite and strictly increasing");
    require(units != 0 && std::isfinite(units), kWhere, "units", units, "must be finite and not 0");
    last = strike.value();
  }
}

double CallPortfolio::payoff(double spot) const {
  require(spot >= 0 && std::isfinite(spot), "CallPortfolio::payoff", "spot", spot, "must be finite and at least 0");
  double sum = cash_ + shares_ * spot;
  for (const auto& [strike, units] : legs_) {
    if (spot <= strike.value()) break;
    sum += units * (spot - strike.value());
  }
  return sum;
}

}  // namespace strikenet
