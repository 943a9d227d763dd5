#include "io/csv_field.h"

#include <gtest/gtest.h>

#include <random>

#include "io/row_reader.h"

namespace strikenet {
namespace {

/// What a reader of ours finds where csv_field was written.
std::string read_back(const std::string& field) {
  const std::string text = "a,b\n1," + field + "\n";
  const CsvTable table(text);
  ProblemList problems;
  CsvRows rows(table, problems);
  EXPECT_TRUE(rows.next()) << field;
  return std::string(RowReader(rows, problems).text("b"));
}

TEST(CsvField, StandsBehindAnApostropheWhereASpreadsheetWouldRunIt) {
  for (const auto& [text, field] : std::vector<std::pair<std::string, std::string>>{
           {"=1+1", "'=1+1"},
           {"+A1", "'+A1"},
           {"-A1", "'-A1"},
           {"@SUM(A1)", "'@SUM(A1)"},
           {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
           {"\t=1", "'\t=1"},
           {"\r=1", "\"'\r=1\""},
           {"-", "'-"},
           {"+5", "'+5"},  // no number as our readers take one
           {"-1x", "'-1x"},
           {"-inf", "'-inf"}})
    EXPECT_EQ(csv_field(text), field);
}

TEST(CsvField, LeavesNumbersAndOtherTextsAsTheyAre) {
  for (const char* const text : {"", "-1", "-1e-05", "-0.5", "1", "SPXW", "a=b", "a-b", "'", "''", "it's", "'a", " =1"})
    EXPECT_EQ(csv_field(text), text);
}

TEST(CsvField, ReadsBackWhateverWasWritten) {
  for (const char* const text : {"=1+1", "'=1+1", "''=1", "-A1", "-1", "'-1", "@,\"", "'", "'a", "+\n+"})
    EXPECT_EQ(read_back(csv_field(text)), text);
  std::mt19937 random(7);
  const std::string letters = "=+-@'\"a1,. \n";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t size = 1 + random() % 6; text.size() < size;)
      text += letters[random() % letters.size()];
    text = trimmed(text);  // as readers give texts
    if (text.empty()) continue;
    EXPECT_EQ(read_back(csv_field(text)), text);
    const std::string field = csv_field(text);
    const char first = field[field.starts_with('"') ? 1 : 0];
    if (std::string("=+-@").find(first) != std::string::npos) {
      EXPECT_TRUE(parse_number(field)) << field;
    }
  }
}

}  // namespace
}  // namespace strikenet
