// strikenet price and strikenet greeks, as the shell sees them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/surface_files.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using namespace testing_support;
using Lines = std::vector<std::string>;
using Row = std::map<std::string, std::string>;

constexpr double kRounding = 1e-13;  // of numbers of size 1

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.push_back(std::exchange(field, {}));
    else
      field += c;
  }
  fields.push_back(field);
  return fields;
}

/// The rows of a CSV, by the names of the columns.
std::vector<Row> rows_of(const std::string& csv) {
  std::istringstream text(csv);
  std::string line;
  std::getline(text, line);
  const auto names = fields_of(line);
  std::vector<Row> rows;
  while (std::getline(text, line)) {
    const auto fields = fields_of(line);
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(fields.size(), names.size()); ++i)
      row[names[i]] = fields[i];
  }
  return rows;
}

double number(const Row& row, const char* name) { return std::stod(row.at(name)); }

/// One column of what the command prints; fails unless it ends well and says nothing on stderr.
Lines column(const Finished& finished, const char* name) {
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  Lines column;
  for (const Row& row : rows_of(finished.out))
    column.push_back(row.at(name));
  return column;
}

/// The command on a surface of two expiries.
class PriceCommandTest : public testing::Test {
 protected:
  std::string surface(const std::string& text = two_expiries()) const { return folder_.file("s.json", text); }

  Finished run(Lines arguments, const std::string& command = "price", const std::string& text = two_expiries()) const {
    arguments.insert(arguments.begin(), {command, surface(text)});
    return run_strikenet(arguments);
  }

  /// Ends with this status, these lines on stderr and nothing on stdout.
  void expect_refused(const Finished& finished, int status, const Lines& problems) const {
    std::string expected;
    for (const std::string& problem : problems)
      expected += problem + "\n";
    EXPECT_EQ(finished.status, status);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.err, expected);
  }

  TemporaryFolder folder_;
};

using StrikenetPrice = PriceCommandTest;
using StrikenetGreeks = PriceCommandTest;

// --- prices ----------------------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, PrintsOneLinePerOptionAsCsv) {
  const Finished finished = run({"--strike", "100"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
  const auto rows = rows_of(finished.out);
  ASSERT_EQ(rows.size(), 2U) << finished.out;
  EXPECT_EQ(rows[0].at("expiry"), "2026-04-03");
  EXPECT_EQ(rows[1].at("expiry"), "2026-07-03");
  EXPECT_EQ(rows[0].at("price"), "5.46875");
  EXPECT_EQ(rows[1].at("price"), "7.8125");
  EXPECT_EQ(rows[0].at("type"), "C");
  EXPECT_EQ(rows[0].at("moneyness"), "1");
  EXPECT_EQ(rows[0].at("density"), "0.015");
  EXPECT_EQ(rows[0].at("cdf"), "0.5");
  EXPECT_EQ(rows[0].at("extrapolated"), "");
  EXPECT_NEAR(number(rows[1], "vol"), 0.3941981685886246 / std::sqrt(0.5), kRounding);
  // d c / d t is the difference of the prices at the money over the time between, in the clock of total variance: here
  // only its sign and size are asked for.
  EXPECT_GT(number(rows[1], "local_vol"), 0.3);
}

TEST_F(StrikenetPrice, TakesListsAndRangesOfStrikes) {
  EXPECT_EQ(column(run({"--expiry", "2026-04-03", "--strike", "100, 85:95:5,100"}), "strike"),
            (Lines{"100", "85", "90", "95", "100"}));
  EXPECT_EQ(column(run({"--expiry", "2026-04-03", "--strike", "80", "--strike", "90"}), "strike"), (Lines{"80", "90"}));
  EXPECT_EQ(column(run({"--expiry", "2026-04-03", "--strike", "99.5:100.6:0.25"}), "strike"),
            (Lines{"99.5", "99.75", "100", "100.25", "100.5"}));
}

TEST_F(StrikenetPrice, TakesMoneynessAsItIsWritten) {
  const Finished finished = run({"--expiry", "2026-07-03", "--moneyness", "0.8:1.2:0.05"});
  EXPECT_EQ(column(finished, "moneyness"), (Lines{"0.8", "0.85", "0.9", "0.95", "1", "1.05", "1.1", "1.15", "1.2"}));
  for (const Row& row : rows_of(finished.out))
    EXPECT_NEAR(number(row, "strike"), 100 * number(row, "moneyness"), 100 * kRounding);
}

TEST_F(StrikenetPrice, TakesQuantiles) {
  const Finished finished = run({"--expiry", "2026-07-03", "--quantile", "0.125,0.25,0.5"});
  const auto rows = rows_of(finished.out);
  ASSERT_EQ(rows.size(), 3U) << finished.err;
  EXPECT_NEAR(number(rows[0], "strike"), 50, 100 * kRounding);  // half of the mass of the first box
  EXPECT_NEAR(number(rows[1], "strike"), 75, 100 * kRounding);
  EXPECT_NEAR(number(rows[2], "strike"), 100, 100 * kRounding);
}

TEST_F(StrikenetPrice, ChoosesCallsPutsBothOrWhatIsOutOfTheMoney) {
  const auto types = [&](const char* type) {
    return column(run({"--expiry", "2026-04-03", "--strike", "90,100", "--type", type}), "type");
  };
  EXPECT_EQ(types("call"), (Lines{"C", "C"}));
  EXPECT_EQ(types("put"), (Lines{"P", "P"}));
  EXPECT_EQ(types("both"), (Lines{"C", "P", "C", "P"}));
  EXPECT_EQ(types("otm"), (Lines{"P", "C"}));
  EXPECT_EQ(column(run({"--expiry", "2026-04-03", "--strike", "90,100"}), "type"), types("otm"));
}

// --- expiries --------------------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, TakesDatesOfTheSurfaceOtherDatesAndYearFractions) {
  const Finished finished = run({"--strike", "100", "--expiry", "2026-07-03,2026-03-03,T=0.375,0.375,2027-01-02"});
  EXPECT_EQ(column(finished, "expiry"), (Lines{"2026-07-03", "2026-03-03", "T=0.375", "T=0.375", "2027-01-02"}));
  EXPECT_EQ(column(finished, "t"), (Lines{"0.5", "0.1643835616438356", "0.375", "0.375", "1"}));  // 60 and 365 days
  EXPECT_EQ(column(finished, "extrapolated"), (Lines{"", "before first expiry", "", "", "beyond last expiry"}));
}

TEST_F(StrikenetPrice, CountsTimeToTheSettlementOfTheRoot) {
  const std::string morning = two_expiries(R"("as_of": "2026-01-02T21:00Z",)", "SPX");
  EXPECT_EQ(column(run({"--strike", "100", "--expiry", "2026-03-03"}, "price", morning), "t"),
            Lines{"0.16364155251141552"});  // 6.5 hours less than 60 days
}

TEST_F(StrikenetPrice, TakesEveryRootOfADateUnlessOneIsNamed) {
  const std::string two_roots = surface_text(
      slice_text("2026-04-03", "SPX", 0.25, kNarrow) + ", " + slice_text("2026-04-03", "SPXW", 0.375, kWide),
      R"("as_of": "2026-01-02T21:00Z",)");
  EXPECT_EQ(column(run({"--strike", "100", "--expiry", "2026-04-03"}, "price", two_roots), "root"),
            (Lines{"SPX", "SPXW"}));
  EXPECT_EQ(column(run({"--strike", "100", "--root", "SPXW"}, "price", two_roots), "root"), Lines{"SPXW"});
  const Finished named = run({"--strike", "100", "--root", "SPXW", "--expiry", "2026-03-03"}, "price", two_roots);
  EXPECT_EQ(column(named, "root"), Lines{"SPXW"});
  EXPECT_EQ(column(named, "t"), Lines{"0.1643835616438356"});
  expect_refused(
      run({"--strike", "100", "--expiry", "2026-03-03"}, "price", two_roots), 3,
      {"--expiry is '2026-03-03', but must be a date of the surface unless a root says when it settles: SPX, "
       "SPXW"});
  expect_refused(run({"--strike", "100", "--root", "NDX"}, "price", two_roots), 3,
                 {"--root is 'NDX', but must be one of the surface's: SPX, SPXW"});
  const std::string book = folder_.file("b.csv", "expiry,strike\n2026-04-03,100\n");
  expect_refused(run({"--options", book}, "price", two_roots), 3,
                 {book + ":2: expiry is '2026-04-03', but must be of one root, named in the column root or by --root: "
                         "SPX or SPXW"});
  EXPECT_EQ(column(run({"--options", book, "--root", "SPX"}, "price", two_roots), "root"), Lines{"SPX"});
}

TEST_F(StrikenetPrice, TakesTheAsOfFromTheCommandLineWhereTheFileHasNone) {
  for (const char* fields : {"", R"("as_of": "2026-01-02",)"}) {
    const Finished finished = run({"--strike", "100", "--expiry", "2026-03-03", "--as-of", "2026-01-02T16:00-05:00"},
                                  "price", two_expiries(fields));
    EXPECT_EQ(column(finished, "t"), Lines{"0.1643835616438356"});
    expect_refused(run({"--strike", "100", "--expiry", "2026-03-03"}, "price", two_expiries(fields)), 3,
                   {"--expiry is '2026-03-03', but must be an expiry of the surface or a year fraction like T=0.5: its "
                    "file has no as_of to count from, and --as-of names none"});
  }
  expect_refused(run({"--strike", "100", "--as-of", "2026-01-03T16:00-05:00"}), 3,
                 {"--as-of is '2026-01-03T16:00-05:00', but must be left out: that of the surface is "
                  "2026-01-02T21:00Z"});
  EXPECT_EQ(run({"--strike", "100", "--as-of", "2026-01-02T16:00-05:00"}).status, 0) << "the same instant";
}

TEST_F(StrikenetPrice, RefusesTimesBetweenExpiriesOnDifferentUnderlyings) {
  const std::string vix = two_expiries(R"("as_of": "2026-01-02T21:00Z", "calendar": false,)");
  expect_refused(run({"--strike", "100", "--expiry", "2026-03-03,2026-04-03,T=1"}, "price", vix), 3,
                 {"--expiry is '2026-03-03', but must be an expiry of the surface: its expiries are on different "
                  "underlyings, with nothing between them",
                  "--expiry is 'T=1', but must be an expiry of the surface: its expiries are on different underlyings, "
                  "with nothing between them"});
  const Finished finished = run({"--strike", "100", "--expiry", "2026-04-03"}, "price", vix);
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "note: 1 of 1 options have no local vol: the expiries are on different underlyings\n");
  EXPECT_EQ(rows_of(finished.out).at(0).at("price"), "5.46875");
  EXPECT_EQ(rows_of(finished.out).at(0).at("local_vol"), "");
}

// --- books -----------------------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, PricesABookInItsOrder) {
  const std::string book =
      folder_.file("b.csv", "strike,expiry,type\n100,2026-07-03,P\n90,2026-04-03,\n100,2026-07-03,P\n110,T=0.3,call\n");
  const Finished finished = run({"--options", book});
  EXPECT_EQ(column(finished, "expiry"), (Lines{"2026-07-03", "2026-04-03", "2026-07-03", "T=0.3"}));
  EXPECT_EQ(column(finished, "type"), (Lines{"P", "P", "P", "C"}));
  EXPECT_EQ(column(finished, "price").front(), "7.8125");
}

TEST_F(StrikenetPrice, ReadsWhatItPrints) {
  const Finished first =
      run({"--moneyness", "0.7:1.3:0.1", "--expiry", "2026-04-03,T=0.4,2026-09-01", "--type", "both", "--quiet"});
  const Finished second = run({"--options", folder_.file("b.csv", first.out), "--quiet"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(column(second, "price"), column(first, "price"));
}

TEST_F(StrikenetPrice, NamesEveryBadLineOfABook) {
  const std::string words = folder_.file("b.csv", "expiry,strike,type\nsoon,100,C\n2026-04-03,-1,X\n");
  expect_refused(
      run({"--options", words}), 3,
      {words + ":2: expiry is 'soon', but must be a date like 2026-12-18 or a number of years above 0 and at "
               "most 1000",
       words + ":3: strike is '-1', but must be a number of at least 0",
       words + ":3: type is 'X', but must be C, P, call or put"});
  const std::string past = folder_.file("p.csv", "expiry,strike\n2025-04-03,100\n2026-04-03,100\n2025-04-03,90\n");
  expect_refused(run({"--options", past}), 3,
                 {past + ":2: expiry is '2025-04-03', but must be after the as-of of the surface, 2026-01-02T21:00Z",
                  past + ":4: expiry is '2025-04-03', but must be after the as-of of the surface, 2026-01-02T21:00Z"});
}

TEST_F(StrikenetPrice, PricesAHundredThousandOptionsInASecondOrSo) {
  std::ostringstream book;
  book << "expiry,strike,type\n";
  for (int i = 0; i < 100'000; ++i)
    book << "2026-0" << 3 + i % 6 << "-03," << 60 + i % 80 + 0.01 * (i % 97) << ',' << (i % 2 == 0 ? 'C' : 'P') << '\n';
  const auto start = std::chrono::steady_clock::now();
  const Finished finished = run({"--options", folder_.file("b.csv", book.str())});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(std::ranges::count(finished.out, '\n'), 100'001);
  constexpr double kSeconds = 20;  // some 0.4 s; far more under the sanitizers on a busy machine
  EXPECT_LT(seconds.count(), kSeconds);
}

// --- what does not exist ---------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, LeavesEmptyWhatDoesNotExistAndCountsIt) {
  const Finished finished = run({"--expiry", "2026-04-03", "--strike", "0,20,100,200,1e12"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err,
            "note: 4 of 5 options have no vol: where the law ends before the strike, prices are intrinsic\n"
            "note: 4 of 5 options have no local vol: the law ends before the strike\n");
  const auto rows = rows_of(finished.out);
  ASSERT_EQ(rows.size(), 5U);
  for (const std::size_t i : {0, 1, 3, 4}) {
    for (const char* empty : {"vol", "total_variance", "local_vol"})
      EXPECT_EQ(rows[i].at(empty), "") << i << empty;
    EXPECT_EQ(rows[i].at("price"), "0");
    EXPECT_EQ(rows[i].at("extrapolated"), "strike");
  }
  const Finished quiet = run({"--expiry", "2026-04-03", "--strike", "0", "--quiet"});
  EXPECT_EQ(quiet.err, "");
  const Finished json = run({"--expiry", "2026-04-03", "--strike", "0", "--json"});
  EXPECT_NE(json.out.find(R"("vol": null, "total_variance": null, "density": 0, "cdf": 0, "local_vol": null)"),
            std::string::npos)
      << json.out;
  EXPECT_NE(json.out.find("\n \"without_vol\": 1,\n"), std::string::npos) << json.out;
}

TEST_F(StrikenetPrice, CapsLocalVolsAndSaysSo) {
  const Finished finished = run({"--expiry", "2026-07-03", "--strike", "90:110:10", "--local-vol-cap", "0.1"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "note: local vol is above the cap of 10 % at 3 of 3 options and shown as 0.1\n");
  for (const Row& row : rows_of(finished.out))
    EXPECT_EQ(row.at("local_vol"), "0.1");
  const Finished beyond = run({"--expiry", "T=1", "--strike", "100", "--local-vol-cap", "0.1"});
  EXPECT_NE(beyond.err.find("note: beyond the last expiry local vols are capped at 10 %, at 1 of 3 nodes\n"),
            std::string::npos)
      << beyond.err;
}

TEST_F(StrikenetPrice, PricesASurfaceThatIsNotProvedAndSaysSo) {
  const std::string falling =
      surface_text(slice_text("2026-04-03", "", 0.25, kWide) + ", " + slice_text("2026-07-03", "", 0.5, kNarrow), "");
  const Finished finished = run({"--strike", "100"}, "price", falling);
  EXPECT_EQ(finished.status, 0);
  EXPECT_TRUE(finished.err.starts_with("note: " + surface(falling) +
                                       " is not proved free of arbitrage (slices-arbitrage-free): 'strikenet check' "
                                       "says why\n"))
      << finished.err;
  EXPECT_EQ(rows_of(finished.out).at(1).at("price"), "5.46875");
  const Finished json = run({"--strike", "100", "--json", "--quiet"}, "price", falling);
  EXPECT_EQ(json.err, "");
  EXPECT_NE(json.out.find("\"status\": \"slices-arbitrage-free\""), std::string::npos) << json.out;
}

// --- clock, spot, output ---------------------------------------------------------------------------------------------

// 2026-01-02 is a Friday, the close in New York; the first expiry is on a Friday too.
TEST_F(StrikenetPrice, CountsVarianceInTradingDays) {
  const auto vol = [&](const Lines& clock) {
    Lines arguments = {"--moneyness", "1", "--expiry", "2026-01-05"};
    arguments.insert(arguments.end(), clock.begin(), clock.end());
    return std::stod(column(run(arguments), "vol").at(0));
  };
  const double calendar = vol({}), trading = vol({"--clock", "trading-days"});
  EXPECT_EQ(calendar, vol({"--clock", "calendar"}));
  EXPECT_LT(trading, calendar) << "a weekend has little variance";
  EXPECT_NEAR(vol({"--clock", "trading-days", "--weekend", "1"}), calendar, 1e-12) << "every day counts 1";
  EXPECT_LT(vol({"--clock", "trading-days", "--weekend", "0"}), trading);
  const double holiday = vol({"--clock", "trading-days", "--holidays", "2026-01-05,2026-01-06"});
  EXPECT_LT(holiday, trading);
  const std::string file = folder_.file("h.csv", "date,name\n2026-01-05,a\n2026-01-06,b\n");
  EXPECT_EQ(vol({"--clock", "trading-days", "--holidays", file}), holiday);
  EXPECT_EQ(vol({"--clock", "trading-days", "--holidays", file, "--holiday-weight", "1"}), trading);
}

TEST_F(StrikenetPrice, RefusesATimeBeforeTheClockBeginsToRun) {
  const std::string saturday = two_expiries(R"("as_of": "2026-01-03T12:00Z",)");
  expect_refused(run({"--strike", "100", "--expiry", "T=0.001,T=0.1", "--clock", "trading-days", "--weekend", "0"},
                     "price", saturday),
                 3, {"--clock: expiry is 'T=0.001', but must be after the first day that counts more than 0 begins"});
}

TEST_F(StrikenetPrice, StartsForwardsFromTheSpot) {
  const Finished finished = run({"--strike", "100", "--expiry", "T=0.125", "--spot", "81"});
  EXPECT_NEAR(std::stod(column(finished, "forward").at(0)), 90, 100 * kRounding);  // the geometric mean
}

TEST_F(StrikenetPrice, WritesAFileInsteadOfStdout) {
  const std::string path = (folder_.path() / "new" / "p.csv").string();
  const Finished printed = run({"--strike", "100"}), written = run({"--strike", "100", "--out", path});
  EXPECT_EQ(written.status, 0);
  EXPECT_EQ(written.out, "written    " + path + "\n");
  EXPECT_EQ(text_of(path), printed.out);
  EXPECT_EQ(run({"--strike", "100", "--out", path, "--quiet"}).out, "");
  expect_refused(run({"--strike", "100", "--out", folder_.path().string()}), 3,
                 {folder_.path().string() + ": is a directory, but must be a file"});
}

TEST_F(StrikenetPrice, PrintsATableForReaders) {
  const Finished finished = run({"--strike", "100", "--table", "--expiry", "2026-04-03"});
  EXPECT_EQ(finished.out.substr(0, finished.out.find('\n')),
            "expiry      strike  moneyness  type  forward    price       vol  density  cdf  local_vol");
  EXPECT_EQ(std::ranges::count(finished.out, '\n'), 2);
}

// --- wrong usage, bad files ------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, ListsEveryWrongWord) {
  expect_refused(
      run({"--strike", "abc,-5,nan,10:5:1,1:2,", "--moneyness", "0:1:0", "--expiry", "2026-13-01,T=-1", "--type",
           "straddle", "--weekend", "-1", "--as-of", "today", "--spot", "0", "--local-vol-cap", "inf", "--json",
           "--table"}),
      2,
      {"options are asked for in more than one way: pass one of --strike, --moneyness, --quantile, --options and "
       "--payoff",
       "--expiry is '2026-13-01', but must be a date like 2019-07-19 or a year fraction like T=0.5",
       "--expiry is 'T=-1', but must be a date like 2019-07-19 or a year fraction like T=0.5",
       "--strike is 'abc', but must be a number from 0 to 1e12",
       "--strike is '-5', but must be a number from 0 to 1e12",
       "--strike is 'nan', but must be a number from 0 to 1e12",
       "--strike is '10:5:1', but must be FROM:TO:STEP with FROM and TO a number from 0 to 1e12, TO at least FROM and "
       "STEP above 0",
       "--strike is '1:2', but must be FROM:TO:STEP with FROM and TO a number from 0 to 1e12, TO at least FROM and "
       "STEP "
       "above 0",
       "--strike is '', but must be a number from 0 to 1e12",
       "--moneyness is '0:1:0', but must be FROM:TO:STEP with FROM and TO a number from 0 to 1e6, TO at least FROM and "
       "STEP above 0",
       "--type is 'straddle', but must be call, put, both or otm",
       "--weekend, --holiday-weight and --holidays have no meaning without --clock trading-days",
       "--weekend is '-1', but must be from 0 to 10",
       "--as-of is 'today', but must be an instant with its offset from UTC, like 2019-06-26T15:45-04:00",
       "--spot is '0', but must be above 0 and at most 1e12",
       "--local-vol-cap is 'inf', but must be above 0 and at most 1e6",
       "--json and --table are both there, but must be one of them"});
}

struct Refusal {
  const char* name;
  Lines arguments;
  const char* words;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

class StrikenetPriceRefuses : public PriceCommandTest, public testing::WithParamInterface<Refusal> {};

TEST_P(StrikenetPriceRefuses, InOneSentence) { expect_refused(run(GetParam().arguments), 2, {GetParam().words}); }

INSTANTIATE_TEST_SUITE_P(
    Words, StrikenetPriceRefuses,
    testing::Values(Refusal{"NoOptions",
                            {},
                            "no options are asked for: pass --strike, --moneyness or --quantile with a list, "
                            "--options with a file, or --payoff"},
                    Refusal{"EmptyList", {"--strike", ""}, "--strike is '', but must be a number from 0 to 1e12"},
                    Refusal{"EndlessRange",
                            {"--strike", "0:1e12:1e-9"},
                            "--strike is '0:1e12:1e-9', but must be at most 1000000 numbers"},
                    Refusal{"QuantileAboveOne",
                            {"--quantile", "1.5"},
                            "--quantile is '1.5', but must be a probability from 0 to 1"},
                    Refusal{"ExpiryOfABook",
                            {"--options", "b.csv", "--expiry", "T=1"},
                            "--expiry has no meaning beside --options, whose file names the expiries"},
                    Refusal{"Clock",
                            {"--strike", "100", "--clock", "sidereal"},
                            "--clock is 'sidereal', but must be calendar or trading-days"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(StrikenetPrice, NamesEveryFileThatCannotBeRead) {
  expect_refused(run_strikenet({"price", "/nowhere/s.json", "--options", "/nowhere/b.csv", "--clock", "trading-days",
                                "--holidays", "/nowhere/h.csv"}),
                 3,
                 {"/nowhere/s.json: cannot be read: No such file or directory",
                  "/nowhere/b.csv: cannot be read: No such file or directory",
                  "/nowhere/h.csv: cannot be read: No such file or directory"});
  const std::string chain = STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv";
  expect_refused(run_strikenet({"price", chain, "--strike", "1"}), 3,
                 {chain + ":1: text is 'a' up to byte 1, but must be JSON"});
}

TEST_F(StrikenetPrice, RefusesMoreOptionsThanMemoryHolds) {
  expect_refused(run({"--strike", "0:999999:1", "--strike", "0:999999:1", "--strike", "0:999999:1"}), 3,
                 {"number of options is 6000000, but must be at most 5000000"});
}

TEST_F(StrikenetPrice, RefusesASurfaceThatHasNoPrices) {
  const std::string heavy = surface_text(slice_text("2026-04-03", "", 0.25, "[0, 9, 0]"), "");
  const Finished finished = run({"--strike", "100"}, "price", heavy);
  EXPECT_EQ(finished.status, 0) << "unproved, but priced: " << finished.err;
  const std::string negative = surface_text(slice_text("2026-04-03", "", 0.25, "[0, -1, 0]"), "");
  expect_refused(
      run({"--strike", "100"}, "price", negative), 3,
      {surface(negative) + ": CallSurface: at-the-money price over forward is -0.0625, but must be at least 0 "
                           "and below 1"});
}

// --- Greeks ----------------------------------------------------------------------------------------------------------

TEST_F(StrikenetGreeks, PrintsGreeksOfTheRule) {
  const Finished moneyness = run({"--strike", "100", "--expiry", "2026-07-03"}, "greeks");
  ASSERT_EQ(moneyness.status, 0) << moneyness.err;
  const Row row = rows_of(moneyness.out).at(0);
  EXPECT_EQ(row.at("sticky"), "moneyness");
  EXPECT_EQ(row.at("price"), "7.8125");
  EXPECT_NEAR(number(row, "delta"), 0.5 * (0.15625 + 0.5), kRounding);
  EXPECT_NEAR(number(row, "gamma"), 0.005, kRounding);
  EXPECT_NEAR(number(row, "dual_delta"), -0.25, kRounding);
  EXPECT_EQ(row.count("spot_delta"), 0U);
  const Row strike =
      rows_of(run({"--strike", "100", "--expiry", "2026-07-03", "--sticky", "strike"}, "greeks").out).at(0);
  EXPECT_EQ(strike.at("sticky"), "strike");
  EXPECT_NEAR(number(strike, "delta"), 0.5 * (1 + 0.15625) / 2, kRounding);  // D N(s / 2)
  EXPECT_EQ(strike.at("vega"), row.at("vega"));
}

TEST_F(StrikenetGreeks, AddsThoseByTheSpot) {
  const Finished finished = run({"--strike", "90:110:10", "--spot", "80", "--expiry", "2026-07-03"}, "greeks");
  for (const Row& row : rows_of(finished.out)) {
    EXPECT_NEAR(number(row, "spot_delta"), 1.25 * number(row, "delta"), kRounding);
    EXPECT_NEAR(number(row, "spot_gamma"), 1.5625 * number(row, "gamma"), kRounding);
  }
}

TEST_F(StrikenetGreeks, HasNoThetaOfASurfaceWithoutOrderInTimeButThatOfBlack) {
  const std::string vix = two_expiries(R"("calendar": false,)");
  const Finished moneyness = run({"--strike", "100"}, "greeks", vix);
  EXPECT_EQ(moneyness.err,
            "note: theta is not there, for the expiries are on different underlyings: --sticky strike has one\n");
  EXPECT_EQ(rows_of(moneyness.out).at(0).at("theta"), "");
  const Finished strike = run({"--strike", "100", "--sticky", "strike"}, "greeks", vix);
  EXPECT_EQ(strike.err, "");
  EXPECT_LT(number(rows_of(strike.out).at(0), "theta"), 0);
}

TEST_F(StrikenetGreeks, IsJsonOfASchemaOfItsOwn) {
  const Finished finished = run({"--strike", "100", "--json", "--sticky", "strike"}, "greeks");
  EXPECT_TRUE(finished.out.starts_with("{\n \"schema\": \"strikenet.greeks/1\",\n")) << finished.out;
  EXPECT_NE(finished.out.find("\n \"sticky\": \"strike\",\n"), std::string::npos) << finished.out;
}

TEST_F(StrikenetGreeks, RefusesAnotherRuleAndPriceHasNone) {
  expect_refused(run({"--strike", "100", "--sticky", "delta"}, "greeks"), 2,
                 {"--sticky is 'delta', but must be strike or moneyness"});
  EXPECT_EQ(run({"--strike", "100", "--sticky", "strike"}, "price").status, 2);
}

// --- a real surface --------------------------------------------------------------------------------------------------

TEST_F(StrikenetPrice, PricesARealSurface) {
  const std::string file = "examples/spxw_2019-06-26_surface.json";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const Finished finished =
      run_strikenet({"price", (shared_folder() / file).string(), "--moneyness", "0.9:1.1:0.02", "--quiet"});
  EXPECT_EQ(finished.status, 0);
  const auto rows = rows_of(finished.out);
  EXPECT_EQ(rows.size(), 29U * 11U);
  for (const Row& row : rows) {
    EXPECT_GT(number(row, "vol"), 0.05);
    EXPECT_LT(number(row, "vol"), 0.5);
  }
}

}  // namespace
}  // namespace strikenet
