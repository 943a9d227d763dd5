// Two roots that settle at one instant, as the shell sees them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

using nlohmann::json;
using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::TemporaryFolder;
using testing_support::text_of;

/// Black's prices at half a year on a forward of 100, discount factor 0.98, 0.02 to either side, in cents.
std::string chain(double spxpm_vol, double spxw_vol) {
  std::ostringstream text;
  text << "as_of,root,expiry,strike,type,bid,ask\n" << std::fixed << std::setprecision(2);
  for (const auto& [root, vol] : {std::pair("SPXPM", spxpm_vol), std::pair("SPXW", spxw_vol)})
    for (int strike = 70; strike <= 130; strike += 5)
      for (const OptionType type : {OptionType::call, OptionType::put}) {
        const double price =
            0.98 * black_price(type, Forward(100), Strike(strike), TotalVol(vol * std::sqrt(0.5))).value();
        text << "2026-01-01T08:00Z," << root << ",2026-07-02," << strike << ',' << letter(type) << ','
             << std::max(std::round(100 * price - 2), 0.0) / 100 << ',' << std::round(100 * price + 2) / 100 << '\n';
      }
  return text.str();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(OneInstant, IsCheckedWhicheverRootIsDearer) {
  const TemporaryFolder folder;
  for (const auto& [first, second] : {std::pair(0.25, 0.3), std::pair(0.3, 0.25)}) {
    const Finished found = run_strikenet({"check", folder.file("chain.csv", chain(first, second))});
    EXPECT_EQ(found.status, 1) << found.out << found.err;
    EXPECT_TRUE(holds(found.out, "same-instant spread: receive 1.3")) << found.out;
    EXPECT_TRUE(holds(found.out, "2026-07-02 SPXW, the same instant")) << found.out;
    EXPECT_TRUE(holds(found.out, "1 settle at the instant of the one before, under another root: one law"))
        << found.out;
  }
  const Finished none = run_strikenet({"check", folder.file("chain.csv", chain(0.25, 0.25)), "--json"});
  EXPECT_EQ(none.status, 0) << none.out << none.err;
  const json object = json::parse(none.out);
  EXPECT_EQ(object["absence_proved"], true);
  EXPECT_EQ(object["calendar"]["together"][1]["order"], "same instant");
  EXPECT_EQ(object["assumptions"], json({"one underlying", "the order of instants",
                                         "ratios of forwards and of discount factors that stay", "European exercise"}));
}

TEST(OneInstant, IsRepairedToOneLaw) {
  const TemporaryFolder folder;
  const std::string file = folder.file("chain.csv", chain(0.25, 0.3)), out = (folder.path() / "repaired.csv").string();
  const Finished repaired = run_strikenet({"repair", file, "--out", out});
  EXPECT_EQ(repaired.status, 0) << repaired.out << repaired.err;
  const Finished checked = run_strikenet({"check", out});
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_TRUE(holds(checked.out, " settle at the instant of the one before, under another root: one law"))
      << checked.out;
  EXPECT_TRUE(holds(run_strikenet({"repair", out}).err, " 0 changed"));
}

TEST(OneInstant, IsFittedByOneLawThatIsProved) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string(), surface = out + "/surface.json";
  const Finished fitted =
      run_strikenet({"calibrate", folder.file("chain.csv", chain(0.25, 0.25)), "--out", out, "--no-report"});
  EXPECT_EQ(fitted.status, 0) << fitted.out << fitted.err;
  EXPECT_TRUE(holds(fitted.out, "52/52")) << fitted.out;
  EXPECT_TRUE(holds(fitted.out, "assuming   one underlying; ")) << fitted.out;
  const json written = json::parse(text_of(surface));
  EXPECT_EQ(written["slices"][0]["t"], written["slices"][1]["t"]);
  EXPECT_EQ(written["slices"][0]["weights"], written["slices"][1]["weights"]);
  EXPECT_EQ(run_strikenet({"check", surface}).status, 0);
  const Finished priced = run_strikenet({"price", surface, "--strike", "100", "--json"});
  EXPECT_EQ(priced.status, 0) << priced.err;
}

TEST(OneInstant, NamesTheQuotesThatStandAgainstEachOther) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string(), file = folder.file("chain.csv", chain(0.25, 0.3));
  const Finished fitted = run_strikenet({"calibrate", file, "--out", out});
  EXPECT_TRUE(holds(fitted.out, "\noutside    ")) << fitted.out << fitted.err;
  EXPECT_TRUE(holds(fitted.out, "arbitrage-free")) << fitted.out;
  EXPECT_EQ(run_strikenet({"check", out + "/surface.json"}).status, 0);
}

TEST(OneInstant, IsReportedOrLeftAloneWhereItIsNotEnforced) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string(), file = folder.file("chain.csv", chain(0.25, 0.3));
  const Finished reported = run_strikenet({"calibrate", file, "--out", out, "--calendar", "report"});
  EXPECT_EQ(reported.status, 0) << reported.err;
  EXPECT_TRUE(holds(reported.out, " between roots at one instant not 0")) << reported.out;
  const Finished checked = run_strikenet({"check", out + "/surface.json"});
  EXPECT_EQ(checked.status, 1);
  EXPECT_TRUE(holds(checked.out, " differs from that of 2026-07-02 SPXPM at the same instant by ")) << checked.out;
  const Finished off = run_strikenet({"calibrate", file, "--out", out, "--calendar", "off"});
  EXPECT_EQ(off.status, 0) << off.err;
  EXPECT_TRUE(holds(off.out, "calendar   not applicable\n")) << off.out;
  EXPECT_EQ(run_strikenet({"check", out + "/surface.json"}).status, 0);
}

}  // namespace
}  // namespace strikenet
