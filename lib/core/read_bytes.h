#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "strikenet/core/result.h"

namespace strikenet {

/// "NAME: WHAT".
Problems file_problem(std::string_view name, std::string_view what);

/// How messages call what the path names: "stdin" for "-", which is standard input, else the path itself.
std::string input_name(std::string_view path);

/// All bytes of a file, a pipe or a FIFO, read once from where it stands; of standard input for "-". What is missing, a
/// directory or a socket is a problem, and so is more than limits::input_bytes. Text that shows a byte 0 in a block is
/// read no further: it is refused whatever follows, and may have no end. Memory: twice what there is to read.
Result<std::string> bytes_of_file(const std::string& path);
Result<std::string> bytes_of(std::istream& stream, std::string_view name);

/// Whether bytes may begin a packed text or an ONNX model, in which a byte 0 means nothing.
bool begins_as_binary(std::string_view bytes);

}  // namespace strikenet
