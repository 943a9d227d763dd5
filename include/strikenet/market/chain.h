#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/core/result.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// Why a quote is not used. `none` means that it is.
enum class Drop {
  none,
  no_ask,       ///< ask missing or zero: nothing bounds the price from above
  crossed,      ///< bid above ask
  expired,      ///< expiry not after the as-of
  duplicate,    ///< same expiry, root, strike and type as an earlier line
  placeholder,  ///< a vol at the cap of its vendor (10 and more)
  thin,         ///< no strike on its expiry, fewer than three where its forward is not given, or no bid at all
  no_forward,   ///< no call/put pair gives the forward of its expiry, and none was supplied
  two_chains,   ///< its expiry has two prices each for many options: two chains under one name, and no telling which
  one_side,     ///< a bid or an ask alone, beside the mids of a file that has all three
};

/// "none", "no-ask", "crossed", ...: as in quotes.csv and summary.json.
STRIKENET_EXPORT std::string_view to_string(Drop reason);

/// One option and its quoted prices, discounted, in the currency of the file, per unit of underlying.
struct Quote {
  long line = 0;   ///< in its file
  int slice = -1;  ///< index into Chain::slices; -1 when its expiry has none (then it is not used)
  ExpiryKey key = {};
  double strike = 0;
  OptionType type = OptionType::call;
  double bid = 0;  ///< 0 when there is none: then the ask bounds the price from above and nothing from below
  double ask = 0;  ///< equal to the bid when the file has one price or vol and no spread
  std::optional<double> bid_vol = {};  ///< decimal, when the file quotes vols
  std::optional<double> ask_vol = {};
  Drop dropped = Drop::none;

  bool used() const { return dropped == Drop::none; }
};

/// What put-call parity says about one expiry: all pairs (D, F) with
///     D (F - K) in [call bid - put ask, call ask - put bid]    at every strike K that has both.
struct ParityBand {
  int pairs = 0;            ///< strikes with a call and a put; 0 when forward and discount came from elsewhere
  double discount_low = 0;  ///< smallest and largest D of any pair in the band
  double discount_high = 0;
  double forward_low = 0;  ///< smallest and largest F at the chosen D
  double forward_high = 0;
  double violation = 0;               ///< 0, or by how much (price) the chosen pair leaves the band of the worst strike
  std::vector<double> violated = {};  ///< the strikes at which it does
};

/// One expiry of one root.
struct ChainSlice {
  ExpiryKey key = {};
  YearFraction t{0};  ///< > 0
  Forward forward{0};
  DiscountFactor discount{1};
  ParityBand parity = {};
};

/// A chain ready to be fitted: every quote of the file is here, in the order of the file, used or with the reason why
/// not, and each expiry has its time, forward and discount factor.
struct Chain {
  std::string file = {};
  std::string format = {};
  std::string underlying = {};
  std::optional<Instant> as_of = {};  ///< empty when the file gives only year fractions
  bool has_spread = true;             ///< false when the file gives single prices or vols: then no quote is "inside"
  std::vector<ChainSlice> slices =
      {};  ///< by t, then root; each has a used strike; three where parity gave its forward
  std::vector<Quote> quotes = {};
};

/// A forward (and a discount factor, when known) that the user supplies for one expiry.
struct SuppliedForward {
  ExpiryKey key;  ///< an empty root stands for every root of that expiry
  Forward forward;
  std::optional<DiscountFactor> discount;
};

struct PrepareOptions {
  std::optional<Instant> as_of = {};  ///< overrides the file's
  std::string root = {};              ///< for rows that name none; also chooses their settlement
  std::optional<double> rate = {};    ///< continuously compounded: D = exp(-rate t)
  std::vector<SuppliedForward> forwards = {};
  std::optional<bool> strict = {};  ///< overrides RawChain::strict

  /// Everything wrong with these options, one sentence each; empty when valid.
  STRIKENET_EXPORT std::vector<std::string> problems() const;
};

/// From what a file says to what can be fitted: times from the settlement table, hygiene, prices from vols, and per
/// expiry the forward and discount factor - from the options, else the file, else put-call parity.
///
/// Problems: every line of the file that breaks a rule of a strict chain, an as-of that nobody gives, an expiry without
/// a forward, and a chain of which nothing can be used.
STRIKENET_EXPORT Result<Chain> prepare(const RawChain& raw, const PrepareOptions& options = {});

}  // namespace strikenet
