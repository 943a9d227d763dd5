#include "strikenet/fitting/fit_smile.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "knots.h"
#include "optimize/band_least_squares.h"
#include "strike_band.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "train_strikes.h"

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

// Of quotes without a spread: what stands for half a spread (relative to the at-the-money vol; a basis point at 25 %),
// and the weights that put the largest error first, then the squares.
constexpr double kVolScale = 4e-4;
constexpr double kLargestWeight = 1000, kExcessWeight = 1e6, kSquaresWeight = 3;

/// One expiry as the solver sees it: everything in units of the forward.
struct Smile {
  std::vector<StrikeBand> bands;
  double total_vol;  // at the money
  Activation activation;
  std::vector<double> knots;
  std::vector<double> nodes;

  std::span<const double> unit(Index j) const {
    return std::span<const double>(knots).subspan(static_cast<std::size_t>(j),
                                                  static_cast<std::size_t>(knots_per_unit(activation)));
  }
  Index units() const { return static_cast<Index>(nodes.size()); }
};

std::vector<double> choose_knots(const Smile& smile, const FitOptions& options) {
  if (!options.knots.empty()) return options.knots;
  std::vector<double> strikes;
  for (const StrikeBand& band : smile.bands) strikes.push_back(band.k);
  if (options.activation == Activation::relu && options.units == 0) return quoted_knots(strikes, smile.total_vol);
  return sinh_knots({strikes.front(), strikes.back(), smile.total_vol, smile.total_vol}, options.activation,
                    options.units);
}

Smile smile_of(const std::vector<StrikeBand>& bands, const FitOptions& options) {
  Smile smile{bands, at_the_money_total_vol(bands), options.activation, {}, {}};
  smile.knots = choose_knots(smile, options);
  smile.nodes = unit_nodes(smile.activation, smile.knots);
  return smile;
}

/// Half the distance between the neighbours of node j: what a density is multiplied by to give a weight.
double width(const std::vector<double>& nodes, std::size_t j) {
  const std::size_t left = j == 0 ? 0 : j - 1, right = std::min(j + 1, nodes.size() - 1);
  return (nodes[right] - nodes[left]) / static_cast<double>(right - left);
}

VectorXd floored(VectorXd prior) {
  prior = prior.cwiseMax(kPriorFloor * prior.maxCoeff());
  return prior / prior.sum();
}

/// A Student law of four degrees of freedom in log strike, as wide as the at-the-money vol: tails that any smile's
/// weights can be divided by.
VectorXd student_prior(const Smile& smile) {
  VectorXd prior(smile.units());
  for (Index j = 0; j < prior.size(); ++j) {
    const auto i = static_cast<std::size_t>(j);
    const double node = std::max(smile.nodes[i], 1e-12), z = std::log(node) / smile.total_vol;
    prior(j) = std::pow(1 + z * z / 3, -2.5) * width(smile.nodes, i) / node;
  }
  return floored(prior);
}

/// The weights of a first fit, smoothed over five units.
VectorXd smoothed(const VectorXd& weights) {
  const VectorXd kernel = (VectorXd(5) << 1, 4, 6, 4, 1).finished() / 16;
  const Index n = weights.size();
  VectorXd result = VectorXd::Zero(n);
  for (Index j = 0; j < n; ++j)
    for (Index o = -2; o <= 2; ++o) result(j) += kernel(o + 2) * weights(std::clamp<Index>(j + o, 0, n - 1));
  return floored(result);
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
    for (Index i = 0; i < size(); ++i) problem.design.row(i) = rows_[static_cast<std::size_t>(i)];
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
        prices_(i, j) = band.side == OptionType::put ? unit_put(smile.unit(j), band.k) : unit_call(smile.unit(j), band.k);
    }
  }

  /// `weights`: the solution before, at which vols are linearised; empty in the first problem.
  BandLeastSquares problem(const VectorXd& prior, const VectorXd& weights) const {
    const Index n = smile_.units();
    ProblemRows rows(n + 1);
    Index robust = 0;
    for (const bool middles : {true, false}) {
      for (Index i = 0; i < prices_.rows(); ++i) add_quote(i, prior, weights, middles, rows);
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
    if (model.broken != PriceBound::none || !(std::abs(error) < quoted.vol.value() / 2)) return {band.mid, vega * scale};
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
    for (Index j = 0; j < n; ++j) rows.add(ridge * VectorXd::Unit(n + 1, j), ridge, ridge);
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

struct Weights {
  VectorXd weights;
  BandSolution last;
  int iterations = 0;
};

/// First the middles of the spreads with the wide prior, then everything with the smoothed first solution as the prior;
/// twice more where vols are linearised, each time at the solution before.
Weights solve(const Smile& smile, const FitOptions& options) {
  const Objective objective(smile, options);
  const bool vols = std::ranges::any_of(smile.bands, [](const StrikeBand& band) { return !band.has_spread(); });
  Weights result;
  VectorXd prior = student_prior(smile), x;
  for (int pass = 0; pass < (vols ? 4 : 2); ++pass) {
    if (pass == 1) prior = smoothed(result.weights);
    VectorXd start = VectorXd::Zero(prior.size() + 1);
    start.head(prior.size()) = pass == 0 ? VectorXd::Ones(prior.size()).eval() : result.weights.cwiseQuotient(prior).eval();
    if (pass > 0) start(prior.size()) = result.last.x(prior.size());
    const int left = options.max_iterations - result.iterations;
    result.last = minimise(objective.problem(prior, result.weights), start,
                           {.optimality = options.optimality_tolerance,
                            .iterations = left,
                            .faces = pass == 0 ? kFirstFaces : kFaces});
    result.iterations += result.last.iterations;
    result.weights = prior.cwiseProduct(result.last.x.head(prior.size()));
  }
  return result;
}

FitResult fit_at_fixed_strikes(const std::vector<StrikeBand>& bands, Forward forward, const FitOptions& options) {
  const Smile smile = smile_of(bands, options);
  const Weights solved = solve(smile, options);
  return {.forward = forward,
          .curve = CallCurve(smile.activation, smile.knots,
                             std::vector<double>(solved.weights.begin(), solved.weights.end())),
          .termination = solved.last.termination,
          .message = solved.last.message,
          .iterations = solved.iterations,
          .optimality = solved.last.optimality};
}

FitResult fit_with_strikes(const std::vector<StrikeBand>& bands, Forward forward, const FitOptions& options) {
  const double total_vol = at_the_money_total_vol(bands);
  TrainedStrikes best;
  int iterations = 0;
  std::vector<double> costs;
  for (int start = 0; start < options.starts; ++start) {
    TrainedStrikes trained = train_strikes(
        bands, total_vol, {.units = options.units, .seed = options.seed + static_cast<std::uint64_t>(start)});
    iterations += trained.iterations;
    costs.push_back(trained.cost);
    if (start == 0 || trained.cost < best.cost) best = std::move(trained);
  }
  return {.forward = forward,
          .curve = CallCurve(Activation::relu, best.nodes, best.weights),
          .termination = best.termination,
          .message = std::string(to_string(best.termination)) + ": best of " + std::to_string(options.starts) +
                     " starts; weights certified at its strikes, strikes a local minimum",
          .iterations = iterations,
          .optimality = best.optimality,
          .moved_units = best.moved,
          .start_costs = std::move(costs)};
}

double error_of(const FitResult& fit, const SmileQuote& quote) {
  const double model = fit.price(quote.type, quote.strike).value();
  return std::max({quote.bid.value() - model, model - quote.ask.value(), 0.0});
}

void judge(std::span<const SmileQuote> quotes, FitResult& fit) {
  const double slack = 1e-9 * fit.forward.value();
  fit.worst_strike = quotes.front().strike;
  for (const SmileQuote& quote : quotes) {
    const double error = error_of(fit, quote);
    if (quote.bid < quote.ask) {
      ++fit.quotes_with_spread;
      fit.inside += error <= slack;
    }
    if (error > fit.largest_error) {
      fit.largest_error = error;
      fit.worst_strike = quote.strike;
    }
  }
}

void check(std::span<const SmileQuote> quotes, Forward forward, const FitOptions& options) {
  for (const std::string& problem : options.problems()) throw PreconditionError(problem);
  require(forward.value() > 0 && std::isfinite(forward.value()), "fit_smile", "forward", forward.value(),
          "must be positive and finite");
  std::vector<double> strikes;
  for (const auto& [strike, type, bid, ask] : quotes) {
    require(strike.value() > 0 && std::isfinite(strike.value()), "fit_smile", "strike", strike.value(),
            "must be positive and finite");
    require(bid.value() >= 0, "fit_smile", "bid", bid.value(), "must be at least 0");
    require(ask.value() >= bid.value() && ask.value() > 0 && std::isfinite(ask.value()), "fit_smile", "ask", ask.value(),
            "must be positive, finite and at least the bid");
    strikes.push_back(strike.value());
  }
  std::ranges::sort(strikes);
  const auto distinct = std::unique(strikes.begin(), strikes.end()) - strikes.begin();
  require(distinct >= 3, "fit_smile", "number of strikes", static_cast<double>(distinct), "must be at least 3");
}

}  // namespace

std::vector<std::string> FitOptions::problems() const {
  std::vector<std::string> problems;
  const auto rule = [&problems](bool holds, std::string sentence) {
    if (!holds) problems.push_back(std::move(sentence));
  };
  rule(units == 0 || (units >= 3 && units <= 2000), "FitOptions: units is " + std::to_string(units) + ", but must be 0 or 3 to 2000");
  rule(units == 0 || knots.empty(), "FitOptions: units and knots are both given, but one decides the other");
  rule(!train_strikes || (activation == Activation::relu && units > 0 && knots.empty()),
       "FitOptions: train_strikes needs relu units and their number, and no knots");
  rule(!train_strikes || units <= 200, "FitOptions: units is " + std::to_string(units) + ", but must be at most 200 with trained strikes");
  rule(!train_strikes || !loss, "FitOptions: train_strikes takes no loss");
  rule(starts >= 1 && starts <= 10000, "FitOptions: starts is " + std::to_string(starts) + ", but must be 1 to 10000");
  rule(smoothness >= 0 && std::isfinite(smoothness), "FitOptions: smoothness must be at least 0 and finite");
  rule(max_iterations > 0, "FitOptions: max_iterations is " + std::to_string(max_iterations) + ", but must be positive");
  rule(optimality_tolerance > 0, "FitOptions: optimality_tolerance must be positive");
  return problems;
}

Price FitResult::price(OptionType type, Strike strike) const {
  const double k = strike.value() / forward.value();
  return Price(forward.value() * (type == OptionType::call ? curve.call(k) : curve.put(k)));
}

FitResult fit_smile(std::span<const SmileQuote> quotes, Forward forward, const FitOptions& options) {
  check(quotes, forward, options);
  const std::vector<StrikeBand> bands = strike_bands(quotes, forward);
  FitResult fit = options.train_strikes ? fit_with_strikes(bands, forward, options)
                                        : fit_at_fixed_strikes(bands, forward, options);
  judge(quotes, fit);
  return fit;
}

}  // namespace strikenet
