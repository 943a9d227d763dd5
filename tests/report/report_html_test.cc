#include "strikenet/report/report_html.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/report_data.h"
#include "report/small_calibration.h"
#include "strikenet/io/surface_json.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;
using testing_support::SmallCalibration;

constexpr double kRounding = 1e-6;  // seven digits

CalibrationFiles files_of(const SmallCalibration& small) {
  const Calibration calibration = small.calibration();
  return {to_json(small.fit.surface, "arbitrage-free"), quotes_csv(calibration), summary_json(calibration)};
}

std::string page_of(const CalibrationFiles& files) {
  const auto page = report_html(files, "fit");
  EXPECT_TRUE(page) << (page ? "" : page.problems().lines.front());
  return page ? page.value() : std::string();
}

/// The JSON block of a page.
Json data_of(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(opening) + opening.size();
  return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

Json data_of(const CalibrationFiles& files) { return data_of(page_of(files)); }

std::vector<std::string> problems_of(const CalibrationFiles& files) {
  const auto page = report_html(files, "fit");
  return page ? std::vector<std::string>{} : page.problems().lines;
}

std::ptrdiff_t count_of(const std::string& text, const std::string& part) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

class ReportHtml : public testing::Test {
 protected:
  void SetUp() override {
    if (report_left_out()) GTEST_SKIP() << *report_left_out();
  }
};

TEST_F(ReportHtml, IsOneFileThatNamesNoOther) {
  const std::string page = page_of(files_of(SmallCalibration()));
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_EQ(count_of(page, "<script"), count_of(page, "</script>"));
  EXPECT_EQ(page.find(" src="), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos) << "and the browser is told to fetch nothing";
  EXPECT_EQ(page.find("{{"), page.find("{{", page.find("Chart.js v"))) << "no name of the template is left";
}

TEST_F(ReportHtml, KeepsTheLicencesOfWhatItHolds) {
  const std::string page = page_of(files_of(SmallCalibration()));
  EXPECT_NE(page.find("Chart.js Contributors"), std::string::npos);
  EXPECT_NE(page.find("three.js authors"), std::string::npos);
  EXPECT_NE(page.find("Permission is hereby granted, free of charge"), std::string::npos);
}

TEST_F(ReportHtml, HoldsTheSummaryAsItStands) {
  const CalibrationFiles files = files_of(SmallCalibration());
  const Json data = data_of(files);
  EXPECT_EQ(data["summary"], Json::parse(files.summary));
  EXPECT_EQ(data["expiries"][0]["summary"], Json::parse(files.summary)["expiries"][0]);
}

TEST_F(ReportHtml, HoldsEveryQuoteUnderItsExpiry) {
  const Json data = data_of(files_of(SmallCalibration()));
  ASSERT_EQ(data["expiries"].size(), 2U);
  const Json& first = data["expiries"][0]["quotes"];
  EXPECT_EQ(data["expiries"][0]["root"], "A,\"B\"");
  EXPECT_EQ(first["row"], Json::array({2.0, 3.0, 5.0, 6.0}));
  EXPECT_EQ(first["strike"], Json::array({100.0, 90.0, 110.0, 0.1}));
  EXPECT_EQ(first["type"], "CPCP");
  EXPECT_EQ(first["used"], "1100");
  EXPECT_EQ(first["inside"], "10--");
  EXPECT_EQ(first["reason"], Json({{"2", "crossed"}, {"3", "no-ask"}}));
  EXPECT_EQ(first["model_vol"], Json::array({0.25, 0.5, nullptr, nullptr}));
  EXPECT_EQ(first["mid_vol"], Json::array({0.24, nullptr, nullptr, nullptr}));
  EXPECT_EQ(data["expiries"][1]["quotes"]["row"], Json::array({7.0}));
  ASSERT_EQ(data["unfitted"].size(), 1U);
  EXPECT_EQ(data["unfitted"][0]["expiry"], "2020-01-31");
  EXPECT_EQ(data["unfitted"][0]["quotes"]["reason"], Json({{"0", "expired"}}));
}

TEST_F(ReportHtml, DrawsTheDensityOfBoxesWithCorners) {
  const Json data = data_of(files_of(SmallCalibration()));
  const Json& density = data["expiries"][0]["density"];  // boxes of mass 1/4, 1/2, 1/4 on three half forwards of 100
  EXPECT_EQ(density["kind"], "steps");
  EXPECT_EQ(density["strike"], Json::array({25.0, 75.0, 75.0, 125.0, 125.0, 175.0}));
  EXPECT_EQ(density["value"], Json::array({0.005, 0.005, 0.01, 0.01, 0.005, 0.005}));
  EXPECT_NEAR(data["expiries"][0]["quantiles"]["0.5"].get<double>(), 100, kRounding);
}

TEST_F(ReportHtml, DrawsALawOfPointsAsPoints) {
  SmallCalibration small;
  small.fit.surface.activation = Activation::relu;
  for (SurfaceSlice& slice : small.fit.surface.slices)
    slice.curve = CallCurve(Activation::relu, {0.5, 1, 1.5}, {0.25, 0.5, 0.25});
  const Json data = data_of(files_of(small));
  EXPECT_EQ(data["expiries"][0]["density"],
            Json({{"kind", "points"}, {"strike", {50.0, 100.0, 150.0}}, {"value", {0.25, 0.5, 0.25}}}));
  EXPECT_EQ(data["surface"]["local_vol"], nullptr);
  EXPECT_FALSE(data["surface"]["total_variance"].empty());
}

TEST_F(ReportHtml, DrawsNoTimesBetweenExpiriesOnDifferentUnderlyings) {
  SmallCalibration small;
  small.fit.surface.calendar = false;
  const Json data = data_of(files_of(small));
  EXPECT_EQ(data["surface"]["t"], Json::array({0.25, 0.5}));
  EXPECT_EQ(data["surface"]["local_vol"], nullptr);
  EXPECT_EQ(data["term"], nullptr);
}

TEST_F(ReportHtml, SaysSoWhereThereIsNoCertificate) {
  CalibrationFiles files = files_of(SmallCalibration());
  Json summary = Json::parse(files.summary);
  summary.erase("certificate");
  files.summary = summary.dump();
  const std::string page = page_of(files);
  EXPECT_FALSE(data_of(page)["summary"].contains("certificate"));
  EXPECT_NE(page.find("There is no certificate"), std::string::npos);
}

TEST_F(ReportHtml, NeverTakesTextsForMarkup) {
  SmallCalibration small;
  const std::string evil = "</script><script>alert('x')</script> & \xe2\x80\xa8 \xff \"";
  small.chain.underlying = small.fit.surface.underlying = evil;
  small.chain.slices[1].key.root = small.fit.surface.slices[1].key.root = evil;
  small.chain.quotes[4].key.root = evil;
  const std::string plain = page_of(files_of(SmallCalibration())), page = page_of(files_of(small));
  EXPECT_EQ(page.find("alert('x')</script>"), std::string::npos);
  EXPECT_EQ(count_of(page, "<script"), count_of(plain, "<script"));
  EXPECT_EQ(count_of(page, "</script"), count_of(plain, "</script"));
  EXPECT_EQ(page.find("\xe2\x80\xa8"), std::string::npos);
  const Json data = data_of(page);
  const std::string shown = "</script><script>alert('x')</script> & \xe2\x80\xa8 \xef\xbf\xbd \"";
  EXPECT_EQ(data["underlying"], shown);
  EXPECT_EQ(data["expiries"][1]["root"], shown);
  EXPECT_EQ(data["expiries"][1]["quotes"]["row"], Json::array({7.0})) << "and its quotes still find it";
}

TEST_F(ReportHtml, OpensWithoutQuotes) {
  CalibrationFiles files = files_of(SmallCalibration());
  files.quotes.resize(files.quotes.find('\n') + 1);
  const Json data = data_of(files);
  EXPECT_EQ(data["expiries"][0]["quotes"]["strike"], Json::array());
  EXPECT_GT(data["expiries"][0]["model"]["strike"].size(), 100U);
}

TEST_F(ReportHtml, IsTheSameForTheSameFiles) {
  const CalibrationFiles files = files_of(SmallCalibration());
  EXPECT_EQ(page_of(files), page_of(files));
}

TEST_F(ReportHtml, NamesEverythingThatIsWrongWithTheFiles) {
  CalibrationFiles files = files_of(SmallCalibration());
  files.surface = "{}";
  files.summary = "[1]";
  files.quotes.replace(files.quotes.find(",100,C,"), 7, ",abc,C,");
  const auto problems = problems_of(files);
  ASSERT_GE(problems.size(), 3U);
  EXPECT_TRUE(problems.front().starts_with("fit/surface.json: ")) << problems.front();
  EXPECT_TRUE(std::ranges::count(problems, "fit/quotes.csv:2: strike is 'abc', but must be a number above 0"));
  EXPECT_EQ(problems.back(), "fit/summary.json: text is no summary, but must be a JSON object with a list 'expiries'");
}

TEST_F(ReportHtml, NamesTheColumnsThatAreMissing) {
  CalibrationFiles files = files_of(SmallCalibration());
  files.quotes = "expiry,strike\n";
  const auto problems = problems_of(files);
  EXPECT_TRUE(std::ranges::count(problems, "fit/quotes.csv:1: column 'inside' is missing, but a report needs it"))
      << testing::PrintToString(problems);
}

TEST(ReadCalibrationFiles, NamesEachFileThatIsMissing) {
  const auto files = read_calibration_files("/nowhere");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.problems().lines,
            (std::vector<std::string>{"/nowhere/surface.json: cannot be read: No such file or directory",
                                      "/nowhere/quotes.csv: cannot be read: No such file or directory",
                                      "/nowhere/summary.json: cannot be read: No such file or directory"}));
}

}  // namespace
}  // namespace strikenet
