// strikenet repair, as the shell runs it.
#include <gtest/gtest.h>

#include <string>

#include "apps/free_butterfly.h"
#include "apps/run_command.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::kFreeButterfly;
using testing_support::run_strikenet;
using testing_support::shared_folder;
using testing_support::skip_text;
using testing_support::TemporaryFolder;
using testing_support::text_of;

TEST(StrikenetRepair, WritesTheChainWithWhatChanged) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", kFreeButterfly), out = (folder.path() / "repaired.csv").string();
  const auto once = run_strikenet({"repair", chain, "--out", out});
  EXPECT_EQ(once.status, 0) << once.err;
  EXPECT_EQ(once.err, "");
  EXPECT_EQ(once.out.substr(0, once.out.find('\n')), "quotes     8 looked at, 1 changed");
  EXPECT_EQ(text_of(out),
            "as_of,expiry,strike,type,bid,ask,bid_change,ask_change\n"
            "2026-01-02T21:00Z,2026-06-19,90,C,12,12.1,,\n"
            "2026-01-02T21:00Z,2026-06-19,100,C,8.09998,9.1,-0.90002,\n"
            "2026-01-02T21:00Z,2026-06-19,110,C,4,4.1,,\n"
            "2026-01-02T21:00Z,2026-12-18,90,C,15,15.1,,\n"
            "2026-01-02T21:00Z,2026-12-18,90,P,5,5.1,,\n"
            "2026-01-02T21:00Z,2026-12-18,100,C,9,9.1,,\n"
            "2026-01-02T21:00Z,2026-12-18,100,P,9,9.1,,\n"
            "2026-01-02T21:00Z,2026-12-18,110,P,14.6,14.9,,\n");
  EXPECT_EQ(run_strikenet({"check", out, "--quiet"}).status, 0);
  const auto twice = run_strikenet({"repair", out});
  EXPECT_EQ(twice.status, 0);
  EXPECT_NE(twice.err.find("8 looked at, 0 changed"), std::string::npos) << twice.err;
  EXPECT_NE(twice.out.find("2026-06-19,100,C,8.09998,9.1,,\n"), std::string::npos) << twice.out;
}

TEST(StrikenetRepair, RefusesANormThatItDoesNotKnow) {
  const TemporaryFolder folder;
  const auto run = run_strikenet({"repair", folder.file("c.csv", kFreeButterfly), "--norm", "l3"});
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.err.find("--norm is 'l3', but must be l1 or l2"), std::string::npos) << run.err;
  EXPECT_EQ(run_strikenet({"repair", (folder.path() / "none.csv").string()}).status, 3);
}

TEST(StrikenetRepair, WritesVolsAsPricesWithTheirForwards) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "r.csv").string();
  const auto run =
      run_strikenet({"repair", STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv", "--out", out});
  EXPECT_EQ(run.status, 0) << run.err;
  const std::string text = text_of(out);
  EXPECT_EQ(text.substr(0, text.find('\n')).find("price"), text.find("price")) << text.substr(0, 200);
  EXPECT_NE(text.find("discount"), std::string::npos);
}

TEST(StrikenetCheckSuspects, NameTheMislabelledExpiryFirst) {
  const std::string path = "market_data/wide_spxw_2025-09-03/spxw.csv";
  if (!has_shared(path)) GTEST_SKIP() << skip_text(path);
  const auto run = run_strikenet({"check", (shared_folder() / path).string(), "--trades", "1"});
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.out.find("\nsuspects   2025-09-10 "), std::string::npos) << run.out;
}

}  // namespace
}  // namespace strikenet
