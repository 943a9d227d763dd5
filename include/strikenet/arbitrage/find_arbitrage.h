#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strikenet/arbitrage/trade.h"
#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// A trade at the quoted prices, with its proof.
struct ArbitrageTrade {
  std::vector<TradeLeg> legs;  ///< by strike, calls before puts; units are the smallest whole numbers that do - of
                               ///< strikes with many digits, where these pass a million, decimals of which the largest
                               ///< is 1
  std::vector<ForwardHedge> hedges = {};     ///< of a trade across expiries: what is done in between
  std::vector<AssumedForward> assumed = {};  ///< of its expiries, by time; empty within one, where nothing is assumed
  TradeProof proof = {};
  /// "crossed", "outright", "vertical spread", "butterfly", "parity", else "portfolio"; across expiries "calendar
  /// spread", "calendar vertical", "calendar butterfly" or "calendar portfolio"; across roots that settle at one
  /// instant "same-instant spread" and so on.
  std::string family = {};
};

/// What the quotes of one expiry and root say.
enum class ExpiryVerdict {
  none,            ///< no arbitrage: a law that prices every quote within its bid and ask is known, exactly
  arbitrage,       ///< a trade is proved
  weak_arbitrage,  ///< one that costs nothing is proved
  not_proved,      ///< neither: quotes touch what is possible, as prices without a spread do, to the last digits
};

STRIKENET_EXPORT std::string_view to_string(ExpiryVerdict verdict);  ///< "none", "arbitrage", "weak arbitrage", ...

struct ExpiryArbitrage {
  ExpiryKey key;
  int quotes = 0;  ///< looked at
  ExpiryVerdict verdict = ExpiryVerdict::not_proved;
  std::vector<ArbitrageTrade> trades = {};  ///< no two share a quote; the first gains most for the spreads it crosses
  bool more = false;                        ///< there are others beyond FindOptions::trades
};

struct FindOptions {
  bool mid = false;  ///< judge the middles of bid and ask, as if one could trade at them
  int trades = 3;    ///< at most so many of each expiry; at least 1
  int threads = 1;   ///< expiries at a time; the result is the same
};

/// Is there static arbitrage within any expiry of a chain, at the quoted prices, and which trade is it?
///
/// Of each expiry and root: is there a law of S >= 0, of any mass D (the discount factor) and any mean, such that
///
///     bid <= sum_j w_j (S_j - K)+ <= ask     for every call, the same with (K - S_j)+ for every put?
///
/// That is a sparse linear program in the prices at the strikes, complete for the options of one expiry: where there is
/// no such law its dual is a trade. Nothing is assumed about rates and forwards: cash and forward are the boxes and
/// synthetics that the options contain, at bid and ask. Both answers are then proved in rational arithmetic - the trade
/// by prove_trade(), the law by its prices at every quote - and where neither proof succeeds the verdict says so.
///
/// Looked at is every quote with a price, also what prepare() leaves out as crossed, duplicate, two-chains, thin or
/// no-forward, and the bid of one without an ask; not what has expired. European exercise is assumed.
///
/// Trades across expiries are not looked at here. Throws PreconditionError unless trades >= 1 and threads >= 1. Cost:
/// one to three linear programs per expiry, of as many rows as quotes; two more per trade.
STRIKENET_EXPORT std::vector<ExpiryArbitrage> find_arbitrage(const Chain& chain, const FindOptions& options = {});

/// An expiry that is not looked at together with the others.
struct LeftOutExpiry {
  ExpiryKey key;
  std::string reason;  ///< "has arbitrage within itself", "is not proved", "has no forward" (or one a thousand
                       ///< strikes away, from quotes that contradict each other), "contradicts its forward"
};

/// What the quotes of several expiries say together.
struct CalendarArbitrage {
  ExpiryVerdict verdict = ExpiryVerdict::none;  ///< as of one expiry; weak arbitrage is not looked for
  std::vector<AssumedForward> together = {};    ///< the expiries looked at, by time; fewer than two say nothing
  std::vector<LeftOutExpiry> left_out = {};
  std::vector<ArbitrageTrade> trades = {};  ///< no two share a quote
  bool more = false;                        ///< there are others beyond FindOptions::trades
};

/// Is there arbitrage across the expiries of a chain that are free of it within themselves (`within`, what
/// find_arbitrage() says of the same chain)?
///
/// Assumed is that rates are deterministic and dividends proportional: the forward to a later expiry is the underlying
/// times a ratio that is known today, and so is the ratio of their discount factors. Both are those that parity
/// implies, ChainSlice::forward and discount, to ten digits; that alone is assumed, levels are still free: forward and
/// cash are bought and sold as synthetics and boxes, at bid and ask. Then (Strassen 1965, Kellerer 1972) there is no
/// arbitrage exactly where laws exist that price every quote and increase in convex order,
///
///     C_j(k F_j) / (D_j F_j) >= C_i(k F_i) / (D_i F_i)   for T_i < T_j and all k >= 0, equal for T_i = T_j:
///
/// one sparse linear program for all expiries (Cousot 2007 asks pairs), complete; its dual is a trade with a forward
/// hedge at the earlier expiries. Both answers are proved in rational arithmetic: the laws by their prices at every
/// quote and their order at every node, the trade by its least payoff over all paths.
///
/// Roots that settle at one instant have one law and one discount factor, the first one's; the ratio of their forwards
/// is taken as known too. Trades between them alone need no hedge.
///
/// Cost: SPXW 2019-06-26, 30 expiries and 10,062 quotes, 0.7 s; memory in proportion to the quotes. Throws
/// PreconditionError unless trades >= 1.
STRIKENET_EXPORT CalendarArbitrage find_calendar_arbitrage(const Chain& chain,
                                                           const std::vector<ExpiryArbitrage>& within,
                                                           const FindOptions& options = {});

}  // namespace strikenet
