#include "fitting/strike_band.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-15;  // of a price in forwards

SmileQuote call(double strike, double bid, double ask) {
  return {Strike(strike), OptionType::call, Price(bid), Price(ask)};
}
SmileQuote put(double strike, double bid, double ask) {
  return {Strike(strike), OptionType::put, Price(bid), Price(ask)};
}

std::vector<StrikeBand> bands_of(const std::vector<SmileQuote>& quotes, double forward = 100) {
  return strike_bands(quotes, Forward(forward));
}

void expect_band(const StrikeBand& band, const StrikeBand& expected) {
  EXPECT_EQ(band.k, expected.k);
  EXPECT_EQ(band.side, expected.side);
  if (std::isinf(expected.low))
    EXPECT_EQ(band.low, expected.low);
  else
    EXPECT_NEAR(band.low, expected.low, kRounding);
  EXPECT_NEAR(band.high, expected.high, kRounding);
  EXPECT_NEAR(band.mid, expected.mid, kRounding);
  EXPECT_NEAR(band.half, expected.half, kRounding);
  EXPECT_EQ(band.has_mid, expected.has_mid);
}

TEST(StrikeBands, AreInForwardsOnTheOutOfTheMoneySide) {
  const auto bands = bands_of({put(90, 2, 3), call(110, 4, 4.5), call(100, 5, 6)});
  ASSERT_EQ(bands.size(), 3U);
  expect_band(bands[0], {0.9, OptionType::put, 0.02, 0.03, 0.025, 0.005, true});
  expect_band(bands[1], {1, OptionType::call, 0.05, 0.06, 0.055, 0.005, true});
  expect_band(bands[2], {1.1, OptionType::call, 0.04, 0.045, 0.0425, 0.0025, true});
}

TEST(StrikeBands, CarryInTheMoneyQuotesOverByParity) {
  const auto bands = bands_of({call(90, 11.5, 13), put(110, 13, 15), put(100, 5, 6)});
  ASSERT_EQ(bands.size(), 3U);
  expect_band(bands[0], {0.9, OptionType::put, 0.015, 0.03, 0.0225, 0.0075, true});
  expect_band(bands[1], {1, OptionType::call, 0.05, 0.06, 0.055, 0.005, true});
  expect_band(bands[2], {1.1, OptionType::call, 0.03, 0.05, 0.04, 0.01, true});
}

TEST(StrikeBands, AreWhatBothQuotesOfAStrikeAllowAroundTheOutOfTheMoneyMiddle) {
  for (const bool put_first : {true, false}) {
    std::vector<SmileQuote> quotes = {put(90, 2, 3), call(90, 12.5, 14)};
    if (!put_first) std::ranges::reverse(quotes);
    const auto bands = bands_of(quotes);
    ASSERT_EQ(bands.size(), 1U);
    expect_band(bands[0], {0.9, OptionType::put, 0.025, 0.03, 0.025, 0.005, true});
  }
}

TEST(StrikeBands, HaveNoLowerEndWhenOnlyAsksBoundThem) {
  const auto bands = bands_of({put(80, 0, 0.5), call(130, 0, 0.25)});
  ASSERT_EQ(bands.size(), 2U);
  expect_band(bands[0], {0.8, OptionType::put, -kInfinity, 0.005, 0.0025, 0.0025, false});
  expect_band(bands[1], {1.3, OptionType::call, -kInfinity, 0.0025, 0.00125, 0.00125, false});
}

TEST(StrikeBands, TakeTheLowerEndOfAZeroBidFromTheOtherQuote) {
  const auto bands = bands_of({put(80, 0, 0.5), call(80, 20.1, 20.9)});
  ASSERT_EQ(bands.size(), 1U);
  expect_band(bands[0], {0.8, OptionType::put, 0.001, 0.005, 0.0025, 0.0025, false});
}

TEST(StrikeBands, StayApartWhenTheQuotesOfAStrikeContradictEachOther) {
  const auto bands = bands_of({call(90, 13.5, 14), put(90, 2, 3)});
  ASSERT_EQ(bands.size(), 2U);
  expect_band(bands[0], {0.9, OptionType::put, 0.02, 0.03, 0.025, 0.005, true});
  expect_band(bands[1], {0.9, OptionType::put, 0.035, 0.04, 0.0375, 0.0025, true});
}

TEST(StrikeBands, StayApartForPricesWithoutASpread) {
  const auto bands = bands_of({put(90, 2.5, 2.5), call(90, 12.5, 12.5)});
  ASSERT_EQ(bands.size(), 2U);
  for (const StrikeBand& band : bands) {
    expect_band(band, {0.9, OptionType::put, 0.025, 0.025, 0.025, 0, true});
    EXPECT_FALSE(band.has_spread());
  }
}

TEST(StrikeBands, AreTheSameForAnyOrderOfTheQuotes) {
  std::vector<SmileQuote> quotes = {put(90, 2, 3),   put(90, 2.2, 2.9), call(90, 12, 13.5), call(90, 13, 13.5),
                                    put(90, 3.2, 4), put(95, 3, 4),     call(95, 8.5, 9.5), call(100, 6, 7)};
  const auto expected = bands_of(quotes);
  std::mt19937_64 random(20260108);
  for (int trial = 0; trial < 50; ++trial) {
    std::ranges::shuffle(quotes, random);
    const auto bands = bands_of(quotes);
    ASSERT_EQ(bands.size(), expected.size());
    for (std::size_t i = 0; i < bands.size(); ++i) {
      ASSERT_EQ(bands[i].low, expected[i].low) << "trial " << trial << ", band " << i;
      ASSERT_EQ(bands[i].high, expected[i].high) << "trial " << trial << ", band " << i;
      ASSERT_EQ(bands[i].mid, expected[i].mid) << "trial " << trial << ", band " << i;
      ASSERT_EQ(bands[i].half, expected[i].half) << "trial " << trial << ", band " << i;
    }
  }
}

TEST(StrikeBands, ScaleWithTheForward) {
  for (const double scale : {std::ldexp(1.0, -20), std::ldexp(1.0, 30)}) {
    const auto bands = bands_of({put(90 * scale, 2 * scale, 3 * scale)}, 100 * scale);
    ASSERT_EQ(bands.size(), 1U);
    expect_band(bands[0], {0.9, OptionType::put, 0.02, 0.03, 0.025, 0.005, true});
  }
}

// At the forward a call costs 2 N(s/2) - 1: s = 0.2 makes it 0.0796556745540579 (Abramowitz and Stegun, table 26.1).
TEST(AtTheMoneyTotalVol, IsThatOfTheStrikeNearestTheForward) {
  const double price = 7.96556745540579;
  EXPECT_NEAR(at_the_money_total_vol(bands_of({put(80, 1, 2), call(100, price - 0.5, price + 0.5), call(120, 1, 2)})),
              0.2, 1e-13);
  EXPECT_NEAR(at_the_money_total_vol(bands_of({put(80, 1, 2), put(100, price, price), call(120, 1, 2)})), 0.2, 1e-13);
}

TEST(AtTheMoneyTotalVol, PassesOverStrikesWithoutAVol) {
  const double price = 7.96556745540579;
  const auto at = [&](const SmileQuote& nearest) {
    return at_the_money_total_vol(bands_of({put(50, 1, 2), nearest, call(101, 0, 1), call(200, 1, 2)}));
  };
  const double without = at_the_money_total_vol(bands_of({put(50, 1, 2), call(200, 1, 2)}));
  EXPECT_NEAR(at(call(100, price, price)), 0.2, 1e-13);
  EXPECT_EQ(at(call(100, 0, 2 * price)), without) << "a zero bid has no middle";
  EXPECT_EQ(at(call(100, 90, 150)), without) << "a call above the forward has no vol";
  EXPECT_EQ(at(put(90, 95, 96)), without) << "a put above its strike has no vol";
}

TEST(AtTheMoneyTotalVol, IsATenthWhenNoQuoteHasAVol) {
  EXPECT_EQ(at_the_money_total_vol({}), 0.1);
  EXPECT_EQ(at_the_money_total_vol(bands_of({put(90, 0, 1), call(110, 0, 1), call(100, 150, 160)})), 0.1);
}

}  // namespace
}  // namespace strikenet
