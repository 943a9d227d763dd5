#pragma once

#include <ostream>
#include <string>

namespace strikenet::app {

/// Whether standard output takes colour: it is a terminal, not a dumb one, and NO_COLOR is unset or empty
/// (no-color.org).
bool wants_colour();

/// Prints a table; coloured, one whose verdicts - the words that end a line - are green where something is proved, and
/// bold red where it is not. Colours take no width, so columns stay aligned.
void print_table(const std::string& table, bool colour, std::ostream& out);

}  // namespace strikenet::app
