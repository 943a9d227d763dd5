#pragma once

#include <optional>

#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// Of one expiry.
struct VolTerms {
  YearFraction t;
  Forward forward;
  DiscountFactor discount;
};

/// The Black vol of a discounted price, from the out-of-the-money side; empty when it has none.
std::optional<double> vol_of_price(const VolTerms& terms, OptionType type, double strike, double price);

}  // namespace strikenet
