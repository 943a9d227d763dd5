#include "strikenet/io/write_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "io/same_chain.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::difference;

Result<RawChain> read(const std::string& text, std::string_view format = {}) {
  std::istringstream in(text);
  return read_chain(in, "f", format);
}

std::string written(const RawChain& chain) {
  std::ostringstream out;
  write_generic_csv(chain, out);
  return out.str();
}

std::string converted(const std::string& text) {
  const auto chain = read(text);
  return chain ? written(chain.value()) : "problem: " + chain.problems().lines.front();
}

/// Empty when the copy in the generic format reads back to the chain.
std::string lost_in(const RawChain& chain) {
  const auto copy = read(written(chain));
  if (!copy) return copy.problems().lines.front();
  EXPECT_EQ(copy.value().format, "generic");
  return difference(chain, copy.value());
}

TEST(WriteGenericCsv, ReadsBackToTheChainOfEveryFormat) {
  for (const ChainFormat& format : chain_formats()) {
    const auto chain = read(std::string(format.example) + "\n");
    ASSERT_TRUE(chain) << chain.problems().lines.front();
    EXPECT_EQ(lost_in(chain.value()), "") << format.name << "\n" << written(chain.value());
  }
}

TEST(WriteGenericCsv, WritesTheColumnsThatAreNeeded) {
  EXPECT_EQ(converted("expiry,strike,vol\n1,100,0.2\n0.5,90,\n"), "expiry,strike,vol\n1,100,0.2\n0.5,90,\n");
  EXPECT_EQ(converted("as_of,expiry,strike,type,bid,ask\n2026-01-02T16:00-05:00,2026-12-18,100.50,call,,2\n"),
            "as_of,expiry,strike,type,bid,ask\n2026-01-02T21:00Z,2026-12-18,100.5,C,,2\n");
  EXPECT_EQ(converted("expiry,strike,bid_vol,ask_vol,t,forward,discount,root,type\n"
                      "2026-12-18,100,0.1,0.2,0.75,101,0.9,SPX,P\n2027-12-18,1e3,0,0.3,,,,,\n"),
            "expiry,root,strike,type,bid_vol,ask_vol,t,forward,discount\n"
            "2026-12-18,SPX,100,P,0.1,0.2,0.75,101,0.9\n2027-12-18,,1000,,0,0.3,,,\n");
}

TEST(WriteGenericCsv, MarksSnapshotsLastTradesAndSidesOfAnother) {
  EXPECT_EQ(converted("contractSymbol,lastTradeDate,strike,bid,ask\n"
                      "SPXW260202C02800000,2026-01-30 16:45:44+00:00,2800,4122.2,4148.5\n"),
            "as_of,expiry,root,strike,type,bid,ask,last_trade,hygiene\n"
            "2026-01-30T16:45Z,2026-02-02,SPXW,2800,C,4122.2,4148.5,2026-01-30T16:45Z,lenient\n");
  EXPECT_EQ(
      converted("expiry,strike,quote,call_fv,imp_vol,forward\n0.25,430,mid,12,0.15,431\n0.25,428,bid,13,0.14,431\n"
                "0.25,429,ask,13,0.16,431\n"),
      "expiry,strike,vol,one_side,forward,hygiene\n0.25,430,0.15,,431,lenient\n0.25,428,0.14,bid,431,lenient\n"
      "0.25,429,0.16,ask,431,lenient\n");
}

TEST(WriteGenericCsv, QuotesTextsThatNeedItAndKeepsEveryDigit) {
  for (const std::string root : {"a,b", "say \"x\"", "#1", "\xC3\xA9"}) {
    RawChain chain{.kind = QuoteKind::vol, .strict = true};
    chain.quotes.push_back(
        {.key = {"T=0.1", root}, .t = YearFraction(0.1), .strike = 0.1 + 0.2, .bid = 1e-300, .ask = 1e-300});
    EXPECT_EQ(lost_in(chain), "") << written(chain);
  }
}

TEST(WriteGenericCsv, KeepsAYearFractionThatItsExpiryDoesNotSay) {
  const std::string text = "expiry,strike,vol,t\n0.5,100,0.2,0.51\n";
  EXPECT_EQ(converted(text), text);
}

TEST(WriteGenericCsv, ReadsBackToTheChainsOfExchangesAndVendors) {
  namespace fs = std::filesystem;
  const fs::path folder = testing_support::shared_folder() / "market_data";
  if (!fs::exists(folder)) GTEST_SKIP() << testing_support::skip_text("market_data");
  int chains = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".csv" && extension != ".json" && extension != ".dat") continue;
    const auto chain = read_chain_file(entry.path().string());
    if (!chain) continue;  // some are no chains: see ReadChain
    ++chains;
    EXPECT_EQ(lost_in(chain.value()), "") << entry.path();
  }
  EXPECT_GE(chains, 25);
}

TEST(WriteGenericCsv, KeepsSizesAndAddsColumns) {
  std::istringstream text(
      "quote_date,expiration,strike,option_type,bid_size_1545,bid_1545,ask_size_1545,ask_1545\n"
      "2019-06-26,2019-06-28,2900,C,7,22.7,0,23.4\n2019-06-26,2019-06-28,2910,C,1,16,12,17\n");
  const auto chain = read_chain(text, "c.csv");
  ASSERT_TRUE(chain);
  std::ostringstream out;
  write_generic_csv(chain.value(), out, {{"change", {{1, -0.5}}}});
  EXPECT_EQ(out.str(),
            "as_of,expiry,strike,type,bid,ask,bid_size,ask_size,hygiene,change\n"
            "2019-06-26T19:45Z,2019-06-28,2900,C,22.7,23.4,7,,lenient,\n"
            "2019-06-26T19:45Z,2019-06-28,2910,C,16,17,1,12,lenient,-0.5\n");
  std::istringstream again(out.str());
  const auto back = read_chain(again, "back.csv");
  ASSERT_TRUE(back);
  EXPECT_EQ(back.value().quotes[1].ask_size, 12U);
  EXPECT_EQ(back.value().quotes[0].ask_size, 0U);
}

}  // namespace
}  // namespace strikenet
