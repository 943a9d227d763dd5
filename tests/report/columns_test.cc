#include "report/columns.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <sstream>

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A text, a number and a number that may be missing, in two rows.
const std::vector<Column> kColumns = {
    {"name", [](std::size_t row) { return Cell(std::string(row == 0 ? "a,\"b\"" : "c")); }},
    {"x", [](std::size_t row) { return number_cell(row == 0 ? 1.0 / 3 : 1e-300); }},
    {"maybe", [](std::size_t row) { return number_cell(row == 0 ? std::optional(2.0) : std::nullopt); }},
};

TEST(NumberCell, IsNothingWhereThereIsNoNumber) {
  for (const double none : {std::nan(""), kInfinity, -kInfinity}) {
    EXPECT_EQ(number_cell(none), Cell());
    EXPECT_EQ(number_cell(std::optional(none)), Cell());
    EXPECT_EQ(json_number(none), "null");
  }
  EXPECT_EQ(number_cell(std::nullopt), Cell());
  EXPECT_EQ(number_cell(0), Cell(0.0));
}

TEST(CsvOf, HasALineOfNamesAndOnePerRow) {
  EXPECT_EQ(csv_of(kColumns, 2), "name,x,maybe\n\"a,\"\"b\"\"\",0.3333333333333333,2\nc,1e-300,\n");
  EXPECT_EQ(csv_of(kColumns, 0), "name,x,maybe\n");
}

TEST(JsonOf, HasAnObjectALine) {
  EXPECT_EQ(json_of(kColumns, 2, "  "),
            "[\n  {\"name\": \"a,\\\"b\\\"\", \"x\": 0.3333333333333333, \"maybe\": 2},\n"
            "  {\"name\": \"c\", \"x\": 1e-300, \"maybe\": null}\n ]");
  EXPECT_EQ(json_of(kColumns, 0, "  "), "[]");
}

TEST(JsonText, ReplacesWhatIsNotUtf8) { EXPECT_EQ(json_text("\xFF"), "\"\xEF\xBF\xBD\""); }

TEST(TextTableOf, AlignsTextsToTheLeftAndNumbersToTheRight) {
  EXPECT_EQ(text_table_of(kColumns, 2),
            "name          x  maybe\n"
            "a,\"b\"  0.333333      2\n"
            "c        1e-300      -\n");
}

TEST(TextTableOf, LeavesOutColumnsOfEmptyTextsAndBlanksAtTheEnd) {
  const auto empty = [](std::size_t) { return Cell(std::string()); };
  const auto second = [](std::size_t row) { return Cell(std::string(row == 0 ? "" : "strike")); };
  const auto number = [](std::size_t row) { return number_cell(123.456 + static_cast<double>(row)); };
  EXPECT_EQ(text_table_of({{"root", empty}, {"x", number, 4}, {"y", number, 0}, {"note", second}}, 2),
            "    x  note\n"
            "123.5\n"
            "124.5  strike\n");
}

TEST(CsvOf, WritesNumbersThatReadBackToTheSameBits) {
  std::mt19937_64 rng(20240229);
  for (int trial = 0; trial < 1000; ++trial) {
    const double number = std::bit_cast<double>(rng());
    if (!std::isfinite(number)) continue;
    const std::string text = csv_of({{"x", [&](std::size_t) { return number_cell(number); }}}, 1).substr(2);
    EXPECT_EQ(std::stod(text), number) << text;
    EXPECT_EQ(std::stod(json_number(number)), number);
  }
}

}  // namespace
}  // namespace strikenet
