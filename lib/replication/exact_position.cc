#include "replication/exact_position.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace strikenet {
namespace {

/// Both walked together from 0 upwards, from kink to kink.
class ExactWalk {
 public:
  ExactWalk(const Hedge& hedge, const PiecewiseLinear& payoff) {
    value_ =
        decimal(payoff.value_at_zero()) - decimal(hedge.cash) + decimal(hedge.forward_units) * decimal(hedge.forward);
    slope_ = decimal(payoff.slope(0)) - decimal(hedge.forward_units);
    for (const HedgeLeg& leg : hedge.legs) {
      const Rational units = decimal(leg.units), strike = decimal(leg.strike.value());
      changes_[strike].slope -= units;
      if (leg.type == OptionType::call) continue;
      value_ -= units * strike;
      slope_ += units;
    }
    Rational slope = decimal(payoff.slope(0));
    for (const Knot& knot : payoff.knots()) {
      if (knot.x <= 0) continue;
      Change& change = changes_[decimal(knot.x)];
      change.slope += decimal(knot.slope) - slope;
      change.jump += decimal(knot.jump);
      slope = decimal(knot.slope);
    }
  }

  ExactShortfall walk() {
    Rational largest = value_, x = 0;
    for (const auto& [spot, change] : changes_) {
      value_ += slope_ * (spot - x);
      largest = std::max(largest, value_);  // from below
      value_ += change.jump;
      largest = std::max(largest, value_);
      slope_ += change.slope;
      x = spot;
    }
    return {largest, slope_};
  }

  /// Turned round: hedge - payoff.
  PiecewiseLinear residual() const {
    const Rational first = -slope_;
    Rational slope = slope_;
    std::vector<Knot> knots;
    for (const auto& [spot, change] : changes_) {
      slope += change.slope;
      knots.push_back({static_cast<double>(spot), static_cast<double>(Rational(-slope)),
                       static_cast<double>(Rational(-change.jump))});
    }
    return {static_cast<double>(Rational(-value_)), static_cast<double>(first), std::move(knots)};
  }

 private:
  struct Change {
    Rational slope, jump;
  };
  Rational value_, slope_;  // of payoff - hedge
  std::map<Rational, Change> changes_;
};

}  // namespace

ExactShortfall shortfall_of(const Hedge& hedge, const PiecewiseLinear& payoff) {
  return ExactWalk(hedge, payoff).walk();
}

PiecewiseLinear exact_residual(const Hedge& hedge, const PiecewiseLinear& payoff) {
  return ExactWalk(hedge, payoff).residual();
}

double forward_units_for(const Hedge& hedge, const PiecewiseLinear& payoff) {
  return static_cast<double>(Rational(decimal(hedge.forward_units) + shortfall_of(hedge, payoff).last_slope));
}

Rational exact_cost(const Hedge& hedge, DiscountFactor discount) {
  Rational cost = decimal(discount.value()) * decimal(hedge.cash);
  for (const HedgeLeg& leg : hedge.legs)
    cost += decimal(leg.units) * decimal(leg.price);
  return cost;
}

double to_places(double value, int places) {
  // By the text of the number: a product with a power of ten would bring digits of its own.
  if (places < -300 || places > 300 || !std::isfinite(value)) return value;
  const double scaled = value * std::pow(10.0, places);
  if (std::abs(scaled) >= 1e15) return value;
  const std::string text = std::to_string(static_cast<long long>(std::llround(scaled))) + "e" + std::to_string(-places);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

double round_up(const Rational& value, int places) {
  const double nearest = static_cast<double>(value);
  double result = to_places(nearest, places);
  if (decimal(result) < value) result = to_places(nearest + std::pow(10.0, -places), places);
  while (decimal(result) < value)
    result = std::nextafter(result, std::numeric_limits<double>::infinity());
  return result;
}

}  // namespace strikenet
