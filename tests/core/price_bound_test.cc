#include "strikenet/core/price_bound.h"

#include <gtest/gtest.h>

#include "strikenet/core/bachelier.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

std::string black_words(OptionType type, double forward, double strike, double price) {
  const ImpliedVol vol = implied_total_vol(type, Forward(forward), Strike(strike), Price(price));
  return price_bound_problem("spx.csv:7", vol.broken, type, Forward(forward), Strike(strike), Price(price));
}

TEST(PriceBoundProblem, NamesThePriceTheBoundAndItsNumber) {
  EXPECT_EQ(black_words(OptionType::call, 1.5, 1, 0.3),
            "spx.csv:7: price is 0.3, but must be at least the intrinsic value 0.5");
  EXPECT_EQ(black_words(OptionType::put, 90, 100, 9.75),
            "spx.csv:7: price is 9.75, but must be at least the intrinsic value 10");
  EXPECT_EQ(black_words(OptionType::call, 90, 100, -1e-300),
            "spx.csv:7: price is -1e-300, but must be at least the intrinsic value 0");
  EXPECT_EQ(black_words(OptionType::call, 100, 90, 101), "spx.csv:7: price is 101, but must be below the forward 100");
  EXPECT_EQ(black_words(OptionType::put, 100, 90, 90), "spx.csv:7: price is 90, but must be below the strike 90");
  EXPECT_EQ(black_words(OptionType::put, 100, 90, 1.0 / 0.0),
            "spx.csv:7: price is inf, but must be below the strike 90");
}

TEST(PriceBoundProblem, IsOfBachelierTheLowerOneOnly) {
  const auto vol = implied_normal_total_vol(OptionType::call, Forward(-1), Strike(-3), Price(1.9));
  EXPECT_EQ(price_bound_problem("rates", vol.broken, OptionType::call, Forward(-1), Strike(-3), Price(1.9)),
            "rates: price is 1.9, but must be at least the intrinsic value 2");
}

TEST(PriceBoundProblem, IsRefusedWhereThereIsNone) {
  try {
    black_words(OptionType::call, 100, 90, 20);
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "price_bound_problem: broken bound is 0, but must not be none");
  }
}

}  // namespace
}  // namespace strikenet
