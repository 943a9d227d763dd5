#include "strikenet/market/settlement.h"

#include <gtest/gtest.h>

#include <set>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

struct RootCase {
  const char* root;
  const char* date;
  const char* utc;
};
void PrintTo(const RootCase& test, std::ostream* out) { *out << test.root << " on " << test.date; }

class SettlementInstant : public testing::TestWithParam<RootCase> {};

TEST_P(SettlementInstant, IsThatOfTheExchange) {
  const auto& [root, date, utc] = GetParam();
  EXPECT_EQ(to_string(settlement_instant(root, *parse_date(date))), utc);
}

INSTANTIATE_TEST_SUITE_P(
    Roots, SettlementInstant,
    testing::Values(
        RootCase{"SPX", "2019-06-21", "2019-06-21T13:30Z"}, RootCase{"SPXW", "2019-06-21", "2019-06-21T20:00Z"},
        RootCase{"SPXW", "2019-12-31", "2019-12-31T21:00Z"}, RootCase{"XSP", "2019-06-21", "2019-06-21T20:00Z"},
        RootCase{"NDX", "2019-06-21", "2019-06-21T13:30Z"}, RootCase{"NDXP", "2019-06-21", "2019-06-21T20:00Z"},
        RootCase{"RUT", "2019-06-21", "2019-06-21T13:30Z"}, RootCase{"RUTW", "2019-06-21", "2019-06-21T20:00Z"},
        RootCase{"VIX", "2023-02-22", "2023-02-22T14:30Z"}, RootCase{"VIXW", "2023-03-01", "2023-03-01T14:30Z"},
        RootCase{"SPY", "2022-12-30", "2022-12-30T21:00Z"}, RootCase{"QQQ", "2022-12-30", "2022-12-30T21:00Z"},
        RootCase{"ODAX", "2019-06-21", "2019-06-21T11:00Z"}, RootCase{"OESX", "2019-12-20", "2019-12-20T11:00Z"},
        RootCase{"SX5E", "2019-12-20", "2019-12-20T11:00Z"}, RootCase{"BTC", "2025-12-26", "2025-12-26T08:00Z"},
        RootCase{"ETH", "2024-06-28", "2024-06-28T08:00Z"}, RootCase{"BANKNIFTY", "2021-05-20", "2021-05-20T10:00Z"},
        RootCase{"", "2019-06-28", "2019-06-28T20:00Z"}, RootCase{"NOSUCHROOT", "2019-06-28", "2019-06-28T20:00Z"}),
    [](const auto& test) { return testing::PrintToString(test.index) + std::string(test.param.root); });

TEST(SettlementTable, NamesEachRootOnceAndItsTimeInWordsThatAgree) {
  std::set<std::string_view> roots;
  for (const Settlement& entry : settlement_table()) {
    EXPECT_FALSE(entry.root.empty());
    EXPECT_FALSE(entry.exchange.empty()) << entry.root;
    EXPECT_TRUE(roots.insert(entry.root).second) << entry.root << " is there twice";
    EXPECT_EQ(entry.session, entry.minutes < 12 * 60 ? "AM" : "PM") << entry.root;
    EXPECT_NO_THROW(static_cast<void>(local_instant(*parse_date("2020-01-02"), entry.minutes, entry.zone)))
        << entry.root;
    EXPECT_EQ(settlement_of(entry.root).minutes, entry.minutes);
  }
}

TEST(SettlementOf, ForAnUnknownRootIsTheCloseInNewYork) {
  const Settlement unknown = settlement_of("spxw");  // spelled exactly, or not known
  EXPECT_EQ(unknown.root, "");
  EXPECT_EQ(unknown.session, "PM");
  EXPECT_EQ(unknown.minutes, 16 * 60);
  EXPECT_EQ(unknown.zone, "America/New_York");
}

}  // namespace
}  // namespace strikenet
