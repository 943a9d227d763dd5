#pragma once

#include "strikenet/optimize/loss.h"

namespace ceres {
class LossFunction;
}

namespace strikenet {

/// Ceres's function for a loss, to be owned by whoever takes it; null for `squared`.
ceres::LossFunction* ceres_loss(Loss loss);

/// rho'(s).
double loss_slope(Loss loss, double s);

}  // namespace strikenet
