#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
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

constexpr std::string_view kInstantRule = "an instant with its offset from UTC, like 2019-06-26T15:45-04:00";

constexpr std::string_view kOptionalColumns[] = {"root",       "as_of",   "forward",       "discount",
                                                 "underlying", "volume",  "open_interest", "one_side",
                                                 "last_trade", "hygiene", "bid_size",      "ask_size"};

// In a file that says it is a snapshot, rows of the past are the vendor's business, to be counted and left out.
constexpr NumberRule kYearsOfASnapshot{"a number of years", -1000, true, "at most 1000 years", -1000, 1000};

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

// "bid" or "ask" of a price or vol that is that of one side alone.
void read_side(RowReader& row, const KindColumns& kind, RawQuote& quote) {
  const std::string_view side = row.text("one_side");
  if (side.empty()) return;
  if (kind.bid != kind.ask || (side != "bid" && side != "ask")) {
    row.reject("one_side", kind.bid != kind.ask ? "left out of a file with bid and ask" : "bid or ask, or empty");
    return;
  }
  quote.side_of_another = true;
  (side == "bid" ? quote.ask : quote.bid).reset();
}

std::optional<Instant> read_instant(RowReader& row, std::string_view column) {
  const auto instant = parse_instant(row.text(column));
  if (!instant && !row.text(column).empty()) row.reject(column, kInstantRule);
  return instant;
}

// The rows, and what they all have to say alike.
class GenericReader {
 public:
  GenericReader(const CsvTable& table, const KindColumns& kind) : kind_(kind) {
    chain_.kind = kind.kind;
    chain_.quotes.reserve(table.expected_rows());
  }

  void read(RowReader row) {
    read_as_of(row);
    if (underlying_.is_first(row)) chain_.underlying = row.text("underlying");
    if (hygiene_.is_first(row)) chain_.strict = read_hygiene(row);
    chain_.quotes.push_back(read_quote(row));
  }

  RawChain take() { return std::move(chain_); }

 private:
  // That of the first row, which every other row has to repeat, in whatever words.
  void read_as_of(RowReader& row) {
    const std::string_view text = row.text("as_of");
    const bool is_first = first_line_ == 0;
    if (is_first) {
      first_as_of_ = text;
      first_line_ = row.line();
    } else if (text == first_as_of_) {
      return;
    }
    const auto instant = read_instant(row, "as_of");
    if (is_first) chain_.as_of = instant;
    if (text.empty() && !first_as_of_.empty()) row.reject("as_of", kInstantRule);
    if (!is_first && instant && instant != chain_.as_of && chain_.as_of)
      row.reject("as_of", fmt::format("the same as on line {}, '{}'", first_line_, printable(first_as_of_)));
  }

  static bool read_hygiene(RowReader& row) {
    const std::string_view word = row.text("hygiene");
    if (!word.empty() && word != "strict" && word != "lenient") row.reject("hygiene", "strict or lenient");
    return word != "lenient";
  }

  // Most rows have the expiry of the one before.
  void read_expiry(RowReader& row, RawQuote& quote) {
    const std::string_view text = row.text("expiry"), root = row.text("root");
    if (!last_expiry_ || text != last_text_ || root != last_expiry_->key->root) {
      last_text_ = text;
      last_expiry_.reset();
      if (const auto expiry = row.required_expiry("expiry"))
        last_expiry_ = RawQuote{.key = keys_.of(expiry->first, root), .t = expiry->second};
    }
    if (!last_expiry_) return;
    quote.key = last_expiry_->key;
    quote.t = last_expiry_->t;
  }

  RawQuote read_quote(RowReader& row) {
    RawQuote quote{.line = row.line()};
    read_expiry(row, quote);
    quote.strike = row.required_number("strike", kAboveZero).value_or(0);
    if (!is_vol(kind_.kind) || !row.text("type").empty()) quote.type = row.required_type("type");
    if (const auto t = row.number("t", chain_.strict ? kYears : kYearsOfASnapshot)) quote.t = YearFraction(*t);
    quote.bid = row.number(kind_.bid, kAtLeastZero);
    quote.ask = kind_.ask == kind_.bid ? std::optional<double>(quote.bid) : row.number(kind_.ask, kAtLeastZero);
    read_side(row, kind_, quote);
    quote.forward = row.number("forward", kAboveZero);
    quote.discount = row.number("discount", kDiscount);
    quote.last_trade = read_instant(row, "last_trade");
    quote.bid_size = row.size("bid_size");
    quote.ask_size = row.size("ask_size");
    row.number("volume", kAtLeastZero);
    row.number("open_interest", kAtLeastZero);
    return quote;
  }

  const KindColumns& kind_;
  SameInEveryRow underlying_{"underlying"}, hygiene_{"hygiene"};
  ExpiryKeys keys_;
  std::string last_text_ = {};
  std::optional<RawQuote> last_expiry_ = {};  // of which key and t are set
  std::string first_as_of_ = {};
  long first_line_ = 0;
  RawChain chain_{.strict = true};
};

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  require_columns(table, {"expiry", "strike"}, "every chain", problems);
  const KindColumns& kind = choose_kind(table, problems);
  if (!is_vol(kind.kind)) require_columns(table, {"type"}, "a file of prices", problems);
  check_spelling(table, problems);
  GenericReader reader(table, kind);
  for_each_row(table, problems, [&](RowReader row) { reader.read(row); });
  return reader.take();
}

}  // namespace

const ChainFormatReader& generic_format() {
  static constexpr ChainFormatReader format{
      {"generic",
       "one quote a row; expiry a date or a decimal year; vols decimal; lines that start with # are comments",
       "expiry,strike,type and one of bid,ask | price | vol | bid_vol,ask_vol"
       "[,t][,as_of][,root][,underlying][,forward][,discount][,last_trade][,volume][,open_interest][,one_side][,"
       "hygiene][,bid_size][,ask_size]; "
       "type is optional beside vols",
       "as_of,expiry,strike,type,bid,ask\n2019-06-26T15:45-04:00,2019-06-28,2900,C,22.7,23.4"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
