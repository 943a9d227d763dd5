#include "strikenet/portfolio/fourier_price.h"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Complex = std::complex<double>;

/// n sqrt(F K) exp(i u ln(F / K))
struct Wave {
  double size, frequency;
};

/// phi(u - i/2)
Complex at(const CharacteristicFunction& phi, double u) { return phi(Complex(u, -0.5)); }

/// Where phi has vanished.
double upper_end(const CharacteristicFunction& phi) {
  constexpr double kVanished = 1e-17, kFarthest = 1e6;
  double u = 8;
  while (u < kFarthest && !(std::abs(at(phi, u)) < kVanished && std::abs(at(phi, 0.75 * u)) < kVanished))
    u *= 1.5;
  require(u < kFarthest, "fourier_price", "absolute value of phi at 1e6 - i/2", std::abs(at(phi, kFarthest)),
          "must be below 1e-17");
  return u;
}

class Integral {
 public:
  Integral(const CallPortfolio& calls, double forward, const CharacteristicFunction& phi)
      : phi_(phi), end_(upper_end(phi)) {
    for (const auto& [strike, units] : calls.legs())
      waves_.push_back({units * std::sqrt(forward * strike.value()), std::log(forward / strike.value())});
  }

  /// 1/pi times the integral of Re[ g phi weight ], and its estimated error.
  template <class Weight>
  std::pair<double, double> of(Weight weight) const {
    const auto integrand = [&](double u) { return std::real(transform(u) * at(phi_, u) * weight(u)); };
    constexpr unsigned kHalvings = 12;
    constexpr double kTolerance = 1e-13;
    double sum = 0, error = 0;
    for (double from = 0, to = 4; from < end_; from = to, to = std::min(2 * to, end_)) {
      double part_error = 0;
      sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, from, std::min(to, end_),
                                                                           kHalvings, kTolerance, &part_error);
      error += part_error;
    }
    return {sum / std::numbers::pi, error / std::numbers::pi};
  }

 private:
  Complex transform(double u) const {
    Complex sum = 0;
    for (const auto& [size, frequency] : waves_)
      sum += std::polar(1.0, u * frequency) * size;
    return sum;
  }

  const CharacteristicFunction& phi_;
  double end_;
  std::vector<Wave> waves_ = {};
};

}  // namespace

FourierPrice fourier_price(const CallPortfolio& calls, Forward forward, const CharacteristicFunction& phi) {
  const double f = forward.value();
  require(f > 0 && std::isfinite(f), "fourier_price", "forward", f, "must be positive and finite");
  double shares = calls.shares();
  for (const CallLeg& leg : calls.legs())
    shares += leg.units;
  if (calls.legs().empty()) return {calls.cash() + shares * f, shares, 0, 0};
  const Integral integral(calls, f, phi);
  const auto [covered, error] = integral.of([](double u) { return Complex(1 / (u * u + 0.25)); });
  const double slope = integral.of([](double u) { return Complex(0.5, u) / (u * u + 0.25); }).first;
  const double bend = integral.of([](double) { return Complex(1); }).first;
  return {calls.cash() + shares * f - covered, shares - slope / f, bend / (f * f), error};
}

}  // namespace strikenet
