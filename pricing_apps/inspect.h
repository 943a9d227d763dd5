#pragma once

#include <iosfwd>

#include "fit_settings.h"

namespace strikenet::app {

struct InspectCommand {
  FitWords words = {.hygiene = "lenient"};
  bool json = false;
};

/// strikenet inspect: what is in a chain file, per expiry, before anything is fitted. Returns the exit status: 0 read -
/// what keeps it from being fitted is part of the answer -, 2 a wrong option, 3 a file that cannot be read as a chain.
int run_inspect(const InspectCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
