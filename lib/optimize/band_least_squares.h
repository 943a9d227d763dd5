#pragma once

#include <Eigen/Dense>
#include <string>

#include "strikenet/optimize/loss.h"

namespace strikenet {

/// How far linear functions of x lie outside bands:
///
///     cost(x) = 1/2 sum_i rho_i(d_i^2),   d_i = the signed distance of (design x)_i to [lower_i, upper_i]
///
/// over x with x_j >= 0 where nonnegative(j), and equality x = target. A band of width 0 is an ordinary least-squares
/// residual, one with an infinite end a one-sided bound; weights are folded into the rows. Convex when rho is.
struct BandLeastSquares {
  Eigen::MatrixXd design;  ///< rows x unknowns
  Eigen::VectorXd lower, upper;
  Eigen::MatrixXd equality = {};  ///< none, or two rows: held exactly, by eliminating two unknowns
  Eigen::VectorXd target = {};
  Eigen::Array<bool, Eigen::Dynamic, 1> nonnegative;
  Eigen::VectorXd unit;  ///< one of x_j in the unit in which optimality is stated
  Loss loss =
      Loss::squared;  ///< rho of the first `robust_rows` rows is `robust_weight` times it; the others are squared
  Eigen::Index robust_rows = 0;
  double robust_weight = 1;

  Eigen::Index unknowns() const { return design.cols(); }
};

struct BandSolution {
  Eigen::VectorXd x;
  double cost;
  double optimality;  ///< see optimality()
  Termination termination;
  std::string message;  ///< the stopping rule that fired, with its numbers
  int iterations;       ///< of Ceres, over all faces
  int faces;
};

struct BandLimits {
  double optimality = 1e-10;
  int iterations = 400;
  int faces = 1000;
};

/// The largest move of one unknown that would still lower the cost, in its unit: max_j unit_j |x_j - (x_j - g_j /
/// h_j)+| (without the bound where x_j has none), g and h the gradient and the diagonal of the Gauss-Newton Hessian
/// after the two unknowns that carry the equalities have followed. 0 exactly at the minimum, however it was reached.
double optimality(const BandLeastSquares& problem, const Eigen::VectorXd& x);

/// Minimises by Ceres on a face - unknowns at zero held there, the equalities eliminated - and changes the face. First
/// by block pivoting: free unknowns that went negative are held, held ones whose gradient is negative are freed, all at
/// once (Portugal, Judice, Vicente 1994). When that stops making progress, one by one, feasible and with falling cost
/// (Lawson, Hanson 1974, chapter 23). Bounds given to Ceres itself would stop it far from the minimum. `start` need not
/// be feasible. Deterministic.
BandSolution minimise(const BandLeastSquares& problem, const Eigen::VectorXd& start, const BandLimits& limits = {});

}  // namespace strikenet
