// QuantLib's engines as we call them, against published prices and against Lewis's single integral, written out here.
#include "strikenet/quantlib/engine_prices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <iostream>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "oracle/quantlib_smiles.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Complex = std::complex<double>;

constexpr double kIntegration = 1e-12;  // of the forward, from one week on
constexpr double kRounding = 1e-13;

// log E[(F_t/F)^(iu)] of Heston, in the form whose logarithm stays on one branch (Albrecher et al. 2007).
Complex heston_exponent(const HestonParameters& m, double t, Complex u) {
  const Complex i(0, 1), b = m.kappa - m.rho * m.sigma * i * u;
  const Complex d = std::sqrt(b * b + m.sigma * m.sigma * (i * u + u * u));
  const Complex g = (b - d) / (b + d), e = std::exp(-d * t);
  const Complex mean = m.kappa * m.theta * ((b - d) * t - 2.0 * std::log((1.0 - g * e) / (1.0 - g)));
  return (mean + m.v0 * (b - d) * (1.0 - e) / (1.0 - g * e)) / (m.sigma * m.sigma);
}

Complex bates_exponent(const BatesParameters& m, double t, Complex u) {
  const Complex i(0, 1);
  const double variance = m.jump_sd * m.jump_sd, mean_factor = std::exp(m.jump_mean + 0.5 * variance) - 1.0;
  const Complex jump = std::exp(i * u * m.jump_mean - 0.5 * variance * u * u) - 1.0;
  return heston_exponent(m.heston, t, u) + m.lambda * t * (jump - i * u * mean_factor);
}

// Lewis 2001, "A simple option formula", eq. 3.11: F - sqrt(F K)/pi int_0^inf Re[e^(iu ln(F/K)) phi(u - i/2)]/(u^2+1/4)
// by the trapezoidal rule, whose error falls exponentially with the step for an integrand like this.
double lewis_call(const BatesParameters& m, double forward, double t, double strike) {
  constexpr double kStep = 0.08;  // the pole at i/2 leaves an error of exp(-pi / step)
  const double x = std::log(forward / strike);
  double sum = 0;
  for (int n = 0; n * kStep < 4000; ++n) {
    const double u = n * kStep;
    const Complex exponent = Complex(0, u * x) + bates_exponent(m, t, Complex(u, -0.5));
    if (exponent.real() < -80.0) break;
    sum += (n == 0 ? 0.5 : 1.0) * std::exp(exponent).real() / (u * u + 0.25);
  }
  return forward - std::sqrt(forward * strike) / std::numbers::pi * kStep * sum;
}

TEST(EnginePrices, OfHestonAreThePublishedOnes) {
  // A. Lewis's reference prices, as in QuantLib's test suite (hestonmodel.cpp, testAlanLewisReferencePrices): spot 100,
  // rate 1 %, dividend yield 2 %, one year.
  const HestonParameters model{.v0 = 0.04, .kappa = 4.0, .theta = 0.25, .sigma = 1.0, .rho = -0.5};
  const std::vector<double> strikes = {80, 90, 100, 110, 120};
  const std::vector<double> published = {26.774758743998854, 20.933349000596710, 16.070154917028834, 12.132211516709845,
                                         9.0249134834578356};
  const auto calls = oracle::heston_calls(model, 100 * std::exp(-0.01), 1.0, strikes);
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    EXPECT_NEAR(calls[i] * std::exp(-0.01), published[i], 100 * kIntegration) << strikes[i];
  }
}

double largest_difference(const BatesParameters& model, double t, double width) {
  const double forward = 5000;
  std::vector<double> strikes;
  for (int i = -8; i <= 8; ++i)
    strikes.push_back(forward * std::exp(i / 8.0 * width * std::sqrt(t)));
  const auto calls = oracle::bates_calls(model, forward, t, strikes),
             puts = oracle::bates_puts(model, forward, t, strikes);
  double largest = 0;
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const double call = lewis_call(model, forward, t, strikes[i]);
    largest = std::max(largest, std::abs(calls[i] - call) / forward);
    largest = std::max(largest, std::abs(puts[i] - (call - forward + strikes[i])) / forward);
  }
  std::cout << "t = " << t << ": largest difference to Lewis's integral " << largest << " forwards\n";
  return largest;
}

TEST(EnginePrices, OfBatesAgreeWithLewisIntegral) {
  for (const double t : {7 / 365.0, 14 / 365.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0}) {
    EXPECT_LE(largest_difference(oracle::kIndexBates, t, 0.8), kIntegration) << t;
    EXPECT_LE(largest_difference({oracle::kWildHeston, 2.0, 0.05, 0.05}, t, 0.8), kIntegration) << t;
  }
}

TEST(EnginePrices, OfHestonAreThoseOfBatesWithHardlyAnyJumps) {
  const std::vector<double> strikes = {60, 90, 100, 110, 150};
  const BatesParameters no_jumps{oracle::kWildHeston, 1e-12, -0.1, 0.1};
  const auto heston = oracle::heston_puts(oracle::kWildHeston, 100, 1.5, strikes);
  const auto bates = oracle::bates_puts(no_jumps, 100, 1.5, strikes);
  for (std::size_t i = 0; i < strikes.size(); ++i)
    EXPECT_NEAR(heston[i], bates[i], 100 * kIntegration);
}

TEST(EnginePrices, OfBlackAreThoseOfTheCore) {
  const std::vector<double> strikes = {50, 80, 100, 125, 300};
  const auto calls = oracle::black_calls(0.25, 100, 0.7, strikes), puts = oracle::black_puts(0.25, 100, 0.7, strikes);
  const TotalVol vol(0.25 * std::sqrt(0.7));
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const Strike strike(strikes[i]);
    EXPECT_NEAR(calls[i], black_price(OptionType::call, Forward(100), strike, vol).value(), 100 * kRounding);
    EXPECT_NEAR(puts[i], black_price(OptionType::put, Forward(100), strike, vol).value(), 100 * kRounding);
  }
}

TEST(EnginePrices, OfNoStrikesAreNone) {
  EXPECT_TRUE(oracle::heston_calls(oracle::kIndexHeston, 100, 1, {}).empty());
  EXPECT_TRUE(oracle::bates_puts(oracle::kIndexBates, 100, 1, {}).empty());
}

// --- errors -------------------------------------------------------------------
std::string words(const BatesParameters& model, double forward, double t, double strike) {
  try {
    bates_prices(model, OptionType::call, Forward(forward), YearFraction(t), std::vector<double>{strike});
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

BatesParameters with(double BatesParameters::*field, double value) {
  BatesParameters model = oracle::kIndexBates;
  model.*field = value;
  return model;
}

BatesParameters with(double HestonParameters::*field, double value) {
  BatesParameters model = oracle::kIndexBates;
  model.heston.*field = value;
  return model;
}

TEST(EnginePricesErrors, NameTheNumberAndTheRule) {
  const BatesParameters& fine = oracle::kIndexBates;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::string positive = ", but must be positive and finite";
  EXPECT_EQ(words(fine, 100, 1, 100), "no error");
  EXPECT_EQ(words(fine, NAN, 1, 100), "bates_prices: forward is nan" + positive);
  EXPECT_EQ(words(fine, 100, 0, 100), "bates_prices: t is 0" + positive);
  EXPECT_EQ(words(fine, 100, 1, -5), "bates_prices: strike is -5" + positive);
  EXPECT_EQ(words(with(&HestonParameters::v0, 0), 100, 1, 100), "bates_prices: v0 is 0" + positive);
  EXPECT_EQ(words(with(&HestonParameters::kappa, -1), 100, 1, 100), "bates_prices: kappa is -1" + positive);
  EXPECT_EQ(words(with(&HestonParameters::theta, kInfinity), 100, 1, 100), "bates_prices: theta is inf" + positive);
  EXPECT_EQ(words(with(&HestonParameters::sigma, NAN), 100, 1, 100), "bates_prices: sigma is nan" + positive);
  EXPECT_EQ(words(with(&HestonParameters::rho, -1.5), 100, 1, 100),
            "bates_prices: rho is -1.5, but must lie in [-1, 1]");
  EXPECT_EQ(words(with(&BatesParameters::lambda, 0), 100, 1, 100), "bates_prices: lambda is 0" + positive);
  EXPECT_EQ(words(with(&BatesParameters::jump_mean, NAN), 100, 1, 100),
            "bates_prices: jump_mean is nan, but must be finite");
  EXPECT_EQ(words(with(&BatesParameters::jump_sd, 0), 100, 1, 100), "bates_prices: jump_sd is 0" + positive);
  EXPECT_THROW(oracle::black_calls(-0.1, 100, 1, std::vector<double>{100}), PreconditionError);
  EXPECT_THROW(oracle::heston_calls(oracle::kIndexHeston, 0, 1, std::vector<double>{100}), PreconditionError);
}

}  // namespace
}  // namespace strikenet
