#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/surface/call_curve.h"
#include "strikenet/surface/surface.h"
#include "strikenet/surface/variance_clock.h"

namespace strikenet {

/// What stays where it is when the forward moves.
enum class Sticky {
  strike,     ///< the vol of every strike: Black's Greeks at the strike's vol
  moneyness,  ///< the vol of every strike / forward ("sticky delta"): the price is F c(K/F) with c fixed
};

/// What an answer rests on that is not between quotes.
struct Extrapolation {
  bool strike = false;        ///< outside the strikes quoted for the expiry, or one of the two around the time
  bool before_first = false;  ///< before the first expiry
  bool beyond_last = false;   ///< after the last expiry

  explicit operator bool() const { return strike || before_first || beyond_last; }
};

/// "strike, beyond last expiry"; empty for none.
STRIKENET_EXPORT std::string to_string(const Extrapolation& extrapolation);

/// A surface at one time: a law of the underlying, as a network. Made by CallSurface::at. k = strike / forward.
///
/// Every function of a strike takes any strike from 0 to infinity, both included, in currency; it throws
/// PreconditionError for a negative one and for NaN. At 0 and infinity they take their limits. Cost O(log units).
/// Immutable; safe to read from any thread; keeps what it needs of its surface alive. Moving one copies it.
class STRIKENET_EXPORT SurfaceSmile {
 public:
  SurfaceSmile(const SurfaceSmile&) = default;
  SurfaceSmile& operator=(const SurfaceSmile&) = default;
  YearFraction t() const { return t_; }
  Forward forward() const { return forward_; }
  DiscountFactor discount() const { return discount_; }

  /// Undiscounted and over the forward, as functions of k: calls from call units, puts from put units.
  double call(double k) const;
  double put(double k) const;
  /// Black's total vol, vol sqrt(t), of the out-of-the-money price; NaN where that is 0.
  TotalVol total_vol(double k) const;
  /// d call / d t = d put / d t at fixed k, per year, from the left: what local variance is made of. At least 0 if the
  /// surface is free of arbitrage: summed from what is, without differences. NaN at an expiry of a surface without
  /// order in time.
  double calendar_slope(double k) const;

  /// Discounted, currency per unit of underlying.
  double price(OptionType type, Strike strike) const;
  /// Black's implied vol. NaN where the price is intrinsic: there is none below the first knot and beyond the last.
  Vol vol(Strike strike) const;
  /// vol^2 t.
  double total_variance(Strike strike) const;

  /// Discounted; derivatives by the forward with rates unchanged. Of both rules: dual delta and dual gamma are those of
  /// the surface's own prices; vega is for a parallel move of Black's vols. Theta is without carry, for `strike` as
  /// time passes with the strike's vol, for `moneyness` with the surface - total variance by moneyness and expiry -
  /// unchanged. Where there is no vol they are those of the intrinsic price. Spot Greeks: times dF/dS = F/S, and
  /// its square for gamma.
  Greeks greeks(OptionType type, Strike strike, Sticky sticky) const;

  /// Risk-neutral probabilities. below: from the lower end, so that its small values keep their digits, as those of
  /// above do. Their sum is 1 up to the 1e-12 that a proof allows (see prove_arbitrage_free).
  double above(Strike strike) const;  ///< P(S > K)
  double below(Strike strike) const;  ///< P(S <= K)
  /// Probability per unit of currency; 0 for `relu`, whose law is a set of points.
  double density(Strike strike) const;
  /// The strike at which below() reaches p, to rounding; where below() is flat there, any such strike. 0 and 1 give the
  /// ends of the law's knots. About ten times the cost of below(). Throws PreconditionError unless 0 <= p
  /// <= 1.
  Strike quantile(double p) const;

  /// Dupire's: sqrt(2 calendar_slope / (k^2 density)). Infinite where the density vanishes and prices still rise in
  /// time; NaN where neither does - beyond the knots, and at 0 -, for `relu`, and where calendar_slope() is NaN or
  /// below 0.
  Vol local_vol(Strike strike) const;

  Extrapolation extrapolation(Strike strike) const;

  /// The law as one network. Of two expiries with units of their own (`relu`) it has the units of both. Cost O(units).
  CallCurve curve() const;

 private:
  friend class CallSurface;
  struct Movement;
  SurfaceSmile(YearFraction t, Forward forward, DiscountFactor discount)
      : t_(t), forward_(forward), discount_(discount) {}

  template <class OfCurve>
  double mixed(double k, OfCurve of_curve) const;
  double moneyness(std::string_view where, Strike strike) const;

  // X = 1 + shrink (X_0 - 1), X_0 from `first` with probability 1 - second_share and from `second` otherwise. Shared
  // with the surface, so that a smile costs no copy of a network; nobody writes to them.
  std::shared_ptr<const CallCurve> first_, second_;
  std::shared_ptr<const Movement> movement_;
  double second_share_ = 0, shrink_ = 1;
  double clock_rate_ = 0;  // per year: of the movement, or of shrink^2; 0 where there is no order in time
  YearFraction t_;
  Forward forward_;
  DiscountFactor discount_;
  Extrapolation time_ = {};
  std::optional<QuotedStrikes> quoted_ = {};  // over the forward
};

/// Of something that depends on the weights of a surface, the derivative with respect to those of one slice.
struct WeightGradient {
  std::size_t slice;             ///< of the surface
  std::vector<double> gradient;  ///< one per unit; only differences that keep mass and mean matter
};

struct CallSurfaceOptions {
  VarianceClock clock = {};  ///< in which at-the-money total variance runs straight between expiries
  /// Today's price of the underlying, which forwards before the first expiry start from. Without it they grow at the
  /// average rate between the first expiry and the last.
  std::optional<double> spot = {};
  double local_vol_cap = 1;  ///< per square root of a year: of the steps beyond the last expiry
};

/// Prices at any strike and any time t > 0 from the networks of a surface's expiries T_1 < ... < T_N, as laws that
/// increase in convex order from beginning to end (docs/theory/between-expiries.md): so if the surface is proved free
/// of arbitrage in strike and time, every smile is free of butterflies, and any two are in calendar order, exactly but
/// for rounding.
///
///   t in (T_n, T_n+1]   linear in c at fixed k, with the weight that makes at-the-money total variance linear in the
///                       clock
///   t < T_1             X_t = 1 + sqrt(theta) (X_1 - 1), theta = clock(t) / clock(T_1)
///   t > T_N             fully implicit steps of Dupire's equation on the nodes (Andreasen and Huge 2011) with the
///   local
///                       variances that take expiry N - 1 to N; of one expiry, those of X_t at T_1. Steps begin at a
///                       sixteenth of the clock from 0 to T_N and grow by a sixteenth. Local variances are capped at
///                       that of local_vol_cap; capped_nodes() counts those that were.
///
/// Log discount is linear in t from 0 through the expiries and goes on at the last zero rate; log forward is linear
/// between expiries, before and beyond them as CallSurfaceOptions::spot says.
///
/// An immutable value, safe to read from any thread. Copies share what they keep, and moving one copies it.
///
/// Not promised: anything on a surface that prove_arbitrage_free does not prove. Smooth local vols: they jump at
/// expiries, and inherit what the quotes leave open. Times between the expiries of a surface with calendar == false
/// have no meaning and are refused.
class STRIKENET_EXPORT CallSurface {
 public:
  /// Throws PreconditionError unless there is a slice, t are positive and do not fall, and are the same only under
  /// different roots, forwards and discounts are positive, slices have knots in common or are `relu`, the clock
  /// advances up to and between all expiries, and spot and local_vol_cap are positive and finite.
  explicit CallSurface(Surface surface, CallSurfaceOptions options = {});
  CallSurface(const CallSurface&) = default;
  CallSurface& operator=(const CallSurface&) = default;

  /// Cost O(log expiries) up to the last expiry; beyond it O(units) per step: about 40 steps to ten times T_N. Throws
  /// PreconditionError unless t is positive and finite, the clock is above 0 there, and, where calendar is false, t is
  /// that of an expiry. Also where t is so far that the forward or the discount factor is no positive number any more.
  SurfaceSmile at(YearFraction t) const;

  /// What at() gives at the t of a slice, of that slice: of several that settle at one instant, under different roots,
  /// each has its own forward, discount factor and quoted strikes, and their laws are one where the surface is proved.
  /// At other times the first stands for all. Throws PreconditionError unless slice < number of slices.
  SurfaceSmile of_slice(std::size_t slice) const;

  /// Take any t >= 0. Forward(0) is the spot, given or extrapolated. Throw as at() does else.
  Forward forward(YearFraction t) const;
  DiscountFactor discount(YearFraction t) const;

  /// Total variance from `from` to `to` at fixed strike / forward, per year. At least 0. Throws PreconditionError
  /// unless 0 < from < to, k > 0. NaN where either has no vol.
  double forward_variance(double k, YearFraction from, YearFraction to) const;

  /// d price / d weights, of a discounted price, for the slice at t or the two around it: the way from a price at any
  /// time to the quotes (see SurfaceFit::sensitivities). Forwards and discount factors are held. Cost O(units). Throws
  /// PreconditionError unless 0 < t <= T_N - beyond it the steps depend on the weights in another way -, strike is
  /// finite and at least 0, and, where calendar is false, t is that of an expiry.
  std::vector<WeightGradient> weight_gradients(OptionType type, Strike strike, YearFraction t) const;

  /// The same of a price at the t of a slice, of that slice: see of_slice().
  WeightGradient weight_gradient(OptionType type, Strike strike, std::size_t slice) const;

  const Surface& surface() const;
  const CallSurfaceOptions& options() const;
  /// Nodes whose local variance beyond the last expiry is the cap's.
  int capped_nodes() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace strikenet
