#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <span>
#include <vector>

#include "optimize/band_least_squares.h"
#include "strike_band.h"
#include "strikenet/fitting/fit_smile.h"

namespace strikenet {

/// What stands for half a spread where there is none, relative to the at-the-money vol: a basis point at 25 %.
inline constexpr double kVolScale = 4e-4;

/// One expiry as the solver sees it: everything in units of the forward.
struct Smile {
  std::vector<StrikeBand> bands = {};
  double total_vol = 0;  ///< at the money
  Activation activation = Activation::cubic;
  std::vector<double> knots = {};
  std::vector<double> nodes = {};

  std::span<const double> unit(Eigen::Index j) const {
    return std::span<const double>(knots).subspan(static_cast<std::size_t>(j),
                                                  static_cast<std::size_t>(knots_per_unit(activation)));
  }
  Eigen::Index units() const { return static_cast<Eigen::Index>(nodes.size()); }
  double node(Eigen::Index j) const { return nodes[static_cast<std::size_t>(j)]; }
};

/// What a unit with its node at `node` is worth at strike x, of the option that is out of the money there, relu or not:
/// (x - node)+ for a put (x < 1), (node - x)+ for a call.
inline double out_of_the_money_hinge(double x, double node) { return std::max(x < 1 ? x - node : node - x, 0.0); }

/// With the knots that the options give or that the quotes need.
Smile smile_of(const std::vector<StrikeBand>& bands, const FitOptions& options);

/// The weights of a slice and the problem they solve.
struct SmileSolution {
  Eigen::VectorXd prior;
  Eigen::VectorXd weights;  ///< mass 1 and mean 1
  BandSolution last = {};
  int iterations = 0;  ///< of Ceres
};

/// First the middles of the spreads with a wide prior, then everything with the smoothed first solution as the prior;
/// twice more where vols are linearised, each time at the solution before.
SmileSolution solve(const Smile& smile, const FitOptions& options);

}  // namespace strikenet
