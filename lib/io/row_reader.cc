#include "io/row_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace strikenet {
namespace {

bool is_word(std::string_view text, std::string_view lower_case_word) {
  return std::ranges::equal(text, lower_case_word, [](char a, char b) { return a == b || a == b - 'a' + 'A'; });
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<Date> parse_file_date(std::string_view text) {
  if (text.size() != 8) return parse_date(text);
  return parse_date(fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
}

std::string_view RowReader::text(std::string_view column) const {
  const auto index = table_.column(column);
  return index ? table_.field(row_, *index) : std::string_view();
}

std::optional<double> RowReader::number(std::string_view column, const NumberRule& rule) {
  return text(column).empty() ? std::nullopt : required_number(column, rule);
}

std::optional<double> RowReader::required_number(std::string_view column, const NumberRule& rule) {
  if (!table_.column(column)) return std::nullopt;
  const auto number = parse_number(text(column));
  const bool is_right =
      number && std::isfinite(*number) && (rule.low_included ? *number >= rule.low : *number > rule.low);
  if (is_right && rule.smallest <= *number && *number <= rule.largest) return number;
  reject(column, is_right ? rule.range_words : rule.words);
  return std::nullopt;
}

std::optional<OptionType> RowReader::required_type(std::string_view column) {
  if (!table_.column(column)) return std::nullopt;
  const std::string_view word = text(column);
  if (is_word(word, "c") || is_word(word, "call")) return OptionType::call;
  if (is_word(word, "p") || is_word(word, "put")) return OptionType::put;
  reject(column, "C, P, call or put");
  return std::nullopt;
}

std::optional<Date> RowReader::required_date(std::string_view column) {
  if (!table_.column(column)) return std::nullopt;
  const auto date = parse_file_date(text(column));
  if (!date) reject(column, "a date like 2019-06-28");
  return date;
}

std::optional<std::pair<std::string, std::optional<YearFraction>>> RowReader::required_expiry(std::string_view column) {
  if (!table_.column(column)) return std::nullopt;
  if (const auto date = parse_file_date(text(column))) return std::pair(to_string(*date), std::nullopt);
  const auto years = parse_number(text(column));
  if (years && kYears.smallest <= *years && *years <= kYears.largest)
    return std::pair(fmt::format("T={}", *years), YearFraction(*years));
  reject(column, "a date like 2026-12-18 or a number of years above 0 and at most 1000");
  return std::nullopt;
}

void RowReader::reject(std::string_view column, std::string_view rule) {
  problems_.add(line(), fmt::format("{} is '{}', but must be {}", column, printable(text(column)), rule));
}

void require_columns(const CsvTable& table, std::initializer_list<std::string_view> columns, std::string_view needed_by,
                     ProblemList& problems) {
  for (const std::string_view column : columns)
    if (!table.column(column))
      problems.add(table.header_line(), fmt::format("column '{}' is missing, but {} needs it", column, needed_by));
}

}  // namespace strikenet
