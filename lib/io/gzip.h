#pragma once

#include <string>
#include <string_view>

namespace strikenet {

/// Whether the bytes begin as a gzip file does (RFC 1952, section 2.3.1).
bool is_gzip(std::string_view bytes);

struct Unpacked {
  std::string text = {};
  std::string broken_rule = {};  ///< why there is no text; empty when there is
};

/// All members of a gzip file, one after the other. Each is checked against its length and its checksum; what follows
/// the last must be another or nothing. They may be 200 times as long as the file, and 16 MiB in any case.
Unpacked unpack_gzip(std::string_view bytes);

}  // namespace strikenet
