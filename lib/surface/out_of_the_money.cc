#include "surface/out_of_the_money.h"

#include <limits>

#include "strikenet/core/black.h"

namespace strikenet {

std::vector<double> out_of_the_money_sums(std::span<const double> nodes, std::span<const double> weights) {
  const std::size_t n = nodes.size();
  std::vector<double> sums(n, 0.0);
  double mass = 0, sum = 0;
  for (std::size_t i = 0; i < n && nodes[i] < 1; ++i) {
    if (i > 0) sum += mass * (nodes[i] - nodes[i - 1]);
    sums[i] = sum;
    mass += weights[i];
  }
  mass = sum = 0;
  for (std::size_t i = n; i-- > 0 && nodes[i] >= 1;) {
    if (i + 1 < n) sum += mass * (nodes[i + 1] - nodes[i]);
    sums[i] = sum;
    mass += weights[i];
  }
  return sums;
}

TotalVol total_vol_of(OptionType type, double k, double price) {
  const TotalVol none(std::numeric_limits<double>::quiet_NaN());
  if (!(price > 0)) return none;
  const ImpliedVol implied = implied_total_vol(type, Forward(1), Strike(k), Price(price));
  return implied.broken == PriceBound::none ? implied.vol : none;
}

}  // namespace strikenet
