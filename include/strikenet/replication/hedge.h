#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/market/chain.h"
#include "strikenet/payoff/piecewise_linear.h"

namespace strikenet {

/// An option that can be bought at its ask and sold at its bid: discounted, in currency per unit of underlying.
struct HedgeQuote {
  OptionType type;
  Strike strike;
  double bid;  ///< 0: nobody buys it, so it cannot be sold
  double ask;
};

/// What can be traded today for one expiry. Cash is lent and borrowed at the discount factor: `discount` today is 1 at
/// expiry. The forward, where there is one, is bought and sold without cost and pays S - forward at expiry.
struct HedgeMarket {
  std::vector<HedgeQuote> quotes = {};
  DiscountFactor discount{1};
  std::optional<Forward> forward = {};
};

/// The used quotes of one slice with its discount factor and, if `with_forward`, its forward. Both come from put-call
/// parity unless the user supplied them: with a forward inside the parity band no quote is worse off for it.
/// Where the file quotes vols, each is that of a put and of a call.
/// Throws PreconditionError unless the chain has that slice.
STRIKENET_EXPORT HedgeMarket hedge_market(const Chain& chain, std::size_t slice, bool with_forward = true);

enum class HedgeSide {
  fit,    ///< nearest to the payoff in the mean square of a law
  super,  ///< pays at least the payoff at every spot from 0 to infinity, for the least cost
  sub,    ///< pays at most the payoff at every spot, and brings in the most when the opposite is traded
};

STRIKENET_EXPORT std::string_view to_string(HedgeSide side);
STRIKENET_EXPORT std::optional<HedgeSide> parse_hedge_side(std::string_view word);

struct HedgeLeg {
  OptionType type;
  Strike strike;
  double units;  ///< signed: negative means sold
  double price;  ///< at which one unit counts, a quoted bid or ask; see Hedge
};

/// A position of cash, forward and options in one expiry:
///
///     H(S) = cash + forward_units (S - forward) + sum over legs of units * payoff of the option
///     cost = discount * cash + sum over legs of units * price
///
/// Of `fit` and `super` it is bought: positive units at the ask, negative ones at the bid. A `sub` hedge is what one
/// sells against the payoff, so its positive units are at the bid and its negative ones at the ask, and `cost` is what
/// selling it brings in.
struct Hedge {
  enum class Status {
    found,
    none,       ///< nothing that trades pays at least (at most) the payoff at every spot
    arbitrage,  ///< the quotes allow a profit without risk (or cash and forward contradict them): any cost is attained
    failed,     ///< the solver gave up, or what it gave could not be proved
  };
  HedgeSide side = HedgeSide::super;
  Status status = Status::failed;
  double cost = 0;
  double cash = 0;           ///< paid at expiry
  double forward_units = 0;  ///< 0 without a forward
  double forward = 0;
  std::vector<HedgeLeg> legs = {};  ///< by strike, puts before calls; none has 0 units
  /// The largest amount by which H is below the payoff (`sub`: above it), over all spots. Of super and sub hedges 0,
  /// computed in rational arithmetic from the decimals of all numbers; of a fit it may be infinite.
  double max_shortfall = 0;
  /// By how much the cost is above that of the solver's optimum: what rounding units to decimals cost. With whole lots,
  /// above the bound that the search for a cheaper one has proved.
  double gap = 0;
};

/// H as a function of the spot. Slopes are sums of units.
STRIKENET_EXPORT PiecewiseLinear payoff_of(const Hedge& hedge);

struct HedgeOptions {
  /// 0: any amount. Otherwise options are held in whole multiples of it, found by branch and cut (Cbc; J. Forrest and
  /// others, COIN-OR). Cash and the forward stay divisible.
  double lot = 0;
  int nodes = 2000;  ///< of the search for whole multiples; where it ends earlier `gap` says what is open
};

/// The cheapest position that pays at least the payoff at every spot in [0, infinity), and the dearest one that pays at
/// most it: no law of the underlying that agrees with the quotes prices the payoff outside [sub cost, super cost], and
/// by duality of linear programs every price strictly between is that of some such law (Davis, Obloj, Raval 2014).
///
/// A linear program in values and slopes at the kinks - strikes and knots of the payoff -, and the last slope: straight
/// pieces that are ordered at their kinks and at infinity are ordered everywhere. Where the payoff jumps the hedge is
/// held on both sides. Solved by Clp; then units are rounded to decimals and cash, and the forward where there is one,
/// are set in rational arithmetic so that the bound holds exactly (max_shortfall). That the cost is least rests on the
/// solver, that the hedge holds does not.
///
/// Cost: a few milliseconds for 300 quotes; with lots up to seconds. Deterministic.
/// Throw PreconditionError unless quotes have positive finite strikes and 0 <= bid <= ask with ask > 0, the discount
/// factor and the forward are positive and finite, lot is finite and at least 0, and nodes is at least 1.
STRIKENET_EXPORT Hedge super_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff,
                                   const HedgeOptions& options = {});
STRIKENET_EXPORT Hedge sub_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff,
                                 const HedgeOptions& options = {});

/// The largest amount by which the hedge is below the payoff at any spot in [0, infinity) - of a `sub` hedge, above
/// it -, in rational arithmetic, with every number taken as the decimal that it is written as. Negative where it never
/// is; infinite where the last slope is on the wrong side. Shares no code with the solver.
STRIKENET_EXPORT double prove_shortfall(const Hedge& hedge, const PiecewiseLinear& payoff);

}  // namespace strikenet
