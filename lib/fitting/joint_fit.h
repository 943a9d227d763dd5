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
  std::vector<StrikeBand> quotes;  ///< one band a quote
  Eigen::VectorXd prior = {};
  Eigen::VectorXd weights = {};
  std::vector<double> allowed = {};  ///< per band: half spreads that it is left by above, or, negative, below
  std::vector<double> trust = {};    ///< per band: what a robust loss makes of its square, of 1
  double largest_error = 0;          ///< of quotes without a spread, in units of kVolScale total vols
};

struct JointFit {
  std::vector<Eigen::VectorXd> weights;
  std::vector<double> optimality;  ///< per slice: how far a quoted price may be from its exact optimum, in forwards
  Termination termination = Termination::stalled;
  std::string message;
  int iterations = 0;
};

/// Fits all slices, which share their nodes, so that hinge sums do not fall from one to the next. First each on its own
/// with a Student prior; then, with the smoothed first solutions - put in order in time - as priors, all together by
/// the interior-point engine, links wherever neighbours come near. Where quotes have no spread their vols are
/// linearised, the largest error made as small as it can be and then held.
JointFit fit_jointly(std::vector<FittedSmile>& slices, const FitOptions& options, int threads,
                     const std::function<void(int)>& progress);

}  // namespace strikenet
