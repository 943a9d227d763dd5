#include "priors.h"

#include <algorithm>
#include <cmath>

namespace strikenet {

using Eigen::Index;
using Eigen::VectorXd;

double node_width(const std::vector<double>& nodes, std::size_t j) {
  const std::size_t left = j == 0 ? 0 : j - 1, right = std::min(j + 1, nodes.size() - 1);
  return (nodes[right] - nodes[left]) / static_cast<double>(right - left);
}

VectorXd floored(VectorXd prior, double floor) {
  prior = prior.cwiseMax(floor * prior.maxCoeff());
  return prior / prior.sum();
}

VectorXd student_prior(const Smile& smile, double floor) {
  VectorXd prior(smile.units());
  for (Index j = 0; j < prior.size(); ++j) {
    const auto i = static_cast<std::size_t>(j);
    const double node = std::max(smile.nodes[i], 1e-12), z = std::log(node) / smile.total_vol;
    prior(j) = std::pow(1 + z * z / 3, -2.5) * node_width(smile.nodes, i) / node;
  }
  return floored(prior, floor);
}

VectorXd spread_over_five(const VectorXd& weights) {
  const VectorXd kernel = (VectorXd(5) << 1, 4, 6, 4, 1).finished() / 16;
  const Index n = weights.size();
  VectorXd result = VectorXd::Zero(n);
  for (Index j = 0; j < n; ++j)
    for (Index o = -2; o <= 2; ++o)
      result(j) += kernel(o + 2) * weights(std::clamp<Index>(j + o, 0, n - 1));
  return result;
}

}  // namespace strikenet
