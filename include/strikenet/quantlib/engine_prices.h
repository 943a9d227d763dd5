#pragma once

#include <span>
#include <vector>

#include "strikenet/core/characteristic_function.h"
#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// SABR (Hagan et al. 2002): dF = a F^beta dW,  da = nu a dZ,  dW dZ = rho dt, a = alpha today.
struct SabrParameters {
  double alpha;  ///< vol today, currency^(1 - beta) per square root of a year
  double beta;   ///< in [0, 1]: 1 is lognormal, 0 normal
  double nu;     ///< vol of vol, per square root of a year
  double rho;    ///< correlation
};

/// Prices by QuantLib's engines, undiscounted, one per strike in their order, currency per unit of underlying. They
/// know nothing of networks, which makes them the judge in tests and the source of the generated chain.
///
/// Heston and Bates come from Gauss-Laguerre integration of 192 points: the error is absolute, below 1e-12 forwards
/// for the smiles of the tests from one week on, so that a far wing may come out a little negative. About 0.1 ms an
/// option.
///
/// Throw PreconditionError unless forward, t, strikes and every parameter but rho and jump_mean are positive and
/// finite, |rho| <= 1 and jump_mean is finite. Safe to call from several threads: one waits for the other, since
/// QuantLib has one evaluation date for the whole process. It is put back afterwards.
STRIKENET_EXPORT std::vector<double> heston_prices(const HestonParameters& model, OptionType type, Forward forward,
                                                   YearFraction t, std::span<const double> strikes);
STRIKENET_EXPORT std::vector<double> bates_prices(const BatesParameters& model, OptionType type, Forward forward,
                                                  YearFraction t, std::span<const double> strikes);

/// QuantLib's blackFormula at one vol. Throws PreconditionError unless forward, t and strikes are positive and finite
/// and the vol is finite and at least 0.
STRIKENET_EXPORT std::vector<double> black_prices(Vol vol, OptionType type, Forward forward, YearFraction t,
                                                  std::span<const double> strikes);

/// QuantLib's sabrVolatility, which is Hagan's asymptotic formula (2002, eq. 2.17a) for Black's vol: no model's exact
/// price, and in far wings not free of arbitrage; and its blackFormula at those vols. Throw PreconditionError unless
/// forward, t, strikes and alpha are positive and finite, 0 <= beta <= 1, nu is finite and at least 0, and |rho| < 1.
STRIKENET_EXPORT std::vector<double> sabr_vols(const SabrParameters& model, Forward forward, YearFraction t,
                                               std::span<const double> strikes);
STRIKENET_EXPORT std::vector<double> sabr_prices(const SabrParameters& model, OptionType type, Forward forward,
                                                 YearFraction t, std::span<const double> strikes);

}  // namespace strikenet
