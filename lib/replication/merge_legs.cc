#include "strikenet/replication/merge_legs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// A leg, and how far the payoff has moved at most between the strikes that have become this one. Those of two legs
/// have no spot in common.
struct Merging {
  double strike, units;
  double moved = 0;
};

/// By how much the payoff moves when the two become one.
double change(const Merging& a, const Merging& b) {
  return std::abs(a.units * b.units / (a.units + b.units)) * (b.strike - a.strike);
}

bool same_sign(const Merging& a, const Merging& b) { return (a.units > 0) == (b.units > 0); }

Merging merged(const Merging& a, const Merging& b) {
  const double units = a.units + b.units;
  return {a.strike + b.units / units * (b.strike - a.strike), units, std::max(a.moved, b.moved) + change(a, b)};
}

}  // namespace

MergeResult merge_legs(const CallPortfolio& calls, std::size_t legs) {
  require(legs >= 1, "merge_legs", "legs", static_cast<double>(legs), "must be at least 1");
  std::vector<Merging> all;
  for (const CallLeg& leg : calls.legs())
    all.push_back({leg.strike.value(), leg.units});
  std::vector<MergedLegs> steps;
  double error = 0;
  while (all.size() > legs) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i + 1 < all.size(); ++i)
      if (same_sign(all[i], all[i + 1]) && (!best || change(all[i], all[i + 1]) < change(all[*best], all[*best + 1])))
        best = i;
    if (!best) break;
    const Merging one = merged(all[*best], all[*best + 1]);
    error = std::max(error, one.moved);
    steps.push_back({all[*best].strike, all[*best + 1].strike, one.strike, all.size() - 1, error});
    all[*best] = one;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(*best) + 1);
  }
  std::vector<CallLeg> left;
  for (const Merging& leg : all)
    left.push_back({Strike(leg.strike), leg.units});
  return {CallPortfolio(calls.cash(), calls.shares(), std::move(left)), std::move(steps)};
}

}  // namespace strikenet
