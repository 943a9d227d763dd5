#pragma once

#include <Eigen/Dense>
#include <functional>
#include <string>
#include <vector>

#include "hinge_sums.h"
#include "smile_problem.h"

namespace strikenet {

/// One expiry of a joint fit.
struct FittedSmile {
  Smile smile;
  std::vector<StrikeBand> quotes;    ///< one band a quote
  Eigen::VectorXd prior = {};        ///< positive weights that those of the solution are compared with
  Eigen::VectorXd weights = {};      ///< of the last solution
  std::vector<double> allowed = {};  ///< per band: half spreads that it is left by above, or, negative, below
  std::vector<double> trust = {};    ///< per band: what a robust loss makes of its square, of 1
  double largest_error = 0;          ///< of quotes without a spread, in units of kVolScale total vols
};

struct JointFit {
  std::vector<Eigen::VectorXd> weights;
  std::vector<double> optimality;  ///< per slice: how far a quoted price may be from its exact optimum, in forwards
  Termination termination = Termination::stalled;
  std::string message;
  int iterations = 0;  ///< of the last joint problem: the interior point's and those of Ceres
};

/// Fits all slices, which share their nodes, so that hinge sums do not fall from one to the next but by rounding. First
/// each on its own with a Student prior, which `progress` counts; then, with the first solutions - put in order in
/// time, and smoothed - as priors, all together by the interior-point method, links wherever neighbours come near.
/// Where that leaves a price outside its band, the least total distance of all quotes is found, and held. Where quotes
/// have no spread their vols are linearised, the largest error made as small as it can be and then held. Last, if that
/// is the engine, Ceres on the face.
JointFit fit_jointly(std::vector<FittedSmile>& slices, const FitOptions& options, int threads,
                     const std::function<void(int)>& progress);

}  // namespace strikenet
