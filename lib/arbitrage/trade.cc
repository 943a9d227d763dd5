#include "strikenet/arbitrage/trade.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/rational.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// What all legs of one expiry pay together.
struct Payoff {
  Rational floor;  // over all S >= 0, where the last slope is not negative
  bool has_floor = false;
  bool positive = false;  // somewhere
};

Payoff payoff_of(const std::vector<const TradeLeg*>& legs) {
  std::set<Rational> points{Rational(0)};
  Rational last_slope = 0;
  for (const TradeLeg* leg : legs) {
    points.insert(decimal(leg->strike));
    if (leg->type == OptionType::call) last_slope += decimal(leg->units);
  }
  std::optional<Rational> least;
  bool positive = last_slope > 0;
  for (const Rational& spot : points) {
    Rational pays = 0;
    for (const TradeLeg* leg : legs) {
      const Rational inside = leg->type == OptionType::call ? spot - decimal(leg->strike) : decimal(leg->strike) - spot;
      if (inside > 0) pays += decimal(leg->units) * inside;
    }
    positive |= pays > 0;
    if (!least || pays < *least) least = pays;
  }
  return {*least, last_slope >= 0, positive};
}

}  // namespace

std::string_view to_string(TradeKind kind) {
  switch (kind) {
    case TradeKind::arbitrage: return "arbitrage";
    case TradeKind::weak_arbitrage: return "weak arbitrage";
    case TradeKind::none: return "none";
  }
  return "?";
}

TradeProof prove_trade(const std::vector<TradeLeg>& legs) {
  std::map<ExpiryKey, std::vector<const TradeLeg*>> of_expiry;
  Rational cost = 0;
  for (const TradeLeg& leg : legs) {
    require(leg.strike >= 0, "prove_trade", "strike", leg.strike, "must be at least 0");
    cost += decimal(leg.units) * decimal(leg.price);
    of_expiry[leg.key].push_back(&leg);
  }
  Rational floor = 0;
  bool has_floor = true, positive = false, first = true;
  for (const auto& [key, of_one] : of_expiry) {
    const Payoff payoff = payoff_of(of_one);
    floor = first ? payoff.floor : std::min(floor, payoff.floor);
    has_floor &= payoff.has_floor;
    positive |= payoff.positive;
    first = false;
  }
  TradeProof proof{.cost = static_cast<double>(cost),
                   .floor = has_floor ? static_cast<double>(floor) : -std::numeric_limits<double>::infinity()};
  if (has_floor && floor >= 0 && cost < 0) proof.kind = TradeKind::arbitrage;
  if (has_floor && floor >= 0 && cost == 0 && positive) proof.kind = TradeKind::weak_arbitrage;
  return proof;
}

}  // namespace strikenet
