// Bachelier prices, implied vols and Greeks against 50-digit arithmetic: the textbook formula, with digits to lose.
#include "strikenet/core/bachelier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/largest_error.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr double kPriceRounding = 1e-14;                              // promised by the header
constexpr double kVolRounding = 2e-15;                                // likewise
constexpr double kVolPromise = 1e-13;                                 // where the price pins its vol that well
constexpr double kPriceUlp = std::numeric_limits<double>::epsilon();  // else: what a rounding of the price does
constexpr double kLowestPrice = 1e-300;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Out of the money, away = |F - K|.
Exact exact_price(const Exact& away, const Exact& s) {
  const Exact d = away / s;
  return s * exact_density(d) - away * exact_normal(-d);
}

OptionType out_of_the_money(double f, double k) { return k < f ? OptionType::put : OptionType::call; }

double price_at(double f, double k, double s) {
  return bachelier_price(out_of_the_money(f, k), Forward(f), Strike(k), NormalTotalVol(s)).value();
}

std::string region(double price) {
  if (price < 1e-100) return "price below 1e-100";
  if (price < 1e-10) return "price below 1e-10";
  return "price from 1e-10";
}

// --- prices and Greeks --------------------------------------------------------------
TEST(BachelierPrice, EqualsFiftyDigitArithmetic) {
  ErrorByRegion worst;
  for (const double f : {-2.0, 0.0, 0.03, 100.0}) {
    for (const double s : grid(1e-8, 5.0, 40)) {
      for (int i = -80; i <= 80; ++i) {
        const double k = f + s * (37 * std::pow(i / 80.0, 3)), price = price_at(f, k, s);
        if (price < std::numeric_limits<double>::min()) continue;
        const Exact exact = exact_price(abs(Exact(f) - k), s);
        worst[region(price)].see(static_cast<double>(abs(price / exact - 1)), k, s);
      }
    }
  }
  report("price", worst);
  for (const auto& [name, largest] : worst)
    EXPECT_LE(largest.error(), kPriceRounding) << name;
  EXPECT_EQ(worst.size(), 3U);
}

TEST(BachelierGreeks, EqualFiftyDigitArithmetic) {
  ErrorByRegion worst;
  for (const double s : grid(1e-3, 5.0, 20)) {
    for (int i = -80; i <= 80; ++i) {
      const double f = 0.5, k = f + s * 0.4 * i;
      const bool call = k >= f;
      const Greeks greeks =
          bachelier_greeks(out_of_the_money(f, k), Forward(f), Strike(k), NormalVol(s), YearFraction(1));
      const Exact d = (Exact(f) - k) / s, delta = call ? exact_normal(d) : Exact(-exact_normal(-d));
      const auto see = [&](const char* name, double got, const Exact& wanted) {
        worst[name].see(static_cast<double>(abs(got / wanted - 1)), k, s);
      };
      see("delta", greeks.delta, delta);
      see("dual delta", greeks.dual_delta, -delta);
      see("vega", greeks.vega, exact_density(d));
      see("gamma", greeks.gamma, exact_density(d) / s);
      see("dual gamma", greeks.dual_gamma, exact_density(d) / s);
    }
  }
  report("greeks", worst);
  for (const auto& [name, largest] : worst)
    EXPECT_LE(largest.error(), 1e-13) << name;
}

// --- a fixed grid of 10,000 prices --------------------------------------------------
// The vol in 50 digits, by Newton's method from the vol found: a wrong start would lead to the right end.
Exact exact_vol(const Exact& away, const Exact& price, double start) {
  Exact s = start, step = s;
  for (int i = 0; i < 50 && abs(step) > s * Exact(1e-40); ++i) {
    step = (price - exact_price(away, s)) / exact_density(away / s);
    s += step;
  }
  return s;
}

// How many standard deviations out the price is still kLowestPrice.
double edge(double s) {
  double low = 0, high = 60;
  for (int i = 0; i < 60; ++i) {
    const double z = 0.5 * (low + high);
    (price_at(0, s * z, s) >= kLowestPrice ? low : high) = z;
  }
  return low;
}

class TenThousandPrices {
 public:
  // The double nearest to the exact price, in and out of the money.
  void see_vol(OptionType type, double f, double k, double s) {
    const Exact away = Exact(f) - k, intrinsic = type == OptionType::call ? away : Exact(-away);
    see_price(type, f, k, static_cast<double>(exact_price(abs(away), s) + (intrinsic > 0 ? intrinsic : Exact(0))));
  }

  void see_price(OptionType type, double f, double k, double price) {
    ++count_;
    const double rounded_intrinsic = std::max(type == OptionType::call ? f - k : k - f, 0.0);
    const ImpliedNormalVol vol = implied_normal_total_vol(type, Forward(f), Strike(k), Price(price));
    const double s = vol.vol.value();
    if (price < rounded_intrinsic) {
      EXPECT_EQ(vol.broken, PriceBound::below_intrinsic);
      return errors_["below intrinsic"].see(std::isnan(s) ? 0 : 1, k, s);
    }
    EXPECT_EQ(vol.broken, PriceBound::none);
    if (price == rounded_intrinsic) return errors_["at intrinsic"].see(s, k, s);
    see_root(type, f, k, price, s);
  }

  int count() const { return count_; }
  const ErrorByRegion& errors() const { return errors_; }

 private:
  void see_root(OptionType type, double f, double k, double price, double s) {
    const Exact away = Exact(f) - k, intrinsic = type == OptionType::call ? away : Exact(-away);
    const bool inside = intrinsic > 0;
    const Exact time_value = inside ? price - intrinsic : Exact(price), exact = exact_vol(abs(away), time_value, s);
    const double conditioning = static_cast<double>(price / (exact_density(away / exact) * exact));
    const std::string name = inside ? (time_value < price * 1e-8 ? "deep in the money" : "in the money")
                                    : "out of the money, " + region(price);
    errors_[name].see(static_cast<double>(abs(s / exact - 1)), std::max(kVolPromise, kPriceUlp * conditioning), k,
                      static_cast<double>(exact));
  }

  int count_ = 0;
  ErrorByRegion errors_;
};

TEST(ImpliedNormalTotalVol, IsThatOfFiftyDigitsOnAGridOfTenThousandPrices) {
  constexpr int kSide = 46;
  TenThousandPrices prices;
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    for (const double s : grid(1e-8, 5.0, 49)) {
      const double f = s < 1e-4 ? 0.0 : s < 0.1 ? -0.25 : 2.0;
      for (int i = 0; i < 2 * kSide; ++i) {
        const double side = i % 2 ? 1 : -1, away = edge(s) * s * (i + 0.5 * side) / (2 * kSide);
        const bool out = (type == OptionType::call) == (side > 0);
        prices.see_vol(type, f, f + side * away * (out ? 1 : 0.25), s);
      }
    }
    for (int i = 0; i < 200; ++i) {
      const double f = 0.5, k = f + (i - 100) / 10.0,
                   intrinsic = std::max(type == OptionType::call ? f - k : k - f, 0.0);
      prices.see_price(type, f, k, std::nextafter(intrinsic, -kInfinity));
      prices.see_price(type, f, k, intrinsic);
    }
  }
  report("implied vol", prices.errors());
  for (const auto& [name, largest] : prices.errors())
    EXPECT_LE(largest.share(), 1.0) << name;
  EXPECT_EQ(prices.count(), 10'000);
  EXPECT_EQ(prices.errors().size(), 7U);
}

TEST(ImpliedNormalTotalVol, IsTheRootOfAnyOutOfTheMoneyPriceToTheLastDigits) {
  std::mt19937_64 rng(20240229);
  std::uniform_real_distribution<double> exponent(-300, 300);
  double largest = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const double k = std::pow(10, exponent(rng)),
                 price = trial % 4 ? k * std::pow(10, exponent(rng) / 20) : std::pow(10, exponent(rng));
    if (!(price > std::numeric_limits<double>::min() && price < 1e300)) continue;
    const double s = implied_normal_total_vol(OptionType::call, Forward(0), Strike(k), Price(price)).vol.value();
    largest = std::max(largest, static_cast<double>(abs(s / exact_vol(k, price, s) - 1)));
  }
  RecordProperty("largest relative error", std::to_string(largest * 1e15) + "e-15");
  EXPECT_LE(largest, kVolRounding);
}

// --- hand-worked values ---------------------------------------------------------------
TEST(BachelierPrice, AtTheMoneyIsTheVolOverTheRootOfTwoPi) {
  EXPECT_DOUBLE_EQ(price_at(-3, -3, 2), 2 / std::sqrt(2 * std::acos(-1.0)));
  const auto vol = implied_normal_total_vol(OptionType::put, Forward(-3), Strike(-3), Price(1));
  EXPECT_DOUBLE_EQ(vol.vol.value(), std::sqrt(2 * std::acos(-1.0)));
}

TEST(BachelierPrice, OneDeviationOutIsTheTabulatedLoss) {
  // The unit normal loss at 1: n(1) - N(-1) = 0.2419707245 - 0.1586552539.
  EXPECT_NEAR(price_at(10, 12, 2), 2 * 0.0833154706, 1e-9);
  EXPECT_NEAR(price_at(10, 8, 2), 2 * 0.0833154706, 1e-9);
}

TEST(BachelierPrice, OfZeroVolIsIntrinsicAndOfInfiniteVolInfinite) {
  EXPECT_EQ(bachelier_price(OptionType::call, Forward(-1), Strike(-3), NormalTotalVol(0)), Price(2));
  EXPECT_EQ(bachelier_price(OptionType::put, Forward(-1), Strike(-3), NormalTotalVol(0)), Price(0));
  EXPECT_EQ(bachelier_price(OptionType::put, Forward(-1), Strike(-3), NormalTotalVol(kInfinity)), Price(kInfinity));
  const auto vol = implied_normal_total_vol(OptionType::put, Forward(-1), Strike(-3), Price(kInfinity));
  EXPECT_EQ(vol.vol, NormalTotalVol(kInfinity));
  EXPECT_EQ(vol.broken, PriceBound::none);
}

TEST(BachelierVega, IsTheNormalDensity) {
  EXPECT_NEAR(bachelier_vega(Forward(10), Strike(12), NormalTotalVol(2)), 0.24197072451914337, kPriceRounding);
  EXPECT_EQ(bachelier_vega(Forward(10), Strike(12), NormalTotalVol(0)), 0);
  EXPECT_NEAR(bachelier_vega(Forward(10), Strike(10), NormalTotalVol(0)), 0.3989422804014327, kPriceRounding);
  EXPECT_NEAR(bachelier_vega(Forward(10), Strike(12), NormalTotalVol(kInfinity)), 0.3989422804014327, kPriceRounding);
}

// --- laws ------------------------------------------------------------------------------
TEST(BachelierPrice, ObeysParityAndGrowsWithVol) {
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<double> number(-5, 5), vol(1e-3, 3);
  for (int trial = 0; trial < 2000; ++trial) {
    const Forward f(number(rng));
    const Strike k(number(rng));
    const NormalTotalVol s(vol(rng)), more(s.value() * 1.001);
    const double call = bachelier_price(OptionType::call, f, k, s).value(),
                 put = bachelier_price(OptionType::put, f, k, s).value();
    ASSERT_NEAR(call - put, f.value() - k.value(), 1e-14);
    ASSERT_GE(bachelier_price(OptionType::call, f, k, more).value(), call);
    ASSERT_GE(bachelier_price(OptionType::put, f, k, more).value(), put);
  }
}

// --- errors ----------------------------------------------------------------------------
using testing_support::words;

TEST(BachelierErrors, NameTheNumberAndTheRule) {
  const auto price = [](double f, double k, double s) {
    return words([=] { bachelier_price(OptionType::call, Forward(f), Strike(k), NormalTotalVol(s)); });
  };
  EXPECT_EQ(price(NAN, 1, 1), "bachelier_price: forward is nan, but must be finite");
  EXPECT_EQ(price(1, -kInfinity, 1), "bachelier_price: strike is -inf, but must be finite");
  EXPECT_EQ(price(1.5e308, -1.5e308, 1), "bachelier_price: forward - strike is inf, but must be finite");
  EXPECT_EQ(price(1, 1, -1), "bachelier_price: normal total vol is -1, but must be at least 0");
  EXPECT_EQ(price(1, 1, NAN), "bachelier_price: normal total vol is nan, but must be at least 0");
  EXPECT_EQ(words([] { bachelier_vega(Forward(1), Strike(1), NormalTotalVol(-1)); }),
            "bachelier_vega: normal total vol is -1, but must be at least 0");
  EXPECT_EQ(words([] { implied_normal_total_vol(OptionType::put, Forward(1), Strike(1), Price(NAN)); }),
            "implied_normal_total_vol: price is nan, but must be a number");
  EXPECT_EQ(words([] { implied_normal_total_vol(OptionType::put, Forward(NAN), Strike(1), Price(1)); }),
            "implied_normal_total_vol: forward is nan, but must be finite");
}

}  // namespace
}  // namespace strikenet
