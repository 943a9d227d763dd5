// Cited values, laws and edges. The comparisons with 50-digit arithmetic are beside those of the prices.
#include "strikenet/core/greeks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "strikenet/core/bachelier.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kFourDigits = 5e-5;  // of the cited values
constexpr double kTruncation = 2e-7;  // of the central differences, relative to their largest term
constexpr double kRounding = 1e-13;

// --- cited: Haug 2007, "The complete guide to option pricing formulas", chapter 2 ---------------
TEST(BlackGreeks, EqualHaugsDeltaOfAFuturesOption) {
  // F = 105, K = 100, T = 0.5, r = 10 %, vol 36 %: 0.5946 and -0.3566, discounted.
  const auto delta = [](OptionType type) {
    return std::exp(-0.05) * black_greeks(type, Forward(105), Strike(100), Vol(0.36), YearFraction(0.5)).delta;
  };
  EXPECT_NEAR(delta(OptionType::call), 0.5946, kFourDigits);
  EXPECT_NEAR(delta(OptionType::put), -0.3566, kFourDigits);
}

TEST(BlackGreeks, EqualHaugsGammaOfAStockOption) {
  // S = 55, K = 60, T = 0.75, r = b = 10 %, vol 30 %: 0.0278. With F = S exp(bT) the gamma in S is exp(-rT) (F/S)^2
  // ours.
  const double growth = std::exp(0.075);
  const Greeks greeks = black_greeks(OptionType::call, Forward(55 * growth), Strike(60), Vol(0.3), YearFraction(0.75));
  EXPECT_NEAR(greeks.gamma * growth * growth / growth, 0.0278, kFourDigits);
}

TEST(BlackGreeks, EqualHaugsVegaOfAStockIndexOption) {
  // S = 55, K = 60, T = 0.75, r = 10.5 %, b = 6.95 %, vol 30 %: 18.5027.
  const Forward forward(55 * std::exp(0.0695 * 0.75));
  const Greeks greeks = black_greeks(OptionType::put, forward, Strike(60), Vol(0.3), YearFraction(0.75));
  EXPECT_NEAR(greeks.vega * std::exp(-0.105 * 0.75), 18.5027, kFourDigits);
}

// --- laws -------------------------------------------------------------------------------------------
// Both models, so that each law is written once.
Greeks black(OptionType type, double f, double k, double vol, double t) {
  return black_greeks(type, Forward(f), Strike(k), Vol(vol), YearFraction(t));
}
Greeks bachelier(OptionType type, double f, double k, double vol, double t) {
  return bachelier_greeks(type, Forward(f), Strike(k), NormalVol(vol), YearFraction(t));
}
using Model = Greeks (*)(OptionType, double, double, double, double);

struct Market {
  OptionType type;
  double f, k, vol, t;
};

Market any_market(std::mt19937_64& rng, bool normal) {
  std::uniform_real_distribution<double> z(-3, 3), vol(0.05, 0.8), t(0.05, 3);
  Market m{rng() % 2 ? OptionType::call : OptionType::put, 100, 0, vol(rng), t(rng)};
  const double s = m.vol * std::sqrt(m.t);
  m.k = normal ? 100 * (1 + s * z(rng)) : 100 * std::exp(s * z(rng));
  if (normal) m.vol *= 100;
  return m;
}

// Fourth order, h a thousandth of x.
template <class F>
double slope(F f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

void expect_slopes(Model model, const Market& m) {
  const auto& [type, f, k, vol, t] = m;
  const Greeks g = model(type, f, k, vol, t);
  const double step = 2e-3 * f * std::min(1.0, g.vega == 0 ? 1 : vol * std::sqrt(t) / (vol > 5 ? 100 : 1));
  const auto price = [&](double forward, double strike, double v, double time) {
    return model(type, forward, strike, v, time).price;
  };
  const double vega_scale = std::abs(g.vega) + 1e-3 * f;
  EXPECT_NEAR(g.delta, slope([&](double x) { return price(x, k, vol, t); }, f, step), kTruncation);
  EXPECT_NEAR(g.dual_delta, slope([&](double x) { return price(f, x, vol, t); }, k, step), kTruncation);
  EXPECT_NEAR(g.vega, slope([&](double x) { return price(f, k, x, t); }, vol, 1e-3 * vol), kTruncation * vega_scale);
  EXPECT_NEAR(-g.theta, slope([&](double x) { return price(f, k, vol, x); }, t, 1e-3 * t),
              kTruncation * (vega_scale * vol / t + 1));
  const auto delta = [&](double x) { return model(type, x, k, vol, t).delta; };
  const auto dual_delta = [&](double x) { return model(type, f, x, vol, t).dual_delta; };
  EXPECT_NEAR(g.gamma, slope(delta, f, step), kTruncation);
  EXPECT_NEAR(g.dual_gamma, slope(dual_delta, k, step), kTruncation);
}

TEST(GreeksLaw, AreTheSlopesOfThePrice) {
  std::mt19937_64 rng(20240229);
  for (int trial = 0; trial < 2000 && !testing::Test::HasFailure(); ++trial) {
    SCOPED_TRACE(trial);
    expect_slopes(black, any_market(rng, false));
    expect_slopes(bachelier, any_market(rng, true));
  }
}

TEST(GreeksLaw, ObeyParity) {
  std::mt19937_64 rng(11);
  for (int trial = 0; trial < 2000; ++trial) {
    for (const bool normal : {false, true}) {
      const Market m = any_market(rng, normal);
      const Model model = normal ? bachelier : black;
      const Greeks call = model(OptionType::call, m.f, m.k, m.vol, m.t),
                   put = model(OptionType::put, m.f, m.k, m.vol, m.t);
      ASSERT_NEAR(call.price - put.price, m.f - m.k, kRounding * (m.f + std::abs(m.k)));
      ASSERT_NEAR(call.delta - put.delta, 1, kRounding);
      ASSERT_NEAR(call.dual_delta - put.dual_delta, -1, kRounding);
      ASSERT_EQ(call.gamma, put.gamma);
      ASSERT_EQ(call.dual_gamma, put.dual_gamma);
      ASSERT_EQ(call.vega, put.vega);
      ASSERT_EQ(call.theta, put.theta);
    }
  }
}

// Black's price is homogeneous of degree 1 in forward and strike, Bachelier's depends on their difference.
TEST(GreeksLaw, ObeyTheSymmetryOfTheirModel) {
  std::mt19937_64 rng(12);
  for (int trial = 0; trial < 2000; ++trial) {
    const Market m = any_market(rng, false), n = any_market(rng, true);
    const Greeks a = black(m.type, m.f, m.k, m.vol, m.t), b = bachelier(n.type, n.f, n.k, n.vol, n.t);
    ASSERT_NEAR(m.f * a.delta + m.k * a.dual_delta, a.price, kRounding * (m.f + m.k));
    ASSERT_NEAR(m.f * m.f * a.gamma, m.k * m.k * a.dual_gamma, kRounding * m.f * m.f * a.gamma);
    ASSERT_EQ(b.delta, -b.dual_delta);
    ASSERT_EQ(b.gamma, b.dual_gamma);
  }
}

// --- edges -------------------------------------------------------------------------------------------
TEST(GreeksEdges, AtZeroVolAreThoseOfTheIntrinsicValue) {
  for (const Model model : {black, bachelier}) {
    const Greeks in = model(OptionType::put, 100, 120, 0, 1), at = model(OptionType::call, 100, 100, 0, 1);
    EXPECT_EQ(in.price, 20);
    EXPECT_EQ(in.delta, -1);
    EXPECT_EQ(in.dual_delta, 1);
    EXPECT_EQ(in.gamma, 0);
    EXPECT_EQ(in.vega, 0);
    EXPECT_EQ(in.theta, 0);
    EXPECT_EQ(at.delta, 0.5);
    EXPECT_EQ(at.dual_delta, -0.5);
    EXPECT_EQ(at.gamma, kInfinity);
    EXPECT_EQ(at.dual_gamma, kInfinity);
    EXPECT_EQ(at.theta, 0);
  }
}

TEST(GreeksEdges, AtExpiryDecayIsInfiniteAtTheMoneyOnly) {
  EXPECT_EQ(black(OptionType::call, 100, 100, 0.2, 0).theta, -kInfinity);
  EXPECT_EQ(black(OptionType::call, 100, 100, 0.2, 0).vega, 0);
  EXPECT_EQ(black(OptionType::call, 100, 101, 0.2, 0).theta, 0);
  EXPECT_EQ(bachelier(OptionType::call, -1, -1, 0.2, 0).theta, -kInfinity);
}

TEST(GreeksEdges, OfStrikeZeroAreThoseOfTheForward) {
  const Greeks call = black(OptionType::call, 100, 0, 0.2, 1), put = black(OptionType::put, 100, 0, 0.2, 1);
  EXPECT_EQ(call.price, 100);
  EXPECT_EQ(call.delta, 1);
  EXPECT_EQ(call.dual_delta, -1);
  EXPECT_EQ(call.gamma + call.vega + call.theta + call.dual_gamma, 0);
  EXPECT_EQ(put.price + put.delta + put.dual_delta, 0);
}

TEST(GreeksEdges, OfHugeAndTinyForwardsScale) {
  const Greeks one = black(OptionType::call, 1, 1.5, 0.1, 1);
  for (const double scale : {0x1p-900, 0x1p-300, 0x1p300, 0x1p900}) {
    const Greeks scaled = black(OptionType::call, scale, 1.5 * scale, 0.1, 1);
    EXPECT_EQ(scaled.delta, one.delta) << scale;
    EXPECT_NEAR(scaled.gamma * scale / one.gamma, 1, kRounding) << scale;
    EXPECT_NEAR(scaled.dual_gamma * scale / one.dual_gamma, 1, kRounding) << scale;
  }
}

// --- errors ------------------------------------------------------------------------------------------
std::string words(Model model, double f, double k, double vol, double t) {
  try {
    model(OptionType::call, f, k, vol, t);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(GreeksErrors, NameTheNumberAndTheRule) {
  EXPECT_EQ(words(black, 0, 1, 1, 1), "black_greeks: forward is 0, but must be positive and finite");
  EXPECT_EQ(words(black, NAN, 1, 1, 1), "black_greeks: forward is nan, but must be positive and finite");
  EXPECT_EQ(words(black, 1, -1, 1, 1), "black_greeks: strike is -1, but must be finite and at least 0");
  EXPECT_EQ(words(black, 1, 1, -1, 1), "black_greeks: vol is -1, but must be finite and at least 0");
  EXPECT_EQ(words(black, 1, 1, 1, -1), "black_greeks: t is -1, but must be finite and at least 0");
  EXPECT_EQ(words(black, 1, 1, 1, NAN), "black_greeks: t is nan, but must be finite and at least 0");
  EXPECT_EQ(words(bachelier, kInfinity, 1, 1, 1), "bachelier_greeks: forward is inf, but must be finite");
  EXPECT_EQ(words(bachelier, 1, NAN, 1, 1), "bachelier_greeks: strike is nan, but must be finite");
  EXPECT_EQ(words(bachelier, 1, 1, kInfinity, 1),
            "bachelier_greeks: normal vol is inf, but must be finite and at least 0");
  EXPECT_EQ(words(bachelier, -1, -2, 1, 1), "no error");
}

}  // namespace
}  // namespace strikenet
