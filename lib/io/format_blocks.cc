#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/chain_format.h"
#include "io/expiry_keys.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

/// A section "[name]" and the fields "key = value" below it.
struct Block {
  std::string_view name;
  long line;
  std::map<std::string, std::pair<std::string_view, long>, std::less<>> fields = {};
};

bool recognises(const ChainText& text) {
  return !text.is_json() && text.text().find("[option]") != std::string_view::npos &&
         trimmed(text.text().substr(0, text.text().find('\n'))).starts_with('[');
}

std::vector<Block> blocks_of(std::string_view text, ProblemList& problems) {
  std::vector<Block> blocks;
  for (long line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view words = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = words.find('=');
    if (words.empty()) continue;
    if (words.starts_with('[') && words.ends_with(']')) {
      blocks.push_back({words.substr(1, words.size() - 2), line});
    } else if (equals == std::string_view::npos || blocks.empty()) {
      problems.add(line, fmt::format("text is '{}', but must be [section] or key = value", printable(words)));
    } else {
      const std::string key(trimmed(words.substr(0, equals)));
      if (!blocks.back().fields.try_emplace(key, trimmed(words.substr(equals + 1)), line).second)
        problems.add(line, fmt::format("{} is there twice in one section, but must be there once", printable(key)));
    }
  }
  return blocks;
}

std::optional<double> number(const Block& block, std::string_view key, const NumberRule& rule, ProblemList& problems) {
  const auto found = block.fields.find(key);
  if (found == block.fields.end()) {
    problems.add(block.line, fmt::format("{} is missing, but [{}] needs it", key, printable(block.name)));
    return std::nullopt;
  }
  const auto& [text, line] = found->second;
  const auto value = parse_number(text);
  const bool is_right = value && (rule.low_included ? *value >= rule.low : *value > rule.low);
  if (is_right && rule.smallest <= *value && *value <= rule.largest) return value;
  problems.add(
      line, fmt::format("{} is '{}', but must be {}", key, printable(text), is_right ? rule.range_words : rule.words));
  return std::nullopt;
}

/// A misspelt key or section would go unread.
void check_words(const Block& block, ProblemList& problems) {
  static const std::map<std::string_view, std::vector<std::string_view>> kKnown{
      {"underlying", {"s", "repo"}},
      {"zero_coupon", {"maturity", "price"}},
      {"dividend", {"maturity", "amount"}},
      {"option", {"maturity", "type", "strike", "price"}}};
  const auto section = kKnown.find(block.name);
  if (section == kKnown.end()) {
    problems.add(block.line, fmt::format("section is '{}', but must be underlying, zero_coupon, dividend or option",
                                         printable(block.name)));
    return;
  }
  for (const auto& [key, value] : block.fields)
    if (std::ranges::find(section->second, key) == section->second.end())
      problems.add(value.second, fmt::format("key is '{}', but must be one of [{}]: {}", printable(key), block.name,
                                             fmt::join(section->second, ", ")));
}

RawQuote read_option(const Block& block, ExpiryKeys& keys, ProblemList& problems) {
  constexpr NumberRule kType{"1 for a call or 2 for a put", 1, true, "1 for a call or 2 for a put", 1, 2};
  RawQuote quote{.line = block.line};
  const auto t = number(block, "maturity", kYears, problems);
  if (t) quote.key = keys.of(fmt::format("T={}", *t), "");
  if (t) quote.t = YearFraction(*t);
  const auto type = number(block, "type", kType, problems);
  if (type) quote.type = *type == 1 ? OptionType::call : OptionType::put;
  quote.strike = number(block, "strike", kAboveZero, problems).value_or(0);
  quote.bid = quote.ask = number(block, "price", kAtLeastZero, problems);
  return quote;
}

/// Discount factors log-linear in time through those of the file, and 1 today.
std::optional<double> discount_at(const std::map<double, double>& curve, double t) {
  if (curve.empty()) return std::nullopt;
  const auto after = curve.lower_bound(t);
  if (after == curve.end()) return std::pow(curve.rbegin()->second, t / curve.rbegin()->first);
  const auto [t_before, before] =
      after == curve.begin() ? std::pair<const double, double>(0.0, 1.0) : *std::prev(after);
  const double share = (t - t_before) / (after->first - t_before);
  return std::pow(before, 1 - share) * std::pow(after->second, share);
}

RawChain read(const ChainText& text, ProblemList& problems) {
  RawChain chain{.kind = QuoteKind::price, .strict = false};
  std::map<double, double> curve;
  ExpiryKeys keys;
  for (const Block& block : blocks_of(text.text(), problems)) {
    check_words(block, problems);
    if (block.name == "option") chain.quotes.push_back(read_option(block, keys, problems));
    if (block.name != "zero_coupon") continue;
    const auto t = number(block, "maturity", kYears, problems), price = number(block, "price", kDiscount, problems);
    if (t && price) curve[*t] = *price;
  }
  for (RawQuote& quote : chain.quotes) {
    if (!quote.t) continue;
    const auto discount = discount_at(curve, (*quote.t).value());
    if (discount && !kDiscount.broken_by(discount).empty())
      problems.add(quote.line, fmt::format("discount factor by [zero_coupon] is {}, but must be {}", *discount,
                                           kDiscount.broken_by(discount)));
    quote.discount = discount;
  }
  return chain;
}

}  // namespace

const ChainFormatReader& blocks_format() {
  static constexpr ChainFormatReader format{
      {"blocks", "sections [underlying], [zero_coupon], [dividend], [option]; forwards come from parity",
       "[option] with maturity (years), type (1 call, 2 put), strike, price; [zero_coupon] with maturity, price",
       "[zero_coupon]\nmaturity = 0.25\nprice = 0.989\n[option]\nmaturity = 0.2\ntype = 1\nstrike = 5600\nprice = 312"},
      recognises,
      read,
      ChainFormatReader::Layout::lines};
  return format;
}

}  // namespace strikenet
