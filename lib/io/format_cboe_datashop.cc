#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr int kSnapshotMinutes = 15 * 60 + 45;  // after midnight in New York: the "1545" of the columns

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("quote_date") && table.column("expiration") && table.column("strike") &&
         (table.column("bid_1545") || table.column("ask_1545"));
}

// "SPX" of "^SPX", the vendor's spelling of an index.
std::string_view without_caret(std::string_view symbol) {
  if (symbol.starts_with('^')) symbol.remove_prefix(1);
  return symbol;
}

RawQuote read_row(RowReader row, ExpiryKeys& keys) {
  RawQuote quote{.line = row.line()};
  if (const auto expiry = row.required_date("expiration")) quote.key = keys.of(to_string(*expiry), row.text("root"));
  quote.strike = row.required_number("strike", kAboveZero).value_or(0);
  quote.type = row.required_type("option_type");
  quote.bid = row.number("bid_1545", kAtLeastZero);
  quote.ask = row.number("ask_1545", kAtLeastZero);
  quote.bid_size = row.size("bid_size_1545");
  quote.ask_size = row.size("ask_size_1545");
  return quote;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"quote_date", "expiration", "strike", "option_type", "bid_1545", "ask_1545"},
                  "format cboe-datashop", problems);
  chain.quotes.reserve(table.expected_rows());
  ExpiryKeys keys;
  SameInEveryRow quote_date("quote_date"), symbol("underlying_symbol");
  for_each_row(table, problems, [&](RowReader row) {
    if (quote_date.is_first(row))
      if (const auto date = row.required_date("quote_date"))
        chain.as_of = local_instant(*date, kSnapshotMinutes, "America/New_York");
    if (symbol.is_first(row)) chain.underlying = without_caret(row.text("underlying_symbol"));
    chain.quotes.push_back(read_row(row, keys));
  });
  return chain;
}

}  // namespace

const ChainFormatReader& cboe_datashop_format() {
  static constexpr ChainFormatReader format{
      {"cboe-datashop", "CBOE DataShop option quotes: the snapshot at 15:45 New York of the quote date",
       "quote_date,expiration,strike,option_type,bid_1545,ask_1545[,underlying_symbol][,root]",
       "quote_date,expiration,strike,option_type,bid_1545,ask_1545\n2019-06-26,2019-06-28,2900,C,22.7,23.4"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
