#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "strikenet/market/hygiene_rules.h"

namespace strikenet {

/// Nothing, a number or a text.
using Cell = std::variant<std::monostate, double, std::string>;

/// Nothing where the number is NaN or infinite.
Cell number_cell(double value);
Cell number_cell(std::optional<double> value);

/// One column of a table of any number of rows.
struct Column {
  std::string_view name;
  std::function<Cell(std::size_t row)> of;
  int digits = 6;  // on a terminal; 0: left out there
};

/// A text as JSON writes it, in quotes; bytes that are not UTF-8 are replaced.
std::string json_text(std::string_view text);

/// A number with the fewest digits that read back to it; "null" for NaN and infinities.
std::string json_number(double value);

/// "12 no-ask, 3 crossed": quotes left out, by reason. "none" for none; Drop::none has no name of its own here, it is
/// "without a middle".
std::string counts_in_words(const std::vector<std::pair<Drop, int>>& counts);

/// {"no-ask": 12, "crossed": 3}
std::string counts_in_json(const std::vector<std::pair<Drop, int>>& counts);

/// A line of names and one line per row.
std::string csv_of(const std::vector<Column>& columns, std::size_t rows);

/// A list of objects, one a line, each line after `indent`, which is one blank deeper than what the list stands in.
/// `more`, when given, is further text of the object of a row: ", \"name\": value".
std::string json_of(const std::vector<Column>& columns, std::size_t rows, std::string_view indent,
                    const std::function<std::string(std::size_t row)>& more = {});

/// Aligned, texts to the left and numbers, with Column::digits, to the right; "-" for nothing. A column of
/// empty texts is left out.
std::string text_table_of(const std::vector<Column>& columns, std::size_t rows);

}  // namespace strikenet
