#include "optimize/banded_active_set.h"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/random_programs.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using testing_support::RandomProgram;
using testing_support::RandomPrograms;

constexpr BandedLimits kTight{.complementarity = 1e-12, .step = 1e-8};
constexpr double kTruncation = 1e-7;  // of kTight: the root of complementarity where a bound only just binds
constexpr double kRounding = 1e-9;    // after linear solves, times a condition of 1e5

/// The largest difference of a row's value, or of a border unknown that a row knows.
double apart(const BandedProgram& program, const BandedSolution& one, const BandedSolution& other) {
  double largest = 0;
  for (std::size_t b = 0; b < program.blocks.size(); ++b)
    for (const BandedRow& row : program.blocks[b].rows)
      largest = std::max(largest, std::abs(value_of(row, one.x[b]) - value_of(row, other.x[b])));
  return largest;
}

/// The largest of: what a bound is crossed by where it has no price, a multiplier of the wrong sign or above its
/// price, a multiplier of a bound that is slack, and a gradient that multipliers leave. 0 at the minimum alone.
double not_optimal(const BandedProgram& program, const BandedSolution& solution) {
  double worst = 0;
  std::vector<VectorXd> gradient;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    VectorXd& own = gradient.emplace_back(VectorXd::Zero(solution.x[b].size()));
    for (std::size_t r = 0; r < program.blocks[b].rows.size(); ++r) {
      const BandedRow& row = program.blocks[b].rows[r];
      const double value = value_of(row, solution.x[b]), lower = solution.lower_multipliers[b](static_cast<Index>(r)),
                   upper = solution.upper_multipliers[b](static_cast<Index>(r));
      const auto judge = [&](double multiplier, double slack) {
        worst = std::max({worst, -multiplier, multiplier - row.price, multiplier * std::max(slack, 0.0)});
        worst = std::max(worst, std::isfinite(row.price) ? (row.price - multiplier) * std::max(-slack, 0.0) : -slack);
      };
      if (std::isfinite(row.lower)) judge(lower, value - row.lower);
      if (std::isfinite(row.upper)) judge(upper, row.upper - value);
      const double factor = row.square * (value - row.target) - lower + upper;
      for (std::size_t k = 0; k < BandedRow::kBand; ++k)
        if (row.coefficients[k] != 0) own(row.first + static_cast<Index>(k)) += factor * row.coefficients[k];
      own(own.size() - 1) += factor * row.border;
    }
    for (std::size_t l = 0; l < program.blocks[b].links.size(); ++l) {
      const BandedLink& link = program.blocks[b].links[l];
      const double multiplier = solution.link_multipliers[b](static_cast<Index>(l)),
                   slack =
                       link.weight * solution.x[b](link.at) - link.weight_before * solution.x[b - 1](link.at_before);
      worst = std::max({worst, -multiplier, -slack, multiplier * std::max(slack, 0.0)});
      own(link.at) -= multiplier * link.weight;
      gradient[b - 1](link.at_before) += multiplier * link.weight_before;
    }
  }
  for (const VectorXd& own : gradient)
    worst = std::max(worst, own.cwiseAbs().maxCoeff());
  return worst;
}

TEST(BandedActiveSet, EndsAtTheMinimumToRoundingFromNearIt) {
  RandomPrograms random(20261201);
  int arrived = 0;
  constexpr int kTrials = 200;
  for (int trial = 0; trial < kTrials; ++trial) {
    const RandomProgram made = random.make();
    const BandedSolution near = minimise(made.program, made.start, kTight);
    const ActiveSetSolution found = minimise_by_active_set(made.program, near);
    if (!found.optimal) continue;
    ++arrived;
    EXPECT_LT(not_optimal(made.program, found.solution), kRounding) << "trial " << trial;
    EXPECT_LT(apart(made.program, found.solution, near), kTruncation) << "trial " << trial;
  }
  EXPECT_GE(arrived, kTrials * 98 / 100);
}

TEST(BandedActiveSet, ArrivesAtOneMinimumFromDifferentGuesses) {
  RandomPrograms random(20261202);
  for (int trial = 0; trial < 60; ++trial) {
    const RandomProgram made = random.make();
    const ActiveSetSolution one = minimise_by_active_set(made.program, minimise(made.program, made.start, kTight)),
                            other = minimise_by_active_set(made.program, minimise(made.program, made.point));
    if (!one.optimal || !other.optimal) continue;
    EXPECT_LT(apart(made.program, one.solution, other.solution), kRounding) << "trial " << trial;
  }
}

TEST(BandedActiveSet, StaysWhereItIsAtTheMinimum) {
  RandomPrograms random(20261203);
  for (int trial = 0; trial < 60; ++trial) {
    const RandomProgram made = random.make();
    const ActiveSetSolution first = minimise_by_active_set(made.program, minimise(made.program, made.start, kTight));
    if (!first.optimal) continue;
    const ActiveSetSolution again = minimise_by_active_set(made.program, first.solution);
    EXPECT_TRUE(again.optimal) << "trial " << trial;
    EXPECT_LT(apart(made.program, again.solution, first.solution), kRounding) << "trial " << trial;
  }
}

TEST(BandedActiveSet, FollowsAResidualThatIsBent) {
  // Residual exp(v) - 3 of square 1, and v / 10 of square 1: the derivative of (e^v - 3)^2 / 2 + v^2 / 200 is 0.
  BandedProgram program;
  BandedBlock block{.unknowns = 1};
  BandedRow bent, plain;
  bent.coefficients[0] = plain.coefficients[0] = 1;
  bent.square = 1;
  bent.tag = 0;
  plain.square = 0.01;
  block.rows = {bent, plain};
  program.blocks = {block};
  BandedSolution guess{.x = {VectorXd{{1, 0}}},
                       .lower_multipliers = {VectorXd::Zero(2)},
                       .upper_multipliers = {VectorXd::Zero(2)},
                       .link_multipliers = {VectorXd()}};
  const ActiveSetSolution found =
      minimise_by_active_set(program, guess, {.bend = [](std::size_t, std::ptrdiff_t, double v) {
                               return Bent{std::exp(v) - 3, std::exp(v), std::exp(v)};
                             }});
  ASSERT_TRUE(found.optimal);
  const double v = found.solution.x[0](0);
  EXPECT_NEAR((std::exp(v) - 3) * std::exp(v) + v / 100, 0, kRounding);
}

TEST(BandedActiveSet, GivesTheGuessBackWhereItMayLookAtNoFace) {
  RandomPrograms random(20261204);
  const RandomProgram made = random.make();
  const BandedSolution guess = minimise(made.program, made.start, kTight);
  const ActiveSetSolution found = minimise_by_active_set(made.program, guess, {.faces = 0});
  EXPECT_FALSE(found.optimal);
  EXPECT_EQ(found.faces, 0);
  for (std::size_t b = 0; b < guess.x.size(); ++b)
    EXPECT_EQ(found.solution.x[b], guess.x[b]);
}

TEST(BandedProgram, ArrivesSoonerFromANearGuess) {
  RandomPrograms random(20261205);
  int cold = 0, warm = 0, arrived = 0;
  for (int trial = 0; trial < 100; ++trial) {
    RandomProgram made = random.make();
    const BandedSolution guess = minimise(made.program, made.start, kTight);
    for (BandedBlock& block : made.program.blocks)
      block.rows.front().target += 1e-4;
    const BandedSolution one = minimise(made.program, made.start, kTight),
                         other = minimise_from(made.program, guess, 1e-3, kTight);
    if (!other.optimal) continue;
    ++arrived;
    EXPECT_LT(apart(made.program, one, other), 2 * kTruncation) << "trial " << trial;
    cold += one.iterations;
    warm += other.iterations;
  }
  EXPECT_GE(arrived, 97);
  EXPECT_LT(warm, cold * 2 / 3);
}

TEST(BandedProgram, ArrivesSoonerFromMultipliersInAnotherUnit) {
  constexpr double kUnit = 1e4;
  RandomPrograms random(20261206);
  int cold = 0, warm = 0, arrived = 0;
  for (int trial = 0; trial < 100; ++trial) {
    RandomProgram made = random.make();
    const BandedSolution guess = minimise(made.program, made.start, kTight);
    for (BandedBlock& block : made.program.blocks)
      for (BandedRow& row : block.rows) {
        row.square *= kUnit;
        row.price *= kUnit;
      }
    const BandedSolution one = minimise(made.program, made.start, kTight),
                         other = minimise_from(made.program, guess, 1e-6, kTight, kUnit);
    if (!one.optimal || !other.optimal) continue;
    ++arrived;
    EXPECT_LT(apart(made.program, one, other), 2 * kTruncation) << "trial " << trial;
    cold += one.iterations;
    warm += other.iterations;
  }
  EXPECT_GE(arrived, 97);
  EXPECT_LT(warm, cold / 2);
}

}  // namespace
}  // namespace strikenet
