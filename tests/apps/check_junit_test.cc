// strikenet check --junit, and the file read back by Python's XML.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "apps/free_butterfly.h"
#include "apps/run_command.h"
#include "apps/surface_files.h"

namespace strikenet {
namespace {

using testing_support::run_strikenet;
using testing_support::TemporaryFolder;

/// Per case its name, what came of it, the message and the first word of the text.
std::string parsed(const TemporaryFolder& folder, const std::string& path) {
  const std::string script =
      folder.file("parse.py",
                  "import sys, xml.etree.ElementTree as xml\n"
                  "suite = xml.parse(sys.argv[1]).getroot().find('testsuite')\n"
                  "print(*(suite.get(of) for of in ('tests', 'failures', 'errors')))\n"
                  "for case in suite:\n"
                  "  print(case.get('name'))\n"
                  "  for t in case: print(t.tag + ':', t.get('message'), '|', t.text.strip())\n");
  const std::string out = (folder.path() / "parsed").string();
  const std::string line = "python3 '" + script + "' '" + path + "' >'" + out + "'";
  return std::system(line.c_str()) == 0 ? testing_support::text_of(out) : "not XML";
}

TEST(StrikenetCheckJunit, FailsTheExpiryThatHasATrade) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c&c.csv", testing_support::kFreeButterfly);
  const std::string file = (folder.path() / "made" / "junit.xml").string();
  const auto [status, out, err] = run_strikenet({"check", chain, "--junit", file, "--quiet"});
  EXPECT_EQ(status, 1);
  EXPECT_EQ(out + err, "");
  EXPECT_EQ(parsed(folder, file),
            "2 1 0\n"
            "2026-06-19\n"
            "failure: butterfly: receive 1.8 today (18 ticks of 0.1), pay nothing at expiry | 2026-06-19: arbitrage, 3 "
            "quotes\n"
            "  butterfly: receive 1.8 today (18 ticks of 0.1), pay nothing at expiry\n"
            "    buy          1 C90         at 12.1   (line 2)\n"
            "    sell         2 C100        at 9   (line 3)\n"
            "    buy          1 C110        at 4.1   (line 4)\n"
            "2026-12-18\n");
}

TEST(StrikenetCheckJunit, PassesTheBundledChain) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "junit.xml").string();
  const auto run = run_strikenet({"check", STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv", "--junit", file});
  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(parsed(folder, file).starts_with("9 0 0\n")) << parsed(folder, file);
}

TEST(StrikenetCheckJunit, FailsTheExpiryOfASurfaceThatIsCheaperThanTheOneBefore) {
  const TemporaryFolder folder;
  const std::string surface = folder.file(
      "s.json",
      testing_support::surface_text(testing_support::slice_text("2026-04-03", "", 0.25, testing_support::kWide) + ", " +
                                        testing_support::slice_text("2026-07-03", "", 0.5, testing_support::kNarrow),
                                    ""));
  const std::string file = (folder.path() / "junit.xml").string();
  EXPECT_EQ(run_strikenet({"check", surface, "--junit", file}).status, 1);
  const std::string words = "2026-07-03: a call at k = 1 is cheaper than at the expiry before by 0.0625 forwards";
  EXPECT_EQ(parsed(folder, file), "2 1 0\n2026-04-03\n2026-07-03\nfailure: " + words + " | " + words + "\n");
}

TEST(StrikenetCheckJunit, SaysWhereItCannotWrite) {
  const TemporaryFolder folder;
  const std::string in_the_way = folder.file("file", "");
  const auto [status, out, err] = run_strikenet(
      {"check", STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv", "--junit", in_the_way + "/junit.xml"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("file"), std::string::npos) << err;
}

}  // namespace
}  // namespace strikenet
