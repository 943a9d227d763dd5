#pragma once

#include <optional>
#include <string>

#include "strikenet/core/result.h"
#include "strikenet/network/deep_network.h"
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

/// Everything wrong with the words alone.
Problems problems_of(const PayoffWords& words);

/// A payoff on its way to a book of options: straight pieces without jumps, and how they differ from it.
struct Replica {
  PiecewiseLinear f;
  double error = 0;  // largest distance; 0: exact
  std::optional<PiecewiseLinear> below = {},
                                 above = {};  // the payoff lies between them everywhere, where that is known
  std::string note = {};                      // "note: ...\n" of what was done, or empty
  std::optional<DeepNetwork> network = {};    // that it was read from
};

/// Whether the input is the text of a payoff, or a file of a network or a portfolio.
bool is_position(const std::string& input);

/// Reads one. Problems begin with the file, or with `where` and the column; among them are words that it needs and has
/// not, or has no use for.
Result<Replica> read_replica(const std::string& input, const PayoffWords& words, const std::string& where);

}  // namespace strikenet::app
