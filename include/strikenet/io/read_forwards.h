#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// Forwards that the user supplies, as CSV. The header names the columns; root and discount may be left out, as columns
/// or in a row:
///
///     expiry,root,forward,discount
///     2019-06-28,SPXW,2918.45,0.99986
///
/// expiry: as in the chain, a date or a decimal year ("0.025" for the key "T=0.025"). A row without root stands for
/// every root of its expiry. Layout and numbers as in read_chain; every problem in one run, two rows for one expiry and
/// root among them. `name` is only used in messages.
STRIKENET_EXPORT Result<std::vector<SuppliedForward>> read_forwards(std::istream& csv, std::string_view name);

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<std::vector<SuppliedForward>> read_forwards_file(const std::string& path);

}  // namespace strikenet
