#include "strikenet/payoff/payoff_language.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "report/reference_page.h"

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

double value(const std::string& text, double spot) {
  const auto payoff = parse_payoff(text);
  if (!payoff) {
    ADD_FAILURE() << payoff.problems().lines.front();
    return NAN;
  }
  if (const auto* pieces = std::get_if<PiecewiseLinear>(&payoff.value())) return pieces->value(spot);
  return std::get<Curve>(payoff.value()).value(spot);
}

Lines problems(const std::string& text) {
  const auto payoff = parse_payoff(text);
  return payoff ? Lines{"no problem"} : payoff.problems().lines;
}

// --- what it reads -----------------------------------------------------------------
TEST(PayoffLanguage, ReadsEveryFormThatItLists) {
  const std::vector<std::pair<std::string, double>> at_105 = {{"call:100", 5},
                                                              {"put:110", 5},
                                                              {"forward:100", 5},
                                                              {"straddle:100", 5},
                                                              {"strangle:90,100", 5},
                                                              {"risk-reversal:90,100", 5},
                                                              {"call-spread:90,100", 10},
                                                              {"put-spread:90,110", 5},
                                                              {"butterfly:90,100,110", 5},
                                                              {"condor:80,90,100,110", 5},
                                                              {"ladder:90,100,110", 10},
                                                              {"capped-call:90,12", 12},
                                                              {"digital-call:100,7", 7},
                                                              {"digital-put:110,7", 7},
                                                              {"gap-call:50,57", 48},
                                                              {"gap-put:110,120", 15},
                                                              {"log:105", 0},
                                                              {"power:100,2", 25},
                                                              {"pwl:0=0,90=0,110=20", 15},
                                                              {"expr:max(S-100,0)^2", 25}};
  ASSERT_EQ(at_105.size(), payoff_forms().size());
  for (std::size_t i = 0; i < at_105.size(); ++i) {
    const auto& [text, expected] = at_105[i];
    EXPECT_EQ(value(text, 105), expected) << text;
    EXPECT_TRUE(text.starts_with(std::string(payoff_forms()[i].name) + ":")) << text;
    EXPECT_TRUE(looks_like_payoff(text));
  }
  EXPECT_FALSE(looks_like_payoff("chain.csv"));
  EXPECT_FALSE(looks_like_payoff("call"));
  EXPECT_FALSE(looks_like_payoff("calls:100"));
}

TEST(PayoffLanguage, HasAPageOfReferenceWithEachFormAndItsArguments) {
  std::set<std::string> forms;
  for (const PayoffForm& form : payoff_forms())
    forms.insert(std::string(form.name) + ":" + std::string(form.arguments));
  EXPECT_EQ(testing_support::documented_fields("payoffs.md", "# Payoffs"), forms);
}

TEST(PayoffLanguage, ReadsNumbersAsTheyAreWritten) {
  EXPECT_EQ(value("call:1e2", 105), 5);
  EXPECT_EQ(value("call:99.5", 105), 5.5);
  EXPECT_EQ(value("pwl:-1=-2,1=2", 0.5), 1);
  EXPECT_EQ(value("pwl:0=1,100=1,100=3,200=3", 100), 3);
}

TEST(PayoffLanguage, ReadsFunctionsOfTheSpot) {
  EXPECT_EQ(value("expr:abs(S - 100) + 2", 90), 12);
  EXPECT_EQ(value("expr:S >= 100 ? S : 0", 99), 0);
  EXPECT_EQ(value("expr:S == 100 ? 1 : 2", 100), 1);
  EXPECT_NEAR(value("expr:ln(S/100)", 110), std::log(1.1), 1e-15);
  EXPECT_NEAR(value("expr:sqrt(S)*exp(-S/100)+pi", 49), 7 * std::exp(-0.49) + std::acos(-1), 1e-14);
  EXPECT_EQ(value("expr:min(max(S-90,0),20)", 105), 15);
  EXPECT_EQ(value("expr:2^3^2", 1), 512);
  EXPECT_EQ(value("expr:-S^2", 3), -9);
}

// --- what it says ------------------------------------------------------------------
TEST(PayoffLanguageErrors, NameTheColumnAndAllThatIsWrong) {
  EXPECT_EQ(problems("call"), Lines{"payoff:1: payoff is 'call', but must be NAME:ARGUMENTS, as in call:100"});
  EXPECT_EQ(problems("cal:100")[0].substr(0, 62), "payoff:1: payoff is 'cal', but must be one of call, put, forwa");
  EXPECT_EQ(problems("call:x"), Lines{"payoff:6: STRIKE is 'x', but must be a number"});
  EXPECT_EQ(problems("call:"), Lines{"payoff:6: STRIKE is '', but must be a number"});
  EXPECT_EQ(problems("call:nan"), Lines{"payoff:6: STRIKE is 'nan', but must be a number"});
  EXPECT_EQ(problems("call:100 "), Lines{"payoff:6: STRIKE is '100 ', but must be a number"});
  EXPECT_EQ(problems("strangle:a,b"),
            (Lines{"payoff:10: LOW is 'a', but must be a number", "payoff:12: HIGH is 'b', but must be a number"}));
  EXPECT_EQ(problems("strangle:90"), Lines{"payoff:10: number of arguments of strangle is 1, but must be 2: LOW,HIGH"});
  EXPECT_EQ(problems("strangle:110,90"),
            Lines{"payoff:10: strangle: strike is 90, but strikes must be positive, finite and strictly increasing"});
  EXPECT_EQ(problems("pwl:0=0,90,110=x"),
            (Lines{"payoff:9: point is '90', but must be S=VALUE", "payoff:16: value is 'x', but must be a number"}));
  EXPECT_EQ(problems("pwl:2=0,1=0"),
            Lines{"payoff:5: through: x is 1, but must increase, but for two points in the middle that are a jump"});
  EXPECT_EQ(problems("log:-1"), Lines{"payoff:5: log_payoff: strike is -1, but must be positive and finite"});
}

TEST(PayoffLanguageErrors, NameTheColumnWithinAnExpression) {
  const auto of = [](const std::string& expression) { return problems("expr:" + expression).front(); };
  EXPECT_EQ(of("S+*2"), "payoff:8: expression has an operator '*' out of place, but must be a function of S");
  EXPECT_EQ(of("S+x"), "payoff:8: expression has 'x', which is neither S nor a function, but must be a function of S");
  EXPECT_EQ(of("max(S-100,0"),
            "payoff:17: expression has an opening bracket without a closing one, but must be a function of S");
  EXPECT_EQ(of("S="), "payoff:7: expression has a single '=', but must be a function of S");
  EXPECT_EQ(of("S=100"), "payoff:7: expression has a single '=', but must be a function of S");
  EXPECT_EQ(of(""), "payoff:6: expression is empty, but must be a function of S");
  EXPECT_EQ(of("S,2"), "payoff:9: expression is a list, but must be a function of S");
  EXPECT_EQ(of("S\n"), "payoff:7: expression has a character that is not printable ASCII, but must be a function of S");
  EXPECT_EQ(of(std::string(100'001, '1')),
            "payoff:100006: expression is longer than 100000 characters, but must be a function of S");
  EXPECT_EQ(of("sin()"), "payoff:10: expression gives 'sin' too few arguments, but must be a function of S");
}

// Anything at all: a payoff or sentences, never an end of the program.
TEST(PayoffLanguageErrors, AnyTextIsAPayoffOrHasAProblem) {
  std::mt19937_64 rng(4);
  const std::string letters = "S()^*+-/,=:0123456789.?<>!&| expmaxcallpw\"'\x80\n";
  std::uniform_int_distribution<std::size_t> letter(0, letters.size() - 1), length(0, 30);
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string text = trial % 3 == 0 ? "expr:" : trial % 3 == 1 ? "pwl:" : "";
    for (std::size_t i = length(rng); i > 0; --i)
      text += letters[letter(rng)];
    const auto payoff = parse_payoff(text);
    EXPECT_TRUE(payoff || !payoff.problems().lines.empty());
  }
}

}  // namespace
}  // namespace strikenet
