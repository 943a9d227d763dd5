#pragma once

#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/payoff/call_portfolio.h"

namespace strikenet {

struct OptionLeg {
  OptionType type;
  Strike strike;
  double units;  ///< signed: negative means sold
};

/// A European payoff built from cash, shares, puts and calls on one underlying, at most one option a strike:
///
///     payoff(x) = cash + shares * x + sum over puts units * max(strike - x, 0)
///                                   + sum over calls units * max(x - strike, 0),   x >= 0
///
/// By put-call parity, (x - k)+ = (k - x)+ + x - k, it is the same payoff as some CallPortfolio: two ways to hold one
/// position, of which options out of the money are the one that trades, and the one whose prices keep their digits.
///
/// Invariant, checked once on construction: every number is finite, strikes are positive and strictly increasing, no
/// leg has 0 units. Immutable; safe to read from any thread. Moving one copies it.
class STRIKENET_EXPORT OptionPortfolio {
 public:
  /// Throws PreconditionError naming the first number that breaks the invariant.
  OptionPortfolio(double cash, double shares, std::vector<OptionLeg> legs);
  OptionPortfolio(const OptionPortfolio&) = default;
  OptionPortfolio& operator=(const OptionPortfolio&) = default;

  double cash() const { return cash_; }
  double shares() const { return shares_; }
  std::span<const OptionLeg> legs() const { return legs_; }

  /// Payoff at expiry, in currency; cost O(legs). Throws PreconditionError unless spot is finite and at least 0.
  double payoff(double spot) const;

 private:
  double cash_;
  double shares_;
  std::vector<OptionLeg> legs_;
};

/// The same payoff with a put in place of each call struck below the forward: shares and cash change by the units and
/// by -strike * units of those calls. Shares are then the slope of the payoff at the forward, and
/// cash + shares * forward is its value there.
/// Exact when those products and sums are doubles (small dyadic numbers); otherwise the payoff differs by a few
/// roundings of the sum of |cash|, |shares| x and |units| (x + strike).
/// Throws PreconditionError unless forward is positive and finite, or when cash or shares overflow.
STRIKENET_EXPORT OptionPortfolio out_of_the_money(const CallPortfolio& calls, Forward forward);

/// The same payoff with a call in place of each put: the way back.
STRIKENET_EXPORT CallPortfolio to_calls(const OptionPortfolio& options);

}  // namespace strikenet
