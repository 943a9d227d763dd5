#pragma once

#include <Eigen/Sparse>
#include <vector>

#include "banded_program.h"

namespace strikenet {

/// sign * value >= bound, of a row of a block or of one of its links; on a face with equality.
struct BandedSide {
  std::size_t block;
  Eigen::Index row;  ///< of the block's rows, or of its links
  bool link;
  double sign, bound;
};

/// All sides of a program: of rows by block, lower before upper, then the block's links.
std::vector<BandedSide> sides_of(const BandedProgram& program);

/// sign * value - bound.
double slack_of(const BandedProgram& program, const BandedSide& side, const std::vector<Eigen::VectorXd>& x);

/// In a solution.
double& multiplier_of(const BandedSide& side, BandedSolution& solution);
double multiplier_of(const BandedSide& side, const BandedSolution& solution);

/// What a guess of the minimum says of a bound: held where the multiplier is larger than the slack; paid for where what
/// is left of its price is smaller than what lies beyond.
enum class BandedSideState { free, held, paid };
BandedSideState state_of(const BandedProgram& program, const BandedSide& side, const BandedSolution& guess);

/// Those of the sides that are held, and which of all they are.
struct HeldSides {
  std::vector<BandedSide> sides = {};
  std::vector<std::size_t> index = {};
};
HeldSides held_of(const std::vector<BandedSide>& sides, const std::vector<BandedSideState>& states);

/// Of its linear form: by what a slack changes at most with one unknown.
double largest_coefficient(const BandedProgram& program, const BandedSide& side);

/// infinity for links.
double price_of(const BandedProgram& program, const BandedSide& side);

/// The optimality conditions of
///
///     minimise over u   sum_rows square / 2 (value(u) + residual)^2  -  function u
///     subject to        sign * value(u) = target      for each of some sides
///
/// as one sparse LU of the augmented system, in which squares are not multiplied out, so that their condition is not
/// squared. Squares may be negative where the sides leave no direction in which the sum falls. Sides may depend on
/// each other; where their targets agree, the multipliers are the shortest ones. Cost: a few Newton steps of the
/// interior-point method; one of its solves a tenth of that.
class BandedFaceSystem {
 public:
  /// squares: per block and row. give: by what sides may give way, times their multipliers; refined away, fast where
  /// that is little against how the minimum gives way, slowly where it is much. slopes: by what each side does give
  /// way, sign * value + slope * multiplier = target, as in a step of an interior-point method; none: all 0. The
  /// program has to outlive this.
  BandedFaceSystem(const BandedProgram& program, const std::vector<Eigen::VectorXd>& squares,
                   std::vector<BandedSide> sides, double give, const std::vector<double>& slopes = {});

  struct Right {
    std::vector<Eigen::VectorXd> residuals;  ///< per block and row
    std::vector<Eigen::VectorXd> function;   ///< per block, its unknowns and the border unknown
    Eigen::VectorXd targets;                 ///< per side
  };
  struct Solution {
    std::vector<Eigen::VectorXd> u;
    Eigen::VectorXd multipliers;  ///< per side: by what the minimum grows when its target does
  };
  /// A right-hand side of zeros.
  Right zero() const;
  Solution solve(const Right& right) const;
  bool regular() const { return lu_.info() == Eigen::Success; }

  const BandedProgram& program() const { return program_; }
  const std::vector<BandedSide>& sides() const { return sides_; }

 private:
  template <class F>
  void for_coefficients(std::size_t b, const BandedRow& row, F f) const;
  template <class F>
  void for_coefficients(const BandedSide& side, F f) const;

  const BandedProgram& program_;
  std::vector<Eigen::VectorXd> roots_;  // of the squares' sizes
  std::vector<BandedSide> sides_;
  Eigen::VectorXd scales_;                         // of the sides: 1 over their largest coefficients
  std::vector<Eigen::Index> base_;                 // of each block's unknowns
  std::vector<std::vector<Eigen::Index>> at_row_;  // of each row's residual, or -1
  Eigen::Index unknowns_ = 0, first_side_ = 0;
  Eigen::SparseMatrix<double> exact_;
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu_;
};

}  // namespace strikenet
