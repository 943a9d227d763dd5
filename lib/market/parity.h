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
/// Each input needs two pairs at least, or a discount factor and one pair, or a forward (then, without a discount
/// factor, only the curve through the other expiries is used, and 1 when there is none).
std::vector<ParityChoice> choose_forwards(std::span<const ParityInput> expiries);

}  // namespace strikenet
