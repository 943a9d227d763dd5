#include "io/csv_table.h"

#include <gtest/gtest.h>

#include <random>

namespace strikenet {
namespace {

using Fields = std::vector<std::string>;

/// All of a text at once.
struct Parsed {
  Fields columns = {};
  long header_line = 0;
  std::vector<Fields> rows = {};
  std::vector<long> lines = {};
  Fields problems = {};
};

Parsed parsed(const std::string& text) {
  const CsvTable table(text);
  ProblemList problems = table.problems();
  Parsed result{.columns = table.columns(), .header_line = table.header_line()};
  CsvRows rows(table, problems);
  while (rows.next()) {
    result.lines.push_back(rows.line());
    Fields& fields = result.rows.emplace_back();
    for (std::size_t i = 0; i < table.columns().size(); ++i)
      fields.emplace_back(rows.field(i));
  }
  result.problems = problems.by_line("f.csv").lines;
  return result;
}

TEST(CsvTable, TrimsFieldsAndLowersTheNamesOfColumns) {
  const std::string text = "Expiry, STRIKE ,\tBid\n 2026-12-18 ,100,\" 3.5 \"\n";
  EXPECT_EQ(parsed(text).columns, (Fields{"expiry", "strike", "bid"}));
  EXPECT_EQ(parsed(text).rows, (std::vector<Fields>{{"2026-12-18", "100", "3.5"}}));
  const CsvTable table(text);
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
  const Parsed table = parsed("\xEF\xBB\xBF" + end + "a,b" + end + "1,2" + end + end + " \t" + end + "# c,d" + end +
                              ",," + end + "\"x" + end + end + "y\",4" + end + "5,6");
  EXPECT_EQ(table.columns, (Fields{"a", "b"}));
  EXPECT_EQ(table.header_line, 2);
  EXPECT_EQ(table.lines, (std::vector<long>{3, 8, 11}));
  EXPECT_EQ(table.rows[1], (Fields{"x" + end + end + "y", "4"}));
  EXPECT_EQ(table.rows[2], (Fields{"5", "6"}));
  EXPECT_EQ(table.problems, Fields{});
}

INSTANTIATE_TEST_SUITE_P(Ends, CsvLineEnds,
                         testing::Values(LineEnd{"Lf", "\n"}, LineEnd{"CrLf", "\r\n"}, LineEnd{"Cr", "\r"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(CsvTable, KeepsCommasAndQuotesInsideQuotes) {
  const Parsed table = parsed("a,b\n\"1,234\",\"say \"\"x\"\"\"\n");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0], (Fields{"1,234", "say \"x\""}));
}

TEST(CsvTable, OfNothingHasNoColumns) {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", "# only a comment\n", " , ,\n"}) {
    const Parsed table = parsed(text);
    EXPECT_TRUE(table.columns.empty()) << text;
    EXPECT_TRUE(table.rows.empty());
    EXPECT_EQ(table.problems, Fields{});
  }
}

TEST(CsvTable, NamesEveryRowOfAnotherLength) {
  const Parsed table = parsed("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n");
  EXPECT_EQ(table.lines, (std::vector<long>{3, 5}));
  EXPECT_EQ(table.problems, (Fields{"f.csv:2: number of fields is 2, but must be 3, as in the header on line 1",
                                    "f.csv:4: number of fields is 4, but must be 3, as in the header on line 1"}));
}

TEST(CsvTable, NamesColumnsThatAreThereTwice) {
  EXPECT_EQ(parsed("bid,,Bid,,ask\n").problems,
            (Fields{"f.csv:1: column 'bid' is there twice, but must be there once"}));
}

TEST(CsvTable, RefusesMoreThanAMillionColumns) {
  const std::string header(1'000'000, ',');
  EXPECT_EQ(parsed(header + "a\n").problems,
            (Fields{"f.csv:1: number of columns is 1000001, but must be at most 1000000"}));
}

TEST(CsvTable, ExpectsAboutAsManyRowsAsThereAre) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "a,b" + end;
    for (int i = 0; i < 100; ++i)
      text += "1,2" + end;
    EXPECT_EQ(CsvTable(text).expected_rows(), 101U);
  }
  EXPECT_LT(CsvTable("a,b\n" + std::string(100, '\n')).expected_rows(), 60U);
}

TEST(CsvTable, NamesAQuoteWithoutAnEnd) {
  const Parsed table = parsed("a,b\n1,2\n3,\"4\n5,6\n");
  EXPECT_EQ(table.lines, (std::vector<long>{2}));
  EXPECT_EQ(table.problems, (Fields{"f.csv:3: a quoted field has no end, but must have a closing quote"}));
}

TEST(CsvTable, SurvivesAnyBytes) {
  std::mt19937_64 random(7);  // fixed seed
  std::uniform_int_distribution<int> byte(0, 255), special(0, 5);
  for (int trial = 0; trial < 200; ++trial) {
    std::string text;
    for (int i = 0; i < 400; ++i)
      text += special(random) == 0 ? ",\"\n\r #"[byte(random) % 6] : static_cast<char>(byte(random));
    const Parsed table = parsed(text);
    ASSERT_EQ(table.rows.size(), table.lines.size());
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
    ASSERT_EQ(parsed(text).lines, starts) << text;
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
