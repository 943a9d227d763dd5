#include "strikenet/testing/grid_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

const GridCount& count(const GridCheck& check, GridRelation relation) {
  return check.counts.at(static_cast<std::size_t>(relation));
}

/// Prices at k = 0.5, 1 and 1.5, at t = 1.
GridCheck check_three(double low, double middle, double high, double tolerance = 1e-12) {
  return check_on_grid({.t = {1}, .k = {0.5, 1, 1.5}, .tolerance = tolerance}, [=](double k, double) {
    return k < 1 ? low : k > 1 ? high : middle;
  });
}

TEST(CheckOnGrid, CountsEveryRelationOnce) {
  const GridCheck check = check_on_grid({.t = {1, 2, 4}, .k = {0.5, 0.8, 1, 1.5}},
                                        [](double k, double t) { return call_of_vol(k, t, 0.2); });
  EXPECT_TRUE(check.arbitrage_free());
  EXPECT_EQ(count(check, GridRelation::number).tested, 12U);
  EXPECT_EQ(count(check, GridRelation::bounds).tested, 12U);
  EXPECT_EQ(count(check, GridRelation::vertical).tested, 12U);
  EXPECT_EQ(count(check, GridRelation::butterfly).tested, 9U);
  EXPECT_EQ(count(check, GridRelation::calendar).tested, 8U);
}

TEST(CheckOnGrid, FindsAButterflyWithItsPrices) {
  const GridCheck check = check_three(0.5, 0.3, 0.05);
  EXPECT_FALSE(check.arbitrage_free());
  const GridCount& butterfly = count(check, GridRelation::butterfly);
  EXPECT_EQ(butterfly.violated, 1U);
  EXPECT_NEAR(butterfly.by, 0.025, 1e-15);
  EXPECT_EQ(butterfly.worst, "t = 1: c(1) = 0.3, but c(0.5) = 0.5 and c(1.5) = 0.05 interpolate to 0.275");
  for (const auto relation :
       {GridRelation::number, GridRelation::bounds, GridRelation::vertical, GridRelation::calendar})
    EXPECT_EQ(count(check, relation).violated, 0U) << to_string(relation);
}

// (0, 1) is a price of every function: a call of strike 0 is the underlying.
TEST(CheckOnGrid, FindsAButterflyWithTheUnderlying) {
  EXPECT_EQ(count(check_on_grid({.t = {1}, .k = {0.5, 1}}, [](double k, double) { return k < 1 ? 0.9 : 0.3; }),
                  GridRelation::butterfly)
                .worst,
            "t = 1: c(0.5) = 0.9, but c(0) = 1 and c(1) = 0.3 interpolate to 0.65");
}

TEST(CheckOnGrid, FindsAVerticalSpreadAndPricesOutOfBounds) {
  const GridCheck rising = check_three(0.5, 0.3, 0.31);
  EXPECT_EQ(count(rising, GridRelation::vertical).worst, "t = 1: c(1) = 0.3, but c(1.5) = 0.31");
  const GridCheck low = check_three(0.49, 0.2, 0.1);
  EXPECT_EQ(count(low, GridRelation::bounds).worst, "t = 1: c(0.5) = 0.49, but must be from 0.5 to 1");
  EXPECT_EQ(count(check_three(0.5, 0.2, -0.1), GridRelation::bounds).worst,
            "t = 1: c(1.5) = -0.1, but must be from 0 to 1");
  EXPECT_EQ(count(check_three(1.5, 0.2, 0.1), GridRelation::bounds).violated, 1U);
}

TEST(CheckOnGrid, FindsAPriceThatFallsInTime) {
  const GridCheck check = check_on_grid({.t = {1, 2}, .k = {1, 1.5}},
                                        [](double k, double t) { return call_of_vol(k, 1, t > 1 ? 0.1 : 0.2); });
  const GridCount& calendar = count(check, GridRelation::calendar);
  EXPECT_EQ(calendar.violated, 2U);
  EXPECT_EQ(calendar.worst, "t = 2: c(1) = 0.03987761168, but 0.07965567455 at the time before");
}

TEST(CheckOnGrid, SaysWhereAPriceIsNoNumberAndTestsNothingElseThere) {
  const GridCheck check = check_three(0.5, std::nan(""), 0.1);
  EXPECT_FALSE(check.arbitrage_free());
  EXPECT_EQ(count(check, GridRelation::number).violated, 1U);
  EXPECT_EQ(count(check, GridRelation::number).worst, "t = 1: c(1) = nan");
  EXPECT_EQ(count(check, GridRelation::bounds).tested, 2U);
  EXPECT_EQ(count(check, GridRelation::butterfly).tested, 0U);
  EXPECT_FALSE(check_three(0.5, std::numeric_limits<double>::infinity(), 0.1).arbitrage_free());
}

TEST(CheckOnGrid, ForgivesTheToleranceOfEachPriceAndNoMore) {
  EXPECT_TRUE(check_three(0.5, 0.3, 0.05, 0.013).arbitrage_free());  // 0.025 of one price and two halves
  EXPECT_FALSE(check_three(0.5, 0.3, 0.05, 0.012).arbitrage_free());
  EXPECT_TRUE(check_three(0.49, 0.3, 0.2, 0.011).arbitrage_free());
  EXPECT_FALSE(check_three(0.49, 0.3, 0.2, 0.009).arbitrage_free());
}

TEST(CheckOnGrid, PassesPricesWithinTheToleranceOfBlacks) {
  std::mt19937_64 random(3);
  const double tolerance = 1e-3;
  std::uniform_real_distribution<double> vols(0.05, 0.8), errors(-tolerance, tolerance);
  for (int i = 0; i < 100; ++i) {
    const double vol = vols(random);
    const CheckGrid grid{.t = {0.5, 0.6, 1}, .k = log_spaced(0.4, 2.5, 30), .tolerance = tolerance};
    const GridCheck check =
        check_on_grid(grid, [&](double k, double t) { return call_of_vol(k, t, vol) + errors(random); });
    EXPECT_TRUE(check.arbitrage_free()) << in_words(check, grid);
  }
}

// Between 0.5 and 1 the chord falls by 0.7 a strike, the line before by 0.9 and the one after by 0.2: these two meet
// where 0.2 x = 0.5 (0.5 - x), so 1 / 14 below the chord. Between 1 and 1.5 it is the other way round.
TEST(CheckOnGrid, BoundsWhatIsUnseenBetweenStrikes) {
  EXPECT_NEAR(check_three(0.55, 0.2, 0.1).unseen, 1 / 14.0, 1e-15);
}

// Any convex function through the same points is nowhere farther from straight lines than `unseen`.
TEST(CheckOnGrid, SeesEverySmileOfBlackToWhatIsUnseen) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> vols(0.05, 0.8);
  for (int i = 0; i < 100; ++i) {
    const double vol = vols(random);
    const CheckGrid grid{.t = {1}, .k = log_spaced(0.4, 2.5, 30)};
    const GridCheck check = check_on_grid(grid, [&](double k, double t) { return call_of_vol(k, t, vol); });
    EXPECT_TRUE(check.arbitrage_free()) << in_words(check, grid);
    for (std::size_t j = 1; j < grid.k.size(); ++j) {
      const double low = grid.k[j - 1], high = grid.k[j];
      const double chord = (call_of_vol(low, 1, vol) + call_of_vol(high, 1, vol)) / 2;
      EXPECT_LE(chord - call_of_vol((low + high) / 2, 1, vol), check.unseen);
    }
  }
}

TEST(CheckOnGrid, SaysInWordsWhatIsBrokenAndWhereItLooked) {
  const CheckGrid grid{.t = {1}, .k = {0.5, 1, 1.5}};
  EXPECT_EQ(in_words(check_three(0.5, 0.3, 0.05), grid),
            "  butterfly: 1 of 2 violated, worst by 0.025 at t = 1: c(1) = 0.3, but c(0.5) = 0.5 and c(1.5) = 0.05 "
            "interpolate to 0.275\n"
            "tested to 1e-12 forwards at 3 strikes from 0.5 to 1.5 forwards and 1 time from 1 to 1 years");
  EXPECT_EQ(in_words(check_three(0.5, std::nan(""), 0.1), grid),
            "  number: 1 of 3 violated, first at t = 1: c(1) = nan\n"
            "tested to 1e-12 forwards at 3 strikes from 0.5 to 1.5 forwards and 1 time from 1 to 1 years");
  EXPECT_EQ(in_words(check_three(0.55, 0.2, 0.1), grid),
            "tested to 1e-12 forwards at 3 strikes from 0.5 to 1.5 forwards and 1 time from 1 to 1 years; unseen "
            "between strikes: 0.0714 forwards");
}

TEST(CheckOnGrid, RefusesAGridThatIsNone) {
  const auto call = [](double, double) { return 0.5; };
  const auto refused = [&](const CheckGrid& grid) { return words([&] { check_on_grid(grid, call); }); };
  EXPECT_EQ(refused({}), "check_on_grid: number of t is 0, but must be at least 1");
  EXPECT_EQ(refused({.t = {1}, .k = {1}}), "check_on_grid: number of k is 1, but must be at least 2");
  EXPECT_EQ(refused({.t = {1, 1}}), "check_on_grid: t is 1, but must be finite, above 0 and increasing");
  EXPECT_EQ(refused({.t = {1}, .k = {0, 1}}), "check_on_grid: k is 0, but must be finite, above 0 and increasing");
  EXPECT_EQ(refused({.t = {std::nan("")}}), "check_on_grid: t is nan, but must be finite, above 0 and increasing");
  EXPECT_EQ(refused({.t = {1}, .tolerance = -1}), "check_on_grid: tolerance is -1, but must be finite and at least 0");
}

TEST(LogSpaced, GoesFromEndToEndInEqualRatios) {
  const std::vector<double> values = log_spaced(0.25, 4, 5);
  const std::vector<double> expected{0.25, 0.5, 1, 2, 4};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(values[i], expected[i], 1e-15);
  EXPECT_EQ(values.front(), 0.25);
  EXPECT_EQ(values.back(), 4);
  EXPECT_EQ(words([] { log_spaced(0, 1, 2); }), "log_spaced: lowest is 0, but must be finite and above 0");
  EXPECT_EQ(words([] { log_spaced(2, 1, 2); }), "log_spaced: highest is 1, but must be finite and above lowest");
  EXPECT_EQ(words([] { log_spaced(1, 2, 1); }), "log_spaced: count is 1, but must be at least 2");
}

// Black at the forward: 2 N(s / 2) - 1.
TEST(CallOfVol, IsBlacksAndNoNumberWhereTheVolIsNone) {
  EXPECT_NEAR(call_of_vol(1, 4, 0.1), std::erf(0.1 / std::sqrt(2.0)), 1e-15);
  EXPECT_EQ(call_of_vol(0.75, 1, 0), 0.25);
  for (const double vol : {-0.1, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_TRUE(std::isnan(call_of_vol(1, 1, vol))) << vol;
}

}  // namespace
}  // namespace strikenet
