#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "fitting/oracle_quotes.h"
#include "strikenet/market/chain.h"

namespace strikenet::oracle {

/// Out-of-the-money quotes of flat vols, one vol a slice: `count` strikes from `-sds` to `sds` standard deviations,
/// quoted at spread(price), a pair of bid and ask. Discount factors are 1.
template <class Spread>
Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double forward, double sds, int count,
                 Spread spread) {
  Chain chain;
  for (const auto& [t, vol] : times_and_vols) {
    const auto strikes = strikes_between(forward, vol * std::sqrt(t), -sds, sds, count);
    const auto calls = black_calls(vol, forward, t, strikes), puts = black_puts(vol, forward, t, strikes);
    const ExpiryKey key{"T=" + std::to_string(t)};
    for (std::size_t i = 0; i < strikes.size(); ++i) {
      const bool put = strikes[i] < forward;
      const auto [bid, ask] = spread(put ? puts[i] : calls[i]);
      chain.quotes.push_back({.slice = static_cast<int>(chain.slices.size()),
                              .key = key,
                              .strike = strikes[i],
                              .type = put ? OptionType::put : OptionType::call,
                              .bid = bid,
                              .ask = ask});
    }
    chain.slices.push_back({key, YearFraction(t), Forward(forward), DiscountFactor(1), {}});
  }
  return chain;
}

/// `half` currency to either side of the price; 0: no spread.
inline Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double forward, double sds,
                        int count, double half) {
  Chain chain = flat_chain(times_and_vols, forward, sds, count,
                           [half](double price) { return std::pair(std::max(price - half, 0.0), price + half); });
  chain.has_spread = half > 0;
  return chain;
}

}  // namespace strikenet::oracle
