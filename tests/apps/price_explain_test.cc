// strikenet price --explain, as the shell sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"
#include "apps/surface_files.h"

namespace strikenet {
namespace {

using namespace testing_support;
using Lines = std::vector<std::string>;

/// A chain, and the surface that calibrate fits to it.
class StrikenetExplain : public testing::Test {
 protected:
  void calibrate(const Lines& options = {}) {
    Lines arguments = {"calibrate", chain_, "--out", (folder_.path() / "fit").string(), "--quiet"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Finished finished = run_strikenet(arguments);
    ASSERT_EQ(finished.status, 0) << finished.err;
  }
  Finished explain(const Lines& options) const {
    Lines arguments = {"price", surface_, "--explain", chain_};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_strikenet(arguments);
  }
  void expect_refused(const Finished& finished, int status, const std::string& problem) const {
    EXPECT_EQ(finished.status, status);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.err, problem + "\n");
  }

  TemporaryFolder folder_;
  std::string chain_ = folder_.file("chain.csv", SmallChain().text());
  std::string surface_ = (folder_.path() / "fit" / "surface.json").string();
};

TEST_F(StrikenetExplain, PrintsTheQuotesThatAPriceLeansOn) {
  calibrate();
  const Finished finished = explain({"--strike", "90", "--expiry", "2026-06-19", "--top", "3"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_LE(std::ranges::count(finished.out, '\n'), 4) << finished.out;
  const std::string first = finished.out.substr(finished.out.find('\n') + 1);
  EXPECT_TRUE(first.starts_with("2026-06-19,,90,P,")) << first;
  EXPECT_NE(first.find(",2026-06-19,,90,"), std::string::npos) << "its own quote: " << finished.out;
}

TEST_F(StrikenetExplain, ExplainsWhatLiesBetweenExpiriesAndBeforeTheFirst) {
  calibrate();
  const Finished finished = explain({"--strike", "90,1000", "--expiry", "T=0.1,T=0.7", "--json"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "note: 2 of 4 options lean on no quote\n");
  EXPECT_NE(finished.out.find("\n \"chain\": \"" + chain_ + "\",\n"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("\"quotes\": [\n    {\"row\": "), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("\"quotes\": []}"), std::string::npos) << finished.out;
}

TEST_F(StrikenetExplain, TakesTheOptionsOfTheFit) {
  const Lines of_fit = {"--smoothness", "3", "--rate", "0.02", "--engine", "interior"};
  calibrate(of_fit);
  Lines same = {"--strike", "90", "--quiet"};
  same.insert(same.end(), of_fit.begin(), of_fit.end());
  EXPECT_EQ(explain(same).status, 0) << explain(same).err;
  const Finished other = explain({"--strike", "90", "--rate", "0.02", "--engine", "interior"});
  EXPECT_EQ(other.status, 3);
  EXPECT_TRUE(other.err.starts_with(chain_ + ": fitted again, a weight differs by ")) << other.err;
  EXPECT_TRUE(other.err.ends_with(" from that of " + surface_ +
                                  ", but must be the same to 1e-09: pass the options that calibrate was given\n"))
      << other.err;
  const Finished other_rate = explain({"--strike", "90", "--smoothness", "3"});
  EXPECT_EQ(other_rate.status, 3);
  EXPECT_EQ(other_rate.err.find(chain_ + ": forward of 2026-06-19 is "), 0U) << other_rate.err;
}

TEST_F(StrikenetExplain, TakesTheRulesAndTheTermStructureOfTheFit) {
  SmallChain chain;
  chain.line(chain.size(), "2026-01-02T16:00-05:00,2026-12-18,120,P,20.5,20.5");
  chain_ = folder_.file("locked.csv", chain.text());
  const Lines of_fit = {"--rule", "locked", "--term-structure", "smooth"};
  calibrate(of_fit);
  Lines same = {"--strike", "90", "--quiet"};
  same.insert(same.end(), of_fit.begin(), of_fit.end());
  EXPECT_EQ(explain(same).status, 0) << explain(same).err;
  EXPECT_EQ(explain({"--strike", "90"}).status, 3);
}

TEST_F(StrikenetExplain, RefusesAnotherChain) {
  calibrate();
  const std::string short_chain = folder_.file("short.csv", SmallChain().keep_lines(19).text());
  expect_refused(run_strikenet({"price", surface_, "--strike", "90", "--explain", short_chain}), 3,
                 short_chain + ": has no expiry 2026-12-18, but " + surface_ + " has");
  expect_refused(run_strikenet({"price", surface_, "--strike", "90", "--explain", "/nowhere/c.csv"}), 3,
                 "/nowhere/c.csv: cannot be read: No such file or directory");
}

TEST_F(StrikenetExplain, RefusesWhatItCannotExplain) {
  calibrate();
  expect_refused(explain({"--strike", "90", "--expiry", "2027-12-17"}), 3,
                 "--explain: expiry is '2027-12-17', but must be at most 2026-12-18, the last of the surface");
  expect_refused(explain({"--strike", "1:1001:1", "--expiry", "2026-12-18"}), 3,
                 "--explain: number of options is 1001, but must be at most 1000");
  expect_refused(explain({"--strike", "90", "--loss", "huber"}), 2,
                 "--loss is 'huber', but must be squared or not there for --explain");
  expect_refused(explain({"--strike", "90", "--top", "0"}), 2, "--top is '0', but must be at least 1");
  expect_refused(run_strikenet({"price", surface_, "--strike", "90", "--rate", "0.01"}), 2,
                 "--format, --rule, --rate, --forward, --term-structure, --loss, --engine, --smoothness, --hygiene, "
                 "--threads and --top have no "
                 "meaning without --explain");
  const std::string vix = folder_.file("vix.json", two_expiries(R"("calendar": false,)"));
  expect_refused(run_strikenet({"price", vix, "--strike", "90", "--explain", chain_}), 3,
                 vix + ": its expiries were fitted one by one, but --explain needs a fit of all together");
}

}  // namespace
}  // namespace strikenet
