#include <fmt/format.h>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("quote") && table.column("call_fv") && table.column("imp_vol");
}

/// Mids, bids and asks are three surfaces at strikes of their own: a bid has no ask at its strike. The mids are the
/// chain.
RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::vol, .strict = false};
  require_columns(table, {"expiry", "strike", "quote", "imp_vol", "forward"}, "format arbitragerepair", problems);
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) {
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_expiry("expiry")) {
      quote.key = keys.of(expiry->first, "");
      quote.t = expiry->second;
    }
    quote.strike = row.required_number("strike", kAboveZero).value_or(0);
    quote.forward = row.required_number("forward", kAboveZero);
    const auto vol = row.required_number("imp_vol", kAtLeastZero);
    const std::string_view side = row.text("quote");
    if (side != "bid" && side != "ask" && side != "mid") row.reject("quote", "bid, ask or mid");
    if (side != "ask") quote.bid = vol;
    if (side != "bid") quote.ask = vol;
    quote.side_of_another = side != "mid";
    chain.quotes.push_back(quote);
  });
  return chain;
}

}  // namespace

const ChainFormatReader& arbitragerepair_format() {
  static constexpr ChainFormatReader format{
      {"arbitragerepair", "surfaces of mid, bid and ask vols at strikes of their own; the mids are used",
       "expiry,strike,quote,imp_vol,forward[,call_fv]; expiry in years",
       "expiry,strike,quote,call_fv,imp_vol,forward\n0.249,429.56,mid,12.99,0.145,430.69"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
