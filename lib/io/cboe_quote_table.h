#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "io/row_reader.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// A quote table as CBOE's site has it for download: some lines of preamble, then a header that names the columns of
/// the calls on the left and once more, after "Puts", those of the puts.
struct CboeQuoteTable {
  std::string_view preamble;  ///< with its last line end
  std::string_view header;    ///< without line end
  std::string_view rest;      ///< from the end of the header on
  long header_line;
};

/// The table whose header begins like this; empty when no line near the beginning does.
std::optional<CboeQuoteTable> find_cboe_quote_table(std::string_view text, std::string_view beginning);

/// The same table, line by line, with a header that says "call bid" and "put bid", and its preamble as comments.
/// Columns named "Expiration Date" and "Strike" keep their names.
std::string as_one_table(const CboeQuoteTable& table);

/// The columns of one side of such a table.
struct CboeSide {
  OptionType type;
  std::string_view option, bid, ask;  ///< `option` names it
};
inline constexpr std::array<CboeSide, 2> kCboeSides = {
    {{OptionType::call, "call calls", "call bid", "call ask"}, {OptionType::put, "put puts", "put bid", "put ask"}}};

/// Notes each column of either side that the table lacks.
void require_cboe_sides(const CsvTable& table, std::string_view needed_by, ProblemList& problems);

/// Sets line, type, bid and ask of the quote; key and strike are the caller's.
void read_cboe_side(RowReader& row, const CboeSide& side, RawQuote& quote);

enum class Clock { half_day, whole_day };

/// "11:12" at the beginning of the text, in minutes after midnight or, of a clock of twelve hours, noon.
std::optional<int> minutes_of(std::string_view text, Clock clock);

}  // namespace strikenet
