// Black prices and implied vols against 50-digit arithmetic, which shares no formula with them: the textbook
// difference of two normal probabilities, with digits to lose.
#include "strikenet/core/black.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "core/largest_error.h"
#include "strikenet/core/greeks.h"
#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr double kPriceRounding = 1e-14;  // promised by the header
constexpr double kVolRounding = 2e-15;    // likewise
constexpr double kSmallestNormal = std::numeric_limits<double>::min();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Out of the money, forward 1.
Exact exact_price(double k, double s) {
  const Exact strike(k), vol(s);
  const Exact a = abs(log(strike)), h = -a / vol, t = vol / 2;
  const Exact lower = k < 1 ? strike : Exact(1), upper = k < 1 ? Exact(1) : strike;
  return lower * exact_normal(h + t) - upper * exact_normal(h - t);
}

Exact exact_vega(double k, double s) {
  const Exact strike(k), vol(s);
  const Exact d1 = -log(strike) / vol + vol / 2;
  return exact_density(d1);
}

OptionType out_of_the_money(double k) { return k < 1.0 ? OptionType::put : OptionType::call; }

double price_at(double k, double s) {
  return black_price(out_of_the_money(k), Forward(1.0), Strike(k), TotalVol(s)).value();
}

// By how much of the forward the price is: wings, middle, near the upper bound.
std::string region(double price, double bound) {
  if (price < 1e-100 * bound) return "price below 1e-100";
  if (price < 1e-10 * bound) return "price below 1e-10";
  if (price < 0.5 * bound) return "price below 1/2";
  return "near the bound";
}

ErrorByRegion judge(double (*error)(double k, double s, double price)) {
  ErrorByRegion worst;
  std::vector<double> strikes = grid(1e-3, 1e3, 40);
  for (double near : {1e-12, 1e-8, 1e-5, 1e-3, 0.02})
    strikes.insert(strikes.end(), {1.0 - near, 1.0 + near});
  for (const double k : strikes) {
    for (const double s : grid(1e-4, 5.0, 60)) {
      const double price = price_at(k, s);
      if (price < kSmallestNormal) continue;
      worst[region(price, std::min(k, 1.0))].see(error(k, s, price), k, s);
    }
  }
  return worst;
}

void report_and_expect(const char* what, const ErrorByRegion& worst, double most) {
  report(what, worst);
  for (const auto& [name, largest] : worst)
    EXPECT_LE(largest.error(), most) << name;
  EXPECT_EQ(worst.size(), 4U);
}

TEST(BlackPrice, EqualsFiftyDigitArithmetic) {
  report_and_expect("price", judge([](double k, double s, double price) {
                      const Exact exact = exact_price(k, s);
                      return static_cast<double>(abs(price / exact - 1));
                    }),
                    kPriceRounding);
}

// The error is how far the vol is from the one whose exact price is the given double: one Newton step in 50 digits.
TEST(ImpliedTotalVol, IsTheRootOfTheGivenPriceToTheLastDigits) {
  report_and_expect("vol", judge([](double k, double, double price) {
                      if (price >= std::min(k, 1.0)) return 0.0;  // rounded to its bound: no vol
                      const ImpliedVol vol =
                          implied_total_vol(out_of_the_money(k), Forward(1.0), Strike(k), Price(price));
                      const double s = vol.vol.value();
                      return static_cast<double>(abs((exact_price(k, s) - price) / (exact_vega(k, s) * s)));
                    }),
                    kVolRounding);
}

TEST(ImpliedTotalVol, FindsTheVolOfAnyPriceADoubleAllows) {
  std::mt19937_64 rng(20240229);
  std::uniform_real_distribution<double> exponent(-1000.0, 0.0), moneyness(-300.0, 300.0);
  for (int trial = 0; trial < 300; ++trial) {
    const double k = std::exp(trial % 3 ? moneyness(rng) / 40.0 : moneyness(rng)), bound = std::min(k, 1.0);
    const double part = std::exp2(exponent(rng) * (trial % 2 ? 1.0 : 0.05));
    const double price = trial % 5 ? bound * part : bound - bound * std::max(part, 0x1p-53);
    if (price < kSmallestNormal || price >= bound) continue;
    const double s = implied_total_vol(out_of_the_money(k), Forward(1.0), Strike(k), Price(price)).vol.value();
    const Exact error = abs((exact_price(k, s) - price) / (exact_vega(k, s) * s));
    ASSERT_LE(static_cast<double>(error), kVolRounding) << "trial " << trial << " k " << k << " price " << price;
  }
}

// --- a fixed grid of 10,000 prices ----------------------------------------------
// Of each price the vol in 50 digits, by Newton's method from the vol found: a wrong start would lead to the right end.
Exact exact_vol(double k, const Exact& price, double start) {
  Exact s = start, step = s;
  for (int i = 0; i < 50 && abs(step) > s * Exact(1e-40); ++i) {
    const Exact a = abs(log(Exact(k))), lower = k < 1 ? Exact(k) : Exact(1), upper = k < 1 ? Exact(1) : Exact(k);
    const Exact value = lower * exact_normal(-a / s + s / 2) - upper * exact_normal(-a / s - s / 2);
    step = (price - value) / (lower * exact_density(-a / s + s / 2));
    s += step;
  }
  return s;
}

constexpr double kVolPromise = 1e-13;                                 // where the price pins its vol that well
constexpr double kPriceUlp = std::numeric_limits<double>::epsilon();  // else: what a rounding of the price does
constexpr double kLowestPrice = 1e-300;

// How many standard deviations out the price is still kLowestPrice; side is -1 for puts, 1 for calls.
double edge(double s, double side) {
  double low = 0, high = 60;
  for (int i = 0; i < 60; ++i) {
    const double z = 0.5 * (low + high);
    (price_at(std::exp(side * z * s), s) >= kLowestPrice ? low : high) = z;
  }
  return low;
}

class TenThousandPrices {
 public:
  // The double nearest to the exact price, in and out of the money.
  void see_vol(OptionType type, double k, double s) {
    const bool call = type == OptionType::call;
    const Exact intrinsic = call ? 1 - Exact(k) : Exact(k) - 1;
    const double price = static_cast<double>(exact_price(k, s) + (intrinsic > 0 ? intrinsic : Exact(0)));
    see_price(type, k, price);
  }

  void see_price(OptionType type, double k, double price) {
    ++count_;
    const bool call = type == OptionType::call;
    const double rounded_intrinsic = std::max(call ? 1 - k : k - 1, 0.0), bound = call ? 1 : k;
    const ImpliedVol vol = implied_total_vol(type, Forward(1.0), Strike(k), Price(price));
    if (price < rounded_intrinsic) return expect(vol, PriceBound::below_intrinsic, "below intrinsic");
    if (price >= bound) return expect(vol, PriceBound::above_upper_bound, "at the upper bound");
    if (price == rounded_intrinsic) return expect(vol, PriceBound::none, "at intrinsic");
    see_root(type, k, price, vol.vol.value());
  }

  int count() const { return count_; }
  const ErrorByRegion& errors() const { return errors_; }

 private:
  void expect(const ImpliedVol& vol, PriceBound bound, const char* name) {
    EXPECT_EQ(vol.broken, bound) << name;
    const double s = vol.vol.value();
    errors_[name].see(bound == PriceBound::none ? s : std::isnan(s) ? 0 : 1, 1e-300, 0, s);
  }

  void see_root(OptionType type, double k, double price, double s) {
    const bool call = type == OptionType::call, inside = call ? k < 1 : k > 1;
    const Exact intrinsic = call ? 1 - Exact(k) : Exact(k) - 1, time_value = inside ? price - intrinsic : Exact(price);
    const Exact exact = exact_vol(k, time_value, s);
    const double share = static_cast<double>(time_value / price);
    const double conditioning = static_cast<double>(price / (exact_vega(k, static_cast<double>(exact)) * exact));
    const std::string name = inside ? (share < 1e-8 ? "deep in the money" : "in the money")
                                    : "out of the money, " + region(price, std::min(k, 1.0));
    errors_[name].see(static_cast<double>(abs(s / exact - 1)), std::max(kVolPromise, kPriceUlp * conditioning), k,
                      static_cast<double>(exact));
  }

  int count_ = 0;
  ErrorByRegion errors_;
};

// From the money out to a price of kLowestPrice; in the money to where the time value is lost beside the intrinsic one.
double reach(OptionType type, double s, double side) {
  const bool out = (type == OptionType::call) == (side > 0);
  return edge(s, side) * (out ? 1 : 0.25);
}

TEST(ImpliedTotalVol, IsThatOfFiftyDigitsOnAGridOfTenThousandPrices) {
  constexpr int kSide = 44;
  TenThousandPrices prices;
  std::vector<double> vols = grid(1e-8, 0.1, 24);
  for (const double s : grid(0.12, 5.0, 24))
    vols.push_back(s);
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    for (const double s : vols) {
      for (int i = 0; i < kSide; ++i) {
        prices.see_vol(type, std::exp(-reach(type, s, -1) * s * i / (kSide - 1)), s);
        prices.see_vol(type, std::exp(reach(type, s, 1) * s * (i + 0.5) / (kSide - 0.5)), s);
      }
    }
    for (const double k : grid(1e-9, 1e9, 199)) {
      const bool call = type == OptionType::call;
      const double intrinsic = std::max(call ? 1 - k : k - 1, 0.0);
      prices.see_price(type, k, std::nextafter(intrinsic, -kInfinity));
      prices.see_price(type, k, intrinsic);
      prices.see_price(type, k, call ? 1 : k);
    }
  }
  report("implied vol", prices.errors());
  for (const auto& [name, largest] : prices.errors())
    EXPECT_LE(largest.share(), 1.0) << name;
  EXPECT_EQ(prices.count(), 10'000);
  EXPECT_EQ(prices.errors().size(), 9U);
}

// --- Greeks, in 50 digits ---------------------------------------------------------
struct ExactGreeks {
  Exact delta, gamma, vega, dual_delta, dual_gamma;

  ExactGreeks(OptionType type, double k, double s) {
    const Exact vol(s), d1 = -log(Exact(k)) / vol + vol / 2, d2 = d1 - vol;
    const bool call = type == OptionType::call;
    delta = call ? exact_normal(d1) : Exact(-exact_normal(-d1));
    dual_delta = call ? Exact(-exact_normal(d2)) : exact_normal(-d2);
    vega = exact_density(d1);
    gamma = vega / vol;
    dual_gamma = exact_density(d2) / (Exact(k) * vol);
  }
};

TEST(BlackGreeks, EqualFiftyDigitArithmetic) {
  ErrorByRegion worst;
  for (const double k : grid(1e-3, 1e3, 40)) {
    for (const double s : grid(1e-3, 5.0, 40)) {
      const OptionType type = out_of_the_money(k);
      if (price_at(k, s) < kSmallestNormal) continue;
      const Greeks greeks = black_greeks(type, Forward(1.0), Strike(k), Vol(s), YearFraction(1.0));
      const ExactGreeks exact(type, k, s);
      const auto see = [&](const char* name, double got, const Exact& wanted) {
        worst[name].see(static_cast<double>(abs(got / wanted - 1)), k, s);
      };
      see("delta", greeks.delta, exact.delta);
      see("gamma", greeks.gamma, exact.gamma);
      see("vega", greeks.vega, exact.vega);
      see("dual delta", greeks.dual_delta, exact.dual_delta);
      see("dual gamma", greeks.dual_gamma, exact.dual_gamma);
    }
  }
  report("greeks", worst);
  for (const auto& [name, largest] : worst)
    EXPECT_LE(largest.error(), 1e-13) << name;
}

// --- cited and hand-worked values -------------------------------------------
TEST(BlackPrice, EqualsHaugsExample) {
  // Haug 2007, "The complete guide to option pricing formulas", 1.1.4: F = K = 19, T = 0.75, b = 0, vol 28 %, r = 10 %:
  // put 1.7011.
  const Price put = black_price(OptionType::put, Forward(19.0), Strike(19.0), TotalVol(0.28 * std::sqrt(0.75)));
  EXPECT_NEAR(put.value() * std::exp(-0.075), 1.7011, 5e-5);
}

TEST(BlackPrice, OfZeroVolIsIntrinsic) {
  EXPECT_EQ(black_price(OptionType::call, Forward(100.0), Strike(90.0), TotalVol(0.0)), Price(10.0));
  EXPECT_EQ(black_price(OptionType::put, Forward(100.0), Strike(90.0), TotalVol(0.0)), Price(0.0));
}

TEST(BlackPrice, OfInfiniteVolIsItsUpperBound) {
  EXPECT_EQ(black_price(OptionType::call, Forward(100.0), Strike(90.0), TotalVol(kInfinity)), Price(100.0));
  EXPECT_EQ(black_price(OptionType::put, Forward(100.0), Strike(90.0), TotalVol(kInfinity)), Price(90.0));
}

TEST(BlackPrice, OfStrikeZeroIsTheForward) {
  EXPECT_EQ(black_price(OptionType::call, Forward(100.0), Strike(0.0), TotalVol(0.3)), Price(100.0));
  EXPECT_EQ(black_price(OptionType::put, Forward(100.0), Strike(0.0), TotalVol(0.3)), Price(0.0));
}

TEST(BlackPrice, OfHugeAndTinyForwardsScales) {
  const double one = price_at(1.5, 0.1);
  for (const double scale : {0x1p-1000, 0x1p-300, 0x1p300, 0x1p1000}) {
    const Price price = black_price(OptionType::call, Forward(scale), Strike(1.5 * scale), TotalVol(0.1));
    EXPECT_NEAR(price.value() / scale / one, 1.0, kVolRounding) << scale;
  }
}

TEST(BlackPrice, OfAnUnderflowingWingIsZero) {
  EXPECT_EQ(price_at(2.0, 1e-3), 0.0);
  EXPECT_EQ(price_at(2.0, 1e-300), 0.0);
  EXPECT_EQ(black_vega(Forward(1.0), Strike(2.0), TotalVol(1e-300)), 0.0);
}

// --- laws ---------------------------------------------------------------------
TEST(BlackPrice, ObeysParityAndGrowsWithVol) {
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<double> log_k(-2.0, 2.0), vol(0.01, 3.0);
  for (int trial = 0; trial < 2000; ++trial) {
    const Forward f(100.0);
    const Strike k(100.0 * std::exp(log_k(rng)));
    const TotalVol s(vol(rng)), more(s.value() * 1.001);
    const double call = black_price(OptionType::call, f, k, s).value(),
                 put = black_price(OptionType::put, f, k, s).value();
    ASSERT_NEAR(call - put, f.value() - k.value(), 1e-13 * std::max(f.value(), k.value()));
    ASSERT_GE(black_price(OptionType::call, f, k, more).value(), call);
    ASSERT_GE(black_price(OptionType::put, f, k, more).value(), put);
  }
}

TEST(BlackVega, IsTheSlopeOfThePrice) {
  for (const double k : {0.01, 0.5, 0.999, 1.0, 1.3, 30.0}) {
    for (const double s : {0.01, 0.2, 1.0, 4.0}) {
      const double exact = static_cast<double>(exact_vega(k, s));
      EXPECT_NEAR(black_vega(Forward(1.0), Strike(k), TotalVol(s)), exact, kPriceRounding * exact);
    }
  }
  EXPECT_DOUBLE_EQ(black_vega(Forward(8.0), Strike(8.0), TotalVol(0.0)), 8.0 / std::sqrt(2.0 * std::acos(-1.0)));
  EXPECT_EQ(black_vega(Forward(8.0), Strike(9.0), TotalVol(0.0)), 0.0);
  EXPECT_EQ(black_vega(Forward(8.0), Strike(8.0), TotalVol(kInfinity)), 0.0);
}

// --- edges of the implied vol ---------------------------------------------------
TEST(ImpliedTotalVol, OfAnIntrinsicPriceIsZero) {
  for (const auto& [type, strike, price] : {std::tuple(OptionType::call, 90.0, 10.0),
                                            {OptionType::call, 110.0, 0.0},
                                            {OptionType::put, 110.0, 10.0},
                                            {OptionType::put, 100.0, 0.0}}) {
    const ImpliedVol vol = implied_total_vol(type, Forward(100.0), Strike(strike), Price(price));
    EXPECT_EQ(vol.vol, TotalVol(0.0));
    EXPECT_EQ(vol.broken, PriceBound::none);
  }
}

TEST(ImpliedTotalVol, SaysWhichBoundIsBroken) {
  const auto broken = [](OptionType type, double strike, double price) {
    const ImpliedVol vol = implied_total_vol(type, Forward(100.0), Strike(strike), Price(price));
    EXPECT_EQ(std::isnan(vol.vol.value()), vol.broken != PriceBound::none);
    return vol.broken;
  };
  EXPECT_EQ(broken(OptionType::call, 90.0, 9.999), PriceBound::below_intrinsic);
  EXPECT_EQ(broken(OptionType::call, 110.0, -1e-300), PriceBound::below_intrinsic);
  EXPECT_EQ(broken(OptionType::call, 90.0, -kInfinity), PriceBound::below_intrinsic);
  EXPECT_EQ(broken(OptionType::put, 110.0, 9.0), PriceBound::below_intrinsic);
  EXPECT_EQ(broken(OptionType::call, 90.0, 100.0), PriceBound::above_upper_bound);
  EXPECT_EQ(broken(OptionType::put, 90.0, 90.0), PriceBound::above_upper_bound);
  EXPECT_EQ(broken(OptionType::put, 90.0, kInfinity), PriceBound::above_upper_bound);
  EXPECT_EQ(broken(OptionType::put, 90.0, std::nextafter(90.0, 0.0)), PriceBound::none);
  EXPECT_EQ(broken(OptionType::call, 90.0, std::nextafter(100.0, 0.0)), PriceBound::none);
}

TEST(ImpliedTotalVol, OfAnInTheMoneyPriceIsThatOfItsTimeValue) {
  const double s = 0.25;
  const Price call = black_price(OptionType::call, Forward(100.0), Strike(80.0), TotalVol(s));
  EXPECT_NEAR(implied_total_vol(OptionType::call, Forward(100.0), Strike(80.0), call).vol.value(), s, 1e-14);
}

TEST(ImpliedTotalVol, OfTheSmallestDoubleIsFinite) {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double s = implied_total_vol(OptionType::call, Forward(1.0), Strike(2.0), Price(tiny)).vol.value();
  EXPECT_NEAR(static_cast<double>(log(exact_price(2.0, s)) - log(Exact(tiny))), 0.0, 1e-12);
  EXPECT_GT(implied_total_vol(OptionType::call, Forward(1.0), Strike(1.0), Price(tiny)).vol.value(), 0.0);
}

// --- errors: the words are part of the contract ------------------------------------
using testing_support::words;

TEST(BlackErrors, NameTheNumberAndTheRule) {
  const auto price = [](double f, double k, double s) {
    return words([=] { black_price(OptionType::call, Forward(f), Strike(k), TotalVol(s)); });
  };
  EXPECT_EQ(price(0.0, 1.0, 1.0), "black_price: forward is 0, but must be positive and finite");
  EXPECT_EQ(price(NAN, 1.0, 1.0), "black_price: forward is nan, but must be positive and finite");
  EXPECT_EQ(price(1.0, -1.0, 1.0), "black_price: strike is -1, but must be finite and at least 0");
  EXPECT_EQ(price(1.0, kInfinity, 1.0), "black_price: strike is inf, but must be finite and at least 0");
  EXPECT_EQ(price(1.0, 1.0, -0.5), "black_price: total vol is -0.5, but must be at least 0");
  EXPECT_EQ(price(1.0, 1.0, NAN), "black_price: total vol is nan, but must be at least 0");
  EXPECT_EQ(words([] { black_vega(Forward(1.0), Strike(1.0), TotalVol(-1.0)); }),
            "black_vega: total vol is -1, but must be at least 0");
  EXPECT_EQ(words([] { implied_total_vol(OptionType::put, Forward(1.0), Strike(0.0), Price(0.1)); }),
            "implied_total_vol: strike is 0, but must be positive and finite");
  EXPECT_EQ(words([] { implied_total_vol(OptionType::put, Forward(1.0), Strike(1.0), Price(NAN)); }),
            "implied_total_vol: price is nan, but must be a number");
}

}  // namespace
}  // namespace strikenet
