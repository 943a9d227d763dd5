#include "strikenet/quantlib/engine_greeks.h"

#include <array>
#include <cmath>
#include <functional>
#include <ql/pricingengines/blackcalculator.hpp>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kStep = 1.0 / 256;

// The prices of all strikes when forward, strikes, time and vol are each multiplied by a factor.
struct Factors {
  double forward = 1, strike = 1, t = 1, vol = 1;
};
using PricesAt = std::function<std::vector<double>(const Factors&)>;

// Prices at x (1 - 2h), x (1 - h), x (1 + h), x (1 + 2h), one of the factors being moved.
using Stencil = std::array<std::vector<double>, 4>;

Stencil move(const PricesAt& prices_at, double Factors::*factor) {
  Stencil stencil;
  for (std::size_t i = 0; i < 4; ++i) {
    Factors factors;
    factors.*factor = 1 + std::array{-2, -1, 1, 2}[i] * kStep;
    stencil[i] = prices_at(factors);
  }
  return stencil;
}

double first(const Stencil& f, std::size_t i, double x) {
  return (8 * (f[2][i] - f[1][i]) - (f[3][i] - f[0][i])) / (12 * kStep * x);
}

double second(const Stencil& f, double middle, std::size_t i, double x) {
  return (16 * (f[2][i] + f[1][i]) - (f[3][i] + f[0][i]) - 30 * middle) / (12 * kStep * kStep * x * x);
}

std::vector<double> times(std::span<const double> strikes, double factor) {
  std::vector<double> scaled(strikes.begin(), strikes.end());
  for (double& strike : scaled)
    strike *= factor;
  return scaled;
}

// All but vega.
std::vector<Greeks> differences(const PricesAt& prices_at, Forward forward, YearFraction t,
                                std::span<const double> strikes) {
  const std::vector<double> prices = prices_at({});
  const Stencil by_forward = move(prices_at, &Factors::forward), by_strike = move(prices_at, &Factors::strike),
                by_time = move(prices_at, &Factors::t);
  std::vector<Greeks> all(strikes.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].price = prices[i];
    all[i].delta = first(by_forward, i, forward.value());
    all[i].gamma = second(by_forward, prices[i], i, forward.value());
    all[i].theta = -first(by_time, i, t.value());
    all[i].dual_delta = first(by_strike, i, strikes[i]);
    all[i].dual_gamma = second(by_strike, prices[i], i, strikes[i]);
  }
  return all;
}

void add_vegas(std::vector<Greeks>& all, const PricesAt& prices_at, double vol) {
  const Stencil by_vol = move(prices_at, &Factors::vol);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].vega = first(by_vol, i, vol);
}

QuantLib::BlackCalculator calculator(OptionType type, Forward forward, double strike, double total_vol) {
  const auto side = type == OptionType::call ? QuantLib::Option::Call : QuantLib::Option::Put;
  return {side, strike, forward.value(), total_vol};
}

}  // namespace

std::vector<Greeks> black_calculator_greeks(Vol vol, OptionType type, Forward forward, YearFraction t,
                                            std::span<const double> strikes) {
  require(vol.value() > 0 && std::isfinite(vol.value()), "black_calculator_greeks", "vol", vol.value(),
          "must be positive and finite");
  const std::vector<double> prices = black_prices(vol, type, forward, t, strikes);
  const double f = forward.value();
  std::vector<Greeks> all;
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const auto black = calculator(type, forward, strikes[i], vol.value() * std::sqrt(t.value()));
    const double gamma = black.gammaForward(), ratio = f / strikes[i];
    all.push_back({.price = prices[i],
                   .delta = black.deltaForward(),
                   .gamma = gamma,
                   .vega = black.vega(t.value()),
                   .theta = black.theta(f, t.value()),
                   .dual_delta = black.strikeSensitivity(),
                   .dual_gamma = gamma * ratio * ratio});
  }
  return all;
}

std::vector<Greeks> heston_greeks(const HestonParameters& model, OptionType type, Forward forward, YearFraction t,
                                  std::span<const double> strikes) {
  const PricesAt prices_at = [&](const Factors& by) {
    HestonParameters moved = model;
    moved.v0 *= by.vol * by.vol;
    return heston_prices(moved, type, Forward(forward.value() * by.forward), YearFraction(t.value() * by.t),
                         times(strikes, by.strike));
  };
  std::vector<Greeks> all = differences(prices_at, forward, t, strikes);
  add_vegas(all, prices_at, std::sqrt(model.v0));
  return all;
}

std::vector<Greeks> bates_greeks(const BatesParameters& model, OptionType type, Forward forward, YearFraction t,
                                 std::span<const double> strikes) {
  const PricesAt prices_at = [&](const Factors& by) {
    BatesParameters moved = model;
    moved.heston.v0 *= by.vol * by.vol;
    return bates_prices(moved, type, Forward(forward.value() * by.forward), YearFraction(t.value() * by.t),
                        times(strikes, by.strike));
  };
  std::vector<Greeks> all = differences(prices_at, forward, t, strikes);
  add_vegas(all, prices_at, std::sqrt(model.heston.v0));
  return all;
}

std::vector<Greeks> sabr_greeks(const SabrParameters& model, OptionType type, Forward forward, YearFraction t,
                                std::span<const double> strikes) {
  const PricesAt prices_at = [&](const Factors& by) {
    return sabr_prices(model, type, Forward(forward.value() * by.forward), YearFraction(t.value() * by.t),
                       times(strikes, by.strike));
  };
  std::vector<Greeks> all = differences(prices_at, forward, t, strikes);
  const std::vector<double> vols = sabr_vols(model, forward, t, strikes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].vega = calculator(type, forward, strikes[i], vols[i] * std::sqrt(t.value())).vega(t.value());
  }
  return all;
}

}  // namespace strikenet
