#include "knots.h"

#include <algorithm>
#include <cmath>

namespace strikenet {

std::vector<double> sinh_knots(const KnotRange& range, Activation activation, int units) {
  const double low = -std::max(-2 * std::log(range.lowest_quote), 10 * range.longest);
  const double high = std::max(2 * std::log(range.highest_quote), 8 * range.longest);
  const double a = std::max(range.shortest / 2, range.longest / 16);
  const double first = std::asinh(low / a), last = std::asinh(high / a);
  if (units == 0) {
    const double step = std::min(0.05, range.shortest / (2.4 * a));
    units = std::min(static_cast<int>(std::ceil((last - first) / step)), 500);
  }
  const int count = units + knots_per_unit(activation) - 1;
  std::vector<double> knots;
  for (int i = 0; i < count; ++i)
    knots.push_back(std::exp(a * std::sinh(count == 1 ? 0.0 : first + (last - first) * i / (count - 1))));
  return knots;
}

std::vector<double> quoted_knots(std::span<const double> strikes, double total_vol) {
  std::vector<double> knots(strikes.begin(), strikes.end());
  std::ranges::sort(knots);
  knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
  const double beyond = std::exp(10 * total_vol);
  knots.insert(knots.begin(), std::min(knots.front(), 1.0) / beyond);
  knots.push_back(std::max(knots.back(), 1.0) * beyond);
  return knots;
}

}  // namespace strikenet
