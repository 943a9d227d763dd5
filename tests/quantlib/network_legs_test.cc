// A network is a book of options: priced by QuantLib leg by leg, the book is worth what the network is, under any
// model.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "oracle/legs.h"
#include "oracle/quantlib_smiles.h"
#include "strikenet/core/black.h"
#include "strikenet/portfolio/network_portfolio.h"
#include "strikenet/portfolio/portfolio_greeks.h"

namespace strikenet {
namespace {

constexpr double kForward = 100;
constexpr double kRounding = 1e-12;  // of the sum of the absolute terms
constexpr double kEngine = 2e-12;    // the error of a Heston price, in forwards
const Forward kF(kForward);

ReluNetwork any_network(std::mt19937_64& rng, int units) {
  std::uniform_real_distribution<double> u(-2, 2), moneyness(-0.3, 0.3);
  std::vector<HiddenUnit> hidden;
  for (int i = 0; i < units; ++i) {
    const double slope = u(rng);
    hidden.push_back({slope, -slope * kForward * std::exp(moneyness(rng)), u(rng)});
  }
  return {u(rng), std::move(hidden)};
}

double size_of_terms(const ReluNetwork& network) {
  double size = std::abs(network.offset());
  for (const auto& unit : network.units())
    size += std::abs(unit.out_weight) * (std::abs(unit.in_weight) * kForward + std::abs(unit.bias));
  return size;
}

// --- one vol: our Black against QuantLib's --------------------------------------------
TEST(NetworkLegs, UnderBlackSumToTheNetworksPriceAndGreeks) {
  std::mt19937_64 rng(20240229);
  const YearFraction t(0.7);
  for (int trial = 0; trial < 1000; ++trial) {
    const Vol vol(0.1 + 0.05 * (trial % 9));
    const ReluNetwork network = any_network(rng, trial % 13);
    const CallPortfolio calls = to_calls(network);
    const PortfolioGreeks ours = portfolio_greeks(calls, kF, t, vol);
    const PortfolioGreeks judge = oracle::sum_of_calls(calls, kForward, [&](OptionType type, auto strikes) {
      return black_calculator_greeks(vol, type, kF, t, strikes);
    });
    const double most = kRounding * (1 + size_of_terms(network));
    ASSERT_NEAR(ours.price, judge.price, most) << trial;
    ASSERT_NEAR(ours.delta, judge.delta, most) << trial;
    ASSERT_NEAR(ours.gamma, judge.gamma, most) << trial;
    ASSERT_NEAR(ours.vega, judge.vega, most) << trial;
    ASSERT_NEAR(ours.theta, judge.theta, most) << trial;
  }
}

// --- smiles: our Black at the vols that QuantLib's prices imply ------------------------
struct SmileModel {
  const char* name;
  double t;
  std::function<std::vector<double>(OptionType, std::span<const double>)> prices;
  oracle::GreeksAt greeks;
};
void PrintTo(const SmileModel& model, std::ostream* out) { *out << model.name; }

class NetworkLegsUnderASmile : public testing::TestWithParam<SmileModel> {};

Vol implied(const SmileModel& model, Strike strike) {
  const OptionType type = strike.value() < kForward ? OptionType::put : OptionType::call;
  const double price = model.prices(type, std::vector<double>{strike.value()})[0];
  return Vol(implied_total_vol(type, kF, strike, Price(price)).vol.value() / std::sqrt(model.t));
}

TEST_P(NetworkLegsUnderASmile, SumToTheNetworksPrice) {
  const SmileModel& model = GetParam();
  std::mt19937_64 rng(5);
  for (int trial = 0; trial < 20; ++trial) {
    const ReluNetwork network = any_network(rng, trial % 9);
    const CallPortfolio calls = to_calls(network);
    const auto vol = [&](Strike strike) { return implied(model, strike); };
    const double ours = portfolio_greeks(calls, kF, YearFraction(model.t), vol).price;
    double judge = calls.cash() + calls.shares() * kForward;
    for (const auto& [strike, units] : calls.legs())
      judge += units * model.prices(OptionType::call, std::vector<double>{strike.value()})[0];
    ASSERT_NEAR(ours, judge, kEngine * (1 + size_of_terms(network))) << trial;
  }
}

// Puts below the forward, calls from there on, against calls only: the sums differ by parity alone.
TEST_P(NetworkLegsUnderASmile, HaveTheGreeksOfTheNetwork) {
  constexpr double kFirst = 1e-9, kSecond = 1e-7;  // the engine's error, magnified by the differences
  const SmileModel& model = GetParam();
  std::mt19937_64 rng(6);
  for (int trial = 0; trial < 5; ++trial) {
    const ReluNetwork network = any_network(rng, 1 + 2 * trial);
    const CallPortfolio calls = to_calls(network);
    const PortfolioGreeks judge = oracle::sum_of_calls(calls, kForward, model.greeks);
    const PortfolioGreeks ours = portfolio_greeks(calls, kF, [&](OptionType type, Strike strike) {
      return model.greeks(type, std::vector<double>{strike.value()})[0];
    });
    const double size = 1 + size_of_terms(network);
    EXPECT_NEAR(ours.price, judge.price, kEngine * size) << trial;
    EXPECT_NEAR(ours.delta, judge.delta, kFirst * size) << trial;
    EXPECT_NEAR(ours.gamma, judge.gamma, kSecond * size) << trial;
    EXPECT_NEAR(ours.vega, judge.vega, kFirst * size) << trial;
    EXPECT_NEAR(ours.theta, judge.theta, kFirst * size) << trial;
  }
}

TEST_P(NetworkLegsUnderASmile, GainFromMovesAndLoseWithTimeWhenBought) {
  const SmileModel& model = GetParam();
  const std::vector<double> strikes = {85, 100, 115};
  for (const Greeks& greeks : model.greeks(OptionType::call, strikes)) {
    EXPECT_GT(greeks.gamma, 0);
    EXPECT_GT(greeks.vega, 0);
    EXPECT_LT(greeks.theta, 0);
  }
}

template <class Model, class Prices, class GreeksOf>
SmileModel smile(const char* name, const Model& model, double t, Prices prices, GreeksOf greeks_of) {
  return {name, t,
          [=](OptionType type, std::span<const double> strikes) {
            return prices(model, type, kF, YearFraction(t), strikes);
          },
          [=](OptionType type, std::span<const double> strikes) {
            return greeks_of(model, type, kF, YearFraction(t), strikes);
          }};
}

INSTANTIATE_TEST_SUITE_P(Models, NetworkLegsUnderASmile,
                         testing::Values(smile("Heston", oracle::kIndexHeston, 0.5, heston_prices, heston_greeks),
                                         smile("WildHeston", oracle::kWildHeston, 1.0, heston_prices, heston_greeks),
                                         smile("Bates", oracle::kIndexBates, 0.5, bates_prices, bates_greeks),
                                         smile("Sabr", oracle::kSabr, 1.0, sabr_prices, sabr_greeks)),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace strikenet
