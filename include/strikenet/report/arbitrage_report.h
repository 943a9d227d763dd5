#pragma once

#include <span>
#include <string>
#include <vector>

#include "strikenet/arbitrage/families.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/report/junit.h"

namespace strikenet {

/// What find_arbitrage() and count_families() said of a chain.
struct STRIKENET_EXPORT ChainArbitrage {
  const Chain& chain;
  const FindOptions& options;
  const std::vector<ExpiryArbitrage>& expiries;
  double seconds = 0;  ///< that the search took; 0 keeps it out of the JSON, which is then the same from run to run
  std::span<const FamilyCount> families = {};  ///< of count_families(); empty: nothing is said of them

  bool found() const;   ///< a trade is proved
  bool absent() const;  ///< that there is none within any expiry is proved
};

/// One line per expiry that is not proved free of arbitrage, each trade below it, then what holds for the rest and the
/// counts by family.
STRIKENET_EXPORT std::string arbitrage_table(const ChainArbitrage& report);

/// Schema "strikenet.check/1": docs/reference/check-json.md.
STRIKENET_EXPORT std::string arbitrage_json(const ChainArbitrage& report);

/// One case per expiry and root: failed with its trades in words, or an error where neither they nor their absence are
/// proved.
STRIKENET_EXPORT std::vector<JunitCase> arbitrage_cases(const ChainArbitrage& report);

}  // namespace strikenet
