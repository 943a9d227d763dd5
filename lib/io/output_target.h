#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace strikenet {

/// What a path that is to be written leads to, as it is before anything is written.
struct OutputTarget {
  std::filesystem::path path;             ///< as it was named, for messages
  std::filesystem::path file = {};        ///< behind all symbolic links
  std::optional<struct stat> there = {};  ///< what is there now
  std::optional<int> descriptor = {};     ///< of this process: /dev/stdout, /dev/fd/3
  std::string problem = {};               ///< why it cannot be written; empty: nothing is known against it

  /// A device, a FIFO, a socket or a descriptor: is written to and never replaced.
  bool is_stream() const { return descriptor || (there && !S_ISREG(there->st_mode)); }
  std::filesystem::path folder() const;
};

OutputTarget output_target(const std::filesystem::path& path);

/// The whole text to a target that is a stream. Empty, or why not; then a part of the text may have got there.
std::error_code write_to_stream(const OutputTarget& target, const std::string& text);

/// The whole text to an open descriptor, however many steps that takes.
std::error_code write_all(int descriptor, const std::string& text);

/// The error of the last call into the C library.
std::error_code last_error();

/// What follows the path in a sentence: "cannot be written: No space left on device".
std::string cannot(const char* what, const std::error_code& why);

}  // namespace strikenet
