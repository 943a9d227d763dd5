#include "optimize/linear_program.h"

#include <coin/ClpSimplex.hpp>
#include <coin/ClpSolve.hpp>

#include "optimize/coin_matrix.h"

namespace strikenet {
namespace {

LinearSolution::Status status_of(const ClpSimplex& model) {
  if (model.isProvenOptimal()) return LinearSolution::Status::optimal;
  if (model.isProvenPrimalInfeasible()) return LinearSolution::Status::infeasible;
  return model.isProvenDualInfeasible() ? LinearSolution::Status::unbounded : LinearSolution::Status::failed;
}

}  // namespace

int LinearProgram::add(Column column) {
  columns.push_back(column);
  return static_cast<int>(columns.size()) - 1;
}

LinearSolution solve(const LinearProgram& program, double tolerance) {
  using Column = LinearProgram::Column;
  using Row = LinearProgram::Row;
  ClpSimplex model;
  model.setLogLevel(0);
  model.scaling(0);  // else tolerances are of scaled rows
  model.loadProblem(matrix_of(program), all(program.columns, &Column::lower).data(),
                    all(program.columns, &Column::upper).data(), all(program.columns, &Column::cost).data(),
                    all(program.rows, &Row::lower).data(), all(program.rows, &Row::upper).data());
  model.setPrimalTolerance(tolerance);
  model.setDualTolerance(tolerance);
  ClpSolve how;
  how.setSolveType(ClpSolve::useDual);
  how.setPresolveType(ClpSolve::presolveOn);
  model.initialSolve(how);
  if (model.isProvenOptimal()) model.primal();  // what presolve left undone, to the same tolerance
  LinearSolution solution{.status = status_of(model), .cost = model.objectiveValue(), .x = {}, .multipliers = {}};
  solution.x.assign(model.primalColumnSolution(), model.primalColumnSolution() + program.columns.size());
  solution.multipliers.assign(model.dualRowSolution(), model.dualRowSolution() + program.rows.size());
  return solution;
}

}  // namespace strikenet
