#include "io/cboe_quote_table.h"

#include <algorithm>
#include <charconv>

#include "io/csv_table.h"

namespace strikenet {

std::optional<CboeQuoteTable> find_cboe_quote_table(std::string_view text, std::string_view beginning) {
  constexpr std::size_t kFarthest = 4096;  // it is line 3 or 4
  long line_number = 1;
  for (std::size_t begin = 0; begin < std::min(text.size(), kFarthest); ++line_number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with(beginning)) return CboeQuoteTable{text.substr(0, begin), line, text.substr(end), line_number};
    begin = end + 1;
  }
  return std::nullopt;
}

std::string as_one_table(const CboeQuoteTable& table) {
  std::string result;
  for (std::string_view preamble = table.preamble; !preamble.empty();) {
    const std::size_t end = preamble.find('\n') + 1;
    result.append("#").append(preamble.substr(0, end));
    preamble.remove_prefix(end);
  }
  std::string_view names = trimmed(table.header), side = "call ";
  while (names.ends_with(','))
    names.remove_suffix(1);
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, comma);
    if (name == "Puts") side = "put ";
    const bool shared = name == "Expiration Date" || name == "Strike";
    result.append(shared ? "" : side).append(name).append(comma < names.size() ? "," : "");
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return result.append(table.rest);
}

void require_cboe_sides(const CsvTable& table, std::string_view needed_by, ProblemList& problems) {
  for (const CboeSide& side : kCboeSides)
    require_columns(table, {side.option, side.bid, side.ask}, needed_by, problems);
}

void read_cboe_side(RowReader& row, const CboeSide& side, RawQuote& quote) {
  quote.line = row.line();
  quote.type = side.type;
  quote.bid = row.number(side.bid, kAtLeastZero);
  quote.ask = row.number(side.ask, kAtLeastZero);
}

std::optional<int> minutes_of(std::string_view text, Clock clock) {
  int hour = -1, minute = -1;
  const char* const end = text.data() + text.size();
  const auto [colon, bad_hour] = std::from_chars(text.data(), end, hour);
  if (bad_hour != std::errc() || colon == end || *colon != ':') return std::nullopt;
  const auto [after, bad_minute] = std::from_chars(colon + 1, end, minute);
  const bool is_half = clock == Clock::half_day;
  if (bad_minute != std::errc() || minute < 0 || minute > 59) return std::nullopt;
  if (hour < (is_half ? 1 : 0) || hour > (is_half ? 12 : 23)) return std::nullopt;
  return (is_half ? hour % 12 : hour) * 60 + minute;
}

}  // namespace strikenet
