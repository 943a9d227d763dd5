// quotes_csv of strikenet/report/calibration.h.
#include <gtest/gtest.h>

#include <algorithm>

#include "report/small_calibration.h"

namespace strikenet {
namespace {

using testing_support::SmallCalibration;

TEST(QuotesCsv, HasALineForEveryQuoteUsedOrNot) {
  EXPECT_EQ(quotes_csv(SmallCalibration().calibration()),
            "row,expiry,root,strike,type,bid,ask,used,reason,model,model_vol,bid_vol,ask_vol,inside,mid_vol\n"
            "2,2026-03-31,\"A,\"\"B\"\"\",100,C,2.25,2.75,1,,2.5,0.25,0.225,0.275,1,0.24\n"
            "3,2026-03-31,\"A,\"\"B\"\"\",90,P,0,1e-05,1,,1.25,0.5,,0.375,0,\n"
            "5,2026-03-31,\"A,\"\"B\"\"\",110,C,3,2,0,crossed,1.75,,0.625,0.125,,\n"
            "6,2026-03-31,\"A,\"\"B\"\"\",0.1,P,0.3333333333333333,0,0,no-ask,0,,,,,\n"
            "7,2026-06-30,,101.5,P,1,2,1,,1.5,0.3,0.2,0.4,1,\n"
            "9,2020-01-31,OLD,50,C,1,2,0,expired,,,,,,\n");
}

TEST(QuotesCsv, QuotesTextsThatWouldBreakALine) {
  SmallCalibration small;
  for (const auto& [root, field] : {std::pair{"plain", "plain"},
                                    {"a b", "a b"},
                                    {"\"", "\"\"\"\""},
                                    {"a\nb", "\"a\nb\""},
                                    {"a\rb", "\"a\rb\""},
                                    {",", "\",\""},
                                    {"'", "'"}}) {
    small.chain.quotes[4].key.root = root;
    EXPECT_NE(quotes_csv(small.calibration()).find(std::string("\n7,2026-06-30,") + field + ",101.5,"),
              std::string::npos)
        << root;
  }
}

TEST(QuotesCsv, IsAHeaderWhereThereIsNoQuote) {
  SmallCalibration small;
  small.chain.quotes.clear();
  small.comparison.quotes.clear();
  EXPECT_EQ(quotes_csv(small.calibration()),
            "row,expiry,root,strike,type,bid,ask,used,reason,model,model_vol,bid_vol,ask_vol,inside,mid_vol\n");
}

}  // namespace
}  // namespace strikenet
