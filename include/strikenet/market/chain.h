#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/core/result.h"
#include "strikenet/market/hygiene_rules.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// One option and its quoted prices, discounted, in the currency of the file, per unit of underlying.
struct Quote {
  long line = 0;   ///< in its file
  int slice = -1;  ///< index into Chain::slices; -1 when its expiry has none (then it is not used)
  ExpiryKey key = {};
  double strike = 0;
  OptionType type = OptionType::call;
  double bid = 0;  ///< 0 when there is none: then the ask bounds the price from above and nothing from below
  double ask = 0;  ///< equal to the bid when the file has one price or vol and no spread
  double bid_size = 0, ask_size = 0;   ///< contracts; 0 where the file says nothing
  std::optional<double> bid_vol = {};  ///< decimal, when the file quotes vols
  std::optional<double> ask_vol = {};
  Drop dropped = Drop::none;

  bool used() const { return dropped == Drop::none; }
};

/// What put-call parity says about one expiry: all pairs (D, F) with
///     D (F - K) in [call bid - put ask, call ask - put bid]    at every strike K that has both.
struct ParityBand {
  int pairs = 0;            ///< strikes with a call and a put; 0 leaves all that follows 0
  double discount_low = 0;  ///< smallest and largest D of any pair in the band
  double discount_high = 0;
  double forward_low = 0;  ///< smallest and largest F at the chosen D; low > high where no F satisfies all strikes
  double forward_high = 0;
  double violation = 0;               ///< 0, or by how much (price) the chosen pair leaves the band of the worst strike
  std::vector<double> violated = {};  ///< the strikes at which it does

  /// Whether some forward satisfies every strike.
  bool has_forward() const { return pairs > 0 && forward_low <= forward_high; }
};

/// One expiry of one root.
struct ChainSlice {
  ExpiryKey key = {};
  YearFraction t{0};  ///< > 0
  Forward forward{0};
  DiscountFactor discount{1};
  ParityBand parity = {};
  bool forward_given = false;  ///< by the user or the file, and not found by parity
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
  std::vector<RuleSetting> rules = {};  ///< of hygiene, as far as they were set
};

/// A forward (and a discount factor, when known) that the user supplies for one expiry.
struct SuppliedForward {
  ExpiryKey key;  ///< an empty root stands for every root of that expiry
  Forward forward;
  std::optional<DiscountFactor> discount;
};

/// How the forwards of the expiries of a root hang together; discount factors are on a smooth curve by either.
enum class TermStructure {
  by_expiry,  ///< each inside its own band, wherever that is
  smooth,     ///< on one curve of smooth carry inside all bands: see choose_forwards
};

struct PrepareOptions {
  std::optional<Instant> as_of = {};  ///< overrides the file's
  std::string root = {};              ///< for rows that name none; also chooses their settlement
  std::optional<double> rate = {};    ///< continuously compounded: D = exp(-rate t)
  std::vector<SuppliedForward> forwards = {};
  std::optional<bool> strict = {};      ///< overrides RawChain::strict
  std::vector<RuleSetting> rules = {};  ///< of hygiene, that differ from the default
  TermStructure term_structure = TermStructure::by_expiry;

  /// Everything wrong with these options, one sentence each; empty when valid.
  STRIKENET_EXPORT std::vector<std::string> problems() const;
};

/// From what a file says to what can be fitted: times from the settlement table, hygiene, prices from vols, and per
/// expiry the forward and discount factor - from the options, else the file, else put-call parity. Roots that settle at
/// one instant have one discount factor, that of the root with most pairs of call and put, where none is given, and its
/// forward where their own quotes allow it.
///
/// Problems: every line of the file that breaks a rule of a strict chain, an as-of that nobody gives, an expiry without
/// a forward, and a chain of which nothing can be used.
STRIKENET_EXPORT Result<Chain> prepare(const RawChain& raw, const PrepareOptions& options = {});

/// What the rules that are off would leave out: for each, how many quotes it would if it alone were switched on, with
/// its default limit. A rule that needs what the file does not have is not there.
STRIKENET_EXPORT std::vector<std::pair<Drop, int>> would_leave_out(const RawChain& raw,
                                                                   const PrepareOptions& options = {});

}  // namespace strikenet
