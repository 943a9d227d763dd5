#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/problem_list.h"
#include "strikenet/market/chain.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// The rows of one expiry and root, and what the file and the user say about them all.
struct ExpiryRows {
  ExpiryKey key;
  std::vector<std::size_t> rows;        ///< indices into RawChain::quotes, in the order of the file
  std::optional<Instant> settles = {};  ///< when the expiry is a date
  std::optional<YearFraction> t = {};   ///< empty only when a problem says so
  std::optional<double> forward = {};   ///< supplied or stated; empty when parity has to say
  std::optional<double> discount = {};

  bool expired() const { return t && !(t->value() > 0); }
};

/// Groups the rows by expiry and root (options.root where a row names none), in the order of first appearance, and
/// fills in the times and the forwards and discount factors that are known beforehand: options.forwards, then
/// options.rate, then the file's columns. Notes rows of one expiry that contradict each other, a missing as-of,
/// expiries that are no date and come without a year fraction, and supplied forwards of expiries that the file does not
/// have.
std::vector<ExpiryRows> group_by_expiry(const RawChain& raw, const PrepareOptions& options, ProblemList& problems);

}  // namespace strikenet
