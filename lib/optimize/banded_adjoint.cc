#include "banded_adjoint.h"

#include <algorithm>
#include <cmath>

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kGive = 1e-14;  // as little as lets dependent sides be solved

std::vector<BandedSide> held_sides(const BandedProgram& program, const BandedSolution& solution) {
  std::vector<BandedSide> held;
  for (const BandedSide& side : sides_of(program))
    if (state_of(program, side, solution) == BandedSideState::held) held.push_back(side);
  return held;
}

}  // namespace

BandedAdjoint::BandedAdjoint(const BandedProgram& program, const BandedSolution& solution,
                             const std::vector<VectorXd>& squares)
    : system_(program, squares, held_sides(program, solution), kGive) {}

/// With x the minimum, y its multipliers, g the gradient that targets pull with and b the bounds:  H dx - A' dy = dg,
/// A dx = db. For  H u - A' v = f,  A u = 0  the function moves by  f dx = u dg - v db.
BandedShift BandedAdjoint::shift(const std::vector<VectorXd>& function) const {
  BandedFaceSystem::Right right = system_.zero();
  right.function = function;
  const BandedFaceSystem::Solution adjoint = system_.solve(right);
  BandedShift shift;
  for (std::size_t b = 0; b < function.size(); ++b) {
    const std::vector<BandedRow>& rows = system_.program().blocks[b].rows;
    VectorXd values(static_cast<Index>(rows.size()));
    for (Index r = 0; r < values.size(); ++r)
      values(r) = value_of(rows[static_cast<std::size_t>(r)], adjoint.u[b]);
    shift.with_target.push_back(std::move(values));
    shift.with_lower.push_back(VectorXd::Zero(static_cast<Index>(rows.size())));
    shift.with_upper.push_back(VectorXd::Zero(static_cast<Index>(rows.size())));
  }
  for (std::size_t s = 0; s < system_.sides().size(); ++s) {
    const BandedSide& side = system_.sides()[s];
    if (side.link) continue;
    (side.sign > 0 ? shift.with_lower : shift.with_upper)[side.block](side.row) +=
        -side.sign * adjoint.multipliers(static_cast<Index>(s));
  }
  return shift;
}

}  // namespace strikenet
