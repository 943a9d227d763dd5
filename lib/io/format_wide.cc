#include "io/chain_format.h"
#include "io/row_reader.h"
#include "io/strike_rows.h"

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
  const StrikeColumns columns{"expdate", "strike", "callbid", "callask", "putbid", "putask", "date"};
  chain.quotes = read_strike_rows(table, columns, problems, [&](RowReader& first) {
    if (const auto date = first.required_date("date"))
      chain.as_of = local_instant(*date, kCloseMinutes, "America/New_York");
  });
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
