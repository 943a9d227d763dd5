#pragma once

#include <string>
#include <string_view>

namespace strikenet {

/// A text as a field of a CSV line: quoted where it has to be, and with a ' before it where a spreadsheet would run it
/// as a formula: where it starts with =, +, -, @, a tab or a carriage return and is no number. A text that starts like
/// that behind ' of its own gets one more, so that csv_text gives back what it was.
std::string csv_field(std::string_view text);

/// The text that csv_field was given, from the unquoted field.
std::string_view csv_text(std::string_view field);

}  // namespace strikenet
