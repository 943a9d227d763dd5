#pragma once

#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/quantity.h"
#include "strikenet/quantlib/engine_prices.h"

namespace strikenet {

/// Greeks by QuantLib, undiscounted, in the units of Greeks, one per strike in their order. Arguments, threads and
/// errors as for the prices of engine_prices.h.

/// Those of QuantLib's BlackCalculator; dual gamma, which it does not have in the version of Debian 12, from gamma:
/// K^2 dual gamma = F^2 gamma, the price being homogeneous. Throws PreconditionError also for a vol of 0, which
/// QuantLib divides by.
STRIKENET_EXPORT std::vector<Greeks> black_calculator_greeks(Vol vol, OptionType type, Forward forward, YearFraction t,
                                                             std::span<const double> strikes);

/// QuantLib's Heston, Bates and SABR give prices only: these are central differences of them on five points, each a
/// relative step h = 1/256 further - of forward, strike and t, and for vega of sqrt(v0), which is the vol of today:
///
///     f'  = (8 (f(x+hx) - f(x-hx)) - (f(x+2hx) - f(x-2hx))) / (12 hx)                   - h^4 x^4 f^(5) / 30
///     f'' = (16 (f(x+hx) + f(x-hx)) - (f(x+2hx) + f(x-2hx)) - 30 f(x)) / (12 h^2 x^2)   - h^4 x^4 f^(6) / 90
///
/// For a total vol s of 0.05 or more the truncation is below 1e-5 of the largest gamma (it grows like 1/s^4) and the
/// rounding of a price good to 1e-12 forwards below 4e-7 / F; the first derivatives are better by a factor h / s.
/// Delta keeps the model's parameters fixed. Seventeen prices an option.
STRIKENET_EXPORT std::vector<Greeks> heston_greeks(const HestonParameters& model, OptionType type, Forward forward,
                                                   YearFraction t, std::span<const double> strikes);
STRIKENET_EXPORT std::vector<Greeks> bates_greeks(const BatesParameters& model, OptionType type, Forward forward,
                                                  YearFraction t, std::span<const double> strikes);

/// Vega is QuantLib's Black vega at the smile's vol: for a parallel move of the smile.
STRIKENET_EXPORT std::vector<Greeks> sabr_greeks(const SabrParameters& model, OptionType type, Forward forward,
                                                 YearFraction t, std::span<const double> strikes);

}  // namespace strikenet
