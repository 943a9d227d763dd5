// strikenet check, as the shell sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "apps/run_command.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::run_strikenet;
using testing_support::TemporaryFolder;

std::string surface(const std::string& first_weights, const std::string& second_weights) {
  return R"({"schema": "strikenet.surface/1", "activation": "quadratic", "knots": [0.25, 0.75, 1.25, 1.75], "slices": [
    {"expiry": "2019-06-28", "root": "SPX", "t": 0.25, "forward": 100, "discount": 1, "weights": )" +
         first_weights + R"(},
    {"expiry": "2019-06-28", "root": "SPXW", "t": 0.5, "forward": 100, "discount": 1, "weights": )" +
         second_weights + "}]}\n";
}

const std::string kNarrow = "[0.25, 0.5, 0.25]", kWide = "[0.5, 0, 0.5]";

TEST(StrikenetCheck, ProvesASurface) {
  const TemporaryFolder folder;
  const auto [status, out, err] = run_strikenet({"check", folder.file("s.json", surface(kNarrow, kWide))});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(
      out,
      "status        arbitrage-free\n"
      "slices        2 with 6 quadratic units\n"
      "inequalities  9 in rational arithmetic\n"
      "largest move  0, of a weight to make mass and mean 1\n"
      "calendar      proved\n"
      "assuming      one underlying; the order of instants; ratios of forwards and of discount factors that stay; "
      "forwards and discount factors as given; European exercise\n"
      "violations    0\n");
  EXPECT_EQ(err, "");
}

TEST(StrikenetCheck, ListsArbitrageInTime) {
  const TemporaryFolder folder;
  const auto [status, out, err] = run_strikenet({"check", folder.file("s.json", surface(kWide, kNarrow))});
  EXPECT_EQ(status, 1);
  EXPECT_EQ(
      out,
      "status        slices-arbitrage-free\n"
      "slices        2 with 6 quadratic units\n"
      "inequalities  9 in rational arithmetic\n"
      "largest move  0, of a weight to make mass and mean 1\n"
      "calendar      reported, worst gap -0.125 forwards\n"
      "assuming      one underlying; the order of instants; ratios of forwards and of discount factors that stay; "
      "forwards and discount factors as given; European exercise\n"
      "violations    1\n"
      "  2019-06-28 SPXW: a call at k = 1 is cheaper than at the expiry before by 0.125 forwards\n");
  EXPECT_EQ(err, "");
}

TEST(StrikenetCheck, ListsNegativeWeightsAndMomentsThatAreOff) {
  const TemporaryFolder folder;
  const auto weight = run_strikenet({"check", folder.file("s.json", surface("[0.75, -0.5, 0.75]", "[1, -1, 1]"))});
  EXPECT_EQ(weight.status, 1);
  EXPECT_NE(weight.out.find("status        not-proved\n"), std::string::npos) << weight.out;
  EXPECT_NE(weight.out.find("violations    2\n"
                            "  2019-06-28 SPX: weight at k = 1 is negative by 0.5\n"
                            "  2019-06-28 SPXW: weight at k = 1 is negative by 1\n"),
            std::string::npos)
      << weight.out;

  const auto mass = run_strikenet({"check", folder.file("s.json", surface(kNarrow, "[0.5, 0.25, 0.5]"))});
  EXPECT_EQ(mass.status, 1);
  EXPECT_NE(
      mass.out.find("  2019-06-28 SPXW: mass and mean are not 1, and moving two weights by at most 1e-12 does not "
                    "mend it: off by 0.125\n"),
      std::string::npos)
      << mass.out;
}

TEST(StrikenetCheck, PrintsTheCertificateAsJson) {
  const TemporaryFolder folder;
  const auto [status, out, err] =
      run_strikenet({"check", "--json", folder.file("s.json", surface(kWide, "[0, 1, 0]"))});
  EXPECT_EQ(status, 1);
  EXPECT_EQ(out, R"({
 "status": "not-proved",
 "arithmetic": "rational",
 "slices": 2,
 "units": 6,
 "inequalities": 9,
 "largest_move": 0.0,
 "calendar": "reported",
 "worst_calendar_gap": -0.25,
 "assumptions": [
  "one underlying",
  "the order of instants",
  "ratios of forwards and of discount factors that stay",
  "forwards and discount factors as given",
  "European exercise"
 ],
 "violations": [
  {
   "kind": "moments",
   "expiry": "2019-06-28",
   "root": "SPXW",
   "node": null,
   "by": 0.0
  },
  {
   "kind": "calendar",
   "expiry": "2019-06-28",
   "root": "SPXW",
   "node": 1.0,
   "by": 0.25,
   "other": {
    "expiry": "2019-06-28",
    "root": "SPX"
   }
  }
 ]
}
)");
  EXPECT_EQ(err, "");
}

TEST(StrikenetCheck, ShowsTwentyViolationsAndCountsThemAll) {
  std::string knots = "0.5", weights = "1";
  for (int i = 1; i < 30; ++i) {
    knots += ", " + std::to_string(i + 1);
    weights += ", -1";
  }
  const TemporaryFolder folder;
  const std::string path =
      folder.file("s.json", R"({"schema": "strikenet.surface/1", "activation": "relu", "knots": [)" + knots +
                                R"(], "slices": [{"expiry": "A", "t": 1, "forward": 1, "discount": 1, "weights": [)" +
                                weights + "]}]}");
  const auto text = run_strikenet({"check", path});
  EXPECT_EQ(text.status, 1);
  EXPECT_NE(text.out.find("calendar      not applicable\n"
                          "assuming      forwards and discount factors as given; European exercise\n"
                          "violations    30\n"),
            std::string::npos)
      << text.out;
  EXPECT_EQ(std::ranges::count(text.out, '\n'), 28);
  EXPECT_EQ(text.out.substr(text.out.rfind("\n  ")), "\n  and 10 more: --json lists all\n");
  const auto json = run_strikenet({"check", path, "--json"});
  EXPECT_EQ(json.status, 1);
  EXPECT_NE(json.out.find("\"node\": 30.0"), std::string::npos);
}

TEST(StrikenetCheck, PrintsNothingWhenAskedToBeQuiet) {
  const TemporaryFolder folder;
  const auto proved = run_strikenet({"check", "--quiet", folder.file("s.json", surface(kNarrow, kWide))});
  EXPECT_EQ(proved.status, 0);
  EXPECT_EQ(proved.out + proved.err, "");
  const auto found = run_strikenet({"check", "--quiet", folder.file("s.json", surface(kWide, kNarrow))});
  EXPECT_EQ(found.status, 1);
  EXPECT_EQ(found.out + found.err, "");
}

TEST(StrikenetCheck, ListsEveryProblemOfAFileOnStderr) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s.json", surface("[1]", "[0.5, \"x\", 0.5]"));
  const auto [status, out, err] = run_strikenet({"check", path});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, path + ": slices[0].weights has 1 numbers, but 4 knots of 'quadratic' units need 3\n" + path +
                     ": slices[1].weights[1] is 'x', but must be a number\n");
}

TEST(StrikenetCheck, RefusesAFileThatIsMissing) {
  const auto [status, out, err] = run_strikenet({"check", "/nowhere/s.json"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "/nowhere/s.json: cannot be read: No such file or directory\n");
}

TEST(StrikenetCheck, ProvesARealSurface) {
  using namespace testing_support;
  const std::string file = "examples/spxw_2019-06-26_surface.json";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto [status, out, err] = run_strikenet({"check", (shared_folder() / file).string()});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(out.find("status        arbitrage-free\nslices        29 with 7250 cubic units\n"), 0U) << out;
  EXPECT_EQ(err, "");
}

}  // namespace
}  // namespace strikenet
