#pragma once

#include <Eigen/Dense>
#include <vector>

#include "joint_fit.h"
#include "optimize/banded_adjoint.h"

namespace strikenet {

/// Of linear functions of the hinge sums of all slices, what they move by at the joint minimum when the price of one
/// quote does. Held: priors, knots, the scale of vols, what quotes that contradict each other are missed by, and the
/// largest error of quotes without a spread. Squares only, no robust loss.
class QuoteSensitivity {
 public:
  /// Both have to outlive this.
  QuoteSensitivity(const JointProgram& joint, const std::vector<FittedSmile>& slices);

  /// A function per slice of the weights at its nodes - of zeros or empty where it does not depend on them - becomes
  /// one of the joint problem's unknowns.
  std::vector<Eigen::VectorXd> of_weights(const std::vector<Eigen::VectorXd>& gradients) const;
  /// The price, over the forward, of the out-of-the-money option at strike / forward k.
  std::vector<Eigen::VectorXd> of_price(std::size_t slice, double k) const;

  /// Per slice and quote: by what a function of the unknowns grows when the quote's price, over its forward, grows by 1
  /// - both bid and ask.
  std::vector<Eigen::VectorXd> quotes(const std::vector<Eigen::VectorXd>& function) const;

 private:
  std::vector<Eigen::VectorXd> nothing() const;

  const JointProgram& joint_;
  const std::vector<FittedSmile>& slices_;
  BandedAdjoint adjoint_;
};

}  // namespace strikenet
