#include "strikenet/payoff/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "payoff/curve_bound.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr std::size_t kIntervals = 4096;
constexpr std::size_t kMostPieces = 100'000;
constexpr double kSlack = 1e-9;  // relative: by how much rounding may exceed an error

/// Where the curve bends one way: +1 for convex, -1 for concave.
struct Stretch {
  double high;
  int sign;
};

/// How far the pieces may lie from the curve, the curve subtracted: low <= 0 <= high.
struct Tube {
  double low, high;
};

Tube tube_of(Side side, double error) { return {side == Side::above ? 0 : -error, side == Side::below ? 0 : error}; }

class CurveWalk {
 public:
  /// `sharp`: extrema at kinks are found to the last digits, for some 40 values of the curve more for each.
  CurveWalk(const Curve& curve, const CurveRange& range, bool sharp = false)
      : curve_(curve.value), range_(range), sharp_(sharp) {
    find_stretches();
  }

  /// Where the curve is not finite, if anywhere.
  std::optional<double> hole() const { return hole_; }

  /// The knots of the fewest pieces that stay in the tube; empty when there would be more than `most`.
  std::vector<Point> knots(double error, std::size_t most) const {
    const Tube tube = tube_of(range_.side, error);
    double x = range_.low;
    std::vector<Point> points = {{x, curve_(x) + bend(tube, stretches_.front().sign)}};
    for (std::size_t i = 0; i < stretches_.size(); ++i) {
      const auto& [end, sign] = stretches_[i];
      const bool last = i + 1 == stretches_.size();
      const double at_end = last ? bend(tube, sign) : (tube.low + tube.high) / 2;
      while (x < end) {
        const Point next = farthest(points.back(), {end, curve_(end) + at_end}, tube, sign);
        if (next.x <= x || points.size() > most) return {};
        points.push_back(next);
        x = next.x;
      }
    }
    return points;
  }

  /// The fit through the knots, with the largest distance at 64 points a piece and at its extremum.
  CurveFit measured(const std::vector<Point>& points) const {
    CurveFit fit{through(points), points.size() - 1, 0, range_.low};
    const auto look = [&](double x, double line) {
      const double distance = std::abs(line - curve_(x));
      if (!(distance > fit.error)) return;
      fit.error = distance;
      fit.worst = x;
    };
    constexpr int kSamples = 64;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      const auto line = [&, a = points[i], b = points[i + 1]](double x) {
        return a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x));
      };
      const double low = points[i].x, width = points[i + 1].x - low;
      for (int k = 0; k <= kSamples; ++k)
        look(low + width * k / kSamples, line(low + width * k / kSamples));
      for (const int sign : {1, -1}) {
        const double x = extremum(line, low, low + width, sign);
        look(x, line(x));
      }
    }
    return fit;
  }

 private:
  static double bend(const Tube& tube, int sign) { return sign > 0 ? tube.low : tube.high; }

  void find_stretches() {
    std::vector<double> x(kIntervals + 1), y(kIntervals + 1);
    double size = 0;
    for (std::size_t i = 0; i <= kIntervals; ++i) {
      x[i] =
          i == kIntervals ? range_.high : range_.low + (range_.high - range_.low) * static_cast<double>(i) / kIntervals;
      y[i] = curve_(x[i]);
      if (!std::isfinite(y[i]) && !hole_) hole_ = x[i];
      size = std::max(size, std::abs(y[i]));
    }
    const double noise = 16 * std::numeric_limits<double>::epsilon() * size;
    for (std::size_t i = 1; i < kIntervals; ++i) {
      const double second = y[i - 1] - 2 * y[i] + y[i + 1];
      if (!(std::abs(second) > noise)) continue;
      const int sign = second > 0 ? 1 : -1;
      if (!stretches_.empty() && stretches_.back().sign == sign) continue;
      if (!stretches_.empty()) stretches_.back().high = (x[i - 1] + x[i]) / 2;
      stretches_.push_back({range_.high, sign});
    }
    if (stretches_.empty()) stretches_.push_back({range_.high, 1});
  }

  /// Where line - curve is largest (sign > 0) or smallest.
  template <class Line>
  double extremum(Line line, double low, double high, int sign) const {
    constexpr int kBits = 26;
    const auto gap = [&](double x) { return sign * (curve_(x) - line(x)); };
    const double at = boost::math::tools::brent_find_minima(gap, low, high, kBits).first;
    return sharp_ ? sharpened(gap, std::max(low, at * (1 - kNear)), std::min(high, at * (1 + kNear))) : at;
  }

  static constexpr double kNear = 1e-6;  // what Brent's method may be off by, relative: it takes a kink for a parabola

  /// The minimum of a function with one, by the golden section, which finds a kink as well.
  template <class Gap>
  static double sharpened(Gap gap, double low, double high) {
    constexpr double kGolden = std::numbers::phi - 1;
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    double at_left = gap(left), at_right = gap(right);
    while (high - low > 4 * std::numeric_limits<double>::epsilon() * std::abs(high) && left < right) {
      if (at_left < at_right) {
        high = std::exchange(right, left);
        at_right = std::exchange(at_left, gap(left = high - kGolden * (high - low)));
      } else {
        low = std::exchange(left, right);
        at_left = std::exchange(at_right, gap(right = low + kGolden * (high - low)));
      }
    }
    return at_left < at_right ? left : right;
  }

  /// Whether the straight piece stays in the tube, on a stretch that bends one way.
  bool fits(const Point& a, const Point& b, const Tube& tube, int sign) const {
    const auto line = [&](double x) { return a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)); };
    const double x = extremum(line, a.x, b.x, sign), off = line(x) - curve_(x);
    const double slack = kSlack * (tube.high - tube.low);
    return sign > 0 ? off <= tube.high + slack : off >= tube.low - slack;
  }

  /// The farthest next knot: the end of the stretch if it can be reached, else one on the tube's edge.
  Point farthest(const Point& from, const Point& end, const Tube& tube, int sign) const {
    if (fits(from, end, tube, sign)) return end;
    const auto at = [&](double x) { return Point{x, curve_(x) + bend(tube, sign)}; };
    double low = from.x, high = end.x;
    constexpr int kHalvings = 48;
    for (int i = 0; i < kHalvings && high - low > 1e-13 * std::abs(high); ++i) {
      const double middle = (low + high) / 2;
      (fits(from, at(middle), tube, sign) ? low : high) = middle;
    }
    return at(low);
  }

  const std::function<double(double)>& curve_;
  CurveRange range_;
  std::vector<Stretch> stretches_;
  std::optional<double> hole_;
  bool sharp_;
};

void check(const CurveRange& range) {
  require(std::isfinite(range.low), "curve", "low", range.low, "must be finite");
  require(range.high > range.low && std::isfinite(range.high), "curve", "high", range.high,
          "must be finite and above low");
}

Problems hole(const Curve& curve, const CurveRange& range, double at) {
  const double value = curve.value(at);
  return {{fmt::format("{}: value at {} is {}, but must be finite from {} to {}", curve.name, at,
                       std::isnan(value) ? std::abs(value) : value, range.low, range.high)}};
}

/// `text` is a function of S.
std::shared_ptr<const Expression> formula_of(const std::string& text) {
  return std::make_shared<const Expression>(std::get<Expression>(parse_expression(text)));
}

CurveFit proved(const Curve& curve, const CurveRange& range, CurveFit fit) {
  if (curve.formula) return with_proof(*curve.formula, range, std::move(fit));
  fit.not_proved = "the curve has no formula";
  return fit;
}

Problems farther(const Curve& curve, double error, const CurveFit& fit) {
  return {
      {fmt::format("{}: error is {}, but must be at least {:.6g}: near {:.10g} the curve is that far from the "
                   "pieces that follow what is seen of it at {} spots",
                   curve.name, error, fit.error, fit.worst, kIntervals + 1)}};
}

Problems too_many(const Curve& curve, double error) {
  return {{fmt::format("{}: error is {}, but must be one that {} straight pieces can keep: a jump, for one, has none",
                       curve.name, error, kMostPieces)}};
}

}  // namespace

Curve log_payoff(Strike strike) {
  const double k = strike.value();
  require(k > 0 && std::isfinite(k), "log_payoff", "strike", k, "must be positive and finite");
  return {[k](double s) { return std::log(s / k); }, "log", formula_of(fmt::format("ln(S/{})", k))};
}

Curve power_payoff(Strike strike, double power) {
  const double k = strike.value();
  require(k > 0 && std::isfinite(k), "power_payoff", "strike", k, "must be positive and finite");
  require(power > 0 && std::isfinite(power), "power_payoff", "power", power, "must be positive and finite");
  return {[k, power](double s) { return s > k ? std::pow(s - k, power) : 0; }, "power",
          formula_of(fmt::format("max(S-{},0)^{}", k, power))};
}

Curve operator*(double factor, const Curve& curve) {
  require(std::isfinite(factor), "Curve", "factor", factor, "must be finite");
  Curve result{[factor, value = curve.value](double s) { return factor * value(s); }, curve.name};
  if (curve.formula) result.formula = std::make_shared<const Expression>(curve.formula->times(factor));
  return result;
}

Result<CurveFit> fewest_pieces(const Curve& curve, const CurveRange& range, double error) {
  check(range);
  require(error > 0 && std::isfinite(error), "fewest_pieces", "error", error, "must be positive and finite");
  constexpr double kMeasured = 1e-6, kProved = 1e-4;  // relative: what a search may miss, what bounds may exceed
  double target = error;
  for (const bool sharp : {false, true, true}) {
    const CurveWalk walk(curve, range, sharp);
    if (const auto at = walk.hole()) return hole(curve, range, *at);
    const std::vector<Point> points = walk.knots(target, kMostPieces);
    if (points.empty()) return too_many(curve, error);
    CurveFit fit = walk.measured(points);
    if (fit.error > error * (1 + kMeasured)) return too_many(curve, error);
    fit = proved(curve, range, std::move(fit));
    if (fit.error <= error * (1 + kProved)) return fit;
    if (sharp && (target < error || fit.error > 2 * error)) return farther(curve, error, fit);
    if (sharp) target *= error / fit.error;
  }
  return too_many(curve, error);
}

Result<CurveFit> best_pieces(const Curve& curve, const CurveRange& range, std::size_t pieces) {
  check(range);
  require(pieces >= 1, "best_pieces", "number of pieces", static_cast<double>(pieces), "must be at least 1");
  const CurveWalk walk(curve, range);
  if (const auto at = walk.hole()) return hole(curve, range, *at);
  const auto knots = [&](double error) { return walk.knots(error, pieces); };
  const auto enough = [&](const std::vector<Point>& points) { return !points.empty() && points.size() - 1 <= pieces; };
  double high = 1;
  while (!enough(knots(high)) && high < 1e300)
    high *= 16;
  if (!enough(knots(high)))
    return Problems{{fmt::format("{}: number of pieces is {}, but must be enough for each change of curvature",
                                 curve.name, pieces)}};
  double low = high;
  while (low > 1e-300 && enough(knots(low)))
    low /= 16;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings && high > low * (1 + 1e-12); ++i) {
    const double middle = std::sqrt(low) * std::sqrt(high);
    (enough(knots(middle)) ? high : low) = middle;
  }
  return proved(curve, range, walk.measured(knots(high)));
}

}  // namespace strikenet
