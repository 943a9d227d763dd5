#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "strikenet/core/result.h"

namespace strikenet {

/// "NAME: WHAT".
Problems file_problem(std::string_view name, std::string_view what);

/// All of a stream; `name` is only used in the message.
Result<std::string> text_of(std::istream& stream, std::string_view name);

/// All of a file: what is missing, unreadable or a directory is a problem.
Result<std::string> text_of_file(const std::string& path);

}  // namespace strikenet
