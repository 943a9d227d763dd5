#include "strikenet/portfolio/fourier_price.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "strikenet/portfolio/portfolio_greeks.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

constexpr double kQuadrature = 1e-12;  // of the sum of the absolute terms
const Forward kF(100);

CallPortfolio any_portfolio(std::mt19937_64& rng, int legs) {
  std::uniform_real_distribution<double> u(-2, 2), step(0.5, 20);
  std::vector<CallLeg> list;
  double strike = 40;
  for (int i = 0; i < legs; ++i)
    list.push_back({Strike(strike += step(rng)), u(rng)});
  return {u(rng), u(rng), std::move(list)};
}

double size_of_terms(const CallPortfolio& calls) {
  double size = std::abs(calls.cash()) + std::abs(calls.shares()) * 100;
  for (const CallLeg& leg : calls.legs())
    size += std::abs(leg.units) * (100 + leg.strike.value());
  return size;
}

// Black's formula knows nothing of integrals.
TEST(FourierPriceLaw, UnderBlackIsTheSumOfTheLegsWithItsGreeks) {
  std::mt19937_64 rng(1);
  for (int trial = 0; trial < 60; ++trial) {
    const CallPortfolio calls = any_portfolio(rng, trial % 12);
    for (const double vol : {0.02, 0.2, 1.5}) {
      const FourierPrice fourier = fourier_price(calls, kF, black_characteristic(TotalVol(vol)));
      const PortfolioGreeks legs = portfolio_greeks(calls, kF, YearFraction(1), Vol(vol));
      const double size = 1 + size_of_terms(calls);
      ASSERT_NEAR(fourier.price, legs.price, kQuadrature * size) << trial << ", vol " << vol;
      ASSERT_NEAR(fourier.delta, legs.delta, kQuadrature * size);
      ASSERT_NEAR(fourier.gamma, legs.gamma, kQuadrature * size / vol);
      ASSERT_LE(fourier.error, kQuadrature * size);
    }
  }
}

TEST(FourierPrice, OfNoOptionsIsCashAndShares) {
  const FourierPrice price = fourier_price(CallPortfolio(3, 2, {}), kF, black_characteristic(TotalVol(0.2)));
  EXPECT_EQ(price.price, 203);
  EXPECT_EQ(price.delta, 2);
  EXPECT_EQ(price.gamma, 0);
}

TEST(FourierPriceErrors, AreSentences) {
  const CallPortfolio call(0, 0, {{Strike(100), 1}});
  EXPECT_EQ(words([&] { (void)fourier_price(call, Forward(0), black_characteristic(TotalVol(0.2))); }),
            "fourier_price: forward is 0, but must be positive and finite");
  EXPECT_EQ(words([&] { (void)fourier_price(call, kF, [](std::complex<double>) { return 1.0; }); }),
            "fourier_price: absolute value of phi at 1e6 - i/2 is 1, but must be below 1e-17");
}

}  // namespace
}  // namespace strikenet
