#include "strikenet/core/black.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/normal_law.h"
#include "strikenet/core/result.h"

// With a = |ln(F/K)|, u = a / (sqrt(2) s) and d = s / (2 sqrt(2)), an out-of-the-money price is
//
//     price = sqrt(F K) / 2 * exp(-(u^2 + d^2)) * (X(u - d) - X(u + d)),     X(x) = exp(x^2) erfc(x)
//
// so that everything small is in one exponential. Two things would lose digits, and are done otherwise: the exponent,
// whose rounding error is multiplied by its size, is computed in long double; and the difference, when d is small, is
// summed as a series of positive terms. The implied vol works on the logarithm of the price and never needs the
// exponential. (Normalised prices and the choice of objective by region: Jaeckel 2015, "Let's be rational".)

namespace strikenet {
namespace {

constexpr double kSqrt2 = std::numbers::sqrt2;
constexpr double kSqrtPi = 1.0 / std::numbers::inv_sqrtpi;
constexpr double kSqrt2OverPi = kSqrt2 * std::numbers::inv_sqrtpi;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// X(u - d) - X(u + d) = 4 / sqrt(pi) * sum over odd k of (2 d)^k / k! * M_k(u).
double difference_by_series(double u, double d) {
  const OddMoments odd = odd_moments(u);
  const double square = 4.0 * d * d;
  double sum = 0.0;
  for (int i = kOddMoments - 1; i > 0; --i) {
    sum = square / ((2.0 * i) * (2.0 * i + 1.0)) * (odd[static_cast<std::size_t>(i)] + sum);
  }
  return 8.0 / kSqrtPi * d * (odd[0] + sum);
}

// Where the subtraction would cost more than one or two digits.
bool small_step(double u, double d) { return d <= 0.1 * std::max(u, 1.0); }

double difference(double u, double d) {
  return small_step(u, d) ? difference_by_series(u, d) : scaled_erfc(u - d) - scaled_erfc(u + d);
}

// What the out-of-the-money price depends on.
struct Normalised {
  long double a;       // |ln(F/K)|
  double root, lower;  // sqrt(F K), min(F, K)
  double upper;        // max(F, K)

  Normalised(double forward, double strike)
      : a(log_moneyness(forward, strike)),
        root(std::sqrt(forward) * std::sqrt(strike)),
        lower(std::min(forward, strike)),
        upper(std::max(forward, strike)) {}
  double u(double s) const { return static_cast<double>(a / s) / kSqrt2; }
  long double exponent(double s) const {
    const long double h = a / s, t = 0.5L * s;
    return -0.5L * (h * h + t * t);
  }
};

double out_of_the_money_price(const Normalised& n, double s) {
  const double u = n.u(s), d = 0.5 * s / kSqrt2;
  if (!small_step(u, d) && d > u) {
    return n.lower * normal_below(kSqrt2 * (d - u)) - n.upper * normal_below(-kSqrt2 * (d + u));
  }
  const long double exponent = n.exponent(s);
  return exponent > kLowestExponent ? times_exp(0.5 * n.root * difference(u, d), exponent) : 0.0;
}

void require_arguments(const char* where, Forward forward, Strike strike, bool strike_may_be_zero) {
  require(forward.value() > 0.0 && forward.value() < kInfinity, where, "forward", forward.value(),
          "must be positive and finite");
  require((strike_may_be_zero ? strike.value() >= 0.0 : strike.value() > 0.0) && strike.value() < kInfinity, where,
          "strike", strike.value(),
          strike_may_be_zero ? "must be finite and at least 0" : "must be positive and finite");
}

// What is to be solved: exp(exponent) * ratio is the out-of-the-money price over sqrt(F K), or how much it falls short
// of its bound, whichever is the smaller. The exponent is 0 unless that would be too small for a double.
struct Target {
  double a;
  bool near_bound;
  double ratio;
  double exponent;
  double log_target;

  Target(const Normalised& n, bool is_near_bound, double value)
      : a(static_cast<double>(n.a)), near_bound(is_near_bound) {
    constexpr int kShift = 1200;
    const long double quotient = static_cast<long double>(value) / n.root;
    const bool shifted = quotient < 1e-280L;
    ratio = static_cast<double>(shifted ? std::ldexp(quotient, kShift) : quotient);
    exponent = shifted ? -kShift * std::numbers::ln2 : 0.0;
    log_target = std::log(ratio) + exponent;
  }
};

// The misfit in the logarithm at s, and its first two derivatives with respect to s.
struct Misfit {
  double value, slope, bend;
};

Misfit misfit(const Normalised& n, const Target& target, double s) {
  const double u = n.u(s), d = 0.5 * s / kSqrt2;
  const double x = target.near_bound ? scaled_erfc(d - u) + scaled_erfc(d + u) : difference(u, d);
  const double slope = (target.near_bound ? -kSqrt2OverPi : kSqrt2OverPi) / x;
  const double convexity = 2.0 * u * u / s - 0.25 * s;  // second over first derivative of the price
  return {static_cast<double>(n.exponent(s) - target.exponent) + std::log(0.5 * x / target.ratio), slope,
          slope * (convexity - slope)};
}

// One step of Halley's method in the variable s^power, in which the logarithm is nearly straight.
double halley(const Misfit& f, double s, int power) {
  const double first = f.slope * s / power;
  const double second = (f.bend * s * s + f.slope * s * (1 - power)) / (power * power);
  const double grown = 1.0 - f.value * first / (first * first - 0.5 * f.value * second);
  if (power == 1) return s * grown;
  return s * std::sqrt(power == 2 ? grown : 1.0 / grown);
}

// Below the total vol sqrt(2 a) at which vega is largest: from
//     price / sqrt(F K) ~ a y^(-3/2) / (1 + 3/y) exp(-y/2 - a^2/(8 y)) / sqrt(2 pi),    y = (a/s)^2
double guess_below(const Target& target) {
  const double a = target.a;
  const double level = std::log(a) - 0.5 * std::log(2.0 * std::numbers::pi) - target.log_target;
  double y = std::max(0.5 * a, 2.0 * level);
  for (int i = 0; i < 3; ++i) {
    const double value = level - 0.5 * std::log(y) - std::log(y + 3.0) - 0.5 * y - a * a / (8.0 * y);
    const double slope = -0.5 / y - 1.0 / (y + 3.0) - 0.5 + a * a / (8.0 * y * y);
    y = std::max(y - value / std::min(slope, -1e-3), 0.5 * a);
  }
  return a / std::sqrt(y);
}

// Above it and less than half way to the bound: along the tangent of the price there.
double guess_between(const Target& target, double turn, double log_at_turn) {
  const double gap = std::exp(target.log_target) - std::exp(log_at_turn);
  return turn + std::sqrt(2.0 * std::numbers::pi) * std::exp(0.5 * target.a) * std::max(gap, 0.0);
}

// Beyond: from lower * N(-z), z = s/2 - a/s, which the shortfall is when a is large, and half of it when a is 0.
// The quantile is the rational approximation of Hastings (Abramowitz & Stegun 1964, 26.2.22).
double guess_near_bound(const Target& target) {
  const double a = target.a;
  const double log_tail = target.log_target + 0.5 * a - std::log((2.0 + a) / (1.0 + a));
  const double t = std::sqrt(-2.0 * std::min(log_tail, std::log(0.5)));
  const double z = t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + 0.04481 * t));
  return z + std::sqrt(z * z + 2.0 * a);
}

// Between two bounds of s (the misfit of a price grows with s, that of a shortfall falls), Halley inside them, the
// middle when it leaves them. Third order: after a step of 1e-6 nothing is left to gain.
double solve(const Normalised& n, const Target& target, double s, double low, double high, int power) {
  constexpr int kMostSteps = 200;
  for (int i = 0; i < kMostSteps; ++i) {
    if (!(s > low && s < high))
      s = high < kInfinity ? (low > 0.0 ? std::sqrt(low * high) : 0.5 * high) : 2.0 * low + 1.0;
    const Misfit f = misfit(n, target, s);
    if (f.value == 0.0) return s;
    ((f.value < 0.0) == target.near_bound ? high : low) = s;
    const double next = halley(f, s, power);
    const bool inside = next > low && next < high;
    if (inside && std::abs(next - s) < 1e-6 * s) return next;
    if (std::abs(next - s) <= 4e-16 * s || high - low <= 4e-16 * s) return s;
    s = next;
  }
  return s;
}

// The log of the price over sqrt(F K) at the total vol sqrt(2 a), where u = d.
double log_price_at_turn(double a) {
  const double u = 0.5 * std::sqrt(a);
  return a > 0.0 ? std::log(0.5 * difference(u, u)) - 0.5 * a : -kInfinity;
}

// price: out of the money, above 0; shortfall: how much it lacks to its bound, above 0.
double total_vol(const Normalised& n, double price, double shortfall) {
  const Target from_price(n, false, price);
  const double turn = std::sqrt(2.0 * from_price.a), at_turn = log_price_at_turn(from_price.a);
  if (from_price.log_target < at_turn) return solve(n, from_price, guess_below(from_price), 0.0, 2.0 * turn, -2);
  if (price <= shortfall) {
    return solve(n, from_price, guess_between(from_price, turn, at_turn), 0.5 * turn, kInfinity, 1);
  }
  const Target from_bound(n, true, shortfall);
  return solve(n, from_bound, guess_near_bound(from_bound), 0.5 * turn, kInfinity, 2);
}

}  // namespace

Price black_price(OptionType type, Forward forward, Strike strike, TotalVol vol) {
  require_arguments("black_price", forward, strike, true);
  require(vol.value() >= 0.0, "black_price", "total vol", vol.value(), "must be at least 0");
  const double f = forward.value(), k = strike.value(), s = vol.value();
  const bool call = type == OptionType::call;
  const double intrinsic = std::max(call ? f - k : k - f, 0.0);
  if (k == 0.0 || s == 0.0) return Price(intrinsic);
  if (s == kInfinity) return Price(call ? f : k);
  return Price(intrinsic + out_of_the_money_price(Normalised(f, k), s));
}

double black_vega(Forward forward, Strike strike, TotalVol vol) {
  require_arguments("black_vega", forward, strike, true);
  require(vol.value() >= 0.0, "black_vega", "total vol", vol.value(), "must be at least 0");
  const double s = vol.value();
  if (strike.value() == 0.0 || s == kInfinity) return 0.0;
  const Normalised n(forward.value(), strike.value());
  const double scale = n.root / std::sqrt(2.0 * std::numbers::pi);
  if (s == 0.0) return n.a == 0.0L ? scale : 0.0;
  const long double exponent = n.exponent(s);
  return exponent > kLowestExponent ? times_exp(scale, exponent) : 0.0;
}

ImpliedVol implied_total_vol(OptionType type, Forward forward, Strike strike, Price price) {
  require_arguments("implied_total_vol", forward, strike, false);
  const double f = forward.value(), k = strike.value(), p = price.value();
  require(!std::isnan(p), "implied_total_vol", "price", p, "must be a number");
  constexpr TotalVol kNone(std::numeric_limits<double>::quiet_NaN());
  const bool call = type == OptionType::call;
  const double time_value = p - std::max(call ? f - k : k - f, 0.0), shortfall = (call ? f : k) - p;
  if (time_value < 0.0) return {kNone, PriceBound::below_intrinsic};
  if (shortfall <= 0.0) return {kNone, PriceBound::above_upper_bound};
  if (time_value == 0.0) return {TotalVol(0.0), PriceBound::none};
  return {TotalVol(total_vol(Normalised(f, k), time_value, shortfall)), PriceBound::none};
}

}  // namespace strikenet
