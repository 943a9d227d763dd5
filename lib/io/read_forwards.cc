#include "strikenet/io/read_forwards.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

/// Empty when anything in the row is wrong; then the problems say what.
std::optional<SuppliedForward> read_row(RowReader row) {
  const auto expiry = row.required_expiry("expiry");
  const auto forward = row.required_number("forward", kAboveZero);
  const auto discount = row.number("discount", kDiscount);
  if (!expiry || !forward) return std::nullopt;
  SuppliedForward supplied{{expiry->first, std::string(row.text("root"))}, Forward(*forward), std::nullopt};
  if (discount) supplied.discount = DiscountFactor(*discount);
  return supplied;
}

Result<std::vector<SuppliedForward>> read_text(std::string_view text, std::string_view name) {
  const CsvTable table(text);
  if (table.columns().empty() && table.problems().empty())
    return file_problem(name, "file is empty, but must have a header and rows");
  ProblemList problems = table.problems();
  require_columns(table, {"expiry", "forward"}, "a file of forwards", problems);
  std::vector<SuppliedForward> forwards;
  std::map<ExpiryKey, long> lines;
  for_each_row(table, problems, [&](RowReader row) {
    const auto forward = read_row(row);
    if (!forward) return;
    const auto [first, is_new] = lines.try_emplace(forward->key, row.line());
    if (!is_new)
      problems.add(row.line(), fmt::format("duplicates line {} ({})", first->second, to_string(forward->key)));
    forwards.push_back(*forward);
  });
  if (forwards.empty() && problems.empty())
    problems.add(table.header_line(), "number of rows below the header is 0, but must be at least 1");
  if (!problems.empty()) return problems.by_line(name);
  return forwards;
}

}  // namespace

Result<std::vector<SuppliedForward>> read_forwards(std::istream& csv, std::string_view name) {
  const Result<std::string> text = text_of(csv, name);
  return text ? read_text(text.value(), name) : text.problems();
}

Result<std::vector<SuppliedForward>> read_forwards_file(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_text(text.value(), input_name(path)) : text.problems();
}

}  // namespace strikenet
