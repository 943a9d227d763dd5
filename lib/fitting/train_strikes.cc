#include "train_strikes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "optimize/band_least_squares.h"
#include "optimize/least_squares.h"
#include "smile_problem.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const double kMidWeight = std::sqrt(0.01);
constexpr double kFarthest = 1e4;      // strike / forward of a unit: farther ones have lost their quotes
constexpr double kStartWeight = 0.03;  // times the mean weight: less, and the softmax is flat

/// One row of the objective: weight * distance of the price of `band` to [low, high].
struct Row {
  Index band;
  double weight, low, high;
};

std::vector<Row> rows_of(std::span<const StrikeBand> bands, double total_vol) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const StrikeBand& band = bands[i];
    const auto index = static_cast<Index>(i);
    if (band.has_spread()) {
      rows.push_back({index, 1 / band.half, band.low, band.high});
      if (band.has_mid) rows.push_back({index, kMidWeight / band.half, band.mid, band.mid});
    } else {
      const ImpliedVol vol = implied_total_vol(band.side, Forward(1), Strike(band.k), Price(band.mid));
      const double vega = vol.broken == PriceBound::none ? black_vega(Forward(1), Strike(band.k), vol.vol) : 0;
      rows.push_back({index, 1 / std::max(vega * kVolScale * total_vol, 1e-12), band.mid, band.mid});
    }
  }
  return rows;
}

double hinge_slope(const StrikeBand& band, double node) {
  if (band.side == OptionType::put) return node < band.k ? -1 : 0;
  return node > band.k ? 1 : 0;
}

struct Units {
  VectorXd nodes, weights;
  double cost = std::numeric_limits<double>::infinity();
  double optimality = 0;
  Termination termination = Termination::stalled;
};

class Trainer {
 public:
  Trainer(std::span<const StrikeBand> bands, double total_vol, int iterations)
      : bands_(bands), rows_(rows_of(bands, total_vol)), left_(iterations) {}

  int left() const { return left_; }
  int moved() const { return moved_; }

  /// The best weights of given nodes, which have to reach to both sides of 1.
  Units with_weights(VectorXd nodes) {
    std::sort(nodes.begin(), nodes.end());
    const Index n = nodes.size();
    BandLeastSquares problem;
    problem.design.resize(static_cast<Index>(rows_.size()) + n, n);
    problem.lower.resize(problem.design.rows());
    problem.upper.resize(problem.design.rows());
    for (Index r = 0; r < static_cast<Index>(rows_.size()); ++r) {
      const Row& row = rows_[static_cast<std::size_t>(r)];
      for (Index j = 0; j < n; ++j)
        problem.design(r, j) = row.weight * out_of_the_money_hinge(band(row).k, nodes(j));
      problem.lower(r) = row.weight * row.low;
      problem.upper(r) = row.weight * row.high;
    }
    problem.design.bottomRows(n) = 1e-6 * MatrixXd::Identity(n, n);  // coinciding nodes share their weight
    problem.lower.tail(n).setZero();
    problem.upper.tail(n).setZero();
    problem.equality.resize(2, n);
    problem.equality << VectorXd::Ones(n).transpose(), nodes.transpose();
    problem.target = VectorXd::Ones(2);
    problem.nonnegative.setConstant(n, true);
    problem.unit = VectorXd::Ones(n);
    const BandSolution solution = minimise(problem, VectorXd::Constant(n, 1.0 / static_cast<double>(n)));
    left_ -= solution.iterations;
    return {nodes, solution.x, solution.cost, solution.optimality, solution.termination};
  }

  /// From units with positive weights to a local minimum over nodes and weights, then the exact weights.
  Units descend(const Units& start) {
    const Index n = start.nodes.size();
    VectorXd x(2 * n);
    x.head(n) = start.nodes.array().log();
    x.tail(n) = start.weights.cwiseMax(kStartWeight / static_cast<double>(n)).array().log();
    const LeastSquaresResult result = minimise_squares(
        [this](const VectorXd& at, VectorXd& residuals, MatrixXd* jacobian) { evaluate(at, residuals, jacobian); },
        static_cast<Index>(rows_.size()), x, std::max(1, std::min(left_, 200)));
    left_ -= result.iterations;
    const Units joint = units_at(result.x);
    const double lowest = joint.nodes.minCoeff(), highest = joint.nodes.maxCoeff();
    if (!joint.nodes.allFinite() || !(lowest < 1) || !(highest > 1 && highest < kFarthest)) return start;
    Units exact = with_weights(joint.nodes);
    return exact.cost < start.cost ? exact : start;
  }

  /// Dead units - no weight, or the outer of two beyond one end of the quotes - put where the fit is worst.
  Units revived(const Units& units) {
    VectorXd nodes = units.nodes;
    int dead = 0;
    for (Index j = 0; j < nodes.size(); ++j) {
      const bool no_quote_left = j + 1 < nodes.size() && nodes(j + 1) <= bands_.front().k;
      const bool no_quote_right = j > 0 && nodes(j - 1) >= bands_.back().k;
      const bool outermost = j == 0 || j + 1 == nodes.size();
      if ((outermost || units.weights(j) > 1e-12) && !no_quote_left && !no_quote_right) continue;
      nodes(j) = worst_place(units, dead++);
    }
    if (dead == 0) return units;
    moved_ += dead;
    return with_weights(nodes);
  }

  /// The unit that can best be spared, put where the fit is worst.
  Units relocated(const Units& units, int rank) {
    Index spared = 1;
    double least = std::numeric_limits<double>::infinity();
    for (Index j = 1; j + 1 < units.nodes.size(); ++j) {
      const double cost =
          units.weights(j) * std::min(units.nodes(j + 1) - units.nodes(j), units.nodes(j) - units.nodes(j - 1));
      if (cost < least) {
        least = cost;
        spared = j;
      }
    }
    VectorXd nodes = units.nodes;
    nodes(spared) = worst_place(units, rank);
    return with_weights(nodes);
  }

 private:
  const StrikeBand& band(const Row& row) const { return bands_[static_cast<std::size_t>(row.band)]; }

  Units units_at(const VectorXd& x) const {
    const Index n = x.size() / 2;
    const VectorXd raised = (x.tail(n).array() - x.tail(n).maxCoeff()).exp();
    const VectorXd weights = raised / raised.sum(), scaled = x.head(n).array().exp();
    Units units;
    units.nodes = scaled / weights.dot(scaled);
    units.weights = weights;
    return units;
  }

  void evaluate(const VectorXd& x, VectorXd& residuals, MatrixXd* jacobian) const {
    const Units units = units_at(x);
    const Index n = units.nodes.size();
    for (Index r = 0; r < residuals.size(); ++r) {
      const Row& row = rows_[static_cast<std::size_t>(r)];
      double price = 0;
      for (Index j = 0; j < n; ++j)
        price += units.weights(j) * out_of_the_money_hinge(band(row).k, units.nodes(j));
      residuals(r) = row.weight * (price - std::clamp(price, row.low, row.high));
      if (jacobian == nullptr) continue;
      const bool inside = residuals(r) == 0 && row.low < row.high;
      jacobian->row(r) = inside ? VectorXd::Zero(2 * n).eval() : (row.weight * slopes(row, units)).eval();
    }
  }

  /// d price / d x, through the softmax of the weights and the scaling of the nodes.
  VectorXd slopes(const Row& row, const Units& units) const {
    const Index n = units.nodes.size();
    VectorXd by_node(n), by_weight(n);
    for (Index j = 0; j < n; ++j) {
      by_node(j) = units.weights(j) * hinge_slope(band(row), units.nodes(j));
      by_weight(j) = out_of_the_money_hinge(band(row).k, units.nodes(j));
    }
    const double through_mean = by_node.dot(units.nodes);
    by_weight -= through_mean * units.nodes;
    VectorXd result(2 * n);
    result.head(n) = units.nodes.cwiseProduct(by_node - through_mean * units.weights);
    result.tail(n) = units.weights.cwiseProduct((by_weight.array() - units.weights.dot(by_weight)).matrix());
    return result;
  }

  /// The middle of the stretch between nodes whose rows cost most; the rank-th worst.
  double worst_place(const Units& units, int rank) const {
    std::vector<std::pair<double, double>> stretches;  // cost, place
    double left = std::min(units.nodes(0), bands_.front().k);
    for (Index j = 0; j <= units.nodes.size(); ++j) {
      const double right = j < units.nodes.size() ? units.nodes(j) : std::max(left, bands_.back().k);
      double cost = 0, moment = 0;
      for (const Row& row : rows_) {
        const double k = band(row).k;
        if (k < left || k >= right) continue;
        double price = 0;
        for (Index l = 0; l < units.nodes.size(); ++l)
          price += units.weights(l) * out_of_the_money_hinge(band(row).k, units.nodes(l));
        const double distance = row.weight * (price - std::clamp(price, row.low, row.high));
        cost += distance * distance;
        moment += distance * distance * k;
      }
      stretches.push_back({cost, cost > 0 ? moment / cost : (left + right) / 2});
      left = right;
    }
    std::ranges::sort(stretches, std::greater<>());
    return stretches[static_cast<std::size_t>(rank) % stretches.size()].second;
  }

  std::span<const StrikeBand> bands_;
  std::vector<Row> rows_;
  int left_;
  int moved_ = 0;
};

/// One node beyond each end, and the others between groups of equally many strikes, shaken by up to half a group. A
/// segment of a network can pass through two quotes that are strictly convex, so groups of two are met exactly.
VectorXd quantiles(std::span<const StrikeBand> bands, double total_vol, const TrainingOptions& options) {
  std::vector<double> strikes;
  for (const StrikeBand& band : bands)
    if (strikes.empty() || band.k > strikes.back()) strikes.push_back(band.k);
  std::mt19937_64 random(options.seed);
  const auto uniform = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const Index n = options.units;
  VectorXd nodes(n);
  for (Index j = 0; j < n; ++j) {
    const double shake = options.seed == 0 ? 0 : uniform() - 0.5;
    const double rank =
        (static_cast<double>(j) + shake) * static_cast<double>(strikes.size()) / static_cast<double>(n - 1);
    const auto right = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(0.0, rank)), 1, strikes.size() - 1);
    const double part = options.seed == 0 ? 0.5 : uniform();
    nodes(j) = strikes[right - 1] + part * (strikes[right] - strikes[right - 1]);
  }
  nodes(0) = strikes.front() * std::exp(-total_vol);
  nodes(n - 1) = strikes.back() * std::exp(total_vol);
  return nodes;
}

}  // namespace

TrainedStrikes train_strikes(std::span<const StrikeBand> bands, double total_vol, const TrainingOptions& options) {
  Trainer trainer(bands, total_vol, options.iterations);
  Units best = trainer.descend(trainer.with_weights(quantiles(bands, total_vol, options)));
  int failures = 0;
  for (int round = 0; round < options.rounds && failures < options.units && trainer.left() > 0; ++round) {
    const Units alive = trainer.revived(best);
    const Units next = trainer.descend(failures % 2 == 0 ? alive : trainer.relocated(best, failures / 2));
    failures = next.cost < best.cost * (1 - 1e-6) ? 0 : failures + 1;
    if (next.cost < best.cost) best = next;
  }
  TrainedStrikes result;
  result.cost = best.cost;
  result.optimality = best.optimality;
  result.termination = best.termination;
  result.iterations = options.iterations - trainer.left();
  result.moved = trainer.moved();
  for (Index j = 0; j < best.nodes.size(); ++j) {
    if (best.weights(j) == 0) continue;
    if (result.nodes.empty() || best.nodes(j) > result.nodes.back()) {
      result.nodes.push_back(best.nodes(j));
      result.weights.push_back(0);
    }
    result.weights.back() += best.weights(j);
  }
  return result;
}

}  // namespace strikenet
