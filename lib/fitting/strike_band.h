#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "strikenet/fitting/fit_smile.h"

namespace strikenet {

/// What the quotes of one strike ask of its out-of-the-money option, in units of the forward. In-the-money quotes are
/// carried over by parity; a strike whose quotes leave no common band gives one StrikeBand per quote.
struct StrikeBand {
  double k;          ///< strike / forward
  OptionType side;   ///< put below the forward, call from there on
  double low, high;  ///< the band; low is -infinity when only asks bound it
  double mid;        ///< middle of the out-of-the-money spread, or of the in-the-money one where there is no other
  double half;       ///< its half width: the unit in which a distance is stated. 0 without a spread
  bool has_mid;      ///< false when the spread has no bid
  std::size_t low_of = 0, high_of = 0, mid_of = 0;  ///< quotes, of those given, that low, high, and mid and half are of

  bool has_spread() const { return half > 0; }
  friend bool operator==(const StrikeBand&, const StrikeBand&) = default;
};

/// By k. Prices without a spread have low == high. Where two quotes bound a band alike it is of the first of them, out
/// of the money before in the money.
std::vector<StrikeBand> strike_bands(std::span<const SmileQuote> quotes, Forward forward);

/// The same, one band a quote: nothing is narrowed by another.
std::vector<StrikeBand> quote_bands(std::span<const SmileQuote> quotes, Forward forward);

/// The at-the-money total vol: implied by the strike nearest the forward whose middle price has a vol; 0.1 when none
/// has.
double at_the_money_total_vol(std::span<const StrikeBand> bands);

}  // namespace strikenet
