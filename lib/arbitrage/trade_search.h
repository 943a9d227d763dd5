#pragma once

#include <vector>

#include "arbitrage/law_program.h"
#include "core/rational.h"
#include "strikenet/arbitrage/find_arbitrage.h"

namespace strikenet {

/// Whether there is arbitrage.
struct Answer {
  bool absent = false;        ///< that there is none is proved
  ArbitrageTrade trade = {};  ///< of kind none where none is proved
};

/// The trade that sides contradicting each other hold, proved; of kind none where they hold none. Of several expiries,
/// in the order of time, `nodes` are where a hedge may change, as shares of the forward.
///
/// The fewest units, by a simplex in rationals, of those for which convex functions u_i exist with
///
///     D_i payoff_i(F_i x) + u_i(x) - u_{i-1}(x) >= 0   for all x >= 0,   u_0 = u_n = 0:
///
/// then -u_i' at each expiry, in forwards to the next, hedges what is still to come. Expiries of one instant pay on one
/// price: i counts instants, and their payoffs are summed. Of one instant units are whole where they can be; where
/// strikes have so many digits that no small whole numbers do, and across instants, they are rounded, with room for
/// that.
ArbitrageTrade find_trade(const std::vector<LawExpiry>& held, const std::vector<Rational>& nodes);

/// What a trade across expiries assumes of them, in the order of time; each has a side.
std::vector<AssumedForward> assumed(std::vector<LawExpiry> expiries);

/// One that costs nothing and can pay, of one expiry.
ArbitrageTrade find_weak_trade(const LawExpiry& held);

}  // namespace strikenet
