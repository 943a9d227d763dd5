#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/replication/hedge.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// Variances are per year and decimal: 0.04 is a vol of 20 %. X = S / F, so interest and dividends - continuous, or
/// proportional at known times - are in the forward and nowhere else, and what is priced is the variance of the
/// forward's path, without jumps (docs/theory/variance-strip.md; Neuberger 1994).
///
///     variance         -2/t E[ln X]   = 2/t ( int_0^1 put(k)/k^2 dk + int_1^inf call(k)/k^2 dk )
///     gamma            2/t E[X ln X]  = the same with 1/k: variance weighted by F_t / F_0
///     corridor         the first integral over low < k F < high alone: variance while low < F_t < high
///                      (Carr, Madan 1998)
///
/// exact on the network's own law, tails included, but for rounding. Infinite where the law has a weight at 0.
STRIKENET_EXPORT double fair_variance(const SurfaceSlice& slice);
STRIKENET_EXPORT double fair_gamma_variance(const SurfaceSlice& slice);
/// Strikes in currency; high may be infinite. Throws PreconditionError unless 0 <= low < high.
STRIKENET_EXPORT double fair_corridor_variance(const SurfaceSlice& slice, double low, double high);

/// What European options alone say about the fair strike of a volatility swap, the mean of the square root of what the
/// variance swap pays, when paths have no jumps:
///
///     2 E[(ln X)+] / (1.30693 sqrt(t))  <=  fair vol  <=  sqrt(fair variance)
///
/// Above by Jensen. Below by Davis (1976): E|M| <= 1.30693 E[<M>^(1/2)] for a continuous martingale, of M = int dF/F,
/// whose bracket is the variance and which is at least ln X. `at_the_money` is Black's vol at k = 1: near the fair
/// strike where spot and vol move independently of each other (Carr, Lee 2009); no bound.
struct VolSwapBounds {
  double lower, at_the_money, upper;
};
STRIKENET_EXPORT VolSwapBounds vol_swap_bounds(const SurfaceSlice& slice);

/// How many of each option stand for 2/t (S/S* - 1 - ln(S/S*)).
enum class StripWeights {
  chords,     ///< straight pieces between the strikes, on or above the log (Demeterfi, Derman, Kamal, Zou 1999, A4-A7)
  trapezoid,  ///< 2/t dK / K^2 with dK half the distance between the neighbours
};
STRIKENET_EXPORT std::string_view to_string(StripWeights weights);
STRIKENET_EXPORT std::optional<StripWeights> parse_strip_weights(std::string_view word);

struct StripOptions {
  StripWeights weights = StripWeights::chords;
  /// Where the last piece of each side ends, beyond the last strike; empty: at that strike, which then has no weight
  /// among chords and half an interval of the trapezoid.
  std::optional<double> low_end = {}, high_end = {};
};

/// One per strike of the puts (from `boundary` down) and calls (from `boundary` up), by strike: both at the boundary.
struct StripLeg {
  OptionType type;
  Strike strike;
  double units;
};

/// `strikes` in increasing order, S* = `boundary` among them. Throws PreconditionError unless they are positive, finite
/// and strictly increasing, t is positive, and ends lie beyond the strikes.
STRIKENET_EXPORT std::vector<StripLeg> variance_strip(std::span<const double> strikes, Strike boundary, YearFraction t,
                                                      const StripOptions& options = {});

struct PricedStripLeg {
  OptionType type;
  Strike strike;
  double units, price;  ///< price: discounted, in the middle of bid and ask
};

/// A variance swap by a strip of options:
///
///     fair variance = sum units * price / discount + 2/t ( ln(F/S*) - (F/S* - 1) )
struct VarianceSwap {
  double fair_variance = 0;
  double fair_vol = 0;                        ///< its square root
  double bid_variance = 0, ask_variance = 0;  ///< with all options at their bid, and at their ask
  /// By how much the tails that no option covers can raise the variance at most: with U the price of the last option,
  /// undiscounted, the calls' by U(K_n) times what is left of the units, since prices fall in the strike; the puts' by
  /// 2/t U(K_1) / K_1 and the kink at K_1, if puts below fall at least as fast as K^2 - without that no bound exists,
  /// as default has infinite variance.
  double truncation_error = 0;
  /// Of chords: how much more the strip can pay than the log payoff at any spot between its ends. The variance is too
  /// high by at most that, and by a third of it or so for many strikes.
  double convexity = 0;
  double boundary = 0;                    ///< S*
  std::vector<PricedStripLeg> legs = {};  ///< by strike, the put before the call; of chords, without those of 0 units
};

/// From the quotes of one expiry: out of the money at their middle, those with a bid; S* is the highest strike at or
/// below the forward that has both. Empty where no strike does, or there is not one more on either side.
/// Throws PreconditionError unless forward is there, t positive, and quotes as super_hedge() wants them.
STRIKENET_EXPORT std::optional<VarianceSwap> variance_swap(const HedgeMarket& market, YearFraction t,
                                                           const StripOptions& options = {});

}  // namespace strikenet
