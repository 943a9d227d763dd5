#include "io/strike_rows.h"

namespace strikenet {

std::vector<RawQuote> read_strike_rows(const CsvTable& table, const StrikeColumns& columns, ProblemList& problems) {
  std::vector<RawQuote> quotes;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_date(columns.expiry)) quote.key.expiry = to_string(*expiry);
    quote.strike = row.required_number(columns.strike, kAboveZero).value_or(0);
    const auto add = [&](OptionType type, std::string_view bid, std::string_view ask) {
      quote.type = type;
      quote.bid = row.number(bid, kAtLeastZero);
      quote.ask = row.number(ask, kAtLeastZero);
      quotes.push_back(quote);
    };
    add(OptionType::call, columns.call_bid, columns.call_ask);
    add(OptionType::put, columns.put_bid, columns.put_ask);
  }
  return quotes;
}

}  // namespace strikenet
