#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "core/read_bytes.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// What begins with the magic bytes of gzip, unpacked, whatever its name is, all members of it one after the other;
/// anything else as it is.
///
/// Unpacked text may be 200 times as long as the file, and 16 MiB in any case: chains shrink to between a third and a
/// fiftieth, and a file made to fill the memory to less than a thousandth. A packed file that is cut short, damaged,
/// packed twice or longer than that is a problem, never half a text.
Result<std::string> unpacked(std::string bytes, std::string_view name);

/// What keeps the bytes from being UTF-8 text without any byte 0; empty when nothing does.
Problems encoding_problem(std::string_view text, std::string_view name);

/// All of a stream, unpacked, as such text; `name` is only used in the messages.
Result<std::string> text_of(std::istream& stream, std::string_view name);

/// All of a file, in the same way, read as bytes_of_file() does.
Result<std::string> text_of_file(const std::string& path);

}  // namespace strikenet
