#include "strikenet/fitting/fit_surface.h"

#include <fmt/format.h>
#include <Eigen/Dense>

#include <utility>

#include "calendar_order.h"
#include "chain_smiles.h"
#include "joint_fit.h"
#include "smile_problem.h"
#include "smile_result.h"
#include "strikenet/core/result.h"

namespace strikenet {

SlicesFit fit_surface(const Chain& chain, const FitOptions& options, int threads,
                      const std::function<void(int)>& progress) {
  require_fittable(chain, options, threads);
  const Smiles smiles = smiles_of(chain);
  const FitOptions common = with_common_knots(chain, smiles, options);
  require(!common.knots.empty(), "fit_surface", "number of common knots", 0,
          "must be positive: give relu a number of units");

  const auto units = static_cast<double>(unit_nodes(common.activation, common.knots).size());
  require(units >= 4, "fit_surface", "number of units", units, "must be at least 4");

  std::vector<FittedSmile> slices;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    require_fittable(smiles[i], chain.slices[i].forward, options);
    slices.push_back({.smile = smile_of(strike_bands(smiles[i], chain.slices[i].forward), common),
                      .quotes = quote_bands(smiles[i], chain.slices[i].forward)});
  }
  const JointFit fit = fit_jointly(slices, common, threads, progress);
  std::vector<Eigen::VectorXd> laws = fit.weights;
  put_in_order(slices.front().smile.nodes, laws);

  SlicesFit result = without_slices(chain, options);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const SmileSolution solution{.prior = {},
                                 .weights = std::move(laws[i]),
                                 .last = {.x = {},
                                          .cost = 0,
                                          .optimality = fit.optimality[i],
                                          .termination = fit.termination,
                                          .message = fit.message,
                                          .iterations = 0,
                                          .faces = 0},
                                 .iterations = fit.iterations};
    add_slice(chain.slices[i], result_of(smiles[i], chain.slices[i].forward, slices[i].smile, solution), result);
  }
  return result;
}

}  // namespace strikenet
