#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// Which quotes of a chain a search for arbitrage looks at, and where it differs from a fit. The two ask different
/// questions: a fit wants one price of every option, a search every price at which one can trade.
struct QuotesLookedAt {
  int quotes = 0;     ///< of the chain
  int looked_at = 0;  ///< by find_arbitrage(), repair() and count_families()
  /// Of those, by reason, how many a fit leaves out: no-ask, crossed, duplicate, thin, no-forward or two-chains.
  std::vector<std::pair<Drop, int>> left_out_by_fits = {};
  /// The others, by reason. A quote without an ask is looked at where it has a bid; where middles are judged, a quote
  /// that lacks either is not, for Drop::none if a fit uses it.
  std::vector<std::pair<Drop, int>> not_looked_at = {};
};

/// Every quote of the chain is in exactly one count. `mid` as in FindOptions. Cost O(quotes).
STRIKENET_EXPORT QuotesLookedAt count_looked_at(const Chain& chain, bool mid = false);

/// Two quotes of one option of which one can be bought for less than the other is sold at, by index in Chain::quotes.
struct ContradictingQuotes {
  std::size_t bought, sold;  ///< ask of the first < bid of the second
};

/// For each quote that a fit leaves out as a duplicate, if it contradicts the first quote of its option: in the order
/// of the file. A price between the two bids and asks does not exist, so a fit to the first misses the second.
STRIKENET_EXPORT std::vector<ContradictingQuotes> contradicting_duplicates(const Chain& chain);

}  // namespace strikenet
