#include "strikenet/payoff/option_portfolio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/rational.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;  // of the sum of the absolute terms
constexpr double kInfinity = std::numeric_limits<double>::infinity();

CallLeg leg(double strike, double units) { return {Strike(strike), units}; }

// --- hand-worked -----------------------------------------------------------------
TEST(OutOfTheMoney, IsPutsBelowTheForwardAndCallsFromThereOn) {
  const CallPortfolio strangle(180, -2, {leg(90, 2), leg(100, 1), leg(110, 2)});
  const OptionPortfolio view = out_of_the_money(strangle, Forward(100));
  EXPECT_EQ(view.cash(), 0);
  EXPECT_EQ(view.shares(), 0);
  ASSERT_EQ(view.legs().size(), 3U);
  EXPECT_EQ(view.legs()[0].type, OptionType::put);
  EXPECT_EQ(view.legs()[1].type, OptionType::call);  // at the forward
  EXPECT_EQ(view.legs()[2].type, OptionType::call);
  EXPECT_EQ(view.legs()[0].strike, Strike(90));
  EXPECT_EQ(view.legs()[0].units, 2);
  EXPECT_EQ(view.payoff(80), 20);
  EXPECT_EQ(view.payoff(95), 0);
  EXPECT_EQ(view.payoff(120), 40);
}

TEST(OutOfTheMoney, HasTheTangentAtTheForwardAsCashAndShares) {
  const CallPortfolio covered(0, 1, {leg(80, -0.5), leg(105, -1)});
  const OptionPortfolio view = out_of_the_money(covered, Forward(100));
  EXPECT_EQ(view.shares(), 0.5);
  EXPECT_EQ(view.cash() + view.shares() * 100, covered.payoff(100));
}

TEST(OutOfTheMoney, OfNoLegsIsTheSameCashAndShares) {
  const OptionPortfolio view = out_of_the_money(CallPortfolio(3, -1, {}), Forward(5));
  EXPECT_EQ(view.payoff(2), 1);
  EXPECT_TRUE(view.legs().empty());
}

// --- laws --------------------------------------------------------------------------
CallPortfolio any_portfolio(std::mt19937_64& rng, int legs) {
  std::uniform_real_distribution<double> u(-2, 2), step(0.01, 1);
  std::vector<CallLeg> list;
  double strike = 0;
  for (int i = 0; i < legs; ++i)
    list.push_back(leg(strike += step(rng), u(rng)));
  const double cash = u(rng), shares = u(rng);
  return {cash, shares, std::move(list)};
}

double size_of_terms(const CallPortfolio& calls, double x) {
  double size = std::abs(calls.cash()) + std::abs(calls.shares()) * x;
  for (const auto& [strike, units] : calls.legs())
    size += std::abs(units) * (x + strike.value());
  return size;
}

TEST(OutOfTheMoneyLaw, KeepsThePayoffOfAnyPortfolioAroundAnyForward) {
  std::mt19937_64 rng(20240229);
  std::uniform_real_distribution<double> spot(0, 10), log_forward(-3, 3);
  for (int trial = 0; trial < 10'000; ++trial) {
    const CallPortfolio calls = any_portfolio(rng, trial % 13);
    const OptionPortfolio view = out_of_the_money(calls, Forward(std::exp(log_forward(rng))));
    const CallPortfolio back = to_calls(view);
    for (int i = 0; i < 20; ++i) {
      const double x = i == 0 ? 0 : spot(rng), most = kRounding * size_of_terms(calls, x);
      ASSERT_NEAR(view.payoff(x), calls.payoff(x), most) << "trial " << trial << ", x " << x;
      ASSERT_NEAR(back.payoff(x), calls.payoff(x), most) << "trial " << trial << ", x " << x;
    }
  }
}

using Rational = boost::rational<std::int64_t>;

// A multiple of 1/4096, as all numbers of this test are.
Rational rational(double x) {
  EXPECT_EQ(std::round(x * 4096), x * 4096);
  return {static_cast<std::int64_t>(x * 4096), 4096};
}

Rational exact_payoff(const CallPortfolio& calls, Rational x) {
  Rational sum = rational(calls.cash()) + rational(calls.shares()) * x;
  for (const auto& [strike, units] : calls.legs())
    sum += rational(units) * std::max(x - rational(strike.value()), Rational(0));
  return sum;
}

Rational exact_payoff(const OptionPortfolio& options, Rational x) {
  Rational sum = rational(options.cash()) + rational(options.shares()) * x;
  for (const auto& [type, strike, units] : options.legs()) {
    const Rational inside = x - rational(strike.value());
    sum += rational(units) * std::max(type == OptionType::call ? inside : -inside, Rational(0));
  }
  return sum;
}

CallPortfolio any_dyadic_portfolio(std::mt19937_64& rng, int legs) {
  std::uniform_int_distribution<int> sixteenths(-64, 64), step(1, 32);
  std::vector<CallLeg> list;
  double strike = 0;
  for (int i = 0; i < legs; ++i) {
    const double units = sixteenths(rng) / 16.0;
    list.push_back(leg(strike += step(rng) / 16.0, units == 0 ? 1 : units));
  }
  const double cash = sixteenths(rng) / 16.0, shares = sixteenths(rng) / 16.0;
  return {cash, shares, std::move(list)};
}

TEST(OutOfTheMoneyLaw, IsExactForSmallDyadicNumbersAndSoIsTheWayBack) {
  std::mt19937_64 rng(6);
  std::uniform_int_distribution<int> thirds(0, 60), eighths(1, 80);
  for (int trial = 0; trial < 10'000; ++trial) {
    const CallPortfolio calls = any_dyadic_portfolio(rng, trial % 9);
    const OptionPortfolio view = out_of_the_money(calls, Forward(eighths(rng) / 8.0));
    const CallPortfolio back = to_calls(view);
    ASSERT_EQ(back.cash(), calls.cash());
    ASSERT_EQ(back.shares(), calls.shares());
    for (int i = 0; i < 5; ++i) {
      const Rational x(thirds(rng), 3);
      ASSERT_EQ(exact_payoff(view, x), exact_payoff(calls, x)) << "trial " << trial << ", x " << x;
    }
  }
}

// --- errors ----------------------------------------------------------------------------
using testing_support::words;

std::string words_of(double cash, double shares, std::vector<OptionLeg> legs) {
  return words([&] { OptionPortfolio(cash, shares, std::move(legs)); });
}

TEST(OptionPortfolioErrors, NameTheNumberAndTheRule) {
  const auto put = [](double strike, double units) { return OptionLeg{OptionType::put, Strike(strike), units}; };
  EXPECT_EQ(words_of(NAN, 0, {}), "OptionPortfolio: cash is nan, but must be finite");
  EXPECT_EQ(words_of(0, kInfinity, {}), "OptionPortfolio: shares is inf, but must be finite");
  EXPECT_EQ(words_of(0, 0, {put(100, 1), put(100, 1)}),
            "OptionPortfolio: strike is 100, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(words_of(0, 0, {put(NAN, 1)}),
            "OptionPortfolio: strike is nan, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(words_of(0, 0, {put(100, 0)}), "OptionPortfolio: units is 0, but must be finite and not 0");
  EXPECT_EQ(words([] { OptionPortfolio(0, 0, {}).payoff(-1); }),
            "OptionPortfolio::payoff: spot is -1, but must be finite and at least 0");
  EXPECT_EQ(words([] { out_of_the_money(CallPortfolio(0, 0, {}), Forward(0)); }),
            "out_of_the_money: forward is 0, but must be positive and finite");
  EXPECT_EQ(words([] { out_of_the_money(CallPortfolio(0, 0, {leg(1e200, 1e200)}), Forward(1e300)); }),
            "OptionPortfolio: cash is -inf, but must be finite");
}

}  // namespace
}  // namespace strikenet
