#include "ceres_loss.h"

#include <ceres/loss_function.h>

#include <cmath>

namespace strikenet {

ceres::LossFunction* ceres_loss(Loss loss) {
  switch (loss) {
    case Loss::squared: break;
    case Loss::huber: return new ceres::HuberLoss(1.0);
    case Loss::soft_l1: return new ceres::SoftLOneLoss(1.0);
    case Loss::cauchy: return new ceres::CauchyLoss(1.0);
  }
  return nullptr;
}

double loss_slope(Loss loss, double s) {
  switch (loss) {
    case Loss::squared: return 1;
    case Loss::huber: return s <= 1 ? 1 : 1 / std::sqrt(s);
    case Loss::soft_l1: return 1 / std::sqrt(1 + s);
    case Loss::cauchy: return 1 / (1 + s);
  }
  return 1;
}

}  // namespace strikenet
