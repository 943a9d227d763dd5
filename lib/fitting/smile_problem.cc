#include "smile_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "knots.h"
#include "priors.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The terms of the objective, per half spread (see fit_smile.h), and what keeps every unknown determined.
constexpr double kFirstMidWeight = 1;  // the first solution: middles alone, and the asks of quotes without a bid
const double kMidWeight = std::sqrt(0.1);
const double kBandWeight = std::sqrt(1000.0);
constexpr double kMargin = 0.05;      // of the width of a band, on either side
constexpr double kRoughness = 0.008;  // times (units within half a total vol)^2.5
constexpr double kRidge = 1e-4;
constexpr double kPriorFloor = 1e-11;
constexpr int kFirstFaces = 15, kFaces = 1000;  // the first solution only becomes a prior, and need not be exact

// Of quotes without a spread: the weights that put the largest error first, then the squares.
constexpr double kLargestWeight = 1000, kExcessWeight = 1e6, kSquaresWeight = 3;

std::vector<double> choose_knots(const Smile& smile, const FitOptions& options) {
  if (!options.knots.empty()) return options.knots;
  std::vector<double> strikes;
  for (const StrikeBand& band : smile.bands)
    strikes.push_back(band.k);
  if (options.activation == Activation::relu && options.units == 0) return quoted_knots(strikes, smile.total_vol);
  return sinh_knots({strikes.front(), strikes.back(), smile.total_vol, smile.total_vol}, options.activation,
                    options.units);
}

/// Rows of a problem as they are written down.
class ProblemRows {
 public:
  explicit ProblemRows(Index unknowns) : unknowns_(unknowns) {}

  void add(const VectorXd& row, double lower, double upper) {
    rows_.push_back(row);
    lower_.push_back(lower);
    upper_.push_back(upper);
  }
  Index size() const { return static_cast<Index>(rows_.size()); }

  BandLeastSquares problem() const {
    BandLeastSquares problem;
    problem.design.resize(size(), unknowns_);
    for (Index i = 0; i < size(); ++i)
      problem.design.row(i) = rows_[static_cast<std::size_t>(i)];
    problem.lower = Eigen::Map<const VectorXd>(lower_.data(), size());
    problem.upper = Eigen::Map<const VectorXd>(upper_.data(), size());
    problem.nonnegative.setConstant(unknowns_, true);
    return problem;
  }

 private:
  Index unknowns_;
  std::vector<VectorXd> rows_;
  std::vector<double> lower_, upper_;
};

/// Where the vol of a quote without a spread is linearised: price and slope of price in half spreads.
struct VolTarget {
  double price, half;
};

/// Unknown j is weight_j / prior_j; one more, the last, is the largest error of the quotes without a spread.
class Objective {
 public:
  Objective(const Smile& smile, const FitOptions& options) : smile_(smile), options_(options) {
    prices_.resize(static_cast<Index>(smile.bands.size()), smile.units());
    for (Index i = 0; i < prices_.rows(); ++i) {
      const StrikeBand& band = smile.bands[static_cast<std::size_t>(i)];
      for (Index j = 0; j < smile.units(); ++j)
        prices_(i, j) =
            band.side == OptionType::put ? unit_put(smile.unit(j), band.k) : unit_call(smile.unit(j), band.k);
    }
  }

  /// `weights`: the solution before, at which vols are linearised; empty in the first problem.
  BandLeastSquares problem(const VectorXd& prior, const VectorXd& weights) const {
    const Index n = smile_.units();
    ProblemRows rows(n + 1);
    Index robust = 0;
    for (const bool middles : {true, false}) {
      for (Index i = 0; i < prices_.rows(); ++i)
        add_quote(i, prior, weights, middles, rows);
      if (middles) robust = rows.size();
    }
    add_roughness(rows);
    BandLeastSquares problem = rows.problem();
    if (robust_loss()) {
      problem.loss = *options_.loss;
      problem.robust_rows = robust;
      problem.robust_weight = std::pow(squares_weight(weights), 2);
    }
    problem.equality = MatrixXd::Zero(2, n + 1);
    problem.equality.row(0).head(n) = prior;
    problem.equality.row(1).head(n) = prior.cwiseProduct(Eigen::Map<const VectorXd>(smile_.nodes.data(), n));
    problem.target = VectorXd::Ones(2);
    problem.unit = VectorXd(n + 1);
    problem.unit << prior, kVolScale * smile_.total_vol;
    return problem;
  }

 private:
  bool robust_loss() const { return options_.loss.value_or(Loss::squared) != Loss::squared; }
  bool has_spreads() const { return smile_.bands.front().has_spread(); }

  /// Of the squared distances from middles, or of the squared errors in vol.
  double squares_weight(const VectorXd& weights) const {
    if (!has_spreads()) return options_.loss || weights.size() == 0 ? kBandWeight : kSquaresWeight;
    return weights.size() == 0 ? kFirstMidWeight : kMidWeight;
  }

  /// The same as a factor of the rows: a robust loss is weighed as a whole instead.
  double row_weight(const VectorXd& weights) const { return robust_loss() ? 1 : squares_weight(weights); }

  VectorXd row(Index i, const VectorXd& prior, double weight) const {
    VectorXd result = VectorXd::Zero(prior.size() + 1);
    result.head(prior.size()) = weight * prices_.row(i).transpose().cwiseProduct(prior);
    return result;
  }

  void add_quote(Index i, const VectorXd& prior, const VectorXd& weights, bool middles, ProblemRows& rows) const {
    const StrikeBand& band = smile_.bands[static_cast<std::size_t>(i)];
    if (!band.has_spread()) return add_price(i, prior, weights, middles, rows);
    if (middles) {
      const double weight = row_weight(weights) / band.half;
      if (band.has_mid) rows.add(row(i, prior, weight), weight * band.mid, weight * band.mid);
      return;
    }
    if (weights.size() == 0 && band.has_mid) return;
    const double weight = kBandWeight / band.half;
    const double margin = kMargin * (band.high - std::max(band.low, 0.0));
    rows.add(row(i, prior, weight), weight * (band.low + margin), weight * (band.high - margin));
  }

  void add_price(Index i, const VectorXd& prior, const VectorXd& weights, bool middles, ProblemRows& rows) const {
    const VolTarget target = vol_target(i, weights);
    if (middles) {
      const double weight = row_weight(weights) / target.half;
      rows.add(row(i, prior, weight), weight * target.price, weight * target.price);
    } else if (!options_.loss && weights.size() > 0) {
      const double weight = kExcessWeight / target.half;
      VectorXd above = row(i, prior, weight), below = -above;
      above(prior.size()) = below(prior.size()) = -kExcessWeight;
      rows.add(above, -kInfinity, weight * target.price);
      rows.add(below, -kInfinity, -weight * target.price);
    }
  }

  /// The residual in vol, linearised: (vol(c) - vol_quote) / scale = (c - price) / half.
  VolTarget vol_target(Index i, const VectorXd& weights) const {
    const StrikeBand& band = smile_.bands[static_cast<std::size_t>(i)];
    const Forward one(1);
    const Strike strike(band.k);
    const double scale = kVolScale * smile_.total_vol;
    const ImpliedVol quoted = implied_total_vol(band.side, one, strike, Price(band.mid));
    if (quoted.broken != PriceBound::none || !(quoted.vol.value() > 0)) return {band.mid, 1e-9};
    const double vega = std::max(black_vega(one, strike, quoted.vol), 1e-300);
    if (weights.size() == 0) return {band.mid, vega * scale};
    const double price = prices_.row(i).dot(weights);
    const ImpliedVol model = implied_total_vol(band.side, one, strike, Price(price));
    const double error = model.vol.value() - quoted.vol.value();
    if (model.broken != PriceBound::none || !(std::abs(error) < quoted.vol.value() / 2))
      return {band.mid, vega * scale};
    const double slope = std::max(black_vega(one, strike, model.vol), 1e-300);
    return {price - slope * error, slope * scale};
  }

  void add_roughness(ProblemRows& rows) const {
    const Index n = smile_.units();
    const double weight = options_.smoothness * kRoughness * std::pow(units_a_vol(), 2.5);
    const bool at_quotes = options_.activation == Activation::relu && options_.units == 0 && options_.knots.empty();
    for (Index j = 0; !at_quotes && weight > 0 && j + 3 < n; ++j) {
      VectorXd third = VectorXd::Zero(n + 1);
      third.segment(j, 4) << -weight, 3 * weight, -3 * weight, weight;
      rows.add(third, 0, 0);
    }
    const double ridge = at_quotes ? 1e-3 * kRidge : kRidge;
    for (Index j = 0; j < n; ++j)
      rows.add(ridge * VectorXd::Unit(n + 1, j), ridge, ridge);
    rows.add(kLargestWeight * VectorXd::Unit(n + 1, n), 0, 0);
  }

  /// Nodes within half a total vol of the money, on average of both sides.
  double units_a_vol() const {
    const auto within = std::ranges::count_if(
        smile_.nodes, [&](double node) { return std::abs(std::log(std::max(node, 1e-300))) < smile_.total_vol; });
    return std::max(1.0, static_cast<double>(within) / 2);
  }

  const Smile& smile_;
  const FitOptions& options_;
  MatrixXd prices_;  // of the out-of-the-money option at each band, by each unit
};

/// Unknowns to start from: every weight at its prior; or a solution.
VectorXd first_start(const VectorXd& prior) {
  VectorXd start = VectorXd::Ones(prior.size() + 1);
  start(prior.size()) = 0;
  return start;
}

VectorXd start_of(const SmileSolution& solution) {
  VectorXd start = solution.last.x;
  start.head(solution.prior.size()) = solution.weights.cwiseQuotient(solution.prior);
  return start;
}

void take(BandSolution found, SmileSolution& solution) {
  solution.iterations += found.iterations;
  solution.weights = solution.prior.cwiseProduct(found.x.head(solution.prior.size()));
  solution.last = std::move(found);
}

}  // namespace

Smile smile_of(const std::vector<StrikeBand>& bands, const FitOptions& options) {
  Smile smile{bands, at_the_money_total_vol(bands), options.activation, {}, {}};
  smile.knots = choose_knots(smile, options);
  smile.nodes = unit_nodes(smile.activation, smile.knots);
  return smile;
}

SmileSolution solve(const Smile& smile, const FitOptions& options) {
  const Objective objective(smile, options);
  const bool vols = std::ranges::any_of(smile.bands, [](const StrikeBand& band) { return !band.has_spread(); });
  SmileSolution result{.prior = student_prior(smile, kPriorFloor), .weights = {}, .last = {}};
  for (int pass = 0; pass < (vols ? 4 : 2); ++pass) {
    if (pass == 1) result.prior = floored(spread_over_five(result.weights), kPriorFloor);
    const VectorXd start = pass == 0 ? first_start(result.prior) : start_of(result);
    const int left = options.max_iterations - result.iterations;
    take(minimise(objective.problem(result.prior, result.weights), start,
                  {.optimality = options.optimality_tolerance,
                   .iterations = left,
                   .faces = pass == 0 ? kFirstFaces : kFaces}),
         result);
  }
  return result;
}

}  // namespace strikenet
