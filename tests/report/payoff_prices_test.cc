#include "strikenet/report/payoff_prices.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "report/reference_page.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/payoff/textbook.h"

namespace strikenet {
namespace {

using nlohmann::json;

constexpr double kRounding = 1e-12;

/// Boxes on [1/4, 3/4], [3/4, 5/4] and [5/4, 7/4] with probabilities 1/8, 3/4, 1/8 and 1/4, 1/2, 1/4; forward 100,
/// discount factor 1/2.
CallSurface surface() {
  const auto slice = [](const char* expiry, double t, std::vector<double> weights) {
    return SurfaceSlice{{expiry, ""},
                        YearFraction(t),
                        Forward(100),
                        DiscountFactor(0.5),
                        CallCurve(Activation::quadratic, {0.25, 0.75, 1.25, 1.75}, std::move(weights)),
                        {}};
  };
  return CallSurface(Surface{
      .as_of = "2026-01-02T21:00Z",
      .underlying = "",
      .activation = Activation::quadratic,
      .slices = {slice("2026-04-03", 0.25, {0.125, 0.75, 0.125}), slice("2026-07-03", 0.5, {0.25, 0.5, 0.25})}});
}

const std::vector<AskedExpiry> kExpiries = {{{"2026-04-03", ""}, YearFraction(0.25)},
                                            {{"2026-07-03", ""}, YearFraction(0.5)}};

TEST(PayoffPrices, AreThoseOfTheLegsAndTheirSum) {
  const CallPortfolio calls = to_calls(straddle(Strike(100)));
  const PayoffPrices prices = price_payoff(surface(), kExpiries, calls, Sticky::moneyness);
  ASSERT_EQ(prices.legs.size(), 8U);  // cash, shares, call, whole; twice
  // |S - 100| = S - 100 less 2 (100 - S)+ ... held as cash 100, shares -1 and 2 calls at the forward
  EXPECT_EQ(prices.legs[0].type, "cash");
  EXPECT_EQ(prices.legs[0].units, 100);
  EXPECT_EQ(prices.legs[0].price, 0.5);
  EXPECT_EQ(prices.legs[1].type, "shares");
  EXPECT_EQ(prices.legs[1].value, -50);
  EXPECT_EQ(prices.legs[2].type, "C");
  EXPECT_EQ(prices.legs[2].units, 2);
  EXPECT_NEAR(prices.legs[2].price, 0.5 * 10.9375, kRounding);
  EXPECT_NEAR(*prices.legs[2].probability, 0.5, kRounding);
  EXPECT_EQ(prices.legs[3].type, "payoff");
  EXPECT_NEAR(prices.legs[3].value, 10.9375, kRounding);
  EXPECT_NEAR(prices.legs[7].value, 15.625, kRounding);
  EXPECT_EQ(prices.legs[7].expiry, 1U);
}

// P(S < 75) = 1/8 and P(S > 125) = 1/8: the probability that the unit is on.
TEST(PayoffPrices, HaveTheProbabilityOfExerciseBesideEachOption) {
  const PayoffPrices prices =
      price_payoff(surface(), std::vector{kExpiries[0]}, to_calls(strangle(Strike(75), Strike(125))), Sticky::strike);
  ASSERT_EQ(prices.legs.size(), 3U);
  EXPECT_EQ(prices.legs[0].type, "P");
  EXPECT_NEAR(*prices.legs[0].probability, 0.125, kRounding);
  EXPECT_NEAR(*prices.legs[1].probability, 0.125, kRounding);
  EXPECT_FALSE(prices.legs[2].probability);
}

TEST(PayoffPrices, HaveGreeksThatAddUp) {
  for (const Sticky sticky : {Sticky::strike, Sticky::moneyness}) {
    const PayoffPrices prices =
        price_payoff(surface(), kExpiries, to_calls(condor(Strike(70), Strike(90), Strike(100), Strike(130))), sticky);
    Greeks sum;
    for (const PayoffLeg& leg : prices.legs) {
      if (leg.type == "payoff") {
        EXPECT_NEAR(leg.greeks.delta, sum.delta, kRounding);
        EXPECT_NEAR(leg.greeks.vega, sum.vega, 100 * kRounding);
        EXPECT_NEAR(leg.greeks.theta, sum.theta, 100 * kRounding);
        EXPECT_NEAR(leg.value, sum.price, 100 * kRounding);
        sum = {};
        continue;
      }
      sum.price += leg.value;
      sum.delta += leg.greeks.delta;
      sum.gamma += leg.greeks.gamma;
      sum.vega += leg.greeks.vega;
      sum.theta += leg.greeks.theta;
    }
  }
}

TEST(PayoffPrices, OfNothingAreOneLineOfZero) {
  const PayoffPrices prices =
      price_payoff(surface(), std::vector{kExpiries[0]}, CallPortfolio(0, 0, {}), Sticky::strike);
  ASSERT_EQ(prices.legs.size(), 1U);
  EXPECT_EQ(prices.legs[0].value, 0);
  EXPECT_TRUE(price_payoff(surface(), {}, CallPortfolio(1, 0, {}), Sticky::strike).legs.empty());
}

TEST(PayoffPrices, HaveTheValueOfTheWholeWithoutTheLegsToo) {
  const CallPortfolio calls = to_calls(condor(Strike(70), Strike(90), Strike(100), Strike(130)));
  const PayoffPrices prices = price_payoff(surface(), kExpiries, calls, Sticky::strike);
  const std::vector<double> values = payoff_values(surface(), kExpiries, calls);
  ASSERT_EQ(values.size(), 2U);
  EXPECT_NEAR(values[1], prices.legs.back().value, 100 * kRounding);
}

TEST(PayoffPricesText, HasTheColumnsAndFieldsOfTheReference) {
  const CallSurface on = surface();
  const Certificate certificate = prove_arbitrage_free(on.surface());
  const PayoffPrices prices = price_payoff(on, kExpiries, to_calls(call(Strike(110))), Sticky::moneyness);
  const std::vector<PriceBounds> bounds = {{1, 2}, {3, 4}};
  const json written = json::parse(payoff_json({on, certificate, "calendar"}, {"call:110", 0.5, bounds}, prices, true));
  EXPECT_EQ(written["schema"], "strikenet.payoff-prices/1");
  EXPECT_EQ(written["payoff"], "call:110");
  EXPECT_EQ(written["error"], 0.5);
  EXPECT_EQ(written["bounds"][1][0], 3);
  std::set<std::string> columns;
  for (const auto& [name, value] : written["legs"][0].items())
    columns.insert(name);
  EXPECT_EQ(columns, testing_support::documented_fields("prices.md", "## Columns of --payoff"));
  const std::string csv = payoff_csv(prices, false);
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "expiry,root,t,forward,discount,type,strike,units,price,value,probability,vol");
  EXPECT_NE(payoff_table(prices, true).find("theta"), std::string::npos);
  EXPECT_EQ(payoff_table(prices, false).find("theta"), std::string::npos);
}

}  // namespace
}  // namespace strikenet
