#include "strikenet/network/activation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-14;

const std::vector<std::vector<double>> kUnits{{1.25}, {0.5, 1.5}, {0.5, 0.75, 2.0}};

TEST(Activation, IsReadByTheWordItIsWrittenAs) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic})
    EXPECT_EQ(parse_activation(to_string(activation)), activation);
  EXPECT_EQ(parse_activation("ReLU"), std::nullopt);
  EXPECT_EQ(parse_activation(""), std::nullopt);
}

TEST(Unit, HasTheHandWorkedPrices) {
  EXPECT_EQ(unit_call(kUnits[0], 1.0), 0.25);
  EXPECT_EQ(unit_put(kUnits[0], 1.0), 0.0);
  EXPECT_EQ(unit_call(kUnits[1], 1.0), 0.125);                              // (1.5 - 1)^2 / 2
  EXPECT_EQ(unit_put(kUnits[1], 0.75), 0.03125);                            // (0.75 - 0.5)^2 / 2
  EXPECT_NEAR(unit_call(kUnits[2], 1.0), 1 / (3 * 1.25 * 1.5), kRounding);  // (2 - 1)^3 / (3 (2 - 0.75) (2 - 0.5))
  EXPECT_NEAR(unit_density(kUnits[2], 0.75), 2 / 1.5, kRounding);           // the peak of a hat of mass 1
}

/// The integral of f * density by Gauss's two points on each piece between knots, where both are polynomials of a
/// degree for which two points are exact; `k` is a breakpoint of f.
template <class F>
double expectation(const std::vector<double>& knots, double k, F f) {
  std::vector<double> breaks = knots;
  breaks.push_back(std::clamp(k, knots.front(), knots.back()));
  std::ranges::sort(breaks);
  double sum = 0;
  for (std::size_t i = 1; i < breaks.size(); ++i) {
    const double middle = (breaks[i] + breaks[i - 1]) / 2, half = (breaks[i] - breaks[i - 1]) / 2;
    for (const double x : {middle - half / std::sqrt(3.0), middle + half / std::sqrt(3.0)})
      sum += half == 0 ? 0 : half * f(x) * unit_density(knots, x);
  }
  return sum;
}

TEST(Unit, IsTheExpectationOfItsDensity) {
  for (const auto& knots : {kUnits[1], kUnits[2]})
    for (const double k : {0.4, 0.6, 0.75, 0.9, 1.4, 1.9, 2.5}) {
      EXPECT_NEAR(expectation(knots, k, [](double) { return 1.0; }), 1, kRounding);
      EXPECT_NEAR(unit_above(knots, k), expectation(knots, k, [k](double x) { return x > k ? 1.0 : 0.0; }), kRounding)
          << k;
      EXPECT_NEAR(unit_call(knots, k), expectation(knots, k, [k](double x) { return std::max(x - k, 0.0); }), kRounding)
          << k;
      EXPECT_NEAR(unit_put(knots, k), expectation(knots, k, [k](double x) { return std::max(k - x, 0.0); }), kRounding)
          << k;
    }
}

TEST(Unit, KeepsParityAndTotalProbabilityAtRandomStrikes) {
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<double> strike(-0.5, 3);
  for (const auto& knots : kUnits) {
    const double node = unit_nodes(static_cast<Activation>(knots.size() - 1), knots).front();
    for (int trial = 0; trial < 1000; ++trial) {
      const double k = strike(rng);
      ASSERT_NEAR(unit_call(knots, k) - unit_put(knots, k), node - k, kRounding) << k;
      ASSERT_NEAR(unit_above(knots, k) + unit_below(knots, k), 1, kRounding) << k;
    }
  }
}

TEST(Unit, KeepsItsDigitsAtTheEdgeOfItsKnots) {
  const std::vector<double> hat{1, 1.5, 2};
  const double d = std::ldexp(1.0, -40);
  EXPECT_NEAR(unit_call(hat, 2 - d) / (d * d * d / 1.5), 1, kRounding);  // 5e-37, from (b - k)^3 alone
  EXPECT_NEAR(unit_put(hat, 1 + d) / (d * d * d / 1.5), 1, kRounding);
  EXPECT_EQ(unit_call(hat, 2), 0);
  EXPECT_EQ(unit_put(hat, 1), 0);
}

TEST(UnitNodes, AreTheMeansOfConsecutiveKnots) {
  const std::vector<double> knots{1, 2, 4, 8};
  EXPECT_EQ(unit_nodes(Activation::relu, knots), knots);
  EXPECT_EQ(unit_nodes(Activation::quadratic, knots), (std::vector<double>{1.5, 3, 6}));
  EXPECT_EQ(unit_nodes(Activation::cubic, knots), (std::vector<double>{7.0 / 3, 14.0 / 3}));
  EXPECT_TRUE(unit_nodes(Activation::cubic, std::vector<double>{1, 2}).empty());
}

}  // namespace
}  // namespace strikenet
