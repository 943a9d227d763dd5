#include "optimize/ceres_loss.h"

#include <ceres/loss_function.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-14;
constexpr double kTruncation = 1e-7;  // of a central difference
constexpr Loss kAll[] = {Loss::squared, Loss::huber, Loss::soft_l1, Loss::cauchy};
constexpr Loss kRobust[] = {Loss::huber, Loss::soft_l1, Loss::cauchy};

/// rho and its first two derivatives at s.
struct Rho {
  double value, slope, curvature;
};

Rho rho(Loss loss, double s) {
  const std::unique_ptr<ceres::LossFunction> function(ceres_loss(loss));
  double out[3];
  function->Evaluate(s, out);
  return {out[0], out[1], out[2]};
}

TEST(CeresLoss, IsNoFunctionForSquaresWhichCeresTakesByItself) { EXPECT_EQ(ceres_loss(Loss::squared), nullptr); }

TEST(CeresLoss, HasTheValuesOfItsFormulas) {
  struct Known {
    Loss loss;
    double s, value, slope;
  };
  const double e = std::exp(1.0);
  for (const Known& known :
       {Known{Loss::huber, 0.25, 0.25, 1}, Known{Loss::huber, 1, 1, 1}, Known{Loss::huber, 4, 3, 0.5},
        Known{Loss::huber, 100, 19, 0.1}, Known{Loss::soft_l1, 3, 2, 0.5}, Known{Loss::soft_l1, 8, 4, 1.0 / 3},
        Known{Loss::cauchy, e - 1, 1, 1 / e}, Known{Loss::cauchy, 99, std::log(100.0), 0.01}}) {
    const Rho found = rho(known.loss, known.s);
    EXPECT_NEAR(found.value, known.value, kRounding * known.value) << to_string(known.loss) << ' ' << known.s;
    EXPECT_NEAR(found.slope, known.slope, kRounding) << to_string(known.loss) << ' ' << known.s;
    EXPECT_NEAR(loss_slope(known.loss, known.s), known.slope, kRounding) << to_string(known.loss) << ' ' << known.s;
  }
}

TEST(CeresLoss, IsTheSquareForSmallErrors) {
  for (const Loss loss : kRobust) {
    EXPECT_EQ(rho(loss, 0).value, 0) << to_string(loss);
    EXPECT_EQ(rho(loss, 0).slope, 1) << to_string(loss);
    EXPECT_NEAR(rho(loss, 1e-6).value, 1e-6, 1e-12) << to_string(loss);
  }
}

TEST(LossSlope, IsThatOfCeres) {
  for (const Loss loss : kRobust)
    for (double s = 1e-8; s < 1e12; s *= 1.7)
      ASSERT_NEAR(loss_slope(loss, s), rho(loss, s).slope, kRounding * rho(loss, s).slope)
          << to_string(loss) << ' ' << s;
}

TEST(LossSlope, IsTheDifferenceQuotientOfTheLoss) {
  for (const Loss loss : kRobust)
    for (double s = 0.01; s < 1e4; s *= 1.3) {
      const double step = 1e-4 * s, difference = rho(loss, s + step).value - rho(loss, s - step).value;
      ASSERT_NEAR(loss_slope(loss, s), difference / (2 * step), kTruncation) << to_string(loss) << ' ' << s;
    }
}

TEST(LossSlope, IsOneAtNoErrorAndNeverRises) {
  for (const Loss loss : kAll) {
    EXPECT_EQ(loss_slope(loss, 0), 1) << to_string(loss);
    double before = 1;
    for (double s = 1e-6; s < 1e12; s *= 1.1) {
      const double slope = loss_slope(loss, s);
      ASSERT_LE(slope, before) << to_string(loss) << ' ' << s;
      ASSERT_GT(slope, 0) << to_string(loss) << ' ' << s;
      before = slope;
    }
  }
}

TEST(LossSlope, IgnoresAnErrorWithoutEndUnlessItIsSquared) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(loss_slope(Loss::squared, kInfinity), 1);
  for (const Loss loss : kRobust)
    EXPECT_EQ(loss_slope(loss, kInfinity), 0) << to_string(loss);
}

TEST(LossSlope, PassesOnWhatIsNoNumber) {
  for (const Loss loss : kRobust)
    EXPECT_TRUE(std::isnan(loss_slope(loss, std::nan("")))) << to_string(loss);
}

}  // namespace
}  // namespace strikenet
