#include "optimize/integer_program.h"

#include <cmath>
#include <coin/CbcModel.hpp>
#include <coin/CglGomory.hpp>
#include <coin/CglMixedIntegerRounding2.hpp>
#include <coin/OsiClpSolverInterface.hpp>

#include "optimize/coin_matrix.h"

namespace strikenet {

IntegerSolution solve_whole(const LinearProgram& program, const std::vector<int>& whole, int nodes, double tolerance) {
  using Column = LinearProgram::Column;
  using Row = LinearProgram::Row;
  using Status = LinearSolution::Status;
  if (!has_numbers(program)) return {.x = {}, .messages = {kNoNumber}};
  CoinMessages messages;
  const auto failed = [&] { return IntegerSolution{.x = {}, .messages = messages.messages()}; };
  OsiClpSolverInterface relaxed;
  relaxed.setHintParam(OsiDoReducePrint, true, OsiHintDo);
  relaxed.passInMessageHandler(&messages);
  relaxed.loadProblem(matrix_of(program), all(program.columns, &Column::lower).data(),
                      all(program.columns, &Column::upper).data(), all(program.columns, &Column::cost).data(),
                      all(program.rows, &Row::lower).data(), all(program.rows, &Row::upper).data());
  relaxed.setDblParam(OsiPrimalTolerance, tolerance);
  relaxed.setDblParam(OsiDualTolerance, tolerance);
  for (const int column : whole)
    relaxed.setInteger(column);
  relaxed.initialSolve();
  if (relaxed.isProvenPrimalInfeasible()) return {.status = Status::infeasible, .x = {}};
  if (relaxed.isProvenDualInfeasible()) return {.status = Status::unbounded, .x = {}};
  if (!relaxed.isProvenOptimal()) return failed();

  CbcModel model(relaxed);
  model.passInMessageHandler(&messages);
  CglGomory gomory;
  CglMixedIntegerRounding2 rounding;
  model.addCutGenerator(&gomory, -1, "Gomory");
  model.addCutGenerator(&rounding, -1, "MixedIntegerRounding");
  model.setMaximumNodes(nodes);
  model.setIntegerTolerance(1e-9);
  model.setAllowableGap(0);
  model.branchAndBound();
  if (model.bestSolution() == nullptr && !model.isProvenInfeasible()) return failed();
  if (model.bestSolution() == nullptr) return {.status = Status::infeasible, .x = {}};
  IntegerSolution solution{.status = Status::optimal,
                           .cost = model.getObjValue(),
                           .bound = std::min(model.getObjValue(), model.getBestPossibleObjValue()),
                           .x = {}};
  solution.x.assign(model.bestSolution(), model.bestSolution() + program.columns.size());
  for (const int column : whole)
    solution.x[static_cast<std::size_t>(column)] = std::round(solution.x[static_cast<std::size_t>(column)]);
  return solution;
}

}  // namespace strikenet
