#include "replication/exact_position.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <string>

namespace strikenet {
namespace {

/// A payoff walked from 0 upwards.
class ExactWalk {
 public:
  explicit ExactWalk(const PiecewiseLinear& payoff) : payoff_(payoff), value_(decimal(payoff.value_at_zero())) {
    while (next_ < payoff.knots().size() && payoff.knots()[next_].x <= 0)
      ++next_;
    slope_ = decimal(next_ == 0 ? payoff.first_slope() : payoff.knots()[next_ - 1].slope);
  }

  /// The larger of the value at x and its limit from below. x must not fall from call to call.
  Rational largest_at(const Rational& x) {
    value_ += slope_ * (x - x_);
    x_ = x;
    Rational largest = value_;
    if (next_ < payoff_.knots().size() && decimal(payoff_.knots()[next_].x) == x) {
      const Knot& knot = payoff_.knots()[next_++];
      value_ += decimal(knot.jump);
      slope_ = decimal(knot.slope);
      largest = std::max(largest, value_);
    }
    return largest;
  }

 private:
  const PiecewiseLinear& payoff_;
  std::size_t next_ = 0;
  Rational x_ = 0, value_, slope_;
};

Rational value_of(const Hedge& hedge, const Rational& spot) {
  Rational value = decimal(hedge.cash) + decimal(hedge.forward_units) * (spot - decimal(hedge.forward));
  for (const HedgeLeg& leg : hedge.legs) {
    const Rational strike = decimal(leg.strike.value());
    const Rational pays = leg.type == OptionType::call ? spot - strike : strike - spot;
    if (pays > 0) value += decimal(leg.units) * pays;
  }
  return value;
}

}  // namespace

ExactShortfall shortfall_of(const Hedge& hedge, const PiecewiseLinear& payoff) {
  std::set<Rational> points{Rational(0)};
  Rational last_slope = decimal(payoff.last_slope()) - decimal(hedge.forward_units);
  for (const HedgeLeg& leg : hedge.legs) {
    points.insert(decimal(leg.strike.value()));
    if (leg.type == OptionType::call) last_slope -= decimal(leg.units);
  }
  for (const Knot& knot : payoff.knots())
    if (knot.x > 0) points.insert(decimal(knot.x));
  ExactWalk walk(payoff);
  std::optional<Rational> largest;
  for (const Rational& spot : points) {
    const Rational below = walk.largest_at(spot) - value_of(hedge, spot);
    if (!largest || below > *largest) largest = below;
  }
  return {*largest, last_slope};
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
