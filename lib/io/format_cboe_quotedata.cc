#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "io/chain_format.h"
#include "io/occ_symbol.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

/// The line that begins with "Expiration Date,Calls".
struct Header {
  std::size_t begin = std::string_view::npos, end = 0;
};

Header header_of(std::string_view text) {
  constexpr std::size_t kFarthest = 4096;  // it is line 3 or 4
  for (std::size_t begin = 0; begin < std::min(text.size(), kFarthest);) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with("Expiration Date,Calls,")) return {begin, end};
    begin = end + 1;
  }
  return {};
}

bool recognises(const ChainText& text) {
  return !text.is_json() && header_of(text.text()).begin != std::string_view::npos;
}

/// The same table with a header that tells calls from puts, and the lines before it as comments.
std::string as_one_table(std::string_view text, Header header) {
  std::string result;
  for (std::size_t begin = 0; begin < header.begin;) {
    const std::size_t end = text.find('\n', begin);
    result.append("#").append(text.substr(begin, end + 1 - begin));
    begin = end + 1;
  }
  std::string_view side = "call ";
  std::string_view rest = text.substr(header.begin, header.end - header.begin);
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view name = rest.substr(0, comma);
    if (name == "Puts") side = "put ";
    const bool shared = name == "Expiration Date" || name == "Strike";
    result.append(shared ? "" : side).append(name).append(comma < rest.size() ? "," : "");
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return result.append(text.substr(header.end));
}

/// "Date: October 1, 2025 at 6:06 PM EDT" before the header. The clocks are New York's.
std::optional<Instant> as_of(std::string_view preamble) {
  constexpr std::string_view kBefore = "Date: ", kBetween = " at ";
  const std::size_t begin = preamble.find(kBefore), between = preamble.find(kBetween, begin);
  if (begin == std::string_view::npos || between == std::string_view::npos) return std::nullopt;
  const auto date = parse_worded_date(preamble.substr(begin + kBefore.size(), between - begin - kBefore.size()));
  std::string_view time = preamble.substr(between + kBetween.size(), 8);
  int hour = 0, minute = 0;
  const auto [colon, bad_hour] = std::from_chars(time.data(), time.data() + time.size(), hour);
  if (!date || bad_hour != std::errc() || colon + 1 >= time.data() + time.size() || *colon != ':') return std::nullopt;
  const auto [end, bad_minute] = std::from_chars(colon + 1, time.data() + time.size(), minute);
  const std::string_view half = time.substr(static_cast<std::size_t>(end - time.data()));
  if (bad_minute != std::errc() || hour < 1 || hour > 12 || minute > 59 || minute < 0) return std::nullopt;
  if (!half.starts_with(" PM") && !half.starts_with(" AM")) return std::nullopt;
  return local_instant(*date, (hour % 12 + (half.starts_with(" PM") ? 12 : 0)) * 60 + minute, "America/New_York");
}

/// "SPXW260202C02800000", which has to say what the row says.
void read_symbol(RowReader& row, const std::string& column, OptionType type, RawQuote& quote) {
  const auto symbol = parse_occ_symbol(row.text(column));
  if (!symbol || symbol->type != type) {
    row.reject(column, type == OptionType::call ? "a call's symbol, like SPX271217C03500000"
                                                : "a put's symbol, like SPX271217P03500000");
    return;
  }
  if (!quote.key.expiry.empty() && quote.key.expiry != to_string(symbol->expiry))
    row.reject(column, fmt::format("of an option that expires on {}, as the row does", quote.key.expiry));
  quote.key.root = symbol->root;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const Header header = header_of(text.text());
  if (header.begin == std::string_view::npos) {
    problems.add(0, "line 'Expiration Date,Calls,...' is missing, but format cboe-quotedata needs it");
    return chain;
  }
  const CsvTable table = CsvTable::parse(as_one_table(text.text(), header));
  problems.add(table.problems());
  require_columns(table,
                  {"expiration date", "strike", "call calls", "call bid", "call ask", "put puts", "put bid", "put ask"},
                  "format cboe-quotedata", problems);
  chain.as_of = as_of(text.text().substr(0, header.begin));
  if (!chain.as_of)
    problems.add(table.header_line() - 1,
                 "date is missing, but must be there, like 'Date: October 1, 2025 at 6:06 PM'");
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    RawQuote quote{.line = row.line()};
    if (const auto expiry = row.required_worded_date("expiration date", "Fri Dec 17 2027"))
      quote.key.expiry = to_string(*expiry);
    quote.strike = row.required_number("strike", kAboveZero).value_or(0);
    for (const OptionType type : {OptionType::call, OptionType::put}) {
      const std::string side = type == OptionType::call ? "call " : "put ";
      read_symbol(row, side + (type == OptionType::call ? "calls" : "puts"), type, quote);
      quote.type = type;
      quote.bid = row.number(side + "bid", kAtLeastZero);
      quote.ask = row.number(side + "ask", kAtLeastZero);
      chain.quotes.push_back(quote);
    }
  }
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
