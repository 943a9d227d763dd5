#pragma once

#include <span>
#include <vector>

#include "strikenet/core/export.h"

namespace strikenet {

/// out_weight * max(in_weight * x + bias, 0). It bends at its kink, -bias / in_weight: as a payoff it is
/// out_weight * |in_weight| calls struck there when in_weight > 0, as many puts when in_weight < 0, and the constant
/// out_weight * max(bias, 0) when in_weight is 0. The same function has many such units: (c u, c b, v / c) for any c >
/// 0.
struct HiddenUnit {
  double in_weight = 0;   ///< per unit of x
  double bias = 0;        ///< no unit
  double out_weight = 0;  ///< in the unit of the value
};

/// A single-hidden-layer ReLU network of one input,
///
///     f(x) = offset + sum_i out_weight_i * max(in_weight_i * x + bias_i, 0)
///
/// continuous and piecewise linear in x, with at most one kink per unit. Parameters of any sign; units in any order, as
/// many as you like, none included; nothing is merged or pruned, so that a trained network is held as it was given.
///
/// Invariant, checked once on construction: every parameter is finite. Immutable; safe to read from any thread. Moving
/// one copies it.
class STRIKENET_EXPORT ReluNetwork {
 public:
  /// Throws PreconditionError naming the first parameter that is not finite, and the number of its unit, from 0.
  ReluNetwork(double offset, std::vector<HiddenUnit> units);
  ReluNetwork(const ReluNetwork&) = default;
  ReluNetwork& operator=(const ReluNetwork&) = default;

  double offset() const { return offset_; }
  std::span<const HiddenUnit> units() const { return units_; }

  /// f(x), summed in the order of the units; cost O(units). Its rounding error is a few units in the last place of the
  /// largest term. Infinite when a term overflows. Throws PreconditionError unless x is finite.
  double value(double x) const;

 private:
  double offset_;
  std::vector<HiddenUnit> units_;
};

}  // namespace strikenet
