#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace strikenet::app {

struct CheckCommand {
  std::vector<std::string> files;  // a surface, or the pages of one chain
  std::string as_of = {};
  std::string root = {};
  std::string format = {};
  std::string forward_file = {};
  bool mid = false;
  int trades = 3;
  int threads = 0;  // 0: one per processor
  bool json = false;
  bool quiet = false;
  bool colour = false;
};

/// strikenet check: proves a surface file free of static arbitrage, or says what stands in the way; of a chain, prints
/// each trade that its quotes allow within an expiry, or proves that there is none. Returns the exit status: 0 proved,
/// 1 an arbitrage, or a surface that is not proved, 2 wrong usage, 3 a file that is neither, 4 neither proved.
int run_check(const CheckCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
