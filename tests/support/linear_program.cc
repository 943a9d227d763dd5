#include "support/linear_program.h"

#include <coin/ClpSimplex.hpp>

#include <limits>
#include <vector>

namespace strikenet::testing_support {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kTolerance = 1e-11;  // of a bound and of a reduced cost

CoinPackedMatrix packed(const Eigen::MatrixXd& rows) {
  std::vector<int> at_row, at_column;
  std::vector<double> elements;
  for (Index j = 0; j < rows.cols(); ++j)
    for (Index i = 0; i < rows.rows(); ++i)
      if (rows(i, j) != 0) {
        at_row.push_back(static_cast<int>(i));
        at_column.push_back(static_cast<int>(j));
        elements.push_back(rows(i, j));
      }
  CoinPackedMatrix matrix(true, at_row.data(), at_column.data(), elements.data(),
                          static_cast<CoinBigIndex>(elements.size()));
  matrix.setDimensions(static_cast<int>(rows.rows()), static_cast<int>(rows.cols()));
  return matrix;
}

}  // namespace

LinearProgram free_program(Index variables, Index count) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {.rows = Eigen::MatrixXd::Zero(count, variables),
          .row_lower = VectorXd::Constant(count, -kInfinity),
          .row_upper = VectorXd::Constant(count, kInfinity),
          .lower = VectorXd::Constant(variables, -kInfinity),
          .upper = VectorXd::Constant(variables, kInfinity),
          .cost = VectorXd::Zero(variables)};
}

LinearSolution solve(const LinearProgram& program) {
  ClpSimplex model;
  model.setLogLevel(0);
  model.loadProblem(packed(program.rows), program.lower.data(), program.upper.data(), program.cost.data(),
                    program.row_lower.data(), program.row_upper.data());
  model.setPrimalTolerance(kTolerance);
  model.setDualTolerance(kTolerance);
  model.primal();
  return {.optimal = model.isProvenOptimal(),
          .cost = model.objectiveValue(),
          .x = Eigen::Map<const VectorXd>(model.primalColumnSolution(), program.cost.size())};
}

}  // namespace strikenet::testing_support
