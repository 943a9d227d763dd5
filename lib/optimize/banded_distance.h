#pragma once

#include <vector>

#include "banded_program.h"

namespace strikenet {

/// How far points are from the exact minimum of a program, computed from the program and the point alone.
struct BandedDistance {
  BandedSolution near;  ///< a point nearer to the minimum than the given one, or that itself
  /// Per block and row: by how much the row's value at `near` and at the minimum differ at most; and by how much it
  /// differs at `near` and at the given point.
  std::vector<Eigen::VectorXd> of_rows, moved;
  double squares = 0;    ///< the root of the sum of square (value at near - value at the minimum)^2 is at most this
  bool settled = false;  ///< `near` is near enough, or where it went to; false: the given point, or one on the way
};

/// What the values of rows are asked to be known to, and no nearer: an infinite distance asks nothing of its row, whose
/// distance is then not computed and 0. Empty: of all rows, as near as there are digits.
using NearEnough = std::vector<Eigen::VectorXd>;

/// From a solution to one in quadruple precision, 34 digits, and what its duality gap proves. With x a point, y any
/// multipliers in [0, price], H the squares, g the gradient of the squares less what y pulls, and d the way from x to
/// the minimum,
///
///     1/2 |d|_H^2 + g d  <=  sum y slack + (price - y) excess  +  cost at x' - cost at x
///
/// by weak duality and convexity; x' a point that meets all hard bounds, as near to x as is known. So |d|_H is at most
/// |g| + sqrt(|g|^2 + 2 right), |g| in the norm of H^-1, and the value of a row a differs by at most |a| |d|_H. In
/// double precision that is loose where multipliers are large - at prices of 1e9 rounding alone makes products of 1e-2
/// -, and where a small square alone determines something: rounding of the multipliers, over its root.
///
/// Where that is already near enough at the given point, it is the answer. Else two ways there. The interior-point
/// method goes on from where it stopped, its residuals in quadruple precision. Where that comes near, but not near
/// enough, what the multipliers say is held is made an equality, the face solved by the LU of BandedFaceSystem with
/// residuals in quadruple precision, what is wrong then changed, as in the active set.
///
/// inside: points per block that meet all hard bounds with something to spare; those that do not are of no use. Norms
/// are in doubles, times 1 + 1e-6. Not promised: a small distance; it is large where neither way arrives. Cost: at the
/// given point as one step of the interior-point method; else at most 40 LUs with all bounds that matter, given up once
/// complementarity no longer falls, and one to four faces of the active set.
BandedDistance distance_to_minimum(const BandedProgram& program, const BandedSolution& solution,
                                   const std::vector<std::vector<Eigen::VectorXd>>& inside,
                                   const NearEnough& enough = {});

}  // namespace strikenet
