#include "report/quote_vol.h"

#include <cmath>

#include "strikenet/core/black.h"

namespace strikenet {

std::optional<double> vol_of_price(const VolTerms& terms, OptionType type, double strike, double price) {
  const double forward = terms.forward.value();
  const OptionType side = strike < forward ? OptionType::put : OptionType::call;
  double undiscounted = price / terms.discount.value();
  if (type != side) undiscounted -= std::abs(forward - strike);
  if (!(undiscounted > 0)) return std::nullopt;
  const ImpliedVol implied = implied_total_vol(side, terms.forward, Strike(strike), Price(undiscounted));
  if (implied.broken != PriceBound::none) return std::nullopt;
  return implied.vol.value() / std::sqrt(terms.t.value());
}

}  // namespace strikenet
