#include "arbitrage/rational_program.h"

#include <gtest/gtest.h>

#include <random>

#include "support/linear_program.h"
#include "support/words.h"

namespace strikenet {
namespace {

TEST(RationalProgram, FindsAVertexExactly) {
  // x + 3 y >= 1 and 3 x + y >= 1: both hold at 1/4, 1/4.
  const auto x = minimise(RationalProgram{2, {{1, 3}, {3, 1}}, {1, 1}});
  ASSERT_TRUE(x);
  EXPECT_EQ((*x)[0], Rational(1, 4));
  EXPECT_EQ((*x)[1], Rational(1, 4));
}

TEST(RationalProgram, SaysThatNothingMeetsAllRows) {
  EXPECT_FALSE(minimise(RationalProgram{1, {{1}, {-1}}, {2, -1}}));  // x >= 2, x <= 1
  EXPECT_FALSE(minimise(RationalProgram{1, {{1}, {-1}}, {1, Rational(-1) + Rational(1, 1000000000000)}}));
}

TEST(RationalProgram, TakesRowsThatSayTheSameAndNone) {
  const auto twice = minimise(RationalProgram{2, {{1, 1}, {1, 1}, {-1, -1}}, {1, 1, -1}});
  ASSERT_TRUE(twice);
  EXPECT_EQ((*twice)[0] + (*twice)[1], 1);
  const auto none = minimise(RationalProgram{2, {}, {}});
  ASSERT_TRUE(none);
  EXPECT_EQ((*none)[0] + (*none)[1], 0);
}

// Small whole numbers make vertices at which many rows meet, where a rule that cycles would not end.
TEST(RationalProgram, HasTheLeastSumThatClpFinds) {
  constexpr double kRounding = 1e-9;
  std::mt19937_64 random(8);
  std::uniform_int_distribution<int> whole(-2, 3);
  int solved = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    constexpr Eigen::Index unknowns = 6, rows = 5;
    RationalProgram exact{unknowns, {}, {}};
    testing_support::LinearProgram program = testing_support::free_program(unknowns, rows);
    program.lower.setZero();
    program.cost.setOnes();
    for (Eigen::Index i = 0; i < rows; ++i) {
      std::vector<Rational> row;
      for (Eigen::Index j = 0; j < unknowns; ++j)
        row.emplace_back(program.rows(i, j) = whole(random));
      exact.rows.push_back(std::move(row));
      exact.bounds.emplace_back(program.row_lower(i) = whole(random));
    }
    const auto x = minimise(exact);
    const testing_support::LinearSolution clp = testing_support::solve(program);
    ASSERT_EQ(x.has_value(), clp.optimal);
    if (!x) continue;
    ++solved;
    Rational sum = 0;
    for (std::size_t j = 0; j < x->size(); ++j) {
      EXPECT_GE((*x)[j], 0);
      sum += (*x)[j];
    }
    for (std::size_t i = 0; i < exact.rows.size(); ++i) {
      Rational value = 0;
      for (std::size_t j = 0; j < x->size(); ++j)
        value += exact.rows[i][j] * (*x)[j];
      EXPECT_GE(value, exact.bounds[i]);
    }
    EXPECT_NEAR(static_cast<double>(sum), clp.cost, kRounding);
  }
  EXPECT_GT(solved, 50);
  EXPECT_LT(solved, 200);
}

}  // namespace
}  // namespace strikenet
