#include "strikenet/arbitrage/looked_at.h"

#include <map>
#include <tuple>

#include "arbitrage/looked_at.h"

namespace strikenet {

QuotesLookedAt count_looked_at(const Chain& chain, bool mid) {
  QuotesLookedAt result{.quotes = static_cast<int>(chain.quotes.size())};
  std::map<Drop, int> left_out, not_looked_at;
  for (const Quote& quote : chain.quotes) {
    if (!is_looked_at(quote, mid)) {
      ++not_looked_at[quote.dropped];
      continue;
    }
    ++result.looked_at;
    if (!quote.used()) ++left_out[quote.dropped];
  }
  result.left_out_by_fits.assign(left_out.begin(), left_out.end());
  result.not_looked_at.assign(not_looked_at.begin(), not_looked_at.end());
  return result;
}

std::vector<ContradictingQuotes> contradicting_duplicates(const Chain& chain) {
  std::map<std::tuple<ExpiryKey, double, OptionType>, std::size_t> first_of;
  std::vector<ContradictingQuotes> result;
  for (std::size_t i = 0; i < chain.quotes.size(); ++i) {
    const Quote& quote = chain.quotes[i];
    if (!is_looked_at(quote, false)) continue;
    const std::size_t first = first_of.try_emplace({quote.key, quote.strike, quote.type}, i).first->second;
    if (quote.dropped != Drop::duplicate) continue;
    const Quote& other = chain.quotes[first];
    if (other.ask > 0 && quote.bid > other.ask) result.push_back({first, i});
    if (quote.ask > 0 && other.bid > quote.ask) result.push_back({i, first});
  }
  return result;
}

}  // namespace strikenet
