#pragma once

#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// From the lowest strike to the highest.
struct StrikeRange {
  double low, high;
};

/// What one looks at before fitting, of one expiry and root or of a whole file. Prices are as the file states them; of
/// vols, those of undiscounted calls on the forward that the file states.
struct QuoteFacts {
  int quotes = 0;
  int dirty = 0;        ///< without a bid above 0, without an ask above 0, or with the bid above the ask
  int pairs = 0;        ///< strikes with a call and a put, both with bid and ask; none where they are fewer than five
  int in_parity = 0;    ///< of these, how many lie within half their two spreads of put-call parity: see inspect()
  int triples = 0;      ///< adjacent strikes of one type, each with bid and ask
  int butterflies = 0;  ///< of these, free of cost at the quoted bid and ask: two wings bought at their asks for less
                        ///< than twice the body's bid. 0 in a file without spreads
  int negative = 0;     ///< of these, butterflies of less than nothing at prices in the middle of bid and ask
  int untraded = 0;     ///< last traded more than five days before the as-of, where the file says when
  int traded = 0;       ///< of which the file says when they last traded
  int without_vol = 0;  ///< beside whose prices the file's own vol stands for none
  std::optional<StrikeRange> strikes = {};      ///< of all quotes
  std::optional<StrikeRange> bid_strikes = {};  ///< of those with a bid above 0
};

struct ExpiryFacts {
  ExpiryKey key;
  QuoteFacts facts;
  std::optional<double> t = {};  ///< years to settlement, where file and as-of say it; below 0 when it is over
};

/// Facts of a file as it stands, before anything is left out of it.
struct Inspection {
  std::vector<ExpiryFacts> expiries;  ///< by time, then name; those without a time last
  QuoteFacts total;
  int dates = 0;            ///< different expiry dates, whatever their root
  bool has_spread = false;  ///< bids and asks of their own, prices or vols
};

/// `root` stands in for rows that name none, as PrepareOptions::root, and `as_of` for the file's.
///
/// Parity, per expiry and root with at least five pairs: mid(call) - mid(put) = a + b strike by least squares, weighted
/// with 1 / (sum of the two spreads), over the third of the pairs - at least five - with the smallest |mid(call) -
/// mid(put)|; in it are pairs no farther from that line than half the sum of their spreads. Of vols and of single
/// prices it is not counted. Butterflies: per expiry, root and type, of the quotes with bid and ask by strike, the
/// first of duplicates,
///
///     (K3 - K2) / (K3 - K1) ask_1 + (K2 - K1) / (K3 - K1) ask_3 < bid_2 - 1e-9
///
/// and the same with the middle prices. Vols without a forward, or without a time, have no prices: they count in none.
STRIKENET_EXPORT Inspection inspect(const RawChain& raw, const std::string& root = {},
                                    std::optional<Instant> as_of = {});

}  // namespace strikenet
