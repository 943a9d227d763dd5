#include "strikenet/surface/call_surface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-14;

using Weights = std::vector<double>;

/// Knots around 1 whose units' nodes are symmetric enough for {1/4, 1/2, 1/4} to have mean 1.
const Weights kKnots{0.2, 0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 1.8};

/// Mass that moves from an inner node to its neighbours, keeping the mean: a law that is larger in convex order.
Weights spread(const std::vector<double>& nodes, Weights weights, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> share(0.1, 0.4);
  for (std::size_t i = 1; i + 1 < weights.size(); ++i) {
    const double moved = share(rng) * weights[i], left = (nodes[i + 1] - nodes[i]) / (nodes[i + 1] - nodes[i - 1]);
    weights[i] -= moved;
    weights[i - 1] += left * moved;
    weights[i + 1] += (1 - left) * moved;
  }
  return weights;
}

/// Begins with a point between two nodes next to 1, and spreads.
Surface random_surface(Activation activation, std::uint64_t seed, int slices = 3) {
  std::mt19937_64 rng(seed);
  const std::vector<double> nodes = unit_nodes(activation, kKnots);
  const auto right = static_cast<std::size_t>(std::ranges::upper_bound(nodes, 1.0) - nodes.begin());
  Weights weights(nodes.size(), 0.0);
  weights[right] = (1 - nodes[right - 1]) / (nodes[right] - nodes[right - 1]);
  weights[right - 1] = 1 - weights[right];
  Surface surface{.activation = activation};
  for (int n = 1; n <= slices; ++n) {
    for (int times = 0; times < 2; ++times)
      weights = spread(nodes, weights, rng);
    const double t = 0.25 * n * n;
    surface.slices.push_back({{"T=" + std::to_string(t)},
                              YearFraction(t),
                              Forward(100 * std::exp(0.02 * t)),
                              DiscountFactor(std::exp(-0.03 * t)),
                              CallCurve(activation, kKnots, weights)});
  }
  return surface;
}

/// Times before, at, between and beyond the expiries of a random surface, which are 0.25, 1 and 2.25.
const std::vector<double> kTimes{1e-6, 0.01, 0.2, 0.25, 0.3, 0.9, 1, 1.6, 2.25, 2.3, 3, 9};

constexpr std::array kSmooth{Activation::quadratic, Activation::cubic};

TEST(CallSurface, AtAnExpiryIsItsSlice) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const CallSurface surface(random_surface(activation, 1));
    for (const SurfaceSlice& slice : surface.surface().slices) {
      const SurfaceSmile smile = surface.at(slice.t);
      EXPECT_EQ(smile.forward(), slice.forward);
      EXPECT_EQ(smile.discount(), slice.discount);
      for (const double strike : {0.0, 60.0, 99.0, 103.0, 140.0, 500.0})
        for (const OptionType type : {OptionType::call, OptionType::put})
          EXPECT_EQ(smile.price(type, Strike(strike)), price(slice, type, Strike(strike)));
    }
  }
}

TEST(CallSurface, HasAtTheMoneyTotalVarianceThatIsLinearInItsClock) {
  constexpr double kImplied = 1e-12;
  for (const Activation activation : kSmooth) {
    const CallSurface surface(random_surface(activation, 2));
    const auto variance = [&](double t) { return std::pow(surface.at(YearFraction(t)).total_vol(1).value(), 2); };
    for (const double share : {0.01, 0.3, 0.5, 0.99})
      EXPECT_NEAR(variance(0.25 + 0.75 * share), (1 - share) * variance(0.25) + share * variance(1), kImplied);
  }
}

TEST(CallSurface, StandsStillWhileItsClockDoes) {
  const Instant saturday =
      local_instant(Date(std::chrono::year(2026), std::chrono::July, std::chrono::day(11)), 0, "America/New_York");
  const VarianceClock clock = VarianceClock::trading_days(saturday, {.weekend = 0}, YearFraction(3));
  const CallSurface surface(random_surface(Activation::cubic, 2), {.clock = clock});
  const auto day = [](double days) { return YearFraction(days / 365); };
  const auto call = [&](double days) { return surface.at(day(days)).call(1.1); };
  EXPECT_NEAR(call(98.2), call(99.9), kRounding);  // the fifteenth weekend
  EXPECT_EQ(surface.at(day(99)).calendar_slope(1.1), 0);
  EXPECT_GT(call(101), call(99.9));
  EXPECT_THROW(surface.at(day(1.5)), PreconditionError);  // the weekend it begins with: no law but a point
}

TEST(CallSurface, IsInCalendarOrderAtAnyPairOfTimesAndAnyStrike) {
  std::mt19937_64 rng(3);
  std::uniform_real_distribution<double> strike(0, 2), log_time(-14, 3);
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic})
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const CallSurface surface(random_surface(activation, seed, 1 + static_cast<int>(seed) % 3));
      for (int trial = 0; trial < 300; ++trial) {
        const double a = std::exp(log_time(rng)), b = std::exp(log_time(rng)), k = strike(rng);
        const SurfaceSmile earlier = surface.at(YearFraction(std::min(a, b))),
                           later = surface.at(YearFraction(std::max(a, b)));
        ASSERT_GE(later.call(k), earlier.call(k) - kRounding) << a << ' ' << b << ' ' << k;
        ASSERT_GE(later.put(k), earlier.put(k) - kRounding) << a << ' ' << b << ' ' << k;
      }
    }
}

TEST(CallSurface, HasAMassOfOneAtEveryTimeAndTheForwardForItsMean) {
  constexpr double kQuadrature = 1e-9;
  for (const Activation activation : kSmooth) {
    const CallSurface surface(random_surface(activation, 4));
    for (const double t : kTimes) {
      const SurfaceSmile smile = surface.at(YearFraction(t));
      // The density is a polynomial between knots: Simpson's rule on a multiple of them is exact.
      double mass = 0, moment = 0;
      const CallCurve curve = smile.curve();
      const auto density = [&](double k) {
        return smile.density(Strike(k * smile.forward().value())) * smile.forward().value();
      };
      for (std::size_t i = 0; i + 1 < curve.knots().size(); ++i) {
        const double a = curve.knots()[i], b = curve.knots()[i + 1], inside = 1e-9 * (b - a), m = (a + b) / 2;
        mass += (b - a) / 6 * (density(a + inside) + 4 * density(m) + density(b - inside));
        moment += (b - a) / 6 * (a * density(a + inside) + 4 * m * density(m) + b * density(b - inside));
      }
      EXPECT_NEAR(mass, 1, kQuadrature) << t;
      EXPECT_NEAR(moment, 1, kQuadrature) << t;
      EXPECT_NEAR(smile.call(0), 1, kRounding);
    }
  }
}

TEST(CallSurface, HasProbabilitiesThatRiseAndQuantilesThatInvertThem) {
  constexpr double kRoot = 1e-12;
  for (const Activation activation : kSmooth) {
    const CallSurface surface(random_surface(activation, 5));
    std::mt19937_64 rng(5);
    std::uniform_real_distribution<double> probability(0, 1);
    for (const double t : kTimes) {
      const SurfaceSmile smile = surface.at(YearFraction(t));
      double before = 0;
      for (double strike = 0; strike < 220; strike += 0.37) {
        const double below = smile.below(Strike(strike));
        EXPECT_GE(below, before - kRounding);
        EXPECT_NEAR(below + smile.above(Strike(strike)), 1, kRounding);
        before = below;
      }
      for (int trial = 0; trial < 50; ++trial) {
        const double p = probability(rng);
        // What a strike's last digit is worth, in probability.
        const double digit = 1e-15 * smile.forward().value() * smile.density(smile.quantile(p));
        EXPECT_NEAR(smile.below(smile.quantile(p)), p, kRoot + digit) << t;
      }
    }
  }
}

TEST(CallSurface, OfPointsHasQuantilesAtItsPoints) {
  const CallSurface surface(Surface{.activation = Activation::relu,
                                    .slices = {{{"T=1"},
                                                YearFraction(1),
                                                Forward(100),
                                                DiscountFactor(1),
                                                CallCurve(Activation::relu, {0.5, 1, 1.5}, {0.25, 0.5, 0.25})}}});
  const SurfaceSmile smile = surface.at(YearFraction(1));
  EXPECT_NEAR(smile.quantile(0.1).value(), 50, 1e-12);
  EXPECT_NEAR(smile.quantile(0.5).value(), 100, 1e-12);
  EXPECT_NEAR(smile.quantile(0.8).value(), 150, 1e-12);
  EXPECT_EQ(smile.quantile(0).value(), 50);
  EXPECT_EQ(smile.quantile(1).value(), 150);
  EXPECT_TRUE(std::isnan(smile.local_vol(Strike(90)).value()));
  EXPECT_EQ(smile.density(Strike(100)), 0);
}

TEST(CallSurface, KeepsPutCallParityAtEveryTimeAndStrike) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const CallSurface surface(random_surface(activation, 6));
    for (const double t : kTimes) {
      const SurfaceSmile smile = surface.at(YearFraction(t));
      for (const double k : {0.0, 0.3, 0.95, 1.0, 1.2, 3.0})
        EXPECT_NEAR(smile.call(k) - smile.put(k), 1 - k, 2 * kRounding);
    }
  }
}

TEST(CallSurface, TakesItsLimitsAtStrikesOfZeroAndInfinity) {
  const CallSurface surface(random_surface(Activation::cubic, 7));
  for (const double t : kTimes) {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    const double present = smile.discount().value() * smile.forward().value();
    EXPECT_NEAR(smile.price(OptionType::call, Strike(0)), present, present * kRounding);
    EXPECT_EQ(smile.price(OptionType::put, Strike(0)), 0);
    EXPECT_EQ(smile.price(OptionType::call, Strike(kInfinity)), 0);
    EXPECT_EQ(smile.price(OptionType::put, Strike(kInfinity)), kInfinity);
    EXPECT_EQ(smile.below(Strike(0)), 0);
    EXPECT_EQ(smile.above(Strike(kInfinity)), 0);
    EXPECT_EQ(smile.density(Strike(kInfinity)), 0);
    EXPECT_EQ(smile.calendar_slope(kInfinity), 0);
    for (const Sticky sticky : {Sticky::strike, Sticky::moneyness})
      for (const double strike : {0.0, kInfinity}) {
        const Greeks call = smile.greeks(OptionType::call, Strike(strike), sticky);
        EXPECT_NEAR(call.delta, strike == 0 ? smile.discount().value() : 0, kRounding);
        EXPECT_EQ(smile.greeks(OptionType::put, Strike(strike), sticky).delta,
                  strike == 0 ? 0 : -smile.discount().value());
        for (const double none : {call.gamma, call.vega, call.theta, call.dual_gamma})
          EXPECT_EQ(none, 0);
        EXPECT_TRUE(std::isnan(smile.vol(Strike(strike)).value()));
        EXPECT_TRUE(std::isnan(smile.local_vol(Strike(strike)).value()));
      }
  }
}

double slope_of(const std::function<double(double)>& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

double curvature_of(const std::function<double(double)>& f, double x, double h) {
  return (16 * (f(x + h) + f(x - h)) - (f(x + 2 * h) + f(x - 2 * h)) - 30 * f(x)) / (12 * h * h);
}

TEST(CallSurface, HasTheGreeksOfItsPrices) {
  constexpr double kFirst = 1e-8, kSecond = 1e-5;  // truncation and rounding of the differences, relative to forwards
  const CallSurface surface(random_surface(Activation::cubic, 8));
  for (const double t : {0.2, 0.6, 1.7, 3.0})
    for (const double k : {0.84, 0.97, 1.04, 1.21})
      for (const OptionType type : {OptionType::call, OptionType::put}) {
        const SurfaceSmile smile = surface.at(YearFraction(t));
        const double forward = smile.forward().value(), strike = k * forward, discount = smile.discount().value();
        const Vol vol = smile.vol(Strike(strike));
        const auto out = [&](const SurfaceSmile& at, double x) {
          return type == OptionType::call ? at.call(x) : at.put(x);
        };
        const auto black = [&](double f, double v, double time) {
          return discount * black_price(type, Forward(f), Strike(strike), TotalVol(v * std::sqrt(time))).value();
        };
        const auto moved = [&](double f) { return discount * f * out(smile, strike / f); };
        const auto by_forward = [&](double f) { return black(f, vol.value(), t); };
        const auto by_vol = [&](double v) { return black(forward, v, t); };
        const auto by_time = [&](double time) { return black(forward, vol.value(), time); };
        const auto by_strike = [&](double x) { return smile.price(type, Strike(x)); };
        const auto aged = [&](double time) { return discount * forward * out(surface.at(YearFraction(time)), k); };

        const Greeks strike_greeks = smile.greeks(type, Strike(strike), Sticky::strike);
        const Greeks moneyness = smile.greeks(type, Strike(strike), Sticky::moneyness);
        EXPECT_EQ(moneyness.price, smile.price(type, Strike(strike)));
        EXPECT_NEAR(moneyness.delta, slope_of(moved, forward, 0.02), kFirst * 100);
        EXPECT_NEAR(moneyness.gamma, curvature_of(moved, forward, 0.05), kSecond);
        EXPECT_NEAR(moneyness.theta, -slope_of(aged, t, 1e-4), 1e-5 * forward);
        EXPECT_NEAR(strike_greeks.delta, slope_of(by_forward, forward, 0.02), kFirst * 100);
        EXPECT_NEAR(strike_greeks.gamma, curvature_of(by_forward, forward, 0.05), kSecond);
        EXPECT_NEAR(strike_greeks.theta, -slope_of(by_time, t, 1e-4), kFirst * forward);
        EXPECT_NEAR(strike_greeks.vega, slope_of(by_vol, vol.value(), 1e-4), kFirst * forward);
        EXPECT_EQ(strike_greeks.vega, moneyness.vega);
        EXPECT_NEAR(moneyness.dual_delta, slope_of(by_strike, strike, 0.02), kFirst * 100);
        EXPECT_NEAR(moneyness.dual_gamma, curvature_of(by_strike, strike, 0.05), kSecond);
        EXPECT_EQ(moneyness.dual_delta, strike_greeks.dual_delta);
      }
}

TEST(CallSurface, HasDupiresLocalVol) {
  constexpr double kTruncation = 1e-4;  // relative
  const CallSurface surface(random_surface(Activation::cubic, 9));
  for (const double t : {0.002, 0.2, 0.6, 1.7, 2.3, 3.0})
    for (const double z : {-0.31, -0.12, 0.03, 0.23}) {
      const double k = 1 + z * std::min(1.0, std::sqrt(t / 0.25));
      const SurfaceSmile smile = surface.at(YearFraction(t));
      const auto call = [&](double x) { return smile.call(x); };
      const auto aged = [&](double time) { return surface.at(YearFraction(time)).call(k); };
      const double curvature = curvature_of(call, k, 1e-3 * std::min(1.0, std::sqrt(t)));
      const double variance = 2 * slope_of(aged, t, 1e-3 * t) / (k * k * curvature);
      const double local = smile.local_vol(Strike(k * smile.forward().value())).value();
      EXPECT_NEAR(local * local, variance, kTruncation * (1 + variance)) << t << ' ' << k;
    }
}

TEST(CallSurface, HasInfiniteLocalVolWhereTheDensityVanishesAndNoneBeyondItsKnots) {
  // All of the later law's weight is at the ends: nothing in between, and prices rise there.
  Surface two{.activation = Activation::quadratic};
  const Weights knots{0.4, 0.6, 0.8, 1.2, 1.4, 1.6};
  two.slices.push_back({{"T=1"},
                        YearFraction(1),
                        Forward(100),
                        DiscountFactor(1),
                        CallCurve(Activation::quadratic, knots, {0, 0, 1, 0, 0})});
  two.slices.push_back({{"T=2"},
                        YearFraction(2),
                        Forward(100),
                        DiscountFactor(1),
                        CallCurve(Activation::quadratic, knots, {0.5, 0, 0, 0, 0.5})});
  const CallSurface surface(two);
  EXPECT_EQ(surface.at(YearFraction(2)).local_vol(Strike(100)).value(), kInfinity);
  EXPECT_TRUE(std::isnan(surface.at(YearFraction(2)).local_vol(Strike(20)).value()));
  EXPECT_GT(surface.at(YearFraction(1.5)).local_vol(Strike(100)).value(), 0);
  EXPECT_EQ(surface.capped_nodes(), 3);
  EXPECT_EQ(surface.at(YearFraction(3)).call(1), surface.at(YearFraction(2)).call(1));  // ends do not move
}

TEST(CallSurface, IsOneNetworkAtEveryTime) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const CallSurface surface(random_surface(activation, 10));
    for (const double t : kTimes) {
      const SurfaceSmile smile = surface.at(YearFraction(t));
      const CallCurve curve = smile.curve();
      for (const double k : {0.0, 0.6, 0.97, 1.0, 1.001, 1.3, 2.0})
        EXPECT_NEAR(curve.call(k), smile.call(k), 1e-12) << t;
    }
  }
}

TEST(CallSurface, OfUnitsAtTheirOwnStrikesHasThoseOfBothNeighboursBetween) {
  Surface two{.activation = Activation::relu};
  two.slices.push_back(
      {{"T=1"}, YearFraction(1), Forward(1), DiscountFactor(1), CallCurve(Activation::relu, {0.8, 1.2}, {0.5, 0.5})});
  two.slices.push_back({{"T=2"},
                        YearFraction(2),
                        Forward(1),
                        DiscountFactor(1),
                        CallCurve(Activation::relu, {0.5, 1.2, 1.5}, {0.4, 1.0 / 3, 4.0 / 15})});
  const CallSurface surface(two);
  const CallCurve curve = surface.at(YearFraction(1.5)).curve();
  EXPECT_EQ((std::vector<double>(curve.knots().begin(), curve.knots().end())),
            (std::vector<double>{0.5, 0.8, 1.2, 1.5}));
  EXPECT_NEAR(curve.call(0.9), surface.at(YearFraction(1.5)).call(0.9), kRounding);
  EXPECT_GT(surface.at(YearFraction(1.5)).calendar_slope(0.9), 0);
  EXPECT_GT(surface.at(YearFraction(4)).call(1), surface.at(YearFraction(2)).call(1));
}

TEST(CallSurface, CarriesForwardAndDiscountBetweenExpiriesAndBeyond) {
  const Surface file = random_surface(Activation::cubic, 11);  // growth of 2 %, rate of 3 %
  const CallSurface surface(file), from_spot(file, {.spot = 90});
  for (const double t : {0.1, 0.7, 1.0, 5.0}) {
    EXPECT_NEAR(surface.forward(YearFraction(t)).value(), 100 * std::exp(0.02 * t), 1e-12 * 100);
    EXPECT_NEAR(surface.discount(YearFraction(t)).value(), std::exp(-0.03 * t), 1e-13);
    EXPECT_EQ(surface.at(YearFraction(t)).forward(), surface.forward(YearFraction(t)));
  }
  EXPECT_NEAR(surface.forward(YearFraction(0)).value(), 100, 1e-12 * 100);
  EXPECT_EQ(surface.discount(YearFraction(0)).value(), 1);
  EXPECT_NEAR(from_spot.forward(YearFraction(0)).value(), 90, 1e-13 * 90);
  EXPECT_NEAR(from_spot.forward(YearFraction(0.125)).value(), std::sqrt(90 * file.slices[0].forward.value()), 1e-11);
  EXPECT_EQ(from_spot.forward(YearFraction(1)), file.slices[1].forward);
  Surface flat = file;
  for (SurfaceSlice& slice : flat.slices)
    slice.forward = Forward(100);
  for (const double t : {0.1, 0.7, 1.3, 5.0})
    EXPECT_EQ(CallSurface(flat).forward(YearFraction(t)).value(), 100);
}

/// Whether a surface has a smile at t; if so its prices are numbers in their bounds, and else it says why in words.
bool has_prices(const CallSurface& surface, double t) {
  try {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    const double forward = smile.forward().value(), discount = smile.discount().value();
    for (const double k : {0.0, 1e-300, 0.5, 0.9, 1.0, 1.1, 2.0, 1e300, kInfinity}) {
      const double call = smile.price(OptionType::call, Strike(k * forward));
      const double put = smile.price(OptionType::put, Strike(k * forward));
      EXPECT_TRUE(call >= -1e-9 * discount * forward && call <= discount * forward * (1 + 1e-9)) << t << " " << k;
      EXPECT_TRUE(put >= -1e-9 * discount * forward && !std::isnan(put)) << t << " " << k << " " << put;
      if (k <= 2) {
        EXPECT_NEAR(smile.call(k) - smile.put(k), 1 - k, 1e-9) << t << " " << k;
      }
    }
    return true;
  } catch (const PreconditionError& error) {
    EXPECT_NE(std::string(error.what()).find(", but must "), std::string::npos) << error.what();
    return false;
  }
}

TEST(CallSurface, GivesPricesOrASentenceAtAnyTime) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    Surface file = random_surface(activation, 11), flat = file, falling = file;
    for (SurfaceSlice& slice : flat.slices) {
      slice.forward = Forward(100);
      slice.discount = DiscountFactor(1);
    }
    for (SurfaceSlice& slice : falling.slices)
      slice.forward = Forward(200 - slice.forward.value());
    for (const Surface& of : {file, flat, falling, random_surface(activation, 12, 1)}) {
      const CallSurface surface(of);
      for (const double t : {5e-324, 1e-300, 1e-30, 1e-9, 0.1, 0.25, 0.7, 2.25, 3.0, 100.0, 1e4})
        EXPECT_TRUE(has_prices(surface, t)) << t;
      for (const double t : {1e5, 1e6, 1e12, 1e100, 1e300, std::numeric_limits<double>::max()})
        has_prices(surface, t);
      for (const double t : {0.0, -1.0, kInfinity, -kInfinity, std::nan("")})
        EXPECT_FALSE(has_prices(surface, t)) << t;
    }
    EXPECT_TRUE(has_prices(CallSurface(flat), 1e6));
    EXPECT_TRUE(has_prices(CallSurface(flat), 1e12));
    EXPECT_FALSE(has_prices(CallSurface(file), 1e6));
  }
}

TEST(CallSurface, SaysThatATimeIsTooFar) {
  const CallSurface surface(random_surface(Activation::cubic, 11));  // growth of 2 %: exp(20000)
  const auto words_of = [](auto call) {
    try {
      static_cast<void>(call());
    } catch (const PreconditionError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string rule = "forward at t 1e+06 is inf, but must be positive and finite: t is too far from the expiries";
  EXPECT_EQ(words_of([&] { return surface.at(YearFraction(1e6)).t(); }), "CallSurface::forward: " + rule);
  EXPECT_EQ(words_of([&] { return surface.forward(YearFraction(1e6)); }), "CallSurface::forward: " + rule);
  EXPECT_EQ(words_of([&] { return surface.forward_variance(1, YearFraction(1), YearFraction(1e6)); }),
            "CallSurface::forward: " + rule);
}

TEST(CallSurface, HasForwardVariancesThatAddUp) {
  const CallSurface surface(random_surface(Activation::cubic, 12));
  const YearFraction a(0.1), b(0.8), c(2);
  for (const double k : {0.9, 1.0, 1.1}) {
    const double whole = surface.forward_variance(k, a, c) * 1.9;
    EXPECT_NEAR(surface.forward_variance(k, a, b) * 0.7 + surface.forward_variance(k, b, c) * 1.2, whole, kRounding);
    EXPECT_GT(surface.forward_variance(k, a, b), 0);
    const SurfaceSmile smile = surface.at(c);
    EXPECT_NEAR(
        smile.total_variance(Strike(k * smile.forward().value())) - std::pow(surface.at(a).total_vol(k).value(), 2),
        whole, kRounding);
  }
}

TEST(CallSurface, HasTheGradientsOfItsPricesInTheWeights) {
  constexpr double kMoved = 1e-6, kTruncation = 1e-6;
  for (const Activation activation : {Activation::relu, Activation::cubic}) {
    const Surface file = random_surface(activation, 19);
    const CallSurface surface(file);
    for (const double t : {0.1, 0.25, 0.4, 1.0, 1.9, 2.25})
      for (const double strike : {85.0, 101.0, 120.0})
        for (const OptionType type : {OptionType::call, OptionType::put})
          for (const WeightGradient& by : surface.weight_gradients(type, Strike(strike), YearFraction(t)))
            for (std::size_t i = 1; i + 1 < by.gradient.size(); ++i) {
              // Mass from a unit to its neighbours, which keeps the mean.
              const std::span<const double> nodes = file.slices[by.slice].curve.nodes();
              const double left = (nodes[i + 1] - nodes[i]) / (nodes[i + 1] - nodes[i - 1]);
              const auto priced = [&](double mass) {
                Surface moved = file;
                const CallCurve& curve = file.slices[by.slice].curve;
                Weights weights(curve.weights().begin(), curve.weights().end());
                weights[i] -= mass;
                weights[i - 1] += left * mass;
                weights[i + 1] += (1 - left) * mass;
                moved.slices[by.slice].curve = CallCurve(activation, kKnots, weights);
                return CallSurface(moved).at(YearFraction(t)).price(type, Strike(strike));
              };
              const double expected = (priced(kMoved) - priced(-kMoved)) / (2 * kMoved);
              const double actual = left * by.gradient[i - 1] + (1 - left) * by.gradient[i + 1] - by.gradient[i];
              ASSERT_NEAR(actual, expected, kTruncation) << t << ' ' << strike << ' ' << i;
            }
    EXPECT_EQ(surface.weight_gradients(OptionType::call, Strike(100), YearFraction(0.7)).size(), 2U);
    EXPECT_EQ(surface.weight_gradients(OptionType::call, Strike(100), YearFraction(0.1)).front().slice, 0U);
  }
}

TEST(CallSurface, SaysWhatItExtrapolates) {
  Surface file = random_surface(Activation::cubic, 13);
  file.slices[0].quoted = QuotedStrikes{80, 120};
  file.slices[1].quoted = QuotedStrikes{90, 150};
  const CallSurface surface(file);
  const auto words = [&](double t, double strike) {
    return to_string(surface.at(YearFraction(t)).extrapolation(Strike(strike)));
  };
  EXPECT_EQ(words(0.25, 80), "");
  EXPECT_EQ(words(0.25, 79.9), "strike");
  EXPECT_EQ(words(0.25, 121), "strike");
  EXPECT_EQ(words(0.5, 85), "strike");  // quoted at the expiry before, not at the one after
  EXPECT_EQ(words(0.5, 125), "strike");
  EXPECT_EQ(words(0.5, 110), "");
  EXPECT_EQ(words(1, 140), "");
  EXPECT_EQ(words(2, 95), "");
  EXPECT_EQ(words(2.25, 5), "");  // no strikes in the file
  EXPECT_EQ(words(3, 100), "beyond last expiry");
  EXPECT_EQ(words(0.01, 100), "before first expiry");
  EXPECT_EQ(words(0.01, 120), "strike, before first expiry");  // 120 is a strike of 200 at the first expiry
  EXPECT_FALSE(surface.at(YearFraction(1)).extrapolation(Strike(100)));
}

TEST(CallSurface, OfExpiriesOnDifferentUnderlyingsHasNoTimesBetween) {
  Surface file = random_surface(Activation::cubic, 14);
  file.calendar = false;
  const CallSurface surface(file);
  EXPECT_EQ(surface.at(YearFraction(1)).forward(), file.slices[1].forward);
  EXPECT_TRUE(std::isnan(surface.at(YearFraction(1)).calendar_slope(1)));
  EXPECT_TRUE(std::isnan(surface.at(YearFraction(1)).local_vol(Strike(100)).value()));
  EXPECT_THROW(surface.at(YearFraction(0.5)), PreconditionError);
  EXPECT_THROW(surface.at(YearFraction(3)), PreconditionError);
  EXPECT_THROW(surface.forward(YearFraction(0.5)), PreconditionError);
}

TEST(CallSurface, OfEqualNeighboursStandsStillBetweenThem) {
  Surface file = random_surface(Activation::cubic, 15, 2);
  file.slices[1].curve = file.slices[0].curve;
  const CallSurface surface(file);
  for (const double k : {0.8, 1.0, 1.2}) {
    EXPECT_NEAR(surface.at(YearFraction(0.6)).call(k), surface.at(YearFraction(0.25)).call(k), kRounding);
    EXPECT_EQ(surface.at(YearFraction(0.6)).calendar_slope(k), 0);
    EXPECT_EQ(surface.at(YearFraction(0.6)).local_vol(Strike(k * 100)).value(), 0);
  }
}

TEST(CallSurface, IsOutlivedByItsSmiles) {
  std::optional<CallSurface> surface(random_surface(Activation::cubic, 16));
  const SurfaceSmile between = surface->at(YearFraction(0.5)), beyond = surface->at(YearFraction(5));
  const double was = between.call(1), was_beyond = beyond.call(1);
  surface.reset();
  EXPECT_EQ(between.call(1), was);
  EXPECT_EQ(beyond.call(1), was_beyond);
}

TEST(CallSurface, GivesEightThreadsTheSameBits) {
  const CallSurface surface(random_surface(Activation::cubic, 17));
  const auto digest = [&surface] {
    double sum = 0;
    for (double t = 0.01; t < 6; t *= 1.1) {
      const SurfaceSmile smile = surface.at(YearFraction(t));
      for (double strike = 50; strike < 160; strike += 7) {
        const Greeks greeks = smile.greeks(OptionType::put, Strike(strike), Sticky::moneyness);
        sum += greeks.price + greeks.delta + greeks.vega + smile.density(Strike(strike)) + smile.quantile(0.3).value();
        if (const double local = smile.local_vol(Strike(strike)).value(); std::isfinite(local)) sum += local;
      }
    }
    return sum;
  };
  const double alone = digest();
  std::vector<double> sums(8);
  {
    std::vector<std::jthread> threads;
    for (double& sum : sums)
      threads.emplace_back([&sum, &digest] { sum = digest(); });
  }
  for (const double sum : sums)
    EXPECT_EQ(sum, alone);
}

std::string words_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

// --- roots that settle at one instant

/// A random surface, and the same with every expiry under a second root, on a tenth.
Surface under_two_roots(const Surface& one) {
  Surface two = one;
  two.slices.clear();
  for (const SurfaceSlice& slice : one.slices) {
    two.slices.push_back(slice);
    SurfaceSlice tenth = slice;
    tenth.key.root = "TENTH";
    tenth.forward = Forward(slice.forward.value() / 10);
    tenth.quoted = QuotedStrikes{5, 15};
    two.slices.push_back(std::move(tenth));
  }
  return two;
}

TEST(CallSurfaceAtOneInstant, IsThatOfOneRootAtAnyTime) {
  for (const Activation activation : {Activation::relu, Activation::cubic}) {
    const Surface once = random_surface(activation, 16);
    const CallSurface one(once), two(under_two_roots(once));
    for (const double t : kTimes) {
      const SurfaceSmile a = one.at(YearFraction(t)), b = two.at(YearFraction(t));
      EXPECT_EQ(a.forward(), b.forward()) << t;
      EXPECT_EQ(a.discount(), b.discount()) << t;
      for (const double k : {0.6, 0.95, 1.0, 1.2}) {
        EXPECT_EQ(a.call(k), b.call(k)) << t;
        const double slope = a.calendar_slope(k);
        EXPECT_TRUE(std::isnan(slope) || slope == b.calendar_slope(k)) << t;
      }
    }
    EXPECT_EQ(one.capped_nodes(), two.capped_nodes());
  }
}

TEST(CallSurfaceAtOneInstant, HasTheForwardOfEachRoot) {
  const CallSurface surface(under_two_roots(random_surface(Activation::cubic, 16)));
  for (const std::size_t n : {0U, 2U, 4U}) {
    const SurfaceSmile whole = surface.of_slice(n), tenth = surface.of_slice(n + 1);
    EXPECT_EQ(whole.forward(), surface.surface().slices[n].forward);
    EXPECT_EQ(tenth.forward(), surface.surface().slices[n + 1].forward);
    EXPECT_EQ(whole.t(), tenth.t());
    EXPECT_NEAR(tenth.price(OptionType::call, Strike(10.5)), whole.price(OptionType::call, Strike(105)) / 10, 1e-14);
    EXPECT_TRUE(tenth.extrapolation(Strike(20)).strike);
    EXPECT_FALSE(whole.extrapolation(Strike(200)).strike);
    EXPECT_EQ(surface.weight_gradient(OptionType::call, Strike(10.5), n + 1).slice, n + 1);
    const auto gradient = surface.weight_gradient(OptionType::put, Strike(9.5), n + 1).gradient;
    const auto weights = surface.surface().slices[n + 1].curve.weights();
    EXPECT_NEAR(std::inner_product(weights.begin(), weights.end(), gradient.begin(), 0.0),
                tenth.price(OptionType::put, Strike(9.5)), 1e-14);
  }
  const auto between = surface.weight_gradients(OptionType::put, Strike(95), YearFraction(0.5));
  ASSERT_EQ(between.size(), 2U);
  EXPECT_EQ(between[0].slice, 0U);
  EXPECT_EQ(between[1].slice, 2U);
}

TEST(CallSurfaceAtOneInstant, OfOneInstantAloneHasOneForwardAndGoesOnFromItsLaw) {
  Surface two = under_two_roots(random_surface(Activation::cubic, 17, 1));
  const CallSurface surface(two);
  EXPECT_EQ(surface.forward(YearFraction(0.1)), two.slices[0].forward);
  EXPECT_EQ(surface.forward(YearFraction(3)), two.slices[0].forward);
  EXPECT_GT(surface.at(YearFraction(3)).call(1), surface.at(YearFraction(0.25)).call(1));
}

TEST(CallSurfaceAtOneInstant, KeepsTheLawOfARootThatDiffers) {
  Surface two = under_two_roots(random_surface(Activation::cubic, 18));
  two.slices[1].curve = two.slices[2].curve;
  const CallSurface surface(two);
  EXPECT_EQ(surface.of_slice(1).call(1), two.slices[2].curve.call(1));
  EXPECT_EQ(surface.of_slice(0).call(1), two.slices[0].curve.call(1));
  EXPECT_EQ(words_of([&] { surface.of_slice(6); }),
            "CallSurface::of_slice: slice is 6, but must be less than the number of slices, 6");
}

TEST(CallSurface, NamesTheNumberThatBreaksItsRules) {
  const Surface good = random_surface(Activation::cubic, 18);
  const auto of = [&](const std::function<void(Surface&)>& change, CallSurfaceOptions options = {}) {
    Surface surface = good;
    change(surface);
    return words_of([&] { CallSurface(surface, options); });
  };
  const auto nothing = [](Surface&) {};
  EXPECT_EQ(of([](Surface& s) { s.slices.clear(); }), "CallSurface: number of slices is 0, but must be at least 1");
  EXPECT_EQ(
      of([](Surface& s) { s.slices[1].t = YearFraction(0.25); }),
      "CallSurface: t of slice T=1.000000 is 0.25, but must be later than that of a slice before it with the same "
      "root");
  EXPECT_EQ(of([](Surface& s) { s.slices[1].t = YearFraction(0.125); }),
            "CallSurface: t of slice T=1.000000 is 0.125, but t must be finite, positive and not fall");
  EXPECT_EQ(of([](Surface& s) { s.slices[0].forward = Forward(0); }),
            "CallSurface: forward of slice T=0.250000 is 0, but must be positive and finite");
  EXPECT_EQ(of([](Surface& s) { s.slices[0].discount = DiscountFactor(NAN); }),
            "CallSurface: discount of slice T=0.250000 is nan, but must be positive and finite");
  EXPECT_EQ(of([](Surface& s) {
              s.slices[1].curve = CallCurve(Activation::cubic, {0.5, 1, 1.5}, {1});
            }),
            "CallSurface: number of knots of slice T=1.000000 is 3, but slices must have knots in common unless they "
            "are 'relu'");
  EXPECT_EQ(of(nothing, {.spot = 0}), "CallSurface: spot is 0, but must be positive and finite");
  EXPECT_EQ(of(nothing, {.local_vol_cap = -1}), "CallSurface: local_vol_cap is -1, but must be positive and finite");

  const CallSurface surface(good);
  const SurfaceSmile smile = surface.at(YearFraction(1));
  EXPECT_EQ(words_of([&] { surface.at(YearFraction(0)); }), "CallSurface::at: t is 0, but must be finite and positive");
  EXPECT_EQ(words_of([&] { surface.at(YearFraction(kInfinity)); }),
            "CallSurface::at: t is inf, but must be finite and positive");
  EXPECT_EQ(words_of([&] { surface.forward(YearFraction(NAN)); }),
            "CallSurface::forward: t is nan, but must be finite and at least 0");
  EXPECT_EQ(words_of([&] { smile.price(OptionType::call, Strike(-1)); }),
            "SurfaceSmile::price: strike is -1, but must be at least 0");
  EXPECT_EQ(words_of([&] { smile.vol(Strike(NAN)); }), "SurfaceSmile::vol: strike is nan, but must be at least 0");
  EXPECT_EQ(words_of([&] { smile.quantile(1.5); }), "SurfaceSmile::quantile: p is 1.5, but must be in [0, 1]");
  EXPECT_EQ(words_of([&] { surface.weight_gradients(OptionType::put, Strike(1), YearFraction(3)); }),
            "CallSurface::weight_gradients: t is 3, but must be at most that of the last expiry");
  EXPECT_EQ(words_of([&] { surface.forward_variance(1, YearFraction(1), YearFraction(1)); }),
            "CallSurface::forward_variance: to is 1, but must be after 'from'");
}

}  // namespace
}  // namespace strikenet
