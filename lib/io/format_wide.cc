#include <array>

#include "io/chain_format.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr int kCloseMinutes = 16 * 60;  // after midnight in New York: the file is of the end of a day

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("expdate") && table.column("strike") && (table.column("callbid") || table.column("putbid"));
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"date", "expdate", "strike", "callbid", "callask", "putbid", "putask"}, "format wide",
                  problems);
  if (table.rows() == 0) return chain;
  if (const auto date = RowReader(table, 0, problems).required_date("date"))
    chain.as_of = local_instant(*date, kCloseMinutes, "America/New_York");
  require_same(table, "date", problems);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_date("expdate")) quote.key.expiry = to_string(*expiry);
    quote.strike = row.required_number("strike", kAboveZero).value_or(0);
    constexpr std::array kSides{std::pair(OptionType::call, std::pair("callbid", "callask")),
                                std::pair(OptionType::put, std::pair("putbid", "putask"))};
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

const ChainFormatReader& wide_format() {
  static constexpr ChainFormatReader format{
      {"wide", "one strike a row, calls beside puts; as of 16:00 New York of the date",
       "Date,ExpDate,Strike,CallBid,CallAsk,PutBid,PutAsk",
       "Date,ExpDate,Strike,CallBid,CallAsk,PutBid,PutAsk\n2025-09-03,2025-09-19,6400,98.2,99.1,55.6,56.2"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
