#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/json_fields.h"
#include "io/occ_symbol.h"

namespace strikenet {
namespace {

using nlohmann::json;

bool recognises(const ChainText& text) {
  return text.json() && text.json()->is_object() && text.json()->contains("data") &&
         text.json()->at("data").is_object() && text.json()->at("data").contains("options");
}

/// "2025-10-01 18:06:12", UTC as the feed has it.
std::optional<Instant> timestamp(std::string_view text) {
  if (text.size() < 16) return std::nullopt;
  return parse_instant(fmt::format("{}T{}Z", text.substr(0, 10), text.substr(11, 5)));
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const JsonFields top(*text.json(), "", problems);
  if (const auto words = top.text("timestamp"))
    if (chain.as_of = timestamp(*words); !chain.as_of) top.reject("timestamp", "an instant like 2025-10-01 18:06:12");
  const auto data = top.object("data");
  if (!data) return chain;
  if (const auto symbol = data->optional_text("symbol"))
    chain.underlying = symbol->starts_with('^') || symbol->starts_with('_') ? symbol->substr(1) : *symbol;
  ExpiryKeys keys;
  for (const JsonFields& row : data->objects("options")) {
    RawQuote quote{.line = static_cast<long>(chain.quotes.size()) + 1};
    if (const auto name = row.text("option")) {
      if (const auto symbol = parse_occ_symbol(*name)) {
        quote.key = keys.of(to_string(symbol->expiry), symbol->root);
        quote.type = symbol->type;
        quote.strike = symbol->strike;
      } else {
        row.reject("option", kOccSymbolRule);
      }
    }
    quote.bid = row.optional_number("bid", kAtLeastZero);
    quote.ask = row.optional_number("ask", kAtLeastZero);
    chain.quotes.push_back(quote);
  }
  return chain;
}

}  // namespace

const ChainFormatReader& cboe_json_format() {
  static constexpr ChainFormatReader format{
      {"cboe-json", "CBOE delayed quotes, JSON; its timestamp is UTC",
       "timestamp, data.{symbol,options[].{option,bid,ask}}",
       R"({"timestamp": "2025-10-01 18:06:12", "data": {"symbol": "^SPX", "options": [
  {"option": "SPXW251017C06700000", "bid": 98.2, "ask": 99.1}]}})"},
      recognises,
      read,
      ChainFormatReader::Layout::json};
  return format;
}

}  // namespace strikenet
