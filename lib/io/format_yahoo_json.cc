#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/json_fields.h"
#include "io/occ_symbol.h"

namespace strikenet {
namespace {

using nlohmann::json;

/// The object with `quote` and `options`: bare, or the first result of the service's envelope.
struct Found {
  const json* object = nullptr;
  std::string pointer = {};
};

Found chain_in(const json* document) {
  if (!document || !document->is_object()) return {};
  if (document->contains("options") && document->contains("quote")) return {document, ""};
  constexpr std::array kPath{"optionChain", "result"};
  const json* at = document;
  for (const char* key : kPath) {
    if (!at->is_object() || !at->contains(key)) return {};
    at = &at->at(key);
  }
  if (!at->is_array() || at->empty() || !at->front().is_object() || !at->front().contains("options")) return {};
  return {&at->front(), "/optionChain/result/0"};
}

bool recognises(const ChainText& text) { return chain_in(text.json()).object != nullptr; }

std::optional<Instant> instant(std::optional<double> seconds) {
  return seconds ? std::optional(unix_instant(*seconds)) : std::nullopt;
}

RawQuote read_option(const JsonFields& row, OptionType type, long number, ExpiryKeys& keys) {
  RawQuote quote{.line = number, .type = type};
  quote.strike = row.number("strike", kAboveZero).value_or(0);
  quote.bid = row.optional_number("bid", kAtLeastZero);
  quote.ask = row.optional_number("ask", kAtLeastZero);
  quote.last_trade = instant(row.optional_number("lastTradeDate", kUnixSeconds));
  quote.lacks_vol = stands_for_no_vol(row.optional_number("impliedVolatility", kAtLeastZero));
  if (const auto name = row.text("contractSymbol")) {
    const auto symbol = parse_occ_symbol(*name);
    if (symbol && symbol->type == type)
      quote.key = keys.of(to_string(symbol->expiry), symbol->root);
    else
      row.reject("contractSymbol",
                 type == OptionType::call ? "a call's, like SPXW260202C02800000" : "a put's, like SPXW260202P02800000");
  }
  return quote;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::bid_ask, .strict = false};
  const auto [object, pointer] = chain_in(text.json());
  if (!object) {
    problems.add(0, "options are missing, but must be at the top or at /optionChain/result/0");
    return chain;
  }
  const JsonFields top(*object, pointer, problems);
  if (top.has("quote"))
    if (const auto quote = top.object("quote"))
      chain.as_of = instant(quote->optional_number("regularMarketTime", kUnixSeconds));
  ExpiryKeys keys;
  for (const JsonFields& expiry : top.objects("options"))
    for (const auto& [side, type] : {std::pair("calls", OptionType::call), std::pair("puts", OptionType::put)})
      if (expiry.has(side))
        for (const JsonFields& row : expiry.objects(side))
          chain.quotes.push_back(read_option(row, type, static_cast<long>(chain.quotes.size()) + 1, keys));
  if (!chain.as_of)
    for (const RawQuote& quote : chain.quotes)
      if (quote.last_trade) chain.as_of = std::max<std::optional<Instant>>(chain.as_of, quote.last_trade);
  return chain;
}

}  // namespace

const ChainFormatReader& yahoo_json_format() {
  static constexpr ChainFormatReader format{
      {"yahoo-json",
       "Yahoo's v7 option chain, JSON; as of its regularMarketTime, else of the last trade in it, or --as-of",
       "[optionChain.result[0].]{quote{},options[].{calls[],puts[]}}, of each contractSymbol,strike,bid,ask",
       R"({"quote": {"regularMarketTime": 1769806800}, "options": [{"calls": [
  {"contractSymbol": "SPXW260220C06900000", "strike": 6900, "bid": 104.2, "ask": 105}], "puts": []}]})"},
      recognises,
      read,
      ChainFormatReader::Layout::json};
  return format;
}

}  // namespace strikenet
