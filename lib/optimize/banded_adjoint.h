#pragma once

#include <vector>

#include "banded_face_system.h"

namespace strikenet {

/// How a linear function of the unknowns at the minimum of a banded program moves with the program; per block and row.
struct BandedShift {
  std::vector<Eigen::VectorXd> with_target;             ///< over the row's square: when the target moves up by 1
  std::vector<Eigen::VectorXd> with_lower, with_upper;  ///< when the bound moves up by 1; 0 where it does not hold
};

/// The derivative of the minimum, on its face: bounds with a multiplier larger than their slack are equalities, all
/// others are not there. What is paid for goes on being paid.
///
/// At a bound with multiplier 0 the minimum has a kink: the derivative is that of the side where the bound does not
/// hold. Where equalities depend on each other the derivatives of their bounds are the shortest that add up.
class BandedAdjoint {
 public:
  /// squares: per block and row those of the program, or, where its residual is not linear, with what that bends,
  /// also negative. The program has to outlive this. Cost: see BandedFaceSystem.
  BandedAdjoint(const BandedProgram& program, const BandedSolution& solution,
                const std::vector<Eigen::VectorXd>& squares);

  /// function: per block, its unknowns and the border unknown.
  BandedShift shift(const std::vector<Eigen::VectorXd>& function) const;

 private:
  BandedFaceSystem system_;
};

}  // namespace strikenet
