#include "strikenet/portfolio/network_portfolio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/rational.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <ostream>
#include <random>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/payoff/option_portfolio.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;  // of the sum of the absolute terms

struct Leg {
  double strike, units;
};
struct ConversionCase {
  const char* name;
  ReluNetwork network;
  double cash, shares;
  std::vector<Leg> legs;
};
void PrintTo(const ConversionCase& test, std::ostream* out) { *out << test.name; }

class NetworkToCalls : public testing::TestWithParam<ConversionCase> {};

TEST_P(NetworkToCalls, GivesTheHandWorkedPosition) {
  const auto& expected = GetParam();
  const CallPortfolio calls = to_calls(expected.network);
  EXPECT_EQ(calls.cash(), expected.cash);
  EXPECT_EQ(calls.shares(), expected.shares);
  ASSERT_EQ(calls.legs().size(), expected.legs.size());
  for (std::size_t i = 0; i < expected.legs.size(); ++i) {
    EXPECT_EQ(calls.legs()[i].strike, Strike(expected.legs[i].strike)) << "leg " << i;
    EXPECT_EQ(calls.legs()[i].units, expected.legs[i].units) << "leg " << i;
  }
}

ReluNetwork network(double offset, std::vector<HiddenUnit> units) { return {offset, std::move(units)}; }

INSTANTIATE_TEST_SUITE_P(
    Textbook, NetworkToCalls,
    testing::Values(ConversionCase{"Empty", network(2, {}), 2, 0, {}},
                    ConversionCase{"Call", network(0, {{1, -100, 1}}), 0, 0, {{100, 1}}},
                    ConversionCase{"TwoCallsFromOneUnit", network(0, {{4, -400, 0.5}}), 0, 0, {{100, 2}}},
                    ConversionCase{"PutByParity", network(0, {{-1, 100, 1}}), 100, -1, {{100, 1}}},
                    ConversionCase{"Straddle", network(0, {{1, -100, 1}, {-1, 100, 1}}), 100, -1, {{100, 2}}},
                    ConversionCase{"SortedLegs", network(0, {{1, -110, -1}, {1, -90, 1}}), 0, 0, {{90, 1}, {110, -1}}},
                    ConversionCase{"KinksThatMeetAreOneLeg", network(0, {{1, -3, 2}, {2, -6, 4}}), 0, 0, {{3, 10}}},
                    ConversionCase{"LegsThatCancelVanish", network(0, {{1, -3, 2}, {2, -6, -1}}), 0, 0, {}},
                    ConversionCase{"CallMinusPutIsAForward", network(0, {{1, -3, 1}, {-1, 3, -1}}), -3, 1, {}},
                    ConversionCase{"AlwaysOnIsCashAndShares", network(1, {{2, 5, 3}}), 16, 6, {}},
                    ConversionCase{"KinkAtZeroRising", network(0, {{2, 0, 3}}), 0, 6, {}},
                    ConversionCase{"KinkAtZeroFalling", network(0, {{-2, 0, 3}}), 0, 0, {}},
                    ConversionCase{"NeverOnIsNothing", network(1, {{-2, -5, 3}}), 1, 0, {}},
                    ConversionCase{"ZeroInputWeightOn", network(0, {{0, 5, 3}}), 15, 0, {}},
                    ConversionCase{"ZeroInputWeightOff", network(0, {{0, -5, 3}}), 0, 0, {}},
                    ConversionCase{"NoOutputWeight", network(0, {{1, -5, 0}}), 0, 0, {}},
                    // kinks at 1e-600 and 1e600, which a double takes for 0 and infinity
                    ConversionCase{"CallStruckAtNextToNothing", network(0, {{1e300, -1e-300, 1}}), -1e-300, 1e300, {}},
                    ConversionCase{"PutStruckAtNextToNothing", network(0, {{-1e300, 1e-300, 1}}), 0, 0, {}},
                    ConversionCase{"CallStruckBeyondAllDoubles", network(0, {{1e-300, -1e300, 1}}), 0, 0, {}},
                    ConversionCase{"PutStruckBeyondAllDoubles", network(0, {{-1e-300, 1e300, 1}}), 1e300, -1e-300, {}}),
    [](const auto& test) { return test.param.name; });

double size_of_terms(const ReluNetwork& net, double x) {
  double size = std::abs(net.offset());
  for (const auto& unit : net.units()) {
    size += std::abs(unit.out_weight) * (std::abs(unit.in_weight) * x + std::abs(unit.bias));
  }
  return size;
}

ReluNetwork any_network(std::mt19937_64& rng, int units) {
  std::uniform_real_distribution<double> u(-2, 2);
  std::uniform_int_distribution<int> kind(0, 9);
  std::vector<HiddenUnit> hidden;
  for (int i = 0; i < units; ++i) {
    HiddenUnit unit{u(rng), u(rng), u(rng)};
    const int which = kind(rng);
    if (which == 0) unit.in_weight = 0;
    if (which == 1) unit.bias = 0;
    if (which == 2 && i > 0) unit = {-2 * hidden.back().in_weight, -2 * hidden.back().bias, u(rng)};  // same kink
    hidden.push_back(unit);
  }
  return {u(rng), std::move(hidden)};
}

TEST(NetworkToCallsLaw, KeepsThePayoffOfAnyNetwork) {
  std::mt19937_64 rng(20240229);
  std::uniform_real_distribution<double> log_spot(-6, 6);
  for (int trial = 0; trial < 10'000; ++trial) {
    const ReluNetwork net = any_network(rng, trial % 13);
    const CallPortfolio calls = to_calls(net);
    for (int i = 0; i < 20; ++i) {
      const double x = i == 0 ? 0 : std::exp(log_spot(rng));
      ASSERT_NEAR(calls.payoff(x), net.value(x), kRounding * size_of_terms(net, x)) << "trial " << trial << ", x " << x;
    }
  }
}

TEST(NetworkToCallsLaw, KeepsThePayoffAtEveryKink) {
  std::mt19937_64 rng(3);
  for (int trial = 0; trial < 2000; ++trial) {
    const ReluNetwork net = any_network(rng, 1 + trial % 13);
    const CallPortfolio calls = to_calls(net);
    for (const CallLeg& leg : calls.legs()) {
      const double x = leg.strike.value();
      if (x > 1e6) continue;
      ASSERT_NEAR(calls.payoff(x), net.value(x), kRounding * size_of_terms(net, x)) << "trial " << trial << ", x " << x;
    }
  }
}

TEST(NetworkToCallsLaw, AndBackGivesTheSamePosition) {
  std::mt19937_64 rng(4);
  for (int trial = 0; trial < 1000; ++trial) {
    const CallPortfolio calls = to_calls(any_network(rng, trial % 13)), again = to_calls(to_network(calls));
    ASSERT_EQ(again.cash(), calls.cash());
    ASSERT_EQ(again.shares(), calls.shares());
    ASSERT_EQ(again.legs().size(), calls.legs().size());
    for (std::size_t i = 0; i < calls.legs().size(); ++i) {
      ASSERT_EQ(again.legs()[i].strike, calls.legs()[i].strike);
      ASSERT_EQ(again.legs()[i].units, calls.legs()[i].units);
    }
  }
}

// --- exactness: dyadic parameters, rational arithmetic --------------------------
using Rational = boost::rational<std::int64_t>;

// A multiple of 1/1024, as all numbers of these tests are.
Rational rational(double x) {
  EXPECT_EQ(std::round(x * 1024), x * 1024);
  return {static_cast<std::int64_t>(x * 1024), 1024};
}

Rational exact_value(const ReluNetwork& net, Rational x) {
  Rational sum = rational(net.offset());
  for (const auto& unit : net.units()) {
    sum += rational(unit.out_weight) * std::max(rational(unit.in_weight) * x + rational(unit.bias), Rational(0));
  }
  return sum;
}

Rational exact_payoff(const CallPortfolio& calls, Rational x) {
  Rational sum = rational(calls.cash()) + rational(calls.shares()) * x;
  for (const auto& leg : calls.legs())
    sum += rational(leg.units) * std::max(x - rational(leg.strike.value()), Rational(0));
  return sum;
}

Rational exact_payoff(const OptionPortfolio& options, Rational x) {
  Rational sum = rational(options.cash()) + rational(options.shares()) * x;
  for (const auto& leg : options.legs()) {
    const Rational inside = x - rational(leg.strike.value());
    sum += rational(leg.units) * std::max(leg.type == OptionType::call ? inside : -inside, Rational(0));
  }
  return sum;
}

// What the random networks are made of: a law that never met a case says nothing of it.
struct Kinds {
  int constant = 0, falling = 0, always_on = 0, never_on = 0, merged = 0, cancelled = 0;

  void count(const ReluNetwork& net, const CallPortfolio& calls) {
    std::map<double, double> units_at;
    int bending = 0;
    for (const auto& unit : net.units()) {
      const double kink = unit.in_weight == 0 ? 0 : -unit.bias / unit.in_weight;
      constant += unit.in_weight == 0;
      falling += unit.in_weight < 0 && kink > 0;
      always_on += unit.in_weight > 0 && kink <= 0;
      never_on += unit.in_weight < 0 && kink <= 0;
      if (kink <= 0) continue;
      ++bending;
      units_at[kink] += unit.out_weight * std::abs(unit.in_weight);
    }
    merged += static_cast<int>(units_at.size()) < bending;
    cancelled += calls.legs().size() < units_at.size();
  }
};

TEST(NetworkToCallsLaw, IsExactForSmallDyadicNumbersAndSoAreTheWayBackAndTheViewOutOfTheMoney) {
  std::mt19937_64 rng(6);
  std::uniform_int_distribution<int> sixteenths(-64, 64), quarters(-8, 8), power(-2, 2), sign(-1, 1), thirds(0, 60);
  Kinds kinds;
  for (int trial = 0; trial < 10'000; ++trial) {
    std::vector<HiddenUnit> units(static_cast<std::size_t>(trial % 9));
    for (auto& unit : units)
      unit = {std::ldexp(sign(rng), power(rng)), quarters(rng) / 4.0, quarters(rng) / 4.0};
    const ReluNetwork net(sixteenths(rng) / 16.0, units);
    const CallPortfolio calls = to_calls(net);
    const ReluNetwork back = to_network(calls);
    const OptionPortfolio view = out_of_the_money(calls, Forward(1 + trial % 7));
    kinds.count(net, calls);
    for (int i = 0; i < 5; ++i) {
      const Rational x(thirds(rng), 3);
      ASSERT_EQ(exact_payoff(calls, x), exact_value(net, x)) << "trial " << trial << ", x " << x;
      ASSERT_EQ(exact_value(back, x), exact_value(net, x)) << "trial " << trial << ", x " << x;
      ASSERT_EQ(exact_payoff(view, x), exact_value(net, x)) << "trial " << trial << ", x " << x;
    }
  }
  for (const int seen : {kinds.constant, kinds.falling, kinds.always_on, kinds.never_on, kinds.merged, kinds.cancelled})
    EXPECT_GE(seen, 100);
}

// --- edges -----------------------------------------------------------------------
TEST(CallsToNetwork, IsOneUnitPerLegAndOneForTheShares) {
  const ReluNetwork net = to_network(CallPortfolio(5, -2, {{Strike(90), 1}, {Strike(110), -3}}));
  EXPECT_EQ(net.offset(), 5);
  ASSERT_EQ(net.units().size(), 3U);
  EXPECT_EQ(net.units()[0].out_weight, -2);
  EXPECT_EQ(net.units()[2].bias, -110);
  EXPECT_EQ(net.value(120), 5 - 240 + 30 - 30);
  EXPECT_EQ(net.value(-1), 5);
  EXPECT_TRUE(to_network(CallPortfolio(5, 0, {})).units().empty());
}

TEST(NetworkToCallsErrors, APositionThatOverflowsIsRefusedByName) {
  try {
    to_calls(ReluNetwork(0, {{1e200, -1e200, 1e200}}));
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "CallPortfolio: units is inf, but must be finite and not 0");
  }
  EXPECT_THROW(to_calls(ReluNetwork(0, {{0, 1e200, 1e200}})), PreconditionError);
}

}  // namespace
}  // namespace strikenet
