#include "surface/implicit_steps.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-13;

struct Law {
  std::vector<double> nodes, weights, rates;
};

Law random_law(std::mt19937_64& rng, std::size_t n) {
  std::uniform_real_distribution<double> step(0.01, 0.2), weight(0, 1), rate(0, 3);
  Law law;
  double node = 0.1;
  for (std::size_t i = 0; i < n; ++i) {
    law.nodes.push_back(node += step(rng));
    law.weights.push_back(weight(rng));
    law.rates.push_back(rate(rng));
  }
  return law;
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double hinge_sum(const Law& law, const std::vector<double>& weights, std::size_t at) {
  double value = 0;
  for (std::size_t j = at; j < weights.size(); ++j)
    value += weights[j] * (law.nodes[j] - law.nodes[at]);
  return value;
}

// Long steps leave the inner nodes: mass and mean stay, and no weight falls below 0, though the flows between nodes are
// far above 1 / rounding.
TEST(ImplicitSteps, KeepMassAndMeanHoweverLongTheyAre) {
  std::mt19937_64 rng(11);
  for (const double time : {1e3, 1e9, 1e18, 1e100}) {
    const Law law = random_law(rng, 50);
    const std::vector<double> later =
        ImplicitSteps(law.nodes, law.weights, law.rates, 1.0 / 16, 17.0 / 16).at(time).weights;
    EXPECT_NEAR(sum(later), sum(law.weights), 1e-10 * sum(law.weights)) << time;
    EXPECT_NEAR(hinge_sum(law, later, 0), hinge_sum(law, law.weights, 0), 1e-10) << time;
    for (const double weight : later)
      EXPECT_GE(weight, 0) << time;
  }
}

TEST(ImplicitSteps, SolveTheirEquation) {
  // Three nodes, only the middle moves: w+_1 (1 + h q (1/0.5 + 1/1)) = w_1.
  const ImplicitSteps steps({0.5, 1, 2}, {0.25, 0.5, 0.25}, {9, 2, 9}, 1, 1);
  const auto law = steps.at(0.5);
  EXPECT_NEAR(law.weights[1], 0.125, kRounding);
  EXPECT_NEAR(law.weights[0], 0.25 + 0.5 * 2 * 0.125 / 0.5, kRounding);
  EXPECT_NEAR(law.weights[2], 0.25 + 0.5 * 2 * 0.125 / 1, kRounding);
  EXPECT_NEAR(law.slopes[1], 2 * 0.125 / 4, kRounding);  // q times the weight after one more step
  EXPECT_EQ(law.slopes[0], 0);
  EXPECT_EQ(law.slopes[2], 0);
}

TEST(ImplicitSteps, OfNoLengthChangeNothing) {
  const ImplicitSteps steps({0.5, 1, 2}, {0.25, 0.5, 0.25}, {0, 2, 0}, 1, 1.5);
  EXPECT_EQ(steps.at(0).weights, (std::vector<double>{0.25, 0.5, 0.25}));
  EXPECT_NEAR(steps.at(0).slopes[1], 1, kRounding);
}

TEST(ImplicitSteps, KeepMassAndMeanAndWeightsThatAreNotNegative) {
  std::mt19937_64 rng(21);
  for (int trial = 0; trial < 200; ++trial) {
    const Law law = random_law(rng, 12);
    const auto later = ImplicitSteps(law.nodes, law.weights, law.rates, 0.1, 1.1).at(0.77).weights;
    const auto mean = [&](const auto& weights) {
      return std::inner_product(weights.begin(), weights.end(), law.nodes.begin(), 0.0);
    };
    ASSERT_NEAR(sum(later), sum(law.weights), 12 * kRounding);
    ASSERT_NEAR(mean(later), mean(law.weights), 12 * kRounding);
    for (const double weight : later)
      ASSERT_GE(weight, 0);
  }
}

TEST(ImplicitSteps, LiftEveryHingeSumFromOneTimeToAnyLaterOne) {
  std::mt19937_64 rng(22);
  std::uniform_real_distribution<double> time(0, 5);
  for (int trial = 0; trial < 200; ++trial) {
    const Law law = random_law(rng, 12);
    const ImplicitSteps steps(law.nodes, law.weights, law.rates, 0.1, 1.1);
    const double a = time(rng), b = time(rng);
    const auto earlier = steps.at(std::min(a, b)).weights, later = steps.at(std::max(a, b)).weights;
    for (std::size_t i = 0; i < law.nodes.size(); ++i)
      ASSERT_GE(hinge_sum(law, later, i), hinge_sum(law, earlier, i) - 12 * kRounding) << i;
  }
}

TEST(ImplicitSteps, HaveTheSlopesOfTheirHingeSums) {
  constexpr double kStep = 1e-5, kTruncation = 1e-8;
  std::mt19937_64 rng(23);
  for (int trial = 0; trial < 100; ++trial) {
    const Law law = random_law(rng, 12);
    const ImplicitSteps steps(law.nodes, law.weights, law.rates, 0.1, 1.1);
    const auto before = steps.at(0.45 - kStep).weights, after = steps.at(0.45 + kStep).weights;
    const auto slopes = steps.at(0.45).slopes;
    for (std::size_t i = 0; i < law.nodes.size(); ++i) {
      ASSERT_GE(slopes[i], 0);
      ASSERT_NEAR(slopes[i], (hinge_sum(law, after, i) - hinge_sum(law, before, i)) / (2 * kStep), kTruncation) << i;
    }
  }
}

}  // namespace
}  // namespace strikenet
