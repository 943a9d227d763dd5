#include "strikenet/core/bachelier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/normal_law.h"
#include "strikenet/core/result.h"

// With d = |F - K| / s, an out-of-the-money price is s n(d) m(d), where m(d) = 1 - d N(-d) / n(d) falls from 1 to
// 1/d^2. Written so it loses digits; as the first moment 2 int_0^inf y exp(-y^2 - sqrt(2) d y) dy it does not.

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrtTwoPi = std::numbers::sqrt2 / std::numbers::inv_sqrtpi;
constexpr double kLogSqrtTwoPi = 0.91893853320467274178;

double moment(double d) { return 2.0 * odd_moments(d / std::numbers::sqrt2)[0]; }

long double distance(Forward forward, Strike strike) {
  return std::abs(static_cast<long double>(forward.value()) - strike.value());
}

double intrinsic_value(OptionType type, Forward forward, Strike strike) {
  const double f = forward.value(), k = strike.value();
  return std::max(type == OptionType::call ? f - k : k - f, 0.0);
}

void require_arguments(const char* where, Forward forward, Strike strike) {
  require(std::isfinite(forward.value()), where, "forward", forward.value(), "must be finite");
  require(std::isfinite(strike.value()), where, "strike", strike.value(), "must be finite");
  const double difference = forward.value() - strike.value();
  require(std::isfinite(difference), where, "forward - strike", difference, "must be finite");
}

void require_vol(const char* where, NormalTotalVol vol) {
  require(vol.value() >= 0.0, where, "normal total vol", vol.value(), "must be at least 0");
}

// What is to be solved: price over |F - K| is ratio * exp(exponent). The exponent is 0 unless that would be too small
// for a double.
struct Target {
  double ratio, exponent, log_ratio;

  explicit Target(long double quotient) {
    constexpr int kShift = 1200;
    const bool shifted = quotient < 1e-280L;
    ratio = static_cast<double>(shifted ? std::ldexp(quotient, kShift) : quotient);
    exponent = shifted ? -kShift * std::numbers::ln2 : 0.0;
    log_ratio = std::log(ratio) + exponent;
  }
};

// ln(price / |F - K|) = ln(m(d) / d) - ln(sqrt(2 pi)) - d^2 / 2 falls with d. As a function of ln d its slope is
// -1 / m, and its second derivative (m (1 + d^2) - 1) / m^2.
struct Misfit {
  double value, slope, bend;

  Misfit(double d, const Target& target) {
    const double m = moment(d);
    value = std::log(m / (d * kSqrtTwoPi * target.ratio)) - 0.5 * d * d - target.exponent;
    slope = -1.0 / m;
    bend = (m * (1.0 + d * d) - 1.0) / (m * m);
  }
};

// Far strikes: d^2 + 6 ln d is about -2 ln(sqrt(2 pi) ratio). Near ones: the price is about s / sqrt(2 pi) - |F - K|
// / 2.
double guess(const Target& target) {
  const double level = -2.0 * (target.log_ratio + kLogSqrtTwoPi);
  if (level < 4.0) return 1.0 / (kSqrtTwoPi * (target.ratio + 0.5));
  double y = level;
  for (int i = 0; i < 3; ++i)
    y = std::max(level - 3.0 * std::log(y + 2.5), 1.0);
  return std::sqrt(y);
}

// The d with this price over |F - K|: Halley's method in ln d between two bounds, the middle when it
// leaves them. Third order: after a step of 1e-6 nothing is left to gain.
double solve(const Target& target) {
  constexpr int kMostSteps = 100;
  double low = 0.0, high = 1e3, d = guess(target);
  for (int i = 0; i < kMostSteps; ++i) {
    const Misfit f(d, target);
    if (f.value == 0.0) return d;
    (f.value > 0.0 ? low : high) = d;
    const double step = -f.value * f.slope / (f.slope * f.slope - 0.5 * f.value * f.bend);
    const double next = d * std::exp(step);
    const bool inside = next > low && next < high;
    if (std::abs(step) < 1e-6) return inside ? next : d;
    d = inside ? next : low > 0.0 ? std::sqrt(low * high) : 0.5 * high;
  }
  return d;
}

// time_value: above 0 and finite.
double normal_total_vol(long double away, double time_value) {
  if (away < 1e-9L * time_value) return static_cast<double>(kSqrtTwoPi * (time_value + 0.5L * away));
  return static_cast<double>(away / solve(Target(time_value / away)));
}

}  // namespace

Price bachelier_price(OptionType type, Forward forward, Strike strike, NormalTotalVol vol) {
  require_arguments("bachelier_price", forward, strike);
  require_vol("bachelier_price", vol);
  const double s = vol.value(), intrinsic = intrinsic_value(type, forward, strike);
  if (s == 0.0) return Price(intrinsic);
  const long double d = distance(forward, strike) / s;
  const long double exponent = -0.5L * d * d;
  if (!(exponent > kLowestExponent)) return Price(intrinsic);
  return Price(intrinsic + times_exp(s / kSqrtTwoPi * moment(static_cast<double>(d)), exponent));
}

double bachelier_vega(Forward forward, Strike strike, NormalTotalVol vol) {
  require_arguments("bachelier_vega", forward, strike);
  require_vol("bachelier_vega", vol);
  const long double away = distance(forward, strike);
  return normal_density(1.0, away == 0.0L ? 0.0L : away / vol.value());
}

ImpliedNormalVol implied_normal_total_vol(OptionType type, Forward forward, Strike strike, Price price) {
  require_arguments("implied_normal_total_vol", forward, strike);
  const double p = price.value();
  require(!std::isnan(p), "implied_normal_total_vol", "price", p, "must be a number");
  const double time_value = p - intrinsic_value(type, forward, strike);
  if (time_value < 0.0) {
    return {NormalTotalVol(std::numeric_limits<double>::quiet_NaN()), PriceBound::below_intrinsic};
  }
  if (time_value == 0.0 || time_value == kInfinity) return {NormalTotalVol(time_value), PriceBound::none};
  return {NormalTotalVol(normal_total_vol(distance(forward, strike), time_value)), PriceBound::none};
}

}  // namespace strikenet
