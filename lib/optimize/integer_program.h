#pragma once

#include <vector>

#include "optimize/linear_program.h"

namespace strikenet {

struct IntegerSolution {
  LinearSolution::Status status = LinearSolution::Status::failed;
  double cost = 0;
  double bound = 0;                        ///< proved: no solution costs less
  std::vector<double> x;                   ///< by column
  std::vector<std::string> messages = {};  ///< of the solver, where the status is failed
};

/// The same problem with some columns whole numbers, by branch and cut of Cbc (J. Forrest and others, COIN-OR), which
/// ends after `nodes` nodes with the best that it has. `optimal` is any solution: whether a cheaper one is left is the
/// difference between cost and bound. One thread, deterministic. Prints nothing.
IntegerSolution solve_whole(const LinearProgram& program, const std::vector<int>& whole, int nodes,
                            double tolerance = 1e-9);

}  // namespace strikenet
