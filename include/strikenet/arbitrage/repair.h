#pragma once

#include <cstddef>
#include <vector>

#include "strikenet/arbitrage/trade.h"
#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"

namespace strikenet {

struct RepairOptions {
  bool mid = false;      ///< repair the middles of bid and ask, and not bid and ask. Always so where there is no spread
  bool calendar = true;  ///< false: every expiry by itself
  bool squares = false;  ///< least sum of squares, and not of sizes
};

/// A quote that is repaired: new = old + change. Of a middle bid and ask are both the middle.
struct QuoteRepair {
  std::size_t quote = 0;  ///< index into Chain::quotes
  double bid = 0, ask = 0;
  double bid_change = 0;  ///< <= 0, but for a middle
  double ask_change = 0;  ///< >= 0, but for a middle
  double spreads = 0;     ///< the larger size of the two, in spreads of the quote
};

struct Repair {
  std::vector<QuoteRepair> quotes = {};  ///< those that change, in the order of the chain
  int looked_at = 0;
  double objective = 0;  ///< of the changes as they stand here, rounded
  double optimum = 0;    ///< of the linear programs, before rounding
  bool solved = false;   ///< false: the numerics fell short, and nothing is repaired
  /// Of several expiries with a forward, by time: at what they are in order, as the decimals that they are.
  std::vector<AssumedForward> together = {};
};

/// The smallest change of quotes after which no static arbitrage is left: that of least
///
///     sum over quotes of |change of bid| / spread + |change of ask| / spread,
///
/// a bid falling and an ask rising, so that a trade is left for every price that was in the quote; or, with `mid`, of
///
///     sum over quotes of |change| / spread, what leaves [bid, ask] counted a hundred times.
///
/// With `squares` each size is squared: many small changes and not few large ones. A spread of 0 counts as the least
/// spread above 0 of the expiry, and 1 where there is none. Sums of sizes have solutions at corners, so that few quotes
/// change: those are also the first to look at where quotes contradict each other (the smallest number of quotes would
/// be a problem that is hard in general; Chinneck 1996 takes the same relaxation).
///
/// Of all expiries that have a forward it is one program, from the quotes as they are: convex order at the proportions
/// that find_calendar_arbitrage() assumes. Others, and all without `calendar`, stand by themselves, where nothing is
/// assumed. Quotes looked at are those of find_arbitrage().
///
/// The result is proved as find_arbitrage() and find_calendar_arbitrage() do, at the forwards in `together`, which is
/// first asked of the quotes as they are: what is free of arbitrage does not change, so that repairing again changes
/// nothing. Changed bids and asks are rounded outwards, at the seventh digit of the forward, and by one such step more.
/// Prices without a spread have no room: forwards and discount factors are then decimals of up to eight digits, and
/// prices decimals of up to fifteen, at which calls and puts of one strike agree exactly; a quote that need not change
/// can move by as much as that takes.
///
/// Cost: two linear programs in the prices of calls, with a column for every bid and every ask, and one for each proof;
/// SPXW of 2019-06-26, 30 expiries and 9,678 middles, some seconds; with `squares` eight times as many.
STRIKENET_EXPORT Repair repair(const Chain& chain, const RepairOptions& options = {});

/// The chain with its repairs: a quote as it is where it does not change. Drop::crossed is taken back.
STRIKENET_EXPORT Chain repaired(const Chain& chain, const Repair& repair);

}  // namespace strikenet
