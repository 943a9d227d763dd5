#include "io/strike_rows.h"

#include "io/expiry_keys.h"

namespace strikenet {

std::vector<RawQuote> read_strike_rows(const CsvTable& table, const StrikeColumns& columns, ProblemList& problems,
                                       const std::function<void(RowReader& first)>& read_first) {
  std::vector<RawQuote> quotes;
  quotes.reserve(2 * table.expected_rows());
  ExpiryKeys keys;
  SameInEveryRow quoted(columns.quoted);
  for_each_row(table, problems, [&](RowReader row) {
    if (quoted.is_first(row)) read_first(row);
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_date(columns.expiry)) quote.key = keys.of(to_string(*expiry), "");
    quote.strike = row.required_number(columns.strike, kAboveZero).value_or(0);
    const auto add = [&](OptionType type, std::string_view bid, std::string_view ask) {
      quote.type = type;
      quote.bid = row.number(bid, kAtLeastZero);
      quote.ask = row.number(ask, kAtLeastZero);
      quotes.push_back(quote);
    };
    add(OptionType::call, columns.call_bid, columns.call_ask);
    add(OptionType::put, columns.put_bid, columns.put_ask);
  });
  return quotes;
}

}  // namespace strikenet
