#include "strikenet/payoff/textbook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>

#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

struct Payoff {
  const char* name;
  PiecewiseLinear f;
  std::function<double(double)> formula;  // written without a word of pieces
};
void PrintTo(const Payoff& payoff, std::ostream* out) { *out << payoff.name; }

double hockey(double x) { return std::max(x, 0.0); }
const Strike k80(80), k90(90), k100(100), k110(110), k130(130);

class TextbookPayoff : public testing::TestWithParam<Payoff> {};

// Whole numbers and halves: exact, on every strike and between.
TEST_P(TextbookPayoff, PaysItsFormulaAtEverySpot) {
  for (double spot = 0; spot <= 200; spot += 0.5)
    EXPECT_EQ(GetParam().f.value(spot), GetParam().formula(spot)) << "spot " << spot;
}

INSTANTIATE_TEST_SUITE_P(
    Hull, TextbookPayoff,
    testing::Values(
        Payoff{"Call", call(k100), [](double s) { return hockey(s - 100); }},
        Payoff{"Put", put(k100), [](double s) { return hockey(100 - s); }},
        Payoff{"Forward", forward(k100), [](double s) { return s - 100; }},
        Payoff{"Straddle", straddle(k100), [](double s) { return std::abs(s - 100); }},
        Payoff{"Strangle", strangle(k90, k110), [](double s) { return hockey(90 - s) + hockey(s - 110); }},
        Payoff{"RiskReversal", risk_reversal(k90, k110), [](double s) { return hockey(s - 110) - hockey(90 - s); }},
        Payoff{"CallSpread", call_spread(k90, k110), [](double s) { return hockey(s - 90) - hockey(s - 110); }},
        Payoff{"PutSpread", put_spread(k90, k110), [](double s) { return hockey(110 - s) - hockey(90 - s); }},
        Payoff{"Butterfly", butterfly(k90, k100, k110), [](double s) { return hockey(10 - std::abs(s - 100)); }},
        Payoff{"BrokenWing", butterfly(k90, k110, k130),
               [](double s) { return hockey(s - 90) - 2 * hockey(s - 110) + hockey(s - 130); }},
        Payoff{"Condor", condor(k80, k90, k100, k110),
               [](double s) { return hockey(s - 80) - hockey(s - 90) - hockey(s - 100) + hockey(s - 110); }},
        Payoff{"UnevenCondor", condor(k80, k90, k110, k130),
               [](double s) { return hockey(s - 80) - hockey(s - 90) - (hockey(s - 110) - hockey(s - 130)) / 2; }},
        Payoff{"Ladder", ladder(k90, k100, k110),
               [](double s) { return hockey(s - 90) - hockey(s - 100) - hockey(s - 110); }},
        Payoff{"CappedCall", capped_call(k90, 15), [](double s) { return std::min(hockey(s - 90), 15.0); }},
        Payoff{"DigitalCall", digital_call(k100, 7), [](double s) { return s >= 100 ? 7.0 : 0.0; }},
        Payoff{"DigitalPut", digital_put(k100, 7), [](double s) { return s < 100 ? 7.0 : 0.0; }},
        Payoff{"GapCall", gap_call(Strike(50), Strike(57)), [](double s) { return s >= 50 ? s - 57 : 0.0; }},
        Payoff{"GapPut", gap_put(Strike(50), Strike(57)), [](double s) { return s < 50 ? 57 - s : 0.0; }},
        Payoff{"AssetOrNothingCall", gap_call(k90, Strike(0)), [](double s) { return s >= 90 ? s : 0.0; }}),
    [](const auto& test) { return test.param.name; });

TEST(TextbookErrors, NameTheStrikeThatIsOutOfPlace) {
  EXPECT_EQ(words([] { call(Strike(0)); }),
            "call: strike is 0, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(words([] { butterfly(k90, k110, k100); }),
            "butterfly: strike is 100, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(words([] { capped_call(k90, 0); }), "capped_call: cap is 0, but must be positive and finite");
  EXPECT_EQ(words([] { gap_call(k90, Strike(-1)); }), "gap_call: strike is -1, but must be finite and at least 0");
  EXPECT_EQ(words([] { digital_call(k90, NAN); }), "PiecewiseLinear: jump is nan, but must be finite");
  for (const Strike nan : {Strike(NAN), Strike(INFINITY), Strike(-5)})
    EXPECT_NE(words([&] { straddle(nan); }), "no error");
}

}  // namespace
}  // namespace strikenet
