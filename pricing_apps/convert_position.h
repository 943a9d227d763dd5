#pragma once

#include <iosfwd>

#include "convert.h"

namespace strikenet::app {

/// Writes a payoff, a network or a portfolio as command.to says; or what kept it from being read.
int run_convert_position(const ConvertCommand& command, const Result<WrittenPayoff>& payoff, std::ostream& out,
                         std::ostream& err);

}  // namespace strikenet::app
