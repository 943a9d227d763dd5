#pragma once

#include <limits>
#include <string>
#include <vector>

namespace strikenet {

/// minimise  cost x   subject to  lower <= row x <= upper  for every row,  lower <= x <= upper  for every column.
/// Infinite bounds are none.
struct LinearProgram {
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  struct Column {
    double lower = 0, upper = kInfinity, cost = 0;
  };
  struct Entry {
    int column;
    double coefficient;
  };
  struct Row {
    std::vector<Entry> entries;
    double lower = -kInfinity, upper = kInfinity;
  };

  std::vector<Column> columns;
  std::vector<Row> rows;

  int add(Column column);  ///< its index
};

/// Where a vertex stands, for a solve that starts there.
struct LinearBasis {
  enum class At : char { basic, lower, upper, unknown };
  std::vector<At> columns, rows;
};

struct LinearSolution {
  enum class Status { optimal, infeasible, unbounded, failed };
  Status status = Status::failed;
  double cost = 0;
  std::vector<double> x;  ///< by column
  /// By row: what the least cost rises by when the row's bounds are raised by one; > 0 where its lower bound holds x.
  std::vector<double> multipliers;
  LinearBasis basis = {};
  std::vector<std::string> messages = {};  ///< of the solver, where the status is failed

  bool is_optimal() const { return status == Status::optimal; }
};

/// By the dual simplex method of Clp (J. Forrest and others, COIN-OR) behind its presolve, to a vertex, within
/// `tolerance` of every bound and reduced cost: absolute, so coefficients and bounds should be in units near 1.
/// Deterministic. A result in floating point: who needs a proof takes the vertex and proves it. A solve that starts at
/// the basis of a program much like it takes few steps; what that basis does not know stands at its lower bound, if it
/// is a column, and does not hold, if it is a row. Prints nothing. A program with a number that is none has status
/// failed.
LinearSolution solve(const LinearProgram& program, double tolerance = 1e-10, const LinearBasis* start = nullptr);

/// The same vertex, or one beside it, to within 1e-15 of every bound and row: by a program in what is missing, 1e5
/// times as large, which starts where the solution stands (Gleixner, Steffy and Wolter 2016, iterative refinement for
/// linear programming). The solution as it is where that does not end.
LinearSolution refined(const LinearProgram& program, const LinearSolution& solution);

}  // namespace strikenet
