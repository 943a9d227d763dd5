#include "band_least_squares.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "ceres_loss.h"
#include "solve_quietly.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSmallestStep = 1e-4;  // of the optimality asked

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double distance(double value, double lower, double upper) { return value - std::clamp(value, lower, upper); }

std::unique_ptr<ceres::LossFunction> scaled_loss(const BandLeastSquares& problem) {
  return std::make_unique<ceres::ScaledLoss>(ceres_loss(problem.loss), problem.robust_weight, ceres::TAKE_OWNERSHIP);
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
    for (const Index j : carrier)
      slope.col(j).setZero();
    design -= carried * slope;
    for (const Index j : carrier)
      design.col(j).setZero();
    shift = carried * offset;
  }

  bool carries(Index j) const { return std::ranges::find(carrier, j) != carrier.end(); }

  void follow(VectorXd& x) const {
    for (const Index j : carrier)
      x(j) = 0;
    if (carrier.empty()) return;
    const VectorXd carried = offset - slope * x;
    for (std::size_t c = 0; c < carrier.size(); ++c)
      x(carrier[c]) = carried(static_cast<Index>(c));
  }
};

/// Distances of the rows and, with the loss, their weights in the gradient.
struct Distances {
  VectorXd distance, weight;

  Distances(const BandLeastSquares& problem, const VectorXd& values) : distance(values.size()), weight(values.size()) {
    for (Index i = 0; i < values.size(); ++i) {
      distance(i) = strikenet::distance(values(i), problem.lower(i), problem.upper(i));
      weight(i) =
          i < problem.robust_rows ? problem.robust_weight * loss_slope(problem.loss, distance(i) * distance(i)) : 1;
    }
  }
};

/// Where each row stands: below its band, in it, above it. A row of width 0 is never in its band.
using Sides = Eigen::Array<int, Eigen::Dynamic, 1>;

/// A face: the columns of the free unknowns, and the rows' values there.
struct FaceProblem {
  const BandLeastSquares& problem;
  RowMajor design;
  const VectorXd& shift;

  VectorXd values(const VectorXd& x) const { return design * x + shift; }

  Sides sides(const VectorXd& values) const {
    Sides result(values.size());
    for (Index i = 0; i < values.size(); ++i) {
      const double lower = problem.lower(i), upper = problem.upper(i);
      result(i) = values(i) > upper || lower == upper ? 1 : values(i) < lower ? -1 : 0;
    }
    return result;
  }
};

/// The rows outside their bands as Ceres residuals that are linear in the free unknowns.
class Rows final : public ceres::CostFunction {
 public:
  Rows(RowMajor design, VectorXd offset) : design_(std::move(design)), offset_(std::move(offset)) {
    set_num_residuals(static_cast<int>(design_.rows()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(design_.cols()));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const Eigen::Map<const VectorXd> x(parameters[0], design_.cols());
    Eigen::Map<VectorXd>(residuals, design_.rows()) = design_ * x + offset_;
    if (jacobians != nullptr && jacobians[0] != nullptr)
      Eigen::Map<RowMajor>(jacobians[0], design_.rows(), design_.cols()) = design_;
    return true;
  }

 private:
  RowMajor design_;
  VectorXd offset_;
};

/// The rows of `face` in [first, last) that are outside their bands, times `scale`; null when there is none.
std::unique_ptr<Rows> outside_rows(const FaceProblem& face, const Sides& sides, const VectorXd& scale, Index first,
                                   Index last) {
  const Index count = (sides.segment(first, last - first) != 0).count();
  if (count == 0) return nullptr;
  RowMajor design(count, face.design.cols());
  VectorXd offset(count);
  Index next = 0;
  for (Index i = first; i < last; ++i) {
    if (sides(i) == 0) continue;
    design.row(next) = scale(i) * face.design.row(i);
    offset(next++) = scale(i) * (face.shift(i) - (sides(i) > 0 ? face.problem.upper(i) : face.problem.lower(i)));
  }
  return std::make_unique<Rows>(std::move(design), std::move(offset));
}

// Ceres damps each step by 1 / radius of the diagonal; directions that only the roughness holds are flatter than that
// unless the radius is very large. The problems are linear but for the loss, so there is nothing to be cautious about.
// A few unknowns are solved by QR, which a wide range of weights does not disturb; many by the faster normal equations,
// where the radius shrinks until they are positive definite in rounding, however many steps that takes.
ceres::Solver::Options solver_options(int iterations, Index unknowns) {
  constexpr Index kFew = 200;
  ceres::Solver::Options options;
  options.linear_solver_type = unknowns <= kFew ? ceres::DENSE_QR : ceres::DENSE_NORMAL_CHOLESKY;
  options.max_num_consecutive_invalid_steps = 100;
  options.logging_type = ceres::SILENT;
  options.minimizer_progress_to_stdout = false;
  options.num_threads = 1;
  options.max_num_iterations = iterations;
  options.initial_trust_region_radius = 1e16;
  options.max_trust_region_radius = 1e32;
  options.function_tolerance = 0;
  options.gradient_tolerance = 0;
  options.parameter_tolerance = 1e-16;
  return options;
}

/// Ends a linear problem after its second good step, which refines the first, or when a step no longer lowers the cost
/// in rounding. Ceres's own tests look at the cost, which shows half the digits only.
class StopWhenRefined final : public ceres::IterationCallback {
 public:
  ceres::CallbackReturnType operator()(const ceres::IterationSummary& step) override {
    if (step.iteration == 0 || !step.step_is_valid) return ceres::SOLVER_CONTINUE;
    steps_ += step.step_is_successful ? 1 : 2;
    return steps_ < 2 ? ceres::SOLVER_CONTINUE : ceres::SOLVER_TERMINATE_SUCCESSFULLY;
  }

 private:
  int steps_ = 0;
};

struct CeresResult {
  int iterations;
  std::string failure = {};  // what Ceres says of it

  bool failed() const { return !failure.empty(); }
};

/// Ceres on the rows that are outside their bands, each taken to stay there. With a loss, first by Ceres's own loss
/// functions, which stop where the cost no longer shows a difference - half the digits - and then, to `polish`, with
/// the loss's weights held: each such step is linear and shortens the error by as much as the weights still change.
CeresResult minimise_outside(const FaceProblem& face, const Sides& sides, bool polish, int iterations, VectorXd& x) {
  const Index rows = face.design.rows();
  const Index robust = polish ? 0 : face.problem.robust_rows;
  VectorXd scale = VectorXd::Ones(rows);
  if (polish) scale = Distances(face.problem, face.values(x)).weight.cwiseSqrt();
  ceres::Problem problem;
  problem.AddParameterBlock(x.data(), static_cast<int>(x.size()));
  for (Index i = 0; i < robust; ++i)
    if (auto row = outside_rows(face, sides, scale, i, i + 1))
      problem.AddResidualBlock(row.release(), scaled_loss(face.problem).release(), x.data());
  if (auto rest = outside_rows(face, sides, scale, robust, rows))
    problem.AddResidualBlock(rest.release(), nullptr, x.data());
  ceres::Solver::Options options = solver_options(iterations, x.size());
  StopWhenRefined stop;
  if (robust == 0)
    options.callbacks.push_back(&stop);
  else
    options.function_tolerance = 1e-12;
  const ceres::Solver::Summary summary = solve_quietly(options, problem);
  return {std::max(1, static_cast<int>(summary.iterations.size()) - 1),
          summary.IsSolutionUsable() ? "" : "Ceres: " + summary.message};
}

/// d cost / d s at values + s * step, over the step: increasing in s when the loss is convex.
double slope_along(const BandLeastSquares& problem, const VectorXd& values, const VectorXd& step, double s) {
  const Distances rows(problem, values + s * step);
  return rows.weight.cwiseProduct(rows.distance).dot(step);
}

/// The step length in (0, 1] at which the cost along the step is smallest: 1 when it still falls there.
double step_length(const BandLeastSquares& problem, const VectorXd& values, const VectorXd& step) {
  if (slope_along(problem, values, step, 1) <= 0) return 1;
  double low = 0, high = 1;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (slope_along(problem, values, step, middle) <= 0 ? low : high) = middle;
  }
  return high;
}

/// Newton's method on one face: Ceres on the rows outside their bands, then as far along its step as the cost falls.
/// Ends when no row changes side - then squares are at their minimum - or when the step moves nothing by more than
/// `smallest` in its unit: rows on the very edge of their bands change side at every rounding.
CeresResult minimise_on_face(const BandLeastSquares& problem, const Elimination& reduced,
                             const std::vector<Index>& free, int iterations, double smallest, VectorXd& x) {
  FaceProblem face{problem, RowMajor(problem.design.rows(), static_cast<Index>(free.size())), reduced.shift};
  VectorXd unknowns(face.design.cols()), unit(face.design.cols());
  for (Index c = 0; c < face.design.cols(); ++c) {
    const Index j = free[static_cast<std::size_t>(c)];
    face.design.col(c) = reduced.design.col(j);
    unknowns(c) = x(j);
    unit(c) = problem.unit(j);
  }
  CeresResult total{0};
  for (bool settled = free.empty(); !settled && !total.failed() && total.iterations < iterations;) {
    const VectorXd values = face.values(unknowns);
    const Sides sides = face.sides(values);
    VectorXd target = unknowns;
    const CeresResult result =
        minimise_outside(face, sides, total.iterations > 0, iterations - total.iterations, target);
    total = {total.iterations + result.iterations, result.failure};
    const VectorXd step = face.design * (target - unknowns);
    const double length = step_length(problem, values, step);
    const VectorXd moved = length * (target - unknowns);
    unknowns += moved;
    const bool exact = problem.robust_rows == 0 && (face.sides(face.values(unknowns)) == sides).all();
    settled = exact || unit.cwiseProduct(moved).cwiseAbs().maxCoeff() <= smallest;
  }
  x.setZero();
  for (Index c = 0; c < unknowns.size(); ++c)
    x(free[static_cast<std::size_t>(c)]) = unknowns(c);
  reduced.follow(x);
  return total;
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
    if (i < problem.robust_rows) scaled_loss(problem)->Evaluate(s, rho.data());
    sum += rho[0] / 2;
  }
  return sum;
}

/// Which unknowns are free; the others are held at zero.
class Face {
 public:
  Face(const BandLeastSquares& problem, const VectorXd& start)
      : problem_(problem), free_(start.size()), fewest_(start.size() + 1) {
    for (Index j = 0; j < start.size(); ++j)
      free_(j) = !problem.nonnegative(j) || start(j) > 0;
  }

  /// The carriers of the equalities are free by their office, and not among the unknowns that are left.
  std::vector<Index> free_unknowns(const Elimination& reduced) {
    for (const Index j : reduced.carrier)
      free_(j) = true;
    std::vector<Index> result;
    for (Index j = 0; j < free_.size(); ++j)
      if (free_(j) && !reduced.carries(j)) result.push_back(j);
    return result;
  }

  /// x with its unknowns on the face, none negative.
  VectorXd projected(const VectorXd& x) const {
    VectorXd result = x;
    for (Index j = 0; j < x.size(); ++j)
      if (!free_(j) || (problem_.nonnegative(j) && x(j) < 0)) result(j) = 0;
    return result;
  }

  enum class Exchange { none, block, no_progress };

  /// Frees and holds all at once what is on the wrong side at the minimum x of this face; held unknowns whose best step
  /// is at most `tolerance`, in their unit, may stay. No progress: five times running no fewer were wrong than ever.
  Exchange exchange_blocks(const Elimination& reduced, const VectorXd& x, double tolerance) {
    const Derivatives derivatives(problem_, reduced, x);
    Index wrong = 0;
    for (Index j = 0; j < x.size(); ++j) {
      if (!problem_.nonnegative(j)) continue;
      const bool leaves = free_(j) && x(j) < 0;
      const bool enters = !free_(j) && problem_.unit(j) * derivatives.step(j) > tolerance;
      if (!leaves && !enters) continue;
      free_(j) = !free_(j);
      ++wrong;
    }
    if (wrong == 0) return Exchange::none;
    patience_ = wrong < fewest_ ? 5 : patience_ - 1;
    fewest_ = std::min(fewest_, wrong);
    return patience_ > 0 ? Exchange::block : Exchange::no_progress;
  }

  /// As far from the feasible x towards the minimum y of this face as nothing becomes negative; what reaches zero on
  /// the way is held. Whether y was reached.
  bool step_towards(const VectorXd& y, VectorXd& x) {
    double length = 1;
    for (Index j = 0; j < x.size(); ++j)
      if (blocks(j, y)) length = std::min(length, x(j) / (x(j) - y(j)));
    for (Index j = 0; j < x.size(); ++j) {
      const bool held = blocks(j, y) && x(j) <= length * (x(j) - y(j)) * (1 + 1e-12);
      x(j) = held ? 0 : x(j) + length * (y(j) - x(j));
      if (held) free_(j) = false;
      if (held && j == entered_) refused_(j) = true;
    }
    if (length > 0) refused_.setConstant(x.size(), false);
    return length == 1;
  }

  /// Frees the held unknown with the longest best step, if that is above `tolerance` and it was not refused just now -
  /// held again at once, which only rounding does. Whether there was one.
  bool enter(const Elimination& reduced, const VectorXd& x, double tolerance) {
    if (refused_.size() == 0) refused_.setConstant(x.size(), false);
    const Derivatives derivatives(problem_, reduced, x);
    entered_ = -1;
    for (Index j = 0; j < x.size(); ++j) {
      const double step = problem_.unit(j) * derivatives.step(j);
      if (free_(j) || refused_(j) || !(step > tolerance)) continue;
      tolerance = step;
      entered_ = j;
    }
    if (entered_ >= 0) free_(entered_) = true;
    return entered_ >= 0;
  }

 private:
  bool blocks(Index j, const VectorXd& y) const { return free_(j) && problem_.nonnegative(j) && y(j) < 0; }

  const BandLeastSquares& problem_;
  Eigen::Array<bool, Eigen::Dynamic, 1> free_;
  Index fewest_;
  int patience_ = 5;
  Index entered_ = -1;
  Eigen::Array<bool, Eigen::Dynamic, 1> refused_ = {};
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

/// The same cost with fewer rows: squared residuals are replaced by the triangle of their QR decomposition, which is
/// what every step on every face would otherwise compute again.
BandLeastSquares condensed(const BandLeastSquares& problem) {
  const Index unknowns = problem.unknowns();
  std::vector<Index> bands, squares;
  for (Index i = 0; i < problem.design.rows(); ++i)
    (problem.lower(i) == problem.upper(i) ? squares : bands).push_back(i);
  const auto many = static_cast<Index>(squares.size());
  if (problem.robust_rows > 0 || many <= unknowns + unknowns / 4) return problem;

  MatrixXd system(many, unknowns + 1);
  system << problem.design(squares, Eigen::all), problem.lower(squares);
  const Eigen::HouseholderQR<Eigen::Ref<MatrixXd>> decomposition(system);
  const MatrixXd triangle = system.topRows(unknowns + 1).triangularView<Eigen::Upper>();
  const auto banded = static_cast<Index>(bands.size());
  BandLeastSquares result = problem;
  result.design.resize(triangle.rows() + banded, unknowns);
  result.design << triangle.leftCols(unknowns), problem.design(bands, Eigen::all);
  result.lower.resize(result.design.rows());
  result.upper.resize(result.design.rows());
  result.lower << triangle.col(unknowns), problem.lower(bands);
  result.upper << triangle.col(unknowns), problem.upper(bands);
  return result;
}

/// From face to face: by blocks as long as that makes progress, then one by one, where the cost falls at every step.
class Search {
 public:
  Search(const BandLeastSquares& problem, const VectorXd& start, const BandLimits& limits)
      : problem_(problem), limits_(limits), face_(problem, start), x_(face_.projected(start)) {}

  void by_blocks() {
    while (state_ == State::searching) {
      const Elimination reduced(problem_, x_);
      x_ = minimum_of_face(reduced);
      if (state_ != State::searching) break;
      const Face::Exchange exchange = face_.exchange_blocks(reduced, x_, limits_.optimality / 2);
      x_ = face_.projected(x_);
      if (exchange == Face::Exchange::none) state_ = State::settled;
      if (exchange == Face::Exchange::no_progress) break;
    }
    make_feasible();
  }

  void one_by_one() {
    while (state_ == State::searching) {
      const Elimination reduced(problem_, x_);
      const VectorXd y = minimum_of_face(reduced);
      if (state_ == State::failed) break;
      if (!face_.step_towards(y, x_)) continue;
      if (!face_.enter(reduced, x_, limits_.optimality / 2)) state_ = State::settled;
    }
    make_feasible();
  }

  const VectorXd& x() const { return x_; }
  int iterations() const { return iterations_; }
  int faces() const { return faces_; }
  const std::string& failure() const { return failure_; }
  /// Why it ended, when the certificate is not met.
  Termination termination() const {
    switch (state_) {
      case State::settled: return Termination::stalled;
      case State::failed: return Termination::solver_failure;
      default: return Termination::iteration_limit;
    }
  }

 private:
  enum class State { searching, settled, failed, out_of_iterations };

  VectorXd minimum_of_face(const Elimination& reduced) {
    VectorXd y = x_;
    const CeresResult result =
        minimise_on_face(problem_, reduced, face_.free_unknowns(reduced), limits_.iterations - iterations_,
                         kSmallestStep * limits_.optimality, y);
    iterations_ += result.iterations;
    ++faces_;
    failure_ = result.failure;
    if (result.failed())
      state_ = State::failed;
    else if (iterations_ >= limits_.iterations || faces_ >= limits_.faces)
      state_ = State::out_of_iterations;
    return y;
  }

  /// Nothing negative, and the equalities exact.
  void make_feasible() {
    for (Index j = 0; j < x_.size(); ++j)
      if (problem_.nonnegative(j) && x_(j) < 0) x_(j) = 0;
    Elimination(problem_, x_).follow(x_);
  }

  const BandLeastSquares& problem_;
  const BandLimits& limits_;
  Face face_;
  VectorXd x_;
  State state_ = State::searching;
  int iterations_ = 0, faces_ = 0;
  std::string failure_;
};

std::string describe(Termination termination, double optimality, const BandLimits& limits, const Search& search) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << to_string(termination) << ": largest useful move " << optimality << " (asked " << limits.optimality
       << ") after " << search.iterations() << " iterations on " << search.faces() << " faces";
  if (!search.failure().empty()) text << "; " << search.failure();
  return text.str();
}

}  // namespace

double optimality(const BandLeastSquares& problem, const VectorXd& x) {
  return optimality(problem, Elimination(problem, x), x);
}

BandSolution minimise(const BandLeastSquares& original, const VectorXd& start, const BandLimits& limits) {
  check(original, start);
  const BandLeastSquares problem = condensed(original);
  Search search(problem, start, limits);
  search.by_blocks();
  search.one_by_one();
  const VectorXd& x = search.x();
  const double reached = optimality(original, x);
  const Termination termination = reached <= limits.optimality ? Termination::optimal : search.termination();
  return {x,
          cost(original, x),
          reached,
          termination,
          describe(termination, reached, limits, search),
          search.iterations(),
          search.faces()};
}

}  // namespace strikenet
