#include "implicit_steps.h"

#include <algorithm>
#include <utility>

namespace strikenet {

ImplicitSteps::ImplicitSteps(std::vector<double> nodes, std::vector<double> weights, std::vector<double> rates,
                             double first_step, double growth)
    : nodes_(std::move(nodes)),
      weights_(std::move(weights)),
      rates_(std::move(rates)),
      first_step_(first_step),
      growth_(growth) {
  rates_.front() = rates_.back() = 0;
}

// Column j of the equation: (1 + h q_j (1/left + 1/right)) w+_j - h q_{j-1} / left w+_{j-1} - h q_{j+1} / right
// w+_{j+1} = w_j. Elimination without pivots: the matrix is a column-dominant M-matrix. What a pivot exceeds the flow
// to the right by is carried along instead of found by a difference, so nothing cancels however long the step is.
std::vector<double> ImplicitSteps::step(const std::vector<double>& weights, double length) const {
  const std::size_t n = weights.size();
  std::vector<double> upper(n, 0.0), result = weights;
  double kept_before = 0;  // of a unit of mass, what a pivot does not send on to the right
  for (std::size_t j = 0; j < n; ++j) {
    const double per_left = j > 0 ? length / (nodes_[j] - nodes_[j - 1]) : 0;
    const double per_right = j + 1 < n ? length / (nodes_[j + 1] - nodes_[j]) : 0;
    const double from_left = j > 0 ? per_left * rates_[j - 1] : 0;
    const double kept = 1 + rates_[j] * per_left * kept_before, pivot = kept + rates_[j] * per_right;
    if (j > 0) result[j] += from_left * result[j - 1];
    result[j] /= pivot;
    kept_before = kept / pivot;
    upper[j] = j + 1 < n ? per_right * rates_[j + 1] / pivot : 0;
  }
  for (std::size_t j = n - 1; j-- > 0;)
    result[j] += upper[j] * result[j + 1];
  return result;
}

// The slopes: d/dh of w (I - h Q)^-1 is w+ Q P with P = (I - h Q)^-1, so that of the lift h q_i w+_i is
// q_i (w+ (I + h Q P))_i = q_i (w+ P)_i: one more step, and nothing is subtracted.
ImplicitSteps::Law ImplicitSteps::at(double time) const {
  std::vector<double> weights = weights_;
  double length = first_step_;
  for (; time > length; length *= growth_) {
    weights = step(weights, length);
    time -= length;
  }
  Law law{.weights = step(weights, time), .slopes = {}};
  law.slopes = step(law.weights, time);
  for (std::size_t i = 0; i < rates_.size(); ++i)
    law.slopes[i] *= rates_[i];
  return law;
}

}  // namespace strikenet
