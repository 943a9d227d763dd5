// How well a fit knows the prices between its quotes: 40 noiseless quotes of a model, judged at 200 strikes in between.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "fitting/oracle_quotes.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr HestonParameters kHeston{.v0 = 0.04, .kappa = 1.5, .theta = 0.04, .sigma = 0.6, .rho = -0.7};
constexpr BatesParameters kBates{kHeston, /*lambda=*/0.1, /*jump_mean=*/-0.05, /*jump_sd=*/0.15};
constexpr double kAllowed = 1e-5;  // vol, root of the mean square: a tenth of a basis point

struct Model {
  const char* name;
  bool jumps;
  double t;
};

void PrintTo(const Model& model, std::ostream* out) { *out << model.name; }

double price(const Model& model, OptionType type, double strike) {
  const std::vector<double> strikes{strike};
  return model.jumps ? bates_prices(kBates, type, Forward(100), YearFraction(model.t), strikes).front()
                     : heston_prices(kHeston, type, Forward(100), YearFraction(model.t), strikes).front();
}

OptionType side(double strike) { return strike < 100 ? OptionType::put : OptionType::call; }

double total_vol(const Model& model, double strike) {
  return implied_total_vol(side(strike), Forward(100), Strike(strike), Price(price(model, side(strike), strike)))
      .vol.value();
}

class BetweenQuotes : public testing::TestWithParam<Model> {};

TEST_P(BetweenQuotes, OneHundredAndSixtyCubicUnitsKnowTheModelsVolsToATenthOfABasisPoint) {
  const Model model = GetParam();
  const double sd = total_vol(model, 100);
  std::vector<SmileQuote> quotes;
  for (int i = 0; i < 40; ++i) {
    const double strike = 100 * std::exp(sd * (-4 + 8.0 * i / 39)), value = price(model, side(strike), strike);
    quotes.push_back({Strike(strike), side(strike), Price(value), Price(value)});
  }
  const FitResult fit = fit_smile(quotes, Forward(100), {.units = 160});
  ASSERT_TRUE(fit.usable()) << fit.message;
  double squares = 0, largest = 0;
  for (int i = 0; i < 200; ++i) {
    const double strike = 100 * std::exp(sd * (-4 + 8 * (i + 0.5) / 200));
    const double error =
        (implied_total_vol(fit.curve, strike / 100).value() - total_vol(model, strike)) / std::sqrt(model.t);
    squares += error * error;
    largest = std::max(largest, std::abs(error));
  }
  std::cout << model.name << ": rms " << 1e4 * std::sqrt(squares / 200) << " bp, max " << 1e4 * largest << " bp\n";
  EXPECT_LT(std::sqrt(squares / 200), kAllowed);
}

INSTANTIATE_TEST_SUITE_P(Models, BetweenQuotes,
                         testing::Values(Model{"HestonOneMonth", false, 1.0 / 12}, Model{"HestonHalfYear", false, 0.5},
                                         Model{"HestonTwoYears", false, 2}, Model{"BatesOneMonth", true, 1.0 / 12},
                                         Model{"BatesHalfYear", true, 0.5}, Model{"BatesTwoYears", true, 2}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace strikenet
