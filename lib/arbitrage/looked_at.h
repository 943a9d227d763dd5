#pragma once

#include "strikenet/market/chain.h"

namespace strikenet {

/// What a fit cannot use and one can trade. Rules that the user has switched on are the user's.
inline bool is_looked_at(Drop reason) {
  switch (reason) {
    case Drop::none:
    case Drop::no_ask:
    case Drop::crossed:
    case Drop::duplicate:
    case Drop::thin:
    case Drop::no_forward:
    case Drop::two_chains: return true;
    default: return false;
  }
}

/// Whether one can trade at the quote or, with `mid`, whether it has a middle.
inline bool is_looked_at(const Quote& quote, bool mid) {
  const bool has_price = mid ? quote.bid > 0 && quote.ask > 0 : quote.bid > 0 || quote.ask > 0;
  return is_looked_at(quote.dropped) && has_price;
}

}  // namespace strikenet
