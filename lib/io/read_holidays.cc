#include "strikenet/io/read_holidays.h"

#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

Result<std::vector<Date>> read_text(std::string_view text, std::string_view name) {
  const CsvTable table(text);
  if (table.columns().empty() && table.problems().empty())
    return file_problem(name, "file is empty, but must have a header and rows");
  ProblemList problems = table.problems();
  require_columns(table, {"date"}, "a file of holidays", problems);
  std::vector<Date> dates;
  for_each_row(table, problems, [&](RowReader row) {
    if (const auto date = row.required_date("date")) dates.push_back(*date);
  });
  if (!problems.empty()) return problems.by_line(name);
  return dates;
}

}  // namespace

Result<std::vector<Date>> read_holidays(std::istream& csv, std::string_view name) {
  const Result<std::string> text = text_of(csv, name);
  return text ? read_text(text.value(), name) : text.problems();
}

Result<std::vector<Date>> read_holidays_file(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_text(text.value(), input_name(path)) : text.problems();
}

}  // namespace strikenet
