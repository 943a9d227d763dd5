#pragma once

#include <Eigen/Dense>

namespace strikenet::testing_support {

/// minimise  cost x   subject to  row_lower <= rows x <= row_upper,  lower <= x <= upper,
/// by the simplex method of Clp (J. Forrest and others, COIN-OR), which shares nothing with our own programs. Infinite
/// bounds are none.
struct LinearProgram {
  Eigen::MatrixXd rows;
  Eigen::VectorXd row_lower, row_upper;
  Eigen::VectorXd lower, upper;
  Eigen::VectorXd cost;
};

struct LinearSolution {
  bool optimal = false;
  double cost = 0;
  Eigen::VectorXd x;
};

/// Variables without bounds and without cost, and `count` rows that bind nothing.
LinearProgram free_program(Eigen::Index variables, Eigen::Index count);

LinearSolution solve(const LinearProgram& program);

}  // namespace strikenet::testing_support
