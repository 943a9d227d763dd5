// What is known of real files - counted by others, with other programs - as strikenet inspect says it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using nlohmann::json;
using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;
using Files = std::vector<std::string>;

constexpr double kRounding = 1e-12;  // of a ratio of two counts

json inspected(const Files& files, const std::vector<std::string>& options = {}) {
  std::vector<std::string> arguments = {"inspect", "--json"};
  for (const std::string& file : files)
    arguments.push_back((shared_folder() / "market_data" / file).string());
  arguments.insert(arguments.end(), options.begin(), options.end());
  const auto [status, out, err] = testing_support::run_strikenet(arguments);
  EXPECT_EQ(status, 0) << err;
  return status == 0 ? json::parse(out) : json();
}

/// Every field of `expected` is there in `found`; others may be too.
void expect_holds(const json& found, const json& expected, const std::string& where) {
  for (const auto& [name, value] : expected.items()) {
    const std::string place = where + " " + name;
    ASSERT_TRUE(found.contains(name)) << place;
    if (value.is_object())
      expect_holds(found[name], value, place);
    else if (value.is_number_float())
      EXPECT_NEAR(found[name].get<double>(), value.get<double>(), kRounding) << place;
    else
      EXPECT_EQ(found[name], value) << place;
  }
}

struct FileFacts {
  Files files;
  json facts;
  std::vector<std::string> options = {};  // a file that names no root: which one it is
};

json butterflies(int count, int of) { return {{"count", count}, {"of", of}}; }

Files cboe_pages() {
  Files pages = {"cboe_quotedata_spx_2025-10-01/spx_quotedata.csv",
                 "cboe_quotedata_spx_2025-10-01/spx_quotedata_aug.csv"};
  for (int page = 2; page <= 10; ++page)
    pages.push_back("cboe_quotedata_spx_2025-10-01/spx_quotedata-" + std::to_string(page) + ".csv");
  return pages;
}

/// Of single prices and vols there are no spreads to be executed at: their butterflies are those of the prices.
std::vector<FileFacts> facts_of_all_files() {
  const auto dax = [](const std::string& day, int negative) -> FileFacts {
    return {{"dax_2001-08/" + day + "__filterdax.dat"},
            {{"format", "blocks"},
             {"quotes", 508},
             {"used", 508},
             {"expiries", 6},
             {"executable_butterflies", nullptr},
             {"negative_butterflies", butterflies(negative, 484)}}};
  };
  return {
      {{"cboe_datashop_spxw_2019-06-26/spxw20190626.csv"},
       {{"format", "cboe-datashop"},
        {"as_of", "2019-06-26T19:45Z"},
        {"underlying", "SPXW"},
        {"style", "european"},
        {"quotes", 10'384},
        {"used", 10'384},
        {"expiries", 30},
        {"expiry_dates", 30},
        {"dirty_share", 706 / 10'384.0},
        {"parity_share", 1.0},
        {"executable_butterflies", 0},
        {"dropped", json::object()},
        {"problems", json::array()}},
       {"--root", "SPXW"}},
      // Its README says 5.7 % dirty; 343 of 6,072 are 5.65 %.
      {{"wide_spxw_2025-09-03/spxw.csv"},
       {{"format", "wide"},
        {"quotes", 6'072},
        {"used", 5'368},
        {"expiries", 16},
        {"dirty_share", 343 / 6'072.0},
        {"dropped", {{"two-chains", 704}}}}},
      {{"iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv"},
       {{"format", "iv-table"},
        {"quotes", 7'423},
        {"used", 7'422},
        {"expiries", 48},
        {"dirty_share", 674 / 7'423.0},
        {"executable_butterflies", 0},
        {"dropped", {{"placeholder", 1}}}}},
      {{"iv_table_spx_vix_2023-02-15/vix_implied_vol_20230215.csv"},
       {{"quotes", 637}, {"expiries", 12}, {"dirty_share", 122 / 637.0}, {"executable_butterflies", 0}}},
      {{"yfinance_spx_2026-01-30/SPX_all.csv"},
       {{"format", "yfinance"},
        {"quotes", 17'107},
        {"expiries", 59},
        {"expiry_dates", 54},
        {"style", "european"},
        {"dirty_share", 923 / 17'107.0},
        {"executable_butterflies", 583},
        {"untraded_share", 4'645 / 17'107.0},
        {"placeholder_vol_share", 1'018 / 17'107.0},
        {"dropped", {{"crossed", 1}, {"no-ask", 252}}}}},
      {cboe_pages(),
       {{"format", "cboe-quotedata"},
        {"quotes", 1'976},
        {"used", 1'976},
        {"expiries", 13},
        {"dirty_share", 0.0},
        {"parity_share", 1.0},
        {"executable_butterflies", 0},
        {"dropped", json::object()}}},
      // Its README says 8.6 % dirty; 640 of 7,486 are 8.55 %.
      {{"optionsdx_spy_2022-12-30/spy_20221230.csv"},
       {{"format", "optionsdx"},
        {"style", "american"},
        {"quotes", 7'486},
        {"expiries", 29},
        {"dirty_share", 640 / 7'486.0},
        {"parity_share", 1'645 / 3'100.0},
        {"executable_butterflies", 4},
        {"dropped", {{"expired", 522}}}},
       {"--root", "SPY"}},
      {{"deribit_btc_2025-12-05/deribit_btc_options.csv"},
       {{"format", "deribit"},
        {"quotes", 676},
        {"used", 547},
        {"expiries", 11},
        {"dirty_share", 156 / 676.0},
        {"parity_share", 198 / 199.0}}},
      {{"deribit_eth_2024-01-08/deribit_options.csv"},
       {{"format", "deribit"},
        {"as_of", "2024-01-08T11:19Z"},
        {"quotes", 684},
        {"used", 431},
        {"expiries", 11},
        {"dirty_share", 276 / 684.0}}},
      {{"nse_banknifty_2021-05-17/option-chain-indices.json"},
       {{"format", "nse"},
        {"as_of", "2021-05-17T10:00Z"},
        {"underlying", "BANKNIFTY"},
        {"quotes", 1'891},
        {"used", 1'536},
        {"expiries", 12},
        {"dirty_share", 729 / 1'891.0},
        {"executable_butterflies", 0},
        {"placeholder_vol_share", 1'485 / 1'891.0}}},
      dax("7_8_2001", 43),
      dax("8_8_2001", 24),
      dax("9_8_2001", 27),
      {{"arbitragerepair_sample/sample.csv"},
       {{"format", "arbitragerepair"},
        {"quotes", 3 * 117},
        {"used", 117},
        {"expiries", 13},
        {"dropped", {{"one-side", 2 * 117}}},
        {"negative_butterflies", butterflies(0, 13 * 7)}}},
      {{"tsla_slices_2018/tsla_long_README.csv"},
       {{"format", "vol-slice"}, {"quotes", 61}, {"expiries", 1}, {"negative_butterflies", butterflies(21, 59)}}},
      {{"tsla_slices_2018/tsla_short_README.csv"},
       {{"format", "vol-slice"}, {"quotes", 71}, {"expiries", 1}, {"negative_butterflies", butterflies(13, 69)}}},
  };
}

TEST(InspectFacts, AreWhatWasCountedOfEveryFile) {
  if (!has_shared("market_data")) GTEST_SKIP() << skip_text("market_data");
  for (const FileFacts& row : facts_of_all_files())
    expect_holds(inspected(row.files, row.options), row.facts, row.files.front());
}

int sum_of(const json& inspection, const char* field, auto counts) {
  int sum = 0;
  for (const json& slice : inspection["slices"])
    if (counts(slice)) sum += slice[field].get<int>();
  return sum;
}

TEST(InspectFacts, LeaveTheQuotesAfterTheQuoteDateOfTheSpxwDay) {
  const Files file = {"cboe_datashop_spxw_2019-06-26/spxw20190626.csv"};
  if (!has_shared("market_data/" + file[0])) GTEST_SKIP() << skip_text(file[0]);
  const json found = inspected(file);
  EXPECT_EQ(sum_of(found, "used", [](const json& slice) { return slice["expiry"] != "2019-06-26"; }), 10'062);
  for (const json& slice : found["slices"]) {  // F2: from 0.25 to 1.67 index points
    const double width = slice["forward_band"][1].get<double>() - slice["forward_band"][0].get<double>();
    EXPECT_GT(width, 0.2) << slice;
    EXPECT_LT(width, 3.3) << slice;
  }
}

TEST(InspectFacts, KeepTheRootsOfYahoosChainApart) {
  const Files file = {"yfinance_spx_2026-01-30/SPX_all.csv"};
  if (!has_shared("market_data/" + file[0])) GTEST_SKIP() << skip_text(file[0]);
  const json found = inspected(file);
  EXPECT_EQ(sum_of(found, "quotes", [](const json& slice) { return slice["root"] == "SPX"; }), 6'355);
  EXPECT_EQ(sum_of(found, "quotes", [](const json& slice) { return slice["root"] == "SPXW"; }), 10'752);
  EXPECT_EQ(found["would_drop"],
            (json{{"locked", 0}, {"stale", 4'494}, {"absurd-spread", 10}, {"dead-wing", 663}, {"off-parity", 575}}));
}

TEST(InspectFacts, ReachTheFarStrikesOfTheVolTable) {
  const Files file = {"iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv"};
  if (!has_shared("market_data/" + file[0])) GTEST_SKIP() << skip_text(file[0]);
  double lowest = 1, lowest_bid = 1, highest = 1;
  const json inspection = inspected(file);
  for (const json& slice : inspection["slices"]) {
    const double forward = slice["forward"];
    lowest = std::min(lowest, slice["strikes"][0].get<double>() / forward);
    lowest_bid = std::min(lowest_bid, slice["bid_strikes"][0].get<double>() / forward);
    highest = std::max(highest, slice["strikes"][1].get<double>() / forward);
  }
  EXPECT_NEAR(lowest, 0.023, 0.0005);
  EXPECT_NEAR(lowest_bid, 0.043, 0.0005);
  EXPECT_NEAR(highest, 2.5, 0.05);
}

/// Futures are forwards; where an expiry has none, Deribit's synthetic one (SYN.) stands in each row instead.
TEST(InspectFacts, TakeDeribitsFuturesAsForwards) {
  const Files file = {"deribit_eth_2024-01-08/deribit_options.csv"};
  if (!has_shared("market_data/" + file[0])) GTEST_SKIP() << skip_text(file[0]);
  const std::map<std::string, double> known = {{"2024-01-26", 2241.65},
                                               {"2024-01-10", 2224.200483367427}};  // a future; SYN.
  int found = 0;
  const json inspection = inspected(file);
  for (const json& slice : inspection["slices"]) {
    const auto future = known.find(slice["expiry"]);
    if (future != known.end()) {
      EXPECT_EQ(slice["forward"], future->second);
      ++found;
    }
    EXPECT_EQ(slice["discount"], 1);
    EXPECT_LT(slice["forward_band"][0].get<double>(), slice["forward"].get<double>()) << slice["expiry"];
    EXPECT_GT(slice["forward_band"][1].get<double>(), slice["forward"].get<double>()) << slice["expiry"];
  }
  EXPECT_EQ(found, 2);
}

}  // namespace
}  // namespace strikenet
