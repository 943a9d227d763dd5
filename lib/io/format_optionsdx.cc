#include <array>
#include <cmath>

#include "io/chain_format.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr NumberRule kUnixTime{"seconds since 1970", 0, false, "from 1e8 to 1e10", 1e8, 1e10};

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("[quote_unixtime]") && table.column("[expire_date]") && table.column("[strike]");
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"[quote_unixtime]", "[expire_date]", "[strike]", "[c_bid]", "[c_ask]", "[p_bid]", "[p_ask]"},
                  "format optionsdx", problems);
  if (table.rows() == 0) return chain;
  if (const auto seconds = RowReader(table, 0, problems).required_number("[quote_unixtime]", kUnixTime))
    chain.as_of = Instant(std::chrono::minutes(static_cast<long>(std::floor(*seconds / 60))));
  require_same(table, "[quote_unixtime]", problems);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_date("[expire_date]")) quote.key.expiry = to_string(*expiry);
    quote.strike = row.required_number("[strike]", kAboveZero).value_or(0);
    constexpr std::array kSides{std::pair(OptionType::call, std::pair("[c_bid]", "[c_ask]")),
                                std::pair(OptionType::put, std::pair("[p_bid]", "[p_ask]"))};
    for (const auto& [type, columns] : kSides) {
      quote.type = type;
      quote.bid = row.number(columns.first, kAtLeastZero);
      quote.ask = row.number(columns.second, kAtLeastZero);
      chain.quotes.push_back(quote);
    }
  }
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
