#include "optimize/least_squares.h"

#include <gtest/gtest.h>

#include <cmath>

namespace strikenet {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kRounding = 1e-7;  // of an unknown whose cost shows half the digits

TEST(MinimiseSquares, FindsTheMinimumOfRosenbrocksValley) {
  // Rosenbrock 1960: residuals 10 (y - x^2) and 1 - x, zero at (1, 1).
  const Residuals valley = [](const VectorXd& x, VectorXd& residuals, MatrixXd* jacobian) {
    residuals << 10 * (x(1) - x(0) * x(0)), 1 - x(0);
    if (jacobian) *jacobian << -20 * x(0), 10, -1, 0;
  };
  const LeastSquaresResult result = minimise_squares(valley, 2, VectorXd{{-1.2, 1}}, 100);
  EXPECT_EQ(result.termination, Termination::optimal);
  EXPECT_NEAR(result.x(0), 1, kRounding);
  EXPECT_NEAR(result.x(1), 1, kRounding);
  EXPECT_GT(result.iterations, 1);
}

TEST(MinimiseSquares, SaysThatIterationsRanOut) {
  const Residuals valley = [](const VectorXd& x, VectorXd& residuals, MatrixXd* jacobian) {
    residuals << 10 * (x(1) - x(0) * x(0)), 1 - x(0);
    if (jacobian) *jacobian << -20 * x(0), 10, -1, 0;
  };
  EXPECT_EQ(minimise_squares(valley, 2, VectorXd{{-1.2, 1}}, 2).termination, Termination::iteration_limit);
}

TEST(MinimiseSquares, StepsBackFromWhereResidualsAreNotNumbers) {
  const Residuals logarithm = [](const VectorXd& x, VectorXd& residuals, MatrixXd* jacobian) {
    residuals << std::log(x(0));
    if (jacobian) *jacobian << 1 / x(0);
  };
  EXPECT_NEAR(minimise_squares(logarithm, 1, VectorXd{{8}}, 100).x(0), 1, kRounding);  // Newton's first step is below 0
}

}  // namespace
}  // namespace strikenet
