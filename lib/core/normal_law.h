#pragma once

#include <array>

/// What Black's and Bachelier's formulas share: tails of the normal law that keep their digits.
namespace strikenet {

/// X(x) = exp(x^2) erfc(x), for x > -26.
double scaled_erfc(double x);

/// M_k(u) = int_0^inf y^k exp(-y^2 - 2 u y) dy for k = 1, 3, 5, ..., u >= 0.
constexpr int kOddMoments = 9;
using OddMoments = std::array<double, kOddMoments>;
OddMoments odd_moments(double u);

/// No price of doubles needs a lower exponent: ln(1e-324 / 1e308) is -1455.
constexpr long double kLowestExponent = -3000.0L;

/// scale * exp(exponent), for exponents of at most 0. A large scale may meet an exponential below the smallest double.
double times_exp(double scale, long double exponent);

/// The standard normal probability of lying below x. The relative error is below 1e-15, in the lower tail too.
double normal_below(long double x);

/// The standard normal density at x, times scale.
double normal_density(double scale, long double x);

/// |ln(forward / strike)|, to the last digit also when they are near each other or far apart.
long double log_moneyness(double forward, double strike);

}  // namespace strikenet
