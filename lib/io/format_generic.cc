#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "io/chain_format.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

// Which columns a file of each kind quotes its bid and its ask in.
struct KindColumns {
  QuoteKind kind;
  std::string_view bid, ask;
};

constexpr KindColumns kKinds[] = {
    {QuoteKind::bid_ask, "bid", "ask"},
    {QuoteKind::price, "price", "price"},
    {QuoteKind::vol, "vol", "vol"},
    {QuoteKind::bid_ask_vol, "bid_vol", "ask_vol"},
};

constexpr std::string_view kKindWords = "one of: bid and ask | price | vol | bid_vol and ask_vol";

constexpr std::string_view kOptionalColumns[] = {"root", "as_of", "forward", "discount", "volume", "open_interest"};

bool is_vol(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::bid_ask_vol; }

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("expiry") && table.column("strike");
}

std::string_view tail(std::string_view text, std::size_t from) { return text.substr(std::min(from, text.size())); }

// Whether one letter added, left out, changed or swapped with its neighbour turns one word into the other.
bool one_slip_apart(std::string_view a, std::string_view b) {
  if (a == b) return false;
  const auto i = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const std::string_view x = tail(a, i), y = tail(b, i);
  const bool swapped = x.size() > 1 && y.size() > 1 && x[0] == y[1] && x[1] == y[0] && tail(x, 2) == tail(y, 2);
  return swapped || tail(x, 1) == y || x == tail(y, 1) || tail(x, 1) == tail(y, 1);
}

// Columns that strikenet does not know are the user's own business. But a misspelt `forward` would go unnoticed.
void check_spelling(const CsvTable& table, ProblemList& problems) {
  for (const std::string& column : table.columns())
    for (const std::string_view known : kOptionalColumns)
      if (!table.column(known) && one_slip_apart(column, known))
        problems.add(table.header_line(),
                     fmt::format("column is '{}', but must be spelt '{}'", printable(column), known));
}

// The kind that the columns make the file. Without a problem there is exactly one.
const KindColumns& choose_kind(const CsvTable& table, ProblemList& problems) {
  std::vector<std::string_view> found;
  const KindColumns* chosen = nullptr;
  int kinds = 0;
  for (const KindColumns& kind : kKinds) {
    const bool has_bid = table.column(kind.bid).has_value(), has_ask = table.column(kind.ask).has_value();
    if (!has_bid && !has_ask) continue;
    ++kinds;
    chosen = &kind;
    if (has_bid) found.push_back(kind.bid);
    if (has_ask && kind.ask != kind.bid) found.push_back(kind.ask);
    require_columns(table, {kind.bid}, kind.ask, problems);
    if (kind.ask != kind.bid) require_columns(table, {kind.ask}, kind.bid, problems);
  }
  if (kinds != 1)
    problems.add(table.header_line(),
                 fmt::format("columns of quotes are {}, but must be {}",
                             found.empty() ? "missing" : fmt::format("{}", fmt::join(found, ", ")), kKindWords));
  return chosen ? *chosen : kKinds[0];
}

RawQuote read_row(RowReader row, const KindColumns& kind) {
  RawQuote quote{.line = row.line()};
  if (const auto expiry = row.required_expiry("expiry")) std::tie(quote.key.expiry, quote.t) = *expiry;
  quote.key.root = row.text("root");
  quote.strike = row.required_number("strike", kAboveZero).value_or(0);
  if (!is_vol(kind.kind) || !row.text("type").empty()) quote.type = row.required_type("type");
  if (const auto t = row.number("t", kYears)) quote.t = YearFraction(*t);
  quote.bid = row.number(kind.bid, kAtLeastZero);
  quote.ask = kind.ask == kind.bid ? quote.bid : row.number(kind.ask, kAtLeastZero);
  quote.forward = row.number("forward", kAboveZero);
  quote.discount = row.number("discount", kDiscount);
  row.number("volume", kAtLeastZero);
  row.number("open_interest", kAtLeastZero);
  return quote;
}

// The as-of of the file: that of its first row, which every other row has to repeat.
std::optional<Instant> read_as_of(const CsvTable& table, ProblemList& problems) {
  std::optional<Instant> as_of;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    const std::string_view text = row.text("as_of"), first = RowReader(table, 0, problems).text("as_of");
    const auto instant = parse_instant(text);
    if (i == 0) as_of = instant;
    if (!instant && !(text.empty() && first.empty()))
      row.reject("as_of", "an instant with its offset from UTC, like 2019-06-26T15:45-04:00");
    else if (as_of && instant != as_of)
      row.reject("as_of", fmt::format("the same as on line {}, '{}'", table.line(0), printable(first)));
  }
  return as_of;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  require_columns(table, {"expiry", "strike"}, "every chain", problems);
  const KindColumns& kind = choose_kind(table, problems);
  if (!is_vol(kind.kind)) require_columns(table, {"type"}, "a file of prices", problems);
  check_spelling(table, problems);
  RawChain chain{.kind = kind.kind, .as_of = read_as_of(table, problems), .strict = true};
  for (std::size_t row = 0; row < table.rows(); ++row)
    chain.quotes.push_back(read_row(RowReader(table, row, problems), kind));
  return chain;
}

}  // namespace

const ChainFormatReader& generic_format() {
  static constexpr ChainFormatReader format{
      {"generic",
       "one quote a row; expiry a date or a decimal year; vols decimal; lines that start with # are comments",
       "expiry,strike,type and one of bid,ask | price | vol | bid_vol,ask_vol"
       "[,t][,as_of][,root][,forward][,discount][,volume][,open_interest]; type is optional beside vols",
       "as_of,expiry,strike,type,bid,ask\n2019-06-26T15:45-04:00,2019-06-28,2900,C,22.7,23.4"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
