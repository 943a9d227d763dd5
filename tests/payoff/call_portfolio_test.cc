#include "strikenet/payoff/call_portfolio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-12;

static_assert(!std::is_constructible_v<CallLeg, double, double>, "a strike is not a bare double");
static_assert(!std::is_default_constructible_v<CallPortfolio>);

struct PayoffCase {
  const char* name;
  CallPortfolio portfolio;
  double spot, payoff;
};
void PrintTo(const PayoffCase& test, std::ostream* out) { *out << test.name; }

class PortfolioPayoff : public testing::TestWithParam<PayoffCase> {};

TEST_P(PortfolioPayoff, EqualsHandWorkedValue) {
  EXPECT_EQ(GetParam().portfolio.payoff(GetParam().spot), GetParam().payoff);
}

CallLeg leg(double strike, double units) { return {Strike(strike), units}; }

const CallPortfolio kNothing(0, 0, {});
const CallPortfolio kCash(7, 0, {});
const CallPortfolio kForward(-100, 1, {});
const CallPortfolio kPut(100, -1, {leg(100, 1)});
const CallPortfolio kButterfly(0, 0, {leg(90, 1), leg(100, -2), leg(110, 1)});
const CallPortfolio kCoveredCall(0, 1, {leg(105, -1)});

INSTANTIATE_TEST_SUITE_P(
    Textbook, PortfolioPayoff,
    testing::Values(PayoffCase{"Nothing", kNothing, 55, 0}, PayoffCase{"Cash", kCash, 55, 7},
                    PayoffCase{"Forward", kForward, 80, -20}, PayoffCase{"PutAtZero", kPut, 0, 100},
                    PayoffCase{"PutInTheMoney", kPut, 80, 20}, PayoffCase{"PutAtStrike", kPut, 100, 0},
                    PayoffCase{"PutOutOfTheMoney", kPut, 250, 0}, PayoffCase{"ButterflyLeft", kButterfly, 90, 0},
                    PayoffCase{"ButterflyPeak", kButterfly, 100, 10}, PayoffCase{"ButterflySlope", kButterfly, 104, 6},
                    PayoffCase{"ButterflyRight", kButterfly, 1000, 0},
                    PayoffCase{"CoveredCallBelow", kCoveredCall, 90, 90},
                    PayoffCase{"CoveredCallCapped", kCoveredCall, 300, 105}),
    [](const auto& test) { return test.param.name; });

TEST(CallPortfolio, KeepsWhatItWasGiven) {
  EXPECT_EQ(kCoveredCall.cash(), 0);
  EXPECT_EQ(kCoveredCall.shares(), 1);
  ASSERT_EQ(kButterfly.legs().size(), 3U);
  EXPECT_EQ(kButterfly.legs()[1].strike, Strike(100));
  EXPECT_EQ(kButterfly.legs()[1].units, -2);
}

// Without sold legs the slope only grows: at the middle of any chord the payoff lies below the chord.
TEST(CallPortfolio, WithLegsBoughtOnlyIsConvex) {
  std::mt19937_64 rng(11);
  std::uniform_real_distribution<double> u(0.1, 2.0);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<CallLeg> legs;
    double strike = 0;
    for (int i = 0; i < trial % 7; ++i)
      legs.push_back(leg(strike += u(rng), u(rng)));
    const CallPortfolio portfolio(u(rng), -u(rng), legs);
    for (int i = 0; i < 20; ++i) {
      const double x = 8 * u(rng), h = 0.4 * x * u(rng);
      const double chord = 0.5 * (portfolio.payoff(x - h) + portfolio.payoff(x + h)), middle = portfolio.payoff(x);
      ASSERT_LE(middle, chord + kRounding * (1 + std::abs(chord))) << "trial " << trial << ", x " << x;
    }
  }
}

std::string words(double cash, double shares, std::vector<CallLeg> legs) {
  try {
    const CallPortfolio portfolio(cash, shares, std::move(legs));
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CallPortfolioErrors, NameTheNumberAndTheRule) {
  EXPECT_EQ(words(NAN, 0, {}), "CallPortfolio: cash is nan, but must be finite");
  EXPECT_EQ(words(0, kInfinity, {}), "CallPortfolio: shares is inf, but must be finite");
  const std::string strikes = "but strikes must be positive, finite and strictly increasing";
  EXPECT_EQ(words(0, 0, {leg(110, 1), leg(100, 1)}), "CallPortfolio: strike is 100, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(110, 1), leg(110, 1)}), "CallPortfolio: strike is 110, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(0, 1)}), "CallPortfolio: strike is 0, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(-5, 1)}), "CallPortfolio: strike is -5, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(NAN, 1)}), "CallPortfolio: strike is nan, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(kInfinity, 1)}), "CallPortfolio: strike is inf, " + strikes);
  EXPECT_EQ(words(0, 0, {leg(100, 0)}), "CallPortfolio: units is 0, but must be finite and not 0");
  EXPECT_EQ(words(0, 0, {leg(100, NAN)}), "CallPortfolio: units is nan, but must be finite and not 0");
}

TEST(CallPortfolioErrors, PayoffTakesNoSpotThatIsNone) {
  for (const double spot : {std::nan(""), kInfinity, -kInfinity, -1e-300}) {
    EXPECT_THROW(kPut.payoff(spot), PreconditionError) << spot;
  }
  try {
    kPut.payoff(-1);
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "CallPortfolio::payoff: spot is -1, but must be finite and at least 0");
  }
}

}  // namespace
}  // namespace strikenet
