#include "io/row_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "io/csv_field.h"

namespace strikenet {
namespace {

bool is_word(std::string_view text, std::string_view lower_case_word) {
  return std::ranges::equal(text, lower_case_word, [](char a, char b) { return a == b || a == b - 'a' + 'A'; });
}

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

/// The place of the name that the word is, or begins with three letters of.
template <std::size_t kCount>
std::optional<std::size_t> place_of(std::string_view word, const std::array<std::string_view, kCount>& names) {
  for (std::size_t i = 0; i < kCount; ++i)
    if (is_word(word, names[i]) || is_word(word, names[i].substr(0, 3))) return i;
  return std::nullopt;
}

bool is_digit(char c) { return '0' <= c && c <= '9'; }
bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

/// The longest beginning of which every letter `holds`, taken off the text.
template <class Holds>
std::string_view take(std::string_view& text, Holds holds) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, holds) - text.begin());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

}  // namespace

std::optional<Date> parse_worded_date(std::string_view text) {
  std::vector<std::string_view> numbers;
  std::optional<std::size_t> month;
  while (!text.empty()) {
    if (const std::string_view digits = take(text, is_digit); !digits.empty()) {
      numbers.push_back(digits);
    } else if (const std::string_view word = take(text, is_letter); !word.empty()) {
      const auto found = place_of(word, kMonths);
      if (found ? month.has_value() : !place_of(word, kWeekdays)) return std::nullopt;
      if (found) month = found;
    } else if (take(text, [](char c) { return c == ' ' || c == '-' || c == ','; }).empty()) {
      return std::nullopt;
    }
  }
  if (!month || numbers.size() != 2 || numbers[0].size() > 2 || (numbers[1].size() != 2 && numbers[1].size() != 4))
    return std::nullopt;
  return parse_date(
      fmt::format("{}{}-{:02}-{:0>2}", numbers[1].size() == 2 ? "20" : "", numbers[1], *month + 1, numbers[0]));
}

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
  const auto index = rows_.table().column(column);
  return index ? csv_text(rows_.field(*index)) : std::string_view();
}

bool stands_for_no_vol(std::optional<double> vol) { return vol && *vol <= 1.0000001e-5; }

Instant unix_instant(double seconds) {
  return Instant(std::chrono::minutes(static_cast<long>(std::floor(seconds / 60))));
}

std::string_view NumberRule::broken_by(std::optional<double> number) const {
  if (!number || !std::isfinite(*number) || !(low_included ? *number >= low : *number > low)) return words;
  return smallest <= *number && *number <= largest ? std::string_view() : range_words;
}

std::optional<double> RowReader::number(std::string_view column, const NumberRule& rule) {
  const std::string_view field = text(column);
  return field.empty() ? std::nullopt : checked(column, field, rule);
}

std::optional<double> RowReader::required_number(std::string_view column, const NumberRule& rule) {
  return lacks(column) ? std::nullopt : checked(column, text(column), rule);
}

std::optional<double> RowReader::checked(std::string_view column, std::string_view field, const NumberRule& rule) {
  const auto number = parse_number(field);
  const std::string_view broken = rule.broken_by(number);
  if (broken.empty()) return number;
  reject(column, broken);
  return std::nullopt;
}

std::optional<OptionType> RowReader::required_type(std::string_view column) {
  if (lacks(column)) return std::nullopt;
  const std::string_view word = text(column);
  if (is_word(word, "c") || is_word(word, "call")) return OptionType::call;
  if (is_word(word, "p") || is_word(word, "put")) return OptionType::put;
  reject(column, "C, P, call or put");
  return std::nullopt;
}

std::optional<Date> RowReader::required_date(std::string_view column) {
  if (lacks(column)) return std::nullopt;
  const auto date = parse_file_date(text(column));
  if (!date) reject(column, "a date like 2019-06-28");
  return date;
}

std::optional<Date> RowReader::required_worded_date(std::string_view column, std::string_view example) {
  if (lacks(column)) return std::nullopt;
  const auto date = parse_worded_date(text(column));
  if (!date) reject(column, fmt::format("a date like {}", example));
  return date;
}

std::optional<std::pair<std::string, std::optional<YearFraction>>> RowReader::required_expiry(std::string_view column) {
  if (lacks(column)) return std::nullopt;
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

bool SameInEveryRow::is_first(RowReader& row) {
  const std::string_view text = row.text(column_);
  if (first_line_ == 0) {
    first_ = text;
    first_line_ = row.line();
    return true;
  }
  if (text != first_) row.reject(column_, fmt::format("the same as on line {}, '{}'", first_line_, printable(first_)));
  return false;
}

}  // namespace strikenet
