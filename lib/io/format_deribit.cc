#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "io/chain_format.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr NumberRule kMilliseconds{"milliseconds since 1970", 0, false, "from 1e11 to 1e13", 1e11, 1e13};

/// Who copies Deribit's book summaries into CSV names the columns: two sets of names are known.
struct Columns {
  std::string_view bid, ask, underlying, t;
};
constexpr Columns kFlattened{"bid_price", "ask_price", "underlying_price", ""};
constexpr Columns kInCoin{"bid_btc", "ask_btc", "s0", "t_years"};

const Columns& columns_of(const CsvTable& table) { return table.column("bid_btc") ? kInCoin : kFlattened; }

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("instrument_name") && (table.column("bid_price") || table.column("bid_btc"));
}

/// "BTC-6DEC25-80000-C"; a strike of 0.5 is written 0d5.
bool read_instrument(std::string_view name, RawQuote& quote) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? name.find('-') : name.size();
    if (end == std::string_view::npos) return false;
    parts[i] = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  const auto expiry = parse_worded_date(parts[1]);
  std::string digits(parts[2]);
  std::ranges::replace(digits, 'd', '.');
  const auto strike = parse_number(digits);
  if (parts[0].empty() || !expiry || !strike || !(*strike >= kAboveZero.smallest && *strike <= kAboveZero.largest) ||
      (parts[3] != "C" && parts[3] != "P"))
    return false;
  quote.key = {to_string(*expiry), std::string(parts[0])};
  quote.strike = *strike;
  quote.type = parts[3] == "C" ? OptionType::call : OptionType::put;
  return true;
}

/// Premia in coin are worth the underlying of their own row, and coin earns no interest there: price = premium *
/// underlying, discount factor 1. Those of linear instruments, BTC_USDC-..., are not in coin.
RawQuote read_row(RowReader row, const Columns& columns) {
  RawQuote quote{.line = row.line()};
  if (!read_instrument(row.text("instrument_name"), quote))
    row.reject("instrument_name", "an option's, like BTC-26DEC25-80000-C");
  const bool linear = quote.key.root.find('_') != std::string::npos;
  const double coin = row.required_number(columns.underlying, kAboveZero).value_or(0);
  const auto in_currency = [&](std::string_view column) {
    const auto premium = row.number(column, kAtLeastZero);
    return premium ? std::optional(linear ? *premium : *premium * coin) : std::nullopt;
  };
  if (!linear) quote.discount = 1;
  quote.bid = in_currency(columns.bid);
  quote.ask = in_currency(columns.ask);
  if (!columns.t.empty())
    if (const auto t = row.required_number(columns.t, kYears)) quote.t = YearFraction(*t);
  return quote;
}

/// The future of an expiry moves by a tick from row to row of a file that was collected over some seconds: the median.
void set_forwards(std::vector<RawQuote>& quotes, const std::vector<double>& futures) {
  std::map<ExpiryKey, std::vector<double>> of_expiry;
  for (std::size_t i = 0; i < quotes.size(); ++i)
    if (futures[i] > 0) of_expiry[quotes[i].key].push_back(futures[i]);
  for (auto& [key, values] : of_expiry)
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  for (RawQuote& quote : quotes)
    if (const auto found = of_expiry.find(quote.key); found != of_expiry.end())
      quote.forward = found->second[found->second.size() / 2];
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  const Columns& columns = columns_of(table);
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  require_columns(table, {"instrument_name", columns.bid, columns.ask, columns.underlying}, "format deribit", problems);
  std::vector<double> futures;
  double latest = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    RowReader row(table, i, problems);
    chain.quotes.push_back(read_row(row, columns));
    const auto future = parse_number(row.text(columns.underlying));
    futures.push_back(future.value_or(0));
    latest = std::max(latest, row.number("creation_timestamp", kMilliseconds).value_or(0));
  }
  set_forwards(chain.quotes, futures);
  if (latest > 0) chain.as_of = Instant(std::chrono::minutes(static_cast<long>(std::floor(latest / 60'000))));
  return chain;
}

}  // namespace

const ChainFormatReader& deribit_csv_format() {
  static constexpr ChainFormatReader format{
      {"deribit",
       "Deribit book summaries as CSV; premia in coin become prices by the underlying of their row, an expiry's "
       "forward "
       "is the median of those",
       "instrument_name,bid_price,ask_price,underlying_price[,creation_timestamp] | "
       "instrument_name,bid_btc,ask_btc,S0,T_years",
       "instrument_name,bid_price,ask_price,underlying_price,creation_timestamp\n"
       "ETH-26JAN24-2200-P,0.0385,0.0395,2241.65,1704712781414"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
