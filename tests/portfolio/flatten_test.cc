#include "strikenet/portfolio/flatten.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "strikenet/portfolio/network_portfolio.h"
#include "support/random_networks.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::RandomNetworks;
using testing_support::words;

constexpr double kRounding = 1e-10;  // of the largest value: what sums over 6 layers and some hundred pieces leave

DeepNetwork of_one(const Operation& operation) { return DeepNetwork({{"only", operation, {0}}}); }

// --- hand-worked -----------------------------------------------------------------
TEST(Flatten, GivesEachActivationAsItsPieces) {
  const PiecewiseLinear relu = piecewise_linear(of_one(Rectify{})), leaky = piecewise_linear(of_one(Rectify{{0.5}})),
                        absolute = piecewise_linear(of_one(Rectify{{-1}})),
                        tanh = piecewise_linear(of_one(Clip{-1, 1}));
  EXPECT_EQ(relu.first_slope(), 0);
  EXPECT_EQ(relu.last_slope(), 1);
  EXPECT_EQ(leaky.first_slope(), 0.5);
  EXPECT_EQ(absolute.value(-3), 3);
  EXPECT_EQ(tanh.pieces(), 3U);
  EXPECT_EQ(tanh.value(-7), -1);
  EXPECT_EQ(tanh.value(0.25), 0.25);
  EXPECT_EQ(tanh.value(7), 1);
  EXPECT_EQ(piecewise_linear(of_one(Rectify{{1}})).pieces(), 1U);
  EXPECT_EQ(piecewise_linear(of_one(Clip{2, 2})).value(-9), 2);
  EXPECT_EQ(piecewise_linear(of_one(Clip{-HUGE_VAL, 2})).value(9), 2);
}

TEST(Flatten, OfACallSpreadFromAClipIsTwoCalls) {
  const DeepNetwork spread({{"in", Dense{{1}, {-90}}, {0}}, {"clip", Clip{0, 20}, {1}}});
  const CallPortfolio calls = to_calls(piecewise_linear(spread));
  ASSERT_EQ(calls.legs().size(), 2U);
  EXPECT_EQ(calls.legs()[0].strike, Strike(90));
  EXPECT_EQ(calls.legs()[1].strike, Strike(110));
  EXPECT_EQ(calls.legs()[1].units, -1);
  EXPECT_EQ(calls.cash(), 0);
}

// A tent on a tent on a tent (Telgarsky 2015): 2^n pieces from 2 n units, all numbers dyadic.
TEST(Flatten, FindsTheExponentiallyManyPiecesOfATentOnATent) {
  std::vector<Layer> layers;
  std::size_t state = 0;
  constexpr int kDepth = 10;
  for (int i = 0; i < kDepth; ++i) {  // 2 x for x < 1/2, 2 - 2 x from there on
    layers.push_back({"in", Dense{{2, 4}, {0, -2}}, {state}});
    layers.push_back({"relu", Rectify{}, {layers.size()}});
    layers.push_back({"tent", Dense{{1, -1}, {0}}, {layers.size()}});
    state = layers.size();
  }
  const PiecewiseLinear tents = piecewise_linear(DeepNetwork(layers));
  const auto within = std::ranges::count_if(tents.knots(), [](const Knot& knot) { return knot.x > 0 && knot.x < 1; });
  EXPECT_EQ(within + 1, 1 << kDepth);
  EXPECT_EQ(tents.value(1.0 / 1024), 1);
  EXPECT_EQ(tents.value(2.0 / 1024), 0);
  EXPECT_EQ(std::abs(tents.slope(0.3)), 1024);
}

TEST(Flatten, DropsBreakpointsThatTheOutputDoesNotHave) {
  // relu(x) - relu(-x) is x; and a unit that is switched off behind it
  const DeepNetwork line(
      {{"in", Dense{{1, -1}, {0, 0}}, {0}}, {"relu", Rectify{}, {1}}, {"out", Dense{{1, -1}, {0}}, {2}}});
  EXPECT_EQ(piecewise_linear(line).pieces(), 1U);
  EXPECT_EQ(piecewise_linear(line).value(-5), -5);
  const DeepNetwork off({{"relu", Rectify{}, {0}}, {"down", Dense{{-1}, {-1}}, {1}}, {"off", Rectify{}, {2}}});
  EXPECT_EQ(piecewise_linear(off).pieces(), 1U);
}

// 0.01 x - 1 + 0.1 is 0 at 90, and so is what the next layer makes of it: one strike, not two that differ by rounding.
TEST(Flatten, TakesBreakpointsThatDifferByRoundingAsOne) {
  const DeepNetwork network({{"in", Dense{{0.01}, {-1}}, {0}},
                             {"hidden", Dense{{1, -1}, {0.1, 0.1}}, {1}},
                             {"relu", Rectify{}, {2}},
                             {"block", Dense{{1, 0.5}, {0}}, {3}},
                             {"skip", Add{}, {4, 1}},
                             {"value", Clip{0, 0.5}, {5}}});
  const CallPortfolio calls = to_calls(piecewise_linear(network));
  ASSERT_EQ(calls.legs().size(), 3U);
  EXPECT_NEAR(calls.legs()[0].strike.value(), 90, 1e-12);
  EXPECT_NEAR(calls.legs()[1].strike.value(), 110, 1e-12);
  EXPECT_NEAR(calls.legs()[2].strike.value(), 120, 1e-12);
  for (double x = 0; x < 200; x += 0.125)
    EXPECT_NEAR(calls.payoff(x), network.value(x), 1e-13);
}

TEST(Flatten, OfAShallowNetworkIsItsPosition) {
  std::mt19937_64 rng(5);
  std::uniform_real_distribution<double> u(-2, 2), spot(0, 5);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<HiddenUnit> units(static_cast<std::size_t>(trial % 9));
    for (HiddenUnit& unit : units)
      unit = {u(rng), u(rng), u(rng)};
    const ReluNetwork network(u(rng), units);
    const CallPortfolio direct = to_calls(network), flattened = to_calls(piecewise_linear(deep_network(network)));
    ASSERT_EQ(flattened.legs().size(), direct.legs().size());
    for (int i = 0; i < 20; ++i) {
      const double x = spot(rng);
      ASSERT_NEAR(flattened.payoff(x), direct.payoff(x), kRounding);
    }
  }
}

TEST(Flatten, OfAnUnrolledRecurrentNetworkIsTheRecurrence) {
  const RecurrentCell cell{{0.5, -1, 1, 0.25}, {1, -1}, {-1, 3}, {1, 2}, 0.5};
  for (const int steps : {1, 3, 6}) {
    const DeepNetwork network = unrolled(cell, steps);
    const PiecewiseLinear f = piecewise_linear(network);
    for (double x = -10; x <= 10; x += 0.01)
      EXPECT_NEAR(f.value(x), network.value(x), kRounding) << steps << ", " << x;
  }
}

// A staircase in 5,000 steps, layer by layer: each of them cuts what is left above 1, and a stack or a copy of all
// lines at each cut would not do.
TEST(Flatten, GoesThroughThousandsOfLayersThatEachCut) {
  constexpr int kSteps = 2'500;
  std::vector<Layer> layers;
  for (int i = 0; i < kSteps; ++i) {
    const std::size_t before = layers.size();
    layers.push_back({"down", Scale{{1}, {-1}}, {before}});
    layers.push_back({"step", Rectify{{0.999}}, {before + 1}});
  }
  const PiecewiseLinear f = piecewise_linear(DeepNetwork(layers));
  EXPECT_EQ(f.pieces(), kSteps + 1U);
  EXPECT_NEAR(f.value(kSteps + 3), 3, kRounding);
  EXPECT_NEAR(f.value(kSteps), 0, kRounding);
  EXPECT_NEAR(f.value(kSteps - 1), -0.999, kRounding);
  EXPECT_EQ(f.last_slope(), 1);
}

// --- the law -----------------------------------------------------------------------
TEST(FlattenLaw, AThousandRandomDeepNetworksAreTheirPiecesAtTenThousandPointsAndBesideEachBreakpoint) {
  RandomNetworks networks(20261125, 6, 32);
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<double> place(-10, 10);
  std::size_t pieces = 0, most = 0;
#ifdef __SANITIZE_ADDRESS__
  constexpr int kNetworks = 100;  // the sanitizer takes more than ten times as long
#else
  constexpr int kNetworks = 1000;
#endif
  for (int trial = 0; trial < kNetworks; ++trial) {
    const DeepNetwork network = networks.next();
    const PiecewiseLinear f = piecewise_linear(network);
    std::vector<double> x(10'000);
    for (double& at : x)
      at = place(rng);
    for (const Knot& knot : f.knots()) {
      if (std::abs(knot.x) > 10) continue;
      for (const double step : {-1e-9, 0.0, 1e-9})
        x.push_back(knot.x + step * (1 + std::abs(knot.x)));
    }
    const std::vector<double> judge = network.values(x);
    double scale = 0, worst = 0;
    for (const double y : judge)
      scale = std::max(scale, std::abs(y));
    for (std::size_t i = 0; i < x.size(); ++i)
      worst = std::max(worst, std::abs(f.value(x[i]) - judge[i]));
    ASSERT_LE(worst, kRounding * scale) << "network " << trial << ", " << f.pieces() << " pieces";
    pieces += f.pieces();
    most = std::max(most, f.pieces());
  }
  RecordProperty("pieces on average", static_cast<int>(pieces / kNetworks));
  EXPECT_GT(most, 100U);  // else the law speaks of nothing deep
}

// On the pieces the slope is that of the network: finite differences within a piece are its slope.
TEST(FlattenLaw, SlopesAreThoseOfTheNetworkWithinEachPiece) {
  RandomNetworks networks(3, 4, 12);
  int looked_at = 0;
  for (int trial = 0; trial < 50; ++trial) {
    const DeepNetwork network = networks.next();
    const PiecewiseLinear f = piecewise_linear(network);
    const auto knots = f.knots();
    for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
      const double width = knots[i + 1].x - knots[i].x, a = knots[i].x + width / 4, b = knots[i].x + 3 * width / 4;
      if (width < 1e-3 || std::abs(a) > 100) continue;
      const double slope = (network.value(b) - network.value(a)) / (b - a);
      ++looked_at;
      ASSERT_NEAR(slope, knots[i].slope, 1e-7 * (1 + std::abs(slope)));  // rounding, over the width
    }
  }
  EXPECT_GT(looked_at, 500);
}

// --- smooth activations ------------------------------------------------------------
TEST(Enclose, HoldsANetworkOfSmoothActivationsBetweenTwoBooks) {
  std::mt19937_64 rng(11);
  std::normal_distribution<double> u;
  for (const auto kind : {Smooth::Kind::gelu, Smooth::Kind::silu, Smooth::Kind::softplus, Smooth::Kind::tanh})
    for (const double error : {1e-2, 1e-5}) {
      Dense in, middle, out{{}, {0.3}};
      for (int i = 0; i < 4; ++i) {
        in.weights.push_back(3 * u(rng));
        in.bias.push_back(u(rng));
        middle.bias.push_back(u(rng));
        out.weights.push_back(u(rng));
        for (int j = 0; j < 4; ++j)
          middle.weights.push_back(u(rng));
      }
      const DeepNetwork network({{"in", in, {0}},
                                 {"a", Smooth{kind}, {1}},
                                 {"middle", middle, {2}},
                                 {"b", Smooth{kind}, {3}},
                                 {"out", out, {4}}});
      const Enclosure enclosure = enclose(network, error);
      EXPECT_LT(enclosure.error, 100 * error);
      double worst = 0;
      for (double x = -60; x <= 60; x += 0.01)
        worst = std::max(worst, std::abs(enclosure.middle.value(x) - network.value(x)));
      EXPECT_LE(worst, enclosure.error);
      EXPECT_GT(worst, enclosure.error / 1000);  // a bound that means something
    }
}

TEST(Enclose, OfOneActivationHasItsErrorAndItsAsymptotes) {
  for (const auto kind : {Smooth::Kind::gelu, Smooth::Kind::silu, Smooth::Kind::softplus, Smooth::Kind::tanh}) {
    const Enclosure enclosure = enclose(of_one(Smooth{kind}), 1e-3);
    EXPECT_EQ(enclosure.error, 1e-3);
    for (double x = -100; x <= 100; x += 0.001)
      ASSERT_LE(std::abs(enclosure.middle.value(x) - smooth_value(kind, x)), 1e-3) << x;
    EXPECT_EQ(enclosure.middle.first_slope(), 0);
    EXPECT_NEAR(enclosure.middle.last_slope(), kind == Smooth::Kind::tanh ? 0 : 1, 1e-12);
    EXPECT_LT(enclosure.middle.pieces(), 60U);
  }
}

TEST(Enclose, OfStraightActivationsIsExact) {
  const Enclosure enclosure = enclose(of_one(Rectify{}), 0.1);
  EXPECT_EQ(enclosure.error, 0);
  EXPECT_EQ(enclosure.middle.pieces(), 2U);
}

// --- errors ------------------------------------------------------------------------
TEST(FlattenErrors, NameTheLayerThatHasNoPieces) {
  EXPECT_EQ(words([] {
              piecewise_linear(DeepNetwork({{"act", Smooth{Smooth::Kind::gelu}, {0}}}));
            }),
            "piecewise_linear: layer 1 'act' is gelu, but must have straight pieces: enclose() bounds it");
  EXPECT_EQ(words([] {
              piecewise_linear(of_one(Clip{-1, 1}), {.most_pieces = 2});
            }),
            "piecewise_linear: number of pieces is above 2, but must be at most that");
  EXPECT_EQ(words([] { enclose(of_one(Rectify{}), 0); }), "enclose: activation_error is 0, but must be from 1e-9 to 1");
}

}  // namespace
}  // namespace strikenet
