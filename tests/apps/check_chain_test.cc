// strikenet check on chains, run as the shell runs it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "apps/free_butterfly.h"
#include "apps/run_command.h"
#include "apps/small_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::run_strikenet;
using testing_support::shared_folder;
using testing_support::skip_text;

std::string path_of(const std::string& file) { return (shared_folder() / "market_data" / file).string(); }
bool has_data(const std::string& file) { return has_shared("market_data/" + file); }

TEST(StrikenetCheckChain, ProvesTheBundledChainFreeOfArbitrage) {
  const auto [status, out, err] = run_strikenet({"check", STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv"});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(err, "");
  EXPECT_TRUE(out.starts_with("expiries   8 looked at, at bid and ask: 8 free of arbitrage, 0 not,")) << out;
}

TEST(StrikenetCheckChain, PrintsATradeWithTheLinesOfItsQuotes) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("c.csv", testing_support::kFreeButterfly);
  const auto [status, out, err] = run_strikenet({"check", path});
  EXPECT_EQ(status, 1);
  EXPECT_EQ(err, "");
  EXPECT_NE(out.find("butterfly: receive 1.8 today"), std::string::npos) << out;
  EXPECT_NE(out.find("(line 3)"), std::string::npos) << out;
  EXPECT_NE(out.find("expiries   2 looked at"), std::string::npos) << out;
  const auto quiet = run_strikenet({"check", path, "--quiet"});
  EXPECT_EQ(quiet.status, 1);
  EXPECT_EQ(quiet.out + quiet.err, "");
}

// The second quote of P90 bids more than the first asks. calibrate fits the first, check finds the trade between them,
// and each says so.
TEST(StrikenetCheckChain, AndCalibrateSayTheSameOfTwoQuotesOfOneOption) {
  if (!has_shared("cases/duplicate-rows/dup_check.csv"))
    GTEST_SKIP() << skip_text("cases/duplicate-rows/dup_check.csv");
  const std::string path = (shared_folder() / "cases/duplicate-rows/dup_check.csv").string();
  const auto check = run_strikenet({"check", path});
  EXPECT_EQ(check.status, 1);
  EXPECT_NE(check.out.find("quotes     looked at 5 of 5 quotes; 1 of them calibrate leaves out: 1 duplicate\n"),
            std::string::npos)
      << check.out;
  const testing_support::TemporaryFolder folder;
  const auto fit = run_strikenet({"calibrate", path, "--no-report", "--out", (folder.path() / "fit").string()});
  EXPECT_EQ(fit.status, 0) << fit.err;
  EXPECT_NE(fit.out.find("since one can trade there: 1 duplicate\n"), std::string::npos) << fit.out;
  EXPECT_NE(fit.out.find("P90: line 2 asks 1.31932"), std::string::npos) << fit.out;
}

TEST(StrikenetCheckChain, SaysWhatIsWrongWithItsOptions) {
  const auto [status, out, err] = run_strikenet({"check", "c.csv", "--trades", "0", "--format", "xls"});
  EXPECT_EQ(status, 2);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("--trades is 0, but must be at least 1\n"), std::string::npos) << err;
  EXPECT_NE(err.find("--format is 'xls', but must be one that 'strikenet formats' lists\n"), std::string::npos) << err;
}

TEST(StrikenetCheckChain, SaysWhatIsWrongWithAFile) {
  const testing_support::TemporaryFolder folder;
  const auto [status, out, err] = run_strikenet({"check", folder.file("c.csv", "a,b\n1,2\n")});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("c.csv:1: columns are a, b, but must be those of a known format"), std::string::npos) << err;
}

nlohmann::json check_json(const std::vector<std::string>& files, int expected_status) {
  std::vector<std::string> arguments = files;
  arguments.insert(arguments.begin(), {"check", "--json"});
  const auto [status, out, err] = run_strikenet(arguments);
  EXPECT_EQ(status, expected_status);
  EXPECT_EQ(err, "");
  return nlohmann::json::parse(out);
}

/// The expiries that have the verdict.
std::vector<std::string> expiries(const nlohmann::json& json, const std::string& verdict) {
  std::vector<std::string> result;
  for (const auto& expiry : json["expiries"])
    if (expiry["verdict"].get<std::string>() == verdict) result.push_back(expiry["expiry"]);
  return result;
}

bool is_call(const nlohmann::json& leg) { return leg["type"].get<std::string>() == "C"; }

/// Looks at the payoff of every trade on a grid and at its strikes, in doubles: shares nothing with the proof.
void expect_trades_by_brute_force(const nlohmann::json& json) {
  constexpr double kRounding = 1e-9;
  for (const auto& trade : json["trades"]) {
    std::map<std::string, std::vector<nlohmann::json>> of_expiry;
    double cost = 0;
    for (const auto& leg : trade["legs"]) {
      cost += leg["units"].get<double>() * leg["price"].get<double>();
      const std::string key = leg["expiry"].get<std::string>() + " " + leg["root"].get<std::string>();
      of_expiry[key].push_back(leg);
    }
    EXPECT_LT(cost, 0) << trade.dump(1);
    EXPECT_NEAR(-cost, trade["profit"].get<double>(), kRounding * (1 + std::abs(cost)));
    for (const auto& [key, legs] : of_expiry) {
      double size = 0, slope = 0;
      std::set<double> spots;
      for (const auto& leg : legs) {
        const double strike = leg["strike"].get<double>(), units = leg["units"].get<double>();
        size += std::abs(units) * strike;
        slope += is_call(leg) ? units : 0;
        spots.insert({0, strike, strike - 0.01, strike + 0.01, 1.5 * strike});
      }
      EXPECT_GE(slope, -kRounding);
      for (int i = 0; i <= 2000; ++i)
        spots.insert(*spots.rbegin() * i / 2000);
      for (const double spot : spots) {
        double pays = 0;
        for (const auto& leg : legs) {
          const double inside = (spot - leg["strike"].get<double>()) * (is_call(leg) ? 1 : -1);
          pays += leg["units"].get<double>() * std::max(inside, 0.0);
        }
        EXPECT_GE(pays, -kRounding * size) << trade.dump(1);
      }
    }
  }
}

TEST(StrikenetCheckChain, ProvesCleanExchangeDaysFreeOfArbitrageWithinEveryExpiry) {
  const std::string spxw = "cboe_datashop_spxw_2019-06-26/spxw20190626.csv",
                    spx = "iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv";
  if (!has_data(spxw)) GTEST_SKIP() << skip_text(spxw);
  EXPECT_EQ(expiries(check_json({path_of(spxw)}, 0), "none").size(), 30U);
  EXPECT_EQ(expiries(check_json({path_of(spx)}, 0), "none").size(), 48U);
  std::vector<std::string> pages;
  for (const auto& page : std::filesystem::directory_iterator(path_of("cboe_quotedata_spx_2025-10-01")))
    if (page.path().extension() == ".csv") pages.push_back(page.path().string());
  std::ranges::sort(pages);
  EXPECT_EQ(expiries(check_json(pages, 0), "none").size(), 13U);
}

TEST(StrikenetCheckChain, FindsTradesInTheYahooChain) {
  const std::string folder = "yfinance_spx_2026-01-30";
  if (!has_data(folder)) GTEST_SKIP() << skip_text(folder);
  std::string file;
  for (const auto& entry : std::filesystem::directory_iterator(path_of(folder)))
    if (entry.path().extension() == ".csv") file = entry.path().string();
  const nlohmann::json json = check_json({file}, 1);
  EXPECT_EQ(json["expiries"].size(), 59U);
  EXPECT_EQ(expiries(json, "arbitrage").size(), 24U);
  EXPECT_EQ(expiries(json, "none").size(), 35U);
  expect_trades_by_brute_force(json);
}

TEST(StrikenetCheckChain, FindsTheTwoExpiriesOfTheNseThatALinearProgramFindsInfeasible) {
  const std::string file = "nse_banknifty_2021-05-17/option-chain-indices.json";
  if (!has_data(file)) GTEST_SKIP() << skip_text(file);
  const nlohmann::json json = check_json({path_of(file)}, 1);
  EXPECT_EQ(expiries(json, "arbitrage"), (std::vector<std::string>{"2021-06-24", "2021-05-20"}));
  EXPECT_EQ(expiries(json, "none").size(), 10U);
  expect_trades_by_brute_force(json);
}

TEST(StrikenetCheckChain, FindsTheMislabelledExpiryOfTheWideChain) {
  const std::string file = "wide_spxw_2025-09-03/spxw.csv";
  if (!has_data(file)) GTEST_SKIP() << skip_text(file);
  const nlohmann::json json = check_json({path_of(file)}, 1);
  EXPECT_EQ(expiries(json, "arbitrage"), (std::vector<std::string>{"2025-09-10"}));
  EXPECT_EQ(expiries(json, "none").size(), 15U);
  expect_trades_by_brute_force(json);
}

TEST(StrikenetCheckChain, CountsTheFamiliesOfTheArbitragerepairSample) {
  const std::string file = "arbitragerepair_sample/sample.csv";
  if (!has_data(file)) GTEST_SKIP() << skip_text(file);
  const auto [status, out, err] = run_strikenet({"check", path_of(file), "--mid", "--json"});
  const nlohmann::json families = nlohmann::json::parse(out)["families"];
  const auto count = [&](const char* name) {
    return std::pair(families[name]["violated"].get<int>(), families[name]["tested"].get<int>());
  };
  EXPECT_EQ(count("outright"), std::pair(0, 13));
  EXPECT_EQ(count("vertical"), std::pair(0, 130));
  EXPECT_EQ(count("butterfly"), std::pair(0, 104));
  EXPECT_EQ(count("calendar"), std::pair(0, 0));
  EXPECT_EQ(count("calendar-vertical"), std::pair(9, 513));
  EXPECT_EQ(count("calendar-butterfly"), std::pair(126, 3070));
  const auto off = run_strikenet({"check", path_of(file), "--mid", "--json", "--calendar", "off"});
  EXPECT_EQ(nlohmann::json::parse(off.out)["families"]["calendar-butterfly"]["tested"].get<int>(), 0);
}

TEST(StrikenetCheckChain, FindsTheOneButterflyOfTheEuroStoxx) {
  const nlohmann::json json = check_json({STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv"}, 1);
  EXPECT_EQ(expiries(json, "arbitrage"), (std::vector<std::string>{"T=4.778"}));
  EXPECT_EQ(expiries(json, "none").size(), 11U);
  EXPECT_EQ(json["trades"][0]["family"].get<std::string>(), "butterfly");
}

}  // namespace
}  // namespace strikenet
