#include "strikenet/arbitrage/families.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <span>

#include "arbitrage/looked_at.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;  // of prices that are doubles: forwards, for each unit
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A quote as its family sees it. x is its strike, of a put minus its strike: prices of either type then fall with x
/// and are convex in x, and every relation is written once.
struct Point {
  double x, bid, ask;
  long line;  // 0: no quote, but the underlying
};

/// The quotes of one type at one expiry, by x.
struct Curve {
  ExpiryKey key = {};
  OptionType type = OptionType::call;
  std::vector<Point> points = {};
  const ChainSlice* slice = nullptr;  // none where the chain has no forward

  bool forward_given() const { return slice && slice->forward_given; }
  double unit() const { return slice->discount.value() * slice->forward.value(); }  // D F
  double strike(const Point& point) const { return std::abs(point.x); }
};

/// So much of a quote is bought, or sold.
struct Leg {
  double units;
  const Curve& curve;
  const Point& point;

  double price() const { return units > 0 ? point.ask : point.bid; }
};

TradeLeg trade_leg(const Leg& leg) {
  return {leg.point.line, leg.curve.key, leg.curve.strike(leg.point), leg.curve.type, leg.units, leg.price()};
}

void record(double cost, std::span<const Leg> legs, FamilyCount& family) {
  if (cost >= family.worst.cost) return;
  family.worst.cost = cost;
  family.worst.legs.clear();
  for (const Leg& leg : legs)
    family.worst.legs.push_back(trade_leg(leg));
}

/// One relation: the legs and the cash cost nothing or more. `size` is the unit that rounding is a part of.
void test(std::initializer_list<Leg> legs, double cash, double size, FamilyCount& family) {
  double cost = cash, units = 0;
  for (const Leg& leg : legs) {
    cost += leg.units * leg.price();
    units += std::abs(leg.units);
  }
  ++family.tested;
  if (!(cost < -kRounding * size * units)) return;
  ++family.violated;
  record(cost, {legs.begin(), legs.size()}, family);
}

/// The seven, by name.
struct Families {
  FamilyCount outright{"outright"}, vertical{"vertical"}, butterfly{"butterfly"}, calendar{"calendar"},
      calendar_vertical{"calendar-vertical"}, calendar_butterfly{"calendar-butterfly"}, parity{"parity"};
};

// Within an expiry

/// What a synthetic forward at the strike is worth: D (F - K), and the opposite of that for a put.
double intrinsic(const Curve& curve, const Point& point) {
  const double forward = curve.type == OptionType::call ? curve.slice->forward.value() : -curve.slice->forward.value();
  return curve.slice->discount.value() * (forward - point.x);
}

void test_expiry(const Curve& curve, Families& families) {
  const std::vector<Point>& points = curve.points;
  const double size = std::max(curve.strike(points.front()), curve.strike(points.back()));
  test({{1, curve, points.back()}}, 0, size, families.outright);
  if (curve.forward_given()) {
    const Point& first = *std::ranges::find_if(points, [](const Point& point) { return point.x != 0; });
    test({{1, curve, first}}, -intrinsic(curve, first), size, families.vertical);
  }
  for (std::size_t j = 1; j < points.size(); ++j)
    test({{1, curve, points[j - 1]}, {-1, curve, points[j]}}, 0, size, families.vertical);
  for (std::size_t j = 1; j + 1 < points.size(); ++j) {
    const double width = points[j + 1].x - points[j - 1].x;
    const double low = (points[j + 1].x - points[j].x) / width, high = (points[j].x - points[j - 1].x) / width;
    test({{low, curve, points[j - 1]}, {-1, curve, points[j]}, {high, curve, points[j + 1]}}, 0, size,
         families.butterfly);
  }
}

/// Call and put of one strike: bought and sold, a synthetic forward.
struct Synthetic {
  const Point* call;
  const Point* put;
  double strike() const { return call->x; }
};

std::vector<Synthetic> synthetics_of(const Curve& calls, const Curve& puts) {
  std::vector<Synthetic> result;
  auto put = puts.points.rbegin();  // by strike
  for (const Point& call : calls.points) {
    while (put != puts.points.rend() && -put->x < call.x)
      ++put;
    if (put != puts.points.rend() && -put->x == call.x) result.push_back({&call, &*put});
  }
  return result;
}

void test_parity(const Curve& calls, const Curve& puts, FamilyCount& parity) {
  const std::vector<Synthetic> forwards = synthetics_of(calls, puts);
  const double size = forwards.empty() ? 1 : forwards.back().strike();
  for (const auto& [call, put] : forwards) {
    if (!calls.forward_given()) break;
    const double worth = intrinsic(calls, *call);
    test({{1, calls, *call}, {-1, puts, *put}}, -worth, size, parity);
    test({{-1, calls, *call}, {1, puts, *put}}, worth, size, parity);
  }
  for (std::size_t j = 1; j < forwards.size(); ++j) {
    const Synthetic &low = forwards[j - 1], &high = forwards[j];
    test({{1, calls, *low.call}, {-1, puts, *low.put}, {-1, calls, *high.call}, {1, puts, *high.put}}, 0, size, parity);
  }
  for (std::size_t j = 1; j + 1 < forwards.size(); ++j) {
    const Synthetic &low = forwards[j - 1], &middle = forwards[j], &high = forwards[j + 1];
    const double width = high.strike() - low.strike();
    const double a = (high.strike() - middle.strike()) / width, b = (middle.strike() - low.strike()) / width;
    for (const double side : {1.0, -1.0})
      test({{side * a, calls, *low.call},
            {-side * a, puts, *low.put},
            {-side, calls, *middle.call},
            {side, puts, *middle.put},
            {side * b, calls, *high.call},
            {-side * b, puts, *high.put}},
           0, size, parity);
  }
}

// Across expiries

/// A point in units of the forward: x over F, prices over D F.
struct Scaled {
  double x, bid, ask;
  const Curve* curve;
  const Point* point;
};

std::vector<Scaled> scaled(const Curve& curve) {
  std::vector<Scaled> points;
  const double forward = curve.slice->forward.value(), unit = curve.unit();
  for (const Point& point : curve.points)
    points.push_back({point.x / forward, point.bid / unit, point.ask / unit, &curve, &point});
  return points;
}

/// Of options so many that they are `units` in the scale of the earlier expiry.
Leg leg_of(double units, const Scaled& scaled, double earlier_unit) {
  return {units * earlier_unit / scaled.curve->unit(), *scaled.curve, *scaled.point};
}

/// The relations between one expiry and the later ones.
class Calendar {
 public:
  /// `later`: of all later expiries, by x, without the underlying.
  Calendar(std::span<const Scaled> earlier, std::span<const Scaled> later, Families& families)
      : earlier_(earlier), later_(later), unit_(earlier.front().curve->unit()), families_(families) {}

  void test_all() {
    for (std::size_t j = 0; j <= earlier_.size(); ++j) {
      const std::span<const Scaled> between = later_between(x(j, -1), x(j, 0));
      for (const Scaled& later : between)
        test_later(later, j);
      if (j == earlier_.size()) break;
      for (const Scaled& later : later_at(x(j, 0))) {
        test_pair({later, 1}, {earlier_[j], -1}, families_.calendar);
        test_pair({later, 1}, {earlier_[j], -1}, families_.calendar_vertical);
      }
      test_around(earlier_[j], between, later_between(x(j, 0), x(j, 1)));
    }
  }

 private:
  struct Weighted {
    const Scaled& scaled;
    double weight;
  };

  double x(std::size_t j, std::ptrdiff_t step) const {
    const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(j) + step;
    if (i < 0) return -kInfinity;
    return i < std::ssize(earlier_) ? earlier_[static_cast<std::size_t>(i)].x : kInfinity;
  }

  std::span<const Scaled> later_between(double low, double high) const {
    const auto begin = std::ranges::upper_bound(later_, low, {}, &Scaled::x);
    const auto end = std::ranges::lower_bound(begin, later_.end(), high, {}, &Scaled::x);
    return {begin, end};
  }

  std::span<const Scaled> later_at(double x) const {
    const auto [begin, end] = std::ranges::equal_range(later_, x, {}, &Scaled::x);
    return {begin, end};
  }

  Leg leg(const Weighted& of) const { return leg_of(of.weight, of.scaled, unit_); }

  void test_pair(const Weighted& a, const Weighted& b, FamilyCount& family) const { test_scaled({a, b}, family); }

  void test_scaled(std::initializer_list<Weighted> weighted, FamilyCount& family) const {
    double cost = 0, units = 0;
    for (const auto& [scaled, weight] : weighted) {
      cost += weight * (weight > 0 ? scaled.ask : scaled.bid);
      units += std::abs(weight);
    }
    ++family.tested;
    if (!(cost < -kRounding * units)) return;
    ++family.violated;
    std::vector<Leg> legs;
    for (const Weighted& one : weighted)
      legs.push_back(leg(one));
    record(cost * unit_, legs, family);
  }

  /// A later price between the earlier strikes j-1 and j.
  void test_later(const Scaled& later, std::size_t j) const {
    if (j < earlier_.size()) test_pair({later, 1}, {earlier_[j], -1}, families_.calendar_vertical);
    if (j + 1 < earlier_.size()) test_above_line(later, earlier_[j], earlier_[j + 1]);
    if (j >= 2) test_above_line(later, earlier_[j - 1], earlier_[j - 2]);
  }

  /// On the line from the farther through the nearer of two earlier prices, or above it.
  void test_above_line(const Scaled& later, const Scaled& nearer, const Scaled& farther) const {
    const double beyond = (later.x - nearer.x) / (nearer.x - farther.x);
    test_scaled({{later, 1}, {nearer, -1 - beyond}, {farther, beyond}}, families_.calendar_butterfly);
  }

  /// Every pair of later prices, one to the left and one to the right, interpolates to the earlier bid or more. Seen
  /// from that bid the pair is in order when the slopes to either side are at least 0 in sum; so pairs are counted by
  /// sorting, without being looked at one by one.
  void test_around(const Scaled& earlier, std::span<const Scaled> left, std::span<const Scaled> right) const {
    const auto slope = [&](const Scaled& later) {
      return (later.ask - earlier.bid + 2 * kRounding) / std::abs(later.x - earlier.x);
    };
    std::vector<double> slopes;
    std::ranges::transform(right, std::back_inserter(slopes), slope);
    std::ranges::sort(slopes);
    std::size_t violated = 0;
    for (const Scaled& later : left)
      violated += static_cast<std::size_t>(std::ranges::lower_bound(slopes, -slope(later)) - slopes.begin());
    families_.calendar_butterfly.tested += left.size() * right.size();
    families_.calendar_butterfly.violated += violated;
    if (violated > 0) record_around(earlier, left, right);
  }

  /// The pair that interpolates to least is the edge, over the strike, of the lower convex hull of all.
  void record_around(const Scaled& earlier, std::span<const Scaled> left, std::span<const Scaled> right) const {
    std::vector<const Scaled*> hull;
    for (const std::span<const Scaled> side : {left, right})
      for (const Scaled& next : side) {
        while (hull.size() > 1 && is_above(*hull[hull.size() - 2], *hull.back(), next))
          hull.pop_back();
        hull.push_back(&next);
      }
    const auto after = std::ranges::find_if(hull, [&](const Scaled* point) { return point->x > earlier.x; });
    const Scaled &low = **std::prev(after), &high = **after;
    const double up = (earlier.x - low.x) / (high.x - low.x);
    const double cost = (1 - up) * low.ask + up * high.ask - earlier.bid;
    record(cost * unit_, std::vector<Leg>{leg({low, 1 - up}), leg({earlier, -1}), leg({high, up})},
           families_.calendar_butterfly);
  }

  static bool is_above(const Scaled& a, const Scaled& b, const Scaled& c) {
    return (b.ask - a.ask) * (c.x - a.x) >= (c.ask - a.ask) * (b.x - a.x);
  }

  std::span<const Scaled> earlier_, later_;
  double unit_;
  Families& families_;
};

/// From the last expiry to the first, so that the later ones are at hand.
void test_calendar(std::vector<const Curve*> curves, Families& families) {
  std::erase_if(curves, [](const Curve* curve) { return curve->slice == nullptr; });
  const auto t = [](const Curve* curve) { return curve->slice->t.value(); };
  std::ranges::stable_sort(curves, std::greater(), t);
  std::vector<Scaled> later;
  for (auto begin = curves.begin(); begin != curves.end();) {
    const auto end = std::find_if(begin, curves.end(), [&](const Curve* curve) { return t(curve) < t(*begin); });
    std::vector<Scaled> of_now;
    for (; begin != end; ++begin) {
      const std::vector<Scaled> earlier = scaled(**begin);
      Calendar(earlier, later, families).test_all();
      std::ranges::copy_if(earlier, std::back_inserter(of_now), [](const Scaled& point) { return point.x != 0; });
    }
    later.insert(later.end(), of_now.begin(), of_now.end());
    std::ranges::stable_sort(later, {}, &Scaled::x);
  }
}

// The curves of a chain

double sign_of(OptionType type) { return type == OptionType::call ? 1 : -1; }

/// The quote as a call by parity, which is what a vol says.
Point call_of(const Quote& quote, const ChainSlice& slice) {
  const double parity =
      quote.type == OptionType::call ? 0 : slice.discount.value() * (slice.forward.value() - quote.strike);
  return {quote.strike, quote.bid + parity, quote.ask + parity, quote.line};
}

struct CurveKey {
  ExpiryKey key;
  OptionType type;
  auto operator<=>(const CurveKey&) const = default;
};

/// By x, of one strike the first; and the underlying where its forward is given.
void finish(Curve& curve) {
  std::vector<Point>& points = curve.points;
  if (curve.forward_given() && curve.type == OptionType::call) points.push_back({0, curve.unit(), curve.unit(), 0});
  std::ranges::stable_sort(points, {}, &Point::x);
  const auto rest = std::ranges::unique(points, {}, &Point::x);
  points.erase(rest.begin(), rest.end());
}

std::map<CurveKey, Curve> curves_of(const Chain& chain, bool mid) {
  std::map<ExpiryKey, const ChainSlice*> slices;
  for (const ChainSlice& slice : chain.slices)
    slices[slice.key] = &slice;
  std::map<CurveKey, Curve> curves;
  for (const Quote& quote : chain.quotes) {
    if (!is_looked_at(quote.dropped) || !(quote.bid > 0 && quote.ask > 0)) continue;
    const auto slice = slices.find(quote.key);
    const bool is_vol = slice != slices.end() && (quote.bid_vol || quote.ask_vol);
    const OptionType type = is_vol ? OptionType::call : quote.type;
    Curve& curve = curves.try_emplace({quote.key, type}, Curve{quote.key, type}).first->second;
    if (slice != slices.end()) curve.slice = slice->second;
    Point point =
        is_vol ? call_of(quote, *slice->second) : Point{sign_of(type) * quote.strike, quote.bid, quote.ask, quote.line};
    if (mid) point.bid = point.ask = (point.bid + point.ask) / 2;
    curve.points.push_back(point);
  }
  for (auto& [key, curve] : curves)
    finish(curve);
  return curves;
}

}  // namespace

std::vector<FamilyCount> count_families(const Chain& chain, const FamilyOptions& options) {
  const std::map<CurveKey, Curve> curves = curves_of(chain, options.mid);
  Families families;
  std::vector<const Curve*> calls, puts;
  for (const auto& [key, curve] : curves) {
    test_expiry(curve, families);
    (key.type == OptionType::call ? calls : puts).push_back(&curve);
    if (const auto of_puts = curves.find({key.key, OptionType::put});
        key.type == OptionType::call && of_puts != curves.end())
      test_parity(curve, of_puts->second, families.parity);
  }
  if (options.calendar) {
    test_calendar(calls, families);
    test_calendar(puts, families);
  }
  return {families.outright,          families.vertical,           families.butterfly, families.calendar,
          families.calendar_vertical, families.calendar_butterfly, families.parity};
}

}  // namespace strikenet
