#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

// A row of the past is the vendor's business, to be counted and left out; so zero and below are taken.
constexpr NumberRule kTexp{"a number of years", -1000, true, "at most 1000 years", -1000, 1000};

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("expiry") && table.column("strike") && table.column("texp") && table.column("fwd");
}

RawQuote read_row(RowReader row, ExpiryKeys& keys) {
  RawQuote quote{.line = row.line()};
  if (const auto expiry = row.required_date("expiry")) quote.key = keys.of(to_string(*expiry), "");
  if (const auto t = row.required_number("texp", kTexp)) quote.t = YearFraction(*t);
  quote.strike = row.required_number("strike", kAboveZero).value_or(0);
  quote.bid = row.number("bid", kAtLeastZero);
  quote.ask = row.number("ask", kAtLeastZero);
  quote.forward = row.required_number("fwd", kAboveZero);
  return quote;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask_vol, .strict = false};
  require_columns(table, {"expiry", "texp", "strike", "bid", "ask", "fwd"}, "format iv-table", problems);
  chain.quotes.reserve(table.expected_rows());
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) { chain.quotes.push_back(read_row(row, keys)); });
  return chain;
}

}  // namespace

const ChainFormatReader& iv_table_format() {
  static constexpr ChainFormatReader format{
      {"iv-table", "table of implied vols with year fractions and forwards; vols decimal, a missing one left empty",
       "Expiry,Texp,Strike,Bid,Ask,Fwd", "Expiry,Texp,Strike,Bid,Ask,Fwd\n20230317,0.0821,4200.0,0.1903,0.1921,4149.5"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
