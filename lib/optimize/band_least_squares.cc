#include "band_least_squares.h"

#include <ceres/ceres.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <sstream>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double distance(double value, double lower, double upper) { return value - std::clamp(value, lower, upper); }

/// rho'(s).
double slope(Loss loss, double s) {
  switch (loss) {
    case Loss::squared: return 1;
    case Loss::huber: return s <= 1 ? 1 : 1 / std::sqrt(s);
    case Loss::soft_l1: return 1 / std::sqrt(1 + s);
    case Loss::cauchy: return 1 / (1 + s);
  }
  return 1;
}

std::unique_ptr<ceres::LossFunction> ceres_loss(Loss loss) {
  switch (loss) {
    case Loss::squared: return nullptr;
    case Loss::huber: return std::make_unique<ceres::HuberLoss>(1.0);
    case Loss::soft_l1: return std::make_unique<ceres::SoftLOneLoss>(1.0);
    case Loss::cauchy: return std::make_unique<ceres::CauchyLoss>(1.0);
  }
  return nullptr;
}

/// The unknowns that carry the equalities: the two of largest weight on either side of the target, so that neither is
/// near zero and the system for them is well conditioned. Empty without equalities.
std::vector<Index> carriers(const BandLeastSquares& problem, const VectorXd& x) {
  if (problem.equality.rows() == 0) return {};
  std::array<Index, 2> best{-1, -1};
  std::array<double, 2> weight{-1, -1};
  const double mean = problem.target(1) / problem.target(0);
  for (Index j = 0; j < x.size(); ++j) {
    const double mass = problem.equality(0, j);
    if (!(mass > 0)) continue;
    const std::size_t side = problem.equality(1, j) / mass > mean ? 1 : 0;
    if (const double w = mass * std::max(x(j), 0.0); w > weight[side]) {
      weight[side] = w;
      best[side] = j;
    }
  }
  require(best[0] >= 0 && best[1] >= 0, "minimise", "target mean", mean, "must lie between the nodes");
  return {best[0], best[1]};
}

/// The problem in the unknowns that are left when `carrier` has been eliminated: x_carrier = offset - slope * x.
struct Elimination {
  std::vector<Index> carrier;
  VectorXd offset;
  MatrixXd slope;   // carriers x unknowns, zero in the carriers' own columns
  MatrixXd design;  // rows x unknowns, zero in the carriers' columns
  VectorXd shift;   // design x + shift is the value of the rows

  Elimination(const BandLeastSquares& problem, const VectorXd& x) : carrier(carriers(problem, x)) {
    design = problem.design;
    shift = VectorXd::Zero(design.rows());
    if (carrier.empty()) return;
    Eigen::Matrix2d system;
    MatrixXd carried(design.rows(), 2);
    for (Index c = 0; c < 2; ++c) {
      system.col(c) = problem.equality.col(carrier[static_cast<std::size_t>(c)]);
      carried.col(c) = design.col(carrier[static_cast<std::size_t>(c)]);
    }
    const Eigen::Matrix2d inverse = system.inverse();
    offset = inverse * problem.target;
    slope = inverse * problem.equality;
    for (const Index j : carrier) slope.col(j).setZero();
    design -= carried * slope;
    for (const Index j : carrier) design.col(j).setZero();
    shift = carried * offset;
  }

  bool carries(Index j) const { return std::ranges::find(carrier, j) != carrier.end(); }

  void follow(VectorXd& x) const {
    for (const Index j : carrier) x(j) = 0;
    if (carrier.empty()) return;
    const VectorXd carried = offset - slope * x;
    for (std::size_t c = 0; c < carrier.size(); ++c) x(carrier[c]) = carried(static_cast<Index>(c));
  }
};

/// Distances of the rows and, with the loss, their weights in the gradient.
struct Distances {
  VectorXd distance, weight;

  Distances(const BandLeastSquares& problem, const VectorXd& values) : distance(values.size()), weight(values.size()) {
    for (Index i = 0; i < values.size(); ++i) {
      distance(i) = strikenet::distance(values(i), problem.lower(i), problem.upper(i));
      weight(i) = i < problem.robust_rows ? slope(problem.loss, distance(i) * distance(i)) : 1;
    }
  }
};

/// Some rows as one Ceres residual block in the free unknowns.
class Rows final : public ceres::CostFunction {
 public:
  Rows(const RowMajor& design, const VectorXd& shift, const BandLeastSquares& problem, Index first, Index count)
      : design_(design), shift_(shift), problem_(problem), first_(first), count_(count) {
    set_num_residuals(static_cast<int>(count));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(design.cols()));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const Eigen::Map<const VectorXd> x(parameters[0], design_.cols());
    const VectorXd values = design_.middleRows(first_, count_) * x + shift_.segment(first_, count_);
    for (Index i = 0; i < count_; ++i)
      residuals[i] = distance(values(i), problem_.lower(first_ + i), problem_.upper(first_ + i));
    if (jacobians == nullptr || jacobians[0] == nullptr) return true;
    Eigen::Map<RowMajor> jacobian(jacobians[0], count_, design_.cols());
    jacobian = design_.middleRows(first_, count_);
    for (Index i = 0; i < count_; ++i)
      if (residuals[i] == 0 && problem_.lower(first_ + i) < problem_.upper(first_ + i)) jacobian.row(i).setZero();
    return true;
  }

 private:
  const RowMajor& design_;
  const VectorXd& shift_;
  const BandLeastSquares& problem_;
  Index first_, count_;
};

ceres::Solver::Options solver_options(int iterations) {
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_NORMAL_CHOLESKY;
  options.logging_type = ceres::SILENT;
  options.minimizer_progress_to_stdout = false;
  options.num_threads = 1;
  options.max_num_iterations = iterations;
  options.initial_trust_region_radius = 1e8;
  options.max_trust_region_radius = 1e20;
  options.function_tolerance = 1e-15;
  options.gradient_tolerance = 1e-15;
  options.parameter_tolerance = 1e-13;
  return options;
}

struct FaceResult {
  int iterations;
  bool failed;
};

/// Ceres on one face: the unknowns in `free`, the others held at zero.
FaceResult minimise_on_face(const BandLeastSquares& problem, const Elimination& reduced, const std::vector<Index>& free,
                            int iterations, VectorXd& x) {
  RowMajor design(problem.design.rows(), static_cast<Index>(free.size()));
  VectorXd unknowns(design.cols());
  for (Index c = 0; c < design.cols(); ++c) {
    design.col(c) = reduced.design.col(free[static_cast<std::size_t>(c)]);
    unknowns(c) = x(free[static_cast<std::size_t>(c)]);
  }
  const Index robust = problem.loss == Loss::squared ? 0 : problem.robust_rows;
  ceres::Problem ceres_problem;
  for (Index i = 0; i < robust; ++i)
    ceres_problem.AddResidualBlock(new Rows(design, reduced.shift, problem, i, 1), ceres_loss(problem.loss).release(),
                                   unknowns.data());
  if (design.rows() > robust)
    ceres_problem.AddResidualBlock(new Rows(design, reduced.shift, problem, robust, design.rows() - robust), nullptr,
                                   unknowns.data());
  ceres::Solver::Summary summary;
  ceres::Solve(solver_options(iterations), &ceres_problem, &summary);
  x.setZero();
  for (Index c = 0; c < unknowns.size(); ++c) x(free[static_cast<std::size_t>(c)]) = unknowns(c);
  reduced.follow(x);
  return {static_cast<int>(summary.iterations.size()) - 1, !summary.IsSolutionUsable()};
}

/// Gradient and Gauss-Newton diagonal in the reduced unknowns.
struct Derivatives {
  VectorXd gradient, curvature;

  Derivatives(const BandLeastSquares& problem, const Elimination& reduced, const VectorXd& x) {
    const Distances rows(problem, problem.design * x);
    gradient = reduced.design.transpose() * rows.weight.cwiseProduct(rows.distance);
    VectorXd active = rows.weight;
    for (Index i = 0; i < active.size(); ++i)
      if (rows.distance(i) == 0 && problem.lower(i) < problem.upper(i)) active(i) = 0;
    curvature = reduced.design.cwiseAbs2().transpose() * active;
  }

  /// The step that would be best for unknown j alone.
  double step(Index j) const { return gradient(j) == 0 ? 0 : -gradient(j) / curvature(j); }
};

double optimality(const BandLeastSquares& problem, const Elimination& reduced, const VectorXd& x) {
  const Derivatives derivatives(problem, reduced, x);
  double largest = 0;
  for (Index j = 0; j < x.size(); ++j) {
    const double moved = x(j) + derivatives.step(j);
    const double best = problem.nonnegative(j) ? std::max(moved, 0.0) : moved;
    const double move = reduced.carries(j) ? std::max(0.0, -x(j)) : std::abs(best - x(j));
    if (!(problem.unit(j) * move <= largest)) largest = problem.unit(j) * move;  // NaN counts as largest
  }
  return largest;
}

double cost(const BandLeastSquares& problem, const VectorXd& x) {
  const Distances rows(problem, problem.design * x);
  double sum = 0;
  for (Index i = 0; i < rows.distance.size(); ++i) {
    const double s = rows.distance(i) * rows.distance(i);
    std::array<double, 3> rho{s, 1, 0};
    if (i < problem.robust_rows && problem.loss != Loss::squared) ceres_loss(problem.loss)->Evaluate(s, rho.data());
    sum += rho[0] / 2;
  }
  return sum;
}

/// Which unknowns are held at zero, and the exchanges that change it.
class Face {
 public:
  Face(const BandLeastSquares& problem, const VectorXd& start)
      : problem_(problem), free_(start.size()), fewest_(start.size() + 1) {
    for (Index j = 0; j < start.size(); ++j) free_(j) = !problem.nonnegative(j) || start(j) > 0;
  }

  /// The carriers of the equalities are free by their office, and not among the unknowns that are left.
  std::vector<Index> free_unknowns(const Elimination& reduced) {
    for (const Index j : reduced.carrier) free_(j) = true;
    std::vector<Index> result;
    for (Index j = 0; j < free_.size(); ++j)
      if (free_(j) && !reduced.carries(j)) result.push_back(j);
    return result;
  }

  /// Exchanges what is on the wrong side at the minimum x of this face; how many there were. Held unknowns whose best
  /// step is shorter than `tolerance`, in their unit, may stay.
  Index exchange(const Elimination& reduced, const VectorXd& x, double tolerance) {
    const Derivatives derivatives(problem_, reduced, x);
    std::vector<Index> wrong;
    for (Index j = 0; j < x.size(); ++j) {
      if (!problem_.nonnegative(j)) continue;
      const bool leaves = free_(j) && x(j) < 0;
      const bool enters = !free_(j) && problem_.unit(j) * derivatives.step(j) > tolerance;
      if (leaves || enters) wrong.push_back(j);
    }
    const auto count = static_cast<Index>(wrong.size());
    if (count < fewest_) {
      fewest_ = count;
      blocks_left_ = 5;
    } else if (blocks_left_ > 0) {
      --blocks_left_;
    } else if (count > 0) {
      wrong = {wrong.back()};
    }
    for (const Index j : wrong) free_(j) = !free_(j);
    return count;
  }

  /// x with its unknowns on the face, none negative.
  VectorXd projected(const VectorXd& x) const {
    VectorXd result = x;
    for (Index j = 0; j < x.size(); ++j)
      if (!free_(j) || (problem_.nonnegative(j) && x(j) < 0)) result(j) = 0;
    return result;
  }

 private:
  const BandLeastSquares& problem_;
  Eigen::Array<bool, Eigen::Dynamic, 1> free_;
  Index fewest_;
  int blocks_left_ = 5;
};

void check(const BandLeastSquares& problem, const VectorXd& start) {
  const auto rows = problem.design.rows(), unknowns = problem.design.cols();
  const auto same = [](Index got, Index want, const char* what) {
    require(got == want, "minimise", what, static_cast<double>(got), "must fit the design");
  };
  same(problem.lower.size(), rows, "size of lower");
  same(problem.upper.size(), rows, "size of upper");
  same(problem.nonnegative.size(), unknowns, "size of nonnegative");
  same(problem.unit.size(), unknowns, "size of unit");
  same(start.size(), unknowns, "size of start");
  same(problem.target.size(), problem.equality.rows(), "size of target");
  require(problem.equality.rows() == 0 || problem.equality.rows() == 2, "minimise", "number of equalities",
          static_cast<double>(problem.equality.rows()), "must be 0 or 2");
  require(problem.design.allFinite() && start.allFinite(), "minimise", "an entry", NAN, "must be finite");
}

std::string describe(Termination termination, double optimality, const BandLimits& limits, int iterations, int faces) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << to_string(termination) << ": largest useful move " << optimality << " (asked " << limits.optimality << ") after "
       << iterations << " iterations on " << faces << " faces";
  return text.str();
}

}  // namespace

double optimality(const BandLeastSquares& problem, const VectorXd& x) {
  return optimality(problem, Elimination(problem, x), x);
}

BandSolution minimise(const BandLeastSquares& problem, const VectorXd& start, const BandLimits& limits) {
  check(problem, start);
  VectorXd x = start;
  Face face(problem, start);
  Termination termination = Termination::iteration_limit;
  int iterations = 0, faces = 0;
  for (bool done = false; !done && faces < limits.faces && iterations < limits.iterations; ++faces) {
    x = face.projected(x);
    const Elimination reduced(problem, x);
    const FaceResult result =
        minimise_on_face(problem, reduced, face.free_unknowns(reduced), limits.iterations - iterations, x);
    iterations += result.iterations;
    if (result.failed) {
      termination = Termination::solver_failure;
      break;
    }
    if (face.exchange(reduced, x, limits.optimality / 2) == 0) {
      done = true;
      termination = Termination::stalled;
    }
  }
  x = face.projected(x);
  const Elimination reduced(problem, x);
  reduced.follow(x);
  const double reached = optimality(problem, reduced, x);
  if (reached <= limits.optimality) termination = Termination::optimal;
  return {x, cost(problem, x), reached, termination, describe(termination, reached, limits, iterations, faces),
          iterations, faces};
}

}  // namespace strikenet
