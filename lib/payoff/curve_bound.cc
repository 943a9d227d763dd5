#include "payoff/curve_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/rational.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMostSteps = 1e6;   // of the formula on intervals, within the range: some seconds
constexpr double kMostBeyond = 1e5;  // on each side of it

double up(double number) { return std::nextafter(number, kInfinity); }
double down(double number) { return std::nextafter(number, -kInfinity); }

/// A straight piece, on cells of which the curve is held against it. Spots are decimals, so ends are thin intervals.
struct Line {
  Interval low, high;  // where it is looked at; high may be infinite
  Interval from, value, slope;
};

/// The pieces between two spots, with each of their numbers the decimal that it is written as.
std::vector<Line> lines_of(const PiecewiseLinear& f, double low, double high) {
  std::vector<Line> lines;
  Rational x = 0, value = decimal(f.value_at_zero()), slope = decimal(f.slope(0));
  double begin = 0;
  const auto add = [&](double end) {
    const double from = std::max(begin, low), to = std::min(end, high);
    if (from < to)
      lines.push_back({Interval(decimal(from)), to == kInfinity ? Interval(to) : Interval(decimal(to)), Interval(x),
                       Interval(value), Interval(slope)});
  };
  for (const Knot& knot : f.knots()) {
    if (knot.x <= 0) continue;
    add(knot.x);
    value += slope * (decimal(knot.x) - x) + decimal(knot.jump);
    x = decimal(knot.x);
    slope = decimal(knot.slope);
    begin = knot.x;
  }
  add(kInfinity);
  return lines;
}

/// A bound from above, and a spot near the largest value; or where none was found.
struct Highest {
  double bound, at;
  bool found = true, in_time = true;
};

/// The largest value of curve - pieces, or of pieces - curve.
class HighestGap {
 public:
  HighestGap(const Expression& curve, int sign, double most_steps)
      : curve_(curve), sign_(sign), steps_left_(most_steps) {}

  /// To within `tolerance` where it is above 0. Gives up where it is sure to be above `most`.
  Highest of(const std::vector<Line>& lines, double tolerance, double most) {
    Highest highest{-kInfinity, lines.front().low.high()};
    double seen = 0;
    std::vector<Cell> cells;
    for (const Line& line : lines)
      cells.push_back({&line, line.low, line.high});
    std::ranges::reverse(cells);
    for (const Cell& cell : cells)
      if (const Jet jet = on(cell.low, *cell.line); jet.defined) seen = std::max(seen, jet.value.low());
    while (!cells.empty()) {
      const Cell cell = std::move(cells.back());
      cells.pop_back();
      const double middle = middle_of(cell);
      const Jet at_middle = on(Interval(middle), *cell.line);
      if (!at_middle.defined || seen > most) return {kInfinity, middle, false};
      if (steps_left_ < 0) return {kInfinity, middle, false, false};
      seen = std::max(seen, at_middle.value.low());
      const double bound = bound_on(cell, middle, at_middle);
      constexpr double kShown = 1e-12;  // relative: doubles have no more to say
      const bool parts = middle > cell.low.high() && middle < cell.high.low();
      if (bound > seen + std::max(tolerance, kShown * seen) && parts) {
        cells.push_back({cell.line, Interval(middle), cell.high});
        cells.push_back({cell.line, cell.low, Interval(middle)});
      } else if (bound == kInfinity) {
        return {kInfinity, middle, false};
      } else if (bound > highest.bound) {
        highest = {bound, middle};
      }
    }
    return highest;
  }

 private:
  struct Cell {
    const Line* line;
    Interval low, high;
  };

  static double middle_of(const Cell& cell) {
    const double low = cell.low.high(), high = cell.high.low();
    return high == kInfinity ? std::min(std::max(1.0, 2 * low), std::numeric_limits<double>::max())
                             : low + (high - low) / 2;
  }

  Jet on(const Interval& spots, const Line& line) {
    steps_left_ -= static_cast<double>(curve_.size());
    Jet gap = curve_.on(spots) - Jet(line.value + line.slope * (spots - line.from), line.slope, Interval());
    return sign_ > 0 ? gap : -gap;
  }
  double at(const Interval& spot, const Line& line) { return on(spot, line).value.high(); }

  double bound_on(const Cell& cell, double middle, const Jet& at_middle) {
    const Interval spots = hull(cell.low, cell.high);
    const Jet gap = on(spots, *cell.line);
    if (!gap.defined) return kInfinity;
    double bound = gap.value.high();
    if (gap.slope.not_negative() && cell.high.bounded()) return std::min(bound, at(cell.high, *cell.line));
    if (gap.slope.not_positive()) return std::min(bound, at(cell.low, *cell.line));
    if (!gap.slope.bounded() || !spots.bounded()) return bound;  // it may jump
    if (gap.curvature.not_negative())
      return std::min(bound, std::max(at(cell.low, *cell.line), at(cell.high, *cell.line)));
    const Interval off = spots - Interval(middle);
    bound = std::min(bound, (at_middle.value + gap.slope * off).high());
    const Interval bent = Interval(0.5) * gap.curvature * square(off);
    return std::min(bound, (at_middle.value + at_middle.slope * off + bent).high());
  }

  const Expression& curve_;
  int sign_;
  double steps_left_;
};

double steepest(const PiecewiseLinear& f) {
  double steepest = std::abs(f.first_slope());
  for (const Knot& knot : f.knots())
    steepest = std::max(steepest, std::abs(knot.slope));
  return steepest;
}

/// a + b, and no less (`sign` 1), or no more (-1), of the decimals that the three are written as.
double sum(double a, double b, int sign) {
  return a + b + sign * 4 * std::numeric_limits<double>::epsilon() * (std::abs(a) + std::abs(b));
}

/// f, moved by `shift` and no less.
PiecewiseLinear moved(const PiecewiseLinear& f, double shift, int sign) {
  return {sum(f.value_at_zero(), sign * shift, sign), f.first_slope(), {f.knots().begin(), f.knots().end()}};
}

/// The slope of the last piece (`end` 1) or the first (-1), or what it has to be for f to stay above (`sign` 1) or
/// below
/// (-1) a curve with these slopes, if that is no steeper than `steepest`.
double turned(double slope, const Interval& slopes, int end, int sign, double steepest) {
  constexpr double kRounding = 1e-9;
  const bool least = end * sign > 0;  // the slope has to be at least those of the curve
  const double bare = least ? slopes.high() : slopes.low();
  for (const double trial : {slope, bare, least ? up(bare) : down(bare)}) {
    if (!(std::abs(trial) <= (1 + kRounding) * steepest)) continue;
    const Interval over = Interval(decimal(trial)) - slopes;
    if (least ? over.not_negative() : over.not_positive()) return trial + 0.0;  // not -0
  }
  return slope;
}

/// The first and the last piece turned as they have to be where that is possible.
PiecewiseLinear with_ends_turned(const PiecewiseLinear& f, const Expression& curve, const CurveRange& range, int sign) {
  const double steep = steepest(f), first = f.slope(0), last = f.last_slope();
  std::vector<Knot> knots(f.knots().begin(), f.knots().end());
  double at_zero = f.value_at_zero(), first_slope = f.first_slope();
  if (range.low > 0 && (knots.empty() || knots.front().x > range.low)) {
    const double slope = turned(first, curve.on(Interval(0, range.low)).slope, -1, sign, steep);
    if (slope != first) {
      at_zero = sum(at_zero, (first - slope) * range.low, sign);
      first_slope = slope;
      knots.insert(knots.begin(), {range.low, first, 0});
    }
  }
  const double slope = turned(last, curve.on(Interval(range.high, kInfinity)).slope, 1, sign, steep);
  if (slope != last && (knots.empty() || knots.back().x < range.high)) knots.push_back({range.high, slope, 0});
  return {at_zero, first_slope, std::move(knots)};
}

std::string why_not(const Highest& highest) {
  if (highest.in_time)
    return fmt::format("near {:.10g} the formula has no value, or none that interval arithmetic bounds", highest.at);
  return fmt::format("interval arithmetic came to its limit of {:g} steps near {:.10g}", kMostSteps, highest.at);
}

}  // namespace

CurveFit with_proof(const Expression& formula, const CurveRange& range, CurveFit fit) {
  if (range.low < 0) {
    fit.not_proved = "proofs are of spots from 0 on";
    return fit;
  }
  double size = std::abs(fit.f.value(range.high));
  const std::vector<Line> lines = lines_of(fit.f, range.low, range.high);
  for (const Line& line : lines)
    size = std::max(size, std::abs(line.value.high()));
  constexpr double kTolerance = 1e-8, kRounding = 1e-15;  // relative: of the error, of the values
  const double tolerance = std::max(
      {kTolerance * fit.error, 10 * kRounding * size, std::numeric_limits<double>::min()});  // not 0: of spikes
  const Highest over = HighestGap(formula, 1, kMostSteps).of(lines, tolerance, kInfinity);
  const Highest under = over.found ? HighestGap(formula, -1, kMostSteps).of(lines, tolerance, kInfinity) : over;
  if (!under.found) {
    fit.not_proved = why_not(under);
    return fit;
  }
  fit.error = std::max({over.bound, under.bound, 0.0});
  fit.worst = over.bound > under.bound ? over.at : under.at;
  fit.from = range.low;
  fit.to = range.high;
  if (range.side == Side::nearest) return fit;

  const int sign = range.side == Side::above ? 1 : -1;
  const auto& [nearer, farther] = sign > 0 ? std::pair(over, under) : std::pair(under, over);
  const double shift = std::max(0.0, nearer.bound + (range.beyond ? kRounding * size : 0));
  if (nearer.bound > farther.bound) fit.worst = nearer.at;
  const PiecewiseLinear before = fit.f;
  if (shift > 0) fit.f = moved(fit.f, shift, sign);
  if (range.beyond) fit.f = with_ends_turned(fit.f, formula, range, sign);
  const double away = std::abs(fit.f.value(range.low) - before.value(range.low));  // and at every spot of the range
  fit.error = sum(std::max(0.0, farther.bound), away, 1) + kRounding * (std::abs(fit.f.value_at_zero()) + size);
  if (!range.beyond) return fit;
  const auto holds = [&](double low, double high) {
    return HighestGap(formula, sign, kMostBeyond).of(lines_of(fit.f, low, high), 0, 0).found;
  };
  if (range.low == 0 || holds(0, range.low)) fit.from = 0;
  if (holds(range.high, kInfinity)) fit.to = kInfinity;
  return fit;
}

}  // namespace strikenet
