#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "strike_band.h"
#include "strikenet/optimize/loss.h"

namespace strikenet {

/// A relu network whose strikes were fitted with its weights.
struct TrainedStrikes {
  std::vector<double> nodes;    ///< strike / forward, increasing
  std::vector<double> weights;  ///< > 0, sum 1, mean 1
  double cost = 0;
  double optimality = 0;  ///< of the weights at these nodes, as BandSolution::optimality; nodes are a local minimum
  Termination termination = Termination::stalled;
  int iterations = 0;  ///< of Ceres
  int moved = 0;       ///< units found dead and moved
};

struct TrainingOptions {
  int units = 8;
  std::uint64_t seed = 0;  ///< 0 starts from the quantiles as they are, another from quantiles shaken by it
  int rounds = 40;         ///< of moving one unit to where it is needed most
  int iterations = 4000;
};

/// Fits positions and weights of `units` relu units to the bands: the squared distances to the middles of the spreads,
/// weighed a little, and to the spreads, heavily; to prices without a spread in total vol. A local minimum: the start
/// matters, and `seed` chooses it.
///
/// Starts at quantiles of the strikes, one unit beyond each end, then
/// alternates Ceres over all positions and weights (weights by softmax, nodes scaled to mean 1, so that both equalities
/// hold at every step) with the exact weights of those positions. A unit is dead when its weight is 0 or when another
/// one lies beyond the same end of the quotes, so that no quote is on the side that it alone bends: it is counted and
/// moved to the middle of the worst stretch.
TrainedStrikes train_strikes(std::span<const StrikeBand> bands, double total_vol, const TrainingOptions& options);

}  // namespace strikenet
