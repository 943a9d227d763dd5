#include "strikenet/report/hedge_report.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "strikenet/payoff/textbook.h"

namespace strikenet {
namespace {

/// A call at 100 held against one at 105, by hand.
struct Example {
  ChainSlice chain_slice{
      .key = {"2026-06-19", "SPXW"}, .t = YearFraction(0.5), .forward = Forward(100), .discount = DiscountFactor(0.5)};
  SurfaceSlice law{{"2026-06-19", "SPXW"},
                   YearFraction(0.5),
                   Forward(100),
                   DiscountFactor(0.5),
                   CallCurve(Activation::relu, {0.9, 1.1}, {0.5, 0.5})};
  FewerLegs fewer{.hedge = {.side = HedgeSide::super,
                            .status = Hedge::Status::found,
                            .cost = 8,
                            .forward = 100,
                            .legs = {{OptionType::call, Strike(100), 200, 0.04}}},
                  .dropped = {{OptionType::put, Strike(95), 1, 8, 0.25}}};
  Residual residual = residual_of(fewer.hedge, 200.0 * call(Strike(105)), law);
  std::vector<DeltaRow> deltas = delta_table(fewer.hedge, 200.0 * call(Strike(105)), law, {100});

  HedgeReport report() const {
    return {.payoff = "call:105",
            .slice = chain_slice,
            .fewer = fewer,
            .size = 200,
            .multiplier = 100,
            .super_cost = 8,
            .sub_cost = {},
            .fair = 500,
            .residual = residual,
            .deltas = deltas};
  }
};

TEST(HedgeReport, IsJsonWithEveryField) {
  const Example example;
  const auto json = nlohmann::json::parse(hedge_json(example.report()));
  EXPECT_EQ(json["schema"], "strikenet.replicate/2");
  EXPECT_EQ(json["payoff"], "call:105");
  EXPECT_EQ(json["side"], "super");
  EXPECT_EQ(json["root"], "SPXW");
  EXPECT_EQ(json["cost"], 8);
  EXPECT_EQ(json["legs"],
            nlohmann::json::parse(R"([{"strike":100.0,"type":"C","units":200.0,"price":0.04,"contracts":2.0}])"));
  EXPECT_EQ(json["max_shortfall"], 0);
  EXPECT_EQ(json["proved"], nlohmann::json::parse(R"({"of": "payoff", "from": 0, "to": null})"));
  EXPECT_TRUE(json["pieces"].is_null());
  EXPECT_TRUE(json["interval"][0].is_null());
  EXPECT_EQ(json["interval"][1], 8);
  EXPECT_EQ(json["residual"]["lowest"], 0);
  EXPECT_EQ(json["residual"]["highest"], 1000);
  EXPECT_EQ(json["residual"]["highest_at"], 105);
  EXPECT_NEAR(json["residual"]["mean"], 500, 1e-9);
  EXPECT_EQ(json["residual"]["worst"], 1000);
  EXPECT_EQ(json["fewer_legs"][0]["dropped_strike"], 95);
  EXPECT_EQ(json["deltas"][0]["forward"], 100);
  EXPECT_NEAR(json["deltas"][0]["hedge"], 500, 1e-9);
}

TEST(HedgeReport, WritesNullForWhatIsInfinite) {
  Example example;
  example.fewer.hedge.side = HedgeSide::fit;
  example.fewer.hedge.max_shortfall = std::numeric_limits<double>::infinity();
  const auto json = nlohmann::json::parse(hedge_json(example.report()));
  EXPECT_TRUE(json["max_shortfall"].is_null());
  EXPECT_TRUE(json["proved"].is_null());
}

// The word "proved" never stands without its object and the spots.
TEST(HedgeReport, SaysOfWhatAndWhereItIsProved) {
  const Example example;
  HedgeReport report = example.report();
  const auto json = [&] { return nlohmann::json::parse(hedge_json(report)); };
  const auto proof = [&] {
    const std::string table = hedge_table(report);
    const std::size_t begin = table.find("proof      ") + 11;
    return table.substr(begin, table.find('\n', begin) - begin);
  };
  EXPECT_EQ(proof(), "of the payoff, in rational arithmetic: it holds at every spot from 0 to infinity");
  report.pieces = {.of = HedgedPieces::Of::curve, .below = {}, .above = SpotRange{90, 110}, .not_proved = "it is not"};
  EXPECT_EQ(proof(),
            "of the curve, by straight pieces beside it in interval arithmetic and of these in rational arithmetic: it "
            "holds at every spot from 90 to 110; outside nothing is promised");
  EXPECT_EQ(json()["proved"], nlohmann::json::parse(R"({"of": "payoff", "from": 90, "to": 110})"));
  EXPECT_EQ(json()["pieces"],
            nlohmann::json::parse(R"({"of": "curve", "below": null, "above": [90, 110], "not_proved": "it is not"})"));
  report.pieces = {.of = HedgedPieces::Of::network};
  EXPECT_EQ(json()["proved"], nlohmann::json::parse(R"({"of": "straight pieces", "from": 0, "to": null})"));
  EXPECT_NE(proof().find("computed in floating point, not proved"), std::string::npos) << proof();
}

TEST(HedgeReport, IsATableOfLegsCostAndWhatIsLeft) {
  const std::string table = hedge_table(Example().report());
  EXPECT_TRUE(table.starts_with("strike  type  units  price  contracts\n   100  C       200   0.04          2\n\n"))
      << table;
  EXPECT_NE(table.find("cost       8\n"), std::string::npos) << table;
  EXPECT_NE(table.find("interval   no bound to 8: prices that no trade in these quotes contradicts\n"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("left over  hedge less payoff: from 0 at 0 to 1000 at 105\n"), std::string::npos) << table;
  EXPECT_NE(table.find("mean 500, standard deviation 500 under the fitted law; worst 1000 at 105\n"), std::string::npos)
      << table;
  EXPECT_NE(table.find("\nfewer legs\n"), std::string::npos) << table;
}

}  // namespace
}  // namespace strikenet
