#include "strikenet/market/inspection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <tuple>

#include "strikenet/core/black.h"
#include "strikenet/market/settlement.h"

namespace strikenet {
namespace {

constexpr std::size_t kFewestPairs = 5;
constexpr int kUntradedDays = 5;
constexpr double kLeastSpread = 1e-12;  // weights are 1 / spread
constexpr double kFree = 1e-9;          // of a butterfly: what is less than this below zero is rounding

bool is_dirty(const RawQuote& quote) {
  const double bid = quote.bid.value_or(0), ask = quote.ask.value_or(0);
  return !(bid > 0) || !(ask > 0) || bid > ask;
}

bool two_sided(const RawQuote& quote) { return quote.bid.value_or(0) > 0 && quote.ask.value_or(0) > 0; }

/// A quote with bid and ask above 0, as prices.
struct TwoSided {
  double bid, ask;
  double mid() const { return (bid + ask) / 2; }
};

/// Of one type, by strike, the first of duplicates.
using ByStrike = std::map<double, TwoSided>;

/// Years to settlement; nothing where the file does not say it.
std::optional<double> years_to(const RawQuote& quote, const std::string& root, std::optional<Instant> as_of) {
  if (quote.t) return (*quote.t).value();
  const auto date = parse_date(quote.key->expiry);
  if (!date || !as_of) return std::nullopt;
  return year_fraction(*as_of, settlement_instant(root, *date)).value();
}

/// What the rows of one expiry share.
struct Expiry {
  const ExpiryKey& key;
  const std::vector<const RawQuote*>& quotes;
  QuoteKind kind;
  std::optional<Instant> as_of;
};

std::optional<TwoSided> prices_of(const RawQuote& quote, const Expiry& expiry) {
  if (!two_sided(quote)) return std::nullopt;
  if (expiry.kind == QuoteKind::bid_ask || expiry.kind == QuoteKind::price) return TwoSided{*quote.bid, *quote.ask};
  const std::optional<double> t = years_to(quote, expiry.key.root, expiry.as_of);
  if (!quote.forward || !t || !(*t > 0)) return std::nullopt;
  const auto call = [&](double vol) {
    const TotalVol total(vol * std::sqrt(*t));
    return black_price(OptionType::call, Forward(*quote.forward), Strike(quote.strike), total).value();
  };
  return TwoSided{call(*quote.bid), call(*quote.ask)};
}

/// Vols are all those of calls.
ByStrike of_type(const Expiry& expiry, OptionType type) {
  const bool vols = expiry.kind == QuoteKind::vol || expiry.kind == QuoteKind::bid_ask_vol;
  ByStrike result;
  for (const RawQuote* quote : expiry.quotes)
    if (type == (vols ? OptionType::call : quote->type))
      if (const auto prices = prices_of(*quote, expiry)) result.try_emplace(quote->strike, *prices);
  return result;
}

void add_butterflies(const ByStrike& quotes, bool has_spread, QuoteFacts& facts) {
  if (quotes.size() < 3) return;
  for (auto first = quotes.begin(), body = std::next(first), last = std::next(body); last != quotes.end();
       ++first, ++body, ++last) {
    const double width = last->first - first->first;
    const double nearer = (last->first - body->first) / width, farther = (body->first - first->first) / width;
    const auto& [low, middle, high] = std::tie(first->second, body->second, last->second);
    ++facts.triples;
    facts.butterflies += has_spread && nearer * low.ask + farther * high.ask < middle.bid - kFree;
    facts.negative += nearer * low.mid() + farther * high.mid() < middle.mid() - kFree;
  }
}

struct Pair {
  double strike, difference, spreads;  // of the mids; sum of both
};

std::vector<Pair> pairs_of(const ByStrike& calls, const ByStrike& puts) {
  std::vector<Pair> pairs;
  for (const auto& [strike, call] : calls)
    if (const auto found = puts.find(strike); found != puts.end()) {
      const TwoSided& put = found->second;
      pairs.push_back({strike, call.mid() - put.mid(), call.ask - call.bid + put.ask - put.bid});
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

void widen(std::optional<StrikeRange>& range, double low, double high) {
  if (!range)
    range = {low, high};
  else
    range = {std::min(range->low, low), std::max(range->high, high)};
}

void add_quote(const RawQuote& quote, std::optional<Instant> as_of, QuoteFacts& facts) {
  ++facts.quotes;
  facts.dirty += is_dirty(quote);
  facts.without_vol += quote.lacks_vol;
  facts.traded += quote.last_trade.has_value();
  facts.untraded += quote.last_trade && as_of && *as_of - *quote.last_trade > std::chrono::days(kUntradedDays);
  widen(facts.strikes, quote.strike, quote.strike);
  if (quote.bid.value_or(0) > 0) widen(facts.bid_strikes, quote.strike, quote.strike);
}

QuoteFacts facts_of(const Expiry& expiry) {
  QuoteFacts facts;
  for (const RawQuote* quote : expiry.quotes)
    add_quote(*quote, expiry.as_of, facts);
  const ByStrike calls = of_type(expiry, OptionType::call), puts = of_type(expiry, OptionType::put);
  const bool has_spread = expiry.kind == QuoteKind::bid_ask || expiry.kind == QuoteKind::bid_ask_vol;
  add_butterflies(calls, has_spread, facts);
  add_butterflies(puts, has_spread, facts);
  if (expiry.kind != QuoteKind::bid_ask) return facts;
  if (const std::vector<Pair> pairs = pairs_of(calls, puts); pairs.size() >= kFewestPairs) {
    facts.pairs = static_cast<int>(pairs.size());
    facts.in_parity = pairs_in_parity(pairs);
  }
  return facts;
}

void add(const QuoteFacts& facts, QuoteFacts& total) {
  for (const auto member : {&QuoteFacts::quotes, &QuoteFacts::dirty, &QuoteFacts::pairs, &QuoteFacts::in_parity,
                            &QuoteFacts::triples, &QuoteFacts::butterflies, &QuoteFacts::negative,
                            &QuoteFacts::untraded, &QuoteFacts::traded, &QuoteFacts::without_vol})
    total.*member += facts.*member;
  for (const auto member : {&QuoteFacts::strikes, &QuoteFacts::bid_strikes})
    if (facts.*member) widen(total.*member, (facts.*member)->low, (facts.*member)->high);
}

}  // namespace

Inspection inspect(const RawChain& raw, const std::string& root, std::optional<Instant> as_of) {
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
  Inspection result{.expiries = {}, .total = {}, .dates = static_cast<int>(dates.size())};
  result.has_spread = raw.kind == QuoteKind::bid_ask || raw.kind == QuoteKind::bid_ask_vol;
  for (const ExpiryKey& key : order) {
    const Expiry expiry{key, of_expiry[key], raw.kind, as_of ? as_of : raw.as_of};
    result.expiries.push_back({key, facts_of(expiry), years_to(*expiry.quotes.front(), key.root, expiry.as_of)});
    add(result.expiries.back().facts, result.total);
  }
  std::ranges::stable_sort(result.expiries, {}, [](const ExpiryFacts& expiry) {
    return std::tuple(!expiry.t, expiry.t.value_or(0), expiry.key);
  });
  return result;
}

}  // namespace strikenet
