#include "strikenet/report/price_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "report/reference_page.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using nlohmann::json;

constexpr double kRounding = 1e-13;  // relative

/// Boxes on [1/4, 3/4], [3/4, 5/4], [5/4, 7/4] with a quarter, a half and a quarter of the mass. With x in halves of a
/// box, c(1) = 1/2 1/16 + 1/4 1/2 = 5/32; the law of one expiry at a quarter of a year, forward 100, discount 1/2.
Surface one_expiry(Activation activation = Activation::quadratic) {
  std::vector<double> knots = {0.25, 0.75, 1.25, 1.75};
  if (activation == Activation::relu) knots = {0.5, 1, 1.5};
  return {.as_of = "2026-01-02T21:00Z",
          .underlying = "ABC",
          .activation = activation,
          .slices = {{{"2026-04-04", "R"},
                      YearFraction(0.25),
                      Forward(100),
                      DiscountFactor(0.5),
                      CallCurve(activation, knots, {0.25, 0.5, 0.25}),
                      QuotedStrikes{80, 120}}}};
}

const std::vector<AskedExpiry> kExpiry = {{{"2026-04-04", "R"}, YearFraction(0.25)}};
constexpr double kTotalVol = 0.3941981685886246;  // 2 N^-1((1 + 5/32) / 2), by Wichura's AS 241

// --- values ----------------------------------------------------------------------------------------------------------

TEST(PriceOptions, GivesValuesWorkedByHand) {
  const auto prices = price_options(
      CallSurface(one_expiry()), kExpiry,
      std::vector<AskedOption>{
          {0, OptionType::call, Strike(100)}, {0, OptionType::put, Strike(75)}, {0, OptionType::put, Strike(125)}});
  ASSERT_EQ(prices.options.size(), 3U);
  const auto& [at_the_money, below, above] = std::tie(prices.options[0], prices.options[1], prices.options[2]);
  EXPECT_EQ(at_the_money.option.price, 50 * 5.0 / 32);
  EXPECT_NEAR(*at_the_money.option.vol, 2 * kTotalVol, kRounding);
  EXPECT_NEAR(*at_the_money.total_variance, kTotalVol * kTotalVol, kRounding);
  EXPECT_EQ(at_the_money.density, 0.01);  // half of the mass on half a forward
  EXPECT_EQ(at_the_money.cdf, 0.5);
  EXPECT_EQ(at_the_money.option.moneyness, 1);
  EXPECT_EQ(below.option.price, 50 * 0.25 * 0.25);  // a quarter of the mass, 1/4 below on average
  EXPECT_EQ(below.cdf, 0.25);
  EXPECT_EQ(above.option.price, 50 * (0.25 * 0.75 + 0.5 * 0.25));
  EXPECT_EQ(above.cdf, 0.75);
  EXPECT_FALSE(at_the_money.option.extrapolation || below.option.price == 0);
  EXPECT_TRUE(below.option.extrapolation.strike && above.option.extrapolation.strike);
  ASSERT_EQ(prices.expiries.size(), 1U);
  EXPECT_EQ(prices.expiries[0].key, kExpiry[0].key);
  EXPECT_EQ(prices.expiries[0].forward, Forward(100));
  EXPECT_EQ(prices.expiries[0].discount, DiscountFactor(0.5));
}

// X_t = 1 + sqrt(theta) (X - 1): at the money d c / d theta = c(1) / 2, theta = 4 t, and the density of X is 1.
TEST(PriceOptions, CapsLocalVolsAndCountsThem) {
  const double local_vol = std::sqrt(2 * 4 * (5.0 / 32) / 2);
  const std::vector<AskedOption> options = {{0, OptionType::call, Strike(100)}, {0, OptionType::call, Strike(200)}};
  const auto free = price_options(CallSurface(one_expiry()), kExpiry, options);
  EXPECT_NEAR(*free.options[0].local_vol, local_vol, kRounding);
  EXPECT_FALSE(free.options[0].local_vol_capped);
  EXPECT_EQ(free.local_vols_capped, 0U);
  const auto capped = price_options(CallSurface(one_expiry(), {.local_vol_cap = 0.5}), kExpiry, options);
  EXPECT_EQ(capped.options[0].local_vol, 0.5);
  EXPECT_TRUE(capped.options[0].local_vol_capped);
  EXPECT_EQ(capped.local_vols_capped, 1U);
  const auto at_the_cap =
      price_options(CallSurface(one_expiry(), {.local_vol_cap = *free.options[0].local_vol}), kExpiry, options);
  EXPECT_EQ(at_the_cap.local_vols_capped, 0U) << "at the cap is not above it";
}

TEST(PriceOptions, CountsWhatDoesNotExist) {
  const std::vector<AskedOption> options = {{0, OptionType::call, Strike(0)},
                                            {0, OptionType::call, Strike(100)},
                                            {0, OptionType::put, Strike(200)},
                                            {0, OptionType::put, Strike(std::numeric_limits<double>::infinity())}};
  const auto prices = price_options(CallSurface(one_expiry()), kExpiry, options);
  EXPECT_EQ(prices.without_vol, 3U);
  EXPECT_EQ(prices.without_local_vol, 3U);
  EXPECT_EQ(prices.options[0].option.price, 50);
  EXPECT_EQ(prices.options[0].option.vol, std::nullopt);
  EXPECT_EQ(prices.options[0].total_variance, std::nullopt);
  EXPECT_EQ(prices.options[2].local_vol, std::nullopt);
  EXPECT_EQ(prices.options[2].option.price, 50);
  const auto points = price_options(CallSurface(one_expiry(Activation::relu)), kExpiry, options);
  EXPECT_EQ(points.without_local_vol, 4U);
  EXPECT_EQ(points.options[1].density, 0);
}

TEST(PriceOptions, ReportsTheMoneynessAsItWasWritten) {
  const double written = 0.9, strike = written * 100.1;
  ASSERT_NE(strike / 100.1, written);
  Surface surface = one_expiry();
  surface.slices[0].forward = Forward(100.1);
  const auto prices = price_options(
      CallSurface(surface), kExpiry,
      std::vector<AskedOption>{{0, OptionType::put, Strike(strike), written}, {0, OptionType::put, Strike(strike)}});
  EXPECT_EQ(prices.options[0].option.moneyness, written);
  EXPECT_EQ(prices.options[1].option.moneyness, strike / 100.1);
}

TEST(PriceOptions, AnswersInTheOrderOfTheQuestions) {
  const std::vector<AskedExpiry> expiries = {{{"T=1"}, YearFraction(1)}, {{"T=0.25"}, YearFraction(0.25)}};
  const std::vector<AskedOption> options = {{1, OptionType::call, Strike(100)},
                                            {0, OptionType::put, Strike(90)},
                                            {1, OptionType::call, Strike(100)},
                                            {0, OptionType::put, Strike(80)}};
  const auto prices = price_options(CallSurface(one_expiry()), expiries, options);
  ASSERT_EQ(prices.options.size(), options.size());
  for (std::size_t i = 0; i < options.size(); ++i) {
    EXPECT_EQ(prices.options[i].option.expiry, options[i].expiry);
    EXPECT_EQ(prices.options[i].option.strike, options[i].strike);
  }
  EXPECT_TRUE(prices.options[1].option.extrapolation.beyond_last);
  EXPECT_FALSE(prices.options[0].option.extrapolation.beyond_last);
}

TEST(PriceOptions, RefusesWhatIsNoStrikeAndNoExpiry) {
  const CallSurface surface(one_expiry());
  for (const double strike : {-1.0, std::nan("")})
    EXPECT_THROW(price_options(surface, kExpiry, std::vector<AskedOption>{{0, OptionType::call, Strike(strike)}}),
                 PreconditionError);
  EXPECT_THROW(price_options(surface, kExpiry, std::vector<AskedOption>{{1, OptionType::call, Strike(1)}}),
               PreconditionError);
  EXPECT_TRUE(price_options(surface, {}, {}).options.empty());
}

// --- Greeks ----------------------------------------------------------------------------------------------------------

TEST(GreeksOfOptions, GivesThoseOfTheRuleAndOfTheSpot) {
  const std::vector<AskedOption> options = {{0, OptionType::call, Strike(100)}};
  const CallSurface surface(one_expiry(), {.spot = 80});
  const auto moneyness = greeks_of_options(surface, kExpiry, options, Sticky::moneyness);
  const OptionGreeks& greeks = moneyness.options.at(0);
  EXPECT_EQ(greeks.greeks.price, greeks.option.price);
  EXPECT_NEAR(greeks.greeks.delta, 0.5 * (5.0 / 32 + 0.5), kRounding);  // D (c + P(X > 1))
  EXPECT_NEAR(greeks.greeks.gamma, 0.5 * 0.01, kRounding);
  EXPECT_NEAR(greeks.greeks.dual_delta, -0.25, kRounding);
  EXPECT_NEAR(*greeks.spot_delta, greeks.greeks.delta * 1.25, kRounding);
  EXPECT_NEAR(*greeks.spot_gamma, greeks.greeks.gamma * 1.5625, kRounding);
  const auto strike = greeks_of_options(surface, kExpiry, options, Sticky::strike);
  EXPECT_NEAR(strike.options.at(0).greeks.delta, 0.5 * (1 + 5.0 / 32) / 2, kRounding);  // D N(s / 2)
  EXPECT_EQ(strike.sticky, Sticky::strike);
  const auto without = greeks_of_options(CallSurface(one_expiry()), kExpiry, options, Sticky::strike);
  EXPECT_EQ(without.options.at(0).spot_delta, std::nullopt);
}

// --- texts: of results made up by hand -------------------------------------------------------------------------------

PricedOption option(OptionType type, double strike, std::optional<double> vol, Extrapolation extrapolation) {
  return {.expiry = 0,
          .type = type,
          .strike = Strike(strike),
          .moneyness = strike / 100,
          .price = 2.5,
          .vol = vol,
          .extrapolation = extrapolation};
}

const std::vector<PricedExpiry> kPriced = {
    {{"2026-04-04", "A,\"B\""}, YearFraction(1.0 / 3), Forward(100), DiscountFactor(0.5)}};

OptionPrices prices() {
  return {.expiries = kPriced,
          .options = {{option(OptionType::call, 110, 0.2, {}), 0.01, 0.125, 0.75, 1.0, true},
                      {option(OptionType::put, 0.1, std::nullopt, {.strike = true, .beyond_last = true}), std::nullopt,
                       0, 1e-20, std::nullopt}},
          .without_vol = 1,
          .without_local_vol = 1,
          .local_vols_capped = 1};
}

GreeksOfOptions greeks(bool of_spot) {
  GreeksOfOptions result{.expiries = kPriced,
                         .options = {{option(OptionType::call, 110, 0.2, {}),
                                      {.price = 2.5,
                                       .delta = 0.25,
                                       .gamma = 0.125,
                                       .vega = 10,
                                       .theta = std::nan(""),
                                       .dual_delta = -0.5,
                                       .dual_gamma = 0.0625},
                                      {},
                                      {}}},
                         .sticky = Sticky::strike};
  if (of_spot) {
    result.options[0].spot_delta = 0.375;
    result.options[0].spot_gamma = 0.1875;
  }
  return result;
}

TEST(PricesCsv, HasALineForEveryOption) {
  EXPECT_EQ(prices_csv(prices()),
            "expiry,root,t,strike,moneyness,type,forward,discount,price,vol,total_variance,density,cdf,local_vol,"
            "extrapolated\n"
            "2026-04-04,\"A,\"\"B\"\"\",0.3333333333333333,110,1.1,C,100,0.5,2.5,0.2,0.01,0.125,0.75,1,\n"
            "2026-04-04,\"A,\"\"B\"\"\",0.3333333333333333,0.1,0.001,P,100,0.5,2.5,,,0,1e-20,,\"strike, beyond last "
            "expiry\"\n");
}

TEST(GreeksCsv, NamesTheRuleAndHasSpotGreeksWhereThereAreAny) {
  EXPECT_EQ(greeks_csv(greeks(true)),
            "expiry,root,t,strike,moneyness,type,forward,discount,price,vol,sticky,delta,gamma,vega,theta,dual_delta,"
            "dual_gamma,spot_delta,spot_gamma,extrapolated\n"
            "2026-04-04,\"A,\"\"B\"\"\",0.3333333333333333,110,1.1,C,100,0.5,2.5,0.2,strike,0.25,0.125,10,,-0.5,0.0625,"
            "0.375,0.1875,\n");
  EXPECT_EQ(greeks_csv(greeks(false)).find("spot"), std::string::npos);
}

TEST(PricesTable, AlignsWhatTheCsvHas) {
  EXPECT_EQ(
      prices_table(prices()),
      "expiry      root   strike  moneyness  type  forward  price  vol  density    cdf  local_vol  extrapolated\n"
      "2026-04-04  A,\"B\"     110        1.1  C         100    2.5  0.2    0.125   0.75          1\n"
      "2026-04-04  A,\"B\"     0.1      0.001  P         100    2.5    -        0  1e-20          -  strike, beyond "
      "last expiry\n");
}

struct Basis {
  CallSurface surface{one_expiry(), {.spot = 99.5, .local_vol_cap = 0.75}};
  Certificate certificate = prove_arbitrage_free(surface.surface());
  PricingBasis basis() const { return {surface, certificate, "calendar"}; }
};

TEST(PricesJson, SaysWhatThePricesRestOn) {
  EXPECT_EQ(json::parse(prices_json(Basis().basis(), prices())), json::parse(R"({
    "schema": "strikenet.prices/1", "as_of": "2026-01-02T21:00Z", "underlying": "ABC", "status": "arbitrage-free",
    "clock": "calendar", "spot": 99.5, "local_vol_cap": 0.75, "capped_nodes": 0, "local_vol_capped": 1,
    "without_local_vol": 1, "without_vol": 1,
    "options": [
      {"expiry": "2026-04-04", "root": "A,\"B\"", "t": 0.3333333333333333, "strike": 110, "moneyness": 1.1,
       "type": "C", "forward": 100, "discount": 0.5, "price": 2.5, "vol": 0.2, "total_variance": 0.01,
       "density": 0.125, "cdf": 0.75, "local_vol": 1, "extrapolated": ""},
      {"expiry": "2026-04-04", "root": "A,\"B\"", "t": 0.3333333333333333, "strike": 0.1, "moneyness": 0.001,
       "type": "P", "forward": 100, "discount": 0.5, "price": 2.5, "vol": null, "total_variance": null,
       "density": 0, "cdf": 1e-20, "local_vol": null, "extrapolated": "strike, beyond last expiry"}]})"));
}

TEST(GreeksJson, IsNullWhereAGreekIsNotDefined) {
  const json found = json::parse(greeks_json(Basis().basis(), greeks(true)));
  EXPECT_EQ(found["schema"], "strikenet.greeks/1");
  EXPECT_EQ(found["sticky"], "strike");
  EXPECT_TRUE(found["options"][0]["theta"].is_null());
  EXPECT_EQ(found["options"][0]["spot_gamma"], 0.1875);
}

// --- the reference page ----------------------------------------------------------------------------------------------

std::set<std::string> fields_of(const json& object) {
  std::set<std::string> fields;
  for (const auto& [key, value] : object.items())
    fields.insert(key);
  return fields;
}

/// What the page says below both of the headings.
std::set<std::string> documented(const std::string& first, const std::string& second) {
  auto fields = testing_support::documented_fields("prices.md", first);
  EXPECT_FALSE(fields.empty()) << first;
  fields.merge(testing_support::documented_fields("prices.md", second));
  return fields;
}

TEST(PricesJson, HasTheFieldsOfItsReferencePageAndNoOthers) {
  const json found = json::parse(prices_json(Basis().basis(), prices()));
  EXPECT_EQ(fields_of(found), documented("## JSON of both", "## JSON of price"));
  EXPECT_EQ(fields_of(found["options"][0]), documented("## Columns of both", "## Columns of price"));
}

TEST(GreeksJson, HasTheFieldsOfItsReferencePageAndNoOthers) {
  const json found = json::parse(greeks_json(Basis().basis(), greeks(true)));
  EXPECT_EQ(fields_of(found), documented("## JSON of both", "## JSON of greeks"));
  EXPECT_EQ(fields_of(found["options"][0]), documented("## Columns of both", "## Columns of greeks"));
}

}  // namespace
}  // namespace strikenet
