#include "strikenet/replication/merge_legs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support/words.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-9;

// By hand: 1 call at 90 and 3 at 100 are 4 at 97.5, where the payoff was 7.5 and is 0.
TEST(MergeLegs, KeepsUnitsAndMeanStrike) {
  const MergeResult result = merge_legs(CallPortfolio(5, 2, {{Strike(90), 1}, {Strike(100), 3}, {Strike(150), -1}}), 2);
  ASSERT_EQ(result.portfolio.legs().size(), 2u);
  EXPECT_EQ(result.portfolio.legs()[0].strike.value(), 97.5);
  EXPECT_EQ(result.portfolio.legs()[0].units, 4);
  EXPECT_EQ(result.portfolio.legs()[1].units, -1);
  EXPECT_EQ(result.portfolio.cash(), 5);
  EXPECT_EQ(result.portfolio.shares(), 2);
  ASSERT_EQ(result.merged.size(), 1u);
  EXPECT_EQ(result.merged[0].low, 90);
  EXPECT_EQ(result.merged[0].high, 100);
  EXPECT_EQ(result.merged[0].strike, 97.5);
  EXPECT_EQ(result.merged[0].legs, 2u);
  EXPECT_EQ(result.merged[0].error, 7.5);
}

CallPortfolio random_portfolio(std::mt19937_64& random, bool convex) {
  std::uniform_real_distribution<double> at(50, 150), units(convex ? 0.1 : -2, 2);
  std::vector<double> strikes(40);
  std::ranges::generate(strikes, [&] { return at(random); });
  std::ranges::sort(strikes);
  std::vector<CallLeg> legs;
  for (const double strike : strikes)
    legs.push_back({Strike(strike), units(random)});
  return {1, -0.5, std::move(legs)};
}

TEST(MergeLegs, ChangesThePayoffByAtMostTheErrorAndNotAtTheEnds) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    const CallPortfolio before = random_portfolio(random, false);
    for (const std::size_t legs : {30u, 15u, 1u}) {
      const MergeResult result = merge_legs(before, legs);
      double largest = 0;
      for (double spot = 0; spot < 200; spot += 0.25)
        largest = std::max(largest, std::abs(result.portfolio.payoff(spot) - before.payoff(spot)));
      EXPECT_LE(largest, result.merged.back().error + kRounding);
      EXPECT_NEAR(result.portfolio.payoff(49), before.payoff(49), kRounding);
      EXPECT_NEAR(result.portfolio.payoff(1e4), before.payoff(1e4), 1e-7);
      // What cannot be merged alternates in sign.
      for (std::size_t i = 1; result.portfolio.legs().size() > legs && i < result.portfolio.legs().size(); ++i)
        EXPECT_LT(result.portfolio.legs()[i - 1].units * result.portfolio.legs()[i].units, 0);
    }
  }
}

TEST(MergeLegs, KeepsWhatIsConvexConvexAndItsMassAndForward) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 50; ++round) {
    const CallPortfolio before = random_portfolio(random, true);
    const MergeResult result = merge_legs(before, 7);
    ASSERT_EQ(result.portfolio.legs().size(), 7u);
    double mass = 0, mean = 0;
    for (const CallLeg& leg : before.legs()) {
      mass += leg.units;
      mean += leg.units * leg.strike.value();
    }
    for (const CallLeg& leg : result.portfolio.legs()) {
      EXPECT_GT(leg.units, 0);
      mass -= leg.units;
      mean -= leg.units * leg.strike.value();
    }
    EXPECT_NEAR(mass, 0, kRounding);
    EXPECT_NEAR(mean, 0, kRounding * 100);
    for (std::size_t i = 1; i < result.merged.size(); ++i)
      EXPECT_GE(result.merged[i].error, result.merged[i - 1].error);
  }
}

TEST(MergeLegs, LeavesAloneWhatIsSmallEnough) {
  EXPECT_TRUE(merge_legs(CallPortfolio(1, 2, {}), 1).merged.empty());
  EXPECT_EQ(merge_legs(CallPortfolio(1, 2, {{Strike(90), 1}, {Strike(91), 1}}), 2).portfolio.legs().size(), 2u);
  EXPECT_EQ(testing_support::words([] { merge_legs(CallPortfolio(1, 2, {}), 0); }),
            "merge_legs: legs is 0, but must be at least 1");
}

}  // namespace
}  // namespace strikenet
