#include "fitting/knots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;  // relative, of a few exponentials and logarithms

/// The step of u between two knots exp(a sinh(u)).
double step_of_u(double a, double low, double high) {
  return std::asinh(std::log(high) / a) - std::asinh(std::log(low) / a);
}

TEST(SinhKnots, ReachTwiceTheLogDistanceOfTheQuotesWhereThatIsFarthest) {
  const std::vector<double> knots = sinh_knots({0.2, 4, 0.01, 0.02}, Activation::relu, 50);
  EXPECT_NEAR(knots.front(), std::pow(0.2, 2), kRounding);
  EXPECT_NEAR(knots.back(), std::pow(4, 2), 10 * kRounding);
}

TEST(SinhKnots, ReachTenAndEightTotalVolsOfTheLongestExpiryWhereThatIsFarthest) {
  const std::vector<double> knots = sinh_knots({0.9, 1.1, 0.01, 0.3}, Activation::relu, 50);
  EXPECT_NEAR(knots.front(), std::exp(-3.0), kRounding);
  EXPECT_NEAR(knots.back(), std::exp(2.4), 100 * kRounding);
}

TEST(SinhKnots, HoldTheForwardWhenAllQuotesLieOnOneSideOfIt) {
  for (const KnotRange& range : {KnotRange{1.2, 1.5, 0.1, 0.1}, KnotRange{0.5, 0.8, 0.1, 0.1}}) {
    const std::vector<double> knots = sinh_knots(range, Activation::cubic, 0);
    EXPECT_NEAR(knots.front(), std::exp(-std::max(1.0, -2 * std::log(range.lowest_quote))), kRounding);
    EXPECT_NEAR(knots.back(), std::exp(std::max(0.8, 2 * std::log(range.highest_quote))), 10 * kRounding);
  }
}

TEST(SinhKnots, LieAtEqualStepsOfU) {
  for (const auto& [range, a] :
       {std::pair{KnotRange{0.5, 1.5, 0.08, 0.3}, 0.04}, std::pair{KnotRange{0.5, 1.5, 0.01, 0.8}, 0.05}}) {
    const std::vector<double> knots = sinh_knots(range, Activation::cubic, 40);
    const double step = step_of_u(a, knots[0], knots[1]);
    for (std::size_t i = 1; i < knots.size(); ++i)
      ASSERT_NEAR(step_of_u(a, knots[i - 1], knots[i]), step, 1e-9) << i;
  }
}

TEST(SinhKnots, AreAsManyAsTheUnitsNeed) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic})
    for (const int units : {3, 4, 250}) {
      const std::vector<double> knots = sinh_knots({0.5, 1.5, 0.1, 0.2}, activation, units);
      EXPECT_EQ(unit_nodes(activation, knots).size(), static_cast<std::size_t>(units)) << to_string(activation);
    }
}

TEST(SinhKnots, AreFineEnoughForTheShortestExpiryWhenNobodySaysHowMany) {
  for (const KnotRange& range :
       {KnotRange{0.5, 1.5, 0.05, 0.05}, KnotRange{0.1, 2.5, 0.01, 0.2}, KnotRange{0.8, 1.2, 0.02, 0.6}}) {
    const std::vector<double> knots = sinh_knots(range, Activation::cubic, 0);
    const double a = std::max(range.shortest / 2, range.longest / 16);
    const double step = step_of_u(a, knots[0], knots[1]);
    EXPECT_LE(step, 0.05 + 1e-9);
    EXPECT_LE(a * step, range.shortest / 2.4 + 1e-9);
    EXPECT_GT(step, 0.9 * std::min(0.05, range.shortest / (2.4 * a))) << "more knots than asked for";
  }
}

// One expiry: (asinh(8 / 0.5) + asinh(10 / 0.5)) / 0.05 = 143.1 steps, whatever its vol.
TEST(SinhKnots, AreAHundredAndFortyFourForOneExpiryAndFiveHundredAtMost) {
  for (const double vol : {1e-4, 0.2, 1.0})
    EXPECT_EQ(sinh_knots({1 - vol / 100, 1 + vol / 100, vol, vol}, Activation::relu, 0).size(), 144U) << vol;
  EXPECT_EQ(sinh_knots({0.01, 20, 1e-5, 2}, Activation::relu, 0).size(), 500U);
}

TEST(SinhKnots, IncreaseAndAreFiniteForAnyRange) {
  std::mt19937_64 random(20260107);
  std::uniform_real_distribution<double> exponent(-5, 0.5), side(0.001, 3);
  for (int trial = 0; trial < 500; ++trial) {
    const double short_vol = std::pow(10, exponent(random)),
                 long_vol = std::max(short_vol, std::pow(10, exponent(random)));
    const double low = std::exp(-side(random)), high = std::exp(side(random));
    const std::vector<double> knots = sinh_knots({low, high, short_vol, long_vol}, Activation::cubic, 0);
    ASSERT_TRUE(std::ranges::is_sorted(knots, std::less_equal<>())) << "trial " << trial;
    ASSERT_TRUE(knots.front() > 0 && std::isfinite(knots.back())) << "trial " << trial;
    ASSERT_TRUE(knots.front() < low && high < knots.back()) << "trial " << trial;
  }
}

TEST(QuotedKnots, AreTheStrikesAndOneBeyondEachEnd) {
  const std::vector<double> strikes = {1.1, 0.9, 1, 0.9};  // in any order, once each
  const std::vector<double> knots = quoted_knots(strikes, 0.1);
  ASSERT_EQ(knots.size(), 5U);
  EXPECT_NEAR(knots[0], 0.9 * std::exp(-1.0), kRounding);
  EXPECT_EQ(std::vector<double>(knots.begin() + 1, knots.end() - 1), (std::vector<double>{0.9, 1, 1.1}));
  EXPECT_NEAR(knots[4], 1.1 * std::exp(1.0), kRounding);
}

TEST(QuotedKnots, HaveTheForwardBetweenTheirEnds) {
  for (const std::vector<double>& strikes : {std::vector<double>{1.2, 1.3, 1.4}, std::vector<double>{0.6, 0.7, 0.8}}) {
    const std::vector<double> knots = quoted_knots(strikes, 0.01);
    EXPECT_LT(knots.front(), 1);
    EXPECT_GT(knots.back(), 1);
  }
}

}  // namespace
}  // namespace strikenet
