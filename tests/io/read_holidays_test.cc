#include "strikenet/io/read_holidays.h"

#include <gtest/gtest.h>

#include <sstream>

namespace strikenet {
namespace {

using namespace std::chrono_literals;
using Dates = std::vector<Date>;
using Lines = std::vector<std::string>;

Result<Dates> read(const std::string& text) {
  std::istringstream csv(text);
  return read_holidays(csv, "h.csv");
}

Lines problems_of(const std::string& text) {
  const auto dates = read(text);
  return dates ? Lines{} : dates.problems().lines;
}

TEST(ReadHolidays, TakesTheColumnOfDatesAndSkipsOthers) {
  const auto dates = read("# NYSE\nname,Date\n\"Independence Day\",2019-07-04\nLabor Day,20190902\n");
  ASSERT_TRUE(dates) << dates.problems().lines.front();
  EXPECT_EQ(dates.value(), (Dates{2019y / 7 / 4, 2019y / 9 / 2}));
}

TEST(ReadHolidays, TakesAFileWithoutHolidays) {
  const auto dates = read("date\n");
  ASSERT_TRUE(dates) << dates.problems().lines.front();
  EXPECT_TRUE(dates.value().empty());
}

TEST(ReadHolidays, NamesEveryMistakeInOneRunByLine) {
  EXPECT_EQ(problems_of("date,name\n2019-02-30,a\n,b\n2019-07-04,c\nfourth of July,d\n"),
            (Lines{"h.csv:2: date is '2019-02-30', but must be a date like 2019-06-28",
                   "h.csv:3: date is '', but must be a date like 2019-06-28",
                   "h.csv:5: date is 'fourth of July', but must be a date like 2019-06-28"}));
  EXPECT_EQ(problems_of("day\n2019-07-04\n"),
            Lines{"h.csv:1: column 'date' is missing, but a file of holidays needs it"});
  EXPECT_EQ(problems_of(""), Lines{"h.csv: file is empty, but must have a header and rows"});
}

TEST(ReadHolidaysFile, NamesAMissingFile) {
  const auto missing = read_holidays_file("/nowhere/h.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems().lines, Lines{"/nowhere/h.csv: cannot be read: No such file or directory"});
}

}  // namespace
}  // namespace strikenet
