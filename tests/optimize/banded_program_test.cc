#include "optimize/banded_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/parallel.h"
#include "optimize/dense_program.h"
#include "optimize/random_programs.h"
#include "support/linear_program.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing_support::by_hildreth;
using testing_support::Dense;
using testing_support::dense_of;
using testing_support::free_program;
using testing_support::kOfTheOracle;
using testing_support::LinearProgram;
using testing_support::LinearSolution;
using testing_support::together;
using Case = testing_support::RandomProgram;
using Random = testing_support::RandomPrograms;

constexpr double kInfinity = BandedRow::kInfinity;
constexpr BandedLimits kTight{.complementarity = 1e-12, .step = 1e-8};
constexpr double kTruncation = 1e-7;  // of values and multipliers of order 1 after kTight: the last step, and the root
                                      // of complementarity where a bound only just binds
constexpr double kLastBits = 1e-14;   // relative: a multiplier's distance to its price is kept as a number of its own

/// One block of one unknown near `target`, with a square of 1.
BandedProgram one_unknown(double target) {
  BandedRow row;
  row.coefficients[0] = row.square = 1;
  row.target = target;
  return {{{.unknowns = 1, .rows = {row}}}};
}

const std::vector<VectorXd> kOneStart{VectorXd::Zero(2)};

TEST(BandedProgram, StopsAtABoundThatCostsMoreThanItSavesAndElseAtItsPrice) {
  struct Known {
    double price, x, multiplier;
  };
  for (const Known& known : {Known{kInfinity, 2, 1}, Known{4, 2, 1}, Known{0.25, 2.75, 0.25}}) {
    BandedProgram program = one_unknown(3);
    program.blocks[0].rows[0].upper = 2;
    program.blocks[0].rows[0].price = known.price;
    const BandedSolution solution = minimise(program, kOneStart, kTight);
    EXPECT_TRUE(solution.optimal) << known.price;
    EXPECT_NEAR(solution.x[0](0), known.x, kTruncation) << known.price;
    EXPECT_NEAR(solution.upper_multipliers[0](0), known.multiplier, kTruncation) << known.price;
    EXPECT_EQ(solution.lower_multipliers[0](0), 0) << known.price;
  }
}

TEST(BandedProgram, LetsBothSidesOfALinkGiveWay) {
  BandedProgram program = one_unknown(2);
  program.blocks.push_back(one_unknown(1).blocks[0]);
  program.blocks[1].links.push_back({0, 0, 1, 1});  // the second at least the first
  const BandedSolution solution = minimise(program, {kOneStart[0], kOneStart[0]}, kTight);
  EXPECT_NEAR(solution.x[0](0), 1.5, kTruncation);
  EXPECT_NEAR(solution.x[1](0), 1.5, kTruncation);
  EXPECT_NEAR(solution.link_multipliers[1](0), 0.5, kTruncation);
}

TEST(BandedProgram, FindsTheLeastOfTheLargestErrorsWithTheBorderUnknown) {
  // |x - 0| and |x - 1| at most the border unknown z, which costs 10: x = 1/2 = z but for what the squares shift.
  BandedProgram program = one_unknown(0);
  std::vector<BandedRow>& rows = program.blocks[0].rows;
  rows[0].square = 1e-6;
  for (const double target : {0.0, 1.0})
    for (const double side : {-1.0, 1.0}) {
      BandedRow row;
      row.coefficients[0] = 1;
      row.border = side;
      (side > 0 ? row.lower : row.upper) = target;
      rows.push_back(row);
    }
  BandedRow cost;
  cost.border = cost.square = 1;
  cost.target = -10;
  rows.push_back(cost);
  const BandedSolution solution = minimise(program, {VectorXd{{0, 2}}}, kTight);
  EXPECT_TRUE(solution.optimal);
  EXPECT_NEAR(solution.x[0](0), 0.5, kTruncation);
  EXPECT_NEAR(solution.x[0](1), 0.5, kTruncation);
}

TEST(BandedProgram, AgreesWithHildrethOnRandomProgramsWithBoundsAndLinksOfAllKinds) {
  Random random(20261124);
  for (int trial = 0; trial < 200; ++trial) {
    const Case made = random.make();
    const Dense dense = dense_of(made.program);
    const VectorXd oracle = by_hildreth(dense);
    const BandedSolution solution = minimise(made.program, made.start, kTight);
    ASSERT_TRUE(solution.optimal) << "trial " << trial;
    const VectorXd x = together(solution.x);
    ASSERT_LT((dense.values * (x - oracle)).cwiseAbs().maxCoeff(), kTruncation) << "trial " << trial;
  }
}

TEST(BandedProgram, IsWithinWhatItsDefaultLimitsPromise) {
  // Complementarity is a mean, so the gap is at most that times the bounds; squares move by the root of twice the gap.
  Random random(20261125);
  const BandedLimits limits;
  for (int trial = 0; trial < 50; ++trial) {
    const Case made = random.make();
    const Dense dense = dense_of(made.program);
    const BandedSolution solution = minimise(made.program, made.start);
    ASSERT_TRUE(solution.optimal) << "trial " << trial;
    ASSERT_LE(solution.complementarity, limits.complementarity) << "trial " << trial;
    ASSERT_LE(solution.step, limits.step) << "trial " << trial;
    const VectorXd away = together(solution.x) - by_hildreth(dense);
    const double gap = 2 * limits.complementarity * static_cast<double>(dense.at.size());
    ASSERT_LT(std::sqrt(away.dot(dense.hessian * away)), std::sqrt(2 * gap) + 2 * limits.step) << "trial " << trial;
  }
}

TEST(BandedProgram, IsNoFurtherFromTheMinimumThanItsRootGapSays) {
  Random random(20261126);
  for (int trial = 0; trial < 50; ++trial) {
    const Case made = random.make();
    const Dense dense = dense_of(made.program);
    const VectorXd oracle = by_hildreth(dense);
    for (const double limit : {1e-2, 1e-4, 1e-8}) {
      const BandedSolution solution =
          minimise(made.program, made.start, {.complementarity = limit, .step = std::sqrt(limit)});
      const double gap = root_gap(made.program, solution);
      const VectorXd away = together(solution.x) - oracle;
      ASSERT_LE(std::sqrt(away.dot(dense.hessian * away)), gap + kOfTheOracle) << "trial " << trial << ", " << limit;
      ASSERT_LT(gap, 100 * std::sqrt(limit)) << "trial " << trial << ": says nothing";
    }
  }
}

/// The program without its squares, for Clp: what lies beyond a bound of finite price costs 1, other bounds are hard.
/// Unknowns first, then one excess a bound.
LinearProgram linear_program_of(const Dense& dense) {
  const Index n = dense.hessian.rows(), m = dense.at.size();
  LinearProgram program = free_program(n + m, m);
  program.rows.leftCols(n) = dense.bounds;
  program.rows.rightCols(m) = MatrixXd::Identity(m, m);
  program.row_lower = dense.at;
  program.lower.tail(m).setZero();
  for (Index i = 0; i < m; ++i) {
    program.cost(n + i) = std::isfinite(dense.price(i)) ? 1 : 0;
    if (!std::isfinite(dense.price(i))) program.upper(n + i) = 0;
  }
  return program;
}

/// Sets every finite price.
void set_price(double price, BandedProgram& program) {
  for (BandedBlock& block : program.blocks)
    for (BandedRow& row : block.rows)
      if (std::isfinite(row.price)) row.price = price;
}

TEST(BandedProgram, LeavesTheSmallestTotalExcessThatClpFindsWhereBoundsContradictEachOther) {
  constexpr double kPrice = 1e5,
                   kSquares = 1e-2;  // so that prices are above every multiplier, hundreds from the origin
  Random random(20261127);
  int contradictory = 0;
  for (int trial = 0; trial < 100; ++trial) {
    Case made = random.make();
    set_price(kPrice, made.program);
    for (BandedBlock& block : made.program.blocks)
      for (BandedRow& row : block.rows)
        row.square *= kSquares;
    const Dense dense = dense_of(made.program);
    const LinearSolution oracle = solve(linear_program_of(dense));
    ASSERT_TRUE(oracle.optimal) << "trial " << trial;
    contradictory += oracle.cost > 0.01;
    const BandedSolution solution = minimise(made.program, made.start);
    ASSERT_TRUE(solution.optimal) << "trial " << trial;
    const VectorXd x = together(solution.x);
    ASSERT_NEAR(dense.charged(x) / kPrice, oracle.cost, kTruncation) << "trial " << trial;
  }
  EXPECT_GT(contradictory, 20);
}

TEST(BandedProgram, MayStopWhereLittleOfWhatIsPaidCanStillBeSaved) {
  constexpr double kEnough = 1e-6;
  Random random(20261135);
  int contradictory = 0, sooner = 0;
  for (int trial = 0; trial < 100; ++trial) {
    Case made = random.make();
    set_price(1e5, made.program);
    const Dense dense = dense_of(made.program);
    const BandedSolution minimum = minimise(made.program, made.start);
    const BandedSolution solution = minimise(made.program, made.start, {.of_charged = kEnough});
    ASSERT_TRUE(minimum.optimal && solution.optimal) << "trial " << trial;
    const auto cost = [&](const BandedSolution& of) {
      const VectorXd x = together(of.x);
      return dense.squares(x) + dense.charged(x);
    };
    const double paid = dense.charged(together(solution.x));
    ASSERT_LE(cost(solution), cost(minimum) + 2 * kEnough * paid + kTruncation) << "trial " << trial;
    contradictory += dense.charged(together(minimum.x)) > 1;
    sooner += solution.iterations < minimum.iterations;
  }
  EXPECT_GT(contradictory, 20);
  EXPECT_GT(sooner, 20);
}

TEST(BandedProgram, HoldsBoundsOfFinitePriceAsIfTheyWereHardWhereThatIsPossible) {
  Random random(20261128);
  for (int trial = 0; trial < 60; ++trial) {
    Case elastic = random.make();
    for (std::size_t b = 0; b < elastic.program.blocks.size(); ++b)
      for (BandedRow& row : elastic.program.blocks[b].rows)
        if (std::isfinite(row.price)) {  // moved to where the point meets it
          const double value = value_of(row, elastic.point[b]);
          if (std::isfinite(row.lower)) row.lower = value - 0.1;
          if (std::isfinite(row.upper)) row.upper = value + 0.1;
        }
    BandedProgram hard = elastic.program;
    set_price(1e5, elastic.program);
    set_price(kInfinity, hard);
    const VectorXd x = together(minimise(elastic.program, elastic.start, kTight).x);
    const Dense dense = dense_of(hard);
    ASSERT_LT((dense.at - dense.bounds * x).maxCoeff(), kTruncation) << "trial " << trial;
    ASSERT_LT((dense.values * (x - by_hildreth(dense))).cwiseAbs().maxCoeff(), kTruncation) << "trial " << trial;
  }
}

TEST(BandedProgram, GivesMultipliersThatProveTheMinimum) {
  Random random(20261130);
  for (int trial = 0; trial < 60; ++trial) {
    const Case made = random.make();
    const BandedSolution solution = minimise(made.program, made.start, kTight);
    const Dense dense = dense_of(made.program);
    VectorXd gradient = dense.hessian * together(solution.x) - dense.linear;
    Index next = 0;  // bound
    const auto judge = [&](double multiplier, double price, const std::string& where) {
      EXPECT_GE(multiplier, 0) << where;
      EXPECT_LE(multiplier, price * (1 + kLastBits)) << where;
      const double over = dense.bounds.row(next).dot(together(solution.x)) - dense.at(next);
      EXPECT_LT(multiplier * std::max(over, 0.0), kTruncation) << where;
      if (std::isfinite(price))
        EXPECT_LT((price - multiplier) * std::max(-over, 0.0), kTruncation) << where;
      else
        EXPECT_GT(over, -kTruncation) << where;
      gradient -= multiplier * dense.bounds.row(next++).transpose();
    };
    for (std::size_t b = 0; b < made.program.blocks.size(); ++b) {
      const BandedBlock& block = made.program.blocks[b];
      const std::string where = "trial " + std::to_string(trial) + ", block " + std::to_string(b);
      for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const BandedRow& row = block.rows[r];
        const double lower = solution.lower_multipliers[b](static_cast<Index>(r)),
                     upper = solution.upper_multipliers[b](static_cast<Index>(r));
        if (std::isfinite(row.lower))
          judge(lower, row.price, where);
        else
          ASSERT_EQ(lower, 0) << where;
        if (std::isfinite(row.upper))
          judge(upper, row.price, where);
        else
          ASSERT_EQ(upper, 0) << where;
      }
      for (const double multiplier : solution.link_multipliers[b])
        judge(multiplier, kInfinity, where + ", link");
    }
    ASSERT_LT(gradient.cwiseAbs().maxCoeff(), kTruncation) << "trial " << trial << ": not stationary";
  }
}

TEST(BandedProgram, GivesTheSameBitsOnAnyNumberOfThreads) {
  Random random(20261131);
  for (int trial = 0; trial < 10; ++trial) {
    const Case made = random.make();
    const BandedSolution one = minimise(made.program, made.start);
    for (const int threads : {2, 5}) {
      Workers workers(threads);
      const BandedSolution other = minimise(made.program, made.start, {.workers = &workers});
      EXPECT_EQ(one.iterations, other.iterations) << "trial " << trial << ", " << threads;
      EXPECT_EQ(together(one.x), together(other.x)) << "trial " << trial << ", " << threads;
      EXPECT_EQ(together(one.lower_multipliers), together(other.lower_multipliers)) << "trial " << trial;
      EXPECT_EQ(together(one.upper_multipliers), together(other.upper_multipliers)) << "trial " << trial;
      EXPECT_EQ(together(one.link_multipliers), together(other.link_multipliers)) << "trial " << trial;
    }
  }
}

TEST(BandedProgram, SaysThatItRanOutOfIterations) {
  Random random(20261132);
  for (int trial = 0; trial < 10; ++trial) {
    const Case made = random.make();
    const int needed = minimise(made.program, made.start).iterations;
    for (int limit = 0; limit < needed; ++limit) {
      const BandedSolution solution = minimise(made.program, made.start, {.iterations = limit});
      ASSERT_EQ(solution.iterations, limit) << "trial " << trial;
      ASSERT_FALSE(solution.optimal) << "trial " << trial << ", " << limit << " of " << needed;
      ASSERT_TRUE(together(solution.x).allFinite()) << "trial " << trial << ", " << limit << " of " << needed;
    }
  }
}

TEST(BandedProgram, SolvesSquaresAloneInOneStep) {
  Random random(20261134);
  Case made = random.make();
  for (BandedBlock& block : made.program.blocks) {
    block.links.clear();
    for (BandedRow& row : block.rows) {
      row.lower = -kInfinity;
      row.upper = kInfinity;
    }
  }
  const Dense dense = dense_of(made.program);
  const BandedSolution solution = minimise(made.program, made.start);
  EXPECT_TRUE(solution.optimal);
  EXPECT_LE(solution.iterations, 1);
  EXPECT_LT((dense.hessian * together(solution.x) - dense.linear).cwiseAbs().maxCoeff(), kOfTheOracle);
}

TEST(BandedProgram, DoesNotDependOnTheOrderOfItsRows) {
  Random random(20261133);
  for (int trial = 0; trial < 10; ++trial) {
    Case made = random.make();
    const VectorXd x = together(minimise(made.program, made.start, kTight).x);
    for (BandedBlock& block : made.program.blocks)
      std::ranges::reverse(block.rows);
    ASSERT_LT((together(minimise(made.program, made.start, kTight).x) - x).cwiseAbs().maxCoeff(), kTruncation)
        << "trial " << trial;
  }
}

}  // namespace
}  // namespace strikenet
