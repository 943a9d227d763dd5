#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/problem_list.h"
#include "io/csv_table.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"

namespace strikenet {

/// Which numbers a column takes: at least (or above) `low`, as `words` say, and from `smallest` to `largest`.
struct NumberRule {
  std::string_view words;
  double low;
  bool low_included;
  std::string_view range_words;
  double smallest;
  double largest;

  /// The words that a number breaks; empty when it keeps the rule.
  std::string_view broken_by(std::optional<double> number) const;
};

/// Strikes and forwards, prices and vols. What lies beyond 1e12 is a mistake, and its powers would overflow.
inline constexpr NumberRule kAboveZero{"a number above 0", 0, false, "from 1e-12 to 1e12", 1e-12, 1e12};
inline constexpr NumberRule kAtLeastZero{"a number of at least 0", 0, true, "at most 1e12", 0, 1e12};
inline constexpr NumberRule kSize{"a number of at least 0", 0, true, "at most 4e9", 0, 4e9};
inline constexpr NumberRule kDiscount{"a number above 0", 0, false, "from 1e-12 to 10", 1e-12, 10};
inline constexpr NumberRule kYears{"a number of years above 0", 0, false, "from 1e-9 to 1000 years", 1e-9, 1000};

inline constexpr NumberRule kUnixSeconds{"seconds since 1970", 0, false, "from 1e8 to 1e10", 1e8, 1e10};

/// A vol that a vendor writes where it found none: 0, or Yahoo's 1e-5.
bool stands_for_no_vol(std::optional<double> vol);

/// The minute that the second lies in.
Instant unix_instant(double seconds);

/// The whole of `text` as a double, digits and point as in C whatever the locale. Takes "nan" and "inf" for what they
/// say; empty when the text is anything else or beyond the range of a double.
std::optional<double> parse_number(std::string_view text);

/// One row of a table, read column by column. What is wrong with a field goes to the list of problems, and the field
/// counts as missing. So does, without a problem, a field of a column that the table lacks: require_columns notes that
/// once for the whole table.
class RowReader {
 public:
  /// Of the row that `rows` stands on. Both are kept by reference.
  RowReader(const CsvRows& rows, ProblemList& problems) : rows_(rows), problems_(problems) {}

  long line() const { return rows_.line(); }

  bool lacks(std::string_view column) const { return !rows_.table().column(column); }

  /// The text of the field, as csv_field was given it; empty when the table has no such column.
  std::string_view text(std::string_view column) const;

  /// Empty without a problem when the field is empty.
  std::optional<double> number(std::string_view column, const NumberRule& rule);
  /// An empty field is a problem too.
  std::optional<double> required_number(std::string_view column, const NumberRule& rule);

  /// Contracts, of which there are whole ones; 0 when the field is empty.
  std::uint32_t size(std::string_view column) { return static_cast<std::uint32_t>(number(column, kSize).value_or(0)); }

  /// C, P, call, put in any case.
  std::optional<OptionType> required_type(std::string_view column);

  /// 2019-06-28 or 20190628.
  std::optional<Date> required_date(std::string_view column);
  /// As parse_worded_date takes it; `example` is for the message.
  std::optional<Date> required_worded_date(std::string_view column, std::string_view example);

  /// A date as the key "2019-06-28"; or a number of years from now, as the key "T=0.025" with these years.
  std::optional<std::pair<std::string, std::optional<YearFraction>>> required_expiry(std::string_view column);

  /// "COLUMN is 'TEXT', but must be RULE".
  void reject(std::string_view column, std::string_view rule);

 private:
  std::optional<double> checked(std::string_view column, std::string_view field, const NumberRule& rule);

  const CsvRows& rows_;
  ProblemList& problems_;
};

/// Calls `body` with a RowReader of each row of the table.
template <class Body>
void for_each_row(const CsvTable& table, ProblemList& problems, Body body) {
  CsvRows rows(table, problems);
  while (rows.next())
    body(RowReader(rows, problems));
}

/// Holds every row to the text that the first has in a column, if the table has it: a file is one snapshot of one
/// thing.
class SameInEveryRow {
 public:
  explicit SameInEveryRow(std::string_view column) : column_(column) {}

  /// Whether the row is the first; of another with another text it notes that.
  bool is_first(RowReader& row);

 private:
  std::string column_;
  std::string first_ = {};
  long first_line_ = 0;
};

/// 2019-06-28 or 20190628.
std::optional<Date> parse_file_date(std::string_view text);

/// A date with the month as a word, English, whole or its first three letters: "6DEC25", "20-May-2021", "Fri Dec 17
/// 2027", "October 1, 2025". Two digits of a year are of this century. Nothing else in the text but a weekday.
std::optional<Date> parse_worded_date(std::string_view text);

/// Notes each of `columns` that the table lacks: "column 'ask' is missing, but FOR needs it".
void require_columns(const CsvTable& table, std::initializer_list<std::string_view> columns, std::string_view needed_by,
                     ProblemList& problems);

}  // namespace strikenet
