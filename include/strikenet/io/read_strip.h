#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/io/input.h"

namespace strikenet {

/// One option that counts in a strip of out-of-the-money options, as its file states it.
struct StripRow {
  long line = 0;
  double strike = 0;
  double price = 0;    ///< in the middle of bid and ask
  bool at_k0 = false;  ///< the row of the mean of put and call, which stands between the two sides
};

/// The strips of two expiries, by strike.
struct StripFile {
  std::vector<StripRow> near = {}, next = {};
};

/// Strips whose options are already selected, as the worked example of Cboe's VIX lists them:
///
///     term,strike,type,Q_mid
///     near,1955,put,19.75
///     near,1960,put/call average,22.775
///     near,1965,call,21.05
///
/// Each term needs at least two rows, in increasing order of strikes: puts, one row "put/call average", calls. Other
/// columns are skipped. Layout and numbers as in read_chain; every problem in one run. `name` is only used in messages.
STRIKENET_EXPORT Result<StripFile> read_strip(std::istream& csv, std::string_view name);

/// The same of one that is read already.
STRIKENET_EXPORT Result<StripFile> read_strip(const Input& input);

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<StripFile> read_strip_file(const std::string& path);

/// Whether the text begins, after comments, with the header of such a file: what else it may be is not a strip.
STRIKENET_EXPORT bool looks_like_strip(std::string_view text);

}  // namespace strikenet
