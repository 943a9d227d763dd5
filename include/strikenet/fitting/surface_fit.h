#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/market/chain.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet {

/// What fit_surface does, kept: the chain, the problem for all its expiries, and where its minimum is. So it can say
/// what each quote contributes to a price, and fit a chain in which little has changed from where this one ended.
///
/// Immutable; copies share what they keep, moving one copies it, and any number of threads may read it. It keeps some
/// 0.2 kB a unit and quote.
class STRIKENET_EXPORT SurfaceFit {
 public:
  /// Fits. Arguments, cost and errors are those of fit_surface.
  SurfaceFit(Chain chain, FitOptions options, int threads = 1, const std::function<void(int)>& progress = {});
  SurfaceFit(const SurfaceFit&) = default;
  SurfaceFit& operator=(const SurfaceFit&) = default;

  const Chain& chain() const;
  const FitOptions& options() const;
  const SlicesFit& result() const;

  /// The fit of a chain that differs in some quotes or expiries, with the same options: what SurfaceFit(changed, ...)
  /// gives, to 1e-10 forwards in every quoted price, but from this fit's solution.
  ///
  /// Warm where all quotes have spreads, the loss is squared and the knots are the same: they follow the lowest and
  /// highest strike / forward of all expiries and the smallest and largest at-the-money total vol - as a rule those of
  /// the first and the last expiry - unless FitOptions::knots gives them. Then expiries whose quotes and forward are
  /// the same keep what was found for them alone, and the joint problem starts from this solution, its links and
  /// multipliers included: a third to a fifth of a cold fit's time, for one quote as for one expiry. Ceres does not run
  /// again. Otherwise, where expiries are added or removed, and where quotes come to contradict each other, all is
  /// fitted anew. A chain with the same quotes and forwards is not fitted again: the same bits.
  ///
  /// Not promised: 1e-10 where the message of the fit names no active set - quotes that contradict each other, robust
  /// losses. There both are as near to the minimum as FitResult::optimality and the message say.
  /// Throws PreconditionError as fit_surface does.
  SurfaceFit refit(const Chain& changed, int threads = 1) const;
  /// Whether this came from refit(), and from the solution before.
  bool warm() const;

  /// d price / d quote at the minimum, one number for each of chain().quotes, 0 for those not used: by how much the
  /// discounted price of an option moves when a quote's discounted price does - its bid and ask together, or the one
  /// price that it has. Of a call and of a put alike: they differ by parity, and the forward is held. For a quote in
  /// vol multiply by its discounted Black vega.
  ///
  /// By implicit differentiation of the minimum: bounds that bind - bid or ask, weights of 0, order in time - go on
  /// binding, by what they are bound to. Without spreads the errors are those in vol, with their curvature.
  ///
  /// Held: forwards, discount factors, knots, priors, widths of spreads, at-the-money vols as scale; also what quotes
  /// that contradict each other are missed by, and the largest error of an expiry without spreads. A new fit of a
  /// changed chain moves these too. The priors are its first fits, smoothed, so they follow the quotes: on the
  /// generated chain of market_data a price then moves by half to one and a half times its derivative. Not promised:
  /// the derivative where a bound only just binds. There the price has a kink, and this is one side's. Nor more than an
  /// estimate where the message of the fit names no active set: then what binds is a guess.
  ///
  /// Cost: one sparse LU and a few solves for each price: 10 ms and 1 ms for 626 quotes on 8 expiries.
  /// Throws PreconditionError unless slice < number of slices, strike >= 0, and FitOptions::loss is empty or squared.
  std::vector<double> sensitivities(Strike strike, std::size_t slice) const;

  /// The same for anything of which the derivatives with respect to weights are known, such as a price between two
  /// expiries: one result for each of `of`, each a sum over the slices that it depends on.
  /// Throws PreconditionError also where a gradient has not one finite number per unit of its slice.
  std::vector<std::vector<double>> sensitivities(std::span<const std::vector<WeightGradient>> of) const;

 private:
  struct State;
  explicit SurfaceFit(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace strikenet
