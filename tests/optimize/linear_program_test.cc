#include "optimize/linear_program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "optimize/odd_programs.h"

namespace strikenet {
namespace {

constexpr double kInfinity = LinearProgram::kInfinity;
constexpr double kRounding = 1e-9;

// Dantzig's example of two products: maximise 3 x + 5 y, x <= 4, 2 y <= 12, 3 x + 2 y <= 18 (Hillier and Lieberman).
TEST(LinearProgram, FindsTheVertexAndTheMultipliersOfAnExampleByHand) {
  LinearProgram program;
  const int x = program.add({0, kInfinity, -3}), y = program.add({0, kInfinity, -5});
  program.rows = {{{{x, 1}}, -kInfinity, 4}, {{{y, 2}}, -kInfinity, 12}, {{{x, 3}, {y, 2}}, -kInfinity, 18}};
  const LinearSolution solution = solve(program);
  ASSERT_EQ(solution.status, LinearSolution::Status::optimal);
  EXPECT_NEAR(solution.cost, -36, kRounding);
  EXPECT_NEAR(solution.x[0], 2, kRounding);
  EXPECT_NEAR(solution.x[1], 6, kRounding);
  EXPECT_NEAR(solution.multipliers[0], 0, kRounding);
  EXPECT_NEAR(solution.multipliers[1], -1.5, kRounding);
  EXPECT_NEAR(solution.multipliers[2], -1, kRounding);
}

TEST(LinearProgram, SaysThatNothingMeetsItsRows) {
  LinearProgram program;
  const int x = program.add({0, 1, 0});
  program.rows = {{{{x, 1}}, 2, kInfinity}};
  EXPECT_EQ(solve(program).status, LinearSolution::Status::infeasible);
}

TEST(LinearProgram, SaysThatThereIsNoLeastCost) {
  LinearProgram program;
  const int x = program.add({-kInfinity, kInfinity, 1});
  program.rows = {{{{x, 1}}, -kInfinity, 2}};
  EXPECT_EQ(solve(program).status, LinearSolution::Status::unbounded);
}

TEST(LinearProgram, StartsAtTheBasisOfAnotherProgram) {
  LinearProgram program;
  const int x = program.add({0, kInfinity, -3}), y = program.add({0, kInfinity, -5});
  program.rows = {{{{x, 1}}, -kInfinity, 4}, {{{y, 2}}, -kInfinity, 12}, {{{x, 3}, {y, 2}}, -kInfinity, 18}};
  LinearBasis basis = solve(program).basis;
  program.rows.push_back({{{x, 1}, {y, 1}}, -kInfinity, 7});
  basis.rows.push_back(LinearBasis::At::unknown);
  const LinearSolution solution = solve(program, 1e-10, &basis);
  ASSERT_TRUE(solution.is_optimal());
  EXPECT_NEAR(solution.x[0], 1, kRounding);
  EXPECT_NEAR(solution.x[1], 6, kRounding);
  basis.columns.assign(2, LinearBasis::At::unknown);
  EXPECT_NEAR(solve(program, 1e-10, &basis).cost, solution.cost, kRounding);
}

// x is 1 + 5e-11, which a tolerance of 1e-10 takes for 1.
TEST(LinearProgram, RefinesWhatItsToleranceLeaves) {
  LinearProgram program;
  const int x = program.add({1, kInfinity, 1});
  program.rows = {{{{x, 1}}, 1 + 5e-11, kInfinity}};
  LinearSolution solution = solve(program);
  solution.x[0] = 1;
  EXPECT_EQ(refined(program, solution).x[0], 1 + 5e-11);
  EXPECT_NEAR(refined(program, solution).cost, 1, 1e-10);
}

// The bound that multipliers prove: sum of bounds times multipliers + least reduced costs = least cost.
TEST(LinearProgram, HasMultipliersThatProveItsLeastCost) {
  std::mt19937_64 random(20261125);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearProgram program;
    for (int j = 0; j < 8; ++j)
      program.add({0, 3, uniform(random)});
    for (int i = 0; i < 6; ++i) {
      LinearProgram::Row row;
      double middle = 0;
      for (int j = 0; j < 8; ++j) {
        row.entries.push_back({j, uniform(random)});
        middle += row.entries.back().coefficient;  // x = 1 meets every row
      }
      row.lower = middle - 0.1;
      row.upper = middle + 0.1;
      program.rows.push_back(row);
    }
    const LinearSolution solution = solve(program);
    ASSERT_EQ(solution.status, LinearSolution::Status::optimal);
    double bound = 0;
    std::vector<double> reduced;
    for (const LinearProgram::Column& column : program.columns)
      reduced.push_back(column.cost);
    for (std::size_t i = 0; i < program.rows.size(); ++i) {
      const double multiplier = solution.multipliers[i];
      bound += multiplier * (multiplier > 0 ? program.rows[i].lower : program.rows[i].upper);
      for (const auto& [column, coefficient] : program.rows[i].entries)
        reduced[static_cast<std::size_t>(column)] -= multiplier * coefficient;
    }
    for (const double cost : reduced)
      bound += std::min(3 * cost, 0.0);
    EXPECT_NEAR(bound, solution.cost, kRounding);
  }
}

TEST(LinearProgram, PrintsNothingWhateverBecomesOfIt) {
  expect_nothing_printed([](const LinearProgram& program) { return solve(program); });
}

TEST(LinearProgramErrors, NameANumberThatIsNone) {
  expect_a_number_that_is_none_named([](const LinearProgram& program) { return solve(program); });
}

}  // namespace
}  // namespace strikenet
