#pragma once

#include <optional>
#include <string>
#include <variant>

#include "strikenet/core/result.h"
#include "strikenet/io/input.h"
#include "strikenet/network/deep_network.h"
#include "strikenet/payoff/curve.h"
#include "strikenet/payoff/option_portfolio.h"
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
  bool beyond = false;               // no word: CurveRange::beyond

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
  std::optional<CurveFit> curve = {};         // of a curve: f, and what is proved of it
};

/// The payoff as a book of options. Problems: words that it needs and has not, or has no use for.
Result<Replica> replica_of(const Payoff& payoff, const PayoffWords& words);

/// A payoff as it was written or read, once, whatever is then made of it.
struct WrittenPayoff {
  std::variant<Payoff, DeepNetwork, OptionPortfolio> what;
  std::string file = {};  // empty for one in words
};

/// Whether it is a payoff in words, and no file.
bool is_in_words(const std::string& input);
/// Whether it is a network or a portfolio.
bool is_position(const Input& input);

/// In words, or in a file. Problems begin with the file, or with `where` and the column.
Result<WrittenPayoff> read_payoff(const std::string& input, const std::string& where);
Result<WrittenPayoff> payoff_of(const Input& input);
Result<Replica> replica_of(const WrittenPayoff& payoff, const PayoffWords& words);

/// Reads one. Problems begin with the file, or with `where` and the column; among them are words that it needs and has
/// not, or has no use for.
Result<Replica> read_replica(const std::string& input, const PayoffWords& words, const std::string& where);

}  // namespace strikenet::app
