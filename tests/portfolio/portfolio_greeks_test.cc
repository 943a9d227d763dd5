#include "strikenet/portfolio/portfolio_greeks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "strikenet/core/bachelier.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "strikenet/portfolio/network_portfolio.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;   // of the sum of the absolute terms
constexpr double kTruncation = 1e-6;  // of the central differences

ReluNetwork any_network(std::mt19937_64& rng, int units) {
  std::uniform_real_distribution<double> u(-2, 2), moneyness(-0.3, 0.6);
  std::vector<HiddenUnit> hidden;
  for (int i = 0; i < units; ++i) {
    const double slope = u(rng);
    hidden.push_back({slope, -slope * 100 * std::exp(moneyness(rng)), u(rng)});
  }
  return {u(rng), std::move(hidden)};
}

double size_of_terms(const ReluNetwork& network, double forward) {
  double size = std::abs(network.offset());
  for (const auto& unit : network.units())
    size += std::abs(unit.out_weight) * (std::abs(unit.in_weight) * forward + std::abs(unit.bias));
  return size;
}

// E[f(F exp(s Z - s^2/2))] of the network itself, which knows of no options: Gauss-Legendre between the kinks.
template <class F>
double lognormal_mean(const ReluNetwork& network, double forward, double s, F f) {
  constexpr double kFar = 9.5;  // standard deviations; beyond lies 2e-21
  std::vector<double> cuts;
  for (double z = -kFar; z <= kFar; z += 0.5)
    cuts.push_back(z);
  for (const auto& unit : network.units()) {
    const double kink = -unit.bias / unit.in_weight, z = (std::log(kink / forward) + 0.5 * s * s) / s;
    if (std::abs(z) < kFar) cuts.push_back(z);
  }
  std::sort(cuts.begin(), cuts.end());
  const auto weighted = [&](double z) {
    const double x = forward * std::exp(s * z - 0.5 * s * s);
    return std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0)) * f(network.value(x), z);
  };
  double sum = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i)
    sum += boost::math::quadrature::gauss<double, 15>::integrate(weighted, cuts[i - 1], cuts[i]);
  return sum;
}

// With x = F exp(s Z - s^2/2): d/dF E[f(x)] = E[f Z] / (F s) and d2/dF2 E[f(x)] = E[f (Z^2 - s Z - 1)] / (F s)^2, whose
// multiple F^2 s sqrt(t) is vega (Glasserman 2003, 7.3: the likelihood ratio method).
TEST(PortfolioGreeksLaw, AreThoseOfTheExpectedValueOfTheNetwork) {
  std::mt19937_64 rng(20240229);
  std::uniform_real_distribution<double> vol(0.1, 0.5), years(0.1, 2);
  for (int trial = 0; trial < 200; ++trial) {
    const ReluNetwork network = any_network(rng, trial % 9);
    const double forward = 100, v = vol(rng), t = years(rng), s = v * std::sqrt(t), size = size_of_terms(network, 100);
    const PortfolioGreeks got = portfolio_greeks(to_calls(network), Forward(forward), YearFraction(t), Vol(v));
    const double price = lognormal_mean(network, forward, s, [](double f, double) { return f; });
    const double delta = lognormal_mean(network, forward, s, [](double f, double z) { return f * z; }) / (forward * s);
    const double gamma =
        lognormal_mean(network, forward, s, [&](double f, double z) { return f * (z * z - s * z - 1); }) /
        (forward * forward * s * s);
    const double most = 10 * kRounding * size;
    ASSERT_NEAR(got.price, price, most) << trial;
    ASSERT_NEAR(got.delta, delta, most / (forward * s)) << trial;
    ASSERT_NEAR(got.gamma, gamma, most / (forward * forward * s * s)) << trial;
    ASSERT_NEAR(got.vega, gamma * forward * forward * s * std::sqrt(t), most / v) << trial;
    ASSERT_NEAR(got.theta, -0.5 * gamma * forward * forward * v * v, most / t) << trial;
  }
}

TEST(PortfolioGreeksLaw, PriceIsTheSumOfTheCalls) {
  std::mt19937_64 rng(7);
  for (int trial = 0; trial < 2000; ++trial) {
    const ReluNetwork network = any_network(rng, trial % 13);
    const CallPortfolio calls = to_calls(network);
    const Forward forward(100);
    const Vol vol(0.3);
    double sum = calls.cash() + calls.shares() * 100, delta = calls.shares();
    for (const auto& [strike, units] : calls.legs()) {
      const Greeks call = black_greeks(OptionType::call, forward, strike, vol, YearFraction(0.5));
      sum += units * call.price;
      delta += units * call.delta;
    }
    const PortfolioGreeks got = portfolio_greeks(calls, forward, YearFraction(0.5), vol);
    ASSERT_NEAR(got.price, sum, kRounding * size_of_terms(network, 100)) << trial;
    ASSERT_NEAR(got.delta, delta, kRounding * size_of_terms(network, 100) / 100) << trial;
  }
}

// A smile in strike: the delta at fixed vols is the slope of the price at fixed vols.
TEST(PortfolioGreeksLaw, WithAVolForEachStrikeAreTheSlopesAtFixedVols) {
  const auto smile = [](double up) {
    return [up](Strike strike) { return Vol(0.2 + up + 0.1 * std::pow(std::log(strike.value() / 100), 2)); };
  };
  std::mt19937_64 rng(8);
  for (int trial = 0; trial < 200; ++trial) {
    const CallPortfolio calls = to_calls(any_network(rng, 1 + trial % 9));
    const auto price = [&](double forward, double t, double up) {
      return portfolio_greeks(calls, Forward(forward), YearFraction(t), smile(up)).price;
    };
    const PortfolioGreeks got = portfolio_greeks(calls, Forward(100), YearFraction(1), smile(0));
    const double most = kTruncation * size_of_terms(to_network(calls), 100);
    ASSERT_NEAR(got.delta, (price(100.1, 1, 0) - price(99.9, 1, 0)) / 0.2, most) << trial;
    ASSERT_NEAR(got.gamma, (price(100.1, 1, 0) - 2 * got.price + price(99.9, 1, 0)) / 0.01, most) << trial;
    ASSERT_NEAR(got.vega, (price(100, 1, 1e-4) - price(100, 1, -1e-4)) / 2e-4, most) << trial;
    ASSERT_NEAR(got.theta, -(price(100, 1.001, 0) - price(100, 0.999, 0)) / 2e-3, most) << trial;
  }
}

// --- hand-worked and edges ---------------------------------------------------------
TEST(PortfolioGreeks, OfAForwardAreItsOwn) {
  const PortfolioGreeks got = portfolio_greeks(CallPortfolio(-100, 1, {}), Forward(103), YearFraction(1), Vol(0.2));
  EXPECT_EQ(got.price, 3);
  EXPECT_EQ(got.delta, 1);
  EXPECT_EQ(got.gamma, 0);
  EXPECT_EQ(got.vega, 0);
  EXPECT_EQ(got.theta, 0);
}

TEST(PortfolioGreeks, OfAFarPutKeepItsDigits) {
  const CallPortfolio put = to_calls(ReluNetwork(0, {{-1, 40, 1}}));
  const PortfolioGreeks got = portfolio_greeks(put, Forward(100), YearFraction(1), Vol(0.1));
  const Greeks alone = black_greeks(OptionType::put, Forward(100), Strike(40), Vol(0.1), YearFraction(1));
  EXPECT_LT(alone.price, 1e-17);
  EXPECT_EQ(got.price, alone.price);
  EXPECT_EQ(got.delta, alone.delta);
}

TEST(PortfolioGreeks, TakeAnyModelOfOneOption) {
  const CallPortfolio straddle = to_calls(ReluNetwork(0, {{1, -100, 1}, {-1, 100, 1}}));
  const PortfolioGreeks got = portfolio_greeks(straddle, Forward(100), [](OptionType type, Strike strike) {
    return bachelier_greeks(type, Forward(100), strike, NormalVol(20), YearFraction(1));
  });
  EXPECT_NEAR(got.price, 2 * bachelier_price(OptionType::call, Forward(100), Strike(100), NormalTotalVol(20)).value(),
              kRounding);
  EXPECT_NEAR(got.delta, 0, kRounding);
}

TEST(PortfolioGreeksErrors, NameTheNumberAndTheRule) {
  const CallPortfolio call(0, 0, {{Strike(100), 1}});
  try {
    portfolio_greeks(call, Forward(NAN), YearFraction(1), Vol(0.2));
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "out_of_the_money: forward is nan, but must be positive and finite");
  }
  EXPECT_THROW(portfolio_greeks(call, Forward(100), YearFraction(-1), Vol(0.2)), PreconditionError);
  EXPECT_THROW(portfolio_greeks(call, Forward(100), YearFraction(1), Vol(NAN)), PreconditionError);
}

}  // namespace
}  // namespace strikenet
