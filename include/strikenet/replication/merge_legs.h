#pragma once

#include <cstddef>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/payoff/call_portfolio.h"

namespace strikenet {

/// A leg that stands for two neighbours from then on.
struct MergedLegs {
  double low, high;  ///< strikes of the two
  double strike;     ///< of the one
  std::size_t legs;  ///< that are left
  double error;      ///< certified: by how much the payoff has changed at most, at any spot, over all merges so far
};

struct MergeResult {
  CallPortfolio portfolio;
  std::vector<MergedLegs> merged = {};  ///< in the order in which they were
};

/// A portfolio of at most `legs` calls: two neighbours of the same sign after the other become one call of as many
/// units at their mean strike,
///
///     u = u_1 + u_2,     K = (u_1 K_1 + u_2 K_2) / u
///
/// which keeps the last slope and the payoff outside (K_1, K_2) - of a network as a law, its mass and its forward -,
/// and keeps what is convex convex. Between, the payoff falls (u > 0) or rises by u_1 u_2 (K_2 - K_1) / u at K at most;
/// the two that change it least come first. Strikes are any numbers: it is for networks and over-the-counter books;
/// for listed strikes see fit_hedge.
///
/// Ends earlier where no two neighbours have the same sign. Cost O(legs^2). Throws PreconditionError unless legs is at
/// least 1.
STRIKENET_EXPORT MergeResult merge_legs(const CallPortfolio& calls, std::size_t legs);

}  // namespace strikenet
