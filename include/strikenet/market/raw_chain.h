#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/compact_optional.h"
#include "strikenet/core/expiry_key.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// What the numbers in the quote columns of a file are.
enum class QuoteKind {
  bid_ask,      ///< discounted prices at which one sells and buys
  price,        ///< one discounted price, no spread
  bid_ask_vol,  ///< Black implied vols, decimal
  vol,          ///< one Black implied vol, decimal, no spread
};

/// One row of a chain as its file states it, before any judgement: a number where the file has a number, nothing where
/// it has none. A reader has checked that each number is one (finite, and a strike, forward or discount positive).
struct RawQuote {
  long line = 0;  ///< in its file; the header is line 1
  SharedExpiryKey key = {};
  CompactOptional<YearFraction> t = {};  ///< when the file gives its own year fraction
  double strike = 0;                     ///< currency per unit of underlying
  std::optional<OptionType> type = {};   ///< empty in files of vols, where it does not matter
  bool side_of_another = false;          ///< a bid or an ask alone, beside a mid that has a row of its own
  bool lacks_vol = false;                ///< its vendor's vol, beside the prices, is what stands there for none
  std::uint32_t page = 0;                ///< which of RawChain::pages its file is
  CompactOptional<double> bid = {};      ///< in the kind of the chain; a file with one price or vol has bid == ask
  CompactOptional<double> ask = {};
  std::uint32_t bid_size = 0, ask_size = 0;  ///< contracts; 0 where the file says nothing
  CompactOptional<double> forward = {};
  CompactOptional<double> discount = {};
  CompactOptional<Instant> last_trade = {};  ///< when the file says so
};

/// A chain as one file states it.
struct RawChain {
  std::string file = {};  ///< as the user named it; only used in messages
  /// Where the chain comes in several files, their names; else empty, and `file` is the one.
  std::vector<std::string> pages = {};
  std::string format = {};      ///< "generic", "cboe-datashop", "iv-table"
  std::string underlying = {};  ///< when the file or the user says so
  QuoteKind kind = QuoteKind::bid_ask;
  std::optional<Instant> as_of = {};
  /// Whether a crossed, duplicate or expired quote is an error in the file (one that the user wrote) or a state of the
  /// market to be counted and left out (an exchange's snapshot).
  bool strict = false;
  std::vector<RawQuote> quotes = {};
};

}  // namespace strikenet
