#include "strikenet/quantlib/black_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-14;  // of the discounted forward

SurfaceSlice slice_of(CallCurve curve) {
  return {.key = {.expiry = "2026-06-19"},
          .t = YearFraction(0.5),
          .forward = Forward(200),
          .discount = DiscountFactor(0.97),
          .curve = std::move(curve)};
}

// Three points: 0.5, 1 and 1.5 forwards with probabilities 1/4, 1/2, 1/4.
const SurfaceSlice kThreePoints = slice_of({Activation::relu, {0.5, 1.0, 1.5}, {0.25, 0.5, 0.25}});

TEST(BlackCheck, OfThreePointsAgreesAndCountsStrikesWithoutVol) {
  const std::vector<Strike> strikes = {Strike(90), Strike(150), Strike(200), Strike(260), Strike(310)};
  const BlackCheck check = check_against_black(kThreePoints, strikes);
  EXPECT_EQ(check.compared, 3);
  EXPECT_EQ(check.without_vol, 2);  // 90 and 310 lie outside all points
  EXPECT_LE(check.largest_difference, kRounding);
}

TEST(BlackCheck, OfNoStrikesComparesNothing) {
  const BlackCheck check = check_against_black(kThreePoints, {});
  EXPECT_EQ(check.compared, 0);
  EXPECT_EQ(check.without_vol, 0);
  EXPECT_EQ(check.largest_difference, 0);
  EXPECT_EQ(check.strike, 0);
}

TEST(BlackCheck, OfOneStrikeNamesIt) {
  const BlackCheck check = check_against_black(kThreePoints, std::vector{Strike(170)});
  EXPECT_EQ(check.compared, 1);
  EXPECT_EQ(check.strike, 170);
}

TEST(BlackCheckLaw, AgreesForAnyNetworkWithPositiveWeights) {
  std::mt19937_64 rng(17);
  std::uniform_real_distribution<double> u(0.05, 1.0);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> knots, weights;
    double at = 0.3 * u(rng), mass = 0, mean = 0;
    for (int i = 0; i < 3 + trial % 20; ++i)
      knots.push_back(at += 0.2 * u(rng));
    const auto activation = static_cast<Activation>(trial % 3);
    const auto units = knots.size() + 1 - static_cast<std::size_t>(knots_per_unit(activation));
    for (std::size_t i = 0; i < units; ++i)
      weights.push_back(u(rng));
    const std::vector<double> nodes = unit_nodes(activation, knots);
    for (std::size_t i = 0; i < units; ++i)
      mass += weights[i], mean += weights[i] * nodes[i];
    for (double& weight : weights)
      weight /= mass;
    for (double& knot : knots)
      knot *= mass / mean;  // a law of mean 1
    std::vector<Strike> strikes;
    for (int i = 1; i < 40; ++i)
      strikes.emplace_back(200 * (knots.front() + i / 40.0 * (knots.back() - knots.front())));
    const BlackCheck check = check_against_black(slice_of({activation, knots, weights}), strikes);
    ASSERT_GE(check.compared, 1) << "trial " << trial;
    ASSERT_EQ(check.compared + check.without_vol, 39) << "trial " << trial;
    ASSERT_LE(check.largest_difference, kRounding) << "trial " << trial << ", strike " << check.strike;
  }
}

TEST(BlackCheckErrors, NameTheStrike) {
  try {
    check_against_black(kThreePoints, std::vector{Strike(100), Strike(-3)});
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "check_against_black: strike is -3, but must be positive and finite");
  }
  for (const double strike : {0.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(check_against_black(kThreePoints, std::vector{Strike(strike)}), PreconditionError) << strike;
  }
}

}  // namespace
}  // namespace strikenet
