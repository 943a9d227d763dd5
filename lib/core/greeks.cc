#include "strikenet/core/greeks.h"

#include <cmath>
#include <limits>

#include "core/normal_law.h"
#include "strikenet/core/bachelier.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void require_vol_and_time(const char* where, const char* what, double vol, YearFraction t) {
  require(vol >= 0.0 && vol < kInfinity, where, what, vol, "must be finite and at least 0");
  require(t.value() >= 0.0 && t.value() < kInfinity, where, "t", t.value(), "must be finite and at least 0");
}

// What turns vega into gamma; nothing where there is no vega, at s = 0 too.
double per_square(double vega, double scale, double s) { return vega == 0.0 ? 0.0 : vega / scale / (scale * s); }

// What both models share. delta_at and dual_at are the arguments of N: infinite at zero vol unless at the money.
Greeks assemble(OptionType type, long double delta_at, long double dual_at, double vega_of_total_vol, double vol,
                double t) {
  const bool call = type == OptionType::call;
  Greeks greeks;
  greeks.delta = call ? normal_below(delta_at) : -normal_below(-delta_at);
  greeks.dual_delta = call ? -normal_below(dual_at) : normal_below(-dual_at);
  greeks.vega = vega_of_total_vol * std::sqrt(t);
  greeks.theta = vol == 0.0 || vega_of_total_vol == 0.0 ? 0.0 : -vega_of_total_vol * vol / (2.0 * std::sqrt(t));
  return greeks;
}

// ln(F/K), which may be infinite.
long double log_ratio(double forward, double strike) {
  return strike == 0.0 ? std::numeric_limits<long double>::infinity()
                       : std::copysign(log_moneyness(forward, strike), static_cast<long double>(forward) - strike);
}

}  // namespace

Greeks black_greeks(OptionType type, Forward forward, Strike strike, Vol vol, YearFraction t) {
  const double f = forward.value(), k = strike.value(), s = vol.value() * std::sqrt(t.value());
  require(f > 0.0 && f < kInfinity, "black_greeks", "forward", f, "must be positive and finite");
  require(k >= 0.0 && k < kInfinity, "black_greeks", "strike", k, "must be finite and at least 0");
  require_vol_and_time("black_greeks", "vol", vol.value(), t);
  const double vega = black_vega(forward, strike, TotalVol(s));
  const long double x = log_ratio(f, k), h = x == 0.0L ? 0.0L : x / s;
  Greeks greeks = assemble(type, h + 0.5L * s, h - 0.5L * s, vega, vol.value(), t.value());
  greeks.price = black_price(type, forward, strike, TotalVol(s)).value();
  greeks.gamma = per_square(vega, f, s);
  greeks.dual_gamma = per_square(vega, k, s);
  return greeks;
}

Greeks bachelier_greeks(OptionType type, Forward forward, Strike strike, NormalVol normal_vol, YearFraction t) {
  const double f = forward.value(), k = strike.value(), s = normal_vol.value() * std::sqrt(t.value());
  require(std::isfinite(f), "bachelier_greeks", "forward", f, "must be finite");
  require(std::isfinite(k), "bachelier_greeks", "strike", k, "must be finite");
  require_vol_and_time("bachelier_greeks", "normal vol", normal_vol.value(), t);
  const double vega = bachelier_vega(forward, strike, NormalTotalVol(s));
  const long double away = static_cast<long double>(f) - k, d = away == 0.0L ? 0.0L : away / s;
  Greeks greeks = assemble(type, d, d, vega, normal_vol.value(), t.value());
  greeks.price = bachelier_price(type, forward, strike, NormalTotalVol(s)).value();
  greeks.gamma = greeks.dual_gamma = per_square(vega, 1.0, s);
  return greeks;
}

}  // namespace strikenet
