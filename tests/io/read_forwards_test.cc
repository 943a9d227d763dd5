#include "strikenet/io/read_forwards.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

Result<std::vector<SuppliedForward>> read(const std::string& text) {
  std::istringstream csv(text);
  return read_forwards(csv, "f.csv");
}

Lines problems_of(const std::string& text) {
  const auto forwards = read(text);
  return forwards ? Lines{} : forwards.problems().lines;
}

void expect_forward(const SuppliedForward& supplied, const ExpiryKey& key, double forward,
                    std::optional<double> discount) {
  EXPECT_EQ(supplied.key, key);
  EXPECT_EQ(supplied.forward.value(), forward);
  EXPECT_EQ(supplied.discount, discount ? std::optional(DiscountFactor(*discount)) : std::nullopt) << to_string(key);
}

TEST(ReadForwards, TakesEveryColumn) {
  const auto forwards =
      read("expiry,root,forward,discount\n2019-06-28,SPXW,2918.45,0.99986\n2019-06-28,SPX,2918.5,1\n");
  ASSERT_TRUE(forwards) << forwards.problems().lines.front();
  ASSERT_EQ(forwards.value().size(), 2U);
  expect_forward(forwards.value()[0], {"2019-06-28", "SPXW"}, 2918.45, 0.99986);
  expect_forward(forwards.value()[1], {"2019-06-28", "SPX"}, 2918.5, 1);
}

TEST(ReadForwards, LeavesRootAndDiscountOutAsColumnsOrInARow) {
  const auto columns = read("expiry,forward\n2019-06-28,100\n");
  ASSERT_TRUE(columns) << columns.problems().lines.front();
  expect_forward(columns.value().at(0), {"2019-06-28"}, 100, std::nullopt);
  const auto row = read("expiry,root,forward,discount\n2019-06-28,,100,\n");
  ASSERT_TRUE(row) << row.problems().lines.front();
  expect_forward(row.value().at(0), {"2019-06-28"}, 100, std::nullopt);
}

TEST(ReadForwards, KeysExpiriesAsChainsDo) {
  const auto forwards = read("expiry,forward\n20190628,1\n0.025,2\n2.50e-1,3\n");
  ASSERT_TRUE(forwards) << forwards.problems().lines.front();
  EXPECT_EQ(forwards.value().at(0).key.expiry, "2019-06-28");
  EXPECT_EQ(forwards.value().at(1).key.expiry, "T=0.025");
  EXPECT_EQ(forwards.value().at(2).key.expiry, "T=0.25");
}

TEST(ReadForwards, AcceptsAnyLayoutOfAChain) {
  const auto forwards = read(
      "\xEF\xBB\xBF# forwards of the desk\r\nDiscount,FORWARD,note,\"Expiry\"\r\n\r\n0.5,\"100\",\"a, "
      "b\",2019-06-28\r\n");
  ASSERT_TRUE(forwards) << forwards.problems().lines.front();
  ASSERT_EQ(forwards.value().size(), 1U);
  expect_forward(forwards.value()[0], {"2019-06-28"}, 100, 0.5);
}

TEST(ReadForwards, NamesEveryMistakeInOneRunByLine) {
  EXPECT_EQ(problems_of("expiry,forward,discount\nsoon,100,1\n2019-06-28,abc,0\n2019-06-29\n2019-06-30,-1,11\n"
                        "2019-07-01,nan,inf\n2019-07-02,,\n2019-07-03,1e308,1\n"),
            (Lines{"f.csv:2: expiry is 'soon', but must be a date like 2026-12-18 or a number of years above 0 and at "
                   "most 1000",
                   "f.csv:3: forward is 'abc', but must be a number above 0",
                   "f.csv:3: discount is '0', but must be a number above 0",
                   "f.csv:4: number of fields is 1, but must be 3, as in the header on line 1",
                   "f.csv:5: forward is '-1', but must be a number above 0",
                   "f.csv:5: discount is '11', but must be from 1e-12 to 10",
                   "f.csv:6: forward is 'nan', but must be a number above 0",
                   "f.csv:6: discount is 'inf', but must be a number above 0",
                   "f.csv:7: forward is '', but must be a number above 0",
                   "f.csv:8: forward is '1e308', but must be from 1e-12 to 1e12"}));
}

TEST(ReadForwards, NamesTheColumnsThatAreMissing) {
  EXPECT_EQ(problems_of("date,price\n2019-06-28,100\n"),
            (Lines{"f.csv:1: column 'expiry' is missing, but a file of forwards needs it",
                   "f.csv:1: column 'forward' is missing, but a file of forwards needs it"}));
}

TEST(ReadForwards, NamesTwoRowsForOneExpiryAndRoot) {
  EXPECT_EQ(problems_of("expiry,root,forward\n2019-06-28,SPX,100\n2019-06-28,SPXW,100\n2019-06-28,,100\n"
                        "20190628,SPX,101\n0.5,,1\n0.50,,1\n"),
            (Lines{"f.csv:5: duplicates line 2 (2019-06-28 SPX)", "f.csv:7: duplicates line 6 (T=0.5)"}));
}

TEST(ReadForwards, NamesAFileWithoutRows) {
  EXPECT_EQ(problems_of(""), Lines{"f.csv: file is empty, but must have a header and rows"});
  EXPECT_EQ(problems_of("\n# nothing\n"), Lines{"f.csv: file is empty, but must have a header and rows"});
  EXPECT_EQ(problems_of("expiry,forward\n"),
            Lines{"f.csv:1: number of rows below the header is 0, but must be at least 1"});
}

TEST(ReadForwards, SurvivesAnyBytes) {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int trial = 0; trial < 100; ++trial) {
    std::string noise;
    for (int i = 0; i < 200; ++i)
      noise += static_cast<char>(byte(random));
    EXPECT_FALSE(read("expiry,forward\n2019-06-28,1\n" + noise)) << "trial " << trial;
  }
}

TEST(ReadForwardsFile, ReadsAFileByItsPathAndNamesIt) {
  const auto path = (std::filesystem::path(testing::TempDir()) / ("forwards." + std::to_string(getpid()))).string();
  std::ofstream(path) << "expiry,forward\n2019-06-28,0\n";
  const auto wrong = read_forwards_file(path);
  std::ofstream(path) << "expiry,forward\n2019-06-28,7\n";
  const auto right = read_forwards_file(path);
  std::filesystem::remove(path);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.problems().lines, Lines{path + ":2: forward is '0', but must be a number above 0"});
  ASSERT_TRUE(right);
  EXPECT_EQ(right.value().at(0).forward.value(), 7);
}

TEST(ReadForwardsFile, NamesAFileThatIsMissing) {
  const auto missing = read_forwards_file("/nowhere/f.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems().lines, Lines{"/nowhere/f.csv: cannot be read: No such file or directory"});
}

}  // namespace
}  // namespace strikenet
