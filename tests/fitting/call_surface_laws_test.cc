#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/black.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/surface/call_surface.h"
#include "support/shared_data.h"

// What holds for every surface that is proved free of arbitrage, at random strikes and times of three fitted ones: an
// exchange's day, published vols of an index, and prices of a model.
namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-14;     // of a sum of up to 350 units, in forwards
constexpr double kProofAllows = 2e-12;  // by which mass and mean may be off

class Laws {
 public:
  explicit Laws(const std::string& chain_file, std::uint64_t seed) : surface_(fitted(chain_file)), rng_(seed) {}

  /// Between and around expiries: from a millionth of the first to three times the last.
  YearFraction any_time() {
    const double first = std::log(1e-6 * slices().front().t.value()), last = std::log(3 * slices().back().t.value());
    return YearFraction(std::exp(first + (last - first) * uniform_(rng_)));
  }

  /// Half of them where the probability is, half anywhere.
  double any_moneyness(const SurfaceSmile& smile) {
    if (uniform_(rng_) < 0.5) return smile.quantile(uniform_(rng_)).value() / smile.forward().value();
    return std::exp(-3 + 5 * uniform_(rng_));
  }

  double any_probability() { return uniform_(rng_); }
  const CallSurface& surface() const { return surface_; }
  const std::vector<SurfaceSlice>& slices() const { return surface_.surface().slices; }

 private:
  static CallSurface fitted(const std::string& chain_file) {
    const Result<RawChain> raw = read_chain_file(chain_file);
    const Chain chain = prepare(raw.value()).value();
    const SlicesFit fit = fit_surface(chain, {}, 2);
    EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
    return CallSurface(fit.surface);
  }

  CallSurface surface_;
  std::mt19937_64 rng_;
  std::uniform_real_distribution<double> uniform_;
};

/// The knots of a smile as strikes over the forward.
std::vector<double> knots_of(const SurfaceSmile& smile) {
  const CallCurve curve = smile.curve();
  return {curve.knots().begin(), curve.knots().end()};
}

void has_a_density_that_integrates_to_one(Laws& laws) {
  constexpr double kDigitsOfAShrunkKnot = 1e-8;
  for (int trial = 0; trial < 50; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const double forward = smile.forward().value();
    const auto density = [&](double k) { return smile.density(Strike(k * forward)) * forward; };
    const std::vector<double> knots = knots_of(smile);
    double mass = 0, moment = 0;
    for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
      // Linear from knot to knot, so Simpson's rule is exact for the density and its first moment.
      const double a = knots[i], b = knots[i + 1], middle = (a + b) / 2;
      for (const double k : {a, middle, b})
        ASSERT_GE(density(k), 0);
      mass += (b - a) / 6 * (density(a) + 4 * density(middle) + density(b));
      moment += (b - a) / 6 * (a * density(a) + 4 * middle * density(middle) + b * density(b));
    }
    ASSERT_NEAR(mass, 1, kDigitsOfAShrunkKnot) << smile.t().value();
    ASSERT_NEAR(moment, 1, kDigitsOfAShrunkKnot) << smile.t().value();
  }
}

void has_probabilities_that_rise(Laws& laws) {
  for (int trial = 0; trial < 2000; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const double forward = smile.forward().value();
    const double a = laws.any_moneyness(smile), b = laws.any_moneyness(smile);
    const Strike lower(std::min(a, b) * forward), upper(std::max(a, b) * forward);
    ASSERT_LE(smile.below(lower), smile.below(upper) + kRounding);
    ASSERT_GE(smile.above(lower), smile.above(upper) - kRounding);
    ASSERT_NEAR(smile.below(lower) + smile.above(lower), 1, kProofAllows);
  }
}

void has_quantiles_that_invert_them(Laws& laws) {
  for (int trial = 0; trial < 2000; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const double p = laws.any_probability();
    const Strike strike = smile.quantile(p);
    const double digits_of_the_strike = 1e-15 * strike.value() * smile.density(strike);
    ASSERT_NEAR(smile.below(strike), p, kRounding + digits_of_the_strike) << smile.t().value();
  }
}

void keeps_put_call_parity(Laws& laws) {
  for (int trial = 0; trial < 2000; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const double k = laws.any_moneyness(smile);
    ASSERT_NEAR(smile.call(k) - smile.put(k), 1 - k, (1 + k) * kProofAllows) << smile.t().value() << ' ' << k;
  }
}

/// Of the out-of-the-money price, to a relative rounding: prices of 1e-15 too.
void is_in_calendar_order(Laws& laws) {
  constexpr double kRelative = 1e-13;
  for (int trial = 0; trial < 20'000; ++trial) {
    const YearFraction s = laws.any_time(), t = laws.any_time();
    const SurfaceSmile earlier = laws.surface().at(std::min(s, t)), later = laws.surface().at(std::max(s, t));
    const double k = laws.any_moneyness(trial % 2 ? earlier : later);
    const auto out = [k](const SurfaceSmile& smile) { return k < 1 ? smile.put(k) : smile.call(k); };
    ASSERT_GE(out(later), out(earlier) * (1 - kRelative) - 1e-30)
        << earlier.t().value() << ' ' << later.t().value() << ' ' << k;
  }
}

double difference(const std::function<double(double)>& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/// Prices are polynomials between knots: differences that stay between two knots are those of the polynomial.
void has_the_greeks_of_its_prices(Laws& laws) {
  int compared = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const YearFraction t = laws.any_time();
    const SurfaceSmile smile = laws.surface().at(t);
    const double forward = smile.forward().value(), discount = smile.discount().value();
    const double k = smile.quantile(0.02 + 0.96 * laws.any_probability()).value() / forward;
    const std::vector<double> knots = knots_of(smile);
    const auto next = std::ranges::upper_bound(knots, k);
    if (next == knots.begin() || next == knots.end()) continue;
    const double room = std::min(*next - k, k - *std::prev(next));
    if (room < 0.02 * (*next - *std::prev(next))) continue;
    ++compared;
    const double h = 0.4 * room, strike = k * forward;
    const double noise = 1e-15 / h;  // of a difference
    for (const OptionType type : {OptionType::call, OptionType::put}) {
      const auto out = [&](double x) { return type == OptionType::call ? smile.call(x) : smile.put(x); };
      const Greeks greeks = smile.greeks(type, Strike(strike), Sticky::moneyness);
      // d/dF of D F c(K / F) at fixed K and of the price in strike, both through differences of c.
      const double slope = difference(out, k, h);
      ASSERT_NEAR(greeks.delta, discount * (out(k) - k * slope), 20 * noise);
      ASSERT_NEAR(greeks.dual_delta, discount * slope, 20 * noise);
      const auto slope_of = [&](double x) {
        return smile.greeks(type, Strike(x * forward), Sticky::moneyness).dual_delta / discount;
      };
      const double curvature = (slope_of(k + h) - slope_of(k - h)) / (2 * h);  // of a quadratic
      const double digits_of_k = 4e-16 / h * curvature;
      ASSERT_NEAR(greeks.gamma, discount * k * k * curvature / forward, (20 * noise + digits_of_k) * k * k / forward)
          << t.value() << ' ' << k;
      const Greeks black = smile.greeks(type, Strike(strike), Sticky::strike);
      const Vol vol = smile.vol(Strike(strike));
      const auto price = [&](double f, double v) {
        return discount * black_price(type, Forward(f), Strike(strike), TotalVol(v * std::sqrt(t.value()))).value();
      };
      const double step = 1e-3 * vol.value() * std::sqrt(t.value());  // relative
      ASSERT_NEAR(black.delta, difference([&](double f) { return price(f, vol.value()); }, forward, step * forward),
                  1e-9 + 1e-13 / step);
      ASSERT_NEAR(black.vega, difference([&](double v) { return price(forward, v); }, vol.value(), 1e-3 * vol.value()),
                  1e-9 * forward * std::sqrt(t.value()) + 1e-12 * forward / vol.value());
    }
  }
  EXPECT_GT(compared, 1500);
}

/// Of times that have no expiry within the differences.
void has_the_theta_of_its_prices(Laws& laws) {
  int compared = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const double t = laws.any_time().value(), h = 1e-3 * t;
    const bool near_an_expiry = std::ranges::any_of(
        laws.slices(), [&](const SurfaceSlice& slice) { return std::abs(slice.t.value() - t) < 3 * h; });
    // Beyond the last expiry each step ends in a kink; its own test has the slopes of one step.
    if (near_an_expiry || t > laws.slices().back().t.value()) continue;
    ++compared;
    const SurfaceSmile smile = laws.surface().at(YearFraction(t));
    const double k = smile.quantile(0.02 + 0.96 * laws.any_probability()).value() / smile.forward().value();
    const auto call = [&](double time) { return laws.surface().at(YearFraction(time)).call(k); };
    const double slope = difference(call, t, h), scale = smile.call(1) / t;
    ASSERT_NEAR(smile.calendar_slope(k), slope, 1e-5 * scale) << t << ' ' << k;
  }
  EXPECT_GT(compared, 1000);
}

void takes_its_limits(Laws& laws) {
  for (int trial = 0; trial < 200; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const double present = smile.discount().value() * smile.forward().value();
    for (const double strike : {0.0, 1e-300, 1e-9})
      ASSERT_NEAR(smile.price(OptionType::call, Strike(strike)), present - smile.discount().value() * strike,
                  present * kProofAllows);
    ASSERT_EQ(smile.price(OptionType::put, Strike(0)), 0);
    for (const double strike : {1e9, 1e300, kInfinity}) {
      ASSERT_EQ(smile.price(OptionType::call, Strike(strike)), 0);
      ASSERT_NEAR(smile.below(Strike(strike)), 1, kProofAllows);
    }
  }
}

void has_local_vols_wherever_it_has_a_density(Laws& laws) {
  for (int trial = 0; trial < 5000; ++trial) {
    const SurfaceSmile smile = laws.surface().at(laws.any_time());
    const Strike strike(laws.any_moneyness(smile) * smile.forward().value());
    const double local = smile.local_vol(strike).value();
    if (smile.density(strike) > 0)
      ASSERT_GE(local, 0) << smile.t().value() << ' ' << strike.value();
    else
      ASSERT_TRUE(std::isnan(local) || local == kInfinity);
  }
}

/// The networks between two expiries are on the same knots, so the proof speaks of them too.
void is_proved_at_times_in_between(Laws& laws) {
  Surface refined = laws.surface().surface();
  for (std::size_t n = 0; n + 1 < laws.slices().size(); ++n) {
    const double from = laws.slices()[n].t.value(), to = laws.slices()[n + 1].t.value();
    for (const double share : {0.25, 0.5, 0.8}) {
      const YearFraction t(from + share * (to - from));
      const SurfaceSmile smile = laws.surface().at(t);
      refined.slices.push_back(
          {{"T=" + std::to_string(t.value())}, t, smile.forward(), smile.discount(), smile.curve()});
    }
  }
  std::ranges::sort(refined.slices, {}, [](const SurfaceSlice& slice) { return slice.t.value(); });
  const Certificate certificate = prove_arbitrage_free(refined);
  EXPECT_TRUE(certificate.arbitrage_free()) << status(certificate);
}

void obeys_every_law(Laws laws) {
  has_a_density_that_integrates_to_one(laws);
  has_probabilities_that_rise(laws);
  has_quantiles_that_invert_them(laws);
  keeps_put_call_parity(laws);
  is_in_calendar_order(laws);
  has_the_greeks_of_its_prices(laws);
  has_the_theta_of_its_prices(laws);
  takes_its_limits(laws);
  has_local_vols_wherever_it_has_a_density(laws);
  is_proved_at_times_in_between(laws);
}

TEST(CallSurfaceLaws, HoldForTheGeneratedChain) {
  obeys_every_law(Laws(STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv", 31));
}

TEST(CallSurfaceLaws, HoldForTheEuroStoxxOf2010) {
  obeys_every_law(Laws(STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv", 32));
}

TEST(CallSurfaceLaws, HoldForTheSpxwDayOf2019) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  obeys_every_law(Laws((shared_folder() / file).string(), 33));
}

}  // namespace
}  // namespace strikenet
