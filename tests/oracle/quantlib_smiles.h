#pragma once

#include <span>
#include <vector>

#include "strikenet/quantlib/engine_greeks.h"
#include "strikenet/quantlib/engine_prices.h"

/// Smiles whose prices and Greeks QuantLib supplies, for the tests of any module: undiscounted, one per strike.
namespace strikenet::oracle {

/// An equity index in a calm year: 15 % today, 20 % in the long run, a skew of the usual size.
inline constexpr HestonParameters kIndexHeston{.v0 = 0.0225, .kappa = 2.0, .theta = 0.04, .sigma = 0.5, .rho = -0.7};

/// Variance that often touches zero (2 kappa theta is far below sigma^2): long tails, a peaked density.
inline constexpr HestonParameters kWildHeston{.v0 = 0.04, .kappa = 1.0, .theta = 0.09, .sigma = 1.0, .rho = -0.3};

/// The index with one crash of 12 % in three years or so.
inline constexpr BatesParameters kIndexBates{kIndexHeston, /*lambda=*/0.3, /*jump_mean=*/-0.12, /*jump_sd=*/0.1};

/// Swaption-like: between normal and lognormal, with skew and curvature. alpha 20 % at a forward of 100.
inline constexpr SabrParameters kSabr{.alpha = 2.0, .beta = 0.5, .nu = 0.6, .rho = -0.3};

inline std::vector<double> heston_calls(const HestonParameters& model, double forward, double t,
                                        std::span<const double> strikes) {
  return heston_prices(model, OptionType::call, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> heston_puts(const HestonParameters& model, double forward, double t,
                                       std::span<const double> strikes) {
  return heston_prices(model, OptionType::put, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> bates_calls(const BatesParameters& model, double forward, double t,
                                       std::span<const double> strikes) {
  return bates_prices(model, OptionType::call, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> bates_puts(const BatesParameters& model, double forward, double t,
                                      std::span<const double> strikes) {
  return bates_prices(model, OptionType::put, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> black_calls(double vol, double forward, double t, std::span<const double> strikes) {
  return black_prices(Vol(vol), OptionType::call, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> black_puts(double vol, double forward, double t, std::span<const double> strikes) {
  return black_prices(Vol(vol), OptionType::put, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> sabr_calls(const SabrParameters& model, double forward, double t,
                                      std::span<const double> strikes) {
  return sabr_prices(model, OptionType::call, Forward(forward), YearFraction(t), strikes);
}

inline std::vector<double> sabr_puts(const SabrParameters& model, double forward, double t,
                                     std::span<const double> strikes) {
  return sabr_prices(model, OptionType::put, Forward(forward), YearFraction(t), strikes);
}

}  // namespace strikenet::oracle
