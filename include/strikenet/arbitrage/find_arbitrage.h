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
  TradeProof proof;
  std::string family;  ///< "crossed", "outright", "vertical spread", "butterfly", "parity", else "portfolio"
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
/// Not looked at: trades across expiries, which need assumptions about forwards. Throws PreconditionError unless trades
/// >= 1 and threads >= 1. Cost: two linear programs per expiry, of as many rows as quotes; one more per trade.
STRIKENET_EXPORT std::vector<ExpiryArbitrage> find_arbitrage(const Chain& chain, const FindOptions& options = {});

}  // namespace strikenet
