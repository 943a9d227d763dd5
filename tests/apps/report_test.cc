#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
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

// --- one picture ----------------------------------------------------------------------------------------------------

/// Its numbers come from a file: what cannot be drawn is no fault of the program.
TEST_F(StrikenetReport, RefusesASurfaceWithoutPrices) {
  calibrate({"--no-report"});
  const fs::path surface = fs::path(fit()) / "surface.json";
  std::string text = text_of(surface);
  for (std::size_t at = 0; (at = text.find("\"weights\": [", at)) != std::string::npos;)
    for (at = text.find('[', at); text[at] != ']'; at = text.find_first_of(",]", at + 1))
      text.insert(text.find_first_not_of("[, ", at), "-");
  std::ofstream(surface, std::ios::binary) << text;
  const Finished finished = run_strikenet({"report", fit()});
  EXPECT_EQ(finished.status, 3);
  EXPECT_TRUE(finished.err.starts_with(surface.string() + ": ")) << finished.err;
  EXPECT_FALSE(fs::exists(fs::path(fit()) / "report.html"));
}

bool has_gnuplot() { return std::system("command -v gnuplot >/dev/null") == 0; }

TEST_F(StrikenetReport, DrawsOneExpiryWithoutABrowser) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is missing";
  calibrate({"--no-report"});
  const std::string svg = (folder_.path() / "smile.svg").string(), png = (folder_.path() / "density.png").string();
  const Finished smile = run_strikenet({"report", fit(), "--plot", svg, "--expiry", "2026-06-19"});
  EXPECT_EQ(smile.status, 0) << smile.err;
  EXPECT_EQ(smile.out, "written    " + svg + "\n");
  EXPECT_TRUE(holds(text_of(svg), "<svg")) << "an image";
  EXPECT_TRUE(holds(text_of(svg), "2026-06-19: smile"));
  EXPECT_TRUE(text_of(svg).ends_with("</svg>\n\n") || text_of(svg).ends_with("</svg>\n"));
  const Finished density = run_strikenet({"report", fit(), "--plot", png, "--expiry", "2026-12-18", "--density"});
  EXPECT_EQ(density.status, 0) << density.err;
  EXPECT_TRUE(text_of(png).starts_with("\x89PNG"));
  EXPECT_FALSE(fs::exists(fs::path(fit()) / "report.html")) << "instead of the page";
}

TEST_F(StrikenetReport, DrawsNamesThatLookLikeMarkupOrCommands) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is missing";
  calibrate({"--no-report"});
  const fs::path surface = fs::path(fit()) / "surface.json";
  std::string text = text_of(surface);
  text.insert(text.find('{') + 1, R"("underlying": "a'b <b>&`touch x` \\ \u0007",)");
  std::ofstream(surface, std::ios::binary) << text;
  const std::string svg = (folder_.path() / "smile.svg").string();
  const Finished finished = run_strikenet({"report", fit(), "--plot", svg, "--expiry", "2026-06-19"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_TRUE(holds(text_of(svg), "a'b &lt;b>&amp;`touch x`")) << text_of(svg);
}

TEST_F(StrikenetReport, SaysHowToGetGnuplot) {
  calibrate({"--no-report"});
  const TemporaryFolder empty;
  const std::string path = std::getenv("PATH");
  setenv("PATH", empty.path().c_str(), 1);
  const Finished finished = run_strikenet({"report", fit(), "--plot", "x.svg", "--expiry", "2026-06-19"});
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "--plot: gnuplot is missing, but draws the picture; install gnuplot-nox\n");
}

TEST_F(StrikenetReport, NamesTheOptionsThatAreWrong) {
  EXPECT_EQ(run_strikenet({"report", fit(), "--plot", "x.gif"}).err,
            "--plot is 'x.gif', but must end with .svg or .png\n");
  const Finished alone = run_strikenet({"report", fit(), "--density"});
  EXPECT_EQ(alone.status, 2);
  EXPECT_EQ(alone.err, "--expiry and --density say what --plot draws, but --plot is missing\n");
}

TEST_F(StrikenetReport, NamesTheExpiriesThereAre) {
  calibrate({"--no-report"});
  const Finished finished = run_strikenet({"report", fit(), "--plot", "x.svg", "--expiry", "2026-06-20"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, fit() + ": expiry is '2026-06-20', but must be one of 2026-06-19, 2026-12-18\n");
}

}  // namespace
}  // namespace strikenet
