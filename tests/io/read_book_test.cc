#include "strikenet/io/read_book.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

Result<std::vector<BookOption>> read(const std::string& text) {
  std::istringstream csv(text);
  return read_book(csv, "b.csv");
}

Lines problems_of(const std::string& text) {
  const auto book = read(text);
  return book ? Lines{} : book.problems().lines;
}

TEST(ReadBook, TakesEveryColumn) {
  const auto book = read("expiry,strike,type,root\n2019-06-28,2900,C,SPXW\n20190719,2800.5,put,SPX\n");
  ASSERT_TRUE(book) << book.problems().lines.front();
  ASSERT_EQ(book.value().size(), 2U);
  const BookOption &first = book.value()[0], &second = book.value()[1];
  EXPECT_EQ(first.line, 2);
  EXPECT_EQ(first.key, (ExpiryKey{"2019-06-28", "SPXW"}));
  EXPECT_EQ(first.t, std::nullopt);
  EXPECT_EQ(first.strike, Strike(2900));
  EXPECT_EQ(first.type, OptionType::call);
  EXPECT_EQ(second.line, 3);
  EXPECT_EQ(second.key, (ExpiryKey{"2019-07-19", "SPX"}));
  EXPECT_EQ(second.strike, Strike(2800.5));
  EXPECT_EQ(second.type, OptionType::put);
}

TEST(ReadBook, LeavesTypeAndRootOutAsColumnsOrInARow) {
  for (const char* text : {"expiry,strike\n2019-06-28,2900\n", "expiry,strike,type,root\n2019-06-28,2900,,\n"}) {
    const auto book = read(text);
    ASSERT_TRUE(book) << book.problems().lines.front();
    EXPECT_EQ(book.value().at(0).key, ExpiryKey{"2019-06-28"});
    EXPECT_EQ(book.value().at(0).type, std::nullopt);
  }
}

TEST(ReadBook, TakesYearFractionsWithAndWithoutTheirLetter) {
  const auto book = read("expiry,strike\nT=0.5,100\n0.5,100\n2.50e-1,100\n");
  ASSERT_TRUE(book) << book.problems().lines.front();
  for (const std::size_t i : {0, 1}) {
    EXPECT_EQ(book.value().at(i).key.expiry, "T=0.5");
    EXPECT_EQ(book.value().at(i).t, YearFraction(0.5));
  }
  EXPECT_EQ(book.value().at(2).key.expiry, "T=0.25");
}

TEST(ReadBook, KeepsLinesThatAreThereTwiceAndStrikesOfZero) {
  const auto book = read("expiry,strike\n2019-06-28,0\n2019-06-28,0\n");
  ASSERT_TRUE(book) << book.problems().lines.front();
  ASSERT_EQ(book.value().size(), 2U);
  EXPECT_EQ(book.value()[1].strike, Strike(0));
}

TEST(ReadBook, SkipsColumnsWithoutMeaning) {
  const auto book = read("price,Expiry,vol,STRIKE\nx,2019-06-28,-1,100\n");
  ASSERT_TRUE(book) << book.problems().lines.front();
  EXPECT_EQ(book.value().at(0).strike, Strike(100));
}

TEST(ReadBook, NamesEveryMistakeInOneRunByLine) {
  EXPECT_EQ(
      problems_of("expiry,strike,type\nsoon,100,C\n2019-06-28,-1,X\n2019-06-29\nT=nan,inf,\n,,\nT=2000,1e308,P\n"),
      (Lines{"b.csv:2: expiry is 'soon', but must be a date like 2026-12-18 or a number of years above 0 and at "
             "most 1000",
             "b.csv:3: strike is '-1', but must be a number of at least 0",
             "b.csv:3: type is 'X', but must be C, P, call or put",
             "b.csv:4: number of fields is 1, but must be 3, as in the header on line 1",
             "b.csv:5: expiry is 'T=nan', but must be T= and a number of years above 0 and at most 1000",
             "b.csv:5: strike is 'inf', but must be a number of at least 0",
             "b.csv:7: expiry is 'T=2000', but must be T= and a number of years above 0 and at most 1000",
             "b.csv:7: strike is '1e308', but must be at most 1e12"}));
}

TEST(ReadBook, RefusesABookWithoutHeaderColumnsOrRows) {
  EXPECT_EQ(problems_of(""), Lines{"b.csv: file is empty, but must have a header and rows"});
  EXPECT_EQ(problems_of("expiry,strike\n"),
            Lines{"b.csv:1: number of rows below the header is 0, but must be at least 1"});
  EXPECT_EQ(problems_of("expirie,strke\n2019-06-28,1\n"),
            (Lines{"b.csv:1: column 'expiry' is missing, but a book of options needs it",
                   "b.csv:1: column 'strike' is missing, but a book of options needs it"}));
}

TEST(ReadBookFile, ReadsAFileAndNamesAMissingOne) {
  const auto path = std::filesystem::temp_directory_path() / "strikenet_read_book_test.csv";
  std::ofstream(path) << "expiry,strike\n2019-06-28,abc\n";
  const auto bad = read_book_file(path.string());
  std::filesystem::remove(path);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.problems().lines, Lines{path.string() + ":2: strike is 'abc', but must be a number of at least 0"});
  const auto missing = read_book_file("/nowhere/b.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems().lines, Lines{"/nowhere/b.csv: cannot be read: No such file or directory"});
}

}  // namespace
}  // namespace strikenet
