#pragma once

#include <iosfwd>
#include <string>

#include "fit_settings.h"

namespace strikenet::app {

struct RepairCommand {
  FitWords words = {.hygiene = "lenient"};
  bool mid = false;
  std::string norm = "l1";  // or l2
  std::string out = {};     // file of the repaired chain; empty: stdout
  bool json = false;
};

/// strikenet repair: the smallest change of quotes that leaves no static arbitrage, as a generic chain with two more
/// columns, and what changed - on stdout when the chain goes to a file, else on stderr. Returns the exit status: 0
/// done, 2 wrong usage, 3 bad input, 4 the numerics fell short and nothing is written.
int run_repair(const RepairCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
