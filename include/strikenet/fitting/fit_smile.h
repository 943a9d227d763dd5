#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/network/activation.h"
#include "strikenet/optimize/loss.h"
#include "strikenet/surface/call_curve.h"

namespace strikenet {

/// One option of one expiry, undiscounted. A bid of zero bounds from above only; bid == ask is a price without a spread.
struct SmileQuote {
  Strike strike;
  OptionType type;
  Price bid;
  Price ask;
};

struct FitOptions {
  Activation activation = Activation::cubic;
  int units = 0;                     ///< on sinh-spaced knots; 0: chosen from the quotes. `relu` with 0 units: one at
                                     ///< each quoted strike and one beyond each end
  std::vector<double> knots = {};    ///< in strike / forward; when given, `units` is not looked at
  Loss loss = Loss::squared;
  double smoothness = 1.0;           ///< weight of the roughness term; 1 is the default strength, 0 switches it off
  int max_iterations = 400;          ///< of the solver, over all faces
  double optimality_tolerance = 1e-10;  ///< in probability, see FitResult::optimality

  /// Everything wrong with these options, one sentence each; empty when valid.
  STRIKENET_EXPORT std::vector<std::string> problems() const;
};

/// What came out and how far to trust it. A bad fit is a result, never an exception.
struct FitResult {
  CallCurve curve;          ///< c(k): undiscounted call price over the forward
  Termination termination;
  std::string message;      ///< the stopping rule that fired, with its numbers
  int iterations;           ///< of the solver, over all faces
  double optimality;        ///< largest move of one weight (probability) that would still lower the cost
  int inside;               ///< quotes with a spread whose model price lies in it
  double largest_error;     ///< of the price, beyond the spread when there is one
  Strike worst_strike;      ///< where largest_error occurs

  bool usable() const { return termination == Termination::optimal; }
  /// Undiscounted, for any strike >= 0.
  STRIKENET_EXPORT Price price(OptionType type, Strike strike) const;

  Forward forward;
};

/// Fits one expiry by a network with weights >= 0, mass 1 and mean 1: prices free of arbitrage in strike whatever the
/// quotes say. Minimises, by Ceres under an active set,
///
///     sum over quotes   rho(r_i^2) + (distance to the spread)^2, heavily weighted
///   + smoothness * sum of squared third differences of weight over prior
///
/// so that prices lie inside every spread where that is possible, near the middle, and as smooth as the quotes allow in
/// between. Quotes without a spread have their residual in total vol, and where they contradict each other the largest
/// residual is made as small as it can be.
///
/// quotes: at least three strikes, in any order, in the currency of the forward, 0 <= bid <= ask, ask > 0.
/// Cost: about 0.2 s for 250 units and 350 quotes.
/// Throws PreconditionError if quotes, forward or options break their rules.
STRIKENET_EXPORT FitResult fit_smile(std::span<const SmileQuote> quotes, Forward forward,
                                     const FitOptions& options = {});

}  // namespace strikenet
