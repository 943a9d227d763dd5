#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "strikenet/core/result.h"

namespace strikenet {

/// "NAME: WHAT".
Problems file_problem(std::string_view name, std::string_view what);

/// All of a stream, as UTF-8 text without any byte 0; `name` is only used in the messages.
///
/// What begins with the magic bytes of gzip is unpacked, whatever its name is, all members of it one after the other.
/// Unpacked text may be 200 times as long as the file, and 16 MiB in any case: chains shrink to between a third and a
/// fiftieth, and a file made to fill the memory to less than a thousandth. A packed file that is cut short, damaged or
/// longer than that is a problem, never half a text.
Result<std::string> text_of(std::istream& stream, std::string_view name);

/// All of a file, in the same way: what is missing, unreadable or a directory is a problem.
Result<std::string> text_of_file(const std::string& path);

}  // namespace strikenet
