#pragma once

#include <Eigen/Dense>

#include "smile_problem.h"

namespace strikenet {

/// Half the distance between the neighbours of node j: what a density is multiplied by to give a weight.
double node_width(const std::vector<double>& nodes, std::size_t j);

/// Nowhere less than `floor` of the largest, with mass 1.
Eigen::VectorXd floored(Eigen::VectorXd prior, double floor);

/// A Student law of four degrees of freedom in log strike, as wide as the at-the-money vol: tails that any smile's
/// weights can be divided by.
Eigen::VectorXd student_prior(const Smile& smile, double floor);

/// Weights spread over five units.
Eigen::VectorXd spread_over_five(const Eigen::VectorXd& weights);

}  // namespace strikenet
