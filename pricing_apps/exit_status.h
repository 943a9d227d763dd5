#pragma once

#include <ostream>

#include "printable_output.h"
#include "strikenet/core/result.h"

namespace strikenet::app {

/// What the command returns to the shell (docs/reference/command-line.md).
enum ExitStatus : int {
  done = 0,
  arbitrage_found = 1,  // of check only
  wrong_usage = 2,
  bad_input = 3,
  numerics_fell_short = 4,
};

/// One problem a line.
inline ExitStatus report(const Problems& problems, std::ostream& err, ExitStatus status) {
  for (const std::string& line : problems.lines)
    err << one_line(line) << '\n';
  return status;
}

}  // namespace strikenet::app
