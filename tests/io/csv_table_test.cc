#include "io/csv_table.h"

#include <gtest/gtest.h>

#include <random>

namespace strikenet {
namespace {

using Fields = std::vector<std::string>;

Fields row_of(const CsvTable& table, std::size_t row) {
  Fields fields;
  for (std::size_t i = 0; i < table.columns().size(); ++i)
    fields.emplace_back(table.field(row, i));
  return fields;
}

std::vector<long> lines_of(const CsvTable& table) {
  std::vector<long> lines;
  for (std::size_t row = 0; row < table.rows(); ++row)
    lines.push_back(table.line(row));
  return lines;
}

Fields problems_of(const CsvTable& table) { return table.problems().by_line("f.csv").lines; }

TEST(CsvTable, TrimsFieldsAndLowersTheNamesOfColumns) {
  const CsvTable table = CsvTable::parse("Expiry, STRIKE ,\tBid\n 2026-12-18 ,100,\" 3.5 \"\n");
  EXPECT_EQ(table.columns(), (Fields{"expiry", "strike", "bid"}));
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_EQ(row_of(table, 0), (Fields{"2026-12-18", "100", "3.5"}));
  EXPECT_EQ(table.column("bid"), 2u);
  EXPECT_EQ(table.column("ask"), std::nullopt);
}

struct LineEnd {
  const char* name;
  const char* text;
};
void PrintTo(const LineEnd& end, std::ostream* out) { *out << end.name; }

class CsvLineEnds : public testing::TestWithParam<LineEnd> {};

TEST_P(CsvLineEnds, AreCountedAlike) {
  const std::string end = GetParam().text;
  const CsvTable table = CsvTable::parse("\xEF\xBB\xBF" + end + "a,b" + end + "1,2" + end + end + " \t" + end +
                                         "# c,d" + end + ",," + end + "\"x" + end + end + "y\",4" + end + "5,6");
  EXPECT_EQ(table.columns(), (Fields{"a", "b"}));
  EXPECT_EQ(table.header_line(), 2);
  EXPECT_EQ(lines_of(table), (std::vector<long>{3, 8, 11}));
  EXPECT_EQ(row_of(table, 1), (Fields{"x" + end + end + "y", "4"}));
  EXPECT_EQ(row_of(table, 2), (Fields{"5", "6"}));
  EXPECT_TRUE(table.problems().empty());
}

INSTANTIATE_TEST_SUITE_P(Ends, CsvLineEnds,
                         testing::Values(LineEnd{"Lf", "\n"}, LineEnd{"CrLf", "\r\n"}, LineEnd{"Cr", "\r"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(CsvTable, KeepsCommasAndQuotesInsideQuotes) {
  const CsvTable table = CsvTable::parse("a,b\n\"1,234\",\"say \"\"x\"\"\"\n");
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_EQ(row_of(table, 0), (Fields{"1,234", "say \"x\""}));
}

TEST(CsvTable, OfNothingHasNoColumns) {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", "# only a comment\n", " , ,\n"}) {
    const CsvTable table = CsvTable::parse(text);
    EXPECT_TRUE(table.columns().empty()) << text;
    EXPECT_EQ(table.rows(), 0u);
    EXPECT_TRUE(table.problems().empty());
  }
}

TEST(CsvTable, NamesEveryRowOfAnotherLength) {
  const CsvTable table = CsvTable::parse("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n");
  EXPECT_EQ(lines_of(table), (std::vector<long>{3, 5}));
  EXPECT_EQ(problems_of(table), (Fields{"f.csv:2: number of fields is 2, but must be 3, as in the header on line 1",
                                        "f.csv:4: number of fields is 4, but must be 3, as in the header on line 1"}));
}

TEST(CsvTable, NamesColumnsThatAreThereTwice) {
  EXPECT_EQ(problems_of(CsvTable::parse("bid,,Bid,,ask\n")),
            (Fields{"f.csv:1: column 'bid' is there twice, but must be there once"}));
}

TEST(CsvTable, NamesAQuoteWithoutAnEnd) {
  const CsvTable table = CsvTable::parse("a,b\n1,2\n3,\"4\n5,6\n");
  EXPECT_EQ(lines_of(table), (std::vector<long>{2}));
  EXPECT_EQ(problems_of(table), (Fields{"f.csv:3: a quoted field has no end, but must have a closing quote"}));
}

TEST(CsvTable, SurvivesAnyBytes) {
  std::mt19937_64 random(7);  // fixed seed
  std::uniform_int_distribution<int> byte(0, 255), special(0, 5);
  for (int trial = 0; trial < 200; ++trial) {
    std::string text;
    for (int i = 0; i < 400; ++i)
      text += special(random) == 0 ? ",\"\n\r #"[byte(random) % 6] : static_cast<char>(byte(random));
    const CsvTable table = CsvTable::parse(text);
    for (std::size_t row = 0; row < table.rows(); ++row)
      ASSERT_EQ(row_of(table, row).size(), table.columns().size());
  }
}

// A row's line is where it starts, whatever the quoted fields before it hold.
TEST(CsvTable, CountsLinesThroughRandomQuotedLineEnds) {
  std::mt19937_64 random(11);  // fixed seed
  std::uniform_int_distribution<int> line_ends(0, 3), blanks(0, 2);
  for (int trial = 0; trial < 50; ++trial) {
    std::string text = "a,b\n";
    std::vector<long> starts;
    long line = 2;
    for (int row = 0; row < 20; ++row) {
      const int before = blanks(random), inside = line_ends(random);
      text += std::string(static_cast<std::size_t>(before), '\n');
      starts.push_back(line + before);
      text += "\"" + std::string(static_cast<std::size_t>(inside), '\n') + "x\",1\n";
      line += before + inside + 1;
    }
    ASSERT_EQ(lines_of(CsvTable::parse(text)), starts) << text;
  }
}

TEST(Printable, EscapesAndShortens) {
  EXPECT_EQ(printable("abc d"), "abc d");
  EXPECT_EQ(printable(std::string_view("\0\x1f\xff", 3)), "\\x00\\x1f\\xff");
  EXPECT_EQ(printable(std::string(40, 'x')), std::string(40, 'x'));
  EXPECT_EQ(printable(std::string(41, 'x')), std::string(40, 'x') + "...");
}

}  // namespace
}  // namespace strikenet
