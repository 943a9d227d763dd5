#include "optimize/solve_quietly.h"

#include <glog/logging.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace strikenet {
namespace {

/// x + y = 1: nothing tells the two apart, and the normal equations have no Cholesky factor.
struct Sum final : ceres::SizedCostFunction<1, 2> {
  bool Evaluate(const double* const* x, double* residual, double** slopes) const override {
    *residual = x[0][0] + x[0][1] - 1;
    if (slopes != nullptr && slopes[0] != nullptr) slopes[0][0] = slopes[0][1] = 1;
    return true;
  }
};

ceres::Solver::Options options() {
  ceres::Solver::Options result;
  result.linear_solver_type = ceres::DENSE_NORMAL_CHOLESKY;
  result.logging_type = ceres::SILENT;
  result.initial_trust_region_radius = result.max_trust_region_radius = 1e32;
  result.max_num_consecutive_invalid_steps = 3;
  return result;
}

/// What glog gets, at any level, while `run` runs.
template <class F>
std::string printed(F run) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  run();
  return testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
}

TEST(SolveQuietly, PrintsNothingOfAStepThatCeresTellsGlogOf) {
  std::vector<double> x{0, 0};
  ceres::Problem problem;
  problem.AddResidualBlock(new Sum, nullptr, x.data());
  ceres::Solver::Summary loud, quiet;
  EXPECT_NE(printed([&] { ceres::Solve(options(), &problem, &loud); }), "");  // else this would find nothing
  x = {0, 0};
  EXPECT_EQ(printed([&] { quiet = solve_quietly(options(), problem); }), "");
  EXPECT_EQ(quiet.message, loud.message);
  EXPECT_NE(quiet.message, "");
  EXPECT_EQ(quiet.IsSolutionUsable(), loud.IsSolutionUsable());
}

TEST(SolveQuietly, LeavesTheLevelOfGlogAsItWasAlsoWhereManyThreadsSolve) {
  const int before = FLAGS_minloglevel;
  const std::string text = printed([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < 20; ++i) {
          std::vector<double> x{0, 0};
          ceres::Problem problem;
          problem.AddResidualBlock(new Sum, nullptr, x.data());
          solve_quietly(options(), problem);
        }
      });
  });
  EXPECT_EQ(text, "");
  EXPECT_EQ(FLAGS_minloglevel, before);
}

}  // namespace
}  // namespace strikenet
