#include "strike_band.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One quote as a band of the out-of-the-money option at its strike.
StrikeBand carried_over(const SmileQuote& quote, std::size_t index, Forward forward) {
  const double k = quote.strike.value() / forward.value();
  const OptionType side = k < 1 ? OptionType::put : OptionType::call;
  const double intrinsic = quote.type == side ? 0.0 : std::abs(1 - k);
  const double bid = quote.bid.value() / forward.value(), ask = quote.ask.value() / forward.value();
  return {.k = k,
          .side = side,
          .low = bid > 0 ? bid - intrinsic : -kInfinity,
          .high = ask - intrinsic,
          .mid = (bid + ask) / 2 - intrinsic,
          .half = (ask - bid) / 2,
          .has_mid = bid > 0,
          .low_of = index,
          .high_of = index,
          .mid_of = index};
}

/// Narrows the first band at a strike by another; kept beside it when they have nothing in common.
void add(std::vector<StrikeBand>& at_strike, const StrikeBand& band) {
  if (!at_strike.empty()) {
    StrikeBand& first = at_strike.front();
    const double low = std::max(first.low, band.low), high = std::min(first.high, band.high);
    if (low < high && first.has_spread() && band.has_spread()) {
      if (low > first.low) first.low_of = band.low_of;
      if (high < first.high) first.high_of = band.high_of;
      first.low = low;
      first.high = high;
      return;
    }
  }
  at_strike.push_back(band);
}

}  // namespace

std::vector<StrikeBand> strike_bands(std::span<const SmileQuote> quotes, Forward forward) {
  std::vector<std::size_t> ordered(quotes.size());  // so that the order of the quotes does not matter
  std::iota(ordered.begin(), ordered.end(), 0U);
  std::ranges::stable_sort(ordered, {},
                           [&](std::size_t q) { return std::tuple(quotes[q].ask, quotes[q].bid, quotes[q].type); });
  std::map<double, std::vector<StrikeBand>> by_strike;
  for (const bool out_of_the_money : {true, false})
    for (const std::size_t q : ordered) {
      const StrikeBand band = carried_over(quotes[q], q, forward);
      if ((quotes[q].type == band.side) == out_of_the_money) add(by_strike[quotes[q].strike.value()], band);
    }
  std::vector<StrikeBand> bands;
  for (const auto& [strike, at_strike] : by_strike)
    bands.insert(bands.end(), at_strike.begin(), at_strike.end());
  return bands;
}

std::vector<StrikeBand> quote_bands(std::span<const SmileQuote> quotes, Forward forward) {
  std::vector<StrikeBand> bands;
  for (std::size_t q = 0; q < quotes.size(); ++q)
    bands.push_back(carried_over(quotes[q], q, forward));
  return bands;
}

double at_the_money_total_vol(std::span<const StrikeBand> bands) {
  double nearest = kInfinity, vol = 0.1;
  for (const StrikeBand& band : bands) {
    const double distance = std::abs(std::log(band.k));
    if (!band.has_mid || !(band.mid > 0) || distance >= nearest) continue;
    const ImpliedVol implied = implied_total_vol(band.side, Forward(1), Strike(band.k), Price(band.mid));
    if (implied.broken != PriceBound::none || !(implied.vol.value() > 0)) continue;
    nearest = distance;
    vol = implied.vol.value();
  }
  return vol;
}

}  // namespace strikenet
