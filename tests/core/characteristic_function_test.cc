#include "strikenet/core/characteristic_function.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <vector>

#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;
using Complex = std::complex<double>;

constexpr double kRounding = 1e-13;
constexpr HestonParameters kHeston{.v0 = 0.0225, .kappa = 2.0, .theta = 0.04, .sigma = 0.5, .rho = -0.7};
constexpr BatesParameters kBates{kHeston, 0.3, -0.12, 0.1};

std::vector<CharacteristicFunction> all(double t) {
  return {black_characteristic(TotalVol(0.2 * std::sqrt(t))), heston_characteristic(kHeston, YearFraction(t)),
          bates_characteristic(kBates, YearFraction(t))};
}

TEST(CharacteristicFunction, HasMassOneAndIsAMartingale) {
  for (const double t : {0.02, 0.5, 10.0})
    for (const auto& phi : all(t)) {
      EXPECT_NEAR(std::abs(phi(0) - 1.0), 0, kRounding);
      EXPECT_NEAR(std::abs(phi(Complex(0, -1)) - 1.0), 0, kRounding);
    }
}

TEST(CharacteristicFunction, OfRealsIsThatOfALaw) {
  for (const auto& phi : all(1))
    for (double u = 0.3; u < 60; u *= 1.4) {
      EXPECT_LE(std::abs(phi(u)), 1);
      EXPECT_NEAR(std::abs(phi(-u) - std::conj(phi(u))), 0, kRounding);
    }
}

// Without vol of variance, and variance at rest, Heston is Black: the error is of the order of sigma.
TEST(CharacteristicFunction, OfHestonTendsToBlacks) {
  const auto black = black_characteristic(TotalVol(0.2));
  for (const double sigma : {1e-2, 1e-4}) {
    const auto heston = heston_characteristic({0.04, 2, 0.04, sigma, -0.5}, YearFraction(1));
    for (const double u : {0.5, 3.0, 10.0})
      EXPECT_LT(std::abs(heston(Complex(u, -0.5)) - black(Complex(u, -0.5))), 2 * sigma);
  }
}

// E ln(S/F) = -E[integrated variance] / 2 = -(theta t + (v0 - theta) (1 - e^-kappa t) / kappa) / 2, and for the jumps
// lambda t (m - (e^(m + s^2/2) - 1)).
TEST(CharacteristicFunction, HasTheMeanOfTheLog) {
  constexpr double kStep = 1e-5;
  const double t = 0.8;
  const double variance = 0.04 * t + (0.0225 - 0.04) * (1 - std::exp(-2 * t)) / 2;
  const double jumps = 0.3 * t * (-0.12 - (std::exp(-0.12 + 0.005) - 1));
  const auto mean = [&](const CharacteristicFunction& phi) {
    return ((phi(kStep) - phi(-kStep)) / (2 * kStep)).imag();
  };
  EXPECT_NEAR(mean(heston_characteristic(kHeston, YearFraction(t))), -variance / 2, 1e-9);  // truncation
  EXPECT_NEAR(mean(bates_characteristic(kBates, YearFraction(t))), -variance / 2 + jumps, 1e-9);
}

TEST(CharacteristicFunctionErrors, NameTheParameter) {
  EXPECT_EQ(words([] { black_characteristic(TotalVol(0)); }),
            "black_characteristic: total vol is 0, but must be positive and finite");
  EXPECT_EQ(words([] {
              heston_characteristic({0.04, 1, 0.04, 0, 0}, YearFraction(1));
            }),
            "heston_characteristic: sigma is 0, but must be positive and finite");
  EXPECT_EQ(words([] {
              heston_characteristic({0.04, 1, 0.04, 1, 1.5}, YearFraction(1));
            }),
            "heston_characteristic: rho is 1.5, but must be from -1 to 1");
  EXPECT_EQ(words([] { heston_characteristic(kHeston, YearFraction(NAN)); }),
            "heston_characteristic: t is nan, but must be positive and finite");
  EXPECT_EQ(words([] {
              bates_characteristic({kHeston, -1, 0, 0}, YearFraction(1));
            }),
            "bates_characteristic: lambda is -1, but must be finite and at least 0");
}

}  // namespace
}  // namespace strikenet
