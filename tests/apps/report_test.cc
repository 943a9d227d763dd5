#include <gtest/gtest.h>

#include <string>

#include "apps/run_command.h"
#include "apps/small_chain.h"
#include "strikenet/report/report_html.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class StrikenetReport : public testing::Test {
 protected:
  void SetUp() override {
    if (report_left_out()) GTEST_SKIP() << *report_left_out();
  }

  Finished calibrate(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"calibrate", folder_.file("chain.csv", SmallChain().text()), "--out", fit()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_strikenet(arguments);
  }
  std::string fit() const { return (folder_.path() / "fit").string(); }
  std::string page() const { return text_of(fs::path(fit()) / "report.html"); }

  TemporaryFolder folder_;
};

TEST_F(StrikenetReport, WritesThePageThatCalibrateWrites) {
  const Finished calibrated = calibrate();
  EXPECT_TRUE(calibrated.out.ends_with("written    " + fit() + "/report.html\n")) << calibrated.out;
  const std::string first = page();
  EXPECT_GT(first.size(), 1'000'000U);
  fs::remove(fs::path(fit()) / "report.html");
  const Finished finished = run_strikenet({"report", fit()});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_EQ(finished.out, "written    " + fit() + "/report.html\n");
  EXPECT_EQ(page(), first);
}

TEST_F(StrikenetReport, IsLeftOutWhenCalibrateIsTold) {
  const Finished finished = calibrate({"--no-report"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_TRUE(finished.out.ends_with("written    " + fit() + "/summary.json\n")) << finished.out;
  EXPECT_FALSE(fs::exists(fs::path(fit()) / "report.html"));
}

TEST_F(StrikenetReport, PrintsNothingWhenAskedToBeQuiet) {
  calibrate({"--no-report"});
  EXPECT_EQ(run_strikenet({"report", fit(), "--quiet"}).out, "");
  EXPECT_TRUE(page().ends_with("</html>\n"));
}

TEST_F(StrikenetReport, NamesTheFilesThatAreMissing) {
  const Finished finished = run_strikenet({"report", fit()});
  EXPECT_EQ(finished.status, 3);
  EXPECT_TRUE(holds(finished.err, fit() + "/surface.json: cannot be read: No such file or directory\n"))
      << finished.err;
}

}  // namespace
}  // namespace strikenet
