#include <fmt/format.h>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/occ_symbol.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("contractsymbol") && table.column("strike") && table.column("lasttradedate");
}

/// "2026-01-30 16:45:44+00:00", to the minute before.
std::optional<Instant> last_trade(std::string_view text) {
  if (text.size() < 17) return std::nullopt;
  const std::string_view offset = text.size() > 19 ? text.substr(19) : "Z";
  return parse_instant(fmt::format("{}T{}{}", text.substr(0, 10), text.substr(11, 5), offset));
}

RawQuote read_row(RowReader row, ExpiryKeys& keys) {
  RawQuote quote{.line = row.line()};
  quote.strike = row.required_number("strike", kAboveZero).value_or(0);
  quote.bid = row.number("bid", kAtLeastZero);
  quote.ask = row.number("ask", kAtLeastZero);
  quote.lacks_vol = stands_for_no_vol(parse_number(row.text("impliedvolatility")));
  const auto symbol = parse_occ_symbol(row.text("contractsymbol"));
  if (!symbol)
    row.reject("contractsymbol", kOccSymbolRule);
  else if (symbol->strike != quote.strike && quote.strike > 0)
    row.reject("strike", fmt::format("{}, as in the contractSymbol", symbol->strike));
  if (symbol) {
    quote.key = keys.of(to_string(symbol->expiry), symbol->root);
    quote.type = symbol->type;
  }
  quote.last_trade = last_trade(row.text("lasttradedate"));
  if (!quote.last_trade && !row.text("lasttradedate").empty())
    row.reject("lasttradedate", "an instant like 2026-01-30 16:45:44+00:00, or empty");
  return quote;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"contractsymbol", "lasttradedate", "strike", "bid", "ask"}, "format yfinance", problems);
  chain.quotes.reserve(table.expected_rows());
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) {
    chain.quotes.push_back(read_row(row, keys));
    if (const auto trade = chain.quotes.back().last_trade; trade && (!chain.as_of || *trade > *chain.as_of))
      chain.as_of = trade;
  });
  return chain;
}

}  // namespace

const ChainFormatReader& yfinance_format() {
  static constexpr ChainFormatReader format{
      {"yfinance", "option chain of yfinance; as of the last trade in the file, or --as-of",
       "contractSymbol,lastTradeDate,strike,bid,ask",
       "contractSymbol,lastTradeDate,strike,bid,ask\n"
       "SPXW260220C06900000,2026-01-30 16:45:44+00:00,6900.0,104.2,105.0"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
