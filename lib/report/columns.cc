#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/csv_field.h"

namespace strikenet {
namespace {

using Json = nlohmann::json;

void append_csv(std::string& text, const Cell& cell) {
  if (const double* number = std::get_if<double>(&cell))
    fmt::format_to(std::back_inserter(text), "{}", *number);
  else if (const std::string* words = std::get_if<std::string>(&cell))
    text += csv_field(*words);
}

void append_json(std::string& text, const Cell& cell) {
  if (const double* number = std::get_if<double>(&cell))
    fmt::format_to(std::back_inserter(text), "{}", *number);
  else if (const std::string* words = std::get_if<std::string>(&cell))
    text += json_text(*words);
  else
    text += "null";
}

std::string shown(const Cell& cell, int digits) {
  if (const double* number = std::get_if<double>(&cell)) return fmt::format("{:.{}g}", *number, digits);
  const std::string* words = std::get_if<std::string>(&cell);
  return words ? *words : "-";
}

/// One column on a terminal: its name, and what stands below it.
struct ShownColumn {
  std::vector<std::string> lines;
  std::size_t wide = 0;
  bool left = false;  // texts
  bool empty = true;  // texts without a letter

  ShownColumn(const Column& column, std::size_t rows) {
    add(std::string(column.name));
    for (std::size_t row = 0; row < rows; ++row) {
      const Cell cell = column.of(row);
      const bool is_text = std::holds_alternative<std::string>(cell);
      left = left || is_text;
      add(shown(cell, column.digits));
      empty = empty && is_text && lines.back().empty();
    }
    empty = empty && rows > 0;
  }

  void add(std::string line) {
    wide = std::max(wide, line.size());
    lines.push_back(std::move(line));
  }
};

std::string_view name_of(Drop reason) { return reason == Drop::none ? "without a middle" : to_string(reason); }

}  // namespace

Cell number_cell(double value) { return std::isfinite(value) ? Cell(value) : Cell(); }

Cell number_cell(std::optional<double> value) { return value ? number_cell(*value) : Cell(); }

std::string json_text(std::string_view text) { return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string counts_in_words(const std::vector<std::pair<Drop, int>>& counts) {
  std::string words;
  for (const auto& [reason, count] : counts)
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, name_of(reason));
  return words.empty() ? "none" : words;
}

std::string counts_in_json(const std::vector<std::pair<Drop, int>>& counts) {
  std::string text;
  for (const auto& [reason, count] : counts)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", json_text(name_of(reason)), count);
  return "{" + text + "}";
}

std::string csv_of(const std::vector<Column>& columns, std::size_t rows) {
  std::string text;
  for (const Column& column : columns)
    text.append(text.empty() ? "" : ",").append(column.name);
  text += '\n';
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < columns.size(); ++i) {
      append_csv(text, columns[i].of(row));
      text += i + 1 < columns.size() ? ',' : '\n';
    }
  return text;
}

std::string json_of(const std::vector<Column>& columns, std::size_t rows, std::string_view indent,
                    const std::function<std::string(std::size_t row)>& more) {
  std::string text = "[";
  for (std::size_t row = 0; row < rows; ++row) {
    text.append(row > 0 ? ",\n" : "\n").append(indent).append("{");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text.append(i > 0 ? ", \"" : "\"").append(columns[i].name).append("\": ");
      append_json(text, columns[i].of(row));
    }
    if (more) text += more(row);
    text += '}';
  }
  return text.append(rows > 0 ? "\n" : "").append(rows > 0 ? indent.substr(1) : "").append("]");
}

std::string text_table_of(const std::vector<Column>& columns, std::size_t rows) {
  std::vector<std::string> lines(rows + 1);
  for (const Column& column : columns) {
    if (column.digits == 0) continue;
    const ShownColumn shown_column(column, rows);
    if (shown_column.empty) continue;
    for (std::size_t i = 0; i <= rows; ++i) {
      const std::size_t blanks = shown_column.wide - shown_column.lines[i].size();
      lines[i].append(lines[i].empty() ? 0 : 2, ' ').append(shown_column.left ? 0 : blanks, ' ');
      lines[i].append(shown_column.lines[i]).append(shown_column.left ? blanks : 0, ' ');
    }
  }
  std::string text;
  for (const std::string& line : lines)
    text.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  return text;
}

}  // namespace strikenet
