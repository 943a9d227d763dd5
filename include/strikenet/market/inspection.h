#pragma once

#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// What one looks at before fitting, of one expiry and root or of a whole file. Prices are as the file states them.
struct QuoteFacts {
  int quotes = 0;
  int dirty = 0;        ///< without a bid above 0, without an ask above 0, or with the bid above the ask
  int pairs = 0;        ///< strikes with a call and a put, both with bid and ask; none where they are fewer than five
  int in_parity = 0;    ///< of these, how many lie within half their two spreads of put-call parity: see inspect()
  int butterflies = 0;  ///< free of cost at the quoted bid and ask: two wings bought at their asks for less than twice
                        ///< the body's bid, at adjacent strikes
};

struct ExpiryFacts {
  ExpiryKey key;
  QuoteFacts facts;
};

/// Facts of a file as it stands, before anything is left out of it.
struct Inspection {
  std::vector<ExpiryFacts> expiries;  ///< in the order of the file
  QuoteFacts total;
  int dates = 0;               ///< different expiry dates, whatever their root
  int quotes_of_a_spread = 0;  ///< with a bid or an ask of its own: 0 in a file of single prices or vols
};

/// `root` stands in for rows that name none, as PrepareOptions::root.
///
/// Parity, per expiry and root with at least five pairs: mid(call) - mid(put) = a + b strike by least squares, weighted
/// with 1 / (sum of the two spreads), over the third of the pairs - at least five - with the smallest |mid(call) -
/// mid(put)|; in it are pairs no farther from that line than half the sum of their spreads. Butterflies: per expiry,
/// root and type, of the quotes with bid and ask by strike, the first of duplicates,
///
///     (K3 - K2) / (K3 - K1) ask_1 + (K2 - K1) / (K3 - K1) ask_3 < bid_2 - 1e-9
///
/// Of a file of vols, and of single prices, neither is counted: their prices depend on forwards, or have no spread.
STRIKENET_EXPORT Inspection inspect(const RawChain& raw, const std::string& root = {});

}  // namespace strikenet
