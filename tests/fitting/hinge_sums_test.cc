#include "fitting/hinge_sums.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "fitting/random_laws.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using testing_support::RandomLaws;

constexpr double kRounding = 1e-12;  // relative: some tens of roundings of positive terms, however small the price is
constexpr double kOfDifferences = 1e-10;  // relative, of a weight: the same over the distance of neighbouring nodes

constexpr std::array kActivations{Activation::relu, Activation::quadratic, Activation::cubic};

Smile smile_on(Activation activation, std::vector<double> knots) {
  Smile smile{.activation = activation, .knots = std::move(knots)};
  smile.nodes = unit_nodes(activation, smile.knots);
  return smile;
}

double price_of(const HingeSums& sums, double k, const VectorXd& x) {
  const HingeSums::Form form = sums.price(k);
  return value_of(form.row, x) + form.constant;
}

/// The oracle: the out-of-the-money price as the sum of what the units are worth.
double price_of(const Smile& smile, double k, const VectorXd& weights) {
  long double sum = 0;
  for (Index j = 0; j < weights.size(); ++j)
    sum += static_cast<long double>(weights(j)) * (k < 1 ? unit_put(smile.unit(j), k) : unit_call(smile.unit(j), k));
  return static_cast<double>(sum);
}

TEST(HingeSums, TurnIntoTheWeightsOfAHandWorkedLaw) {
  const Smile smile = smile_on(Activation::relu, {0.4, 0.8, 1.2, 1.6});
  const HingeSums sums(smile, VectorXd{{0.1, 0.4, 0.4, 0.1}});
  EXPECT_EQ(sums.unknowns(), 2);
  EXPECT_NEAR(sums.scale(1), 0.04, 1e-16);  // 0.1 (0.8 - 0.4), and the same above
  EXPECT_NEAR(sums.scale(2), 0.04, 1e-16);
  EXPECT_TRUE(sums.weights(VectorXd{{1, 1, 0}}).isApprox(VectorXd{{0.1, 0.4, 0.4, 0.1}}, kRounding));
  // Puts 0, 0.08, 0.24, 0.6 at the nodes: slopes 0.2, 0.4, 0.9.
  EXPECT_TRUE(sums.weights(VectorXd{{2, 1, 0}}).isApprox(VectorXd{{0.2, 0.2, 0.5, 0.1}}, kRounding));
}

TEST(HingeSums, AreSumsOfPutsBelowOneAndOfCallsFromThereOn) {
  const VectorXd weights{{0.25, 0.5, 0.25}};
  EXPECT_EQ(out_of_the_money_sums(std::vector{0.5, 1.0, 1.5}, weights), (VectorXd{{0, 0.125, 0}}));
  EXPECT_EQ(out_of_the_money_sums(std::vector{0.25, 0.5, 0.75}, weights), (VectorXd{{0, 0.0625, 0.25}}));
  EXPECT_EQ(out_of_the_money_sums(std::vector{1.0, 1.25, 1.5}, weights), (VectorXd{{0.25, 0.0625, 0}}));
  EXPECT_EQ(out_of_the_money_sums(std::vector{1.0}, VectorXd::Ones(1)), VectorXd::Zero(1));
}

TEST(HingeSums, GivePricesOfRandomLawsToAllDigitsHoweverSmallTheyAre) {
  RandomLaws random(20261201);
  double smallest = 1;
  for (int trial = 0; trial < 60; ++trial) {
    const Smile smile =
        smile_on(kActivations[static_cast<std::size_t>(trial % 3)], random.knots(0.4, 2, random.whole(12, 90)));
    const HingeSums sums(smile, random.law(smile.nodes, random.between(0.12, 0.25)));
    const VectorXd weights = random.law(smile.nodes, random.between(0.1, 0.2)), x = sums.from_weights(weights);
    std::vector<double> strikes = smile.knots;
    strikes.insert(strikes.end(), smile.nodes.begin(), smile.nodes.end());
    strikes.insert(strikes.end(), {0, 0.39, 1, 2.1});
    for (int i = 0; i < 100; ++i)
      strikes.push_back(random.between(0.4, 2));
    for (const double k : strikes) {
      const double price = price_of(smile, k, weights);
      if (price > 0) smallest = std::min(smallest, price);
      ASSERT_NEAR(price_of(sums, k, x), price, kRounding * price) << "trial " << trial << " at " << k;
    }
  }
  EXPECT_LT(smallest, 1e-19);
}

TEST(HingeSums, GivePricesOfAHandfulOfUnits) {
  RandomLaws random(20261202);
  for (const Activation activation : kActivations)
    for (int units = 3; units < 10; ++units) {
      const Smile smile = smile_on(activation, random.knots(0.6, 1.6, units + knots_per_unit(activation) - 1));
      const VectorXd weights = random.law(smile.nodes, 0.4);
      const HingeSums sums(smile, VectorXd::Constant(units, 1.0 / units));
      const VectorXd x = sums.from_weights(weights);
      for (int i = 0; i < 50; ++i) {
        const double k = random.between(0.5, 1.7), price = price_of(smile, k, weights);
        ASSERT_NEAR(price_of(sums, k, x), price, kRounding * price) << units << " units at " << k;
      }
    }
}

TEST(HingeSums, ComeFromWeightsAndGoBackToThem) {
  RandomLaws random(20261203);
  for (int trial = 0; trial < 60; ++trial) {
    const Smile smile =
        smile_on(kActivations[static_cast<std::size_t>(trial % 3)], random.knots(0.4, 2, random.whole(6, 90)));
    const HingeSums sums(smile, random.law(smile.nodes, random.between(0.12, 0.25)));
    const VectorXd weights = random.law(smile.nodes, random.between(0.1, 0.2));
    const VectorXd x = sums.from_weights(weights), again = sums.weights(x);
    ASSERT_EQ(x.size(), sums.unknowns() + 1);
    ASSERT_EQ(x(sums.unknowns()), 0) << "the border unknown";
    for (Index j = 0; j < weights.size(); ++j) {
      ASSERT_NEAR(again(j), weights(j), kOfDifferences * weights(j)) << "trial " << trial << ", unit " << j;
      const HingeSums::Form form = sums.relative_weight(j);
      ASSERT_NEAR((value_of(form.row, x) + form.constant) * sums.prior()(j), weights(j), kOfDifferences * weights(j))
          << "trial " << trial << ", unit " << j;
    }
    ASSERT_TRUE(sums.from_weights(again).isApprox(x, kOfDifferences)) << "trial " << trial;
  }
}

TEST(HingeSums, KeepMassAndMeanWhateverTheUnknownsAre) {
  RandomLaws random(20261204);
  for (int trial = 0; trial < 30; ++trial) {
    const Smile smile = smile_on(Activation::cubic, random.knots(0.5, 1.8, random.whole(6, 60)));
    const HingeSums sums(smile, random.law(smile.nodes, 0.3));
    VectorXd x(sums.unknowns() + 1);
    for (double& unknown : x)
      unknown = random.between(-3, 3);
    const VectorXd weights = sums.weights(x);
    const double scale = weights.cwiseAbs().sum();
    const Eigen::Map<const VectorXd> nodes(smile.nodes.data(), weights.size());
    ASSERT_NEAR(weights.sum(), 1, kRounding * scale) << "trial " << trial;
    ASSERT_NEAR(weights.dot(nodes), 1, kRounding * scale) << "trial " << trial;
  }
}

TEST(HingeSums, CombineFormsIntoOne) {
  RandomLaws random(20261205);
  const Smile smile = smile_on(Activation::cubic, random.knots(0.5, 1.8, 20));
  const HingeSums sums(smile, random.law(smile.nodes, 0.3));
  const VectorXd x = sums.from_weights(random.law(smile.nodes, 0.25));
  constexpr std::array<double, 4> factors{-1, 3, -3, 1};
  for (Index j = 0; j + 3 < smile.units(); ++j) {
    std::vector<HingeSums::Form> forms;
    double sum = 0, scale = 0;
    for (Index i = 0; i < 4; ++i) {
      forms.push_back(sums.relative_weight(j + i));
      const double term =
          factors[static_cast<std::size_t>(i)] * (value_of(forms.back().row, x) + forms.back().constant);
      sum += term;
      scale += std::abs(term);
    }
    const HingeSums::Form form = HingeSums::combination(forms, factors);
    ASSERT_NEAR(value_of(form.row, x) + form.constant, sum, kOfDifferences * scale) << "from unit " << j;
  }
}

}  // namespace
}  // namespace strikenet
