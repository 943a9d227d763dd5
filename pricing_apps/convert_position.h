#pragma once

#include <iosfwd>

#include "convert.h"

namespace strikenet::app {

/// Whether the input is a payoff, a network or a portfolio, and not a chain.
bool is_position(const std::string& input);

/// Reads it and writes it as command.to says.
int run_convert_position(const ConvertCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
