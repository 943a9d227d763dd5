// strikenet calibrate, as the shell sees it: what it does with good chains. What it does with bad ones is in
// calibrate_errors_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

const std::set<std::string> kWritten = {"quotes.csv", "report.html", "summary.json", "surface.json"};
const std::string kBundled = STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv";

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

/// The summary without its seconds, which are its last field.
std::string lasting_part(const std::string& summary) { return summary.substr(0, summary.find("\"seconds\"")); }

/// What a run has written.
struct Outcome {
  Finished finished;
  std::string surface, quotes, summary;
};

Outcome calibrate(const std::string& chain, std::vector<std::string> options = {}) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "fit";
  std::vector<std::string> arguments = {"calibrate", folder.file("chain.csv", chain), "--out", out.string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Finished finished = run_strikenet(arguments);
  return {finished, text_of(out / "surface.json"), text_of(out / "quotes.csv"),
          lasting_part(text_of(out / "summary.json"))};
}

/// For runs that have to go well.
Outcome calibrated(const std::string& chain, const std::vector<std::string>& options = {}) {
  const Outcome outcome = calibrate(chain, options);
  EXPECT_EQ(outcome.finished.status, 0);
  EXPECT_EQ(outcome.finished.err, "");
  EXPECT_FALSE(outcome.surface.empty() || outcome.quotes.empty() || outcome.summary.empty());
  return outcome;
}

// --- the README's first command -------------------------------------------------------------------------------------

TEST(StrikenetCalibrate, PutsTheWholeBundledChainInsideItsSpreadsAndProvesIt) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string();
  const Finished finished = run_strikenet({"calibrate", kBundled, "--out", out});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_EQ(names_in(out), kWritten);
  const std::string& table = finished.out;
  EXPECT_TRUE(holds(
      table, "expiry         days      forward   discount  quotes       inside    rms bp    max bp  certificate\n"))
      << table;
  EXPECT_TRUE(holds(table, "\nall                                             626      626/626 ")) << table;
  EXPECT_TRUE(holds(table, "  arbitrage-free\n\n626 of 626 quotes used\n")) << table;
  EXPECT_TRUE(holds(table, "\nQuantLib   313 prices against its Black formula")) << table;
  EXPECT_TRUE(table.ends_with("written    " + out + "/surface.json\nwritten    " + out + "/quotes.csv\nwritten    " +
                              out + "/summary.json\nwritten    " + out + "/report.html\n"))
      << table;
  EXPECT_TRUE(holds(text_of(out + "/summary.json"), "\"count\": 626,\n  \"of\": 626,\n  \"share\": 1.0,\n"));
  const Finished checked = run_strikenet({"check", out + "/surface.json"});
  EXPECT_EQ(checked.status, 0);
  EXPECT_TRUE(holds(checked.out, "status        arbitrage-free\n")) << checked.out;
}

TEST(StrikenetCalibrate, WritesALineForEveryLineOfTheChain) {
  const SmallChain chain;
  const std::string quotes = calibrated(chain.text()).quotes;
  EXPECT_EQ(std::ranges::count(quotes, '\n'), static_cast<std::ptrdiff_t>(chain.size()));
  EXPECT_TRUE(holds(quotes, "\n2,2026-06-19,,80,C,20.203,20.303,1,,20.")) << quotes;
  EXPECT_TRUE(holds(quotes, "\n37,2026-12-18,,120,P,")) << quotes;
}

TEST(StrikenetCalibrate, DiffersFromRunToRunInSecondsOnly) {
  const Outcome first = calibrated(SmallChain().text()), second = calibrated(SmallChain().text());
  EXPECT_EQ(first.surface, second.surface);
  EXPECT_EQ(first.quotes, second.quotes);
  EXPECT_EQ(first.summary, second.summary);
}

TEST(StrikenetCalibrate, ReadsAChainOfVols) {
  const Outcome fit = calibrated(
      "expiry,strike,vol,forward,discount\n0.5,80,0.25,100,0.98\n0.5,100,0.2,100,0.98\n0.5,120,0.22,100,0.98\n",
      {"--activation", "relu"});
  EXPECT_TRUE(holds(fit.summary, "\"as_of\": null,")) << fit.summary;
  EXPECT_TRUE(holds(fit.summary, "\"inside\": null,")) << fit.summary;
  EXPECT_TRUE(holds(fit.finished.out,
                    "T=0.5        182.50     100.0000   0.980000       3            -      0.00      0.00  proved\n"))
      << fit.finished.out;
}

// --- where it writes ------------------------------------------------------------------------------------------------

class WorkingFolder {
 public:
  explicit WorkingFolder(const fs::path& path) : before_(fs::current_path()) { fs::current_path(path); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;
  ~WorkingFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

TEST(StrikenetCalibrate, WritesBesideTheWorkingFolderUnderTheNameOfTheChainByDefault) {
  const TemporaryFolder chains, work;
  const std::string chain = chains.file("my.chain.csv", SmallChain().text());
  const WorkingFolder here(work.path());
  const Finished finished = run_strikenet({"calibrate", chain});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_TRUE(
      finished.out.ends_with("written    my.chain-fit/surface.json\nwritten    my.chain-fit/quotes.csv\nwritten    "
                             "my.chain-fit/summary.json\nwritten    my.chain-fit/report.html\n"))
      << finished.out;
  EXPECT_EQ(names_in(work.path()), std::set<std::string>{"my.chain-fit"});
  EXPECT_EQ(names_in(work.path() / "my.chain-fit"), kWritten);
  EXPECT_EQ(names_in(chains.path()), std::set<std::string>{"my.chain.csv"});
}

TEST(StrikenetCalibrate, MakesTheFolderAndReplacesWhatItWroteBefore) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "a/b").string(), chain = folder.file("chain.csv", SmallChain().text());
  EXPECT_EQ(run_strikenet({"calibrate", chain, "--out", out}).status, 0);
  const std::string before = text_of(out + "/surface.json");
  EXPECT_EQ(run_strikenet({"calibrate", chain, "--out", out, "--units", "30"}).status, 0);
  EXPECT_NE(text_of(out + "/surface.json"), before);
  EXPECT_EQ(names_in(out), kWritten);
}

// --- what it prints -------------------------------------------------------------------------------------------------

TEST(StrikenetCalibrate, PrintsTheSummaryInsteadOfTheTableWhenAskedForJson) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string();
  const Finished finished =
      run_strikenet({"calibrate", folder.file("chain.csv", SmallChain().text()), "--out", out, "--json"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  EXPECT_TRUE(finished.out.starts_with("{\n \"schema\": \"strikenet.summary/2\",\n")) << finished.out;
  EXPECT_EQ(finished.out, text_of(out + "/summary.json"));
}

TEST(StrikenetCalibrate, PrintsNothingWhenAskedToBeQuiet) {
  const Outcome quiet = calibrated(SmallChain().text(), {"--quiet"});
  EXPECT_EQ(quiet.finished.out, "");
  EXPECT_EQ(quiet.surface, calibrated(SmallChain().text()).surface);
}

// --- every option changes the outcome -------------------------------------------------------------------------------

/// A file that leaves out what an option can say.
std::string without_as_of(const SmallChain& chain) {
  std::string text;
  for (std::size_t number = 1; number <= chain.size(); ++number)
    text += chain.line(number).substr(chain.line(number).find(',') + 1) + '\n';
  return text;
}

TEST(StrikenetCalibrate, TakesTheAsOfFromTheCommandLine) {
  const Outcome file = calibrated(SmallChain().text());
  EXPECT_TRUE(holds(file.finished.out, "2026-06-19   167.96 ")) << file.finished.out;
  for (const std::string& text : {SmallChain().text(), without_as_of(SmallChain())}) {
    const Outcome option = calibrated(text, {"--as-of", "2026-01-12T16:00-05:00"});
    EXPECT_TRUE(holds(option.finished.out, "2026-06-19   157.96 ")) << option.finished.out;
    EXPECT_TRUE(holds(option.summary, "\"as_of\": \"2026-01-12T21:00Z\"")) << option.summary;
  }
}

TEST(StrikenetCalibrate, TakesTheRootFromTheCommandLine) {
  const Outcome fit = calibrated(SmallChain().text(), {"--root", "SPX"});  // settles at 09:30
  EXPECT_TRUE(holds(fit.finished.out, "2026-06-19 SPX   167.69 ")) << fit.finished.out;
  EXPECT_TRUE(holds(fit.quotes, "\n2,2026-06-19,SPX,80,C,")) << fit.quotes;
}

TEST(StrikenetCalibrate, ReadsTheFileAsTheFormatItIsTold) {
  std::string text = SmallChain().text();
  text.replace(0, text.find('\n'), "quote_date,expiration,strike,option_type,bid_1545,ask_1545");
  for (std::size_t at = text.find("T16:00-05:00"); at != std::string::npos; at = text.find("T16:00-05:00"))
    text.erase(at, 12);
  EXPECT_TRUE(holds(calibrated(text).summary, "\"format\": \"cboe-datashop\""));
  const Outcome wrong = calibrate(text, {"--format", "generic"});
  EXPECT_EQ(wrong.finished.status, 3);
  EXPECT_TRUE(holds(wrong.finished.err, "chain.csv:1: column 'expiry' is missing, but every chain needs it\n"))
      << wrong.finished.err;
}

TEST(StrikenetCalibrate, DiscountsAtTheRateOfTheCommandLine) {
  const Outcome fit = calibrated(SmallChain().text(), {"--rate", "0.03"});
  EXPECT_TRUE(holds(fit.finished.out, "2026-06-19   167.96     100.0000   0.986290 "))
      << fit.finished.out;  // exp(-0.03 167.96 / 365)
  EXPECT_FALSE(holds(calibrated(SmallChain().text()).finished.out, " 0.986290 "));
}

TEST(StrikenetCalibrate, TakesForwardsFromAFile) {
  const TemporaryFolder folder;
  const std::string file = folder.file("f.csv", "expiry,forward,discount\n2026-06-19,100.0625,0.9785\n");
  const Outcome fit = calibrated(SmallChain().text(), {"--forward", file});
  EXPECT_TRUE(holds(fit.finished.out, "2026-06-19   167.96     100.0625   0.978500 ")) << fit.finished.out;
  EXPECT_TRUE(holds(fit.finished.out, "2026-12-18   350.00     100.0000 ")) << fit.finished.out;
}

TEST(StrikenetCalibrate, FitsTheActivationAndTheUnitsItIsTold) {
  std::set<std::string> surfaces;
  for (const std::string word : {"relu", "quadratic", "cubic"}) {
    const Outcome fit = calibrated(SmallChain().text(), {"--activation", word});
    EXPECT_TRUE(holds(fit.summary, "\"activation\": \"" + word + "\"")) << word;
    EXPECT_EQ(holds(fit.summary, "\"units\": 11,"), word == "relu") << "nine strikes, and one beyond each end";
    surfaces.insert(fit.surface);
    EXPECT_TRUE(
        holds(calibrated(SmallChain().text(), {"--activation", word, "--units", "40"}).summary, "\"units\": 40,"))
        << word;
  }
  surfaces.insert(calibrated(SmallChain().text()).surface);
  EXPECT_EQ(surfaces.size(), 3U) << "cubic is the default";
}

TEST(StrikenetCalibrate, FitsStrikesTooWhenToldTo) {
  const auto train = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"--train-strikes", "--units", "5"});
    return calibrate(SmallChain(0.25, 0.3).text(), more);
  };
  const Outcome fit = train({"--starts", "1"});
  EXPECT_TRUE(fit.finished.status == 0 || fit.finished.status == 4) << fit.finished.err;
  EXPECT_TRUE(holds(fit.summary, "\"activation\": \"relu\"")) << fit.summary;
  EXPECT_TRUE(holds(fit.summary, "\"units\": 5,")) << fit.summary;
  EXPECT_NE(train({"--starts", "8"}).surface, fit.surface);
  EXPECT_NE(train({"--starts", "1", "--seed", "7"}).surface, fit.surface);
}

TEST(StrikenetCalibrate, WeighsErrorsByTheLossItIsTold) {
  SmallChain chain;
  chain.line(11, "2026-01-02T16:00-05:00,2026-06-19,100,P,7.4,7.6");  // half a point too high
  std::set<std::string> surfaces;
  for (const std::string word : {"squared", "huber", "soft-l1", "cauchy"}) {
    const Outcome fit = calibrate(chain.text(), {"--activation", "relu", "--loss", word});
    EXPECT_TRUE(holds(fit.summary, "\"loss\": \"" + word + "\"")) << word;
    surfaces.insert(fit.surface);
  }
  EXPECT_EQ(surfaces.size(), 4U);
  EXPECT_TRUE(holds(calibrate(chain.text()).summary, "\"loss\": \"automatic\""));
}

TEST(StrikenetCalibrate, SmoothsAsMuchAsItIsTold) {
  std::set<std::string> surfaces;
  for (const std::string smoothness : {"0", "1", "100"})
    surfaces.insert(calibrated(SmallChain().text(), {"--smoothness", smoothness}).surface);
  surfaces.insert(calibrated(SmallChain().text()).surface);
  EXPECT_EQ(surfaces.size(), 3U) << "1 is the default";
}

TEST(StrikenetCalibrate, OrdersExpiriesInTimeUnlessToldOtherwise) {
  const std::string chain =
      SmallChain(0.3, 0.15).text();  // total variance falls: no surface without arbitrage meets it
  const Outcome enforced = calibrated(chain);
  EXPECT_TRUE(holds(enforced.summary, "\"status\": \"arbitrage-free\"")) << enforced.summary;
  EXPECT_FALSE(holds(enforced.summary, "\"share\": 1.0,\n")) << enforced.summary;
  const Outcome reported = calibrated(chain, {"--calendar", "report"});
  EXPECT_TRUE(holds(reported.summary, "\"calendar\": \"reported\"")) << reported.summary;
  EXPECT_TRUE(holds(reported.summary, "\"share\": 1.0,\n")) << reported.summary;
  const Outcome off = calibrated(chain, {"--calendar", "off"});
  EXPECT_TRUE(holds(off.summary, "\"calendar\": \"not applicable\"")) << off.summary;
  EXPECT_TRUE(holds(calibrated(SmallChain().text(), {"--calendar", "enforce"}).summary, "\"calendar\": \"proved\""));
}

TEST(StrikenetCalibrate, LeavesBadQuotesOutAndCountsThemWhenHygieneIsLenient) {
  SmallChain chain;
  chain.line(4, "2026-01-02T16:00-05:00,2026-06-19,85,C,16.2,16.1")
      .append(chain.line(30))
      .append("2026-01-02T16:00-05:00,2025-12-19,100,C,1,2");
  const Outcome strict = calibrate(chain.text());
  EXPECT_EQ(strict.finished.status, 3);
  EXPECT_EQ(strict.surface, "");
  const Outcome lenient = calibrated(chain.text(), {"--hygiene", "lenient"});
  EXPECT_TRUE(holds(lenient.finished.out, "\n35 of 38 quotes used, 1 crossed, 1 expired, 1 duplicate\n"))
      << lenient.finished.out;
  EXPECT_TRUE(holds(lenient.quotes, "\n4,2026-06-19,,85,C,16.2,16.1,0,crossed,")) << lenient.quotes;
  EXPECT_EQ(calibrate(chain.text(), {"--hygiene", "strict"}).finished.err.size(), strict.finished.err.size());
}

TEST(StrikenetCalibrate, LeavesOutWhatItsRulesSayAndNamesThem) {
  SmallChain chain;
  const std::string& last = chain.line(chain.size());
  const std::size_t ask = last.rfind(',');
  const std::string bid = last.substr(last.rfind(',', ask - 1) + 1, ask - last.rfind(',', ask - 1) - 1);
  chain.line(chain.size(), last.substr(0, ask + 1) + bid);
  const Outcome every = calibrated(chain.text()), ruled = calibrated(chain.text(), {"--rule", "locked,dead-wing=4"});
  EXPECT_TRUE(holds(every.summary, "\"dropped\": {},\n  \"rules\": []")) << every.summary;
  EXPECT_TRUE(holds(ruled.summary, "\"locked\": 1\n")) << ruled.summary;
  EXPECT_TRUE(holds(ruled.summary, "\"rules\": [\n   \"locked\",\n   \"dead-wing=4\"\n  ]")) << ruled.summary;
  EXPECT_TRUE(holds(ruled.quotes, ",0,locked,")) << ruled.quotes;
}

TEST(StrikenetCalibrate, PutsForwardsOnASmoothCurveWhenToldTo) {
  const std::string bundled = text_of(kBundled);
  const Outcome own = calibrated(bundled), smooth = calibrated(bundled, {"--term-structure", "smooth"});
  EXPECT_NE(smooth.surface, own.surface);
  EXPECT_TRUE(holds(smooth.finished.out, "626/626") || holds(smooth.summary, "\"share\": 1.0")) << smooth.finished.out;
}

TEST(StrikenetCalibrate, FitsTheSameWithAnyNumberOfThreads) {
  const Outcome one = calibrated(SmallChain().text(), {"--threads", "1"});
  for (const std::string threads : {"2", "3", "0"}) {
    const Outcome more = calibrated(SmallChain().text(), {"--threads", threads});
    EXPECT_EQ(more.surface, one.surface) << threads;
    EXPECT_EQ(more.summary, one.summary) << threads;
  }
}

}  // namespace
}  // namespace strikenet
