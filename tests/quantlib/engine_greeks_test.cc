// QuantLib's Greeks: those it has against ours, and the differences of those it has not against what must hold.
#include "strikenet/quantlib/engine_greeks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "oracle/quantlib_smiles.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;
constexpr double kTruncation = 1e-5;  // of the differences, as the header says: of the largest gamma
constexpr double kForward = 100;
const std::vector<double> kStrikes = {60, 80, 90, 97, 100, 103, 110, 125, 160};

TEST(BlackCalculatorGreeks, AreThoseOfTheCore) {
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    for (const double vol : {0.05, 0.2, 0.9}) {
      for (const double t : {0.02, 0.5, 5.0}) {
        const auto judge = black_calculator_greeks(Vol(vol), type, Forward(kForward), YearFraction(t), kStrikes);
        for (std::size_t i = 0; i < kStrikes.size(); ++i) {
          const Greeks ours = black_greeks(type, Forward(kForward), Strike(kStrikes[i]), Vol(vol), YearFraction(t));
          EXPECT_NEAR(ours.price, judge[i].price, kRounding * kForward);
          EXPECT_NEAR(ours.delta, judge[i].delta, kRounding);
          EXPECT_NEAR(ours.gamma, judge[i].gamma, kRounding);
          EXPECT_NEAR(ours.vega, judge[i].vega, kRounding * kForward * 10);
          EXPECT_NEAR(ours.theta, judge[i].theta, kRounding * kForward * 10);
          EXPECT_NEAR(ours.dual_delta, judge[i].dual_delta, kRounding);
          EXPECT_NEAR(ours.dual_gamma, judge[i].dual_gamma, kRounding);
        }
      }
    }
  }
}

void expect_near(const Greeks& got, const Greeks& judge, double s, double t) {
  const double largest_gamma = 0.4 / (kForward * s), largest_vega = 0.4 * kForward * std::sqrt(t);
  EXPECT_NEAR(got.price, judge.price, 1e-10 * kForward);
  EXPECT_NEAR(got.delta, judge.delta, kTruncation);
  EXPECT_NEAR(got.gamma, judge.gamma, kTruncation * largest_gamma);
  EXPECT_NEAR(got.theta, judge.theta, kTruncation * largest_vega * s / (2 * t * std::sqrt(t)));
  EXPECT_NEAR(got.dual_delta, judge.dual_delta, kTruncation);
  EXPECT_NEAR(got.dual_gamma, judge.dual_gamma, 4 * kTruncation * largest_gamma);
}

// SABR with beta = 1 and no vol of vol is Black, so that its differences meet the Greeks they stand for.
TEST(SabrGreeks, OfAConstantLognormalVolAreBlacks) {
  for (const double alpha : {0.05, 0.2, 0.6}) {
    const SabrParameters flat{.alpha = alpha, .beta = 1, .nu = 0, .rho = 0};
    for (const OptionType type : {OptionType::call, OptionType::put}) {
      const auto got = sabr_greeks(flat, type, Forward(kForward), YearFraction(1), kStrikes);
      const auto judge = black_calculator_greeks(Vol(alpha), type, Forward(kForward), YearFraction(1), kStrikes);
      for (std::size_t i = 0; i < kStrikes.size(); ++i) {
        expect_near(got[i], judge[i], alpha, 1);
        EXPECT_NEAR(got[i].vega, judge[i].vega, kRounding * kForward);
      }
    }
  }
}

// Heston whose variance hardly moves is Black.
TEST(HestonGreeks, OfAVarianceThatStaysAreBlacks) {
  const HestonParameters still{.v0 = 0.04, .kappa = 1e-4, .theta = 0.04, .sigma = 1e-4, .rho = 0};
  const auto got = heston_greeks(still, OptionType::put, Forward(kForward), YearFraction(1), kStrikes);
  const auto judge = black_calculator_greeks(Vol(0.2), OptionType::put, Forward(kForward), YearFraction(1), kStrikes);
  for (std::size_t i = 0; i < kStrikes.size(); ++i) {
    SCOPED_TRACE(kStrikes[i]);
    EXPECT_NEAR(got[i].price, judge[i].price, 1e-6);
    EXPECT_NEAR(got[i].delta, judge[i].delta, kTruncation);
    EXPECT_NEAR(got[i].gamma, judge[i].gamma, kTruncation * 0.02);
    EXPECT_NEAR(got[i].vega, judge[i].vega, 1e-4 * 40);  // mean reversion: vega is that of Black times 1 - kappa / 2
    EXPECT_NEAR(got[i].theta, judge[i].theta, kTruncation * 4);
  }
}

// Prices of these models are homogeneous in forward and strike: Euler's relation, and its derivative.
void expect_homogeneous(const std::vector<Greeks>& all, double s) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double k = kStrikes[i], f = kForward;
    EXPECT_NEAR(f * all[i].delta + k * all[i].dual_delta, all[i].price, kTruncation * f) << k;
    EXPECT_NEAR(f * f * all[i].gamma, k * k * all[i].dual_gamma, 4 * kTruncation * f / s) << k;
  }
}

void expect_parity(const std::vector<Greeks>& calls, const std::vector<Greeks>& puts) {
  constexpr double kFirst = 1e-9, kSecond = 1e-6;  // the rounding of prices, magnified by the differences
  for (std::size_t i = 0; i < calls.size(); ++i) {
    EXPECT_NEAR(calls[i].price - puts[i].price, kForward - kStrikes[i], 1e-10 * kForward);
    EXPECT_NEAR(calls[i].delta - puts[i].delta, 1, kFirst);
    EXPECT_NEAR(calls[i].dual_delta - puts[i].dual_delta, -1, kFirst);
    EXPECT_NEAR(calls[i].gamma, puts[i].gamma, kSecond);
    EXPECT_NEAR(calls[i].vega, puts[i].vega, kFirst * 100 * kForward);
    EXPECT_NEAR(calls[i].theta, puts[i].theta, kFirst * 100 * kForward);
  }
}

TEST(HestonGreeks, ObeyHomogeneityAndParity) {
  for (const HestonParameters& model : {oracle::kIndexHeston, oracle::kWildHeston}) {
    for (const double t : {0.25, 1.0}) {
      const auto calls = heston_greeks(model, OptionType::call, Forward(kForward), YearFraction(t), kStrikes);
      const auto puts = heston_greeks(model, OptionType::put, Forward(kForward), YearFraction(t), kStrikes);
      expect_homogeneous(calls, std::sqrt(model.v0 * t));
      expect_parity(calls, puts);
    }
  }
}

TEST(BatesGreeks, ObeyHomogeneityAndParity) {
  const auto calls = bates_greeks(oracle::kIndexBates, OptionType::call, Forward(kForward), YearFraction(1), kStrikes);
  const auto puts = bates_greeks(oracle::kIndexBates, OptionType::put, Forward(kForward), YearFraction(1), kStrikes);
  expect_homogeneous(calls, 0.15);
  expect_parity(calls, puts);
}

TEST(SabrGreeks, ObeyParity) {
  expect_parity(sabr_greeks(oracle::kSabr, OptionType::call, Forward(kForward), YearFraction(1), kStrikes),
                sabr_greeks(oracle::kSabr, OptionType::put, Forward(kForward), YearFraction(1), kStrikes));
}

// Hagan et al. 2002, eq. 2.18, written out: at the money.
TEST(SabrVols, AtTheMoneyAreHagansFormula) {
  const auto& [alpha, beta, nu, rho] = oracle::kSabr;
  const double power = std::pow(kForward, 1 - beta), t = 2;
  const double correction = (1 - beta) * (1 - beta) / 24 * alpha * alpha / (power * power) +
                            rho * beta * nu * alpha / (4 * power) + (2 - 3 * rho * rho) / 24 * nu * nu;
  const auto vols = sabr_vols(oracle::kSabr, Forward(kForward), YearFraction(t), std::vector<double>{kForward});
  EXPECT_NEAR(vols[0], alpha / power * (1 + correction * t), kRounding);
}

TEST(SabrPrices, AreBlacksAtTheSmile) {
  const auto vols = sabr_vols(oracle::kSabr, Forward(kForward), YearFraction(2), kStrikes);
  const auto puts = oracle::sabr_puts(oracle::kSabr, kForward, 2, kStrikes);
  for (std::size_t i = 0; i < kStrikes.size(); ++i) {
    const std::vector<double> one = {kStrikes[i]};
    EXPECT_EQ(puts[i], oracle::black_puts(vols[i], kForward, 2, one)[0]);
  }
  EXPECT_GT(vols.front(), vols[4]);
}

// --- errors ---------------------------------------------------------------------------
std::string words(const SabrParameters& model, double t) {
  try {
    sabr_greeks(model, OptionType::call, Forward(kForward), YearFraction(t), kStrikes);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(EngineGreeksErrors, NameTheNumberAndTheRule) {
  EXPECT_EQ(words({.alpha = 0, .beta = 1, .nu = 0, .rho = 0}, 1),
            "sabr_vols: alpha is 0, but must be positive and finite");
  EXPECT_EQ(words({.alpha = 1, .beta = 2, .nu = 0, .rho = 0}, 1), "sabr_vols: beta is 2, but must lie in [0, 1]");
  EXPECT_EQ(words({.alpha = 1, .beta = 1, .nu = -1, .rho = 0}, 1),
            "sabr_vols: nu is -1, but must be finite and at least 0");
  EXPECT_EQ(words({.alpha = 1, .beta = 1, .nu = 0, .rho = 1}, 1), "sabr_vols: rho is 1, but must lie inside (-1, 1)");
  EXPECT_EQ(words(oracle::kSabr, 0), "sabr_vols: t is 0, but must be positive and finite");
  EXPECT_THROW(black_calculator_greeks(Vol(0), OptionType::call, Forward(1), YearFraction(1), kStrikes),
               PreconditionError);
  EXPECT_THROW(heston_greeks(oracle::kIndexHeston, OptionType::call, Forward(-1), YearFraction(1), kStrikes),
               PreconditionError);
  EXPECT_TRUE(bates_greeks(oracle::kIndexBates, OptionType::call, Forward(1), YearFraction(1), {}).empty());
}

}  // namespace
}  // namespace strikenet
