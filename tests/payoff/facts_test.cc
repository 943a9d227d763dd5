#include "strikenet/payoff/facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "strikenet/payoff/textbook.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Strike k90(90), k100(100), k110(110);

// --- hand-worked -----------------------------------------------------------------
TEST(PayoffFacts, OfAButterflyNameItsPeak) {
  const PayoffFacts facts = facts_of(butterfly(k90, k100, k110));
  EXPECT_EQ(facts.lowest.value, 0);
  EXPECT_EQ(facts.highest.value, 10);
  EXPECT_EQ(facts.highest.at, 100);
  EXPECT_EQ(facts.smallest_slope, -1);
  EXPECT_EQ(facts.largest_slope, 1);
  EXPECT_EQ(facts.lipschitz, 1);
  EXPECT_EQ(facts.not_convex_at, 100);
  EXPECT_EQ(facts.not_concave_at, 90);
  EXPECT_EQ(facts.not_increasing_at, 100);
  EXPECT_EQ(facts.not_decreasing_at, 90);
}

TEST(PayoffFacts, OfACallAreConvexAndIncreasingWithoutBound) {
  const PayoffFacts facts = facts_of(call(k100));
  EXPECT_EQ(facts.highest.value, kInfinity);
  EXPECT_EQ(facts.highest.at, kInfinity);
  EXPECT_FALSE(facts.not_convex_at);
  EXPECT_FALSE(facts.not_increasing_at);
  EXPECT_EQ(facts.not_concave_at, 100);
  EXPECT_EQ(facts.not_decreasing_at, 100);
}

TEST(PayoffFacts, OfALadderFallWithoutBound) {
  const PayoffFacts facts = facts_of(ladder(k90, k100, k110));
  EXPECT_EQ(facts.lowest.value, -kInfinity);
  EXPECT_EQ(facts.highest.value, 10);
  EXPECT_EQ(facts.highest.at, 100);
  EXPECT_EQ(facts.not_increasing_at, 110);
}

TEST(PayoffFacts, OfADigitalHaveNoLargestDelta) {
  const PayoffFacts facts = facts_of(digital_call(k100, 7));
  EXPECT_EQ(facts.lipschitz, kInfinity);
  EXPECT_EQ(facts.highest.value, 7);
  EXPECT_EQ(facts.not_convex_at, 100);
  EXPECT_EQ(facts.not_concave_at, 100);
  EXPECT_FALSE(facts.not_increasing_at);
  EXPECT_EQ(facts.not_decreasing_at, 100);
}

TEST(PayoffFacts, LeaveOutWhatIsBelowZero) {
  const PayoffFacts facts = facts_of(PiecewiseLinear(1, -9, {{-2, 5, 3}, {0, 2, 4}}));
  EXPECT_EQ(facts.lowest.value, 1);
  EXPECT_EQ(facts.smallest_slope, 2);
  EXPECT_FALSE(facts.not_convex_at);
  EXPECT_FALSE(facts.not_increasing_at);
}

TEST(CertifiedRadius, IsHowFarSpotMayMove) {
  EXPECT_EQ(certified_radius(call(k100), 105, 0, 8), 3);
  EXPECT_EQ(certified_radius(call(k100), 105, 1, 9), 4);
  EXPECT_EQ(certified_radius(call(k100), 90, 0, 10), 20);
  EXPECT_EQ(certified_radius(call(k100), 90, -1, kInfinity), kInfinity);
  EXPECT_EQ(certified_radius(put(k100), 50, 0, 60), 10);
  EXPECT_EQ(certified_radius(put(k100), 50, 0, 200), kInfinity);  // spot does not fall below 0
  EXPECT_EQ(certified_radius(digital_call(k100, 1), 90, 0, 0.5), 10);
  EXPECT_EQ(certified_radius(digital_call(k100, 1), 104, 0.5, 1), 4);
  EXPECT_EQ(certified_radius(digital_call(k100, 1), 100, 0.5, 1), 0);
  EXPECT_EQ(certified_radius(call(k100), 105, 5, 8), 0);
}

// --- laws ------------------------------------------------------------------------
PiecewiseLinear any_function(std::mt19937_64& rng, int knots) {
  std::uniform_int_distribution<int> whole(-4, 4);
  std::uniform_real_distribution<double> step(0.1, 1);
  std::vector<Knot> list;
  double x = -1;
  for (int i = 0; i < knots; ++i)
    list.push_back(
        {x += step(rng), static_cast<double>(whole(rng)), i % 4 == 0 ? static_cast<double>(whole(rng)) : 0.0});
  return {static_cast<double>(whole(rng)), static_cast<double>(whole(rng)), std::move(list)};
}

TEST(PayoffFactsLaw, HoldAtManyPoints) {
  std::mt19937_64 rng(1);
  std::uniform_real_distribution<double> place(0, 12);
  for (int trial = 0; trial < 2000; ++trial) {
    const PiecewiseLinear f = any_function(rng, trial % 9);
    const PayoffFacts facts = facts_of(f);
    double lowest = kInfinity, highest = -kInfinity;
    for (int i = 0; i < 50; ++i) {
      const double x = place(rng), y = place(rng), of_x = f.value(x), of_y = f.value(y);
      lowest = std::min(lowest, of_x);
      highest = std::max(highest, of_x);
      ASSERT_LE(std::abs(of_x - of_y), facts.lipschitz * std::abs(x - y) * (1 + 1e-12) + 1e-12);
      const double middle = f.value((x + y) / 2);
      ASSERT_TRUE(facts.not_convex_at || middle <= (of_x + of_y) / 2 + 1e-12);
      ASSERT_TRUE(facts.not_concave_at || middle >= (of_x + of_y) / 2 - 1e-12);
      ASSERT_TRUE(facts.not_increasing_at || (x - y) * (of_x - of_y) >= -1e-12);
      ASSERT_TRUE(facts.not_decreasing_at || (x - y) * (of_x - of_y) <= 1e-12);
    }
    ASSERT_GE(lowest, facts.lowest.value - 1e-12);
    ASSERT_LE(highest, facts.highest.value + 1e-12);
  }
}

TEST(CertifiedRadiusLaw, HoldsTheBandAndNoWider) {
  std::mt19937_64 rng(2);
  std::uniform_real_distribution<double> place(0, 8), size(0.01, 3), share(0, 1);
  for (int trial = 0; trial < 2000; ++trial) {
    const PiecewiseLinear f = any_function(rng, trial % 9);
    const double from = place(rng), low = f.value(from) - size(rng), high = f.value(from) + size(rng);
    const double radius = certified_radius(f, from, low, high), reach = std::min(radius, 20.0);
    for (int i = 0; i < 50; ++i) {
      const double value = f.value(std::max(from + (2 * share(rng) - 1) * reach * (1 - 1e-9), 0.0));
      ASSERT_GE(value, low - 1e-9);
      ASSERT_LE(value, high + 1e-9);
    }
    if (radius == kInfinity) continue;
    bool left = false;
    for (const double x : {from + radius + 1e-9, from - radius - 1e-9})
      left |= x >= 0 && (f.value(x) > high || f.value(x) < low);
    ASSERT_TRUE(left) << trial;
  }
}

TEST(CertifiedRadiusErrors, SayWhatTheBandMustHold) {
  EXPECT_EQ(words([] { certified_radius(call(k100), 105, 6, 8); }),
            "certified_radius: value is 5, but must lie in the band");
  EXPECT_EQ(words([] { certified_radius(call(k100), -1, 6, 8); }),
            "certified_radius: from is -1, but must be finite and at least 0");
}

}  // namespace
}  // namespace strikenet
