#include "strikenet/core/characteristic_function.h"

#include <cmath>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Complex = std::complex<double>;
constexpr Complex kI(0, 1);

void require_positive(const char* where, const char* what, double number) {
  require(number > 0 && std::isfinite(number), where, what, number, "must be positive and finite");
}

void check(const char* where, const HestonParameters& model, YearFraction t) {
  require_positive(where, "t", t.value());
  require_positive(where, "v0", model.v0);
  require_positive(where, "kappa", model.kappa);
  require_positive(where, "theta", model.theta);
  require_positive(where, "sigma", model.sigma);
  require(std::abs(model.rho) <= 1, where, "rho", model.rho, "must be from -1 to 1");
}

Complex heston(const HestonParameters& model, double t, Complex u) {
  const auto& [v0, kappa, theta, sigma, rho] = model;
  const double sigma2 = sigma * sigma;
  const Complex b = kappa - rho * sigma * kI * u, d = std::sqrt(b * b + sigma2 * u * (u + kI));
  const Complex g = (b - d) / (b + d), decay = std::exp(-d * t);
  const Complex of_theta = (b - d) * t - 2.0 * std::log((1.0 - g * decay) / (1.0 - g));
  const Complex of_v0 = (b - d) * (1.0 - decay) / (1.0 - g * decay);
  return std::exp(kappa * theta / sigma2 * of_theta + v0 / sigma2 * of_v0);
}

}  // namespace

CharacteristicFunction black_characteristic(TotalVol vol) {
  require_positive("black_characteristic", "total vol", vol.value());
  const double half_variance = vol.value() * vol.value() / 2;
  return [half_variance](Complex u) { return std::exp(-half_variance * u * (u + kI)); };
}

CharacteristicFunction heston_characteristic(const HestonParameters& model, YearFraction t) {
  check("heston_characteristic", model, t);
  return [model, years = t.value()](Complex u) { return heston(model, years, u); };
}

CharacteristicFunction bates_characteristic(const BatesParameters& model, YearFraction t) {
  constexpr auto kWhere = "bates_characteristic";
  check(kWhere, model.heston, t);
  for (const auto& [what, number] : {std::pair("lambda", model.lambda), std::pair("jump_sd", model.jump_sd)})
    require(number >= 0 && std::isfinite(number), kWhere, what, number, "must be finite and at least 0");
  require(std::isfinite(model.jump_mean), kWhere, "jump_mean", model.jump_mean, "must be finite");
  return [model, years = t.value()](Complex u) {
    const double half_variance = model.jump_sd * model.jump_sd / 2;
    const Complex jump = std::exp(kI * u * model.jump_mean - half_variance * u * u);
    const double drift = std::expm1(model.jump_mean + half_variance);
    return heston(model.heston, years, u) * std::exp(model.lambda * years * (jump - 1.0 - kI * u * drift));
  };
}

}  // namespace strikenet
