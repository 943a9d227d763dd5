#pragma once

#include <span>
#include <string>
#include <vector>

#include "strikenet/arbitrage/families.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/arbitrage/repair.h"
#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/report/junit.h"

namespace strikenet {

/// What trades are measured in.
struct TradeTerms {
  double multiplier = 100;  ///< units of underlying to a contract
  double fee = 0;           ///< currency per contract bought or sold
  double tick = 0;          ///< least step of prices; 0 where none is known
};

/// How many contracts of a trade's unit the quoted sizes allow: the least of size over units; 0 where a leg has none.
STRIKENET_EXPORT double contracts_of(const ArbitrageTrade& trade);

/// The step that all prices of a chain are multiples of: 1, 2 or 5 times a power of ten, at least 1e-4; 0 where there
/// is none, as of prices from vols. Of the quotes that were read as prices.
STRIKENET_EXPORT double tick_of(const Chain& chain);

/// What find_arbitrage(), find_calendar_arbitrage() and count_families() said of a chain.
struct STRIKENET_EXPORT ChainArbitrage {
  const Chain& chain;
  const FindOptions& options;
  const std::vector<ExpiryArbitrage>& expiries;
  double seconds = 0;  ///< that the search took; 0 keeps it out of the JSON, which is then the same from run to run
  std::span<const FamilyCount> families = {};   ///< of count_families(); empty: nothing is said of them
  const CalendarArbitrage* calendar = nullptr;  ///< none: expiries are not looked at together
  TradeTerms terms = {};
  /// Of repair(): the quotes to look at first where there is arbitrage - the smallest change after which there is none
  /// changes these, by most spreads first.
  std::span<const QuoteRepair> suspects = {};

  bool found() const;   ///< a trade is proved
  bool absent() const;  ///< that there is none is proved: within every expiry and across those looked at together
};

/// One line per expiry that is not proved free of arbitrage, each trade below it, the trades across expiries, then what
/// holds for the rest and the counts by family.
STRIKENET_EXPORT std::string arbitrage_table(const ChainArbitrage& report);

/// Schema "strikenet.check/1": docs/reference/check-json.md.
STRIKENET_EXPORT std::string arbitrage_json(const ChainArbitrage& report);

/// One case per expiry and root, and one for all together: failed with its trades in words, or an error where neither
/// they nor their absence are proved.
STRIKENET_EXPORT std::vector<JunitCase> arbitrage_cases(const ChainArbitrage& report);

}  // namespace strikenet
