// strikenet inspect, run as the shell runs it.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "apps/run_command.h"

namespace strikenet {
namespace {

const std::string kChain = STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv";

TEST(StrikenetInspect, PrintsATableOfTheBundledChain) {
  const auto [status, out, err] = testing_support::run_strikenet({"inspect", kChain});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(err, "");
  EXPECT_NE(out.find("626 quotes on 8 expiries"), std::string::npos) << out;
  EXPECT_NE(out.find("left out     none"), std::string::npos) << out;
}

TEST(StrikenetInspect, PrintsJson) {
  const auto [status, out, err] = testing_support::run_strikenet({"inspect", kChain, "--json"});
  EXPECT_EQ(status, 0);
  EXPECT_NE(out.find("\"schema\": \"strikenet.inspect/1\""), std::string::npos);
  EXPECT_NE(out.find("\"quotes\": 626"), std::string::npos);
}

TEST(StrikenetInspect, TakesPagesOfOneChainAndRefusesFilesThatAreNot) {
  const std::string vols = STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv";
  const auto twice = testing_support::run_strikenet({"inspect", kChain, kChain});
  EXPECT_EQ(twice.status, 0);
  EXPECT_NE(twice.out.find("1252 quotes on 8 expiries"), std::string::npos) << twice.out;
  EXPECT_NE(twice.out.find("626 duplicate"), std::string::npos) << twice.out;
  const auto mixed = testing_support::run_strikenet({"inspect", kChain, vols});
  EXPECT_EQ(mixed.status, 3);
  EXPECT_EQ(mixed.out, "");
  EXPECT_NE(mixed.err.find("vols.csv: quotes are of another kind, but must be as in "), std::string::npos) << mixed.err;
}

TEST(StrikenetInspect, TakesRulesInAListOrOneByOne) {
  const auto listed = testing_support::run_strikenet({"inspect", kChain, "--rule", "dead-wing=1,locked", "--json"});
  EXPECT_EQ(listed.status, 0) << listed.err;
  EXPECT_NE(listed.out.find("\"rules\": [\"dead-wing=1\", \"locked\"]"), std::string::npos) << listed.out;
  const auto repeated =
      testing_support::run_strikenet({"inspect", "--rule", "dead-wing=1", "--rule", "locked", kChain, "--json"});
  EXPECT_EQ(repeated.out, listed.out);
  const auto wrong = testing_support::run_strikenet(
      {"inspect", kChain, "--rule", "tight", "--rule", "stale=soon", "--term-structure", "rough"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.err,
            "--rule: rule is 'tight', but must be one of duplicate, placeholder, two-chains, locked, stale, "
            "absurd-spread, dead-wing, off-parity\n"
            "--rule: rule 'stale' is set to 'soon', but must be on, off, or a number of days, at least 0\n"
            "--term-structure is 'rough', but must be by-expiry or smooth\n");
}

TEST(StrikenetInspect, DrawsTheForwardsOnASmoothCurveOnRequest) {
  const auto own = testing_support::run_strikenet({"inspect", kChain});
  const auto smooth = testing_support::run_strikenet({"inspect", kChain, "--term-structure", "smooth"});
  EXPECT_EQ(smooth.status, 0) << smooth.err;
  EXPECT_NE(smooth.out, own.out);
}

TEST(StrikenetInspect, SaysWhatIsWrongWithItsArguments) {
  EXPECT_EQ(testing_support::run_strikenet({"inspect"}).status, 2);
  const auto missing = testing_support::run_strikenet({"inspect", "nowhere.csv", "--format", "excel"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_EQ(missing.err, "--format is 'excel', but must be one that 'strikenet formats' lists\n");
  EXPECT_EQ(testing_support::run_strikenet({"inspect", "nowhere.csv"}).err,
            "nowhere.csv: cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace strikenet
