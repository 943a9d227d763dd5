#include "arbitrage/quote_sides.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "arbitrage/looked_at.h"
#include "core/rational.h"
#include "market/valid_chain.h"

namespace strikenet {

std::vector<ExpiryQuotes> quotes_looked_at(const Chain& chain, bool mid) {
  require_valid(chain);
  std::vector<ExpiryQuotes> expiries;
  std::map<ExpiryKey, std::size_t> of_key;
  for (std::size_t i = 0; i < chain.quotes.size(); ++i) {
    const Quote& quote = chain.quotes[i];
    if (!is_looked_at(quote, mid)) continue;
    const auto [at, is_new] = of_key.try_emplace(quote.key, expiries.size());
    if (is_new) expiries.push_back({quote.key, {}, {}});
    std::vector<Quote>& quotes = expiries[at->second].quotes;
    quotes.push_back(quote);
    expiries[at->second].indices.push_back(i);
    if (mid) quotes.back().bid = quotes.back().ask = (quote.bid + quote.ask) / 2;
  }
  return expiries;
}

std::vector<QuoteSide> sides_of(const Quote& quote) {
  std::vector<QuoteSide> sides;
  if (quote.bid > 0) sides.push_back({&quote, false, quote.bid});
  if (quote.ask > 0) sides.push_back({&quote, true, quote.ask});
  return sides;
}

std::vector<QuoteSide> sides_of(const std::vector<Quote>& quotes) {
  std::vector<QuoteSide> sides;
  for (const Quote& quote : quotes)
    std::ranges::copy(sides_of(quote), std::back_inserter(sides));
  return sides;
}

LawExpiry alone(std::vector<QuoteSide> sides) {
  double largest = 0;
  for (const QuoteSide& side : sides)
    largest = std::max(largest, side.quote->strike);
  return {.sides = std::move(sides), .forward = largest};
}

LawExpiry assumed_of(const ChainSlice& slice) {
  return {{}, to_digits(slice.forward.value(), 10), to_digits(slice.discount.value(), 10), slice.t};
}

bool can_be_assumed(const LawExpiry& assumed, const std::vector<QuoteSide>& sides) {
  constexpr double kStrikes = 1e3, kLeastDiscount = 1e-6, kLargestDiscount = 10;
  const double forward = assumed.forward, discount = assumed.discount, largest = alone(sides).forward;
  return forward <= kStrikes * largest && largest <= kStrikes * forward && kLeastDiscount <= discount &&
         discount <= kLargestDiscount;
}

void leave_out(const ArbitrageTrade& trade, std::vector<QuoteSide>& sides) {
  std::erase_if(sides, [&](const QuoteSide& side) {
    return std::ranges::any_of(trade.legs, [&](const TradeLeg& leg) {
      return leg.line == side.quote->line && leg.key == side.quote->key && leg.strike == side.quote->strike &&
             leg.type == side.quote->type;
    });
  });
}

}  // namespace strikenet
