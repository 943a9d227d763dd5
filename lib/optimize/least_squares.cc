#include "least_squares.h"

#include "solve_quietly.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class Cost final : public ceres::CostFunction {
 public:
  Cost(const Residuals& residuals, Index count, Index unknowns) : residuals_(residuals) {
    set_num_residuals(static_cast<int>(count));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(unknowns));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const Index unknowns = parameter_block_sizes().front(), count = num_residuals();
    const VectorXd x = Eigen::Map<const VectorXd>(parameters[0], unknowns);
    const bool slopes = jacobians != nullptr && jacobians[0] != nullptr;
    VectorXd values(count);
    MatrixXd jacobian(slopes ? count : 0, unknowns);
    residuals_(x, values, slopes ? &jacobian : nullptr);
    Eigen::Map<VectorXd>(residuals, count) = values;
    if (slopes)
      Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(jacobians[0], count,
                                                                                         unknowns) = jacobian;
    return values.allFinite() && (!slopes || jacobian.allFinite());
  }

 private:
  const Residuals& residuals_;
};

}  // namespace

LeastSquaresResult minimise_squares(const Residuals& residuals, Index count, const VectorXd& start, int iterations) {
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.logging_type = ceres::SILENT;
  options.max_num_iterations = iterations;
  options.max_num_consecutive_invalid_steps = 100;
  options.function_tolerance = 1e-14;
  options.gradient_tolerance = 0;
  options.parameter_tolerance = 1e-14;
  LeastSquaresResult result{start, 0, Termination::stalled, 0};
  ceres::Problem problem;
  problem.AddResidualBlock(new Cost(residuals, count, start.size()), nullptr, result.x.data());
  const ceres::Solver::Summary summary = solve_quietly(options, problem);
  result.cost = summary.final_cost;
  result.iterations = static_cast<int>(summary.iterations.size()) - 1;
  if (summary.termination_type == ceres::CONVERGENCE) result.termination = Termination::optimal;
  if (summary.termination_type == ceres::NO_CONVERGENCE) result.termination = Termination::iteration_limit;
  if (!summary.IsSolutionUsable()) result.termination = Termination::solver_failure;
  return result;
}

}  // namespace strikenet
