#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "optimize/linear_program.h"

// What the solvers of linear and of integer programs do alike. `solve` takes a program of two columns.
namespace strikenet {

/// Whatever becomes of a program: what the solver says of it goes to nobody who did not ask.
template <class Solve>
void expect_nothing_printed(Solve solve) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const double at_least : {1.0, 2.0, 5.0, std::nan("")}) {
    LinearProgram program;
    const int x = program.add({0, 2, -1}), y = program.add({0, 2, 1});
    program.rows = {{{{x, 1}, {y, 1}}, at_least, LinearProgram::kInfinity}, {{{x, 1}}, -LinearProgram::kInfinity, 1.5}};
    solve(program);
    program.columns[1].upper = LinearProgram::kInfinity;
    program.columns[1].cost = -1;
    solve(program);
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

template <class Solve>
void expect_a_number_that_is_none_named(Solve solve) {
  const double nan = std::nan("");
  const auto messages = [&](LinearProgram::Column column, double coefficient, double lower) {
    LinearProgram program;
    program.columns = {column, {0, 1, 1}};
    program.rows = {{{{0, coefficient}}, lower, LinearProgram::kInfinity}};
    const auto solution = solve(program);
    EXPECT_EQ(solution.status, LinearSolution::Status::failed);
    return solution.messages;
  };
  const std::vector<std::string> expected{"a bound, cost or coefficient of the program is no number"};
  EXPECT_EQ(messages({nan, 1, 1}, 1, 0), expected);
  EXPECT_EQ(messages({0, nan, 1}, 1, 0), expected);
  EXPECT_EQ(messages({0, 1, nan}, 1, 0), expected);
  EXPECT_EQ(messages({0, 1, LinearProgram::kInfinity}, 1, 0), expected);
  EXPECT_EQ(messages({0, 1, 1}, nan, 0), expected);
  EXPECT_EQ(messages({0, 1, 1}, 1, nan), expected);
}

}  // namespace strikenet
