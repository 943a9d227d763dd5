#pragma once

#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

struct CallLeg {
  Strike strike;
  double units;  ///< signed: negative means sold
};

/// A European payoff built from cash, shares and calls on one underlying:
///
///     payoff(x) = cash + shares * x + sum_i units_i * max(x - strike_i, 0),   x >= 0
///
/// x and the strikes are in currency per share; cash is in currency. Every continuous piecewise-linear payoff with
/// finitely many kinks is one of these, in exactly one way: its cash is payoff(0), its shares the slope at 0, and each
/// leg the change of slope at its strike.
///
/// Invariant, checked once on construction: every number is finite, strikes are positive and strictly increasing, no
/// leg has 0 units. Immutable; safe to read from any thread. Moving one copies it.
class STRIKENET_EXPORT CallPortfolio {
 public:
  /// Throws PreconditionError naming the first number that breaks the invariant.
  CallPortfolio(double cash, double shares, std::vector<CallLeg> legs);
  CallPortfolio(const CallPortfolio&) = default;
  CallPortfolio& operator=(const CallPortfolio&) = default;

  double cash() const { return cash_; }
  double shares() const { return shares_; }
  std::span<const CallLeg> legs() const { return legs_; }

  /// Payoff at expiry, in currency; cost O(legs). Its rounding error is a few units in the last place of the largest
  /// term, not of the sum: a put is held as call - shares + cash, and far out of the money these cancel.
  /// Throws PreconditionError unless spot is finite and at least 0.
  double payoff(double spot) const;

 private:
  double cash_;
  double shares_;
  std::vector<CallLeg> legs_;
};

}  // namespace strikenet
