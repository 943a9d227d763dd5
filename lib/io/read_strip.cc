#include "strikenet/io/read_strip.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

constexpr std::string_view kAverage = "put/call average";

struct TypedRow {
  StripRow row;
  bool near;
  int order;  // 0: a put, 1: at K0, 2: a call
};

/// Empty when anything in the row is wrong; then the problems say what.
std::optional<TypedRow> read_row(RowReader row) {
  const std::string_view term = row.text("term"), type = row.text("type");
  const auto strike = row.required_number("strike", kAboveZero), price = row.required_number("q_mid", kAtLeastZero);
  const bool known_term = term == "near" || term == "next";
  if (!known_term) row.reject("term", "near or next");
  const int order = type == "put" ? 0 : type == kAverage ? 1 : type == "call" ? 2 : -1;
  if (order < 0) row.reject("type", "put, call or put/call average");
  if (!known_term || order < 0 || !strike || !price) return std::nullopt;
  return TypedRow{{row.line(), *strike, *price, order == 1}, term == "near", order};
}

/// Of one term: strikes increase, and so do puts, the row at K0, calls.
class Side {
 public:
  explicit Side(std::string_view term) : term_(term) {}

  void add(const TypedRow& row, ProblemList& problems) {
    if (!rows_.empty() && row.row.strike <= rows_.back().strike)
      problems.add(row.row.line, fmt::format("strike is {}, but must be above the {} before it", row.row.strike,
                                             rows_.back().strike));
    else if (row.order < order_ || (row.order == 1 && order_ == 1))
      problems.add(row.row.line, "type is out of order, but must be puts, one put/call average, then calls");
    order_ = row.order;
    has_k0_ |= row.row.at_k0;
    rows_.push_back(row.row);
  }

  std::vector<StripRow> checked(long header, ProblemList& problems) && {
    if (rows_.size() < 2)
      problems.add(header,
                   fmt::format("number of rows of the {} term is {}, but must be at least 2", term_, rows_.size()));
    else if (!has_k0_)
      problems.add(header, fmt::format("row '{}' of the {} term is missing, but K0 is its strike", kAverage, term_));
    return std::move(rows_);
  }

 private:
  std::string_view term_;
  std::vector<StripRow> rows_ = {};
  int order_ = 0;
  bool has_k0_ = false;
};

Result<StripFile> read_text(std::string_view text, std::string_view name) {
  const CsvTable table(text);
  if (table.columns().empty() && table.problems().empty())
    return file_problem(name, "file is empty, but must have a header and rows");
  ProblemList problems = table.problems();
  require_columns(table, {"term", "strike", "type", "q_mid"}, "a strip", problems);
  if (!problems.empty()) return problems.by_line(name);
  Side near("near"), next("next");
  for_each_row(table, problems, [&](RowReader reader) {
    if (const auto row = read_row(reader)) (row->near ? near : next).add(*row, problems);
  });
  StripFile file;
  if (problems.empty()) {
    file.near = std::move(near).checked(table.header_line(), problems);
    file.next = std::move(next).checked(table.header_line(), problems);
  }
  if (!problems.empty()) return problems.by_line(name);
  return file;
}

}  // namespace

Result<StripFile> read_strip(std::istream& csv, std::string_view name) {
  const Result<std::string> text = text_of(csv, name);
  return text ? read_text(text.value(), name) : text.problems();
}

Result<StripFile> read_strip(const Input& input) { return read_text(input.bytes, input.name); }

Result<StripFile> read_strip_file(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_text(text.value(), input_name(path)) : text.problems();
}

bool looks_like_strip(std::string_view text) {
  const CsvTable table(text);
  return table.column("term") && table.column("q_mid");
}

}  // namespace strikenet
