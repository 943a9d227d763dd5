#pragma once

#include <complex>
#include <functional>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// Heston (1993): dF = sqrt(v) F dW,  dv = kappa (theta - v) dt + sigma sqrt(v) dZ,  dW dZ = rho dt.
struct HestonParameters {
  double v0;     ///< variance today, per year
  double kappa;  ///< speed of mean reversion, per year
  double theta;  ///< long-run variance, per year
  double sigma;  ///< vol of variance, per year
  double rho;    ///< correlation
};

/// Bates (1996): Heston with jumps of F by a factor exp(J), J normal, compensated so that F stays a martingale.
struct BatesParameters {
  HestonParameters heston;
  double lambda;     ///< jumps per year
  double jump_mean;  ///< of J
  double jump_sd;    ///< of J
};

/// phi(u) = E[exp(i u ln(S / F))], S the underlying at expiry and F its forward: phi(0) = phi(-i) = 1. Takes complex u
/// with -1 <= Im u <= 0, where it always exists. Safe to call from any thread.
using CharacteristicFunction = std::function<std::complex<double>(std::complex<double>)>;

/// exp(-s^2 u (u + i) / 2), s the total vol. Throws PreconditionError unless s is positive and finite.
STRIKENET_EXPORT CharacteristicFunction black_characteristic(TotalVol vol);

/// In the form whose logarithm stays on one branch at every expiry (Albrecher, Mayer, Schoutens, Tistaert 2007: "The
/// little Heston trap", second formula). Bates: times exp(lambda t (exp(i u m - u^2 s^2 / 2) - 1 - i u (exp(m + s^2 /
/// 2) - 1))), m and s those of J. Throw PreconditionError unless t, v0, kappa, theta and sigma are positive and finite,
/// |rho|
/// <= 1, and of Bates lambda and jump_sd are finite and at least 0 and jump_mean is finite.
STRIKENET_EXPORT CharacteristicFunction heston_characteristic(const HestonParameters& model, YearFraction t);
STRIKENET_EXPORT CharacteristicFunction bates_characteristic(const BatesParameters& model, YearFraction t);

}  // namespace strikenet
