#pragma once

#include <Eigen/Dense>
#include <vector>

#include "optimize/banded_program.h"
#include "smile_problem.h"

namespace strikenet {

/// A slice in the unknowns in which everything is local: its out-of-the-money hinge sums at the inner nodes - puts
/// below 1, calls from there on - each over that of a prior. Weights are their second differences, mass and mean are
/// built in by the value 0 at the outermost nodes, and a price touches two to five of them.
class HingeSums {
 public:
  /// prior: positive weights at the nodes, mass and mean about 1.
  HingeSums(const Smile& smile, Eigen::VectorXd prior);

  Eigen::Index unknowns() const { return prior_.size() - 2; }
  const Eigen::VectorXd& prior() const { return prior_; }
  /// The prior's hinge sum at node i: one of unknown i - 1.
  double scale(Eigen::Index node) const { return scale_(node); }

  /// A linear function of the unknowns and its constant.
  struct Form {
    BandedRow row;
    double constant = 0;
  };
  /// weight_j / prior_j.
  Form relative_weight(Eigen::Index j) const;
  /// Price of the out-of-the-money option at strike k.
  Form price(double k) const;
  /// sum of f_i factor_i; all within kBand consecutive unknowns.
  static Form combination(std::span<const Form> forms, std::span<const double> factors);

  Eigen::VectorXd weights(const Eigen::VectorXd& x) const;
  Eigen::VectorXd from_weights(const Eigen::VectorXd& weights) const;

 private:
  Form sum_at_nodes(Eigen::Index first, std::span<const double> coefficients, OptionType side) const;

  const Smile* smile_;
  Eigen::VectorXd prior_, scale_;
};

/// As surface/out_of_the_money.h has them.
Eigen::VectorXd out_of_the_money_sums(std::span<const double> nodes, const Eigen::VectorXd& weights);

}  // namespace strikenet
