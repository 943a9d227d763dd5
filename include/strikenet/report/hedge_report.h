#pragma once

#include <optional>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/chain.h"
#include "strikenet/replication/hedge_fit.h"

namespace strikenet {

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
};

/// For a terminal: legs, cost, what is left, deltas.
STRIKENET_EXPORT std::string hedge_table(const HedgeReport& report);
/// docs/reference/replicate-json.md, schema "strikenet.replicate/1".
STRIKENET_EXPORT std::string hedge_json(const HedgeReport& report);

}  // namespace strikenet
