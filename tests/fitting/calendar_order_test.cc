#include "fitting/calendar_order.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <string>
#include <vector>

#include "fitting/hinge_sums.h"
#include "fitting/random_laws.h"
#include "strikenet/arbitrage/certificate.h"

namespace strikenet {
namespace {

using boost::multiprecision::cpp_rational;
using Eigen::Index;
using Eigen::VectorXd;
using testing_support::RandomLaws;

constexpr double kMargin = 1e-12;    // by which each expiry's time values grow over those of the one before
constexpr double kRounding = 1e-13;  // relative, of a time value: some hundred roundings of positive terms

constexpr std::array kActivations{Activation::relu, Activation::quadratic, Activation::cubic};

using Exact = std::vector<cpp_rational>;

/// Time values of the doubles as they are: puts below 1, calls from there on, from the definition.
Exact time_values(const std::vector<double>& nodes, const VectorXd& weights) {
  Exact values;
  for (const double at : nodes) {
    cpp_rational sum = 0;
    for (std::size_t j = 0; j < nodes.size(); ++j)
      if (at < 1 ? nodes[j] < at : nodes[j] > at)
        sum += cpp_rational(weights(static_cast<Index>(j))) * abs(cpp_rational(nodes[j]) - cpp_rational(at));
    values.push_back(sum);
  }
  return values;
}

Exact larger(const Exact& a, const Exact& b) {
  Exact result;
  for (std::size_t i = 0; i < a.size(); ++i)
    result.push_back(std::max(a[i], b[i]));
  return result;
}

/// value / of - 1; 0 where both are 0.
double relative(const cpp_rational& value, const cpp_rational& of) {
  if (of == 0) return value == 0 ? 0 : 1;
  return static_cast<double>(value / of - 1);
}

VectorXd larger_of_two(const std::vector<double>& nodes, const VectorXd& a, const VectorXd& b, VectorXd& sums) {
  sums = out_of_the_money_sums(nodes, a);
  return larger_of(nodes, a, b, out_of_the_money_sums(nodes, b), sums);
}

Certificate certificate(Activation activation, const std::vector<double>& knots, const std::vector<VectorXd>& laws) {
  Surface surface{.activation = activation};
  for (const VectorXd& law : laws)
    surface.slices.push_back({ExpiryKey{std::to_string(surface.slices.size())},
                              YearFraction(1.0 + static_cast<double>(surface.slices.size())), Forward(100),
                              DiscountFactor(1), CallCurve(activation, knots, {law.begin(), law.end()})});
  return prove_arbitrage_free(surface);
}

std::string violations(const Certificate& certificate) {
  std::string text;
  for (const Violation& violation : certificate.violations)
    text += std::string(to_string(violation.kind)) + " of slice " + violation.key.expiry + " at " +
            std::to_string(violation.node) + " by " + std::to_string(violation.by * 1e15) + "e-15\n";
  return text;
}

TEST(LargerOf, BendsWhereHandWorkedLawsChangePlaces) {
  // Time values 0.04, 0.04 and 0.08, 0.02 at the inner nodes; puts 0, 0.08, 0.24, 0.6 of the larger.
  const std::vector nodes{0.4, 0.8, 1.2, 1.6};
  VectorXd sums;
  const VectorXd law = larger_of_two(nodes, VectorXd{{0.1, 0.4, 0.4, 0.1}}, VectorXd{{0.2, 0.15, 0.6, 0.05}}, sums);
  EXPECT_TRUE(sums.isApprox(VectorXd{{0, 0.08, 0.04, 0}}, kRounding));
  EXPECT_TRUE(law.isApprox(VectorXd{{0.2, 0.2, 0.5, 0.1}}, kRounding));
}

TEST(LargerOf, IsTheOneThatIsLargerEverywhereToTheLastBit) {
  RandomLaws random(20261211);
  const std::vector<double> nodes = random.knots(0.4, 2, 40);
  const VectorXd narrow = random.law(nodes, 0.1);
  const VectorXd wide = 0.5 * narrow + 0.5 * random.law(nodes, 0.4);
  VectorXd sums;
  EXPECT_EQ(larger_of_two(nodes, wide, narrow, sums), wide);
  EXPECT_EQ(larger_of_two(nodes, narrow, wide, sums), wide);
  EXPECT_EQ(larger_of_two(nodes, narrow, narrow, sums), narrow);
}

TEST(LargerOf, IsALawWhoseTimeValuesAreTheLargerAtEveryNode) {
  RandomLaws random(20261212);
  for (int trial = 0; trial < 60; ++trial) {
    const std::vector<double> nodes = random.knots(0.3, 2.5, random.whole(8, 40));
    const int holes = trial % 2 == 0 ? 0 : 4;
    const VectorXd a = random.law(nodes, random.between(0.1, 0.3), holes),
                   b = random.law(nodes, random.between(0.1, 0.3), holes);
    VectorXd sums;
    const VectorXd law = larger_of_two(nodes, a, b, sums);
    ASSERT_GE(law.minCoeff(), 0) << "trial " << trial;
    ASSERT_NEAR(law.sum(), 1, kRounding) << "trial " << trial;
    const Exact found = time_values(nodes, law), wanted = larger(time_values(nodes, a), time_values(nodes, b));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      ASSERT_LT(std::abs(relative(found[i], wanted[i])), kRounding) << "trial " << trial << ", node " << i;
      ASSERT_LT(std::abs(relative(cpp_rational(sums(static_cast<Index>(i))), wanted[i])), kRounding)
          << "trial " << trial << ", node " << i;
    }
  }
}

/// Laws in no order; `wings` deep: time values down to 1e-25 and less.
struct Unordered {
  Activation activation;
  std::vector<double> knots, nodes;
  std::vector<VectorXd> laws;
};

Unordered unordered(RandomLaws& random, int trial, int holes, double gap = 0) {
  Unordered made{.activation = kActivations[static_cast<std::size_t>(trial % 3)],
                 .knots = random.knots(0.3, 2.5, random.whole(12, 45)),
                 .nodes = {},
                 .laws = {}};
  made.nodes = unit_nodes(made.activation, made.knots);
  const int count = random.whole(2, 10);
  for (int n = 0; n < count; ++n)
    made.laws.push_back(random.law(made.nodes, random.between(0.1, 0.3), holes, random.between(0, gap)));
  return made;
}

void expect_proved_and_near(Unordered made, const std::string& where, double& smallest) {
  std::vector<Exact> wanted;
  for (const VectorXd& law : made.laws) {
    Exact own = time_values(made.nodes, law);
    wanted.push_back(wanted.empty() ? own : larger(own, wanted.back()));
  }
  put_in_order(made.nodes, made.laws);
  const Certificate proof = certificate(made.activation, made.knots, made.laws);
  EXPECT_TRUE(proof.arbitrage_free()) << where << ":\n" << violations(proof);
  for (std::size_t n = 0; n < made.laws.size(); ++n) {
    const Exact found = time_values(made.nodes, made.laws[n]);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double change = relative(found[i], wanted[n][i]);
      EXPECT_LT(std::abs(change), kMargin * static_cast<double>(n) + 3 * kRounding)
          << where << ", law " << n << ", node " << i << " of " << found.size();
      if (found[i] > 0) smallest = std::min(smallest, static_cast<double>(found[i]));
    }
  }
}

TEST(PutInOrder, GivesSurfacesThatAreProvedAndChangesTimeValuesByAMarginOnly) {
  RandomLaws random(20261213);
  double smallest = 1;
  for (int trial = 0; trial < 60; ++trial)
    expect_proved_and_near(unordered(random, trial, 0), "trial " + std::to_string(trial), smallest);
  EXPECT_LT(smallest, 1e-25);
}

TEST(PutInOrder, GivesSurfacesThatAreProvedWhereWeightsAreZero) {
  RandomLaws random(20261214);
  double smallest = 1;
  for (int trial = 0; trial < 60; ++trial)
    expect_proved_and_near(unordered(random, trial, 2 + trial % 4), "trial " + std::to_string(trial), smallest);
}

TEST(PutInOrder, GivesSurfacesThatAreProvedWhereThereIsNothingNearTheForward) {
  RandomLaws random(20261215);
  double smallest = 1;
  for (int trial = 0; trial < 60; ++trial)
    expect_proved_and_near(unordered(random, trial, 0, 0.15), "trial " + std::to_string(trial), smallest);
}

TEST(PutInOrder, MendsMassAndMeanThatASolverLeftOpen) {
  RandomLaws random(20261218);
  for (int trial = 0; trial < 30; ++trial) {
    Unordered made = unordered(random, trial, 0);
    for (VectorXd& law : made.laws)
      for (double& weight : law)
        weight *= 1 + random.between(-1e-9, 1e-9);
    ASSERT_FALSE(certificate(made.activation, made.knots, made.laws).slices_proved) << "trial " << trial;
    put_in_order(made.nodes, made.laws);
    const Certificate proof = certificate(made.activation, made.knots, made.laws);
    EXPECT_TRUE(proof.arbitrage_free()) << "trial " << trial << ":\n" << violations(proof);
    EXPECT_LT(proof.largest_move, 1e-15) << "trial " << trial;
  }
}

TEST(PutInOrder, ProvesLawsThatAreAllTheSame) {
  RandomLaws random(20261216);
  for (const Activation activation : kActivations) {
    const std::vector<double> knots = random.knots(0.3, 2.5, 40), nodes = unit_nodes(activation, knots);
    std::vector<VectorXd> laws(30, random.law(nodes, 0.15));
    put_in_order(nodes, laws);
    const Certificate proof = certificate(activation, knots, laws);
    EXPECT_TRUE(proof.arbitrage_free()) << violations(proof);
  }
}

/// A tenth of every weight goes to the weights on either side that are not 0, keeping mass and mean: larger in convex
/// order, strictly so at every inner node.
VectorXd spread(const std::vector<double>& nodes, const VectorXd& law) {
  std::vector<Index> carriers;
  for (Index j = 0; j < law.size(); ++j)
    if (law(j) > 0) carriers.push_back(j);
  const auto node = [&](Index j) { return nodes[static_cast<std::size_t>(j)]; };
  VectorXd result = law;
  for (std::size_t c = 1; c + 1 < carriers.size(); ++c) {
    const Index before = carriers[c - 1], j = carriers[c], after = carriers[c + 1];
    const double moved = law(j) / 10, up = (node(j) - node(before)) / (node(after) - node(before));
    result(j) -= moved;
    result(before) += moved * (1 - up);
    result(after) += moved * up;
  }
  return result;
}

TEST(PutInOrder, LeavesLawsThatAreInOrderAloneButForTheMargin) {
  RandomLaws random(20261217);
  const std::vector<double> nodes = random.knots(0.3, 2.5, 40);
  std::vector<VectorXd> laws{random.law(nodes, 0.1, 6)};
  for (int n = 1; n < 6; ++n)
    laws.push_back(spread(nodes, laws.back()));
  const std::vector<VectorXd> before = laws;
  put_in_order(nodes, laws);
  int zeros = 0, small = 0;
  for (std::size_t n = 0; n < laws.size(); ++n)
    for (Index j = 0; j < laws[n].size(); ++j) {
      const std::string where = "law " + std::to_string(n) + ", weight " + std::to_string(j);
      const double was = before[n](j), is = laws[n](j), margin = kMargin * static_cast<double>(n);
      if (was == 0) {
        ++zeros;
        EXPECT_EQ(is, 0) << where;
      } else if (was < 1e-3) {  // none of those that mass, mean and margin are taken from
        ++small;
        EXPECT_NEAR(is / was, 1 + margin, 1e-15) << where;
      } else {
        EXPECT_NEAR(is, was, margin + kRounding) << where;
      }
    }
  EXPECT_GT(zeros, 10);
  EXPECT_GT(small, 10);
}

}  // namespace
}  // namespace strikenet
