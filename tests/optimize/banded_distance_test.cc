#include "optimize/banded_distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "optimize/banded_active_set.h"
#include "optimize/dense_program.h"
#include "optimize/random_programs.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using testing_support::by_hildreth;
using testing_support::Dense;
using testing_support::dense_of;
using testing_support::kOfTheOracle;
using testing_support::together;
using Case = testing_support::RandomProgram;
using Random = testing_support::RandomPrograms;

constexpr double kRounding = 1e-12;      // of values of order 1: what is left where the distance is proved
constexpr double kIllDetermined = 1e-9;  // the same where a small square alone determines something

/// That no row is farther from its value at the oracle's minimum than it says, from the given point and from `near`.
void expect_no_farther(const Dense& dense, const VectorXd& oracle, const BandedSolution& given,
                       const BandedDistance& distance) {
  const VectorXd from_given = (dense.values * (together(given.x) - oracle)).cwiseAbs(),
                 from_near = (dense.values * (together(distance.near.x) - oracle)).cwiseAbs();
  Index row = 0;
  for (std::size_t b = 0; b < distance.of_rows.size(); ++b)
    for (Index r = 0; r < distance.of_rows[b].size(); ++r, ++row) {
      EXPECT_LE(from_near(row), distance.of_rows[b](r) + kOfTheOracle);
      EXPECT_LE(from_given(row), distance.of_rows[b](r) + distance.moved[b](r) + kOfTheOracle);
    }
}

double largest(const std::vector<VectorXd>& of_rows) {
  double result = 0;
  for (const VectorXd& block : of_rows)
    result = std::max(result, block.maxCoeff());
  return result;
}

TEST(BandedDistance, IsNeverLessThanTheTrueOneAndRoundingWhereTheInteriorPointCameNear) {
  Random random(20261201);
  int ill_determined = 0;
  for (int trial = 0; trial < 100; ++trial) {
    SCOPED_TRACE(trial);
    const Case made = random.make();
    const Dense dense = dense_of(made.program);
    const VectorXd oracle = by_hildreth(dense);
    for (const double limit : {1e-4, 1e-8}) {
      const BandedSolution solution =
          minimise(made.program, made.start, {.complementarity = limit, .step = std::sqrt(limit)});
      const BandedDistance distance = distance_to_minimum(made.program, solution, {made.point});
      expect_no_farther(dense, oracle, solution, distance);
      EXPECT_TRUE(distance.settled);
      EXPECT_LT(largest(distance.of_rows), kIllDetermined);
      ill_determined += largest(distance.of_rows) >= kRounding;
    }
  }
  EXPECT_LE(ill_determined, 2);  // of 200
}

TEST(BandedDistance, IsNeverLessThanTheTrueOneWhateverThePointAndItsMultipliers) {
  Random random(20261202);
  std::mt19937_64 rng(20261203);
  std::uniform_real_distribution<double> by(-1, 1);
  for (int trial = 0; trial < 100; ++trial) {
    SCOPED_TRACE(trial);
    const Case made = random.make();
    const Dense dense = dense_of(made.program);
    const VectorXd oracle = by_hildreth(dense);
    BandedSolution solution = minimise(made.program, made.start, {.complementarity = 1e-6, .step = 1e-3});
    for (std::size_t b = 0; b < solution.x.size(); ++b) {
      for (double& x : solution.x[b])
        x += by(rng);
      for (double& y : solution.link_multipliers[b])
        y = std::max(0.0, y + by(rng));
    }
    expect_no_farther(dense, oracle, solution, distance_to_minimum(made.program, solution, {made.point}));
  }
}

TEST(BandedDistance, IsWhatOneUnknownIsOffByAndItsMultiplierWrongBy) {
  // 1/2 (v - 3)^2, v at most 2: the minimum is 2, with a multiplier of 1.
  BandedRow row;
  row.coefficients[0] = row.square = 1;
  row.target = 3;
  row.upper = 2;
  const BandedProgram program{{{.unknowns = 1, .rows = {row}}}};
  BandedSolution solution{.x = {VectorXd{{1.5, 0}}},
                          .lower_multipliers = {VectorXd::Zero(1)},
                          .upper_multipliers = {VectorXd::Ones(1)},
                          .link_multipliers = {VectorXd(0)}};
  const BandedDistance distance = distance_to_minimum(program, solution, {{VectorXd::Zero(2)}});
  EXPECT_TRUE(distance.settled);
  EXPECT_EQ(distance.near.x[0](0), 2);
  EXPECT_EQ(distance.moved[0](0), 0.5);
  EXPECT_LT(distance.of_rows[0](0), kRounding);
}

TEST(BandedDistance, IsSmallWherePricesAreSoLargeThatRoundingAloneMakesAGap) {
  // Two rows, one at most 0.1 and the other at least 0.1 + 1e-9, each at a price of 1e9: one of them pays.
  BandedRow row;
  row.coefficients[0] = row.square = 1;
  row.target = 3;
  row.upper = 0.1;
  row.price = 1e9;
  BandedRow other = row;
  other.square = 0;
  other.upper = BandedRow::kInfinity;
  other.lower = 0.1 + 1e-9;
  const BandedProgram program{{{.unknowns = 1, .rows = {row, other}}}};
  const BandedSolution solution = minimise(program, {VectorXd::Zero(2)});
  const BandedDistance distance = distance_to_minimum(program, solution, {});
  EXPECT_TRUE(distance.settled);
  EXPECT_LT(largest(distance.of_rows), kRounding);
  EXPECT_NEAR(distance.near.x[0](0), 0.1 + 1e-9, kRounding);  // the side on which the square is the less
}

TEST(BandedDistance, IsInfiniteWhereAHardBoundIsCrossedAndNoPointThatMeetsItIsKnown) {
  // No point meets both: v at least 1 and at most 0.
  BandedRow row;
  row.coefficients[0] = row.square = 1;
  row.lower = 1;
  row.upper = 0;
  const BandedProgram program{{{.unknowns = 1, .rows = {row}}}};
  const BandedSolution solution{.x = {VectorXd::Zero(2)},
                                .lower_multipliers = {VectorXd::Zero(1)},
                                .upper_multipliers = {VectorXd::Zero(1)},
                                .link_multipliers = {VectorXd(0)}};
  const BandedDistance distance = distance_to_minimum(program, solution, {});
  EXPECT_FALSE(distance.settled);
  EXPECT_FALSE(std::isfinite(distance.of_rows[0](0)));
}

}  // namespace
}  // namespace strikenet
