#pragma once

#include <vector>

#include "arbitrage/law_program.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/market/chain.h"

namespace strikenet {

struct ExpiryQuotes {
  ExpiryKey key;
  std::vector<Quote> quotes;
  std::vector<std::size_t> indices;  ///< of them in Chain::quotes
};

/// Every quote of a chain at which one can trade, also those that a fit cannot use, by expiry in the order of the file.
/// With `mid`, bid and ask are both the middle, of quotes that have both. Throws as require_valid.
std::vector<ExpiryQuotes> quotes_looked_at(const Chain& chain, bool mid);

/// A quote without an ask can be sold at its bid.
std::vector<QuoteSide> sides_of(const Quote& quote);
std::vector<QuoteSide> sides_of(const std::vector<Quote>& quotes);

/// One expiry by itself: strikes over the largest one, prices likewise, so that nothing is assumed.
LawExpiry alone(std::vector<QuoteSide> sides);

/// What is assumed of an expiry where several are looked at together, without its sides: forward and discount factor to
/// ten digits, which are the ones that are printed.
LawExpiry assumed_of(const ChainSlice& slice);

/// Whether a forward and a discount factor can be assumed: not where parity of quotes that contradict each other puts
/// the forward a thousand strikes away, or the discount factor above 10 or below a millionth.
bool can_be_assumed(const LawExpiry& assumed, const std::vector<QuoteSide>& sides);

/// All sides of the quotes that the trade uses.
void leave_out(const ArbitrageTrade& trade, std::vector<QuoteSide>& sides);

}  // namespace strikenet
