#include "strikenet/payoff/piecewise_linear.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr auto kWhere = "PiecewiseLinear";

void check(double value_at_zero, double first_slope, const std::vector<Knot>& knots) {
  require(std::isfinite(value_at_zero), kWhere, "value at 0", value_at_zero, "must be finite");
  require(std::isfinite(first_slope), kWhere, "first slope", first_slope, "must be finite");
  for (std::size_t i = 0; i < knots.size(); ++i) {
    require(std::isfinite(knots[i].x) && (i == 0 || knots[i].x > knots[i - 1].x), kWhere, "knot", knots[i].x,
            "knots must be finite and strictly increasing");
    require(std::isfinite(knots[i].slope), kWhere, "slope", knots[i].slope, "must be finite");
    require(std::isfinite(knots[i].jump), kWhere, "jump", knots[i].jump, "must be finite");
  }
}

void drop_idle_knots(double slope, std::vector<Knot>& knots) {
  std::erase_if(knots, [&slope](const Knot& knot) {
    const bool idle = knot.slope == slope && knot.jump == 0;
    slope = knot.slope;
    return idle;
  });
}

/// The first knot above x.
std::size_t piece_of(const std::vector<Knot>& knots, double x) {
  return static_cast<std::size_t>(std::ranges::upper_bound(knots, x, {}, &Knot::x) - knots.begin());
}

/// A function in the making: the changes at each knot.
struct Change {
  double x, slope, jump;
};

PiecewiseLinear from_changes(double value_at_zero, double first_slope, const std::vector<Change>& changes) {
  double slope = first_slope;
  std::vector<Knot> knots;
  for (const auto& [x, change, jump] : changes)
    knots.push_back({x, slope += change, jump});
  return {value_at_zero, first_slope, std::move(knots)};
}

}  // namespace

PiecewiseLinear::PiecewiseLinear(double value_at_zero, double first_slope, std::vector<Knot> knots)
    : value_at_zero_(value_at_zero), first_slope_(first_slope), knots_(std::move(knots)) {
  check(value_at_zero_, first_slope_, knots_);
  drop_idle_knots(first_slope_, knots_);
  values_.resize(knots_.size());
  const std::size_t of_zero = piece_of(knots_, 0);  // knots from here on are above 0
  double x = 0, value = value_at_zero_, slope = of_zero == 0 ? first_slope_ : knots_[of_zero - 1].slope;
  for (std::size_t i = of_zero; i < knots_.size(); ++i) {
    value += slope * (knots_[i].x - x) + knots_[i].jump;
    values_[i] = value;
    x = knots_[i].x;
    slope = knots_[i].slope;
  }
  x = 0;
  value = value_at_zero_;
  for (std::size_t i = of_zero; i-- > 0;) {
    values_[i] = value - knots_[i].slope * (x - knots_[i].x);
    x = knots_[i].x;
    value = values_[i] - knots_[i].jump;
  }
  for (std::size_t i = 0; i < values_.size(); ++i)
    require(std::isfinite(values_[i]), kWhere, "value at a knot", values_[i], "must be finite");
}

/// Knot `piece` is the first above, or at, x: the piece before it is continued to x.
double PiecewiseLinear::straight(std::size_t piece, double x) const {
  if (knots_.empty()) return value_at_zero_ + first_slope_ * x;
  if (piece == 0) return values_[0] - knots_[0].jump - first_slope_ * (knots_[0].x - x);
  const Knot& knot = knots_[piece - 1];
  return values_[piece - 1] + knot.slope * (x - knot.x);
}

double PiecewiseLinear::value(double x) const {
  require(std::isfinite(x), "PiecewiseLinear::value", "x", x, "must be finite");
  return x == 0 ? value_at_zero_ : straight(piece_of(knots_, x), x);
}

double PiecewiseLinear::value_below(double x) const {
  const double above = value(x);
  const std::size_t piece = piece_of(knots_, x);
  return piece > 0 && knots_[piece - 1].x == x ? above - knots_[piece - 1].jump : above;
}

double PiecewiseLinear::slope(double x) const {
  const std::size_t piece = piece_of(knots_, x);
  return piece == 0 ? first_slope_ : knots_[piece - 1].slope;
}

double PiecewiseLinear::slope_below(double x) const {
  const auto at = std::ranges::lower_bound(knots_, x, {}, &Knot::x);
  return at == knots_.begin() ? first_slope_ : std::prev(at)->slope;
}

double PiecewiseLinear::jumps() const {
  double sum = 0;
  for (const Knot& knot : knots_)
    if (knot.x > 0) sum += std::abs(knot.jump);
  return sum;
}

PiecewiseLinear operator+(const PiecewiseLinear& a, const PiecewiseLinear& b) {
  std::set<double> places;
  for (const PiecewiseLinear* f : {&a, &b})
    for (const Knot& knot : f->knots())
      places.insert(knot.x);
  const auto jump = [](const PiecewiseLinear& f, double x) {
    const auto at = std::ranges::lower_bound(f.knots(), x, {}, &Knot::x);
    return at != f.knots().end() && at->x == x ? at->jump : 0;
  };
  std::vector<Knot> knots;
  for (const double x : places)
    knots.push_back({x, a.slope(x) + b.slope(x), jump(a, x) + jump(b, x)});
  return {a.value_at_zero() + b.value_at_zero(), a.first_slope() + b.first_slope(), std::move(knots)};
}

PiecewiseLinear operator*(double factor, const PiecewiseLinear& f) {
  std::vector<Knot> knots;
  for (const auto& [x, slope, jump] : f.knots())
    knots.push_back({x, factor * slope, factor * jump});
  return {factor * f.value_at_zero(), factor * f.first_slope(), std::move(knots)};
}

PiecewiseLinear through(std::span<const Point> points) {
  constexpr auto kThrough = "through";
  require(!points.empty(), kThrough, "number of points", 0, "must be at least 1");
  for (const auto& [x, y] : points)
    require(std::isfinite(x) && std::isfinite(y), kThrough, "point", std::isfinite(x) ? y : x, "must be finite");
  if (points.size() == 1) return {points[0].y, 0};
  struct Segment {
    double x, y, slope;
  };
  std::vector<Segment> segments;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double width = points[i + 1].x - points[i].x;
    const bool jump = width == 0 && i > 0 && i + 2 < points.size() && points[i - 1].x < points[i].x;
    require(width > 0 || jump, kThrough, "x", points[i + 1].x,
            "must increase, but for two points in the middle that are a jump");
    if (!jump) segments.push_back({points[i].x, points[i].y, (points[i + 1].y - points[i].y) / width});
  }
  std::vector<Knot> knots;
  double value_at_zero = segments[0].y - segments[0].slope * segments[0].x, end = segments[0].y;
  std::size_t next = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& [x, y, slope] = segments[i];
    if (i > 0) knots.push_back({x, slope, y - end});
    if (i > 0 && x <= 0) value_at_zero = y - slope * x;
    while (points[next].x <= x)
      ++next;
    end = points[next].y;
  }
  return {value_at_zero, segments[0].slope, std::move(knots)};
}

PiecewiseLinear piecewise_linear(const CallPortfolio& calls) {
  std::vector<Change> changes;
  for (const auto& [strike, units] : calls.legs())
    changes.push_back({strike.value(), units, 0});
  return from_changes(calls.cash(), calls.shares(), changes);
}

PiecewiseLinear piecewise_linear(const OptionPortfolio& options) { return piecewise_linear(to_calls(options)); }

CallPortfolio to_calls(const PiecewiseLinear& f) {
  std::vector<CallLeg> legs;
  double slope = f.slope(0);
  for (const Knot& knot : f.knots()) {
    if (knot.x <= 0) continue;
    require(knot.jump == 0, "to_calls", fmt::format("jump at {}", knot.x), knot.jump,
            "must be 0: call_spreads() makes a ramp of it");
    if (knot.slope != slope) legs.push_back({Strike(knot.x), knot.slope - slope});
    slope = knot.slope;
  }
  return {f.value_at_zero(), f.slope(0), std::move(legs)};
}

PiecewiseLinear call_spreads(const PiecewiseLinear& f, double width, Side side) {
  require(width > 0 && width < 1, "call_spreads", "width", width, "must be above 0 and below 1");
  std::vector<Knot> without = {f.knots().begin(), f.knots().end()};
  for (Knot& knot : without)
    if (knot.x > 0) knot.jump = 0;
  PiecewiseLinear result(f.value_at_zero(), f.first_slope(), std::move(without));
  for (const Knot& knot : f.knots()) {
    if (knot.x <= 0 || knot.jump == 0) continue;
    const bool early = (side == Side::above) == (knot.jump > 0);  // the ramp ends where the jump is
    const double low = side == Side::nearest ? knot.x * (1 - width / 2) : early ? knot.x * (1 - width) : knot.x;
    const double high = side == Side::nearest ? knot.x * (1 + width / 2) : early ? knot.x : knot.x * (1 + width);
    require(high > low, "call_spreads", "width", width, "must be wider than the rounding of the strike");
    result = result + PiecewiseLinear(0, 0, {{low, knot.jump / (high - low)}, {high, 0}});
  }
  return result;
}

}  // namespace strikenet
