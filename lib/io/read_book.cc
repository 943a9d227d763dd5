#include "strikenet/io/read_book.h"

#include <fmt/format.h>

#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

/// As RowReader::required_expiry, and "T=0.5" besides, as keys are written.
std::optional<std::pair<std::string, std::optional<YearFraction>>> expiry_of(RowReader& row) {
  const std::string_view text = row.text("expiry");
  if (!text.starts_with("T=")) return row.required_expiry("expiry");
  const auto years = parse_number(text.substr(2));
  if (years && kYears.smallest <= *years && *years <= kYears.largest)
    return std::pair(fmt::format("T={}", *years), YearFraction(*years));
  row.reject("expiry", "T= and a number of years above 0 and at most 1000");
  return std::nullopt;
}

/// Empty when anything in the row is wrong; then the problems say what.
std::optional<BookOption> read_row(RowReader row) {
  const auto expiry = expiry_of(row);
  const auto strike = row.required_number("strike", kAtLeastZero);
  const bool has_type = !row.text("type").empty();
  const auto type = has_type ? row.required_type("type") : std::nullopt;
  if (!expiry || !strike || (has_type && !type)) return std::nullopt;
  return BookOption{row.line(), {expiry->first, std::string(row.text("root"))}, expiry->second, Strike(*strike), type};
}

Result<std::vector<BookOption>> read_text(std::string_view text, std::string_view name) {
  const CsvTable table(text);
  if (table.columns().empty() && table.problems().empty())
    return file_problem(name, "file is empty, but must have a header and rows");
  ProblemList problems = table.problems();
  require_columns(table, {"expiry", "strike"}, "a book of options", problems);
  std::vector<BookOption> book;
  for_each_row(table, problems, [&](RowReader row) {
    if (const auto option = read_row(row)) book.push_back(*option);
  });
  if (book.empty() && problems.empty())
    problems.add(table.header_line(), "number of rows below the header is 0, but must be at least 1");
  if (!problems.empty()) return problems.by_line(name);
  return book;
}

}  // namespace

Result<std::vector<BookOption>> read_book(std::istream& csv, std::string_view name) {
  const Result<std::string> text = text_of(csv, name);
  return text ? read_text(text.value(), name) : text.problems();
}

Result<std::vector<BookOption>> read_book_file(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_text(text.value(), input_name(path)) : text.problems();
}

}  // namespace strikenet
