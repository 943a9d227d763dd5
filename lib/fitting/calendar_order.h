#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

namespace strikenet {

/// The weights whose out-of-the-money hinge sums at the nodes are the larger of those of two laws: the weights of
/// either where its own sums are larger, and the bend of the larger ones where they change places. The larger of two
/// convex functions is convex, so these are weights again. `sums` receives the sums.
Eigen::VectorXd larger_of(std::span<const double> nodes, const Eigen::VectorXd& weights,
                          const Eigen::VectorXd& weights_before, const Eigen::VectorXd& sums_before,
                          Eigen::VectorXd& sums);

/// Mass and mean of each law exactly 1 but for the last rounding, order in time at every node, and a margin for the
/// proof: the larger of each law and those before it, then law n = 0, 1, ... times 1 + n kMargin less n kMargin of the
/// law of mean 1 on the two nodes nearest to 1, one at each side, that can spare it - so that every hinge sum out of
/// the money grows by its own share, deep in the wings as at the money. A law that has no two such nodes stays as it
/// is, and the certificate says what is missing.
void put_in_order(std::span<const double> nodes, std::vector<Eigen::VectorXd>& laws);

}  // namespace strikenet
