#pragma once

#include <functional>

#include "banded_face.h"
#include "banded_program.h"

namespace strikenet {

struct ActiveSetLimits {
  /// As BandedFaceOptions::bend. Empty: none is bent.
  std::function<Bent(std::size_t block, std::ptrdiff_t tag, double value)> bend = {};
  int faces = 40;
};

struct ActiveSetSolution {
  BandedSolution solution;  ///< x and its multipliers; those of bounds that do not hold it are 0
  bool optimal = false;     ///< no bound is crossed and no multiplier has the wrong sign, but by rounding
  int faces = 0;
};

/// From a guess of where the minimum is and of what holds it to the minimum, to rounding. Bounds with a multiplier
/// larger than their slack are equalities, those that are paid for pay, all others are not there: the minimum of that
/// is one linear solve. What it crosses is held next, what has a multiplier of the wrong sign let go, what has one
/// above its price paid, all at once (Portugal, Judice, Vicente 1994).
///
/// Not promised: that it arrives. A guess far off makes bounds change sides for ever, which shows in that they do not
/// become half as many within a few faces; then `optimal` is false and the guess comes back. Cost: one BandedFaceSystem
/// a face.
ActiveSetSolution minimise_by_active_set(const BandedProgram& program, const BandedSolution& guess,
                                         const ActiveSetLimits& limits = {});

}  // namespace strikenet
