#include "strikenet/fitting/fit_surface.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "chain_smiles.h"
#include "smile_problem.h"
#include "smile_result.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLongestCrossing = 5e-8;  // forwards, where sweeps stop
constexpr int kSweeps = 30;
constexpr double kCalendarWeight = 3e6;  // a crossing of 1e-6 forwards costs as much as three half spreads
constexpr double kNear = 0.1;            // of a hinge sum: nodes with a wider gap are not looked at
constexpr double kSliver = 2e-12;

/// One slice between its neighbours. Gaps are those to the slice before: hinge sums less the hinge sums there.
struct Slice {
  Smile smile;
  SmileSolution solution;
  VectorXd sums;        // at every node, out of the money
  VectorXd multiplier;  // of the order with the slice before
};

VectorXd hinge_sums(const Smile& smile, const VectorXd& weights) {
  VectorXd sums = VectorXd::Zero(smile.units());
  for (Index i = 0; i < sums.size(); ++i)
    for (Index j = 0; j < sums.size(); ++j)
      sums(i) += weights(j) * out_of_the_money_hinge(smile.node(i), smile.node(j));
  return sums;
}

double longest_crossing(const Slice& before, const Slice& slice) { return (before.sums - slice.sums).maxCoeff(); }

/// What the slices before and after ask of one.
CalendarBounds bounds_of(const std::vector<Slice>& slices, std::size_t n) {
  const Index units = slices[n].smile.units();
  CalendarBounds bounds{VectorXd::Constant(units, -kInfinity), VectorXd::Constant(units, kInfinity),
                        VectorXd::Zero(units), VectorXd::Zero(units), kCalendarWeight};
  const auto near = [&](const Slice& before, const Slice& after, Index i) {
    return after.multiplier(i) > 0 || after.sums(i) - before.sums(i) < kNear * after.sums(i);
  };
  for (Index i = 0; i < units; ++i) {
    if (n > 0 && near(slices[n - 1], slices[n], i)) {
      bounds.low(i) = slices[n - 1].sums(i);
      bounds.low_multiplier(i) = slices[n].multiplier(i);
    }
    if (n + 1 < slices.size() && near(slices[n], slices[n + 1], i)) {
      bounds.high(i) = slices[n + 1].sums(i);
      bounds.high_multiplier(i) = slices[n + 1].multiplier(i);
    }
  }
  return bounds;
}

/// Whether anything that slice n looks at has changed or is out of order.
bool concerned(const std::vector<Slice>& slices, std::size_t n) {
  const auto pair = [&](std::size_t after) {
    return longest_crossing(slices[after - 1], slices[after]) > kLongestCrossing ||
           slices[after].multiplier.maxCoeff() > 0;
  };
  return (n > 0 && pair(n)) || (n + 1 < slices.size() && pair(n + 1));
}

/// Every second slice, each between neighbours that stay where they are; then the others.
void sweep(std::vector<Slice>& slices, const FitOptions& options, int threads) {
  for (const std::size_t parity : {0U, 1U}) {
    std::vector<std::size_t> turn;
    for (std::size_t n = parity; n < slices.size(); n += 2)
      if (concerned(slices, n)) turn.push_back(n);
    in_parallel(turn.size(), threads, [&](std::size_t i) {
      Slice& slice = slices[turn[i]];
      solve_again(slice.smile, options, bounds_of(slices, turn[i]), slice.solution);
      slice.sums = hinge_sums(slice.smile, slice.solution.weights);
    });
  }
  for (std::size_t n = 1; n < slices.size(); ++n)
    slices[n].multiplier =
        (slices[n].multiplier + kCalendarWeight * (slices[n - 1].sums - slices[n].sums)).cwiseMax(0.0).eval();
}

double longest_crossing(const std::vector<Slice>& slices) {
  double longest = 0;
  for (std::size_t n = 1; n < slices.size(); ++n)
    longest = std::max(longest, longest_crossing(slices[n - 1], slices[n]));
  return longest;
}

/// The weights whose hinge sums are the larger of two: those of either where its own sums are larger, and the bend of
/// the larger ones where they change places. `sums` receives them.
VectorXd larger_of(const Smile& smile, const VectorXd& weights, const VectorXd& weights_before,
                   const VectorXd& sums_before, VectorXd& sums) {
  const VectorXd own = sums;
  sums = own.cwiseMax(sums_before);
  // The same for puts on both sides of 1, where a triple of nodes reaches across.
  const auto put = [&](Index i) { return sums(i) + std::max(smile.node(i) - 1, 0.0); };
  const auto bend = [&](Index i) {
    const double x = smile.node(i - 1), y = smile.node(i), z = smile.node(i + 1);
    const bool across = x < 1 && z >= 1;
    const double f = across ? put(i - 1) : sums(i - 1), g = across ? put(i) : sums(i),
                 h = across ? put(i + 1) : sums(i + 1);
    return std::max((h - g) / (z - y) - (g - f) / (y - x), 0.0);
  };
  VectorXd result = weights;
  const Index last = weights.size() - 1;
  for (Index i = 0; i <= last; ++i) {
    bool own_larger = false, before_larger = false;
    for (Index j = std::max<Index>(i - 1, 0); j <= std::min(i + 1, last); ++j) {
      own_larger |= own(j) > sums_before(j);
      before_larger |= own(j) < sums_before(j);
    }
    if (before_larger) result(i) = own_larger ? bend(i) : weights_before(i);
  }
  return result;
}

/// Exact order in time: the larger of each slice and those before, then a sliver of the widest law on the nodes - all
/// on the first and the last - that grows from slice to slice.
void put_in_order(std::vector<Slice>& slices) {
  for (std::size_t n = 1; n < slices.size(); ++n)
    slices[n].solution.weights = larger_of(slices[n].smile, slices[n].solution.weights, slices[n - 1].solution.weights,
                                           slices[n - 1].sums, slices[n].sums);
  for (std::size_t n = 0; n < slices.size(); ++n) {
    VectorXd& weights = slices[n].solution.weights;
    const double first = slices[n].smile.nodes.front(), last = slices[n].smile.nodes.back();
    const double sliver = kSliver * static_cast<double>(n + 1);
    weights *= 1 - sliver;
    weights(0) += sliver * (last - 1) / (last - first);
    weights(weights.size() - 1) += sliver * (1 - first) / (last - first);
  }
}

std::vector<Slice> first_fits(const Chain& chain, const Smiles& smiles, const FitOptions& options, int threads,
                              const std::function<void(int)>& progress) {
  std::vector<Slice> slices(smiles.size());
  std::mutex guard;
  int done = 0;
  in_parallel(smiles.size(), threads, [&](std::size_t i) {
    require_fittable(smiles[i], chain.slices[i].forward, options);
    Slice& slice = slices[i];
    slice.smile = smile_of(strike_bands(smiles[i], chain.slices[i].forward), options);
    slice.solution = solve(slice.smile, options);
    slice.sums = hinge_sums(slice.smile, slice.solution.weights);
    slice.multiplier = VectorXd::Zero(slice.smile.units());
    const std::lock_guard lock(guard);
    if (progress) progress(++done);
  });
  return slices;
}

}  // namespace

SlicesFit fit_surface(const Chain& chain, const FitOptions& options, int threads,
                      const std::function<void(int)>& progress) {
  require_fittable(chain, options, threads);
  const Smiles smiles = smiles_of(chain);
  const FitOptions common = with_common_knots(chain, smiles, options);
  require(!common.knots.empty(), "fit_surface", "number of common knots", 0,
          "must be positive: give relu a number of units");

  std::vector<Slice> slices = first_fits(chain, smiles, common, threads, progress);
  for (int i = 0; i < kSweeps && longest_crossing(slices) > kLongestCrossing; ++i)
    sweep(slices, common, threads);
  put_in_order(slices);

  SlicesFit result = without_slices(chain, options);
  for (std::size_t i = 0; i < slices.size(); ++i)
    add_slice(chain.slices[i], result_of(smiles[i], chain.slices[i].forward, slices[i].smile, slices[i].solution),
              result);
  return result;
}

}  // namespace strikenet
