#pragma once

#include <string>

#include "strikenet/market/raw_chain.h"

namespace strikenet::testing_support {

/// Where two chains differ in what the generic format has to keep; empty when they do not. Files, formats and lines are
/// not compared.
inline std::string difference(const RawChain& a, const RawChain& b) {
  if (a.kind != b.kind) return "kind";
  if (a.as_of != b.as_of) return "as-of";
  if (a.underlying != b.underlying) return "underlying";
  if (a.strict != b.strict) return "strict";
  if (a.quotes.size() != b.quotes.size()) return "number of quotes";
  for (std::size_t i = 0; i < a.quotes.size(); ++i) {
    const RawQuote &p = a.quotes[i], &q = b.quotes[i];
    const std::string at = " of quote " + std::to_string(i);
    if (p.key != q.key) return "key" + at + ": " + to_string(*p.key) + " and " + to_string(*q.key);
    if (p.t != q.t) return "t" + at;
    if (p.strike != q.strike) return "strike" + at;
    if (p.type != q.type) return "type" + at;
    if (p.bid != q.bid || p.ask != q.ask) return "bid or ask" + at;
    if (p.forward != q.forward || p.discount != q.discount) return "forward or discount factor" + at;
    if (p.last_trade != q.last_trade) return "last trade" + at;
    if (p.side_of_another != q.side_of_another) return "side" + at;
  }
  return {};
}

}  // namespace strikenet::testing_support
