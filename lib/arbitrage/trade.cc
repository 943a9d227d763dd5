#include "strikenet/arbitrage/trade.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/rational.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

Rational pays(const std::vector<const TradeLeg*>& legs, const Rational& spot) {
  Rational sum = 0;
  for (const TradeLeg* leg : legs) {
    const Rational inside = leg->type == OptionType::call ? spot - decimal(leg->strike) : decimal(leg->strike) - spot;
    if (inside > 0) sum += decimal(leg->units) * inside;
  }
  return sum;
}

Rational last_slope(const std::vector<const TradeLeg*>& legs) {
  Rational slope = 0;
  for (const TradeLeg* leg : legs)
    if (leg->type == OptionType::call) slope += decimal(leg->units);
  return slope;
}

/// What all legs of one expiry pay together.
struct Payoff {
  Rational floor;  // over all S >= 0, where the last slope is not negative
  bool has_floor = false;
  bool positive = false;  // somewhere
};

Payoff payoff_of(const std::vector<const TradeLeg*>& legs) {
  std::set<Rational> points{Rational(0)};
  for (const TradeLeg* leg : legs)
    points.insert(decimal(leg->strike));
  std::optional<Rational> least;
  const Rational slope = last_slope(legs);
  bool positive = slope > 0;
  for (const Rational& spot : points) {
    const Rational paid = pays(legs, spot);
    positive |= paid > 0;
    if (!least || paid < *least) least = paid;
  }
  return {*least, slope >= 0, positive};
}

/// A function of the underlying's price that is linear between points and after the last; where it jumps, the value on
/// either side is a point.
struct PathValue {
  std::vector<std::pair<Rational, Rational>> points;
  Rational last_slope;

  /// The least of value + slope S; empty where it has none.
  std::optional<Rational> least_with(const Rational& slope) const {
    if (last_slope + slope < 0) return std::nullopt;
    std::optional<Rational> least;
    for (const auto& [spot, value] : points)
      if (const Rational here = value + slope * spot; !least || here < *least) least = here;
    return least;
  }
};

/// What is to come after an expiry by the price of the underlying at it, where the next settles later and is worth
/// `later`: the least over all its prices, with what the forwards of the hedge pay. Empty where that has no bound.
std::optional<PathValue> least_of(const PathValue& later, const ForwardHedge* hedge, const AssumedForward& here,
                                  const AssumedForward& next) {
  const Rational growth = decimal(next.forward) / decimal(here.forward);
  const std::vector<ForwardHedge::Step> none{{}};
  const std::vector<ForwardHedge::Step>& steps = hedge ? hedge->steps : none;
  PathValue result;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Rational money = decimal(next.discount) * decimal(steps[i].forwards);
    const std::optional<Rational> least = later.least_with(money);
    if (!least) return std::nullopt;
    const auto add = [&](const Rational& spot) { result.points.emplace_back(spot, *least - money * growth * spot); };
    add(decimal(steps[i].spot));
    if (i + 1 < steps.size()) add(decimal(steps[i + 1].spot));
    result.last_slope = -money * growth;
  }
  return result;
}

/// The same where the next settles at the same instant: at the same price, in its own units.
PathValue same_of(PathValue later, const AssumedForward& here, const AssumedForward& next) {
  const Rational units = decimal(next.forward) / decimal(here.forward);
  for (auto& [spot, value] : later.points)
    spot /= units;
  later.last_slope *= units;
  return later;
}

/// With what the legs of the expiry pay, in today's money.
PathValue with_legs(const PathValue& to_come, const std::vector<const TradeLeg*>& legs, const Rational& discount) {
  std::set<Rational> kinks;
  for (const TradeLeg* leg : legs)
    kinks.insert(decimal(leg->strike));
  PathValue worth{.points = {}, .last_slope = to_come.last_slope + discount * last_slope(legs)};
  const auto& points = to_come.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& [spot, value] = points[i];
    worth.points.emplace_back(spot, value + discount * pays(legs, spot));
    const bool last = i + 1 == points.size();
    if (!last && points[i + 1].first == spot) continue;
    const Rational slope =
        last ? to_come.last_slope : Rational((points[i + 1].second - value) / (points[i + 1].first - spot));
    for (auto kink = kinks.upper_bound(spot); kink != kinks.end() && (last || *kink < points[i + 1].first); ++kink)
      worth.points.emplace_back(*kink, value + slope * (*kink - spot) + discount * pays(legs, *kink));
  }
  return worth;
}

struct Position {
  std::map<ExpiryKey, std::vector<const TradeLeg*>> of_expiry;
  Rational cost = 0;
};

Position position_of(const std::vector<TradeLeg>& legs) {
  Position position;
  for (const TradeLeg& leg : legs) {
    require(leg.strike >= 0, "prove_trade", "strike", leg.strike, "must be at least 0");
    position.cost += decimal(leg.units) * decimal(leg.price);
    position.of_expiry[leg.key].push_back(&leg);
  }
  return position;
}

void check(const std::vector<ForwardHedge>& hedges, const std::vector<AssumedForward>& assumed,
           const std::map<ExpiryKey, std::vector<const TradeLeg*>>& of_expiry) {
  constexpr std::string_view kWhere = "prove_trade";
  for (const AssumedForward& one : assumed) {
    require(one.forward > 0, kWhere, "forward", one.forward, "must be above 0");
    require(one.discount > 0, kWhere, "discount factor", one.discount, "must be above 0");
  }
  for (std::size_t i = 1; i < assumed.size(); ++i)
    require(assumed[i].order == Order::after || assumed[i].discount == assumed[i - 1].discount, kWhere,
            "discount factor of " + to_string(assumed[i].key), assumed[i].discount,
            "must be that of " + to_string(assumed[i - 1].key) + ", which settles at the same instant");
  for (const auto& [key, legs] : of_expiry)
    if (std::ranges::find(assumed, key, &AssumedForward::key) == assumed.end())
      throw PreconditionError("prove_trade: expiry of a leg is " + to_string(key) + ", but its forward is not assumed");
  for (const ForwardHedge& hedge : hedges) {
    const auto from = std::ranges::find(assumed, hedge.from, &AssumedForward::key);
    if (from == assumed.end() || from + 1 == assumed.end() || (from + 1)->key != hedge.to)
      throw PreconditionError("prove_trade: hedge is from " + to_string(hedge.from) + " to " + to_string(hedge.to) +
                              ", but must lead from one assumed expiry to the next");
    if ((from + 1)->order == Order::same_instant)
      throw PreconditionError("prove_trade: hedge is from " + to_string(hedge.from) + " to " + to_string(hedge.to) +
                              ", which settle at the same instant, but must lead to a later one");
    require(!hedge.steps.empty() && hedge.steps.front().spot == 0, kWhere, "first step of a hedge",
            hedge.steps.empty() ? std::nan("") : hedge.steps.front().spot, "must be at 0");
    for (std::size_t i = 1; i < hedge.steps.size(); ++i)
      require(hedge.steps[i].spot > hedge.steps[i - 1].spot, kWhere, "step of a hedge", hedge.steps[i].spot,
              "must be above the one before");
  }
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
  auto [of_expiry, cost] = position_of(legs);
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

TradeProof prove_trade(const std::vector<TradeLeg>& legs, const std::vector<ForwardHedge>& hedges,
                       const std::vector<AssumedForward>& assumed) {
  auto [of_expiry, cost] = position_of(legs);
  check(hedges, assumed, of_expiry);
  std::optional<PathValue> worth = PathValue{.points = {{0, 0}}, .last_slope = 0};
  for (std::size_t i = assumed.size(); i-- > 0 && worth;) {
    const AssumedForward& here = assumed[i];
    if (i + 1 < assumed.size()) {
      const AssumedForward& next = assumed[i + 1];
      const auto hedge = std::ranges::find(hedges, here.key, &ForwardHedge::from);
      worth = next.order == Order::same_instant
                  ? same_of(std::move(*worth), here, next)
                  : least_of(*worth, hedge == hedges.end() ? nullptr : &*hedge, here, next);
    }
    if (worth) worth = with_legs(*worth, of_expiry[here.key], decimal(here.discount));
  }
  const std::optional<Rational> floor = worth ? worth->least_with(0) : std::nullopt;
  TradeProof proof{.cost = static_cast<double>(cost),
                   .floor = floor ? static_cast<double>(*floor) : -std::numeric_limits<double>::infinity()};
  if (floor && *floor >= 0 && cost < 0) proof.kind = TradeKind::arbitrage;
  return proof;
}

}  // namespace strikenet
