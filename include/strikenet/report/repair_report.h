#pragma once

#include <string>
#include <vector>

#include "strikenet/arbitrage/repair.h"
#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// What repair() did to a chain.
struct ChainRepair {
  const Chain& chain;
  const RepairOptions& options;
  const Repair& repair;
};

/// How much changes, and the quotes that change most.
STRIKENET_EXPORT std::string repair_table(const ChainRepair& report);

/// Schema "strikenet.repair/1": docs/reference/check-json.md.
STRIKENET_EXPORT std::string repair_json(const ChainRepair& report);

/// One quote that is repaired, as an object of JSON.
STRIKENET_EXPORT std::string repair_json(const Chain& chain, const QuoteRepair& one);

/// One quote that is repaired, in words: "2026-06-19 SPX C100, line 4: ask 9.1 to 9.5, 1.2 spreads".
STRIKENET_EXPORT std::string sentence(const Chain& chain, const QuoteRepair& one, bool middle);

/// The quotes of a repair, those that change by most spreads first.
STRIKENET_EXPORT std::vector<QuoteRepair> by_size(const Repair& repair);

}  // namespace strikenet
