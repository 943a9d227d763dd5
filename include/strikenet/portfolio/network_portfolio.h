#pragma once

#include "strikenet/core/export.h"
#include "strikenet/network/relu_network.h"
#include "strikenet/payoff/call_portfolio.h"

namespace strikenet {

/// The theorem that gives this library its name: a single-hidden-layer ReLU network of the spot at expiry is a book of
/// European calls, and a book of calls is such a network.

/// Reads a network as a position: network.value(x) == to_calls(network).payoff(x) for all x >= 0, up to rounding. Term
/// by term, with k = -bias / in_weight:
///
///     in_weight > 0, k > 0      out_weight * in_weight calls struck at k
///     in_weight < 0, k > 0      out_weight * |in_weight| puts struck at k, held as calls by put-call parity at expiry:
///                               (k - x)+ = (x - k)+ + k - x
///     in_weight > 0, k <= 0     never off on x >= 0: cash and shares
///     in_weight < 0, k <= 0     never on on x > 0: nothing
///     in_weight = 0             the constant out_weight * max(bias, 0): cash
///
/// Units whose kinks are the same double become one leg; legs that cancel to exactly 0 are left out. Kinks that differ
/// by a rounding stay two legs. Exact when every kink, product and sum is a double (small dyadic numbers); otherwise
/// the payoff differs by a few roundings of the sum of |out_weight| (|in_weight| x + |bias|) over the units.
/// Cost O(n log n). Throws PreconditionError when a position overflows a double.
STRIKENET_EXPORT CallPortfolio to_calls(const ReluNetwork& network);

/// Reads a position as a network: one unit (1, -strike, units) per leg in the order of the strikes, after one unit
/// (1, 0, shares) unless the position has no shares. Equal for x >= 0; for x < 0 the network stays at the cash.
/// to_calls(to_network(calls)) is `calls`, number for number.
STRIKENET_EXPORT ReluNetwork to_network(const CallPortfolio& calls);

}  // namespace strikenet
