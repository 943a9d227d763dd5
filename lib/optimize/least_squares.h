#pragma once

#include <Eigen/Dense>
#include <functional>

#include "strikenet/optimize/loss.h"

namespace strikenet {

/// Residuals at x, and their Jacobian (residuals x unknowns) when it is asked for.
using Residuals = std::function<void(const Eigen::VectorXd& x, Eigen::VectorXd& residuals, Eigen::MatrixXd* jacobian)>;

struct LeastSquaresResult {
  Eigen::VectorXd x;
  double cost;  ///< half the sum of squares
  Termination termination;
  int iterations;
};

/// A local minimum of half the sum of `count` squared residuals from `start`, by Ceres. Says nothing about other
/// minima.
LeastSquaresResult minimise_squares(const Residuals& residuals, Eigen::Index count, const Eigen::VectorXd& start,
                                    int iterations);

}  // namespace strikenet
