#pragma once

#include <memory>
#include <vector>

#include "banded_program.h"

namespace strikenet {

/// How a linear function of the unknowns at the minimum of a banded program moves with the program. Per block and row,
/// or link. The minimum itself moves with targets and bounds; multipliers >= 0 show which bounds hold it.
struct BandedShift {
  /// Of the row's value at the minimum when the linear function, of weight 1, is subtracted from the objective. So the
  /// function itself changes by square * of_value when the row's target changes by 1.
  std::vector<Eigen::VectorXd> of_value;
  std::vector<Eigen::VectorXd> of_lower,
      of_upper;  ///< of the function, when the bound moves up by 1; 0 where it is slack
};

/// The derivative of the minimum, on its face: bounds with a multiplier larger than their slack are equalities, all
/// others are not there, nor are those that are paid for. One sparse LU of the augmented system - squares not
/// multiplied out - serves any number of functions.
///
/// At a bound with multiplier 0 the minimum has a kink: the derivative is that of the side where the bound does not
/// hold. Where equalities depend on each other the derivatives of their bounds are the shortest that add up.
///
/// `squares`: per block and row instead of those of the program, also negative ones (curvature), where its residual is
/// not linear. Cost: that of some ten Newton steps.
class BandedAdjoint {
 public:
  BandedAdjoint(const BandedProgram& program, const BandedSolution& solution,
                const std::vector<Eigen::VectorXd>& squares);

  /// function: per block, its unknowns and the border unknown.
  BandedShift shift(const std::vector<Eigen::VectorXd>& function) const;

 private:
  struct System;
  std::shared_ptr<const System> system_;
};

}  // namespace strikenet
