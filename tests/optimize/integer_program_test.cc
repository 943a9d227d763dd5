#include "optimize/integer_program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "optimize/odd_programs.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-7;
using Status = LinearSolution::Status;

// 8x + 11y + 6z at most, with 5x + 7y + 4z <= 14: by hand 0/1 with x = 0, y = z = 1 pays 17; whole numbers x = 2, z = 1
// pay 22, and x = 0, y = 2 pays 22.
TEST(IntegerProgram, SolvesASmallKnapsack) {
  LinearProgram program;
  for (const double gain : {8.0, 11.0, 6.0})
    program.add({0, LinearProgram::kInfinity, -gain});
  program.rows.push_back({{{0, 5}, {1, 7}, {2, 4}}, -LinearProgram::kInfinity, 14});
  const IntegerSolution solution = solve_whole(program, {0, 1, 2}, 1000);
  ASSERT_EQ(solution.status, Status::optimal);
  EXPECT_NEAR(solution.cost, -22, kRounding);
  EXPECT_NEAR(solution.bound, -22, kRounding);
}

TEST(IntegerProgram, SaysThatThereIsNoSolution) {
  LinearProgram program;
  program.add({0, 1, 1});
  program.rows.push_back({{{0, 2}}, 1, 1});  // x = 1/2
  EXPECT_EQ(solve_whole(program, {0}, 1000).status, Status::infeasible);
  EXPECT_EQ(solve(program).status, Status::optimal);
}

TEST(IntegerProgram, SaysThatNothingBoundsIt) {
  LinearProgram program;
  program.add({0, LinearProgram::kInfinity, -1});
  program.rows.push_back({{{0, 1}}, 0, LinearProgram::kInfinity});
  EXPECT_EQ(solve_whole(program, {0}, 1000).status, Status::unbounded);
}

/// Every whole point of a box, one by one.
double least_by_trying(const LinearProgram& program, int most) {
  double least = std::numeric_limits<double>::infinity();
  const std::size_t n = program.columns.size();
  std::vector<int> x(n);
  for (;;) {
    double cost = 0;
    for (std::size_t i = 0; i < n; ++i)
      cost += program.columns[i].cost * x[i];
    bool feasible = true;
    for (const LinearProgram::Row& row : program.rows) {
      double sum = 0;
      for (const auto& [column, coefficient] : row.entries)
        sum += coefficient * x[static_cast<std::size_t>(column)];
      feasible &= sum >= row.lower - 1e-9 && sum <= row.upper + 1e-9;
    }
    if (feasible) least = std::min(least, cost);
    std::size_t i = 0;
    while (i < n && x[i] == most)
      x[i++] = 0;
    if (i == n) return least;
    ++x[i];
  }
}

TEST(IntegerProgram, IsAsCheapAsTryingEveryPoint) {
  std::mt19937_64 random(11);
  std::uniform_int_distribution<int> number(-5, 9);
  for (int round = 0; round < 40; ++round) {
    LinearProgram program;
    for (int i = 0; i < 5; ++i)
      program.add({0, 4, static_cast<double>(number(random))});
    for (int j = 0; j < 3; ++j) {
      LinearProgram::Row row{{}, static_cast<double>(number(random)), LinearProgram::kInfinity};
      for (int i = 0; i < 5; ++i)
        row.entries.push_back({i, static_cast<double>(number(random))});
      program.rows.push_back(row);
    }
    const IntegerSolution solution = solve_whole(program, {0, 1, 2, 3, 4}, 1000);
    const double least = least_by_trying(program, 4);
    ASSERT_EQ(solution.status == Status::optimal, std::isfinite(least)) << round;
    if (solution.status == Status::optimal) {
      EXPECT_NEAR(solution.cost, least, kRounding) << round;
    }
  }
}

TEST(IntegerProgram, PrintsNothingWhateverBecomesOfIt) {
  expect_nothing_printed([](const LinearProgram& program) { return solve_whole(program, {0, 1}, 1000); });
}

TEST(IntegerProgramErrors, NameANumberThatIsNone) {
  expect_a_number_that_is_none_named([](const LinearProgram& program) { return solve_whole(program, {0, 1}, 1000); });
}

}  // namespace
}  // namespace strikenet
