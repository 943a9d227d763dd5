#include "strikenet/replication/hedge_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "optimize/band_least_squares.h"
#include "replication/exact_position.h"
#include "replication/law.h"
#include "replication/least_cost.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/facts.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNegligible = 1e-9;  // of what other legs leave of one, and of a leg's share of the payoff

// --- under a law -----------------------------------------------------------------------------------------------------

/// E f(F X) and its derivative by F, for X of the curve.
struct Value {
  double value, delta;
};
Value value_of(const PiecewiseLinear& f, const CallCurve& curve, double forward) {
  double slope = f.slope(0);
  Value result{f.value(0) + slope * forward, slope};
  for (const Knot& knot : f.knots()) {
    if (knot.x <= 0) continue;
    const double k = knot.x / forward, call = curve.call(k), above = curve.above(k);
    result.value += (knot.slope - slope) * forward * call + knot.jump * above;
    result.delta += (knot.slope - slope) * (call + k * above) + knot.jump * curve.density(k) * k / forward;
    slope = knot.slope;
  }
  return result;
}

double quantile(const CallCurve& curve, double p) {
  double low = curve.knots().front(), high = curve.knots().back();
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (curve.below(middle) < p ? low : high) = middle;
  }
  return high;
}

std::vector<double> kinks_of(const PiecewiseLinear& f) {
  std::vector<double> kinks;
  for (const Knot& knot : f.knots())
    if (knot.x > 0) kinks.push_back(knot.x);
  return kinks;
}

double exercised(const SurfaceSlice& slice, OptionType type, Strike strike) {
  const double k = strike.value() / slice.forward.value();
  return type == OptionType::call ? slice.curve.above(k) : slice.curve.below(k);
}

/// How many of so many legs are looked at when one is dropped: those whose saliency is least.
std::size_t of_small_saliency(std::size_t legs) { return std::max(std::min<std::size_t>(legs, 5), (legs + 2) / 3); }

// --- least squares ---------------------------------------------------------------------------------------------------

/// What a fit may hold: one option a strike, out of the money, that can be bought and sold.
std::vector<HedgeQuote> candidates_of(const HedgeMarket& market, double forward) {
  std::map<double, HedgeQuote> of_strike;
  for (const HedgeQuote& quote : market.quotes) {
    const bool out = (quote.type == OptionType::put) == (quote.strike.value() < forward);
    if (quote.bid > 0 && out) of_strike.emplace(quote.strike.value(), quote);
  }
  std::vector<HedgeQuote> candidates;
  for (const auto& [strike, quote] : of_strike)
    candidates.push_back(quote);
  return candidates;
}

double pays(const HedgeQuote& quote, double spot) {
  return std::max(0.0, quote.type == OptionType::call ? spot - quote.strike.value() : quote.strike.value() - spot);
}

using Choice = std::vector<Index>;  // of candidates, sorted

struct Fitted {
  VectorXd x;  // cash, then one per chosen candidate; in units of the forward
  double error;
};

class FitProblem {
 public:
  FitProblem(const HedgeMarket& market, const PiecewiseLinear& payoff, const SurfaceSlice& slice)
      : scale_(slice.forward.value()),
        candidates_(candidates_of(market, scale_)),
        forward_(market.forward.value_or(slice.forward).value()) {
    std::vector<double> kinks = kinks_of(payoff);
    for (const HedgeQuote& quote : candidates_)
      kinks.push_back(quote.strike.value());
    std::ranges::sort(kinks);
    std::vector<LawPoint> points = law_points(slice, kinks);
    std::erase_if(points, [](const LawPoint& point) { return !(point.weight > 0); });
    // Cash, a forward, the candidates, and last what is wanted.
    const Index columns = 2 + static_cast<Index>(candidates_.size()) + 1;
    MatrixXd all(std::max(static_cast<Index>(points.size()), columns), columns);
    all.setZero();
    for (Index i = 0; i < static_cast<Index>(points.size()); ++i) {
      const auto [spot, weight] = points[static_cast<std::size_t>(i)];
      const double root = std::sqrt(weight);
      all(i, 0) = root;
      all(i, 1) = root * (spot - forward_) / scale_;
      for (std::size_t j = 0; j < candidates_.size(); ++j)
        all(i, 2 + static_cast<Index>(j)) = root * pays(candidates_[j], spot) / scale_;
      all(i, columns - 1) = root * payoff.value(spot);
    }
    const Eigen::HouseholderQR<MatrixXd> qr(all);
    const MatrixXd triangle = qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
    design_.resize(columns, columns - 2);
    design_.col(0) = triangle.col(0);
    design_.rightCols(columns - 3) = triangle.middleCols(2, columns - 3);
    target_ = triangle.col(columns - 1);
    norms_ = design_.colwise().norm();
    if (market.forward) follow_by_forward(triangle.col(1), payoff.last_slope());
    for (const HedgeQuote& quote : candidates_)
      exercised_.push_back(exercised(slice, quote.type, quote.strike));
  }

  const std::vector<HedgeQuote>& candidates() const { return candidates_; }

  Fitted fit(const Choice& choice, const VectorXd& target) const {
    const MatrixXd design = columns(choice);
    Eigen::ColPivHouseholderQR<MatrixXd> qr(design.rows(), design.cols());
    qr.setThreshold(kNegligible);
    qr.compute(design);
    VectorXd x = qr.solve(target);
    return {x, (design * x - target).norm()};
  }
  Fitted fit(const Choice& choice) const { return fit(choice, target_); }

  Fitted fit_convex(const Choice& choice) const {
    MatrixXd design = columns(choice);
    VectorXd norms = design.colwise().norm();
    for (Index j = 0; j < norms.size(); ++j) {
      if (norms[j] == 0) norms[j] = 1;
      design.col(j) /= norms[j];
    }
    BandLeastSquares problem{.design = design, .lower = target_, .upper = target_, .nonnegative = {}, .unit = {}};
    problem.nonnegative = Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(design.cols(), true);
    problem.nonnegative.head(kFixed).setConstant(false);
    problem.unit = VectorXd::Ones(design.cols()) / std::max(target_.norm(), 1e-300);
    const BandSolution solution = minimise(problem, VectorXd::Zero(design.cols()));
    return {solution.x.cwiseQuotient(norms), (design * solution.x - target_).norm()};
  }

  /// All candidates that matter: a fit of them leaves none out and none negligible.
  Choice worth_holding(bool convex) const {
    Choice choice(candidates_.size());
    std::iota(choice.begin(), choice.end(), 0);
    for (std::size_t before = choice.size() + 1; choice.size() < before;) {
      before = choice.size();
      const VectorXd x = (convex ? fit_convex(choice) : fit(choice)).x;
      Choice kept;
      for (std::size_t i = 0; i < choice.size(); ++i) {
        const double effect = std::abs(x[kFixed + static_cast<Index>(i)]) * norms_[kFixed + choice[i]];
        if (effect > kNegligible * target_.norm()) kept.push_back(choice[i]);
      }
      choice = std::move(kept);
    }
    return choice;
  }

  /// The place in the choice of the leg without which the others fit best, among those of small saliency.
  std::size_t least_missed(const Choice& choice) const {
    const MatrixXd design = columns(choice);
    const Eigen::HouseholderQR<MatrixXd> qr(design);
    const VectorXd x = qr.solve(target_);
    const MatrixXd inverse = qr.matrixQR()
                                 .topRows(design.cols())
                                 .triangularView<Eigen::Upper>()
                                 .solve(MatrixXd::Identity(design.cols(), design.cols()));
    std::vector<std::size_t> order(choice.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto of_leg = [&](std::size_t i) { return x[kFixed + static_cast<Index>(i)]; };
    std::ranges::stable_sort(order, {}, [&](std::size_t i) {
      return of_leg(i) * of_leg(i) * exercised_[static_cast<std::size_t>(choice[i])];
    });
    order.resize(of_small_saliency(order.size()));
    // The square of the error of a full fit without leg i is larger by x_i^2 / ((A'A)^-1)_ii.
    return *std::ranges::min_element(order, {}, [&](std::size_t i) {
      return of_leg(i) * of_leg(i) / inverse.row(kFixed + static_cast<Index>(i)).squaredNorm();
    });
  }

  /// Whole multiples of `lot`, the one nearest to one fixed first and the others fitted again.
  Fitted in_lots(Choice choice, double lot) const {
    const Choice all = choice;
    VectorXd target = target_, result = VectorXd::Zero(kFixed + static_cast<Index>(all.size()));
    Fitted fitted = fit(choice, target);
    while (!choice.empty()) {
      const auto multiple = [&](std::size_t i) { return fitted.x[kFixed + static_cast<Index>(i)] / scale_ / lot; };
      std::size_t nearest = 0;
      const auto distance = [&](std::size_t i) { return std::abs(multiple(i) - std::round(multiple(i))); };
      for (std::size_t i = 1; i < choice.size(); ++i)
        if (distance(i) < distance(nearest)) nearest = i;
      const double units = std::round(multiple(nearest)) * lot * scale_;
      target -= units * design_.col(kFixed + choice[nearest]);
      result[kFixed + std::ranges::find(all, choice[nearest]) - all.begin()] = units;
      choice.erase(choice.begin() + static_cast<std::ptrdiff_t>(nearest));
      fitted = fit(choice, target);
    }
    result.head(kFixed) = fitted.x;
    return {result, fitted.error};
  }

  Hedge hedge_of(const Choice& choice, const VectorXd& x, const HedgeMarket& market, const PiecewiseLinear& payoff,
                 double lot) const {
    Hedge hedge{.side = HedgeSide::fit, .status = Hedge::Status::found, .forward = market.forward ? forward_ : 0};
    const double largest = x.tail(x.size() - kFixed).size() > 0 ? x.tail(x.size() - kFixed).cwiseAbs().maxCoeff() : 0;
    const auto rounded = [&](double units) {
      return largest > 0 ? to_places(units, 8 - static_cast<int>(std::floor(std::log10(largest / scale_)))) : units;
    };
    hedge.cash =
        x[0] == 0 ? 0 : to_places(x[0], 10 - static_cast<int>(std::floor(std::log10(std::abs(x[0]) + largest))));
    for (std::size_t i = 0; i < choice.size(); ++i) {
      const HedgeQuote& quote = candidates_[static_cast<std::size_t>(choice[i])];
      const double raw = x[kFixed + static_cast<Index>(i)] / scale_;
      const double units = lot > 0 ? to_places(std::round(raw / lot) * lot, 12) : rounded(raw);
      if (units != 0) hedge.legs.push_back({quote.type, quote.strike, units, units > 0 ? quote.ask : quote.bid});
    }
    if (market.forward) hedge.forward_units = forward_units_for(hedge, payoff);
    hedge.cost = static_cast<double>(exact_cost(hedge, market.discount));
    return hedge;
  }

 private:
  static constexpr Index kFixed = 1;  // columns that no choice leaves out: cash

  /// The forward makes the last slope that of the payoff: each call comes with a forward sold, and the payoff without
  /// that slope is what is wanted.
  void follow_by_forward(const VectorXd& forward, double last_slope) {
    for (std::size_t j = 0; j < candidates_.size(); ++j)
      if (candidates_[j].type == OptionType::call) design_.col(kFixed + static_cast<Index>(j)) -= forward;
    target_ -= last_slope * scale_ * forward;
  }

  MatrixXd columns(const Choice& choice) const {
    MatrixXd result(design_.rows(), kFixed + static_cast<Index>(choice.size()));
    result.leftCols(kFixed) = design_.leftCols(kFixed);
    for (std::size_t i = 0; i < choice.size(); ++i)
      result.col(kFixed + static_cast<Index>(i)) = design_.col(kFixed + choice[i]);
    return result;
  }

  double scale_;
  std::vector<HedgeQuote> candidates_;
  double forward_;
  MatrixXd design_;                // as triangular as the law's points make it: the same products as on all of them
  VectorXd target_, norms_;        // norms of the candidates alone
  std::vector<double> exercised_;  // probability of each candidate
};

void prove(Hedge& hedge, const PiecewiseLinear& payoff) { hedge.max_shortfall = prove_shortfall(hedge, payoff); }

/// The legs of small saliency: see fit_hedge. Without a law, of few units.
std::vector<std::size_t> by_saliency(const std::vector<HedgeLeg>& legs, const SurfaceSlice* slice) {
  std::vector<std::size_t> order(legs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    const HedgeLeg& leg = legs[i];
    return leg.units * leg.units * (slice ? exercised(*slice, leg.type, leg.strike) : 1);
  });
  order.resize(of_small_saliency(order.size()));
  return order;
}

double error_of(const Hedge& hedge, const PiecewiseLinear& payoff, const SurfaceSlice* slice) {
  return slice ? root_mean_square(exact_residual(hedge, payoff), *slice) : 0;
}

Hedge bound(const HedgeMarket& market, const PiecewiseLinear& payoff, HedgeSide side) {
  return side == HedgeSide::super ? super_hedge(market, payoff) : sub_hedge(market, payoff);
}

/// The market with the quotes of these legs alone, but for one of them.
HedgeMarket without(const HedgeMarket& market, const std::vector<HedgeLeg>& legs, std::size_t dropped) {
  HedgeMarket result{.quotes = {}, .discount = market.discount, .forward = market.forward};
  for (const HedgeQuote& quote : market.quotes)
    for (std::size_t i = 0; i < legs.size(); ++i)
      if (i != dropped && legs[i].type == quote.type && legs[i].strike == quote.strike) {
        result.quotes.push_back(quote);
        break;
      }
  return result;
}

}  // namespace

double expected(const PiecewiseLinear& f, const SurfaceSlice& slice) {
  return value_of(f, slice.curve, slice.forward.value()).value;
}

double root_mean_square(const PiecewiseLinear& f, const SurfaceSlice& slice) {
  double sum = 0;
  for (const auto& [spot, weight] : law_points(slice, kinks_of(f)))
    sum += weight * f.value(spot) * f.value(spot);
  return std::sqrt(sum);
}

FewerLegs fit_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff, const SurfaceSlice& slice,
                    const FitHedgeOptions& options) {
  constexpr std::string_view kWhere = "fit_hedge";
  const double forward = slice.forward.value();
  require(forward > 0 && std::isfinite(forward), kWhere, "forward", forward, "must be positive and finite");
  require(options.lot >= 0 && std::isfinite(options.lot), kWhere, "lot", options.lot, "must be finite and at least 0");
  require(!options.convex || (!options.legs && options.lot == 0), kWhere, "convex", 1,
          "must be alone, without legs and lot");
  const FitProblem problem(market, payoff, slice);
  Choice choice = problem.worth_holding(options.convex), chosen = choice;
  FewerLegs result;
  if (options.legs) {
    while (choice.size() > 1) {
      const std::size_t out = problem.least_missed(choice);
      const HedgeQuote& quote = problem.candidates()[static_cast<std::size_t>(choice[out])];
      choice.erase(choice.begin() + static_cast<std::ptrdiff_t>(out));
      const Fitted fitted = problem.fit(choice);
      result.dropped.push_back({quote.type, quote.strike, choice.size(),
                                problem.hedge_of(choice, fitted.x, market, payoff, 0).cost, fitted.error});
      if (choice.size() == *options.legs) chosen = choice;
    }
    if (*options.legs == 0) chosen.clear();
  }
  const Fitted fitted = options.lot > 0  ? problem.in_lots(chosen, options.lot)
                        : options.convex ? problem.fit_convex(chosen)
                                         : problem.fit(chosen);
  result.hedge = problem.hedge_of(chosen, fitted.x, market, payoff, options.lot);
  prove(result.hedge, payoff);
  result.error = error_of(result.hedge, payoff, &slice);
  return result;
}

FewerLegs bound_with_fewer_legs(const HedgeMarket& market, const PiecewiseLinear& payoff, HedgeSide side,
                                std::size_t legs, const SurfaceSlice* slice) {
  require(side != HedgeSide::fit, "bound_with_fewer_legs", "side", 0, "must be super or sub");
  const PiecewiseLinear above = side == HedgeSide::super ? payoff : -1.0 * payoff;
  FewerLegs result;
  Hedge best = bound(market, payoff, side);
  result.hedge = best;
  while (best.status == Hedge::Status::found && best.legs.size() > 1) {
    std::optional<std::size_t> out;
    double least = 0;
    for (const std::size_t i : by_saliency(best.legs, slice)) {
      const std::optional<double> cost = least_cost(without(market, best.legs, i), above);
      if (!cost || (out && *cost >= least)) continue;
      least = *cost;
      out = i;
    }
    if (!out) break;
    const HedgeLeg dropped = best.legs[*out];
    best = bound(without(market, best.legs, *out), payoff, side);
    if (best.status != Hedge::Status::found) break;
    result.dropped.push_back(
        {dropped.type, dropped.strike, best.legs.size(), best.cost, error_of(best, payoff, slice)});
    if (result.hedge.legs.size() > legs) result.hedge = best;
  }
  result.error = error_of(result.hedge, payoff, slice);
  return result;
}

Residual residual_of(const Hedge& hedge, const PiecewiseLinear& payoff, const SurfaceSlice& slice) {
  const PiecewiseLinear f = exact_residual(hedge, payoff);
  const PayoffFacts facts = facts_of(f);
  const double mean = expected(f, slice), square = root_mean_square(f + PiecewiseLinear(-mean, 0), slice);
  Residual result{f, facts.lowest.value, facts.lowest.at, facts.highest.value, facts.highest.at, mean, square, 0, 0};
  const double low = quantile(slice.curve, 0.001) * slice.forward.value();
  const double high = quantile(slice.curve, 0.999) * slice.forward.value();
  std::vector<double> spots{low, high};
  for (const double kink : kinks_of(f))
    if (kink > low && kink < high) spots.push_back(kink);
  std::ranges::sort(spots);
  for (const double spot : spots)
    for (const double value : {f.value_below(spot), f.value(spot)})
      if (std::abs(value) > std::abs(result.worst) || spot == low) {
        result.worst = value;
        result.worst_at = spot;
      }
  return result;
}

std::vector<DeltaRow> delta_table(const Hedge& hedge, const PiecewiseLinear& payoff, const SurfaceSlice& slice,
                                  const std::vector<double>& forwards) {
  const PiecewiseLinear held = payoff_of(hedge);
  const double discount = slice.discount.value();
  std::vector<DeltaRow> rows;
  for (const double forward : forwards) {
    require(forward > 0 && std::isfinite(forward), "delta_table", "forward", forward, "must be positive and finite");
    const Value of_payoff = value_of(payoff, slice.curve, forward), of_hedge = value_of(held, slice.curve, forward);
    rows.push_back({forward, discount * of_payoff.value, discount * of_hedge.value, discount * of_payoff.delta,
                    discount * of_hedge.delta});
  }
  return rows;
}

}  // namespace strikenet
