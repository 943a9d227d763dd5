#include "strikenet/payoff/facts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One piece on x >= 0: its ends, the limits there, its slope, and the jump at its left end.
struct Segment {
  double from, to, first, last, slope, jump;
};

double at_infinity(double value, double slope) { return slope == 0 ? value : slope > 0 ? kInfinity : -kInfinity; }

std::vector<Segment> segments_of(const PiecewiseLinear& f) {
  std::vector<Segment> segments = {{0, kInfinity, f.value_at_zero(), 0, f.slope(0), 0}};
  for (const auto& [x, slope, jump] : f.knots()) {
    if (x <= 0) continue;
    segments.back().to = x;
    segments.back().last = f.value_below(x);
    segments.push_back({x, kInfinity, f.value(x), 0, slope, jump});
  }
  segments.back().last = at_infinity(segments.back().first, segments.back().slope);
  return segments;
}

void note_first(std::optional<double>& place, bool fails, double x) {
  if (fails && !place) place = x;
}

/// The distance from `from` at which a line leaves the band, along a segment that begins and ends inside or not.
double leaves(double value, double slope, double low, double high) {
  if (slope == 0) return kInfinity;
  return ((slope > 0 ? high : low) - value) / slope;
}

}  // namespace

PayoffFacts facts_of(const PiecewiseLinear& f) {
  const std::vector<Segment> segments = segments_of(f);
  const Segment& first = segments.front();
  PayoffFacts facts{{first.first, 0}, {first.first, 0}, first.slope, first.slope, 0, {}, {}, {}, {}};
  const auto extend = [&](double value, double x) {
    if (value < facts.lowest.value) facts.lowest = {value, x};
    if (value > facts.highest.value) facts.highest = {value, x};
  };
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& [from, to, begin, end, slope, jump] = segments[i];
    extend(begin, from);
    extend(end, to);
    facts.smallest_slope = std::min(facts.smallest_slope, slope);
    facts.largest_slope = std::max(facts.largest_slope, slope);
    facts.lipschitz = std::max(facts.lipschitz, jump == 0 ? std::abs(slope) : kInfinity);
    note_first(facts.not_increasing_at, slope < 0 || jump < 0, from);
    note_first(facts.not_decreasing_at, slope > 0 || jump > 0, from);
    if (i == 0) continue;
    note_first(facts.not_convex_at, jump != 0 || slope < segments[i - 1].slope, from);
    note_first(facts.not_concave_at, jump != 0 || slope > segments[i - 1].slope, from);
  }
  return facts;
}

double certified_radius(const PiecewiseLinear& f, double from, double low, double high) {
  constexpr auto kWhere = "certified_radius";
  require(from >= 0 && std::isfinite(from), kWhere, "from", from, "must be finite and at least 0");
  const double value = f.value(from);
  require(low <= value && value <= high, kWhere, "value", value, "must lie in the band");
  const auto inside = [&](double limit) { return low <= limit && limit <= high; };
  double up = kInfinity, down = kInfinity;
  const std::vector<Segment> segments = segments_of(f);
  for (const auto& [begin, end, first, last, slope, jump] : segments) {
    if (end <= from) continue;
    const double x = std::max(begin, from), at = begin <= from ? value : first;
    if (!inside(at)) {
      up = x - from;
      break;
    }
    if (const double far = leaves(at, slope, low, high); x + far < end) {
      up = x - from + far;
      break;
    }
  }
  for (std::size_t i = segments.size(); i-- > 0;) {
    const auto& [begin, end, first, last, slope, jump] = segments[i];
    if (begin >= from) continue;
    const double x = std::min(end, from), at = end < from ? last : f.value_below(from);
    if (!inside(at)) {
      down = from - x;
      break;
    }
    if (const double far = leaves(at, -slope, low, high); x - far > begin) {
      down = from - x + far;
      break;
    }
  }
  return std::min(up, down);
}

}  // namespace strikenet
