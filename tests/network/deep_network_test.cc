#include "strikenet/network/deep_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "strikenet/core/bachelier.h"
#include "strikenet/core/limits.h"
#include "support/random_networks.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::RandomNetworks;
using testing_support::words;

constexpr double kRounding = 1e-14;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The network of one operation between 1 input, two copies of it with signs, and their sum.
double of_one(const Operation& operation, double x) {
  return DeepNetwork(
             {{"two", Dense{{1, -1}, {0, 0}}, {0}}, {"one", operation, {1}}, {"sum", Dense{{1, 100}, {0}}, {2}}})
      .value(x);
}

// --- hand-worked -----------------------------------------------------------------
TEST(DeepNetwork, ComputesEachOperation) {
  EXPECT_EQ(of_one(Scale{{2, 3}, {1, -1}}, 5), 11 + 100 * -16);
  EXPECT_EQ(of_one(Rectify{}, 5), 5);
  EXPECT_EQ(of_one(Rectify{}, -5), 500);
  EXPECT_EQ(of_one(Rectify{{0.5}}, 4), 4 - 200);
  EXPECT_EQ(of_one(Rectify{{0.5, -1}}, 4), 4 + 400);
  EXPECT_EQ(of_one(Clip{-1, 2}, 5), 2 - 100);
  EXPECT_EQ(of_one(Clip{-kInfinity, 2}, 5), 2 - 500);
  const auto of_two = [](const Operation& operation) {
    return DeepNetwork({{"a", Dense{{1, 2}, {0, 1}}, {0}},
                        {"b", Constant{{3, 4}}, {}},
                        {"c", operation, {1, 2}},
                        {"d",
                         Dense{std::holds_alternative<Concat>(operation) ? std::vector<double>{1, 10, 100, 1000}
                                                                         : std::vector<double>{1, 10},
                               {0}},
                         {3}}})
        .value(2);
  };
  EXPECT_EQ(of_two(Add{}), 5 + 90);
  EXPECT_EQ(of_two(Maximum{}), 3 + 50);
  EXPECT_EQ(of_two(Minimum{}), 2 + 40);
  EXPECT_EQ(of_two(Concat{}), 2 + 50 + 300 + 4000);
}

TEST(DeepNetwork, HasTheSmoothActivationsOfTheirDefinitions) {
  for (double x = -30; x <= 30; x += 0.37) {
    EXPECT_NEAR(smooth_value(Smooth::Kind::gelu, x), x * (1 + std::erf(x / std::numbers::sqrt2)) / 2, kRounding);
    EXPECT_NEAR(smooth_value(Smooth::Kind::silu, x), x / (1 + std::exp(-x)), kRounding * (1 + std::abs(x)));
    EXPECT_NEAR(smooth_value(Smooth::Kind::softplus, x), std::log(1 + std::exp(x)), kRounding * (1 + std::abs(x)));
    EXPECT_EQ(smooth_value(Smooth::Kind::tanh, x), std::tanh(x));
  }
  EXPECT_EQ(smooth_value(Smooth::Kind::silu, -800), -0.0);
  EXPECT_EQ(smooth_value(Smooth::Kind::softplus, 800), 800);
}

TEST(DeepNetwork, OfAReluNetworkIsTheSameFunction) {
  const ReluNetwork shallow(3, {{1, -90, 2}, {-1, 100, 0.5}, {0, 2, 4}});
  const DeepNetwork deep = deep_network(shallow);
  for (const double x : {0.0, 50.0, 95.0, 200.0})
    EXPECT_EQ(deep.value(x), shallow.value(x));
  EXPECT_EQ(deep_network(ReluNetwork(7, {})).value(3), 7);
  EXPECT_EQ(deep.total_width(), 8U);
}

TEST(DeepNetwork, FoldsABatchNormalisation) {
  const std::vector<double> gamma = {2, 1}, beta = {1, 0}, mean = {3, -1}, variance = {3, 0.25};
  const Scale scale = folded_batch_norm(gamma, beta, mean, variance, 1);
  EXPECT_EQ(scale.factor[0], 1);
  EXPECT_EQ(scale.shift[0], -2);
  EXPECT_NEAR(scale.factor[1] * 5 + scale.shift[1], 6 / std::sqrt(1.25), kRounding * 6);
}

TEST(DeepNetwork, UnrollsARecurrentOne) {
  const RecurrentCell cell{{0.5, -1, 1, 0.25}, {1, -1}, {-1, 3}, {1, 2}, 0.5};
  const auto by_hand = [&](double x, int steps) {
    double a = 0, b = 0;
    for (int i = 0; i < steps; ++i) {
      const double next_a = std::max(0.5 * a - b + x - 1, 0.0), next_b = std::max(a + 0.25 * b - x + 3, 0.0);
      a = next_a, b = next_b;
    }
    return a + 2 * b + 0.5;
  };
  for (const int steps : {1, 2, 5})
    for (double x = -3; x <= 6; x += 0.25)
      EXPECT_NEAR(unrolled(cell, steps).value(x), by_hand(x, steps), 1e3 * kRounding) << steps << ", " << x;
}

// The mean of a ReLU whose input moves normally is Bachelier's call: the priced unit.
TEST(DeepNetwork, ItsReluPricedIsBacheliersCall) {
  for (const double s : {0.5, 2.0})
    for (double x = -4; x <= 4; x += 0.5) {
      double mean = 0;  // trapezoids over 12 standard deviations: exact to rounding for all but the kink
      constexpr int kSteps = 200'000;
      for (int i = 0; i <= kSteps; ++i) {
        const double z = -12 + 24.0 * i / kSteps;
        mean += std::max(x + s * z, 0.0) * std::exp(-z * z / 2) * (24.0 / kSteps);
      }
      mean /= std::sqrt(2 * std::numbers::pi);
      const double d = x / s, n = std::exp(-d * d / 2) / std::sqrt(2 * std::numbers::pi);
      const double call = x * std::erfc(-d / std::numbers::sqrt2) / 2 + s * n;
      EXPECT_NEAR(mean, call, 1e-8);  // truncation at the kink
      EXPECT_NEAR(bachelier_price(OptionType::call, Forward(x), Strike(0), NormalTotalVol(s)).value(), call, kRounding);
      EXPECT_NEAR(s * smooth_value(Smooth::Kind::gelu, d) + s * n, call, kRounding);
    }
}

// --- laws ------------------------------------------------------------------------
TEST(DeepNetworkLaw, ManyPointsAreTheSameBitsAsOneAtATime) {
  RandomNetworks networks(1, 4, 8);
  std::mt19937_64 rng(2);
  std::uniform_real_distribution<double> place(-9, 9);
  for (int trial = 0; trial < 20; ++trial) {
    const DeepNetwork network = networks.next();
    std::vector<double> x(1000);
    for (double& at : x)
      at = place(rng);
    const std::vector<double> all = network.values(x);
    for (std::size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(all[i], network.value(x[i]));
  }
  EXPECT_TRUE(networks.next().values({}).empty());
}

// --- errors ------------------------------------------------------------------------
TEST(DeepNetworkErrors, NameTheLayerAndWhatIsWrongWithIt) {
  const auto of = [](std::vector<Layer> layers) { return words([&] { DeepNetwork network(layers); }); };
  EXPECT_EQ(of({}), "DeepNetwork: number of layers is 0, but must be at least 1");
  EXPECT_EQ(of({{"in", Dense{{1, 2, 3}, {0, 0}}, {0}}}),
            "DeepNetwork: layer 1 'in' (dense): number of weights is 3, but must be 2");
  EXPECT_EQ(of({{"in", Dense{{1, 2}, {0, 0}}, {0}}}), "DeepNetwork: width of the last layer is 2, but must be 1");
  EXPECT_EQ(of({{"in", Dense{{NAN}, {0}}, {0}}}),
            "DeepNetwork: layer 1 'in' (dense): weights is nan, but must be finite");
  EXPECT_EQ(of({{"r", Rectify{}, {1}}}), "DeepNetwork: layer 1 'r' (rectify): input is 1, but must be at most 0");
  EXPECT_EQ(of({{"r", Rectify{}, {0, 0}}}), "DeepNetwork: layer 1 'r' (rectify): number of inputs is 2, but must be 1");
  EXPECT_EQ(of({{"r", Rectify{{1, 2}}, {0}}}),
            "DeepNetwork: layer 1 'r' (rectify): number of slopes is 2, but must be 1");
  EXPECT_EQ(of({{"c", Clip{2, 1}, {0}}}), "DeepNetwork: layer 1 'c' (clip): low is 2, but must be at most high, 1");
  EXPECT_EQ(of({{"a", Dense{{1, 1}, {0, 0}}, {0}}, {"s", Add{}, {0, 1}}}),
            "DeepNetwork: layer 2 's' (add): width of an input is 2, but must be 1 as of the first");
  EXPECT_EQ(of({{"m", Maximum{}, {0}}}), "DeepNetwork: layer 1 'm' (maximum): number of inputs is 1, but must be 2");
  EXPECT_EQ(of({{"k", Constant{}, {}}}),
            "DeepNetwork: layer 1 'k' (constant): number of channels is 0, but must be at least 1");
  EXPECT_EQ(of({{"j", Concat{}, {}}}),
            "DeepNetwork: layer 1 'j' (concat): number of channels is 0, but must be at least 1");
  EXPECT_EQ(words([] { (void)deep_network(ReluNetwork(0, {})).value(kInfinity); }),
            "DeepNetwork::value: x is inf, but must be finite");
  const std::vector<double> one = {1}, minus = {-2};
  EXPECT_EQ(words([&] { folded_batch_norm(one, one, one, minus, 1); }),
            "folded_batch_norm: variance + epsilon is -1, but must be positive");
  EXPECT_EQ(words([] { unrolled({}, 0); }), "unrolled: number of steps is 0, but must be at least 1");
}

TEST(DeepNetwork, HasAtMostSoManyLayersAndChannels) {
  std::vector<Layer> layers;
  for (std::size_t i = 0; i <= limits::layers; ++i)
    layers.push_back({"act", Rectify{}, {i}});
  EXPECT_EQ(words([&] { DeepNetwork network(layers); }),
            "DeepNetwork: number of layers is 10001, but must be at most 10000");
  layers.pop_back();
  EXPECT_EQ(DeepNetwork(layers).value(2), 2);
  layers.clear();
  for (std::size_t i = 0; i < 40; ++i)  // doubles what is before it
    layers.push_back({"join", Concat{}, {i, i}});
  EXPECT_EQ(words([&] { DeepNetwork network(layers); }),
            "DeepNetwork: number of channels of all layers is 1048574, but must be at most 1000000");
}

// Many channels at once would need gigabytes for a block of points.
TEST(DeepNetwork, OfManyChannelsIsEvaluatedInSmallerBlocks) {
  constexpr std::size_t kWidth = 100'000;
  const DeepNetwork network({{"wide", Dense{std::vector(kWidth, 1.0), std::vector(kWidth, 0.0)}, {0}},
                             {"sum", Dense{std::vector(kWidth, 1.0), {0}}, {1}}});
  std::vector<double> x(300);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<double>(i);
  const std::vector<double> values = network.values(x);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_EQ(values[i], x[i] * kWidth);
}

}  // namespace
}  // namespace strikenet
