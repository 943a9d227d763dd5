#include "optimize/banded_adjoint.h"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/banded_active_set.h"
#include "optimize/random_programs.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using testing_support::RandomProgram;
using testing_support::RandomPrograms;

constexpr BandedLimits kTight{.complementarity = 1e-12, .step = 1e-8};
constexpr double kStep = 1e-6;
constexpr double kRounding = 1e-7;  // of a difference quotient: 1e-13 over kStep
constexpr double kFar = 1e-4;       // from a change of face: multipliers and slacks at least this

std::vector<VectorXd> squares_of(const BandedProgram& program) {
  std::vector<VectorXd> squares;
  for (const BandedBlock& block : program.blocks) {
    VectorXd& own = squares.emplace_back(static_cast<Index>(block.rows.size()));
    for (Index r = 0; r < own.size(); ++r)
      own(r) = block.rows[static_cast<std::size_t>(r)].square;
  }
  return squares;
}

std::optional<BandedSolution> minimum(const BandedProgram& program, const std::vector<VectorXd>& start) {
  const ActiveSetSolution found = minimise_by_active_set(program, minimise(program, start, kTight));
  if (!found.optimal) return std::nullopt;
  return found.solution;
}

/// Whether no small change of the program makes a bound change sides.
bool far_from_kinks(const BandedProgram& program, const BandedSolution& solution) {
  for (const BandedSide& side : sides_of(program)) {
    const double slack = slack_of(program, side, solution.x), multiplier = multiplier_of(side, solution),
                 surplus = price_of(program, side) - multiplier;
    if (std::max(std::abs(slack), std::min(multiplier, surplus)) < kFar) return false;
  }
  return true;
}

double value_of(const std::vector<VectorXd>& function, const std::vector<VectorXd>& x) {
  double sum = 0;
  for (std::size_t b = 0; b < x.size(); ++b)
    sum += function[b].dot(x[b]);
  return sum;
}

TEST(BandedAdjoint, IsTheCentralDifferenceOfAFunctionAtTheMinimum) {
  RandomPrograms random(20261206);
  int compared = 0, bounds = 0;
  for (int trial = 0; trial < 150; ++trial) {
    const RandomProgram made = random.make();
    const auto solution = minimum(made.program, made.start);
    if (!solution || !far_from_kinks(made.program, *solution)) continue;
    std::vector<VectorXd> function = solution->x;
    for (std::size_t b = 0; b < function.size(); ++b) {
      for (double& coefficient : function[b])
        coefficient = random.between(-1, 1);
      function[b](function[b].size() - 1) = 0;  // a border unknown that no row knows has no minimum
    }
    const BandedShift shift = BandedAdjoint(made.program, *solution, squares_of(made.program)).shift(function);
    const auto block = static_cast<std::size_t>(random.whole(0, static_cast<Index>(function.size()) - 1));
    for (int turn = 0; turn < 6; ++turn) {
      const Index r = random.whole(0, static_cast<Index>(made.program.blocks[block].rows.size()) - 1);
      const BandedRow& row = made.program.blocks[block].rows[static_cast<std::size_t>(r)];
      const int what = turn % 3;
      if ((what == 1 && !std::isfinite(row.lower)) || (what == 2 && !std::isfinite(row.upper))) continue;
      double difference = 0;
      for (const double side : {1.0, -1.0}) {
        BandedProgram moved = made.program;
        BandedRow& its = moved.blocks[block].rows[static_cast<std::size_t>(r)];
        (what == 0 ? its.target : what == 1 ? its.lower : its.upper) += side * kStep;
        const auto there = minimum(moved, made.start);
        ASSERT_TRUE(there) << "trial " << trial;
        difference += side * value_of(function, there->x) / (2 * kStep);
      }
      const double derivative = what == 0   ? row.square * shift.with_target[block](r)
                                : what == 1 ? shift.with_lower[block](r)
                                            : shift.with_upper[block](r);
      EXPECT_NEAR(derivative, difference, kRounding) << "trial " << trial << ", row " << r << ", " << what;
      ++compared;
      bounds += what > 0 && difference != 0;
    }
  }
  EXPECT_GT(compared, 200);
  EXPECT_GT(bounds, 20);
}

TEST(BandedAdjoint, MovesAValueThatIsHeldWithItsBoundAndNothingElse) {
  RandomPrograms random(20261207);
  int held = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const RandomProgram made = random.make();
    const auto solution = minimum(made.program, made.start);
    if (!solution || !far_from_kinks(made.program, *solution)) continue;
    const BandedAdjoint adjoint(made.program, *solution, squares_of(made.program));
    for (const BandedSide& side : sides_of(made.program)) {
      if (side.link || state_of(made.program, side, *solution) != BandedSideState::held) continue;
      const BandedRow& row = made.program.blocks[side.block].rows[static_cast<std::size_t>(side.row)];
      std::vector<VectorXd> function = solution->x;
      for (VectorXd& own : function)
        own.setZero();
      for (std::size_t k = 0; k < BandedRow::kBand; ++k)
        if (row.coefficients[k] != 0) function[side.block](row.first + static_cast<Index>(k)) = row.coefficients[k];
      function[side.block](function[side.block].size() - 1) = row.border;
      const BandedShift shift = adjoint.shift(function);
      const auto& own = side.sign > 0 ? shift.with_lower : shift.with_upper;
      EXPECT_NEAR(own[side.block](side.row), 1, kRounding) << "trial " << trial;
      for (std::size_t b = 0; b < shift.with_target.size(); ++b)
        EXPECT_LT(shift.with_target[b].cwiseAbs().maxCoeff(), kRounding) << "trial " << trial;
      ++held;
    }
  }
  EXPECT_GT(held, 50);
}

}  // namespace
}  // namespace strikenet
