#pragma once

#include <optional>
#include <string>

#include "strikenet/core/result.h"
#include "strikenet/payoff/curve.h"
#include "strikenet/payoff/payoff_language.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet::app {

/// How a payoff that is no finite book of options becomes one, as the command line says it.
struct PayoffWords {
  std::string range = {};  // LOW:HIGH, of a curve
  std::optional<int> pieces = {};
  std::optional<double> error = {};
  std::string side = {};             // "below", "nearest", "above"; empty: nearest
  std::optional<double> width = {};  // of the call spreads for a digital, over its strike; empty: 1e-4

  bool empty() const { return range.empty() && !pieces && !error && side.empty() && !width; }
};

/// Straight pieces without jumps, what was done to get them, and by how much they differ: 0 where they are exact.
struct Replica {
  PiecewiseLinear f;
  double error = 0;
  std::string note = {};  // "note: ...\n", or empty
};

/// Everything wrong with the words alone.
Problems problems_of(const PayoffWords& words);

/// The payoff as a book of options. Problems: words that it needs and has not, or has no use for.
Result<Replica> replica_of(const Payoff& payoff, const PayoffWords& words);

}  // namespace strikenet::app
