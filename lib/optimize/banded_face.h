#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "banded_program.h"
#include "strikenet/optimize/loss.h"

namespace strikenet {

/// A residual, before its weight, and its first two derivatives at a row's value.
struct Bent {
  double residual, slope;
  double curvature = 0;
};

struct BandedFaceOptions {
  /// The residual of a tagged row, instead of value - target. Empty: none is bent.
  std::function<Bent(std::size_t block, std::ptrdiff_t tag, double value)> bend = {};
  Loss loss = Loss::squared;  ///< of the tagged rows: square / 2 rho(residual^2)
  int iterations = 100;       ///< of Ceres, over all faces
  int faces = 50;
};

/// The program in which every tagged row has the square and the target that its residual and the loss give it near x:
/// of the same gradient there. A row whose residual is no number there stays as it is.
BandedProgram linearised(const BandedProgram& program, const std::vector<Eigen::VectorXd>& x,
                         const BandedFaceOptions& options);

struct BandedFaceSolution {
  BandedSolution solution = {};  ///< x and its multipliers
  int iterations = 0, faces = 0;
  double root_gap = 0;       ///< see root_gap(); to first order where rows are bent or a loss is not squared
  std::string failure = {};  ///< what Ceres says of its last problem, where that failed
};

/// From the solution of the interior-point method to the minimum itself. What is at a bound there is held there - the
/// equalities are eliminated, one unknown each, sparsely - and Ceres minimises over the rest, in one problem for all
/// blocks, starting from that solution. Then what Ceres pushed over a bound is held too, what has a multiplier of the
/// wrong sign is let go, and Ceres minimises again: all at once, and one by one when that makes no progress. Returns,
/// of all points that cross no bound, the solution's own included, the one with the smallest root_gap.
///
/// A start that pays for lying beyond a bound is given back as it is: allow for the excess in the bound first.
BandedFaceSolution minimise_on_face(const BandedProgram& program, const BandedSolution& solution,
                                    const BandedFaceOptions& options = {});

}  // namespace strikenet
