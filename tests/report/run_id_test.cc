#include "report/run_id.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/small_calibration.h"
#include "strikenet/io/surface_json.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;
using testing_support::SmallCalibration;

std::string run_of(const CalibrationFiles& files) { return parse_surface(files.surface, "s").value().run; }

TEST(CalibrationFilesOfOneRun, HaveOneIdInEachFile) {
  const CalibrationFiles files = calibration_files(SmallCalibration().calibration());
  const std::string run = run_of(files);
  ASSERT_EQ(run.size(), 36U) << run;
  EXPECT_EQ(run[14], '5') << run;  // a UUID of version 5
  EXPECT_EQ(nlohmann::json::parse(files.summary)["run"], run);
  EXPECT_EQ(run_of_quotes(files.quotes), run);
  for (std::size_t begin = 0; begin < files.quotes.size();) {
    const std::size_t end = files.quotes.find('\n', begin);
    const std::string line = files.quotes.substr(begin, end - begin);
    EXPECT_TRUE(line.ends_with(begin == 0 ? ",run" : "," + run)) << line;
    begin = end + 1;
  }
}

TEST(CalibrationFilesOfOneRun, HaveTheSameIdWhateverTheTimeTaken) {
  SmallCalibration slow;
  slow.seconds.fit *= 2;
  const CalibrationFiles one = calibration_files(SmallCalibration().calibration()),
                         other = calibration_files(slow.calibration());
  EXPECT_EQ(run_of(one), run_of(other));
  EXPECT_EQ(one.surface, other.surface);
  EXPECT_EQ(one.quotes, other.quotes);
  EXPECT_NE(one.summary, other.summary);
}

TEST(CalibrationFilesOfOneRun, HaveAnotherIdWhenAnythingElseDiffers) {
  std::set<std::string> runs = {run_of(calibration_files(SmallCalibration().calibration()))};
  SmallCalibration quote, option, weight, rule;
  quote.chain.quotes[5].ask += 1e-9;  // of an expiry that was not fitted
  option.options.engine = Engine::interior;
  weight.fit.surface.slices[1].discount = DiscountFactor(0.7500000001);
  rule.chain.rules.pop_back();
  for (const SmallCalibration* small : {&quote, &option, &weight, &rule})
    EXPECT_TRUE(runs.insert(run_of(calibration_files(small->calibration()))).second);
}

class MixedRuns : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("mixed_runs." + std::to_string(getpid()));
    fs::create_directories(folder_);
    SmallCalibration other;
    other.chain.quotes[0].bid += 0.01;
    old_ = calibration_files(SmallCalibration().calibration());
    new_ = calibration_files(other.calibration());
    write("surface.json", old_.surface);
    write("quotes.csv", old_.quotes);
    write("summary.json", old_.summary);
    write("report.html", page_of("strikenet.report/2\",\"run\":\"" + run_of(old_)));
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Lines lines() const { return mixed_runs(folder_.string()).lines; }
  Lines refused(const std::string& name, const std::string& has) const {
    return {path(name) + ": run is " + has + ", but must be '" + run_of(old_) + "', as in " + path("surface.json") +
            ": they are files of two calibrations"};
  }
  static std::string page_of(const std::string& begin) {
    return "<html><script type=\"application/json\" id=\"data\">{\"schema\":\"" + begin + "\",\"as_of\":\"\"}</script>";
  }

  fs::path folder_;
  CalibrationFiles old_, new_;
};

TEST_F(MixedRuns, AreNoneInFilesOfOne) {
  EXPECT_EQ(lines(), Lines{});
  EXPECT_TRUE(read_calibration_files(folder_.string()));
}

TEST_F(MixedRuns, AreFoundWhereverTheyAre) {
  write("quotes.csv", new_.quotes);
  EXPECT_EQ(lines(), refused("quotes.csv", "'" + run_of(new_) + "'"));
  EXPECT_EQ(read_calibration_files(folder_.string()).problems().lines, lines());
  write("quotes.csv", old_.quotes);
  write("summary.json", new_.summary);
  EXPECT_EQ(lines(), refused("summary.json", "'" + run_of(new_) + "'"));
  write("summary.json", old_.summary);
  write("report.html", page_of("strikenet.report/2\",\"run\":\"" + run_of(new_)));
  EXPECT_EQ(lines(), refused("report.html", "'" + run_of(new_) + "'"));
  write("report.html", page_of("strikenet.report/1"));  // of 0.1
  EXPECT_EQ(lines(), refused("report.html", "missing"));
  write("surface.json", new_.surface);
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(MixedRuns, AreFoundBesideASurfaceOf01) {
  Surface before = parse_surface(old_.surface, "s").value();
  before.run.clear();
  write("surface.json", to_json(before, ""));
  ASSERT_EQ(lines().size(), 3U);
  EXPECT_EQ(lines()[0], path("quotes.csv") + ": run is '" + run_of(old_) + "', but must be missing, as in " +
                            path("surface.json") + ": they are files of two calibrations");
}

TEST_F(MixedRuns, LooksAtNothingThatIsNotOurs) {
  write("quotes.csv", "expiry,strike,type,bid,ask\n2026-01-01,1,C,1,2\n");
  write("summary.json", "{\"schema\": \"mine\", \"run\": \"x\"}");
  write("report.html", "<html>mine</html>");
  EXPECT_EQ(lines(), Lines{});
  fs::remove(folder_ / "report.html");
  fs::remove(folder_ / "summary.json");
  EXPECT_EQ(lines(), Lines{});
  write("summary.json", "no JSON");
  fs::create_directory(folder_ / "report.html");
  EXPECT_EQ(lines(), Lines{});
}

TEST_F(MixedRuns, AreRefusedByThePageToo) {
  if (report_left_out()) GTEST_SKIP() << *report_left_out();
  EXPECT_TRUE(report_html(old_, "fit"));
  const auto page = report_html({old_.surface, new_.quotes, old_.summary}, "fit");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.problems().lines, Lines{"fit/quotes.csv: run is '" + run_of(new_) + "', but must be '" + run_of(old_) +
                                         "', as in fit/surface.json: they are files of two calibrations"});
  EXPECT_EQ(run_of_page(report_html(old_, "fit").value()), run_of(old_));
}

TEST(IsReportHtml, KnowsOurPagesOfEveryVersionAndNoOthers) {
  EXPECT_FALSE(is_report_html(""));
  EXPECT_FALSE(is_report_html("<html><title>strikenet report</title></html>"));
  EXPECT_TRUE(is_report_html("<script type=\"application/json\" id=\"data\">{\"schema\":\"strikenet.report/1\","));
  EXPECT_EQ(run_of_page("<script type=\"application/json\" id=\"data\">{\"schema\":\"strikenet.report/1\",\"as_of\""),
            "");
  EXPECT_EQ(run_of_page("<script type=\"application/json\" id=\"data\">{\"schema\":\"strikenet.report/"), "");
}

// --- files of 0.1 ----------------------------------------------------------------------------------------------------

std::string of_0_1(const std::string& name) {
  std::ifstream file(fs::path(STRIKENET_SOURCE_DIR) / "tests/files_of_0.1" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(FilesOf01, AreReadAndProvedAsBefore) {
  const auto surface = parse_surface(of_0_1("surface.json"), "s.json");
  ASSERT_TRUE(surface) << surface.problems().lines.front();
  EXPECT_EQ(surface.value().run, "");
  EXPECT_EQ(surface.value().slices.size(), 2U);
  const Certificate certificate = prove_arbitrage_free(surface.value());
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.inequalities, 36);  // as their summary.json says
}

TEST(FilesOf01, MakeAPage) {
  const auto files = read_calibration_files((fs::path(STRIKENET_SOURCE_DIR) / "tests/files_of_0.1").string());
  ASSERT_TRUE(files) << files.problems().lines.front();
  if (report_left_out()) GTEST_SKIP() << *report_left_out();
  const auto page = report_html(files.value(), "fit");
  ASSERT_TRUE(page) << page.problems().lines.front();
  EXPECT_EQ(run_of_page(page.value()), "");
}

TEST(ReadCalibration, RefusesSummariesOfLaterSchemas) {
  if (report_left_out()) GTEST_SKIP() << *report_left_out();
  std::string summary = of_0_1("summary.json");
  summary.replace(summary.find("summary/1"), 9, "summary/3");
  const auto page = report_html({of_0_1("surface.json"), of_0_1("quotes.csv"), summary}, "fit");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.problems().lines, Lines{"fit/summary.json: schema is 'strikenet.summary/3', but must be "
                                         "'strikenet.summary/2' or 'strikenet.summary/1'"});
}

}  // namespace
}  // namespace strikenet
