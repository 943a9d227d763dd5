#include "strikenet/market/inspection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

namespace strikenet {
namespace {

constexpr std::size_t kFewestPairs = 5;
constexpr double kLeastSpread = 1e-12;  // weights are 1 / spread
constexpr double kFree = 1e-9;          // of a butterfly: what is less than this below zero is rounding

bool is_dirty(const RawQuote& quote) {
  const double bid = quote.bid.value_or(0), ask = quote.ask.value_or(0);
  return !(bid > 0) || !(ask > 0) || bid > ask;
}

bool two_sided(const RawQuote& quote) { return quote.bid.value_or(0) > 0 && quote.ask.value_or(0) > 0; }

/// Of one type, the first quote of every strike that has a bid and an ask.
using ByStrike = std::map<double, const RawQuote*>;

ByStrike of_type(const std::vector<const RawQuote*>& quotes, OptionType type) {
  ByStrike result;
  for (const RawQuote* quote : quotes)
    if (two_sided(*quote) && quote->type == type) result.try_emplace(quote->strike, quote);
  return result;
}

int free_butterflies(const ByStrike& quotes) {
  int count = 0;
  if (quotes.size() < 3) return count;
  for (auto first = quotes.begin(), body = std::next(first), last = std::next(body); last != quotes.end();
       ++first, ++body, ++last) {
    const double width = last->first - first->first;
    const double wings = (last->first - body->first) / width * *first->second->ask +
                         (body->first - first->first) / width * *last->second->ask;
    count += wings < *body->second->bid - kFree;
  }
  return count;
}

struct Pair {
  double strike, difference, spreads;  // of the mids; sum of both
};

std::vector<Pair> pairs_of(const ByStrike& calls, const ByStrike& puts) {
  std::vector<Pair> pairs;
  for (const auto& [strike, call] : calls)
    if (const auto found = puts.find(strike); found != puts.end()) {
      const RawQuote& put = *found->second;
      pairs.push_back(
          {strike, (*call->bid + *call->ask - *put.bid - *put.ask) / 2, *call->ask - *call->bid + *put.ask - *put.bid});
    }
  return pairs;
}

/// The weighted line through the pairs, about their weighted mean.
struct Line {
  double strike = 0, difference = 0, slope = 0;
  double at(double x) const { return difference + slope * (x - strike); }
};

Line line_through(std::span<const Pair> pairs) {
  Line line;
  double weights = 0, squares = 0, products = 0;
  const auto weight = [](const Pair& pair) {
    return pair.spreads < 0 ? 0 : 1 / std::max(pair.spreads, kLeastSpread);  // crossed ones say nothing
  };
  for (const Pair& pair : pairs) {
    weights += weight(pair);
    line.strike += weight(pair) * pair.strike;
    line.difference += weight(pair) * pair.difference;
  }
  line.strike /= weights;
  line.difference /= weights;
  for (const Pair& pair : pairs) {
    squares += weight(pair) * (pair.strike - line.strike) * (pair.strike - line.strike);
    products += weight(pair) * (pair.strike - line.strike) * (pair.difference - line.difference);
  }
  line.slope = products / squares;
  return line;
}

int pairs_in_parity(std::vector<Pair> pairs) {
  std::ranges::stable_sort(pairs, {}, [](const Pair& pair) { return std::abs(pair.difference); });
  const Line line = line_through(std::span(pairs).first(std::max(kFewestPairs, pairs.size() / 3)));
  return static_cast<int>(std::ranges::count_if(
      pairs, [&](const Pair& pair) { return std::abs(pair.difference - line.at(pair.strike)) <= pair.spreads / 2; }));
}

QuoteFacts facts_of(const std::vector<const RawQuote*>& quotes, bool has_prices) {
  QuoteFacts facts{.quotes = static_cast<int>(quotes.size())};
  facts.dirty = static_cast<int>(std::ranges::count_if(quotes, [](const RawQuote* q) { return is_dirty(*q); }));
  if (!has_prices) return facts;
  const ByStrike calls = of_type(quotes, OptionType::call), puts = of_type(quotes, OptionType::put);
  facts.butterflies = free_butterflies(calls) + free_butterflies(puts);
  if (const std::vector<Pair> pairs = pairs_of(calls, puts); pairs.size() >= kFewestPairs) {
    facts.pairs = static_cast<int>(pairs.size());
    facts.in_parity = pairs_in_parity(pairs);
  }
  return facts;
}

void add(const QuoteFacts& facts, QuoteFacts& total) {
  total.quotes += facts.quotes;
  total.dirty += facts.dirty;
  total.pairs += facts.pairs;
  total.in_parity += facts.in_parity;
  total.butterflies += facts.butterflies;
}

}  // namespace

Inspection inspect(const RawChain& raw, const std::string& root) {
  std::vector<ExpiryKey> order;
  std::map<ExpiryKey, std::vector<const RawQuote*>> of_expiry;
  std::set<std::string> dates;
  for (const RawQuote& quote : raw.quotes) {
    ExpiryKey key = quote.key;
    if (key.root.empty()) key.root = root;
    dates.insert(key.expiry);
    std::vector<const RawQuote*>& quotes = of_expiry[key];
    if (quotes.empty()) order.push_back(key);
    quotes.push_back(&quote);
  }
  const bool has_spread = raw.kind == QuoteKind::bid_ask || raw.kind == QuoteKind::bid_ask_vol;
  Inspection result{.expiries = {}, .total = {}, .dates = static_cast<int>(dates.size())};
  result.quotes_of_a_spread = has_spread ? static_cast<int>(raw.quotes.size()) : 0;
  for (const ExpiryKey& key : order) {
    result.expiries.push_back({key, facts_of(of_expiry[key], raw.kind == QuoteKind::bid_ask)});
    add(result.expiries.back().facts, result.total);
  }
  return result;
}

}  // namespace strikenet
