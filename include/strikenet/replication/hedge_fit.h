#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/payoff/piecewise_linear.h"
#include "strikenet/replication/hedge.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// E[f(S)] under the law of a slice, not discounted: the sum of its options, and of digitals where it jumps. Exact but
/// for rounding.
STRIKENET_EXPORT double expected(const PiecewiseLinear& f, const SurfaceSlice& slice);

/// E[f(S)^2]^(1/2). Exact but for rounding: between knots of the law and of f the density is straight, and what is
/// integrated a cubic.
STRIKENET_EXPORT double root_mean_square(const PiecewiseLinear& f, const SurfaceSlice& slice);

/// One leg dropped, the others fitted again.
struct DroppedLeg {
  OptionType type;
  Strike strike;
  std::size_t legs;  ///< that are left
  double cost;       ///< of what is left, as of Hedge::cost
  double error;      ///< root mean square of hedge - payoff under the law, currency at expiry; 0 where no law is given
};

/// A hedge, and the curve of what each leg less would have cost it.
struct FewerLegs {
  Hedge hedge;
  double error = 0;  ///< of `hedge`, as of DroppedLeg
  std::vector<DroppedLeg> dropped = {};
};

struct FitHedgeOptions {
  std::optional<std::size_t> legs = {};  ///< at most so many options; empty: as many as the fit wants
  bool convex = false;                   ///< units are at least 0, by Ceres: a hedge that is never short an option
  double lot = 0;                        ///< as of HedgeOptions; rounded one by one, the others fitted again
};

/// The position nearest to the payoff in the mean square under the law of the slice:
///
///     minimise  E[(payoff(S) - H(S))^2]
///
/// over cash and one option a strike: the one out of the money, if it has a bid and an ask. The forward, where it
/// trades, makes the last slope that of the payoff, so that what is left stays bounded. Legs are priced at the ask
/// where they are bought and at the bid where they are sold; the fit itself does not look at prices. A leg whose strike
/// lies where the law has no weight, or that other legs make up for to within 1e-9, is left out.
///
/// With `legs`, one is dropped after the other: of the third whose saliency is least - units^2 times the probability
/// that the option is exercised - the one without which a full fit of the others is best. `dropped` has them in that
/// order, down to one leg, whatever `legs` is. It is a greedy search: another set of as many legs may be better.
///
/// Cost: O(strikes^3), and O(strikes^4) / 40 with `legs`: a second for 150 strikes. Deterministic.
/// Throws PreconditionError as super_hedge() does; unless slice's forward is positive; when `convex` meets `legs` or
/// `lot`.
STRIKENET_EXPORT FewerLegs fit_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff,
                                     const SurfaceSlice& slice, const FitHedgeOptions& options = {});

/// A super or sub hedge of at most `legs` options: of the cheapest one, among the third of least saliency (without a
/// law: fewest units) the leg is dropped without which the others, solved for again, cost least, until none can be
/// spared; `hedge` is the first with so few. `slice`, when given, is the law under
/// which errors are stated. Greedy, as above; every step holds at every spot, and `hedge` is proved.
/// Throws PreconditionError as super_hedge() does, and when side is fit.
STRIKENET_EXPORT FewerLegs bound_with_fewer_legs(const HedgeMarket& market, const PiecewiseLinear& payoff,
                                                 HedgeSide side, std::size_t legs, const SurfaceSlice* slice = nullptr);

/// What is left: hedge - payoff.
struct Residual {
  PiecewiseLinear f;
  double lowest, lowest_at;    ///< over all spots from 0 to infinity; may be infinite, at infinity
  double highest, highest_at;  ///< the same
  double mean;                 ///< under the law
  double deviation;            ///< its standard deviation
  double worst, worst_at;      ///< largest |f| at the kinks between the 0.1 % and the 99.9 % quantile, and at these
};
STRIKENET_EXPORT Residual residual_of(const Hedge& hedge, const PiecewiseLinear& payoff, const SurfaceSlice& slice);

/// Values today if the forward moved at once to `forward`, with the vol of each strike / forward where it was, and
/// their derivatives by the forward: what is left to hedge with it.
struct DeltaRow {
  double forward;
  double payoff, hedge;              ///< discounted values
  double payoff_delta, hedge_delta;  ///< discounted: d value / d forward
};
STRIKENET_EXPORT std::vector<DeltaRow> delta_table(const Hedge& hedge, const PiecewiseLinear& payoff,
                                                   const SurfaceSlice& slice, const std::vector<double>& forwards);

}  // namespace strikenet
