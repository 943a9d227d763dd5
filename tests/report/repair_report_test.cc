#include "strikenet/report/repair_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace strikenet {
namespace {

Chain free_butterfly() {
  Chain chain;
  long line = 2;
  for (const auto& [strike, price] : {std::pair(90.0, 12.0), std::pair(100.0, 9.0), std::pair(110.0, 4.0)})
    chain.quotes.push_back({.line = line++,
                            .key = {"2026-06-19", "SPX"},
                            .strike = strike,
                            .type = OptionType::call,
                            .bid = price,
                            .ask = price + 0.1});
  return chain;
}

TEST(RepairTable, SaysHowMuchChangesAndWhatMost) {
  const Chain chain = free_butterfly();
  const RepairOptions options;
  const Repair result{.quotes = {{.quote = 1, .bid = 8.1, .ask = 9.1, .bid_change = -0.9, .spreads = 9}},
                      .looked_at = 3,
                      .objective = 9.0002,
                      .optimum = 9,
                      .solved = true};
  EXPECT_EQ(repair_table({chain, options, result}),
            "quotes     3 looked at, 1 changed\n"
            "change     9.0002 spreads; the optimum of the linear programs is 9\n"
            "  2026-06-19 SPX C100, line 3: bid 9 to 8.1, 9 spreads\n");
}

TEST(RepairTable, SaysPriceOfAMiddle) {
  const Chain chain = free_butterfly();
  EXPECT_EQ(
      sentence(chain, {.quote = 1, .bid = 8.5, .ask = 8.5, .bid_change = -0.55, .ask_change = -0.55, .spreads = 5.5},
               /*middle=*/true),
      "2026-06-19 SPX C100, line 3: price 9.05 to 8.5, 5.5 spreads");
}

TEST(RepairJson, ListsWhatChangesMostFirst) {
  const Chain chain = free_butterfly();
  const RepairOptions options{.squares = true};
  const Repair result{.quotes = {{.quote = 0, .bid = 12, .ask = 12.4, .ask_change = 0.3, .spreads = 3},
                                 {.quote = 1, .bid = 8.4, .ask = 9.1, .bid_change = -0.6, .spreads = 6}},
                      .looked_at = 3,
                      .objective = 45,
                      .optimum = 45,
                      .solved = true};
  const auto json = nlohmann::json::parse(repair_json({chain, options, result}));
  EXPECT_EQ(json["schema"].get<std::string>(), "strikenet.repair/1");
  EXPECT_EQ(json["prices"].get<std::string>(), "bid-ask");
  EXPECT_EQ(json["norm"].get<std::string>(), "l2");
  EXPECT_EQ(json["looked_at"], 3);
  ASSERT_EQ(json["changes"].size(), 2U);
  EXPECT_EQ(json["changes"][0]["strike"], 100);
  EXPECT_EQ(json["changes"][0]["bid_change"], -0.6);
  EXPECT_EQ(json["changes"][1]["line"], 2);
}

}  // namespace
}  // namespace strikenet
