#include "strikenet/io/read_strip.h"

#include <gtest/gtest.h>

#include <sstream>

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

Result<StripFile> read(const std::string& text) {
  std::istringstream csv(text);
  return read_strip(csv, "s.csv");
}

Lines problems_of(const std::string& text) {
  const auto strip = read(text);
  return strip ? Lines{} : strip.problems().lines;
}

const std::string kHeader = "term,strike,type,Q_mid\n";
const std::string kNext = "next,90,put,1\nnext,100,put/call average,3\n";

TEST(ReadStrip, TakesTheRowsOfBothTerms) {
  const auto strip = read(
      "# an example\nterm,strike,type,Q_mid,dK\nnear,90,put,1.5,10\nnear,100,put/call average,4,10\n"
      "near,110,call,0.5,10\n" +
      std::string("next,90,put,2,10\nnext,100,put/call average,5,10\n"));
  ASSERT_TRUE(strip) << strip.problems().lines.front();
  ASSERT_EQ(strip.value().near.size(), 3u);
  EXPECT_EQ(strip.value().near[0].strike, 90);
  EXPECT_EQ(strip.value().near[0].price, 1.5);
  EXPECT_EQ(strip.value().near[2].line, 5);
  EXPECT_FALSE(strip.value().near[0].at_k0);
  EXPECT_TRUE(strip.value().near[1].at_k0);
  EXPECT_EQ(strip.value().next.size(), 2u);
}

TEST(ReadStrip, NamesEveryMistakeInOneRunByLine) {
  EXPECT_EQ(
      problems_of(kHeader + "far,90,put,1\nnear,0,put,1\nnear,90,straddle,1\nnear,90,put,-1\n" + kNext),
      (Lines{"s.csv:2: term is 'far', but must be near or next", "s.csv:3: strike is '0', but must be a number above 0",
             "s.csv:4: type is 'straddle', but must be put, call or put/call average",
             "s.csv:5: q_mid is '-1', but must be a number of at least 0"}));
  EXPECT_EQ(problems_of(kHeader + "near,90,put,1\nnear,90,put/call average,1\nnear,95,put,1\n" + kNext),
            (Lines{"s.csv:3: strike is 90, but must be above the 90 before it",
                   "s.csv:4: type is out of order, but must be puts, one put/call average, then calls"}));
}

TEST(ReadStrip, SaysWhatIsMissing) {
  EXPECT_EQ(problems_of(""), (Lines{"s.csv: file is empty, but must have a header and rows"}));
  EXPECT_EQ(problems_of("term,strike\n"), (Lines{"s.csv:1: column 'type' is missing, but a strip needs it",
                                                 "s.csv:1: column 'q_mid' is missing, but a strip needs it"}));
  EXPECT_EQ(problems_of(kHeader + kNext),
            (Lines{"s.csv:1: number of rows of the near term is 0, but must be at least 2"}));
  EXPECT_EQ(problems_of(kHeader + "near,90,put,1\nnear,95,call,1\n" + kNext),
            (Lines{"s.csv:1: row 'put/call average' of the near term is missing, but K0 is its strike"}));
}

TEST(ReadStrip, KnowsItsHeaderBehindComments) {
  EXPECT_TRUE(looks_like_strip("# c\n# d\nterm,strike,type,Q_mid\n"));
  EXPECT_FALSE(looks_like_strip("expiry,strike,type,bid,ask\n"));
  EXPECT_FALSE(looks_like_strip(""));
}

}  // namespace
}  // namespace strikenet
