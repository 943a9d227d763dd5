#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "fit_settings.h"
#include "payoff_settings.h"

namespace strikenet::app {

struct ReplicateCommand {
  FitWords words = {.hygiene = "lenient"};  // words.chain: the pages of one chain
  std::string payoff = {};
  PayoffWords payoff_words = {};  // without side: it follows from that of the hedge
  std::string expiry = {};
  std::string side = "fit";
  std::string surface = {};  // empty: the expiry is fitted alone
  std::optional<int> legs = {};
  bool lots = false;
  bool convex = false;
  bool no_forward = false;
  double multiplier = 1;
  double size = 1;
  int nodes = 2000;
  bool json = false;
};

/// strikenet replicate: a payoff from the options of one expiry at their bids and asks. Returns the exit status: 0
/// done, 2 wrong usage, 3 bad input, also quotes that allow an arbitrage and a payoff that nothing bounds, 4 no proof
/// of a bound, or more legs than asked for.
int run_replicate(const ReplicateCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
