#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem_list.h"

namespace strikenet {

class CsvSplitter;

/// Without blanks, tabs and line ends before and after it.
std::string_view trimmed(std::string_view text);

/// Takes the first line off the text, with its end: LF, CRLF or CR.
std::string_view take_line(std::string_view& text);

/// A CSV text as columns and, read by CsvRows one after the other, rows of trimmed fields, each with the line of the
/// text on which it starts.
///
/// A byte-order mark, LF, CRLF or CR line ends, quoted fields (line ends and doubled quotes inside them too) and a last
/// line without an end are accepted. Left out are blank lines, rows whose fields are all empty, and lines that start
/// with '#'. Nothing of the rows is kept: memory is proportional to the header.
class CsvTable {
 public:
  CsvTable() = default;

  /// Reads the header. Never fails: what is wrong with it is in problems(). `text` is kept by reference and may hold
  /// any bytes.
  explicit CsvTable(std::string_view text);

  /// Names of the columns: trimmed, in lower case. Empty when the text has no line to read.
  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> column(std::string_view lower_case_name) const;

  /// The line of the header; 0 when there is none.
  long header_line() const { return header_line_; }

  /// Columns named twice, more than a million of them, and a quoted field of the header without an end.
  const ProblemList& problems() const { return problems_; }

  /// About as many as there are rows: what to reserve.
  std::size_t expected_rows() const;

 private:
  friend class CsvRows;

  void take_header(std::vector<std::string> names, long line);

  std::vector<std::string> columns_;
  std::vector<std::size_t> by_name_;  // indices of columns_, the first of each name first
  long header_line_ = 0;
  std::string_view rows_;  // what follows the header
  long line_before_rows_ = 0;
  ProblemList problems_;
};

/// The rows of a table, once from the first to the last.
class CsvRows {
 public:
  /// What is wrong with the layout goes to the problems: rows that are shorter or longer than the header (empty fields
  /// may be too many) and a quoted field without an end. Such rows are left out. Both are kept by reference.
  CsvRows(const CsvTable& table, ProblemList& problems);
  ~CsvRows();
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  /// Goes to the next row - the first, at first; false when there is none.
  bool next();

  const CsvTable& table() const { return table_; }
  long line() const;
  /// Valid until the next row.
  std::string_view field(std::size_t column) const;

 private:
  const CsvTable& table_;
  ProblemList& problems_;
  std::unique_ptr<CsvSplitter> splitter_;
};

}  // namespace strikenet
