#include "strikenet/market/carry.h"

#include <gtest/gtest.h>

#include <cmath>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-13;

ChainSlice slice(const std::string& root, double t, double forward, double discount) {
  return {{"T", root}, YearFraction(t), Forward(forward), DiscountFactor(discount)};
}

// Rates 4 %, a yield of 1.5 % from a spot of 100: F = 100 exp(0.025 t), D = exp(-0.04 t).
TEST(ImpliedCarry, FindsRateAndYieldOfForwardsThatGrowByThem) {
  Chain chain;
  for (const double t : {0.1, 0.5, 2.0})
    chain.slices.push_back(slice("SPX", t, 100 * std::exp(0.025 * t), std::exp(-0.04 * t)));
  const std::vector<Carry> carries = implied_carry(chain);
  ASSERT_EQ(carries.size(), 3U);
  EXPECT_FALSE(carries[0].carry || carries[0].yield);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(carries[i].rate, 0.04, kRounding);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_NEAR(carries[i].carry.value(), 0.025, kRounding);
    EXPECT_NEAR(carries[i].yield.value(), 0.015, kRounding);
  }
}

TEST(ImpliedCarry, StartsAtTheFirstExpiryOfEachRoot) {
  Chain chain;
  chain.slices = {slice("A", 0.1, 100, 1), slice("B", 0.2, 50, 1), slice("A", 0.6, 110, 1), slice("B", 1.2, 45, 1)};
  const std::vector<Carry> carries = implied_carry(chain);
  EXPECT_FALSE(carries[1].carry);
  EXPECT_NEAR(carries[2].carry.value(), std::log(1.1) / 0.5, kRounding);
  EXPECT_NEAR(carries[3].carry.value(), std::log(0.9), kRounding);
  EXPECT_EQ(carries[0].rate, 0);
  EXPECT_FALSE(std::signbit(carries[0].rate));
  EXPECT_TRUE(implied_carry({}).empty());
}

}  // namespace
}  // namespace strikenet
