#include <fmt/format.h>

#include <optional>
#include <string>

#include "io/cboe_quote_table.h"
#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/occ_symbol.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

std::optional<CboeQuoteTable> table_in(const ChainText& text) {
  return text.is_json() ? std::nullopt : find_cboe_quote_table(text.text(), "Expiration Date,Calls,");
}

bool recognises(const ChainText& text) { return table_in(text).has_value(); }

/// "Date: October 1, 2025 at 6:06 PM EDT" before the header. The clocks are New York's.
std::optional<Instant> as_of(std::string_view preamble) {
  constexpr std::string_view kBefore = "Date: ", kBetween = " at ";
  const std::size_t begin = preamble.find(kBefore), between = preamble.find(kBetween, begin);
  if (begin == std::string_view::npos || between == std::string_view::npos) return std::nullopt;
  const auto date = parse_worded_date(preamble.substr(begin + kBefore.size(), between - begin - kBefore.size()));
  const std::string_view time = preamble.substr(between + kBetween.size(), 8);
  const auto minutes = minutes_of(time, Clock::half_day);
  const bool is_morning = time.find(" AM") != std::string_view::npos;
  if (!date || !minutes || (!is_morning && time.find(" PM") == std::string_view::npos)) return std::nullopt;
  return local_instant(*date, *minutes + (is_morning ? 0 : 12 * 60), "America/New_York");
}

/// "SPXW260202C02800000", which has to say what the row says.
SharedExpiryKey read_symbol(RowReader& row, const CboeSide& side, const std::string& expiry, ExpiryKeys& keys) {
  const auto symbol = parse_occ_symbol(row.text(side.option));
  if (!symbol || symbol->type != side.type) {
    row.reject(side.option, side.type == OptionType::call ? "a call's symbol, like SPX271217C03500000"
                                                          : "a put's symbol, like SPX271217P03500000");
    return {};
  }
  if (!expiry.empty() && expiry != to_string(symbol->expiry))
    row.reject(side.option, fmt::format("of an option that expires on {}, as the row does", expiry));
  return keys.of(expiry, symbol->root);
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const auto found = table_in(text);
  if (!found) {
    problems.add(0, "line 'Expiration Date,Calls,...' is missing, but format cboe-quotedata needs it");
    return chain;
  }
  const std::string one_table = as_one_table(*found);
  const CsvTable table(one_table);
  problems.add(table.problems());
  require_columns(table, {"expiration date", "strike"}, "format cboe-quotedata", problems);
  require_cboe_sides(table, "format cboe-quotedata", problems);
  chain.as_of = as_of(found->preamble);
  if (!chain.as_of)
    problems.add(table.header_line() - 1,
                 "date is missing, but must be there, like 'Date: October 1, 2025 at 6:06 PM'");
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) {
    const auto date = row.required_worded_date("expiration date", "Fri Dec 17 2027");
    const std::string expiry = date ? to_string(*date) : "";
    RawQuote quote{.strike = row.required_number("strike", kAboveZero).value_or(0)};
    for (const CboeSide& side : kCboeSides) {
      quote.key = read_symbol(row, side, expiry, keys);
      read_cboe_side(row, side, quote);
      chain.quotes.push_back(quote);
    }
  });
  return chain;
}

}  // namespace

const ChainFormatReader& cboe_quotedata_format() {
  static constexpr ChainFormatReader format{
      {"cboe-quotedata", "CBOE quote table as downloaded: calls left, puts right; several pages make one chain",
       "name, date and then Expiration Date,Calls,..,Bid,Ask,..,Strike,Puts,..,Bid,Ask,..",
       "S&P 500 INDEX,Last: 6711.2002\n\"Date: October 1, 2025 at 6:06 PM EDT\"\n"
       "Expiration Date,Calls,Bid,Ask,Strike,Puts,Bid,Ask\n"
       "Fri Dec 17 2027,SPX271217C06500000,901.3,910.2,6500.00,SPX271217P06500000,420.1,425.8"},
      recognises,
      read,
      ChainFormatReader::Layout::lines};
  return format;
}

}  // namespace strikenet
