#include "market/parity.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "optimize/band_least_squares.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Interval {
  double low, high;

  bool empty() const { return !(low <= high); }
  double centre() const { return (low + high) / 2; }
  double half() const { return (high - low) / 2; }
};

/// The forwards that every strike allows at discount factor D: K + [low, high] / D. Empty (low > high) when they
/// contradict each other.
Interval forwards_at(const std::vector<ParityPair>& pairs, double discount) {
  Interval result{-kInfinity, kInfinity};
  for (const ParityPair& pair : pairs) {
    result.low = std::max(result.low, pair.strike + pair.low / discount);
    result.high = std::min(result.high, pair.strike + pair.high / discount);
  }
  return result;
}

/// The corners of the convex hull of (strike, value) that face upwards, by strike.
std::vector<ParityPair> upper_hull(std::vector<ParityPair> pairs, double ParityPair::*value) {
  std::ranges::sort(pairs, {}, [&](const ParityPair& pair) { return std::pair(pair.strike, pair.*value); });
  std::vector<ParityPair> hull;
  for (const ParityPair& pair : pairs) {
    const auto turns_up = [&](const ParityPair& a, const ParityPair& b) {
      return (b.*value - a.*value) * (pair.strike - b.strike) <= (pair.*value - b.*value) * (b.strike - a.strike);
    };
    while (!hull.empty() &&
           (hull.back().strike == pair.strike || (hull.size() > 1 && turns_up(hull.end()[-2], hull.back()))))
      hull.pop_back();
    hull.push_back(pair);
  }
  return hull;
}

/// The discount factors that leave a forward: those D at which low_i - high_j <= D (K_j - K_i) for every two strikes.
class DiscountBand {
 public:
  /// Only the strikes whose low or high is on the convex hull can bind: the largest D K_i + low_i is one of them.
  explicit DiscountBand(std::vector<ParityPair> pairs) : lows_(upper_hull(pairs, &ParityPair::low)) {
    for (ParityPair& pair : pairs)
      pair.high = -pair.high;
    highs_ = upper_hull(std::move(pairs), &ParityPair::high);
    for (ParityPair& pair : highs_)
      pair.high = -pair.high;
  }

  /// With every low and high widened by `slack`.
  Interval widened(double slack) const {
    Interval result{0, kInfinity};
    for (const ParityPair& a : lows_)
      for (const ParityPair& b : highs_) {
        const double least = a.low - b.high - 2 * slack, distance = b.strike - a.strike;
        if (distance > 0) result.low = std::max(result.low, least / distance);
        if (distance < 0) result.high = std::min(result.high, least / distance);
        if (distance == 0 && least > 0) result.high = -kInfinity;
      }
    return result;
  }

  /// The smallest widening that leaves a discount factor, by bisection; 0 when none is needed.
  double smallest_slack() const {
    if (!widened(0).empty()) return 0;
    double bad = 0, good = 1;
    while (widened(good).empty())
      good *= 2;
    for (int step = 0; step < 200 && good - bad > 1e-14 * good; ++step)
      (widened((bad + good) / 2).empty() ? bad : good) = (bad + good) / 2;
    return good;
  }

 private:
  std::vector<ParityPair> lows_, highs_;
};

/// What one expiry says about its zero rate -ln(D) / t: of strikes that contradict each other, what `slack_times` the
/// smallest widening leaves.
struct RateBand {
  double t;
  Interval rate;
};

RateBand rate_band(const ParityInput& expiry, double slack_times) {
  const double t = expiry.t.value();
  if (expiry.discount) {
    const double rate = -std::log(*expiry.discount) / t;
    return {t, {rate, rate}};
  }
  const DiscountBand discounts(expiry.pairs);
  const double slack = slack_times * discounts.smallest_slack();
  const Interval band = discounts.widened(slack * (1 + 1e-9));
  // A band of one strike, or one that reaches to zero, says nothing that a rate of a thousand per cent would not break.
  const double low = std::max(-10.0, -std::log(band.high) / t);
  const double high = std::min(10.0, -std::log(std::max(band.low, 1e-300)) / t);
  return {t, {low, std::max(low, high)}};
}

/// Zero rates move like a Brownian motion of one per cent a year between expiries, and each lies near the middle of its
/// band as far as the band is narrow: the smoothest curve inside all bands.
VectorXd smooth_rates(const std::vector<RateBand>& bands) {
  constexpr double kRateVol = 0.01, kInsideWeight = 1e3, kMargin = 0.05;
  const auto n = static_cast<Index>(bands.size());
  BandLeastSquares problem{.design = MatrixXd::Zero(3 * n - 1, n),
                           .lower = VectorXd::Zero(3 * n - 1),
                           .upper = VectorXd::Zero(3 * n - 1),
                           .nonnegative = Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(n, false),
                           .unit = VectorXd::Ones(n)};
  VectorXd start(n);
  for (Index i = 0; i < n; ++i) {
    const auto& [t, rate] = bands[static_cast<std::size_t>(i)];
    const double half = std::max(rate.half(), 1e-6), margin = kMargin * rate.half();
    start(i) = rate.centre();
    problem.design(i, i) = 1 / half;
    problem.lower(i) = problem.upper(i) = rate.centre() / half;
    problem.design(n + i, i) = kInsideWeight / half;
    problem.lower(n + i) = kInsideWeight * (rate.low + margin) / half;
    problem.upper(n + i) = kInsideWeight * (rate.high - margin) / half;
    if (i == 0) continue;
    const double weight = 1 / (kRateVol * std::sqrt(t - bands[static_cast<std::size_t>(i - 1)].t));
    problem.design(2 * n + i - 1, i) = weight;
    problem.design(2 * n + i - 1, i - 1) = -weight;
  }
  const VectorXd rates = minimise(problem, start).x;
  VectorXd inside(n);
  for (Index i = 0; i < n; ++i) {
    const Interval& rate = bands[static_cast<std::size_t>(i)].rate;
    inside(i) = std::clamp(rates(i), rate.low, rate.high);
  }
  return inside;
}

/// The forward at a discount factor: the estimate of all strikes, each weighed by its spread, kept in the middle half
/// of the band. Of an empty band its middle, which violates the two worst strikes equally.
double forward_at(const std::vector<ParityPair>& pairs, double discount, const Interval& band) {
  if (band.empty()) return band.centre();
  double weights = 0, sum = 0;
  for (const ParityPair& pair : pairs) {
    const double spread = std::max(pair.high - pair.low, 1e-9 * pair.strike), weight = 1 / (spread * spread);
    weights += weight;
    sum += weight * (pair.strike + (pair.low + pair.high) / (2 * discount));
  }
  return std::clamp(sum / weights, band.centre() - band.half() / 2, band.centre() + band.half() / 2);
}

double own_forward(const ParityInput& expiry, double discount) {
  return expiry.forward ? *expiry.forward : forward_at(expiry.pairs, discount, forwards_at(expiry.pairs, discount));
}

void note_violations(const std::vector<ParityPair>& pairs, double discount, double forward, ParityBand& band) {
  for (const ParityPair& pair : pairs) {
    const double value = discount * (forward - pair.strike);
    const double by = std::max(pair.low - value, value - pair.high);
    if (by > 1e-12 * forward) band.violated.push_back(pair.strike);
    band.violation = std::max(band.violation, by > 1e-12 * forward ? by : 0.0);
  }
}

ParityChoice choose(const ParityInput& expiry, double discount, double forward) {
  ParityBand parity{.pairs = static_cast<int>(expiry.pairs.size())};
  if (!expiry.pairs.empty()) {
    const Interval band = forwards_at(expiry.pairs, discount);
    const DiscountBand discounts(expiry.pairs);
    const Interval free = discounts.widened(discounts.smallest_slack() * (1 + 1e-9));
    parity.discount_low = free.low;
    parity.discount_high = free.high;
    parity.forward_low = band.low;
    parity.forward_high = band.high;
    note_violations(expiry.pairs, discount, forward, parity);
  }
  return {Forward(forward), DiscountFactor(discount), std::move(parity)};
}

bool has_rate(const ParityInput& expiry) { return expiry.discount || expiry.pairs.size() > 1; }

/// By expiry. One that says nothing about its discount factor has the rate of the one after it, else the last.
std::vector<double> choose_discounts(std::span<const ParityInput> expiries, double slack_times) {
  std::vector<RateBand> bands;
  for (const ParityInput& expiry : expiries)
    if (has_rate(expiry)) bands.push_back(rate_band(expiry, slack_times));
  const VectorXd rates = bands.empty() ? VectorXd() : smooth_rates(bands);
  std::vector<double> chosen;
  Index next = 0;
  for (const ParityInput& expiry : expiries) {
    if (expiry.discount)
      chosen.push_back(*expiry.discount);
    else
      chosen.push_back(rates.size() > 0 ? std::exp(-rates(std::min(next, rates.size() - 1)) * expiry.t.value()) : 1);
    if (has_rate(expiry)) ++next;
  }
  return chosen;
}

/// The logarithm of a forward: its own, how far its band reaches around it, and whether that is a hard one.
struct ForwardBand {
  double t, own, low, high, half;
  bool given, hard;
};

ForwardBand forward_band(const ParityInput& expiry, double discount) {
  if (expiry.forward) return {expiry.t.value(), std::log(*expiry.forward), 0, 0, 0, true, true};
  const Interval band = forwards_at(expiry.pairs, discount);
  const double own = forward_at(expiry.pairs, discount, band);
  const double half = std::max(std::abs(band.half()) / own, 1e-12);
  return {expiry.t.value(), std::log(own), std::log(band.low / own), std::log(band.high / own), half, false,
          !band.empty()};
}

/// In units of the unknowns u = x - own, which are small.
BandLeastSquares smooth_carry(const std::vector<ForwardBand>& bands) {
  constexpr double kCarryVol = 0.01, kInsideWeight = 1e3, kMargin = 0.5, kGiven = 1e-12;
  const auto n = static_cast<Index>(bands.size()), bends = std::max<Index>(0, n - 2);
  BandLeastSquares problem{.design = MatrixXd::Zero(2 * n + bends, n),
                           .lower = VectorXd::Zero(2 * n + bends),
                           .upper = VectorXd::Zero(2 * n + bends),
                           .nonnegative = Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(n, false),
                           .unit = VectorXd::Ones(n)};
  for (Index i = 0; i < n; ++i) {
    const ForwardBand& band = bands[static_cast<std::size_t>(i)];
    problem.design(i, i) = 1 / (band.given ? kGiven : band.half);
    if (band.given || !band.hard) continue;
    const double weight = kInsideWeight / band.half, margin = kMargin * band.half;
    problem.design(n + i, i) = weight;
    problem.lower(n + i) = weight * (band.low + margin);
    problem.upper(n + i) = weight * (band.high - margin);
  }
  for (Index i = 0; i < bends; ++i) {
    const ForwardBand &a = bands[static_cast<std::size_t>(i)], &b = bands[static_cast<std::size_t>(i + 1)],
                      &c = bands[static_cast<std::size_t>(i + 2)];
    const double before = b.t - a.t, after = c.t - b.t;
    const double weight = 1 / (kCarryVol * std::sqrt((c.t - a.t) / 2));
    problem.design(2 * n + i, i) = weight / before;
    problem.design(2 * n + i, i + 1) = -weight / before - weight / after;
    problem.design(2 * n + i, i + 2) = weight / after;
    problem.lower(2 * n + i) = problem.upper(2 * n + i) =
        -weight * ((c.own - b.own) / after - (b.own - a.own) / before);
  }
  return problem;
}

/// By expiry, at its discount factor.
std::vector<double> choose_smooth_forwards(std::span<const ParityInput> expiries,
                                           const std::vector<double>& discounts) {
  std::vector<ForwardBand> bands;
  for (std::size_t i = 0; i < expiries.size(); ++i)
    bands.push_back(forward_band(expiries[i], discounts[i]));
  if (bands.empty()) return {};
  const VectorXd moves = minimise(smooth_carry(bands), VectorXd::Zero(static_cast<Index>(bands.size()))).x;
  std::vector<double> forwards;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const ForwardBand& band = bands[i];
    if (band.given) {
      forwards.push_back(*expiries[i].forward);
      continue;
    }
    const double forward = std::exp(band.own + moves(static_cast<Index>(i)));
    const Interval exact = forwards_at(expiries[i].pairs, discounts[i]);
    forwards.push_back(band.hard ? std::clamp(forward, exact.low, exact.high) : forward);
  }
  return forwards;
}

}  // namespace

ParityPair parity_pair(const RawQuote& call, const RawQuote& put) {
  return {call.strike, call.bid.value_or(0) - *put.ask, *call.ask - put.bid.value_or(0)};
}

std::vector<ParityChoice> choose_forwards(std::span<const ParityInput> expiries, TermStructure term_structure) {
  const bool smooth = term_structure == TermStructure::smooth;
  const std::vector<double> discounts = choose_discounts(expiries, smooth ? 2 : 1);
  std::vector<double> forwards;
  if (smooth)
    forwards = choose_smooth_forwards(expiries, discounts);
  else
    for (std::size_t i = 0; i < expiries.size(); ++i)
      forwards.push_back(own_forward(expiries[i], discounts[i]));
  std::vector<ParityChoice> choices;
  for (std::size_t i = 0; i < expiries.size(); ++i)
    choices.push_back(choose(expiries[i], discounts[i], forwards[i]));
  return choices;
}

}  // namespace strikenet
