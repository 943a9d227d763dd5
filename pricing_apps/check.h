#pragma once

#include <iosfwd>
#include <string>

namespace strikenet::app {

struct CheckCommand {
  std::string surface;
  bool json = false;
  bool quiet = false;
  bool colour = false;
};

/// strikenet check: proves a surface file free of static arbitrage, or says what stands in the way. Returns the exit
/// status: 0 proved, 1 not, 3 a file that is no surface.
int run_check(const CheckCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
