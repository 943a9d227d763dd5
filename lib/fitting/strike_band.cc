#include "strike_band.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One quote as a band of the out-of-the-money option at its strike.
StrikeBand carried_over(const SmileQuote& quote, Forward forward) {
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
          .has_mid = bid > 0};
}

/// Narrows the first band at a strike by another; kept beside it when they have nothing in common.
void add(std::vector<StrikeBand>& at_strike, const StrikeBand& band) {
  if (!at_strike.empty()) {
    StrikeBand& first = at_strike.front();
    const double low = std::max(first.low, band.low), high = std::min(first.high, band.high);
    if (low < high && first.has_spread() && band.has_spread()) {
      first.low = low;
      first.high = high;
      return;
    }
  }
  at_strike.push_back(band);
}

}  // namespace

std::vector<StrikeBand> strike_bands(std::span<const SmileQuote> quotes, Forward forward) {
  std::vector<SmileQuote> ordered(quotes.begin(), quotes.end());  // so that the order of the quotes does not matter
  std::ranges::sort(ordered, {}, [](const SmileQuote& quote) { return std::tuple(quote.ask, quote.bid, quote.type); });
  std::map<double, std::vector<StrikeBand>> by_strike;
  for (const bool out_of_the_money : {true, false})
    for (const SmileQuote& quote : ordered) {
      const StrikeBand band = carried_over(quote, forward);
      if ((quote.type == band.side) == out_of_the_money) add(by_strike[quote.strike.value()], band);
    }
  std::vector<StrikeBand> bands;
  for (const auto& [strike, at_strike] : by_strike)
    bands.insert(bands.end(), at_strike.begin(), at_strike.end());
  return bands;
}

std::vector<StrikeBand> quote_bands(std::span<const SmileQuote> quotes, Forward forward) {
  std::vector<StrikeBand> bands;
  for (const SmileQuote& quote : quotes)
    bands.push_back(carried_over(quote, forward));
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
