#include "io/csv_table.h"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>

namespace strikenet {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

// The first line of `text` with its end: LF, CRLF or CR.
std::string_view first_line(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text;
  const bool two_characters = text.substr(end, 2) == "\r\n";
  return text.substr(0, end + (two_characters ? 2 : 1));
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// libcsv splits lines into fields but does not count lines. So it is fed one line at a time: a row starts on the line
// that is fed when no row is open, and stays open until libcsv says that it has ended, which a line end inside quotes
// does not.
struct CsvTable::Builder {
  CsvTable table;
  csv_parser parser;
  long line = 0;
  long row_line = 0;
  bool row_is_open = false;
  std::vector<std::string> fields;  // of the row that is open

  Builder() {
    if (csv_init(&parser, 0) != 0) throw std::bad_alloc();
    csv_set_blk_size(&parser, std::size_t{1} << 16);
    table.field_ends_.push_back(0);
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;
  ~Builder() { csv_free(&parser); }

  // libcsv calls these through C, which no exception may cross: out of memory ends the program.
  static void on_field(void* text, std::size_t size, void* self) noexcept {
    static_cast<Builder*>(self)->fields.emplace_back(trimmed({static_cast<const char*>(text), size}));
  }
  static void on_row(int, void* self) noexcept { static_cast<Builder*>(self)->end_row(); }

  void feed(std::string_view text) {
    ++line;
    if (!row_is_open) {
      if (text.starts_with('#')) return;
      row_line = line;
      row_is_open = !trimmed(text).empty();
    }
    if (csv_parse(&parser, text.data(), text.size(), on_field, on_row, this) != text.size()) throw std::bad_alloc();
  }

  void finish() {
    csv_set_opts(&parser, CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&parser, on_field, on_row, this) != 0)
      table.problems_.add(row_line, "a quoted field has no end, but must have a closing quote");
  }

  void end_row() {
    row_is_open = false;
    const bool blank = std::ranges::all_of(fields, &std::string::empty);
    if (!blank && table.header_line_ == 0)
      take_header();
    else if (!blank)
      take_row();
    fields.clear();
  }

  void take_header() {
    table.header_line_ = row_line;
    for (const std::string& name : fields) {
      const std::string column = lower_case(name);
      if (!table.index_of_column_.try_emplace(column, table.columns_.size()).second && !column.empty())
        table.problems_.add(row_line,
                            fmt::format("column '{}' is there twice, but must be there once", printable(column)));
      table.columns_.push_back(column);
    }
  }

  void take_row() {
    const std::size_t wanted = table.columns_.size();
    while (fields.size() > wanted && fields.back().empty())
      fields.pop_back();
    if (fields.size() != wanted) {
      table.problems_.add(row_line, fmt::format("number of fields is {}, but must be {}, as in the header on line {}",
                                                fields.size(), wanted, table.header_line_));
      return;
    }
    table.rows_.push_back({row_line, table.field_ends_.size() - 1});
    for (const std::string& field : fields) {
      table.text_ += field;
      table.field_ends_.push_back(table.text_.size());
    }
  }
};

CsvTable CsvTable::parse(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Builder builder;
  while (!text.empty()) {
    const std::string_view line = first_line(text);
    builder.feed(line);
    text.remove_prefix(line.size());
  }
  builder.finish();
  return std::move(builder.table);
}

std::optional<std::size_t> CsvTable::column(std::string_view lower_case_name) const {
  const auto found = index_of_column_.find(lower_case_name);
  return found == index_of_column_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view CsvTable::field(std::size_t row, std::size_t column) const {
  const std::size_t i = rows_[row].begin + column;
  return std::string_view(text_).substr(field_ends_[i], field_ends_[i + 1] - field_ends_[i]);
}

}  // namespace strikenet
