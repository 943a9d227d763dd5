#pragma once

#include <cstdint>
#include <optional>
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

/// One option of one expiry, undiscounted. A bid of zero bounds from above only; bid == ask is a price without a
/// spread.
struct SmileQuote {
  Strike strike;
  OptionType type;
  Price bid;
  Price ask;
};

/// Who minimises in fit_surface. Both solve the same problem and carry the same certificate.
enum class Engine {
  ceres,     ///< Ceres on the face that the interior point ends on, in implied vols where quotes have no spread; the
             ///< interior point's own answer where Ceres finds none with a better certificate
  interior,  ///< the interior-point method alone: vols are linearised, robust losses reweighted squares
};

/// "ceres", "interior".
STRIKENET_EXPORT std::string_view to_string(Engine engine);
/// Empty for any other word.
STRIKENET_EXPORT std::optional<Engine> parse_engine(std::string_view text);

struct FitOptions {
  Activation activation = Activation::cubic;
  int units = 0;  ///< on sinh-spaced knots; 0: as many as the quotes need. `relu` with 0 units puts one
                  ///< at each quoted strike and one beyond each end
  std::vector<double> knots = {};  ///< strike / forward; when given, `units` must be 0
  /// Of the distance from the middle of the spread, in half spreads; for quotes without a spread of the error in vol.
  /// Empty: squared, and of quotes without a spread the largest error first.
  std::optional<Loss> loss = {};
  Engine engine = Engine::ceres;  ///< of fit_surface; one expiry alone is fitted by Ceres
  double smoothness = 1;          ///< times the default weight of the roughness; 0 switches it off
  /// Fits the strikes of `units` relu units too: the best small network, which one can hold as a hedge. The best of
  /// `starts` local minima, from quantiles of the quoted strikes shaken by seed, seed + 1, ... (0: not shaken).
  bool train_strikes = false;
  std::uint64_t seed = 0;
  int starts = 20;
  int max_iterations = 1000;            ///< of Ceres, over all faces; fit_surface takes at most 300
  double optimality_tolerance = 1e-10;  ///< in probability, see FitResult::optimality; not of fit_surface

  /// Everything wrong with these options, one sentence each; empty when valid.
  STRIKENET_EXPORT std::vector<std::string> problems() const;
};

/// What came out and how far to trust it. A bad fit is a result, never an exception.
struct FitResult {
  Forward forward;
  CallCurve curve;  ///< c(strike / forward): undiscounted call price over the forward
  Termination termination;
  std::string message;    ///< the stopping rule that fired, with its numbers
  int iterations = 0;     ///< of Ceres, over all faces; of fit_surface those of the last joint problem, interior point
                          ///< and Ceres, the same for all expiries, as are termination and message
  double optimality = 0;  ///< largest move of one weight (a probability) that would still lower the cost; of trained
                          ///< strikes: at these strikes. Of fit_surface: how far the price of a quote can be from its
                          ///< value at the exact minimum, in forwards; an upper bound, not always a tight one
  int moved_units = 0;    ///< trained units that were found dead - no weight, or no quote on the side that they
                          ///< alone bend - and moved, over the best start
  std::vector<double> start_costs = {};  ///< of trained strikes: the cost that each start reached
  int quotes_with_spread = 0;
  int inside = 0;            ///< of these, whose model price lies within the spread, to 1e-9 forwards
  double largest_error = 0;  ///< of a price, currency: beyond the spread where there is one
  Strike worst_strike{0};    ///< where largest_error occurs

  bool usable() const { return termination == Termination::optimal; }
  /// Undiscounted, for strike >= 0.
  STRIKENET_EXPORT Price price(OptionType type, Strike strike) const;
};

/// Fits one expiry by a network with weights >= 0, mass 1 and mean 1: prices free of arbitrage in strike whatever the
/// quotes say. Minimises, by Ceres under an active set,
///
///     sum_i rho(r_i^2) / 10  +  1000 sum_i distance(price_i, inner nine tenths of spread_i)^2  +  roughness,
///
/// r_i the distance from the middle of the spread and all distances in half spreads; the roughness is the squared third
/// difference, over the units, of weight over prior. So prices lie inside every spread where that is possible, near the
/// middle, and in between the quotes as smooth as these allow. The prior is the smoothed solution of a first problem,
/// without the distances to spreads, whose prior is a Student law as wide as the at-the-money vol. A quote without a
/// spread has its residual in total vol, at the scale of one basis point, and where such quotes contradict each other
/// the largest residual is made as small as it can be.
///
/// With train_strikes the units' positions are fitted too, by Ceres from several starts, without roughness.
/// Prints nothing: what Ceres has to say of a fit that failed is in FitResult::message. While it runs, glog's lowest
/// level is that of fatal errors, for all of the program.
///
/// quotes: at least one, in any order, in the currency of the forward, 0 <= bid <= ask < infinity, ask > 0.
/// Cost: about 0.1 s for 250 units and 350 quotes.
/// Throws PreconditionError if quotes, forward or options break their rules.
STRIKENET_EXPORT FitResult fit_smile(std::span<const SmileQuote> quotes, Forward forward,
                                     const FitOptions& options = {});

}  // namespace strikenet
