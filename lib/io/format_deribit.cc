#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/json_fields.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

constexpr std::string_view kInstrumentRule = "an option's, like BTC-26DEC25-80000-C";
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
bool read_instrument(std::string_view name, ExpiryKeys& keys, RawQuote& quote) {
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
  quote.key = keys.of(to_string(*expiry), parts[0]);
  quote.strike = *strike;
  quote.type = parts[3] == "C" ? OptionType::call : OptionType::put;
  return true;
}

/// What a row says, premia as they are quoted.
struct Summary {
  RawQuote quote = {};  ///< its instrument
  std::optional<double> bid = {}, ask = {};
  double underlying = 0;  ///< the future of its expiry, in currency; 0 when it is wrong
  double milliseconds = 0;
};

/// Premia in coin are worth the underlying of their own row, and coin earns no interest there: price = premium *
/// underlying, discount factor 1. Those of linear instruments, BTC_USDC-..., are not in coin.
RawQuote in_currency(const Summary& row) {
  RawQuote quote = row.quote;
  const bool linear = quote.key->root.find('_') != std::string::npos;
  const double coin = linear ? 1 : row.underlying;
  if (!linear) quote.discount = 1;
  if (row.bid) quote.bid = *row.bid * coin;
  if (row.ask) quote.ask = *row.ask * coin;
  return quote;
}

/// What a premium that is worth more than a price may be must be.
constexpr std::string_view kWorthRule = "worth at most 1e12 in currency";
bool is_too_dear(std::optional<double> premium, double underlying) {
  return premium && underlying > 0 && !kAtLeastZero.broken_by(*premium * underlying).empty();
}

Summary read_row(RowReader row, const Columns& columns, ExpiryKeys& keys) {
  Summary summary{.quote = {.line = row.line()}};
  if (!read_instrument(row.text("instrument_name"), keys, summary.quote))
    row.reject("instrument_name", kInstrumentRule);
  summary.underlying = row.required_number(columns.underlying, kAboveZero).value_or(0);
  summary.bid = row.number(columns.bid, kAtLeastZero);
  summary.ask = row.number(columns.ask, kAtLeastZero);
  if (is_too_dear(summary.bid, summary.underlying)) row.reject(columns.bid, kWorthRule);
  if (is_too_dear(summary.ask, summary.underlying)) row.reject(columns.ask, kWorthRule);
  summary.milliseconds = row.number("creation_timestamp", kMilliseconds).value_or(0);
  if (!columns.t.empty())
    if (const auto t = row.required_number(columns.t, kYears)) summary.quote.t = YearFraction(*t);
  return summary;
}

Summary read_object(const JsonFields& row, long number, ExpiryKeys& keys) {
  Summary summary{.quote = {.line = number}};
  if (const auto name = row.text("instrument_name"); name && !read_instrument(*name, keys, summary.quote))
    row.reject("instrument_name", kInstrumentRule);
  summary.underlying = row.number("underlying_price", kAboveZero).value_or(0);
  summary.bid = row.optional_number("bid_price", kAtLeastZero);
  summary.ask = row.optional_number("ask_price", kAtLeastZero);
  if (is_too_dear(summary.bid, summary.underlying)) row.reject("bid_price", kWorthRule);
  if (is_too_dear(summary.ask, summary.underlying)) row.reject("ask_price", kWorthRule);
  summary.milliseconds = row.optional_number("creation_timestamp", kMilliseconds).value_or(0);
  return summary;
}

/// As of the latest row. The future of an expiry moves by a tick from row to row of a file that was collected over some
/// seconds: its forward is their median.
RawChain chain_of(const std::vector<Summary>& rows) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  std::map<ExpiryKey, std::vector<double>> futures;
  double latest = 0;
  for (const Summary& row : rows) {
    chain.quotes.push_back(in_currency(row));
    if (row.underlying > 0) futures[row.quote.key].push_back(row.underlying);
    latest = std::max(latest, row.milliseconds);
  }
  for (auto& [key, values] : futures)
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  for (RawQuote& quote : chain.quotes)
    if (const auto found = futures.find(quote.key); found != futures.end())
      quote.forward = found->second[found->second.size() / 2];
  if (latest > 0) chain.as_of = Instant(std::chrono::minutes(static_cast<long>(std::floor(latest / 60'000))));
  return chain;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  const Columns& columns = columns_of(table);
  require_columns(table, {"instrument_name", columns.bid, columns.ask, columns.underlying}, "format deribit", problems);
  std::vector<Summary> rows;
  ExpiryKeys keys;
  for_each_row(table, problems, [&](RowReader row) { rows.push_back(read_row(row, columns, keys)); });
  return chain_of(rows);
}

bool recognises_json(const ChainText& text) {
  if (!text.json() || !text.json()->is_object() || !text.json()->contains("result")) return false;
  const nlohmann::json& result = text.json()->at("result");
  return result.is_array() && !result.empty() && result.front().is_object() &&
         result.front().contains("instrument_name");
}

RawChain read_json(const ChainText& text, ProblemList& problems) {
  const JsonFields top(*text.json(), "", problems);
  std::vector<Summary> rows;
  ExpiryKeys keys;
  for (const JsonFields& row : top.objects("result"))
    rows.push_back(read_object(row, static_cast<long>(rows.size()) + 1, keys));
  return chain_of(rows);
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

const ChainFormatReader& deribit_json_format() {
  static constexpr ChainFormatReader format{
      {"deribit-json", "Deribit's get_book_summary_by_currency, JSON-RPC; as format deribit",
       "result[].{instrument_name,bid_price,ask_price,underlying_price[,creation_timestamp]}; null for none",
       R"({"jsonrpc": "2.0", "result": [{"instrument_name": "ETH-26JAN24-2200-P", "bid_price": 0.0385,
  "ask_price": null, "underlying_price": 2241.65, "creation_timestamp": 1704712781414}]})"},
      recognises_json,
      read_json,
      ChainFormatReader::Layout::json};
  return format;
}

}  // namespace strikenet
