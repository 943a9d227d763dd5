#pragma once

#include <span>
#include <vector>

namespace strikenet {

/// Weights on nodes carried forward in time by fully implicit steps of Dupire's equation (Andreasen and Huge 2011):
///
///     w+ (I - h Q) = w,   Q_{i,i-1} = q_i / (m_i - m_{i-1}),   Q_{i,i+1} = q_i / (m_{i+1} - m_i),   Q_{i,i} = -(both)
///
/// q_i >= 0 the rate of node i: its local variance times m_i^2 / (m_{i+1} - m_{i-1}). A step keeps mass and mean, and
/// lifts the hinge sum at node i by h q_i w+_i (docs/theory/between-expiries.md).
class ImplicitSteps {
 public:
  /// As many weights and rates as nodes; the rates of the first and the last node count as 0. first_step > 0; each step
  /// is `growth` >= 1 times as long as the one before.
  ImplicitSteps(std::vector<double> nodes, std::vector<double> weights, std::vector<double> rates, double first_step,
                double growth);

  struct Law {
    std::vector<double> weights;
    std::vector<double> slopes;  ///< d hinge sum / d time at every node: at least 0
  };
  /// At `time` >= 0 after the start: whole steps, and what is left as a last one. Cost O(nodes) a step.
  Law at(double time) const;

 private:
  std::vector<double> step(const std::vector<double>& weights, double length) const;

  std::vector<double> nodes_, weights_, rates_;
  double first_step_, growth_;
};

}  // namespace strikenet
