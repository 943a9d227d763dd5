#include "strikenet/surface/call_surface.h"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <locale>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "implicit_steps.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "surface/out_of_the_money.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kStepShare = 1.0 / 16;  // of the clock so far: length and growth of the steps beyond the last expiry

using CurvePointer = std::shared_ptr<const CallCurve>;

bool same_knots(const CallCurve& a, const CallCurve& b) { return std::ranges::equal(a.knots(), b.knots()); }

std::vector<double> gaps(const CallCurve& before, const CallCurve& after) {
  std::vector<double> result = out_of_the_money_sums(after.nodes(), after.weights());
  const std::vector<double> sums = out_of_the_money_sums(before.nodes(), before.weights());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] -= sums[i];
  return result;
}

/// How fast the hinge sums of 1 + sqrt(theta) (X - 1) rise in theta at theta = 1, at the nodes of X as a set of points:
/// E[(X - 1) 1{X > m_i}] / 2, with half the point m_i itself.
std::vector<double> shrinking_slopes(std::span<const double> nodes, std::span<const double> weights) {
  const std::size_t n = nodes.size();
  std::vector<double> result(n, 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < n && nodes[i] < 1; ++i) {
    result[i] = (sum + weights[i] * (1 - nodes[i]) / 2) / 2;
    sum += weights[i] * (1 - nodes[i]);
  }
  sum = 0;
  for (std::size_t i = n; i-- > 0 && nodes[i] >= 1;) {
    result[i] = (sum + weights[i] * (nodes[i] - 1) / 2) / 2;
    sum += weights[i] * (nodes[i] - 1);
  }
  return result;
}

/// Half the total vol whose Black price at the money is the curve's: 2 Phi(half) - 1 = c(1).
double half_total_vol(const CallCurve& curve) {
  const ImpliedVol implied = implied_total_vol(OptionType::call, Forward(1), Strike(1), Price(curve.call(1)));
  require(implied.broken == PriceBound::none, "CallSurface", "at-the-money price over forward", curve.call(1),
          "must be at least 0 and below 1");
  return implied.vol.value() / 2;
}

/// The mean of exp((from^2 - x^2) / 2) over [from, to]: no difference of nearly equal prices, however near they are.
double mean_density(double from, double to) {
  using Rule = boost::math::quadrature::gauss<double, 30>;
  return Rule::integrate(
             [&](double u) {
               const double x = ((1 - u) * from + (1 + u) * to) / 2;
               return std::exp((from - x) * (from + x) / 2);
             },
             -1.0, 1.0) /
         2;
}

struct Share {
  double value, slope;  // of the later expiry, and its derivative by theta
};

/// (B(v) - B(v1)) / (B(v2) - B(v1)) for total variances v = (1 - theta) v1 + theta v2, B(v) = 2 Phi(sqrt(v) / 2) - 1;
/// all = mean_density(half1, half2).
Share later_share(double half1, double half2, double all, double theta) {
  if (!(half1 + half2 > 0)) return {theta, 1};
  const double half = std::sqrt((1 - theta) * half1 * half1 + theta * half2 * half2);
  return {theta * (half1 + half2) / (half1 + half) * mean_density(half1, half) / all,
          std::exp((half1 - half) * (half1 + half) / 2) * (half1 + half2) / (2 * half * all)};
}

void check(const Surface& surface, const CallSurfaceOptions& options) {
  constexpr std::string_view kWhere = "CallSurface";
  require(!surface.slices.empty(), kWhere, "number of slices", 0, "must be at least 1");
  require(options.local_vol_cap > 0 && std::isfinite(options.local_vol_cap), kWhere, "local_vol_cap",
          options.local_vol_cap, "must be positive and finite");
  if (options.spot)
    require(*options.spot > 0 && std::isfinite(*options.spot), kWhere, "spot", *options.spot,
            "must be positive and finite");
  double t_before = 0;
  std::set<std::string> roots;  // at t_before
  for (const SurfaceSlice& slice : surface.slices) {
    const std::string of = " of slice " + to_string(slice.key);
    const double t = slice.t.value(), forward = slice.forward.value(), discount = slice.discount.value();
    require(std::isfinite(t) && t > 0 && t >= t_before, kWhere, "t" + of, t, "t must be finite, positive and not fall");
    require(std::isfinite(forward) && forward > 0, kWhere, "forward" + of, forward, "must be positive and finite");
    require(std::isfinite(discount) && discount > 0, kWhere, "discount" + of, discount, "must be positive and finite");
    require(t == t_before || options.clock.at(slice.t) > options.clock.at(YearFraction(t_before)), kWhere,
            "clock at the expiry" + of, options.clock.at(slice.t), "must be later than at the expiry before");
    require(surface.activation == Activation::relu || same_knots(slice.curve, surface.slices.front().curve), kWhere,
            "number of knots" + of, static_cast<double>(slice.curve.knots().size()),
            "slices must have knots in common unless they are 'relu'");
    if (t > t_before) roots.clear();
    require(roots.insert(slice.key.root).second, kWhere, "t" + of, t,
            "must be later than that of a slice before it with the same root");
    t_before = t;
  }
}

std::string number(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << value;
  return text.str();
}

double log_linear(double from, double to, double share) { return from * std::pow(to / from, share); }

}  // namespace

std::string to_string(const Extrapolation& extrapolation) {
  std::string text;
  const auto add = [&text](bool holds, const char* words) {
    if (holds) text.append(text.empty() ? "" : ", ").append(words);
  };
  add(extrapolation.strike, "strike");
  add(extrapolation.before_first, "before first expiry");
  add(extrapolation.beyond_last, "beyond last expiry");
  return text;
}

// --- one time --------------------------------------------------------------------------------------------------------

/// How fast the hinge sums at the nodes of `units` rise, or, where expiries have no nodes in common, from which curve
/// to which prices go.
struct SurfaceSmile::Movement {
  CurvePointer units;
  std::vector<double> slopes = {};
  CurvePointer from = {};

  /// Only units that reach across k are not linear in their node there, and B-splines are totally positive: each second
  /// difference is at least 0, and what is below is rounding.
  double at(double k) const {
    if (from) return units->call(k) - from->call(k);
    const std::span<const double> knots = units->knots(), nodes = units->nodes();
    const auto width = static_cast<std::size_t>(knots_per_unit(units->activation()));
    const auto not_above = static_cast<std::size_t>(std::ranges::upper_bound(knots, k) - knots.begin());
    const auto unit = [&](std::size_t j) { return unit_call(knots.subspan(j, width), k); };
    double sum = 0;
    for (std::size_t i = std::max<std::size_t>(not_above > width ? not_above - width : 0, 1);
         i <= not_above && i + 1 < nodes.size(); ++i) {
      if (slopes[i] == 0) continue;
      const double right = (unit(i + 1) - unit(i)) / (nodes[i + 1] - nodes[i]);
      const double left = (unit(i) - unit(i - 1)) / (nodes[i] - nodes[i - 1]);
      sum += slopes[i] * std::max(right - left, 0.0);
    }
    return sum;
  }
};

/// of_curve at the strike of X_0 that k is, mixed over the curves.
template <class OfCurve>
double SurfaceSmile::mixed(double k, OfCurve of_curve) const {
  const double y = shrink_ == 1 ? k : 1 + (k - 1) / shrink_;
  const double value = of_curve(*first_, y);
  return second_ ? (1 - second_share_) * value + second_share_ * of_curve(*second_, y) : value;
}

double SurfaceSmile::call(double k) const {
  return mixed(k, [&](const CallCurve& curve, double y) { return shrink_ * curve.call(y); });
}

double SurfaceSmile::put(double k) const {
  return mixed(k, [&](const CallCurve& curve, double y) { return shrink_ * curve.put(y); });
}

double SurfaceSmile::calendar_slope(double k) const {
  if (movement_) return clock_rate_ * movement_->at(k);
  if (clock_rate_ == 0) return kNaN;
  // Shrinking, theta = shrink^2: E[(X_0 - 1) 1{X_0 > y}] / (2 shrink) d theta / dt, from the side without differences.
  return mixed(k, [&](const CallCurve& curve, double y) {
    const double mass = y < 1 ? curve.below(y) : curve.above(y);
    if (mass == 0) return 0.0;
    const double value = y < 1 ? curve.put(y) + (1 - y) * mass : curve.call(y) + (y - 1) * mass;
    return clock_rate_ * value / (2 * shrink_);
  });
}

double SurfaceSmile::moneyness(std::string_view where, Strike strike) const {
  require(strike.value() >= 0, where, "strike", strike.value(), "must be at least 0");
  return strike.value() / forward_.value();
}

double SurfaceSmile::price(OptionType type, Strike strike) const {
  const double k = moneyness("SurfaceSmile::price", strike);
  return discount_.value() * forward_.value() * (type == OptionType::call ? call(k) : put(k));
}

TotalVol SurfaceSmile::total_vol(double k) const {
  if (!(k > 0 && k < kInfinity)) return TotalVol(kNaN);
  const OptionType type = k < 1 ? OptionType::put : OptionType::call;
  return total_vol_of(type, k, type == OptionType::put ? put(k) : call(k));
}

Vol SurfaceSmile::vol(Strike strike) const {
  return Vol(total_vol(moneyness("SurfaceSmile::vol", strike)).value() / std::sqrt(t_.value()));
}

double SurfaceSmile::total_variance(Strike strike) const {
  const double total = total_vol(moneyness("SurfaceSmile::total_variance", strike)).value();
  return total * total;
}

Greeks SurfaceSmile::greeks(OptionType type, Strike strike, Sticky sticky) const {
  const double k = moneyness("SurfaceSmile::greeks", strike), forward = forward_.value(), discount = discount_.value();
  const bool is_call = type == OptionType::call;
  Greeks greeks{.price = price(type, strike),
                .delta = is_call == (k < 1) ? (is_call ? discount : -discount) : 0,  // of an intrinsic price
                .dual_delta = discount * (is_call ? -above(strike) : below(strike)),
                .dual_gamma = discount * density(strike)};
  const double total = total_vol(k).value();
  if (std::isnan(total)) return greeks;
  const Greeks black = black_greeks(type, forward_, strike, Vol(total / std::sqrt(t_.value())), t_);
  greeks.vega = discount * black.vega;
  if (sticky == Sticky::strike) {
    greeks.delta = discount * black.delta;
    greeks.gamma = discount * black.gamma;
    greeks.theta = discount * black.theta;
  } else {
    greeks.delta = discount * (is_call ? call(k) + k * above(strike) : put(k) - k * below(strike));
    greeks.gamma = discount * k * k * density(strike);
    greeks.theta = -discount * forward * calendar_slope(k);
  }
  return greeks;
}

double SurfaceSmile::above(Strike strike) const {
  return mixed(moneyness("SurfaceSmile::above", strike),
               [](const CallCurve& curve, double y) { return curve.above(y); });
}

double SurfaceSmile::below(Strike strike) const {
  return mixed(moneyness("SurfaceSmile::below", strike),
               [](const CallCurve& curve, double y) { return curve.below(y); });
}

double SurfaceSmile::density(Strike strike) const {
  const double of_moneyness = mixed(moneyness("SurfaceSmile::density", strike),
                                    [&](const CallCurve& curve, double y) { return curve.density(y) / shrink_; });
  return of_moneyness / forward_.value();
}

Strike SurfaceSmile::quantile(double p) const {
  require(p >= 0 && p <= 1, "SurfaceSmile::quantile", "p", p, "must be in [0, 1]");
  const auto strike_of = [&](double knot) { return forward_.value() * (1 + shrink_ * (knot - 1)); };
  double lowest = first_->knots().front(), highest = first_->knots().back();
  if (second_) {
    lowest = std::min(lowest, second_->knots().front());
    highest = std::max(highest, second_->knots().back());
  }
  lowest = strike_of(lowest);
  highest = strike_of(highest);
  const auto short_of = [&](double strike) { return below(Strike(strike)) - p; };
  if (p == 0 || short_of(lowest) >= 0) return Strike(lowest);
  if (p == 1 || short_of(highest) < 0) return Strike(highest);
  std::uintmax_t iterations = 200;
  const boost::math::tools::eps_tolerance<double> neighbours(52);
  return Strike(boost::math::tools::toms748_solve(short_of, lowest, highest, neighbours, iterations).second);
}

Vol SurfaceSmile::local_vol(Strike strike) const {
  const double k = moneyness("SurfaceSmile::local_vol", strike);
  if (first_->activation() == Activation::relu || !(k < kInfinity)) return Vol(kNaN);
  const double slope = calendar_slope(k), curvature = k * k * density(strike) * forward_.value();
  return Vol(std::sqrt(2 * slope / curvature));
}

Extrapolation SurfaceSmile::extrapolation(Strike strike) const {
  const double k = moneyness("SurfaceSmile::extrapolation", strike);
  Extrapolation result = time_;
  result.strike = quoted_ && !(k >= quoted_->lowest && k <= quoted_->highest);
  return result;
}

CallCurve SurfaceSmile::curve() const {
  std::vector<double> knots(first_->knots().begin(), first_->knots().end());
  std::vector<double> weights(first_->weights().begin(), first_->weights().end());
  for (double& knot : knots)
    if (shrink_ != 1) knot = 1 + shrink_ * (knot - 1);
  if (!second_) return CallCurve(first_->activation(), std::move(knots), std::move(weights));
  if (same_knots(*first_, *second_)) {
    for (std::size_t j = 0; j < weights.size(); ++j)
      weights[j] = (1 - second_share_) * weights[j] + second_share_ * second_->weights()[j];
    return CallCurve(first_->activation(), std::move(knots), std::move(weights));
  }
  std::map<double, double> points;  // `relu`: a unit a knot
  for (std::size_t j = 0; j < knots.size(); ++j)
    points[knots[j]] += (1 - second_share_) * weights[j];
  for (std::size_t j = 0; j < second_->knots().size(); ++j)
    points[second_->knots()[j]] += second_share_ * second_->weights()[j];
  knots.clear();
  weights.clear();
  for (const auto& [knot, weight] : points) {
    knots.push_back(knot);
    weights.push_back(weight);
  }
  return CallCurve(Activation::relu, std::move(knots), std::move(weights));
}

// --- all times -------------------------------------------------------------------------------------------------------

struct CallSurface::State {
  Surface surface;
  CallSurfaceOptions options;
  // By instant n, of which the first slice is surface.slices[first_of[n]].
  std::vector<std::size_t> first_of = {};
  std::vector<CurvePointer> curves = {};
  std::vector<std::shared_ptr<const SurfaceSmile::Movement>> movements = {};  // from instant n - 1; none to 0
  std::vector<double> clock = {}, half_vols = {};
  std::vector<double> mean_densities = {};  // between the half vols of instant n - 1 and n; none to 0
  std::optional<ImplicitSteps> steps = {};
  int capped = 0;

  State(Surface of, CallSurfaceOptions with) : surface(std::move(of)), options(std::move(with)) {
    check(surface, options);
    for (std::size_t i = 0; i < surface.slices.size(); ++i) {
      const SurfaceSlice& slice = surface.slices[i];
      if (i > 0 && slice.t == surface.slices[i - 1].t) continue;
      first_of.push_back(i);
      curves.push_back(std::make_shared<const CallCurve>(slice.curve));
      clock.push_back(options.clock.at(slice.t));
      half_vols.push_back(half_total_vol(slice.curve));
    }
    movements.resize(1);
    mean_densities.resize(1);
    for (std::size_t n = 1; n < curves.size(); ++n) {
      movements.push_back(movement(n));
      mean_densities.push_back(mean_density(half_vols[n - 1], half_vols[n]));
    }
    steps.emplace(steps_beyond());
  }

  std::shared_ptr<const SurfaceSmile::Movement> movement(std::size_t n) const {
    const CurvePointer &before = curves[n - 1], &after = curves[n];
    return std::make_shared<const SurfaceSmile::Movement>(
        same_knots(*before, *after) ? SurfaceSmile::Movement{.units = after, .slopes = gaps(*before, *after)}
                                    : SurfaceSmile::Movement{.units = after, .from = before});
  }

  /// Of the last expiry's hinge sums at its nodes, per unit of the clock.
  std::vector<double> last_slopes() const {
    const CallCurve& last = *curves.back();
    const std::size_t n = curves.size();
    if (n == 1) return shrinking_slopes(last.nodes(), last.weights());
    std::vector<double> slopes = movements.back()->slopes;
    if (slopes.empty())
      for (const double node : last.nodes())
        slopes.push_back(movements.back()->at(node));
    return slopes;
  }

  ImplicitSteps steps_beyond() {
    const CallCurve& last = *curves.back();
    const std::span<const double> nodes = last.nodes(), weights = last.weights();
    const double length = clock.back() - (clock.size() == 1 ? 0 : clock[clock.size() - 2]);
    const double years = surface.slices.back().t.value() / clock.back();  // in a unit of the clock
    const double cap = options.local_vol_cap * options.local_vol_cap * years;
    std::vector<double> rates = last_slopes();
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const bool inner = i > 0 && i + 1 < rates.size();
      const double highest = inner ? cap * nodes[i] * nodes[i] / (nodes[i + 1] - nodes[i - 1]) : 0;
      const double lift = std::max(rates[i], 0.0) / length;
      const bool capped_here = inner && lift > highest * weights[i];
      rates[i] = !inner || lift == 0 ? 0 : capped_here ? highest : lift / weights[i];
      capped += capped_here;
    }
    const double first_step = kStepShare * clock.back();
    return ImplicitSteps({nodes.begin(), nodes.end()}, {weights.begin(), weights.end()}, std::move(rates), first_step,
                         1 + kStepShare);
  }

  /// The first slice of an instant, which stands for all at times that are not its own.
  const SurfaceSlice& slice(std::size_t n) const { return surface.slices[first_of[n]]; }

  /// The first instant at t or after it.
  std::size_t instant_from(double t) const {
    const auto found =
        std::ranges::lower_bound(first_of, t, {}, [&](std::size_t i) { return surface.slices[i].t.value(); });
    return static_cast<std::size_t>(found - first_of.begin());
  }

  void check_time(std::string_view where, double t, bool zero_too) const {
    require(std::isfinite(t) && (zero_too ? t >= 0 : t > 0), where, "t", t,
            zero_too ? "must be finite and at least 0" : "must be finite and positive");
    const std::size_t n = instant_from(t);
    require(surface.calendar || (n < first_of.size() && slice(n).t.value() == t), where, "t", t,
            "must be that of an expiry: the expiries of this surface are on different underlyings");
  }

  /// Log-linear extrapolation leaves the doubles somewhere: where, depends on the rates.
  double forward(std::string_view where, double t) const {
    const double result = forward(t);
    require(result > 0 && std::isfinite(result), where, "forward at t " + number(t), result,
            "must be positive and finite: t is too far from the expiries");
    return result;
  }

  double discount(std::string_view where, double t) const {
    const double result = discount(t);
    require(result > 0 && std::isfinite(result), where, "discount factor at t " + number(t), result,
            "must be positive and finite: t is too far beyond the last expiry");
    return result;
  }

  double forward(double t) const {
    const std::size_t n = instant_from(t), last = first_of.size();
    if (n < last && slice(n).t.value() == t) return slice(n).forward.value();
    if (n == 0 && options.spot) return log_linear(*options.spot, slice(0).forward.value(), t / slice(0).t.value());
    if (n == 0 || n == last) {
      const SurfaceSlice &begin = slice(0), &end = slice(last - 1), &nearest = n == 0 ? begin : end;
      if (last == 1) return nearest.forward.value();
      const double rate = std::log(end.forward.value() / begin.forward.value()) / (end.t.value() - begin.t.value());
      return nearest.forward.value() * std::exp(rate * (t - nearest.t.value()));
    }
    const SurfaceSlice &before = slice(n - 1), &after = slice(n);
    const double share = (t - before.t.value()) / (after.t.value() - before.t.value());
    return log_linear(before.forward.value(), after.forward.value(), share);
  }

  double discount(double t) const {
    const std::size_t n = instant_from(t);
    if (n == first_of.size()) {
      const SurfaceSlice& last = slice(n - 1);
      return std::pow(last.discount.value(), t / last.t.value());
    }
    if (slice(n).t.value() == t) return slice(n).discount.value();
    const double t_before = n == 0 ? 0 : slice(n - 1).t.value();
    return log_linear(n == 0 ? 1 : slice(n - 1).discount.value(), slice(n).discount.value(),
                      (t - t_before) / (slice(n).t.value() - t_before));
  }

  /// In k; empty when unknown.
  static std::optional<QuotedStrikes> quoted(const SurfaceSlice& slice) {
    if (!slice.quoted) return std::nullopt;
    return QuotedStrikes{slice.quoted->lowest / slice.forward.value(), slice.quoted->highest / slice.forward.value()};
  }
};

CallSurface::CallSurface(Surface surface, CallSurfaceOptions options)
    : state_(std::make_shared<const State>(std::move(surface), std::move(options))) {}

SurfaceSmile CallSurface::at(YearFraction t) const {
  const State& state = *state_;
  state.check_time("CallSurface::at", t.value(), false);
  const std::size_t n = state.instant_from(t.value());
  const double clock = state.options.clock.at(t), rate = state.options.clock.rate(t);
  const Forward forward_at_t = forward(t);
  SurfaceSmile smile(t, forward_at_t, discount(t));
  const double unit = smile.forward_.value() * smile.discount_.value();
  require(unit > 0 && std::isfinite(unit), "CallSurface::at", "forward times discount factor at t " + number(t.value()),
          unit, "must be positive and finite: t is too far beyond the last expiry");
  const bool at_expiry = n < state.curves.size() && state.slice(n).t == t;
  smile.first_ = state.curves[n > 0 && !at_expiry ? n - 1 : n];
  smile.quoted_ = State::quoted(state.slice(n > 0 && !at_expiry ? n - 1 : n));
  if (!state.surface.calendar) return smile;
  if (n == 0) {
    require(clock > 0, "CallSurface::at", "clock at t", clock, "must have begun to run");
    const double least = std::numeric_limits<double>::denorm_min();  // a law that has shrunk to a point
    const double theta = at_expiry ? 1 : std::max(clock / state.clock.front(), least);
    smile.shrink_ = std::sqrt(theta);
    smile.clock_rate_ = rate / state.clock.front();
    smile.time_.before_first = !at_expiry;
    if (smile.quoted_)
      smile.quoted_ = {1 + smile.shrink_ * (smile.quoted_->lowest - 1),
                       1 + smile.shrink_ * (smile.quoted_->highest - 1)};
    return smile;
  }
  if (n == state.curves.size()) {
    ImplicitSteps::Law law = state.steps->at(clock - state.clock.back());
    const auto finite = [](double one) { return std::isfinite(one); };
    require(std::ranges::all_of(law.weights, finite) && std::ranges::all_of(law.slopes, finite), "CallSurface::at", "t",
            t.value(), "must be nearer to the last expiry: the law there is beyond the range of numbers");
    const CallCurve& last = *state.curves.back();
    smile.first_ = std::make_shared<const CallCurve>(
        last.activation(), std::vector<double>(last.knots().begin(), last.knots().end()), std::move(law.weights));
    smile.movement_ = std::make_shared<const SurfaceSmile::Movement>(
        SurfaceSmile::Movement{.units = smile.first_, .slopes = std::move(law.slopes)});
    smile.clock_rate_ = rate;
    smile.time_.beyond_last = true;
    return smile;
  }
  const double length = state.clock[n] - state.clock[n - 1];
  const double theta = at_expiry ? 1 : (clock - state.clock[n - 1]) / length;
  const Share share = later_share(state.half_vols[n - 1], state.half_vols[n], state.mean_densities[n], theta);
  smile.movement_ = state.movements[n];
  smile.clock_rate_ = share.slope * rate / length;
  if (at_expiry) return smile;
  smile.second_ = state.curves[n];
  smile.second_share_ = share.value;
  if (const auto later = State::quoted(state.slice(n)); later && smile.quoted_)
    smile.quoted_ = {std::max(smile.quoted_->lowest, later->lowest), std::min(smile.quoted_->highest, later->highest)};
  return smile;
}

SurfaceSmile CallSurface::of_slice(std::size_t i) const {
  const std::vector<SurfaceSlice>& slices = state_->surface.slices;
  require(i < slices.size(), "CallSurface::of_slice", "slice", static_cast<double>(i),
          "must be less than the number of slices, " + std::to_string(slices.size()));
  SurfaceSmile smile = at(slices[i].t);
  const std::size_t first = state_->first_of[state_->instant_from(slices[i].t.value())];
  if (i == first) return smile;
  smile.forward_ = slices[i].forward;
  smile.discount_ = slices[i].discount;
  smile.quoted_ = State::quoted(slices[i]);
  if (!std::ranges::equal(slices[i].curve.weights(), slices[first].curve.weights()) ||
      !same_knots(slices[i].curve, slices[first].curve))
    smile.first_ = std::make_shared<const CallCurve>(slices[i].curve);
  return smile;
}

Forward CallSurface::forward(YearFraction t) const {
  state_->check_time("CallSurface::forward", t.value(), true);
  return Forward(state_->forward("CallSurface::forward", t.value()));
}

DiscountFactor CallSurface::discount(YearFraction t) const {
  state_->check_time("CallSurface::discount", t.value(), true);
  return DiscountFactor(state_->discount("CallSurface::discount", t.value()));
}

double CallSurface::forward_variance(double k, YearFraction from, YearFraction to) const {
  constexpr std::string_view kWhere = "CallSurface::forward_variance";
  require(k > 0 && std::isfinite(k), kWhere, "k", k, "must be positive and finite");
  require(to > from, kWhere, "to", to.value(), "must be after 'from'");
  const double before = at(from).total_vol(k).value(), after = at(to).total_vol(k).value();
  return (after - before) * (after + before) / (to.value() - from.value());
}

namespace {

/// The price of each unit at strike k, over the forward.
std::vector<double> unit_prices(const CallCurve& curve, OptionType type, double k) {
  const auto width = static_cast<std::size_t>(knots_per_unit(curve.activation()));
  std::vector<double> result;
  for (std::size_t j = 0; j < curve.weights().size(); ++j) {
    const auto knots = curve.knots().subspan(j, width);
    result.push_back(type == OptionType::call ? unit_call(knots, k) : unit_put(knots, k));
  }
  return result;
}

/// factor * prices + at_the_money_factor * at_the_money, number by number.
std::vector<double> combined(std::vector<double> prices, double factor, const std::vector<double>& at_the_money,
                             double at_the_money_factor) {
  for (std::size_t j = 0; j < prices.size(); ++j)
    prices[j] = factor * prices[j] + at_the_money_factor * at_the_money[j];
  return prices;
}

}  // namespace

WeightGradient CallSurface::weight_gradient(OptionType type, Strike strike, std::size_t i) const {
  constexpr std::string_view kWhere = "CallSurface::weight_gradient";
  require(std::isfinite(strike.value()), kWhere, "strike", strike.value(), "must be finite");
  const SurfaceSmile smile = of_slice(i);
  std::vector<double> prices = unit_prices(*smile.first_, type, smile.moneyness(kWhere, strike));
  for (double& price : prices)
    price *= smile.discount_.value() * smile.forward_.value();
  return {i, std::move(prices)};
}

std::vector<WeightGradient> CallSurface::weight_gradients(OptionType type, Strike strike, YearFraction t) const {
  constexpr std::string_view kWhere = "CallSurface::weight_gradients";
  const State& state = *state_;
  state.check_time(kWhere, t.value(), false);
  const std::size_t n = state.instant_from(t.value());
  require(n < state.curves.size(), kWhere, "t", t.value(), "must be at most that of the last expiry");
  require(std::isfinite(strike.value()), kWhere, "strike", strike.value(), "must be finite");
  const SurfaceSmile smile = at(t);
  const double k = smile.moneyness(kWhere, strike), unit = smile.discount_.value() * smile.forward_.value();
  if (!smile.second_) {
    const double y = smile.shrink_ == 1 ? k : 1 + (k - 1) / smile.shrink_;
    std::vector<double> prices = unit_prices(*smile.first_, type, y);
    for (double& price : prices)
      price *= unit * smile.shrink_;
    return {{state.first_of[n], std::move(prices)}};
  }
  // The share moves with both at-the-money prices: share = (B(v) - c_1) / (c_2 - c_1), v = (1 - theta) v_1 + theta v_2,
  // and B'(v) is proportional to exp(-half^2 / 2) / half with half = sqrt(v) / 2.
  const double half1 = state.half_vols[n - 1], half2 = state.half_vols[n];
  const double theta = (state.options.clock.at(t) - state.clock[n - 1]) / (state.clock[n] - state.clock[n - 1]);
  const double half = std::sqrt((1 - theta) * half1 * half1 + theta * half2 * half2), share = smile.second_share_;
  const auto slope_over = [half](double other) {
    return other > 0 && half > 0 ? std::exp((other - half) * (other + half) / 2) * other / half : 1;
  };
  const double rise = smile.second_->call(1) - smile.first_->call(1);
  const double relative_rise = rise > 0 ? (smile.second_->call(k) - smile.first_->call(k)) / rise : 0;
  const double by_first = relative_rise * ((1 - theta) * slope_over(half1) - 1 + share);
  const double by_second = relative_rise * (theta * slope_over(half2) - share);
  return {{state.first_of[n - 1], combined(unit_prices(*smile.first_, type, k), unit * (1 - share),
                                           unit_prices(*smile.first_, OptionType::call, 1), unit * by_first)},
          {state.first_of[n], combined(unit_prices(*smile.second_, type, k), unit * share,
                                       unit_prices(*smile.second_, OptionType::call, 1), unit * by_second)}};
}

const Surface& CallSurface::surface() const { return state_->surface; }
const CallSurfaceOptions& CallSurface::options() const { return state_->options; }
int CallSurface::capped_nodes() const { return state_->capped; }

}  // namespace strikenet
