#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace strikenet::app {

struct ConvertCommand {
  std::vector<std::string> inputs = {};  ///< pages of one chain
  std::string to = {};                   ///< "csv"
  std::string format = {};               ///< empty: recognised
  std::string out = {};                  ///< a file; empty: stdout
};

/// Writes the chain in the generic format.
int run_convert(const ConvertCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
