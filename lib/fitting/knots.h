#pragma once

#include <span>
#include <vector>

#include "strikenet/network/activation.h"

namespace strikenet {

/// What a set of knots has to cover.
struct KnotRange {
  double lowest_quote;  ///< strike / forward
  double highest_quote;
  double shortest;  ///< at-the-money total vol of the first expiry
  double longest;   ///< and of the last
};

/// Knots exp(a sinh(u_i)) at equal steps of u, so that they are spaced like a x (step of u) at the money and like
/// |ln k| x (step of u) in the wings. They reach beyond the quotes to twice their log distance, and to eight
/// (calls) and ten (puts) total vols of the longest expiry; a is half the shortest total vol, but a sixteenth of the
/// longest at least. `units` 0: a step of u of at most 0.05, and at least 2.4 knots a total vol at the money of the
/// shortest, but at most 500 of them (one expiry alone takes 144).
std::vector<double> sinh_knots(const KnotRange& range, Activation activation, int units);

/// One knot at each strike / forward, and one ten total vols beyond each end, or beyond the forward where all strikes
/// lie on one side of it: the quotes alone cannot carry the tail, nor always the mean.
std::vector<double> quoted_knots(std::span<const double> strikes, double total_vol);

}  // namespace strikenet
