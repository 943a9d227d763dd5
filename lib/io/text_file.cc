#include "io/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <cstdint>
#include <cstring>

#include "core/problem_list.h"
#include "io/gzip.h"

namespace strikenet {
namespace {

/// Where the first byte stands that is not part of a UTF-8 text, or is 0; npos when there is none.
std::size_t first_bad_byte(std::string_view text) {
  namespace utf = boost::locale::utf;
  constexpr std::uint64_t kHighBits = 0x8080808080808080, kOnes = 0x0101010101010101;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::uint64_t eight = 0;
    if (end - at >= 8) std::memcpy(&eight, at, 8);
    const std::uint64_t has_zero = (eight - kOnes) & ~eight & kHighBits;
    if ((eight & kHighBits) == 0 && has_zero == 0 && end - at >= 8) {
      at += 8;
      continue;
    }
    const char* const letter = at;
    const utf::code_point code = utf::utf_traits<char>::decode(at, end);
    if (code == utf::illegal || code == utf::incomplete || code == 0)
      return static_cast<std::size_t>(letter - text.data());
  }
  return std::string_view::npos;
}

Result<std::string> text_in(Result<std::string> bytes, std::string_view name) {
  if (bytes) bytes = unpacked(std::move(bytes).value(), name);
  if (!bytes) return bytes;
  if (Problems problems = encoding_problem(bytes.value(), name); !problems.lines.empty()) return problems;
  return bytes;
}

}  // namespace

Result<std::string> unpacked(std::string bytes, std::string_view name) {
  if (!is_gzip(bytes)) return bytes;
  Unpacked unpacked = unpack_gzip(bytes);
  if (!unpacked.broken_rule.empty()) return file_problem(name, unpacked.broken_rule);
  if (is_gzip(unpacked.text)) return file_problem(name, "file is packed by gzip twice, but must be once");
  return std::move(unpacked.text);
}

Problems encoding_problem(std::string_view text, std::string_view name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return file_problem(name, "file is UTF-16, but must be UTF-8");
  const std::size_t bad = first_bad_byte(text);
  if (bad == std::string_view::npos) return {};
  const auto line = 1 + std::ranges::count(text.substr(0, bad), '\n');
  return file_problem(fmt::format("{}:{}", name, line),
                      fmt::format("text is '{}', but must be UTF-8 without bytes 0", printable(text.substr(bad, 8))));
}

Result<std::string> text_of(std::istream& stream, std::string_view name) {
  return text_in(bytes_of(stream, name), name);
}

Result<std::string> text_of_file(const std::string& path) { return text_in(bytes_of_file(path), input_name(path)); }

}  // namespace strikenet
