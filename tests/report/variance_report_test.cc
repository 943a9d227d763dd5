#include "strikenet/report/variance_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;

/// Two points, 1/2 and 2, in t = 1: see variance_swap_test.
const SurfaceSlice kLaw{{"T=1"},
                        YearFraction(1),
                        Forward(100),
                        DiscountFactor(0.5),
                        CallCurve(Activation::relu, {0.5, 2}, {2.0 / 3, 1.0 / 3}),
                        QuotedStrikes{60, 150}};

VarianceSwap strip() {
  HedgeMarket market{.quotes = {}, .discount = kLaw.discount, .forward = kLaw.forward};
  for (const double strike : {80.0, 100.0, 120.0})
    for (const OptionType type : {OptionType::put, OptionType::call}) {
      const double middle = price(kLaw, type, Strike(strike));
      market.quotes.push_back({type, Strike(strike), middle - 1, middle + 1});
    }
  return *variance_swap(market, kLaw.t, {.weights = StripWeights::trapezoid});
}

TEST(VarianceReport, OfALawHasTheVarianceOfAllStrikes) {
  const VarianceReport report{.law = kLaw, .corridor = std::pair(80.0, 120.0)};
  const auto json = nlohmann::json::parse(variance_json(report));
  EXPECT_EQ(json["schema"], "strikenet.varswap/1");
  EXPECT_EQ(json["from"], "law");
  EXPECT_EQ(json["fair_variance"], fair_variance(kLaw));
  EXPECT_NEAR(json["truncation_error"], fair_corridor_variance(kLaw, 0, 60) + fair_corridor_variance(kLaw, 150, 1e9),
              kRounding);
  EXPECT_EQ(json["law"]["corridor"]["variance"], fair_corridor_variance(kLaw, 80, 120));
  EXPECT_TRUE(json["law"]["discreteness"].is_null());
  EXPECT_TRUE(json["legs"].empty());
  EXPECT_NE(variance_table(report).find("of the fitted law\n"), std::string::npos);
}

TEST(VarianceReport, OfQuotesHasTheVarianceOfTheStripAndWhyTheLawDiffers) {
  const VarianceReport report{.law = kLaw, .strip = strip(), .weights = StripWeights::trapezoid, .from_quotes = true};
  const auto json = nlohmann::json::parse(variance_json(report));
  EXPECT_EQ(json["from"], "quotes");
  EXPECT_EQ(json["fair_variance"], report.strip->fair_variance);
  EXPECT_EQ(json["truncation_error"], report.strip->truncation_error);
  EXPECT_EQ(json["legs"].size(), 4u);
  // The middles are the law's prices: law = strip + extrapolated - discreteness.
  EXPECT_NEAR(json["law"]["variance"],
              report.strip->fair_variance + json["law"]["extrapolated"].get<double>() -
                  json["law"]["discreteness"].get<double>(),
              kRounding);
  const std::string table = variance_table(report);
  EXPECT_NE(table.find(", of the strip\n"), std::string::npos) << table;
  EXPECT_NE(table.find("bid, ask      vol "), std::string::npos) << table;
  EXPECT_NE(table.find("tails         beyond the strikes: at most "), std::string::npos) << table;
}

TEST(VixReport, SplitsTheDifferenceToTheLaws) {
  SurfaceSlice near_law = kLaw, next_law = kLaw;
  near_law.t = YearFraction(25 / 365.0);
  next_law.t = YearFraction(40 / 365.0);
  const double rate_near = std::log(2) / near_law.t.value(), rate_next = std::log(2) / next_law.t.value();
  const std::vector<VixOption> options{{80, 8}, {100, 16}, {120, 13}};
  const VixTerm near = vix_term(options, 100, Forward(100), near_law.t, rate_near),
                next = vix_term(options, 100, Forward(100), next_law.t, rate_next);
  const VixReport report{"A", "B", near, next, std::pair(law_of_term(near, near_law), law_of_term(next, next_law))};
  const auto json = nlohmann::json::parse(vix_json(report));
  EXPECT_EQ(json["schema"], "strikenet.vix/1");
  EXPECT_EQ(json["near"]["expiry"], "A");
  EXPECT_EQ(json["near"]["options"], 3);
  EXPECT_EQ(json["next"]["k0"], 100);
  EXPECT_EQ(json["vix"], vix_index(near, next));
  const auto laws = json["laws"];
  EXPECT_NEAR(laws["vix"].get<double>() - json["vix"].get<double>(),
              laws["truncation"].get<double>() + laws["discreteness"].get<double>() + laws["prices"].get<double>(),
              1e-9);
  // Three prices are the law's own: 0.5 * 20, 0.5 * 33.3 and 0.5 * 26.7, which are not those above.
  EXPECT_NEAR(report.laws->first.at_law,
              vix_term({{80, 10}, {100, 50.0 / 3}, {120, 40.0 / 3}}, 100, Forward(100), near_law.t, rate_near).variance,
              1e-9);
  EXPECT_NE(vix_table(report).find("fitted laws"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(vix_json({"near", "next", near, next}))["laws"].is_null());
}

}  // namespace
}  // namespace strikenet
