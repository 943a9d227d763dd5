// Prices and implied vols of the core against QuantLib's formulas, where those converge.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <ql/pricingengines/blackformula.hpp>

#include "strikenet/core/bachelier.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

constexpr double kRounding = 2e-15;  // of forward plus strike

ql::Option::Type side(OptionType type) { return type == OptionType::call ? ql::Option::Call : ql::Option::Put; }

TEST(BlackPriceAndQuantLib, AgreeToTheRoundingOfTheForward) {
  double largest = 0;
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    for (double log_k = -3; log_k <= 3; log_k += 0.05) {
      for (double s = 1e-4; s <= 5; s *= 1.3) {
        const double k = 100 * std::exp(log_k), ours = black_price(type, Forward(100), Strike(k), TotalVol(s)).value();
        const double judge = ql::blackFormula(side(type), k, 100, s), difference = std::abs(ours - judge) / (100 + k);
        largest = std::max(largest, difference);
        ASSERT_LE(difference, kRounding) << "strike " << k << ", total vol " << s;
        ASSERT_NEAR(black_vega(Forward(100), Strike(k), TotalVol(s)), ql::blackFormulaStdDevDerivative(k, 100, s),
                    1e-11);
      }
    }
  }
  std::cout << "largest difference of Black prices: " << largest << " of forward plus strike\n";
}

TEST(BachelierPriceAndQuantLib, AgreeToTheRoundingOfTheForward) {
  double largest = 0;
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    for (double k = -3; k <= 3; k += 0.04) {
      for (double s = 1e-4; s <= 5; s *= 1.3) {
        const double ours = bachelier_price(type, Forward(0.5), Strike(k), NormalTotalVol(s)).value();
        const double judge = ql::bachelierBlackFormula(side(type), k, 0.5, s), size = 0.5 + std::abs(k) + s;
        largest = std::max(largest, std::abs(ours - judge) / size);
        ASSERT_NEAR(ours, judge, kRounding * size) << "strike " << k << ", vol " << s;
        ASSERT_NEAR(bachelier_vega(Forward(0.5), Strike(k), NormalTotalVol(s)),
                    ql::bachelierBlackFormulaStdDevDerivative(k, 0.5, s), 1e-13);
      }
    }
  }
  std::cout << "largest difference of Bachelier prices: " << largest << " of forward plus strike plus vol\n";
}

// QuantLib's solver is asked for 1e-14; it gives up far out, where vega is small beside the price's rounding.
TEST(ImpliedTotalVolAndQuantLib, AgreeWhereQuantLibConverges) {
  int compared = 0, given_up = 0;
  for (double z = -4; z <= 4; z += 0.1) {
    for (const double s : {0.02, 0.1, 0.3, 1.0, 2.0}) {
      const double k = 100 * std::exp(z * s);
      const OptionType type = k < 100 ? OptionType::put : OptionType::call;
      const Price price = black_price(type, Forward(100), Strike(k), TotalVol(s));
      const double ours = implied_total_vol(type, Forward(100), Strike(k), price).vol.value();
      try {
        const double judge =
            ql::blackFormulaImpliedStdDev(side(type), k, 100, price.value(), 1, 0, ql::Null<double>(), 1e-14);
        EXPECT_NEAR(ours, judge, 1e-10 * s) << "strike " << k << ", total vol " << s;
        ++compared;
      } catch (const ql::Error&) {
        ++given_up;
      }
    }
  }
  std::cout << compared << " implied vols compared, " << given_up << " given up by QuantLib\n";
  EXPECT_GE(compared, 300);
}

// Choi, Kim and Kwak's approximation, as QuantLib has it, is good to about 1e-9 near the money.
TEST(ImpliedNormalTotalVolAndQuantLib, AgreeWithinItsApproximation) {
  for (double z = -3; z <= 3; z += 0.05) {
    for (const double s : {1e-3, 0.02, 0.5}) {
      const double k = 0.03 + z * s;
      const OptionType type = k < 0.03 ? OptionType::put : OptionType::call;
      const Price price = bachelier_price(type, Forward(0.03), Strike(k), NormalTotalVol(s));
      const double ours = implied_normal_total_vol(type, Forward(0.03), Strike(k), price).vol.value();
      const double judge = ql::bachelierBlackFormulaImpliedVol(side(type), k, 0.03, 1, price.value());
      EXPECT_NEAR(ours, judge, 1e-8 * s) << "strike " << k << ", vol " << s;
    }
  }
}

}  // namespace
}  // namespace strikenet
