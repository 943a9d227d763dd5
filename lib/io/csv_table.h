#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem_list.h"

namespace strikenet {

/// Without blanks, tabs and line ends before and after it.
std::string_view trimmed(std::string_view text);

/// A CSV text as columns and rows of trimmed texts, each row with the line of the text on which it starts.
///
/// A byte-order mark, LF, CRLF or CR line ends, quoted fields (line ends and doubled quotes inside them too) and a last
/// line without an end are accepted. Left out are blank lines, rows whose fields are all empty, and lines that start
/// with '#'. All fields lie in one string, so memory is proportional to the file.
class CsvTable {
 public:
  /// Never fails: what is wrong with the layout is in problems(). `text` may hold any bytes.
  static CsvTable parse(std::string_view text);

  /// Names of the columns: trimmed, in lower case. Empty when the text has no line to read.
  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> column(std::string_view lower_case_name) const;

  /// The line of the header; 0 when there is none.
  long header_line() const { return header_line_; }

  std::size_t rows() const { return rows_.size(); }
  long line(std::size_t row) const { return rows_[row].line; }
  std::string_view field(std::size_t row, std::size_t column) const;

  /// Columns named twice, rows that are shorter or longer than the header (empty fields may be too many) and a quoted
  /// field without an end. The rows among them are not in the table.
  const ProblemList& problems() const { return problems_; }

 private:
  struct Row {
    long line;
    std::size_t begin;  // index of its first field in field_ends_
  };
  struct Builder;

  std::vector<std::string> columns_;
  std::map<std::string, std::size_t, std::less<>> index_of_column_;  // the first of each name
  long header_line_ = 0;
  std::string text_;                     // of all fields, one after the other
  std::vector<std::size_t> field_ends_;  // in text_; the first is 0 and ends no field
  std::vector<Row> rows_;
  ProblemList problems_;
};

}  // namespace strikenet
