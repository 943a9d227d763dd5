// What may come from files and the command line never reaches a terminal as something that it obeys.
#include <gtest/gtest.h>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

// Colour, a bell, C1's own escape in UTF-8 and as a byte, text from right to left, and letters that are none of that.
const std::string kRoot =
    "X\x1b[31m\x07\xC2\x9B"
    "2J\x9B\xE2\x80\xAE\xC3\xA9";
const std::string kShown = "X\\x1b[31m\\x07\\u009b2J\\x9b\\u202e\xC3\xA9";

bool is_obeyed(const std::string& text) {
  for (const char* const part : {"\x1b", "\x07", "\xC2\x9B", "\xE2\x80\xAE"})
    if (text.find(part) != std::string::npos) return true;
  return text.find("2J\x9B") != std::string::npos;
}

TEST(PrintableOutput, ShowsWhatFileNamesHold) {
  const Finished finished = run_strikenet({"check", "no/" + kRoot + "\nproved.csv"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "no/" + kShown + "\\x0aproved.csv: cannot be read: No such file or directory\n");
}

TEST(PrintableOutput, ShowsWhatTheCommandLineHolds) {
  const Finished finished = run_strikenet({"check", "--" + kRoot, "x"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_FALSE(is_obeyed(finished.err)) << finished.err;
  EXPECT_NE(finished.err.find(kShown), std::string::npos) << finished.err;
}

/// The small chain under a root.
std::string chain_of(const std::string& root) {
  std::string text = SmallChain().text(), result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    result += text.substr(begin, end - begin) + (begin == 0 ? ",root" : "," + root) + "\n";
    begin = end + 1;
  }
  return result;
}

TEST(PrintableOutput, ShowsWhatCellsHoldInTablesAndPaths) {
  const TemporaryFolder folder;
  const std::string root = "X\xC2\x9B\xE2\x80\xAE";  // ASCII's control characters the readers refuse
  const std::string chain = folder.file("chain.csv", chain_of(root));
  const std::string out = (folder.path() / ("fit\x1b[31m" + root + "\n")).string();
  const Finished finished = run_strikenet({"calibrate", chain, "--out", out, "--no-report"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_FALSE(is_obeyed(finished.out)) << finished.out;
  EXPECT_NE(finished.out.find("2026-06-19 X\\u009b\\u202e"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("fit\\x1b[31mX\\u009b\\u202e\\x0a/surface.json\n"), std::string::npos) << finished.out;
  for (const char* const command : {"inspect", "check"})
    EXPECT_FALSE(is_obeyed(run_strikenet({command, chain}).out)) << command;
  const Finished json = run_strikenet({"inspect", chain, "--json"});
  EXPECT_FALSE(is_obeyed(json.out));
  EXPECT_NE(json.out.find("X\\u009b\\u202e"), std::string::npos) << json.out;
}

TEST(PrintableOutput, LeavesDataThatAProgramReadsAsTheyAre) {
  const TemporaryFolder folder;
  const std::string root = "X\xC2\x9B\xE2\x80\xAE";  // ASCII's control characters the readers refuse
  const Finished finished = run_strikenet({"convert", folder.file("chain.csv", chain_of(root)), "--to", "csv"});
  EXPECT_NE(finished.out.find("," + root + ","), std::string::npos) << finished.out;
}

TEST(SpreadsheetFormulas, AreWrittenAsTextAndReadBack) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "fit").string();
  ASSERT_EQ(run_strikenet({"calibrate", folder.file("chain.csv", chain_of("=1+1")), "--out", out, "--quiet"}).status,
            0);
  const std::string quotes = text_of(out + "/quotes.csv");
  EXPECT_EQ(quotes.find(",=1+1,"), std::string::npos);
  EXPECT_NE(quotes.find(",'=1+1,"), std::string::npos);
  const std::string surface = text_of(out + "/surface.json");
  EXPECT_NE(surface.find("\"root\": \"=1+1\""), std::string::npos);
  const Finished prices = run_strikenet({"price", out + "/surface.json", "--strike", "100"});
  EXPECT_NE(prices.out.find(",'=1+1,"), std::string::npos) << prices.out;
  const Finished converted = run_strikenet({"convert", folder.path() / "chain.csv", "--to", "csv"});
  EXPECT_NE(converted.out.find(",'=1+1,"), std::string::npos);
  ASSERT_EQ(run_strikenet({"calibrate", folder.file("again.csv", converted.out), "--out", out, "--quiet"}).status, 0);
  EXPECT_EQ(text_of(out + "/surface.json").find("'=1+1"), std::string::npos);
}

}  // namespace
}  // namespace strikenet
