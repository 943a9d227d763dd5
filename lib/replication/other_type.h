#pragma once

#include <algorithm>

#include "strikenet/market/chain.h"
#include "strikenet/replication/hedge.h"

namespace strikenet {

/// Of a file of vols, whose quotes are each that of a put and of a call: the other one, by parity.
inline HedgeQuote other_type(const HedgeQuote& quote, const ChainSlice& slice) {
  const double worth = slice.discount.value() * (slice.forward.value() - quote.strike.value());  // of the forward
  const bool call = quote.type == OptionType::call;
  const auto moved = [&](double value) { return value > 0 ? std::max(0.0, call ? value - worth : value + worth) : 0; };
  return {call ? OptionType::put : OptionType::call, quote.strike, moved(quote.bid), moved(quote.ask)};
}

}  // namespace strikenet
