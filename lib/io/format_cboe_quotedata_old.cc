#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "io/cboe_quote_table.h"
#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/occ_symbol.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

std::optional<CboeQuoteTable> table_in(const ChainText& text) {
  return text.is_json() ? std::nullopt : find_cboe_quote_table(text.text(), "Calls,");
}

bool recognises(const ChainText& text) {
  const auto found = table_in(text);
  return found && found->header.find(",Puts,") != std::string_view::npos;
}

/// "Dec 28 2017 @ 11:12 ET", at the beginning of the line before the header.
std::optional<Instant> as_of(std::string_view preamble) {
  constexpr std::string_view kBetween = " @ ";
  const std::string_view line = trimmed(preamble).substr(trimmed(preamble).rfind('\n') + 1);
  const std::size_t between = line.find(kBetween);
  if (between == std::string_view::npos) return std::nullopt;
  const auto date = parse_worded_date(line.substr(0, between));
  const auto minutes = minutes_of(line.substr(between + kBetween.size(), 5), Clock::whole_day);
  return date && minutes ? std::optional(local_instant(*date, *minutes, "America/New_York")) : std::nullopt;
}

/// "SPX" of "SPX (S&P 500 INDEX),2684.79,+2.17,".
std::string_view underlying(std::string_view preamble) {
  const std::string_view line = trimmed(preamble.substr(0, preamble.find('\n')));
  return trimmed(line.substr(0, line.find_first_of("(,")));
}

/// An option's symbol as the site wrote it before the clearing corporation's: "SPX1821L100" is SPX, the year 2018, the
/// 21st, L for a call of December - A to L are calls of January to December, M to X puts - and the strike.
std::optional<OccSymbol> parse_old_symbol(std::string_view text) {
  const auto strike_begin = text.find_last_not_of("0123456789.");
  constexpr std::size_t kYearAndDay = 4;
  if (strike_begin == std::string_view::npos || strike_begin <= kYearAndDay) return std::nullopt;
  const int month = text[strike_begin] - 'A';
  const std::string_view digits = text.substr(strike_begin - kYearAndDay, kYearAndDay);
  const std::string_view root = text.substr(0, strike_begin - kYearAndDay);
  const auto strike = parse_number(text.substr(strike_begin + 1));
  if (month < 0 || month >= 24 || !strike || !kAboveZero.broken_by(strike).empty()) return std::nullopt;
  const auto date = parse_date(fmt::format("20{}-{:02}-{}", digits.substr(0, 2), month % 12 + 1, digits.substr(2)));
  if (!date) return std::nullopt;
  return OccSymbol{std::string(root), *date, month < 12 ? OptionType::call : OptionType::put, *strike};
}

/// Without "-E" and the like, which say on which exchange.
std::string_view without_exchange(std::string_view symbol) { return symbol.substr(0, symbol.rfind('-')); }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    words.push_back(text.substr(0, text.find(' ')));
    text.remove_prefix(words.back().size());
  }
  return words;
}

/// Whether "18 Dec 100.00" or "2018 Dec 21 100.00" is the option's year, month, day and strike.
bool agrees(std::string_view label, const OccSymbol& symbol) {
  const std::vector<std::string_view> words = words_of(label);
  if (words.size() != 3 && words.size() != 4) return false;
  const std::string day = fmt::format("{:02}", static_cast<unsigned>(symbol.expiry.day()));
  const auto date = parse_worded_date(
      fmt::format("{} {} {}", words.size() == 4 ? words[2] : std::string_view(day), words[1], words[0]));
  return date == symbol.expiry && parse_number(words.back()) == symbol.strike;
}

/// "18 Dec 100.00 (SPX1821L100-E)", the label before and the symbol between brackets.
std::optional<OccSymbol> parse_option(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  const std::string_view name = without_exchange(text.substr(open + 1, text.size() - open - 2));
  auto symbol = parse_occ_symbol(name);
  if (!symbol) symbol = parse_old_symbol(name);
  return symbol && agrees(text.substr(0, open), *symbol) ? symbol : std::nullopt;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const auto found = table_in(text);
  if (!found) {
    problems.add(0, "line 'Calls,Last Sale,...,Puts,...' is missing, but format cboe-quotedata-old needs it");
    return chain;
  }
  const std::string one_table = as_one_table(*found);
  const CsvTable table(one_table);
  problems.add(table.problems());
  require_cboe_sides(table, "format cboe-quotedata-old", problems);
  chain.underlying = underlying(found->preamble);
  chain.as_of = as_of(found->preamble);
  if (!chain.as_of)
    problems.add(found->header_line - 1, "date is missing, but must be there, like 'Dec 28 2017 @ 11:12 ET'");
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) {
    for (const CboeSide& side : kCboeSides) {
      RawQuote quote;
      const auto option = parse_option(row.text(side.option));
      if (option && option->type == side.type) {
        quote.key = keys.of(to_string(option->expiry), option->root);
        quote.strike = option->strike;
      } else if (!row.lacks(side.option)) {
        row.reject(side.option, side.type == OptionType::call ? "a call like '18 Dec 100.00 (SPX1821L100)'"
                                                              : "a put like '18 Dec 100.00 (SPX1821X100)'");
      }
      read_cboe_side(row, side, quote);
      chain.quotes.push_back(quote);
    }
  });
  return chain;
}

}  // namespace

const ChainFormatReader& cboe_quotedata_old_format() {
  static constexpr ChainFormatReader format{
      {"cboe-quotedata-old",
       "CBOE quote table as downloaded until about 2020; of several exchanges' rows of one option the first counts",
       "name, date and then Calls,..,Bid,Ask,..,Puts,..,Bid,Ask,..",
       "SPX (S&P 500 INDEX),2684.79,+2.17,\nDec 28 2017 @ 11:12 ET,\n"
       "Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int,\n"
       "18 Dec 2700.00 (SPX1821L2700),151.2,0.0,150.1,152.3,0,2673,"
       "18 Dec 2700.00 (SPX1821X2700),150.0,0.0,149.5,151.7,0,1091,"},
      recognises,
      read,
      ChainFormatReader::Layout::lines};
  return format;
}

}  // namespace strikenet
