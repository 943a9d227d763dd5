#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "payoff_settings.h"

namespace strikenet::app {

struct ConvertCommand {
  std::vector<std::string> inputs = {};  ///< pages of one chain; or a payoff, or the file of a network or a portfolio
  std::string to = {};                   ///< "csv"; of a position also "table", "json", "network", "onnx"
  std::string format = {};               ///< empty: recognised
  std::string out = {};                  ///< a file; empty: stdout
  PayoffWords words = {};                ///< the others are of positions only
  std::optional<double> forward = {};    ///< puts below it, calls from there on
  std::string band = {};                 ///< SPOT:LOW:HIGH
};

/// Writes a chain in the generic format; or a payoff, a network or a portfolio as one of the others, with what is true
/// of it.
int run_convert(const ConvertCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
