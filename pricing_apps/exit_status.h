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
  bad_input = 3,  // or an output that cannot be written: what the command line names cannot be used
  numerics_fell_short = 4,
  failed = 5,  // out of memory or threads, or a fault of ours: see failure.h
};

/// One problem a line.
inline ExitStatus report(const Problems& problems, std::ostream& err, ExitStatus status) {
  for (const std::string& line : problems.lines)
    err << one_line(line) << '\n';
  return status;
}

}  // namespace strikenet::app
