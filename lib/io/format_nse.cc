#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/json_fields.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

using nlohmann::json;

bool recognises(const ChainText& text) {
  return text.json() && text.json()->is_object() && text.json()->contains("records") &&
         text.json()->at("records").is_object() && text.json()->at("records").contains("expiryDates");
}

/// "17-May-2021 15:30:00", on Indian clocks.
std::optional<Instant> timestamp(std::string_view text) {
  if (text.size() < 17) return std::nullopt;
  const auto date = parse_worded_date(text.substr(0, 11));
  const auto hour = parse_number(text.substr(12, 2)), minute = parse_number(text.substr(15, 2));
  if (!date || !hour || !minute || !(*hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60)) return std::nullopt;
  return local_instant(*date, static_cast<int>(*hour) * 60 + static_cast<int>(*minute), "Asia/Kolkata");
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const JsonFields top(*text.json(), "", problems);
  const auto records = top.object("records");
  if (!records) return chain;
  if (const auto words = records->text("timestamp"))
    if (chain.as_of = timestamp(*words); !chain.as_of)
      records->reject("timestamp", "an instant like 17-May-2021 15:30:00");
  ExpiryKeys keys;
  for (const JsonFields& row : records->objects("data")) {
    const auto strike = row.number("strikePrice", kAboveZero);
    const auto words = row.text("expiryDate");
    const auto expiry = words ? parse_worded_date(*words) : std::nullopt;
    if (words && !expiry) row.reject("expiryDate", "a date like 20-May-2021");
    constexpr std::array kSides{std::pair("CE", OptionType::call), std::pair("PE", OptionType::put)};
    for (const auto& [name, type] : kSides) {
      if (!row.has(name)) continue;
      const auto side = row.object(name);
      if (!side) continue;
      RawQuote quote{.line = static_cast<long>(chain.quotes.size()) + 1};
      const std::string root(trimmed(side->optional_text("underlying").value_or("")));
      if (!root.empty()) chain.underlying = root;
      if (expiry) quote.key = keys.of(to_string(*expiry), root);
      quote.strike = strike.value_or(0);
      quote.type = type;
      quote.bid = side->optional_number("bidprice", kAtLeastZero);
      quote.ask = side->optional_number("askPrice", kAtLeastZero);
      quote.lacks_vol = stands_for_no_vol(side->optional_number("impliedVolatility", kAtLeastZero));
      chain.quotes.push_back(quote);
    }
  }
  return chain;
}

}  // namespace

const ChainFormatReader& nse_format() {
  static constexpr ChainFormatReader format{
      {"nse", "option chain of the National Stock Exchange of India, JSON; 0 stands for no bid or ask",
       "records.{timestamp,expiryDates,data[].{strikePrice,expiryDate,CE{bidprice,askPrice},PE{..}}}",
       R"({"records": {"timestamp": "17-May-2021 15:30:00", "expiryDates": ["20-May-2021"], "data": [
  {"strikePrice": 33500, "expiryDate": "20-May-2021", "CE": {"bidprice": 320.5, "askPrice": 322.1}}]}})"},
      recognises,
      read,
      ChainFormatReader::Layout::json};
  return format;
}

}  // namespace strikenet
