#include "strikenet/quantlib/black_check.h"

#include <cmath>
#include <ql/pricingengines/blackformula.hpp>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

double black_formula(OptionType type, double strike, double forward, double total_vol) {
  const auto side = type == OptionType::call ? QuantLib::Option::Call : QuantLib::Option::Put;
  return QuantLib::blackFormula(side, strike, forward, total_vol);
}

}  // namespace

BlackCheck check_against_black(const SurfaceSlice& slice, std::span<const Strike> strikes) {
  const double forward = slice.forward.value(), discount = slice.discount.value();
  BlackCheck check;
  for (const Strike strike : strikes) {
    const double k = strike.value();
    require(k > 0 && std::isfinite(k), "check_against_black", "strike", k, "must be positive and finite");
    const TotalVol vol = implied_total_vol(slice.curve, k / forward);
    if (std::isnan(vol.value())) {
      ++check.without_vol;
      continue;
    }
    const OptionType type = k < forward ? OptionType::put : OptionType::call;
    const double black = discount * black_formula(type, k, forward, vol.value());
    const double difference = std::abs(price(slice, type, strike) - black) / (discount * forward);
    if (check.compared++ == 0 || !(difference <= check.largest_difference)) {
      check.largest_difference = difference;
      check.strike = k;
    }
  }
  return check;
}

}  // namespace strikenet
