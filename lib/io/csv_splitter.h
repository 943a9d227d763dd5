#pragma once

#include <csv.h>

#include <string>
#include <string_view>
#include <vector>

namespace strikenet {

/// Splits a text into rows of trimmed fields by libcsv, one row at a time. libcsv does not count lines. So it is fed
/// one line at a time: a row starts on the line that is fed when no row is open, and stays open until libcsv says that
/// it has ended, which a line end inside quotes does not.
class CsvSplitter {
 public:
  /// `text` is kept by reference; its first line is the one after `line_before`.
  CsvSplitter(std::string_view text, long line_before);
  CsvSplitter(const CsvSplitter&) = delete;
  CsvSplitter& operator=(const CsvSplitter&) = delete;
  ~CsvSplitter();

  /// Goes to the next row that has a field that is not empty; false when there is none, or when it has no end.
  bool next();
  /// After next() was false: whether a quoted field of the row on line() has no end.
  bool broke_off() const { return broke_off_; }

  long line() const { return row_line_; }
  std::size_t fields() const { return ends_.size(); }
  std::string_view field(std::size_t i) const;
  void drop_last_field() { ends_.pop_back(); }

  /// What has not been read yet, and the line before it.
  std::string_view rest() const { return rest_; }
  long line_read() const { return line_; }

 private:
  static void on_field(void* text, std::size_t size, void* self) noexcept;
  static void on_row(int, void* self) noexcept;
  void feed(std::string_view line);
  void finish();
  bool is_blank() const { return buffer_.empty(); }

  csv_parser parser_;
  std::string_view rest_;
  long line_ = 0;
  long row_line_ = 0;
  bool row_is_open_ = false, row_has_ended_ = false, broke_off_ = false, out_of_memory_ = false;
  std::string buffer_;             // the fields of the row, one after the other
  std::vector<std::size_t> ends_;  // of each in buffer_
};

}  // namespace strikenet
