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

LinearBasis::At at(ClpSimplex::Status status) {
  switch (status) {
    case ClpSimplex::basic: return LinearBasis::At::basic;
    case ClpSimplex::atUpperBound: return LinearBasis::At::upper;
    default: return LinearBasis::At::lower;
  }
}

ClpSimplex::Status status_at(LinearBasis::At at, ClpSimplex::Status unknown) {
  switch (at) {
    case LinearBasis::At::basic: return ClpSimplex::basic;
    case LinearBasis::At::lower: return ClpSimplex::atLowerBound;
    case LinearBasis::At::upper: return ClpSimplex::atUpperBound;
    default: return unknown;
  }
}

void solve_from(ClpSimplex& model, const LinearBasis& start) {
  model.createStatus();
  for (int j = 0; j < model.numberColumns(); ++j)
    model.setColumnStatus(j, status_at(start.columns[static_cast<std::size_t>(j)], ClpSimplex::atLowerBound));
  for (int i = 0; i < model.numberRows(); ++i)
    model.setRowStatus(i, status_at(start.rows[static_cast<std::size_t>(i)], ClpSimplex::basic));
  model.dual();
}

LinearBasis basis_of(const ClpSimplex& model) {
  LinearBasis basis;
  for (int j = 0; j < model.numberColumns(); ++j)
    basis.columns.push_back(at(model.getColumnStatus(j)));
  for (int i = 0; i < model.numberRows(); ++i)
    basis.rows.push_back(at(model.getRowStatus(i)));
  return basis;
}

}  // namespace

int LinearProgram::add(Column column) {
  columns.push_back(column);
  return static_cast<int>(columns.size()) - 1;
}

LinearSolution solve(const LinearProgram& program, double tolerance, const LinearBasis* start) {
  using Column = LinearProgram::Column;
  using Row = LinearProgram::Row;
  if (!has_numbers(program)) return {.x = {}, .multipliers = {}, .messages = {kNoNumber}};
  CoinMessages messages;
  ClpSimplex model;
  model.passInMessageHandler(&messages);
  model.scaling(0);  // else tolerances are of scaled rows
  model.loadProblem(matrix_of(program), all(program.columns, &Column::lower).data(),
                    all(program.columns, &Column::upper).data(), all(program.columns, &Column::cost).data(),
                    all(program.rows, &Row::lower).data(), all(program.rows, &Row::upper).data());
  model.setPrimalTolerance(tolerance);
  model.setDualTolerance(tolerance);
  if (start != nullptr) {
    solve_from(model, *start);
  } else {
    ClpSolve how;
    how.setSolveType(ClpSolve::useDual);
    how.setPresolveType(ClpSolve::presolveOn);
    model.initialSolve(how);
  }
  if (model.isProvenOptimal()) model.primal();  // what presolve left undone, to the same tolerance
  LinearSolution solution{.status = status_of(model), .cost = model.objectiveValue(), .x = {}, .multipliers = {}};
  solution.x.assign(model.primalColumnSolution(), model.primalColumnSolution() + program.columns.size());
  solution.multipliers.assign(model.dualRowSolution(), model.dualRowSolution() + program.rows.size());
  solution.basis = basis_of(model);
  if (solution.status == LinearSolution::Status::failed) solution.messages = messages.messages();
  return solution;
}

LinearSolution refined(const LinearProgram& program, const LinearSolution& solution) {
  constexpr double kLarger = 1e5, kTolerance = 1e-10;
  LinearProgram missing = program;
  for (std::size_t j = 0; j < missing.columns.size(); ++j) {
    missing.columns[j].lower = (program.columns[j].lower - solution.x[j]) * kLarger;
    missing.columns[j].upper = (program.columns[j].upper - solution.x[j]) * kLarger;
  }
  for (LinearProgram::Row& row : missing.rows) {
    long double value = 0;
    for (const auto& [column, coefficient] : row.entries)
      value += static_cast<long double>(coefficient) * solution.x[static_cast<std::size_t>(column)];
    row.lower = static_cast<double>((row.lower - value) * kLarger);
    row.upper = static_cast<double>((row.upper - value) * kLarger);
  }
  LinearSolution result = solve(missing, kTolerance, &solution.basis);
  if (!result.is_optimal()) return solution;
  for (std::size_t j = 0; j < result.x.size(); ++j)
    result.x[j] = solution.x[j] + result.x[j] / kLarger;
  result.cost = solution.cost + result.cost / kLarger;
  return result;
}

}  // namespace strikenet
