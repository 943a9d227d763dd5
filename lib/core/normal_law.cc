#include "core/normal_law.h"

#include <cmath>
#include <numbers>

namespace strikenet {
namespace {

constexpr double kSqrtPi = 1.0 / std::numbers::inv_sqrtpi;
constexpr double kInvSqrtTwoPi = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

// exp(x^2), with the part of x^2 that a double cannot hold.
double exp_of_square(double x) {
  const double square = x * x;
  return std::exp(square) * (1.0 + std::fma(x, x, -square));
}

// The moments obey 2 M_{k+1} + 2 u M_k = k M_{k-1} and 2 M_1 + 2 u M_0 = 1, and are the solution that shrinks: forward
// loses digits with u, backward converges with u.
OddMoments moments_forward(double u) {
  OddMoments odd{};
  double even = 0.5 * kSqrtPi * scaled_erfc(u);
  odd[0] = 0.5 - u * even;
  for (int i = 1; i < kOddMoments; ++i) {
    even = (i - 0.5) * even - u * odd[static_cast<std::size_t>(i - 1)];
    odd[static_cast<std::size_t>(i)] = i * odd[static_cast<std::size_t>(i - 1)] - u * even;
  }
  return odd;
}

OddMoments moments_backward(double u) {
  OddMoments odd{};
  double above = 0.0, here = 1.0;
  const int start = 2 * kOddMoments + 4 + static_cast<int>(200.0 / (u * u));
  for (int k = start; k > 0; --k) {
    if (k % 2 == 1 && k < 2 * kOddMoments) odd[static_cast<std::size_t>(k / 2)] = here;
    const double below = 2.0 / k * (u * here + above);
    above = here;
    here = below;
  }
  const double scale = 0.5 / (above + u * here);
  for (double& moment : odd)
    moment *= scale;
  return odd;
}

}  // namespace

// From 12 on by the asymptotic series (Abramowitz & Stegun 1964, 7.1.23): the first term left out is below 1e-17.
double scaled_erfc(double x) {
  if (x < 0.0) return 2.0 * exp_of_square(x) - scaled_erfc(-x);
  if (x < 12.0) return exp_of_square(x) * std::erfc(x);
  const double z = -0.5 / (x * x);
  double sum = 1.0;
  for (int n = 11; n > 0; --n)
    sum = 1.0 + (2 * n - 1) * z * sum;
  return sum / (x * kSqrtPi);
}

OddMoments odd_moments(double u) { return u < 2.0 ? moments_forward(u) : moments_backward(u); }

// In two halves, each with the part that its double cannot hold.
double times_exp(double scale, long double exponent) {
  const double half = static_cast<double>(0.5L * exponent);
  const double rest = static_cast<double>(0.5L * exponent - half);
  const double root = std::exp(half) * (1.0 + rest);
  return scale * root * root;
}

double normal_below(long double x) {
  const double z = static_cast<double>(-x / std::numbers::sqrt2_v<long double>);
  if (x > -1.0L) return 0.5 * std::erfc(z);
  const long double exponent = -0.5L * x * x;
  return exponent > kLowestExponent ? times_exp(0.5 * scaled_erfc(z), exponent) : 0.0;
}

double normal_density(double scale, long double x) {
  const long double exponent = -0.5L * x * x;
  return exponent > kLowestExponent ? times_exp(scale * kInvSqrtTwoPi, exponent) : 0.0;
}

long double log_moneyness(double forward, double strike) {
  const long double f = forward, k = strike;
  const long double excess = (f - k) / k;
  return std::abs(std::abs(excess) < 0.5L ? std::log1p(excess) : std::log(f / k));
}

}  // namespace strikenet
