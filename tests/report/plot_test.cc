#include "strikenet/report/plot.h"

#include <gtest/gtest.h>

#include <string>

#include "report/small_calibration.h"
#include "strikenet/io/surface_json.h"

namespace strikenet {
namespace {

using testing_support::SmallCalibration;

CalibrationFiles files_of(const SmallCalibration& small) {
  return {to_json(small.fit.surface, "arbitrage-free"), quotes_csv(small.calibration()),
          summary_json(small.calibration())};
}

std::string script_of(const SmallCalibration& small, const PlotRequest& request = {.expiry = "2026-06-30"}) {
  const auto script = gnuplot_script(files_of(small), request, "fit");
  EXPECT_TRUE(script) << (script ? "" : script.problems().lines.front());
  return script ? script.value() : std::string();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Of a block "$name << EOD".
std::string block(const std::string& script, const std::string& name) {
  const std::string opening = "$" + name + " << EOD\n";
  const std::size_t begin = script.find(opening);
  if (begin == std::string::npos) return "";
  return script.substr(begin + opening.size(), script.find("EOD\n", begin + opening.size()) - begin - opening.size());
}

TEST(GnuplotScript, DrawsBarsFromBidToAskAndTheModel) {
  SmallCalibration small;
  small.chain.quotes[4] = SmallCalibration::quote(7, 1, 100, OptionType::put, 1, 2);
  const std::string script = script_of(small);
  EXPECT_EQ(block(script, "bars"), "100 20 20 \n");  // bid vol 0.2, ask vol 0.4
  EXPECT_GT(block(script, "model").size(), 1000U);
  EXPECT_TRUE(holds(script, "set ylabel 'vol, %'\n"));
  EXPECT_TRUE(holds(script, "set title 'ABC, 2026-06-30: smile (forward 101.5000)'\n")) << script.substr(0, 300);
  EXPECT_TRUE(holds(script, "set arrow 1 from first 101.5, graph 0 to first 101.5, graph 1"));
  EXPECT_TRUE(holds(script, "set object 1 rectangle from first 102, graph 0 to first 101, graph 1 behind"));
}

TEST(GnuplotScript, DrawsTheDensityWithItsUnit) {
  const std::string script =
      script_of(SmallCalibration(), {.expiry = "2026-03-31", .picture = PlotRequest::Picture::density});
  EXPECT_EQ(block(script, "density"), "25 5 \n75 5 \n75 10 \n125 10 \n125 5 \n175 5 \n");  // 1 % per unit at most
  EXPECT_TRUE(holds(script, "set ylabel 'probability, % per 10 of strike'\n")) << script;
}

TEST(GnuplotScript, WritesTheFormatItIsAskedFor) {
  EXPECT_TRUE(holds(script_of(SmallCalibration()), "set terminal svg "));
  EXPECT_TRUE(holds(script_of(SmallCalibration(), {.expiry = "2026-06-30", .format = PlotRequest::Format::png}),
                    "set terminal pngcairo "));
}

TEST(GnuplotScript, NeverTakesTextsForCommands) {
  SmallCalibration small;
  small.chain.underlying = small.fit.surface.underlying = "O'Hara\n!touch x\n`date` \\ \"";
  const std::string script = script_of(small);
  EXPECT_TRUE(holds(script, "set title 'O''Hara !touch x `date` \\ \", 2026-06-30: smile")) << script.substr(0, 300);
  EXPECT_FALSE(holds(script, "\n!"));
}

TEST(GnuplotScript, FindsAnExpiryByItsDateOrWithItsRoot) {
  EXPECT_EQ(script_of(SmallCalibration(), {.expiry = "2026-03-31"}),
            script_of(SmallCalibration(), {.expiry = "2026-03-31 A,\"B\""}));
}

TEST(GnuplotScript, NamesTheExpiriesWhereNoneOrSeveralAreMeant) {
  for (const std::string expiry : {"", "2026-07-01"}) {
    const auto script = gnuplot_script(files_of(SmallCalibration()), {.expiry = expiry}, "fit");
    ASSERT_FALSE(script);
    EXPECT_EQ(script.problems().lines.front(),
              "fit: expiry is '" + expiry + "', but must be one of 2026-03-31 A,\"B\", 2026-06-30");
  }
}

TEST(GnuplotScript, NamesWhatIsWrongWithTheFiles) {
  CalibrationFiles files = files_of(SmallCalibration());
  files.summary = "";
  const auto script = gnuplot_script(files, {}, "fit");
  ASSERT_FALSE(script);
  EXPECT_TRUE(script.problems().lines.front().starts_with("fit/summary.json: text is no summary"));
}

}  // namespace
}  // namespace strikenet
