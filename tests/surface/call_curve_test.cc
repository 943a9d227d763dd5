#include "strikenet/surface/call_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-14;
constexpr Activation kAll[] = {Activation::relu, Activation::quadratic, Activation::cubic};

/// The definition, unit by unit.
double summed(const CallCurve& curve, double k, double (*unit)(std::span<const double>, double)) {
  const auto wide = static_cast<std::size_t>(knots_per_unit(curve.activation()));
  double sum = 0;
  for (std::size_t j = 0; j < curve.weights().size(); ++j)
    sum += curve.weights()[j] * unit(curve.knots().subspan(j, wide), k);
  return sum;
}

CallCurve random_curve(Activation activation, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> step(0.01, 0.3), weight(0, 1);
  std::vector<double> knots{step(rng)}, weights;
  for (int i = 0; i < 9; ++i)
    knots.push_back(knots.back() + step(rng));
  for (std::size_t j = static_cast<std::size_t>(knots_per_unit(activation)) - 1; j < knots.size(); ++j)
    weights.push_back(weight(rng));
  return CallCurve(activation, knots, weights);
}

TEST(CallCurve, IsTheSumOfItsUnitsAtAnyStrike) {
  std::mt19937_64 rng(11);
  std::uniform_real_distribution<double> strike(-0.2, 3);
  for (const Activation activation : kAll)
    for (int trial = 0; trial < 300; ++trial) {
      const CallCurve curve = random_curve(activation, rng);
      for (const double k : {strike(rng), curve.knots()[3], curve.knots().front(), curve.knots().back()}) {
        ASSERT_NEAR(curve.call(k), summed(curve, k, unit_call), 10 * kRounding) << k;
        ASSERT_NEAR(curve.put(k), summed(curve, k, unit_put), 10 * kRounding) << k;
        ASSERT_NEAR(curve.above(k), summed(curve, k, unit_above), 10 * kRounding) << k;
        ASSERT_NEAR(curve.density(k), summed(curve, k, unit_density), 1e3 * kRounding) << k;
      }
    }
}

TEST(CallCurve, IsConvexAndDecreasingWithWeightsThatAreNotNegative) {
  std::mt19937_64 rng(12);
  std::uniform_real_distribution<double> strike(0, 3);
  for (const Activation activation : kAll)
    for (int trial = 0; trial < 300; ++trial) {
      const CallCurve curve = random_curve(activation, rng);
      const double a = strike(rng), b = strike(rng);
      ASSERT_LE(curve.call((a + b) / 2), (curve.call(a) + curve.call(b)) / 2 + kRounding);
      ASSERT_GE(curve.call(std::min(a, b)), curve.call(std::max(a, b)) - kRounding);
    }
}

TEST(CallCurve, OfOnePointIsAHockeyStick) {
  const CallCurve curve(Activation::relu, {1}, {1});
  EXPECT_EQ(curve.call(0.75), 0.25);
  EXPECT_EQ(curve.put(1.5), 0.5);
  EXPECT_EQ(curve.call(1), 0);
  EXPECT_EQ(curve.density(1), 0);
}

std::string words_of(Activation activation, std::vector<double> knots, std::vector<double> weights) {
  try {
    CallCurve(activation, std::move(knots), std::move(weights));
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CallCurve, NamesTheNumberThatBreaksItsInvariant) {
  EXPECT_EQ(words_of(Activation::cubic, {1, 2}, {}),
            "CallCurve: number of knots is 2, but must be at least the knots of one unit");
  EXPECT_EQ(words_of(Activation::relu, {1, 2}, {1}), "CallCurve: number of weights is 1, but must be one per unit");
  EXPECT_EQ(words_of(Activation::relu, {1, 1}, {1, 1}),
            "CallCurve: knot is 1, but knots must be finite, at least 0 and strictly increasing");
  EXPECT_EQ(words_of(Activation::relu, {-1, 1}, {1, 1}),
            "CallCurve: knot is -1, but knots must be finite, at least 0 and strictly increasing");
  EXPECT_EQ(words_of(Activation::relu, {1, NAN}, {1, 1}),
            "CallCurve: knot is nan, but knots must be finite, at least 0 and strictly increasing");
  EXPECT_EQ(words_of(Activation::relu, {1, 2}, {1, INFINITY}), "CallCurve: weight is inf, but must be finite");
  EXPECT_EQ(words_of(Activation::relu, {}, {}),
            "CallCurve: number of knots is 0, but must be at least the knots of one unit");
}

TEST(ImpliedTotalVol, GivesBackThePriceOfTheCurve) {
  const CallCurve curve(Activation::cubic, {0.5, 0.8, 1.0, 1.2, 1.7}, {0.3, 0.4, 0.3});
  for (const double k : {0.6, 0.95, 1.0, 1.05, 1.6}) {
    const TotalVol vol = implied_total_vol(curve, k);
    const OptionType side = k < 1 ? OptionType::put : OptionType::call;
    EXPECT_NEAR(black_price(side, Forward(1), Strike(k), vol).value(), k < 1 ? curve.put(k) : curve.call(k), kRounding)
        << k;
  }
}

TEST(ImpliedTotalVol, IsNothingWhereThePriceIsIntrinsic) {
  const CallCurve curve(Activation::cubic, {0.5, 0.8, 1.0, 1.2, 1.7}, {0.3, 0.4, 0.3});
  for (const double k : {0.1, 0.5, 1.7, 5.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_TRUE(std::isnan(implied_total_vol(curve, k).value())) << k;
}

}  // namespace
}  // namespace strikenet
