#pragma once

#include <string>
#include <utility>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/market/chain.h"
#include "strikenet/market/inspection.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// A chain file before any fit: what it holds, and what prepare() made of it.
struct ChainReport {
  const RawChain& raw;
  const Inspection& inspection;
  const Result<Chain>& prepared;                           ///< or why nothing can be fitted
  std::vector<std::pair<Drop, int>> would_leave_out = {};  ///< by rules that are off
};

/// An aligned table, one line per expiry and root, then totals, what is left out and why, and problems.
STRIKENET_EXPORT std::string inspection_table(const ChainReport& report);

/// Schema "strikenet.inspect/1": docs/reference/inspect-json.md.
STRIKENET_EXPORT std::string inspection_json(const ChainReport& report);

}  // namespace strikenet
