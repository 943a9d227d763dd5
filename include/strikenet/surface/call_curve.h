#pragma once

#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/network/activation.h"

namespace strikenet {

/// Call prices of one expiry as a network of one input, the strike:
///
///     c(k) = sum_j weight_j E[(X_j - k)+],     X_j the law of unit j (see Activation)
///
/// undiscounted and in units of the forward; k = strike / forward. weight_j is the risk-neutral probability of unit j.
///
/// Invariant: at least one unit, knots finite, not negative and strictly increasing, one finite weight per unit.
/// Nothing is promised about the weights' sign, sum or mean - a file may hold anything: see prove_arbitrage_free.
/// Immutable; safe to read from any thread. Moving one copies it.
class STRIKENET_EXPORT CallCurve {
 public:
  /// Throws PreconditionError naming the first number that breaks the invariant.
  CallCurve(Activation activation, std::vector<double> knots, std::vector<double> weights);
  CallCurve(const CallCurve&) = default;
  CallCurve& operator=(const CallCurve&) = default;

  Activation activation() const { return activation_; }
  std::span<const double> knots() const { return knots_; }
  std::span<const double> weights() const { return weights_; }
  std::span<const double> nodes() const { return nodes_; }

  /// All take any k, infinity too; cost O(log units).
  double call(double k) const;     ///< c(k)
  double put(double k) const;      ///< sum_j weight_j E[(k - X_j)+], from put units, never by parity
  double above(double k) const;    ///< P(X > k) = -c'(k)
  double below(double k) const;    ///< P(X <= k), from the lower end: small values keep their digits
  double density(double k) const;  ///< c''(k); 0 for `relu`, whose law is a set of points

 private:
  struct Straddling;
  Straddling straddling(double k) const;
  template <class OfUnit>
  double sum_over(Straddling units, OfUnit of_unit) const;

  Activation activation_;
  std::vector<double> knots_;
  std::vector<double> weights_;
  std::vector<double> nodes_;
  std::vector<double> mass_above_, moment_above_;  // sums over units j, j+1, ...
  std::vector<double> mass_below_, moment_below_;  // sums over units 0, ..., j-1
};

/// The Black implied total vol of the curve at strike k, from the out-of-the-money side. Problem-free at any k strictly
/// between the first and the last knot with a price; NaN where the price is intrinsic (beyond the last knot that
/// carries weight), because there is no vol: callers that print it leave it empty.
STRIKENET_EXPORT TotalVol implied_total_vol(const CallCurve& curve, double k);

}  // namespace strikenet
