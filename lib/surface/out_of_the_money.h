#pragma once

#include <span>
#include <vector>

#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// The out-of-the-money hinge sum of weights at every node - puts below 1, calls from there on: sums of positive terms
/// only.
std::vector<double> out_of_the_money_sums(std::span<const double> nodes, std::span<const double> weights);

/// Black's total vol of an option that is out of the money at strike / forward k, price over forward; NaN where the
/// price is 0, or where it has none.
TotalVol total_vol_of(OptionType type, double k, double price);

}  // namespace strikenet
