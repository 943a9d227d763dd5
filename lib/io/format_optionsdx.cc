#include "io/chain_format.h"
#include "io/row_reader.h"
#include "io/strike_rows.h"

namespace strikenet {
namespace {

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("[quote_unixtime]") && table.column("[expire_date]") && table.column("[strike]");
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"[quote_unixtime]", "[expire_date]", "[strike]", "[c_bid]", "[c_ask]", "[p_bid]", "[p_ask]"},
                  "format optionsdx", problems);
  const StrikeColumns columns{"[expire_date]", "[strike]", "[c_bid]",         "[c_ask]",
                              "[p_bid]",       "[p_ask]",  "[quote_unixtime]"};
  chain.quotes = read_strike_rows(table, columns, problems, [&](RowReader& first) {
    if (const auto seconds = first.required_number("[quote_unixtime]", kUnixSeconds))
      chain.as_of = unix_instant(*seconds);
  });
  return chain;
}

}  // namespace

const ChainFormatReader& optionsdx_format() {
  static constexpr ChainFormatReader format{
      {"optionsdx", "optionsdx end of day: one strike a row, names in brackets. It names no underlying: --root SPY",
       "[QUOTE_UNIXTIME],[EXPIRE_DATE],[STRIKE],[C_BID],[C_ASK],[P_BID],[P_ASK]",
       "[QUOTE_UNIXTIME],[EXPIRE_DATE],[STRIKE],[C_BID],[C_ASK],[P_BID],[P_ASK]\n"
       "1672434000, 2023-01-20,380.0,8.41,8.47,5.02,5.06"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
