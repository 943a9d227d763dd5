#pragma once

#include <optional>
#include <span>
#include <vector>

#include "strikenet/core/quantity.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// What one strike with a call and a put says: D (F - strike) in [low, high], discounted prices.
/// low = call bid - put ask, high = call ask - put bid.
struct ParityPair {
  double strike;
  double low;
  double high;
};

ParityPair parity_pair(const RawQuote& call, const RawQuote& put);

/// One expiry, with what is already known about it.
struct ParityInput {
  YearFraction t;
  std::vector<ParityPair> pairs;
  std::optional<double> discount = {};
  std::optional<double> forward = {};
};

struct ParityChoice {
  Forward forward;
  DiscountFactor discount;
  ParityBand band;
};

/// Forward and discount factor of every expiry of one root, in order of t. Discount factors come first, on one smooth
/// curve inside all bands (one band alone is loose: 0.992 to 1.008 at two days); then each forward, inside its band at
/// that discount factor. Where a band is empty, the pair with the smallest largest violation, and which strikes cause
/// it.
///
/// By TermStructure::smooth the forwards are on one smooth curve too. With x_i = ln F_i at t_i, and carry_i =
/// (x_{i+1} - x_i) / (t_{i+1} - t_i) between neighbours, it minimises
///
///     sum_i (carry_{i+1} - carry_i)^2 / (s^2 (t_{i+2} - t_i) / 2) + sum_i (x_i - own_i)^2 / half_i^2,   s = 1 % a year
///
/// over x in the middle half of every band that is not empty, where a large penalty leaves no better, and always inside
/// it: own_i is the logarithm of the forward that the expiry would have by itself, half_i half the width of its band.
/// Carry that is the same between all own forwards is returned as it is. An expiry with an empty band has no hard one:
/// its half_i is half of what it misses, so that one full of stale quotes follows its neighbours; and its discount
/// factors are those that twice the smallest violation allows.
///
/// Each input needs two pairs at least, or a discount factor and one pair, or a forward (then, without a discount
/// factor, only the curve through the other expiries is used, and 1 when there is none).
std::vector<ParityChoice> choose_forwards(std::span<const ParityInput> expiries,
                                          TermStructure term_structure = TermStructure::by_expiry);

}  // namespace strikenet
