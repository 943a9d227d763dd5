#pragma once

#include <optional>

#include "strikenet/payoff/piecewise_linear.h"
#include "strikenet/replication/hedge.h"

namespace strikenet {

/// What the cheapest super-hedge costs by the solver, without its proof: to compare markets by. Empty where there is
/// none, or no least cost.
std::optional<double> least_cost(const HedgeMarket& market, const PiecewiseLinear& payoff);

}  // namespace strikenet
