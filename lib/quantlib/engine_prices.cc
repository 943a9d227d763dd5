#include "strikenet/quantlib/engine_prices.h"

#include <cmath>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/batesengine.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/volatility/sabr.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <string>

#include "quantlib/evaluation_date.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

constexpr ql::Size kIntegrationOrder = 192;  // the most that QuantLib's Gauss-Laguerre takes

ql::Option::Type side(OptionType type) { return type == OptionType::call ? ql::Option::Call : ql::Option::Put; }

// A clock in which one day lasts t years: QuantLib counts time in whole days, and expiries lie between them.
class OneDayLasts : public ql::DayCounter {
  class Clock final : public ql::DayCounter::Impl {
   public:
    explicit Clock(double t) : t_(t) {}
    std::string name() const override { return "one day lasts " + std::to_string(t_) + " years"; }
    ql::Date::serial_type dayCount(const ql::Date& from, const ql::Date& to) const override { return to - from; }
    ql::Time yearFraction(const ql::Date& from, const ql::Date& to, const ql::Date&, const ql::Date&) const override {
      return t_ * static_cast<double>(to - from);
    }

   private:
    double t_;
  };

 public:
  explicit OneDayLasts(double t) : ql::DayCounter(ql::ext::make_shared<Clock>(t)) {}
};

ql::Date today() { return {1, ql::January, 2001}; }  // any day will do
ql::Date expiry() { return today() + 1; }

// A curve without interest, and the forward as its spot: prices come out undiscounted.
ql::Handle<ql::YieldTermStructure> no_interest(YearFraction t) {
  return ql::Handle<ql::YieldTermStructure>(
      ql::ext::make_shared<ql::FlatForward>(today(), 0.0, OneDayLasts(t.value())));
}

ql::Handle<ql::Quote> quote(Forward forward) {
  return ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(forward.value()));
}

std::vector<double> price_all(const ql::ext::shared_ptr<ql::PricingEngine>& engine, OptionType type,
                              std::span<const double> strikes) {
  const auto exercise = ql::ext::make_shared<ql::EuropeanExercise>(expiry());
  std::vector<double> prices;
  for (const double strike : strikes) {
    ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(side(type), strike), exercise);
    option.setPricingEngine(engine);
    prices.push_back(option.NPV());
  }
  return prices;
}

void require_positive(const char* where, const char* what, double got) {
  require(got > 0 && std::isfinite(got), where, what, got, "must be positive and finite");
}

void require_not_negative(const char* where, const char* what, double got) {
  require(got >= 0 && std::isfinite(got), where, what, got, "must be finite and at least 0");
}

void require_contracts(const char* where, Forward forward, YearFraction t, std::span<const double> strikes) {
  require_positive(where, "forward", forward.value());
  require_positive(where, "t", t.value());
  for (const double strike : strikes)
    require_positive(where, "strike", strike);
}

void require_heston(const char* where, const HestonParameters& model) {
  require_positive(where, "v0", model.v0);
  require_positive(where, "kappa", model.kappa);
  require_positive(where, "theta", model.theta);
  require_positive(where, "sigma", model.sigma);
  require(std::abs(model.rho) <= 1, where, "rho", model.rho, "must lie in [-1, 1]");
}

void require_jumps(const char* where, const BatesParameters& model) {
  require_positive(where, "lambda", model.lambda);
  require(std::isfinite(model.jump_mean), where, "jump_mean", model.jump_mean, "must be finite");
  require_positive(where, "jump_sd", model.jump_sd);
}

void require_sabr(const char* where, const SabrParameters& model) {
  require_positive(where, "alpha", model.alpha);
  require(model.beta >= 0 && model.beta <= 1, where, "beta", model.beta, "must lie in [0, 1]");
  require_not_negative(where, "nu", model.nu);
  require(std::abs(model.rho) < 1, where, "rho", model.rho, "must lie inside (-1, 1)");
}

}  // namespace

std::vector<double> heston_prices(const HestonParameters& model, OptionType type, Forward forward, YearFraction t,
                                  std::span<const double> strikes) {
  require_contracts("heston_prices", forward, t, strikes);
  require_heston("heston_prices", model);
  const EvaluationDate date(today());
  const auto process = ql::ext::make_shared<ql::HestonProcess>(no_interest(t), no_interest(t), quote(forward), model.v0,
                                                               model.kappa, model.theta, model.sigma, model.rho);
  const auto heston = ql::ext::make_shared<ql::HestonModel>(process);
  return price_all(ql::ext::make_shared<ql::AnalyticHestonEngine>(heston, kIntegrationOrder), type, strikes);
}

std::vector<double> bates_prices(const BatesParameters& model, OptionType type, Forward forward, YearFraction t,
                                 std::span<const double> strikes) {
  require_contracts("bates_prices", forward, t, strikes);
  require_heston("bates_prices", model.heston);
  require_jumps("bates_prices", model);
  const EvaluationDate date(today());
  const HestonParameters& h = model.heston;
  const auto process =
      ql::ext::make_shared<ql::BatesProcess>(no_interest(t), no_interest(t), quote(forward), h.v0, h.kappa, h.theta,
                                             h.sigma, h.rho, model.lambda, model.jump_mean, model.jump_sd);
  const auto bates = ql::ext::make_shared<ql::BatesModel>(process);
  return price_all(ql::ext::make_shared<ql::BatesEngine>(bates, kIntegrationOrder), type, strikes);
}

std::vector<double> black_prices(Vol vol, OptionType type, Forward forward, YearFraction t,
                                 std::span<const double> strikes) {
  require_contracts("black_prices", forward, t, strikes);
  require_not_negative("black_prices", "vol", vol.value());
  const double total_vol = vol.value() * std::sqrt(t.value());
  std::vector<double> prices;
  for (const double strike : strikes) {
    prices.push_back(ql::blackFormula(side(type), strike, forward.value(), total_vol));
  }
  return prices;
}

std::vector<double> sabr_vols(const SabrParameters& model, Forward forward, YearFraction t,
                              std::span<const double> strikes) {
  require_contracts("sabr_vols", forward, t, strikes);
  require_sabr("sabr_vols", model);
  std::vector<double> vols;
  for (const double strike : strikes) {
    vols.push_back(
        ql::sabrVolatility(strike, forward.value(), t.value(), model.alpha, model.beta, model.nu, model.rho));
  }
  return vols;
}

std::vector<double> sabr_prices(const SabrParameters& model, OptionType type, Forward forward, YearFraction t,
                                std::span<const double> strikes) {
  const std::vector<double> vols = sabr_vols(model, forward, t, strikes);
  std::vector<double> prices;
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    prices.push_back(ql::blackFormula(side(type), strikes[i], forward.value(), vols[i] * std::sqrt(t.value())));
  }
  return prices;
}

}  // namespace strikenet
