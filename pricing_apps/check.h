#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "fit_settings.h"

namespace strikenet::app {

struct CheckCommand {
  FitWords words = {.hygiene = "lenient"};  // words.chain: a surface, or the pages of one chain
  bool mid = false;
  int trades = 3;
  double fee = 0;                   // currency per contract
  double multiplier = 100;          // units of underlying to a contract
  std::optional<double> tick = {};  // of prices; empty: that of the file
  bool json = false;
  std::string junit = {};  // file to write; empty: none
  bool quiet = false;
  bool colour = false;
};

/// strikenet check: proves a surface file free of static arbitrage, or says what stands in the way; of a chain, prints
/// each trade that its quotes allow within an expiry and across expiries, or proves that there is none. Returns the
/// exit status: 0 proved, 1 an arbitrage, or a surface that is not proved, 2 wrong usage, 3 a file that is neither, 4
/// neither proved.
int run_check(const CheckCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
