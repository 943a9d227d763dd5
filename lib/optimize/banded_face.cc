#include "banded_face.h"

#include <Eigen/Sparse>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "banded_face_system.h"
#include "ceres_loss.h"
#include "solve_quietly.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kDependent = 1e-9;  // of its largest coefficient: what is left of an equality that others imply
constexpr double kOver = 1e-11;      // over a bound, in its unit
constexpr double kCrossed = 1e-9;    // and so far over that it is no solution
constexpr double kWrongSign = 1e-11;
constexpr int kPatience = 4;  // block changes without fewer wrong sides, before one at a time

/// A sparse linear form in all unknowns of all blocks.
using Form = std::map<Index, double>;

bool robust(const BandedRow& row, const BandedFaceOptions& options) {
  return row.tag >= 0 && options.loss != Loss::squared;
}

/// The residual of a row, bent or not, with its slope. Where a loss applies the square weighs the loss instead.
Bent residual_of(std::size_t b, const BandedRow& row, double value, const BandedFaceOptions& options) {
  Bent bent{value - row.target, 1};
  if (row.tag >= 0 && options.bend) bent = options.bend(b, row.tag, value);
  const double root = robust(row, options) ? 1 : std::sqrt(row.square);
  return {root * bent.residual, root * bent.slope};
}

/// What a loss makes of the square of a row.
double square_of(const BandedRow& row, const Bent& bent, const BandedFaceOptions& options) {
  return robust(row, options) ? row.square * loss_slope(options.loss, bent.residual * bent.residual) : 1;
}

class Face {
 public:
  Face(const BandedProgram& program, const BandedSolution& solution, const BandedFaceOptions& options)
      : program_(program), options_(options), start_(solution), x_(solution.x) {
    for (const VectorXd& x : x_) {
      base_.push_back(unknowns_);
      unknowns_ += x.size();
    }
    for (const BandedSide& side : sides_of(program))
      add(side, multiplier_of(side, solution));
  }

  BandedFaceSolution run() {
    BandedFaceSolution result{.solution = start_, .root_gap = root_gap(linearised(program_, x_, options_), start_)};
    if (pays_) return result;
    start_crosses_ = crosses(x_);
    std::size_t fewest = sides_.size() + 1;
    for (int patience = kPatience; result.faces < options_.faces && result.iterations < options_.iterations;) {
      if (!eliminate()) break;
      const std::vector<VectorXd> before = x_;
      result.iterations += descend(options_.iterations - result.iterations);
      ++result.faces;
      find_multipliers();
      take_if_better(result);
      const std::vector<std::size_t> wrong = wrong_sides();
      if (wrong.empty()) break;
      patience = wrong.size() < fewest ? kPatience : patience - 1;
      fewest = std::min(fewest, wrong.size());
      if (patience > 0)  // all at once (Portugal, Judice, Vicente 1994)
        for (const std::size_t s : wrong)
          held_[s] = !held_[s];
      else if (!hold_what_is_over(before))
        let_go();
    }
    result.failure = failure_;
    return result;
  }

 private:
  void add(const BandedSide& side, double multiplier) {
    pays_ |= multiplier > price_of(program_, side) / 2;
    sides_.push_back(side);
    held_.push_back(multiplier > std::max(distance(side, x_), 0.0));
    multipliers_.push_back(multiplier);
  }

  double distance(const BandedSide& side, const std::vector<VectorXd>& x) const { return slack_of(program_, side, x); }

  Form form_of_row(std::size_t b, const BandedRow& row, double factor) const {
    Form form;
    const Index border = base_[b] + x_[b].size() - 1;
    for (std::size_t k = 0; k < BandedRow::kBand; ++k)
      if (row.coefficients[k] != 0) form[base_[b] + row.first + static_cast<Index>(k)] = factor * row.coefficients[k];
    if (row.border != 0) form[border] = factor * row.border;
    return form;
  }

  Form form_of(const BandedSide& side) const {
    const BandedBlock& block = program_.blocks[side.block];
    if (!side.link) return form_of_row(side.block, block.rows[static_cast<std::size_t>(side.row)], side.sign);
    const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
    return {{base_[side.block - 1] + link.at_before, -link.weight_before}, {base_[side.block] + link.at, link.weight}};
  }

  /// Pivots are replaced by what they are equal to, until only unknowns without a substitute are left.
  Form substituted(const Form& form) const {
    Form result, open = form;
    while (!open.empty()) {
      const auto [unknown, coefficient] = *open.begin();
      open.erase(open.begin());
      const auto found = substitutes_.find(unknown);
      if (found == substitutes_.end()) {
        result[unknown] += coefficient;
        continue;
      }
      for (const auto& [other, factor] : found->second)
        open[other] += coefficient * factor;
    }
    return result;
  }

  /// One pivot for every equality that others do not imply: the unknown with the largest coefficient. Everything is a
  /// change of the unknowns, so equalities have no constants - but the first changes, which bring x onto the face.
  /// False where the equalities are too close to dependent to be solved.
  bool eliminate() {
    substitutes_.clear();
    equalities_.clear();
    pivots_.clear();
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (!held_[s]) continue;
      const Form form = form_of(sides_[s]);
      Form rest = substituted(form);
      const auto larger = [](const auto& a, const auto& b) { return std::abs(a.second) < std::abs(b.second); };
      const double scale = std::abs(std::max_element(form.begin(), form.end(), larger)->second);
      const auto pivot = std::max_element(rest.begin(), rest.end(), larger);
      if (rest.empty() || std::abs(pivot->second) <= kDependent * scale) {
        held_[s] = false;  // by the others, where they agree
        continue;
      }
      const Index unknown = pivot->first;
      Form substitute;
      for (const auto& [other, coefficient] : rest)
        if (other != unknown && coefficient != 0) substitute[other] = -coefficient / pivot->second;
      substitutes_[unknown] = std::move(substitute);
      equalities_.push_back(s);
      pivots_.push_back(unknown);
    }
    for (std::size_t p = pivots_.size(); p-- > 0;)
      substitutes_[pivots_[p]] = substituted(substitutes_[pivots_[p]]);
    if (!factorise()) return false;
    onto_face();
    return std::ranges::all_of(x_, [](const VectorXd& x) { return x.allFinite(); });
  }

  /// The square matrix of the equalities in their pivots.
  bool factorise() {
    const auto count = static_cast<Index>(pivots_.size());
    std::map<Index, Index> column;
    for (Index p = 0; p < count; ++p)
      column[pivots_[static_cast<std::size_t>(p)]] = p;
    std::vector<Eigen::Triplet<double>> entries;
    for (Index e = 0; e < count; ++e)
      for (const auto& [unknown, coefficient] : form_of(sides_[equalities_[static_cast<std::size_t>(e)]]))
        if (const auto found = column.find(unknown); found != column.end())
          entries.emplace_back(e, found->second, coefficient);
    Eigen::SparseMatrix<double> matrix(count, count);
    matrix.setFromTriplets(entries.begin(), entries.end());
    if (count == 0) return true;
    lu_.compute(matrix);
    const Eigen::SparseMatrix<double> transposed = matrix.transpose();
    lu_transposed_.compute(transposed);
    return lu_.info() == Eigen::Success && lu_transposed_.info() == Eigen::Success;
  }

  double& unknown(Index global) {
    const auto block = static_cast<std::size_t>(std::ranges::upper_bound(base_, global) - base_.begin()) - 1;
    return x_[block](global - base_[block]);
  }

  /// Moves the pivots until the equalities hold to rounding.
  void onto_face() {
    if (pivots_.empty()) return;
    for (int turn = 0; turn < 2; ++turn) {
      VectorXd missing(static_cast<Index>(equalities_.size()));
      for (Index e = 0; e < missing.size(); ++e)
        missing(e) = -distance(sides_[equalities_[static_cast<std::size_t>(e)]], x_);
      const VectorXd change = lu_.solve(missing);
      for (Index p = 0; p < change.size(); ++p)
        unknown(pivots_[static_cast<std::size_t>(p)]) += change(p);
    }
  }

  /// A residual as a function of changes of the free unknowns.
  class Cost final : public ceres::CostFunction {
   public:
    Cost(const Face& face, std::size_t block, const BandedRow& row, std::vector<double> slopes)
        : face_(face), block_(block), row_(row), slopes_(std::move(slopes)), value_(value_of(row, face.x_[block])) {
      set_num_residuals(1);
      mutable_parameter_block_sizes()->assign(slopes_.size(), 1);
    }
    bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
      double value = value_;
      for (std::size_t k = 0; k < slopes_.size(); ++k)
        value += slopes_[k] * *parameters[k];
      const Bent bent = residual_of(block_, row_, value, face_.options_);
      *residuals = bent.residual;
      for (std::size_t k = 0; jacobians != nullptr && k < slopes_.size(); ++k)
        if (jacobians[k] != nullptr) *jacobians[k] = bent.slope * slopes_[k];
      return std::isfinite(bent.residual) && std::isfinite(bent.slope);
    }

   private:
    const Face& face_;
    std::size_t block_;
    const BandedRow& row_;
    std::vector<double> slopes_;
    double value_;
  };

  /// None where it is squared.
  ceres::LossFunction* loss_of(const BandedRow& row) const {
    if (!robust(row, options_)) return nullptr;
    return new ceres::ScaledLoss(ceres_loss(options_.loss), row.square, ceres::TAKE_OWNERSHIP);
  }

  /// Ceres over the free unknowns; its iterations.
  int descend(int iterations) {
    if (iterations <= 0) return 0;
    std::vector<double> change(static_cast<std::size_t>(unknowns_), 0.0);
    ceres::Problem::Options ownership;
    ownership.enable_fast_removal = false;
    ceres::Problem problem(ownership);
    for (std::size_t b = 0; b < program_.blocks.size(); ++b)
      for (const BandedRow& row : program_.blocks[b].rows) {
        if (row.square == 0) continue;
        std::vector<double> slopes;
        std::vector<double*> parameters;
        for (const auto& [unknown, slope] : substituted(form_of_row(b, row, 1))) {
          if (slope == 0) continue;
          slopes.push_back(slope);
          parameters.push_back(&change[static_cast<std::size_t>(unknown)]);
        }
        if (slopes.empty()) continue;
        problem.AddResidualBlock(new Cost(*this, b, row, std::move(slopes)), loss_of(row), parameters);
      }
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::SPARSE_NORMAL_CHOLESKY;
    options.logging_type = ceres::SILENT;
    options.max_num_iterations = iterations;
    options.initial_trust_region_radius = 1e16;
    options.max_trust_region_radius = 1e20;
    options.function_tolerance = 1e-15;
    options.gradient_tolerance = 0;
    options.parameter_tolerance = 1e-15;
    const ceres::Solver::Summary summary = solve_quietly(options, problem);
    if (!summary.IsSolutionUsable()) {
      failure_ = summary.message;
      return static_cast<int>(summary.iterations.size());
    }
    std::vector<double> all = change;
    for (const Index pivot : pivots_) {
      double sum = 0;
      for (const auto& [other, factor] : substitutes_.at(pivot))
        sum += factor * change[static_cast<std::size_t>(other)];
      all[static_cast<std::size_t>(pivot)] = sum;
    }
    for (Index i = 0; i < unknowns_; ++i)
      unknown(i) += all[static_cast<std::size_t>(i)];
    onto_face();
    return static_cast<int>(summary.iterations.size()) - 1;
  }

  /// Goes back to where the first bound was crossed, and holds it.
  bool hold_what_is_over(const std::vector<VectorXd>& before) {
    double length = 1;
    std::size_t first = sides_.size();
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (held_[s]) continue;
      const double now = distance(sides_[s], x_), then = distance(sides_[s], before);
      if (now >= -kOver || now >= then) continue;
      const double fraction = std::max(then, 0.0) / (std::max(then, 0.0) - now);
      if (fraction < length) {
        length = fraction;
        first = s;
      }
    }
    if (first == sides_.size()) return false;
    for (std::size_t b = 0; b < x_.size(); ++b)
      x_[b] = before[b] + length * (x_[b] - before[b]);
    for (std::size_t s = 0; s < sides_.size(); ++s)
      if (!held_[s] && distance(sides_[s], x_) < -kOver / 10 && distance(sides_[s], before) >= -kOver) held_[s] = true;
    held_[first] = true;
    return true;
  }

  /// The gradient of the squares: in all unknowns.
  VectorXd gradient() const {
    VectorXd result = VectorXd::Zero(unknowns_);
    for (std::size_t b = 0; b < program_.blocks.size(); ++b)
      for (const BandedRow& row : program_.blocks[b].rows) {
        if (row.square == 0) continue;
        const Bent bent = residual_of(b, row, value_of(row, x_[b]), options_);
        const double factor = bent.residual * bent.slope * square_of(row, bent, options_);
        for (const auto& [unknown, coefficient] : form_of_row(b, row, factor))
          result(unknown) += coefficient;
      }
    return result;
  }

  void find_multipliers() {
    std::fill(multipliers_.begin(), multipliers_.end(), 0.0);
    if (pivots_.empty()) return;
    const VectorXd all = gradient();
    VectorXd of_pivots(static_cast<Index>(pivots_.size()));
    for (Index p = 0; p < of_pivots.size(); ++p)
      of_pivots(p) = all(pivots_[static_cast<std::size_t>(p)]);
    const VectorXd solved = lu_transposed_.solve(of_pivots);
    for (Index e = 0; e < solved.size(); ++e)
      multipliers_[equalities_[static_cast<std::size_t>(e)]] = solved(e);
  }

  bool crosses(const std::vector<VectorXd>& x) const {
    return std::ranges::any_of(sides_, [&](const BandedSide& side) { return distance(side, x) < -kCrossed; });
  }

  /// Sides that are crossed, and held ones with a multiplier of the wrong sign.
  std::vector<std::size_t> wrong_sides() const {
    std::vector<std::size_t> wrong;
    for (std::size_t s = 0; s < sides_.size(); ++s)
      if (held_[s] ? multipliers_[s] < -kWrongSign : distance(sides_[s], x_) < -kOver) wrong.push_back(s);
    return wrong;
  }

  /// Lets the side go whose multiplier is the most negative.
  void let_go() {
    held_[static_cast<std::size_t>(std::ranges::min_element(multipliers_) - multipliers_.begin())] = false;
  }

  /// Any multipliers prove something: those found here, or those that the start came with. What is crossed by more than
  /// rounding is no solution.
  void take_if_better(BandedFaceSolution& result) {
    if (crosses(x_)) return;
    const BandedProgram squares = linearised(program_, x_, options_);
    const BandedSolution found = solution();
    BandedSolution as_started = start_;
    as_started.x = x_;
    const double gap = std::min(root_gap(squares, found), root_gap(squares, as_started));
    if (!(gap < result.root_gap) && !(start_crosses_ && !taken_)) return;
    taken_ = true;
    result.root_gap = gap;
    result.solution = found;
  }

  BandedSolution solution() const {
    BandedSolution result = start_;
    result.x = x_;
    result.lower_multipliers.clear();
    result.upper_multipliers.clear();
    result.link_multipliers.clear();
    for (const BandedBlock& block : program_.blocks) {
      result.lower_multipliers.push_back(VectorXd::Zero(static_cast<Index>(block.rows.size())));
      result.upper_multipliers.push_back(VectorXd::Zero(static_cast<Index>(block.rows.size())));
      result.link_multipliers.push_back(VectorXd::Zero(static_cast<Index>(block.links.size())));
    }
    for (std::size_t s = 0; s < sides_.size(); ++s)
      multiplier_of(sides_[s], result) = std::max(multipliers_[s], 0.0);
    return result;
  }

  const BandedProgram& program_;
  const BandedFaceOptions& options_;
  const BandedSolution& start_;
  std::vector<VectorXd> x_;
  std::vector<Index> base_;  // of each block's unknowns among all
  Index unknowns_ = 0;
  std::vector<BandedSide> sides_;
  std::vector<bool> held_;
  std::vector<double> multipliers_;
  bool pays_ = false;           // the start lies beyond a bound, and pays for it
  bool start_crosses_ = false;  // it is no solution, whatever its gap
  bool taken_ = false;
  std::map<Index, Form> substitutes_;
  std::vector<std::size_t> equalities_;
  std::vector<Index> pivots_;
  std::string failure_;
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu_, lu_transposed_;
};

}  // namespace

BandedProgram linearised(const BandedProgram& program, const std::vector<VectorXd>& x,
                         const BandedFaceOptions& options) {
  BandedProgram result = program;
  for (std::size_t b = 0; b < result.blocks.size(); ++b)
    for (BandedRow& row : result.blocks[b].rows) {
      if (row.square == 0 || row.tag < 0) continue;
      const double value = value_of(row, x[b]);
      const Bent bent = residual_of(b, row, value, options);
      const double target = value - bent.residual / bent.slope;
      if (!std::isfinite(target)) continue;
      row.square = bent.slope * bent.slope * square_of(row, bent, options);
      row.target = target;
    }
  return result;
}

BandedFaceSolution minimise_on_face(const BandedProgram& program, const BandedSolution& solution,
                                    const BandedFaceOptions& options) {
  return Face(program, solution, options).run();
}

}  // namespace strikenet
