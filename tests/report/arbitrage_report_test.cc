#include "strikenet/report/arbitrage_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace strikenet {
namespace {

constexpr OptionType kCall = OptionType::call;

Chain chain_of(std::initializer_list<std::pair<double, double>> calls, const std::string& root = "SPX") {
  Chain chain;
  long line = 2;
  for (const auto& [strike, price] : calls) {
    chain.quotes.push_back({.line = line++,
                            .key = {"2026-06-19", root},
                            .strike = strike,
                            .type = kCall,
                            .bid = price,
                            .ask = price + 0.1});
  }
  return chain;
}

struct Report {
  explicit Report(Chain of) : chain(std::move(of)), expiries(find_arbitrage(chain, options)) {}
  Chain chain;
  FindOptions options = {};
  std::vector<ExpiryArbitrage> expiries;

  ChainArbitrage value() const { return {chain, options, expiries}; }
};

TEST(ArbitrageTable, PrintsTheTradeLegByLeg) {
  const Report report(chain_of({{90, 12}, {100, 9}, {110, 4}}));
  EXPECT_EQ(arbitrage_table(report.value()),
            "2026-06-19 SPX: arbitrage, 3 quotes\n"
            "  butterfly: receive 1.8 today, pay nothing at expiry\n"
            "    buy          1 C90         at 12.1   (line 2)\n"
            "    sell         2 C100        at 9   (line 3)\n"
            "    buy          1 C110        at 4.1   (line 4)\n"
            "expiries   1 looked at, at bid and ask: 0 free of arbitrage, 1 not, 0 weakly not, 0 not proved\n"
            "quotes     looked at 3 of 3 quotes\n"
            "calendar   not looked at: trades across expiries\n"
            "proof      in rational arithmetic, of every trade and of every absence\n"
            "assuming   European exercise\n");
  EXPECT_TRUE(report.value().found());
  EXPECT_FALSE(report.value().absent());
}

TEST(ArbitrageTable, SaysWhichQuotesCalibrateLeavesOutAndWhichAreNotLookedAt) {
  Chain chain = chain_of({{90, 12}, {90, 15}, {100, 7}, {110, 4}});
  chain.quotes[1].dropped = Drop::duplicate;
  chain.quotes[3].dropped = Drop::expired;
  const Report report(chain);
  const std::string table = arbitrage_table(report.value());
  EXPECT_NE(
      table.find("quotes     looked at 3 of 4 quotes; 1 of them calibrate leaves out: 1 duplicate; not looked at: "
                 "1 expired\n"),
      std::string::npos)
      << table;
  const auto json = nlohmann::json::parse(arbitrage_json(report.value()));
  EXPECT_EQ(json["quotes"], nlohmann::json::parse(R"({"in_file": 4, "looked_at": 3,
      "left_out_by_calibrate": {"duplicate": 1}, "not_looked_at": {"expired": 1}})"));
}

TEST(ArbitrageTable, SaysThatThereIsNone) {
  const Report report(chain_of({{90, 12}, {100, 7}, {110, 4}}));
  EXPECT_EQ(arbitrage_table(report.value()),
            "expiries   1 looked at, at bid and ask: 1 free of arbitrage, 0 not, 0 weakly not, 0 not proved\n"
            "quotes     looked at 3 of 3 quotes\n"
            "calendar   not looked at: trades across expiries\n"
            "proof      in rational arithmetic, of every trade and of every absence\n"
            "assuming   European exercise\n");
  EXPECT_TRUE(report.value().absent());
}

TEST(ArbitrageTable, SaysThatOptionsCanBeExercisedEarly) {
  const Report report(chain_of({{90, 12}, {100, 7}, {110, 4}}, "SPY"));
  EXPECT_NE(
      arbitrage_table(report.value()).find("exercise   European is assumed; these options can be exercised early"),
      std::string::npos);
}

TEST(ArbitrageCases, FailWithTheTradeInWords) {
  Chain chain = chain_of({{90, 12}, {100, 9}, {110, 4}});
  chain.quotes.push_back({.line = 9, .key = {"2026-07-17", "SPX"}, .strike = 100, .type = kCall, .bid = 7, .ask = 7.1});
  const Report report(std::move(chain));
  const std::vector<JunitCase> cases = arbitrage_cases(report.value());
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].name, "2026-06-19 SPX");
  EXPECT_EQ(cases[0].outcome, JunitCase::Outcome::failed);
  EXPECT_EQ(cases[0].message, "butterfly: receive 1.8 today, pay nothing at expiry");
  EXPECT_EQ(cases[0].text,
            "2026-06-19 SPX: arbitrage, 3 quotes\n"
            "  butterfly: receive 1.8 today, pay nothing at expiry\n"
            "    buy          1 C90         at 12.1   (line 2)\n"
            "    sell         2 C100        at 9   (line 3)\n"
            "    buy          1 C110        at 4.1   (line 4)\n");
  EXPECT_EQ(cases[1].name, "2026-07-17 SPX");
  EXPECT_EQ(cases[1].outcome, JunitCase::Outcome::passed);
  EXPECT_EQ(cases[1].message + cases[1].text, "");
}

TEST(ArbitrageCases, AreErrorsWhereNothingIsProved) {
  Report report(chain_of({{90, 12}}));
  report.expiries[0].verdict = ExpiryVerdict::not_proved;
  const std::vector<JunitCase> cases = arbitrage_cases(report.value());
  EXPECT_EQ(cases[0].outcome, JunitCase::Outcome::error);
  EXPECT_EQ(cases[0].message, "neither an arbitrage nor its absence is proved");
}

TEST(ArbitrageJson, HasTheTradeAndWhatWasLookedAt) {
  const Report report(chain_of({{90, 12}, {100, 9}, {110, 4}}));
  const auto json = nlohmann::json::parse(arbitrage_json(report.value()));
  EXPECT_EQ(json["schema"], "strikenet.check/1");
  EXPECT_EQ(json["arbitrage"], true);
  EXPECT_EQ(json["absence_proved"], false);
  EXPECT_EQ(json["prices"], "bid-ask");
  EXPECT_EQ(json["calendar"], "not examined");
  ASSERT_EQ(json["trades"].size(), 1U);
  const auto& trade = json["trades"][0];
  EXPECT_EQ(trade["family"], "butterfly");
  EXPECT_EQ(trade["label"], "arbitrage");
  EXPECT_EQ(trade["proved"], true);
  EXPECT_EQ(trade["profit"].get<double>(), -trade["cost"].get<double>());
  EXPECT_EQ(trade["floor"], 0);
  EXPECT_EQ(trade["legs"][1],
            nlohmann::json::parse(R"({"expiry": "2026-06-19", "root": "SPX", "strike": 100, "type": "C", "units": -2,
                                      "price": 9, "line": 3})"));
  EXPECT_EQ(json["expiries"][0]["verdict"], "arbitrage");
  EXPECT_EQ(json["expiries"][0]["quotes"], 3);
  EXPECT_FALSE(json.contains("seconds"));
}

/// A vertical spread that costs -0.2, and nothing else.
std::vector<FamilyCount> vertical_violated() {
  const ExpiryKey june{"2026-06-19", "SPX"};
  return {{"outright", 0, 1, {}},
          {"vertical", 1, 2, {{{2, june, 90, kCall, 1, 12.1}, {3, june, 100, kCall, -1, 12.3}}, -0.2}}};
}

TEST(ArbitrageTable, CountsByFamilyWithTheWorstOfEach) {
  const Report report(chain_of({{90, 12}, {100, 7}, {110, 4}}));
  const std::vector<FamilyCount> families = vertical_violated();
  ChainArbitrage value = report.value();
  value.families = families;
  EXPECT_TRUE(arbitrage_table(value).ends_with(
      "families   outright                    0 of 1\n"
      "           vertical                    1 of 2   worst -0.2: buy 1 C90 2026-06-19 SPX (line 2), sell 1 C100 "
      "2026-06-19 SPX (line 3)\n"))
      << arbitrage_table(value);
}

TEST(ArbitrageTable, NamesTheForwardOfAFamilyWhichIsNoQuote) {
  const Report report(chain_of({{90, 12}}));
  const std::vector<FamilyCount> families{{"vertical", 1, 2, {{{0, {"T=1"}, 0, kCall, 1, 90}}, -5}}};
  ChainArbitrage value = report.value();
  value.families = families;
  EXPECT_NE(arbitrage_table(value).find("worst -5: buy 1 forward T=1\n"), std::string::npos) << arbitrage_table(value);
}

TEST(ArbitrageJson, CountsByFamilyWithTheWorstOfEach) {
  const Report report(chain_of({{90, 12}, {100, 7}, {110, 4}}));
  EXPECT_FALSE(nlohmann::json::parse(arbitrage_json(report.value())).contains("families"));
  const std::vector<FamilyCount> families = vertical_violated();
  ChainArbitrage value = report.value();
  value.families = families;
  const auto json = nlohmann::json::parse(arbitrage_json(value))["families"];
  EXPECT_EQ(json["outright"], nlohmann::json::parse(R"({"violated": 0, "tested": 1})"));
  EXPECT_EQ(json["vertical"]["violated"], 1);
  EXPECT_EQ(json["vertical"]["tested"], 2);
  EXPECT_EQ(json["vertical"]["worst"]["cost"], -0.2);
  EXPECT_EQ(json["vertical"]["worst"]["legs"][1],
            nlohmann::json::parse(R"({"expiry": "2026-06-19", "root": "SPX", "strike": 100, "type": "C", "units": -1,
                                      "price": 12.3, "line": 3})"));
}

TEST(ArbitrageJson, OfNothingIsFreeOfArbitrage) {
  const Report report{Chain()};
  const auto json = nlohmann::json::parse(arbitrage_json(report.value()));
  EXPECT_EQ(json["arbitrage"], false);
  EXPECT_TRUE(json["trades"].empty());
  EXPECT_TRUE(json["expiries"].empty());
}

TEST(ArbitrageTable, SaysWhatIsLeftInTicksAfterFeesAndAtTheQuotedSizes) {
  Report report(chain_of({{90, 12}, {100, 9}, {110, 4}}));
  for (Quote& quote : report.chain.quotes)
    quote.bid_size = quote.ask_size = 15;
  report.expiries = find_arbitrage(report.chain);
  ChainArbitrage value = report.value();
  value.terms = {.multiplier = 100, .fee = 5, .tick = 0.1};  // four contracts: 0.2 a unit of the underlying
  EXPECT_EQ(contracts_of(report.expiries[0].trades[0]), 7);  // two of the middle one
  EXPECT_NE(arbitrage_table(value).find("receive 1.8 today (18 ticks of 0.1), 1.6 after fees, pay nothing at expiry; "
                                        "7 times at the quoted sizes, 1120 in all"),
            std::string::npos)
      << arbitrage_table(value);
  value.terms = {.multiplier = 100, .fee = 50, .tick = 2};
  EXPECT_NE(arbitrage_table(value).find("less than a tick; less than its fees"), std::string::npos);
  const auto json = nlohmann::json::parse(arbitrage_json(value));
  EXPECT_EQ(json["trades"][0]["label"].get<std::string>(), "arbitrage, less than a tick, less than its fees");
  EXPECT_EQ(json["trades"][0]["contracts"], 7);
  EXPECT_NEAR(json["trades"][0]["profit_after_fees"].get<double>(), 1.8 - 2, 1e-12);
}

TEST(TickOf, IsTheLargestStepThatAllPricesAreMultiplesOf) {
  const auto tick = [](double price) {
    Chain chain = chain_of({{90, 12}, {100, price}});
    for (Quote& quote : chain.quotes)
      quote.ask = quote.bid;
    return tick_of(chain);
  };
  EXPECT_DOUBLE_EQ(tick(3), 1);
  EXPECT_DOUBLE_EQ(tick(3.5), 0.5);
  EXPECT_DOUBLE_EQ(tick(3.05), 0.05);
  EXPECT_DOUBLE_EQ(tick(3.02), 0.02);
  EXPECT_DOUBLE_EQ(tick(3.0007), 0.0001);
  EXPECT_EQ(tick(3.00001), 0);
  EXPECT_EQ(tick(std::acos(-1.0)), 0);
}

}  // namespace
}  // namespace strikenet
