#include "io/chain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/json_text.h"

namespace strikenet {
namespace {

using nlohmann::json;

/// An object, or a list of objects or lists: "[" alone also begins a section of an INI file or a column's name.
bool looks_like_json(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos || text[first] == '{') return first != std::string_view::npos;
  if (text[first] != '[') return false;
  const std::size_t next = text.find_first_not_of(kBlanks, first + 1);
  return next == std::string_view::npos || text[next] == '{' || text[next] == '[' || text[next] == ']';
}

}  // namespace

ChainText::ChainText(std::string_view text) : text_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  is_json_ = looks_like_json(text_);
  if (!is_json_) {
    table_ = CsvTable(text_);
    return;
  }
  const auto not_json = [this](std::size_t byte) {
    problems_.add(1 + std::ranges::count(text_.substr(0, std::min(byte, text_.size())), '\n'),
                  fmt::format("text is not JSON from byte {} on, but must be", byte));
  };
  try {
    json_ = std::make_unique<nlohmann::json>(parse_json(text_, problems_));
  } catch (const json::parse_error& error) {
    not_json(error.byte);
  } catch (const json::out_of_range&) {
    problems_.add(0, "a number is beyond the range of a double, but must be within it");
  }
  if (!problems_.empty()) json_.reset();
}

ChainText::~ChainText() = default;

}  // namespace strikenet
