#include "io/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "io/csv_splitter.h"
#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

constexpr std::size_t kMostColumns = limits::columns;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

void note_broken_off(const CsvSplitter& splitter, ProblemList& problems) {
  if (splitter.broke_off()) problems.add(splitter.line(), "a quoted field has no end, but must have a closing quote");
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// In steps, so that a search for the one end does not run far past the other.
std::string_view take_line(std::string_view& text) {
  constexpr std::size_t kStep = 256;
  std::size_t end = std::string_view::npos;
  for (std::size_t begin = 0; begin < text.size() && end == std::string_view::npos; begin += kStep) {
    const std::string_view part = text.substr(begin, kStep);
    const std::size_t line_feed = part.find('\n'), carriage_return = part.substr(0, line_feed).find('\r');
    const std::size_t found = std::min(line_feed, carriage_return);
    if (found != std::string_view::npos) end = begin + found;
  }
  const bool two_characters = end != std::string_view::npos && text.substr(end, 2) == "\r\n";
  const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + (two_characters ? 2 : 1));
  text.remove_prefix(line.size());
  return line;
}

// --- CsvTable --------------------------------------------------------------------------------------------------------

CsvTable::CsvTable(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  CsvSplitter splitter(text, 0);
  if (splitter.next()) {
    if (splitter.fields() > kMostColumns)
      problems_.add(splitter.line(),
                    fmt::format("number of columns is {}, but must be at most {}", splitter.fields(), kMostColumns));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(splitter.fields(), kMostColumns); ++i)
      names.push_back(lower_case(splitter.field(i)));
    take_header(std::move(names), splitter.line());
  }
  note_broken_off(splitter, problems_);
  rows_ = splitter.rest();
  line_before_rows_ = splitter.line_read();
}

void CsvTable::take_header(std::vector<std::string> names, long line) {
  columns_ = std::move(names);
  header_line_ = line;
  by_name_.resize(columns_.size());
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  const auto name = [this](std::size_t i) -> std::string_view { return columns_[i]; };
  std::ranges::stable_sort(by_name_, {}, name);
  std::vector<std::size_t> repeated;
  for (std::size_t i = 1; i < by_name_.size(); ++i)
    if (name(by_name_[i]) == name(by_name_[i - 1]) && !name(by_name_[i]).empty()) repeated.push_back(by_name_[i]);
  std::ranges::sort(repeated);
  for (const std::size_t i : repeated)
    problems_.add(line, fmt::format("column '{}' is there twice, but must be there once", printable(columns_[i])));
}

std::optional<std::size_t> CsvTable::column(std::string_view lower_case_name) const {
  const auto name = [this](std::size_t i) -> std::string_view { return columns_[i]; };
  const auto found = std::ranges::lower_bound(by_name_, lower_case_name, {}, name);
  return found == by_name_.end() || name(*found) != lower_case_name ? std::nullopt : std::optional(*found);
}

std::size_t CsvTable::expected_rows() const {
  const auto line_feeds = std::ranges::count(rows_, '\n');
  const auto line_ends = line_feeds > 0 ? line_feeds : std::ranges::count(rows_, '\r');
  const std::size_t shortest = std::max<std::size_t>(columns_.size(), 1);  // its commas and its end
  return std::min(static_cast<std::size_t>(line_ends) + 1, rows_.size() / shortest + 1);
}

// --- CsvRows ---------------------------------------------------------------------------------------------------------

CsvRows::CsvRows(const CsvTable& table, ProblemList& problems)
    : table_(table),
      problems_(problems),
      splitter_(std::make_unique<CsvSplitter>(table.rows_, table.line_before_rows_)) {}

CsvRows::~CsvRows() = default;

long CsvRows::line() const { return splitter_->line(); }

std::string_view CsvRows::field(std::size_t column) const { return splitter_->field(column); }

bool CsvRows::next() {
  const std::size_t wanted = table_.columns().size();
  while (splitter_->next()) {
    while (splitter_->fields() > wanted && splitter_->field(splitter_->fields() - 1).empty())
      splitter_->drop_last_field();
    if (splitter_->fields() == wanted) return true;
    problems_.add(splitter_->line(), fmt::format("number of fields is {}, but must be {}, as in the header on line {}",
                                                 splitter_->fields(), wanted, table_.header_line()));
  }
  note_broken_off(*splitter_, problems_);
  return false;
}

}  // namespace strikenet
