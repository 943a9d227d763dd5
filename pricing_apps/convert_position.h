#pragma once

#include <iosfwd>

#include "convert.h"

namespace strikenet::app {

/// Reads a payoff, a network or a portfolio and writes it as command.to says.
int run_convert_position(const ConvertCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
