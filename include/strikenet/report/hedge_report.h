#pragma once

#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/replication/hedge_fit.h"

namespace strikenet {

/// Spots, ends included; `to` may be infinite.
struct SpotRange {
  double from, to;
};

/// What the straight pieces that a hedge is of are to the payoff.
struct HedgedPieces {
  enum class Of {
    payoff,   ///< the payoff itself
    curve,    ///< beside a curve, on a range of spots
    network,  ///< beside a network with smooth activations, within a distance that is computed in floating point
  };
  Of of = Of::payoff;
  /// Of a curve: at which spots those for a sub hedge are proved to lie below it, and those for a super hedge above it.
  std::optional<SpotRange> below = {}, above = {};
  std::string not_proved = {};  ///< why one of the two is empty
};

/// What is printed of a hedge of one expiry. Costs and payoffs are those of the whole position.
struct HedgeReport {
  std::string payoff;                                    ///< as the user wrote it
  const ChainSlice& slice;                               ///< of the chain
  const FewerLegs& fewer;                                ///< the hedge, and what each leg less would have cost
  double size = 1;                                       ///< payoffs that are hedged
  double multiplier = 1;                                 ///< units of the underlying that a contract is on
  std::optional<double> super_cost = {}, sub_cost = {};  ///< the model-free price range; empty: there is no bound
  double fair = 0;                                       ///< the payoff's price under the law, discounted
  const Residual& residual;
  const std::vector<DeltaRow>& deltas;
  HedgedPieces pieces = {};
};

/// For a terminal: legs, cost, what is left, deltas.
STRIKENET_EXPORT std::string hedge_table(const HedgeReport& report);
/// docs/reference/replicate-json.md, schema "strikenet.replicate/2".
STRIKENET_EXPORT std::string hedge_json(const HedgeReport& report);

}  // namespace strikenet
