// The language of expr: payoffs against muParser, whose language it is; and on intervals against itself at spots.
#include "payoff/expression.h"

#include <gtest/gtest.h>
#include <muParser.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace strikenet {
namespace {

/// muParser's verdict on a text, and its value.
class Oracle {
 public:
  explicit Oracle(const std::string& text) {
    parser_.DefineVar("S", &spot_);
    parser_.ClearConst();
    parser_.EnableOptimizer(false);  // which folds 3.25&&0.15 into 0
    parser_.DefineConst("pi", std::numbers::pi);
    parser_.DefineConst("e", std::numbers::e);
    try {
      parser_.SetExpr(text);
      parser_.Eval();
      accepts_ = parser_.GetNumResults() == 1;
    } catch (const mu::Parser::exception_type&) {
      accepts_ = false;
    }
  }
  bool accepts() const { return accepts_; }
  double value(double spot) {
    spot_ = spot;
    return parser_.Eval();
  }

 private:
  mu::Parser parser_;
  double spot_ = 1;
  bool accepts_ = false;
};

std::optional<Expression> parsed(const std::string& text) {
  auto result = parse_expression(text);
  if (auto* expression = std::get_if<Expression>(&result)) return std::move(*expression);
  return std::nullopt;
}

/// Random expressions; of `smooth` ones no comparison, nothing that jumps.
class Writer {
 public:
  explicit Writer(unsigned seed, bool smooth = false) : rng_(seed), smooth_(smooth) {}

  std::string expression(int depth) {
    const int kind = depth == 0 ? below(3) : 3 + below(smooth_ ? 8 : 11);
    const auto part = [&] { return expression(depth - 1 - below(depth)); };
    switch (kind) {
      case 0:
      case 1: return "S";
      case 2: return number();
      case 3: return part() + pick({"+", "-", "*", " / ", " - "}) + part();
      case 4: return "(" + part() + ")" + pick({"*", "/", "+"}) + "(" + part() + ")";
      case 5: return "(" + part() + ")^" + pick({"2", "3", "0.5", "-1", "1.5", "-2", "0"});
      case 6: return pick({"max", "min", "sum", "avg"}) + "(" + part() + "," + part() + ")";
      case 7: return "-(" + part() + ")" + pick({"+", "*"}) + part();
      case 8:
      case 9:
      case 10:
        return pick({"abs", "sqrt", "exp", "ln", "log", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan",
                     "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"}) +
               "(" + part() + ")";
      case 11:
        return "(" + part() + pick({"<", ">", "<=", ">=", "==", "!="}) + part() + "?" + part() + ":" + part() + ")";
      case 12: return pick({"sign", "rint"}) + "(" + part() + ")";
      default: return part() + pick({"&&", "||", "<", ">=", "^", "=="}) + part();
    }
  }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(rng_); }
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(rng_); }
  std::string pick(std::vector<std::string> words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
  }

 private:
  std::string number() { return pick({"0", "1", "2", "0.5", "3.25", "100", "1e2", "1.5e-1", ".75", "pi", "e", "7."}); }

  std::mt19937 rng_;
  bool smooth_;
};

bool near(double a, double b) {
  constexpr double kRounding = 1e-9;  // muParser folds constants and powers in another order
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= kRounding * std::max({1.0, std::abs(a), std::abs(b)});
}

// --- the language --------------------------------------------------------------------
TEST(Expression, HasTheValuesOfMuParserOnRandomExpressions) {
  Writer writer(1);
  int compared = 0;
  for (int trial = 0; trial < 5'000; ++trial) {
    const std::string text = writer.expression(1 + trial % 5);
    Oracle oracle(text);
    const auto ours = parsed(text);
    ASSERT_TRUE(ours && oracle.accepts()) << text;
    for (int i = 0; i < 4; ++i) {
      const double spot = writer.uniform(0, 5);
      const double expected = oracle.value(spot);
      EXPECT_TRUE(near(ours->value(spot), expected))
          << text << " at " << spot << ": " << ours->value(spot) << ", " << expected;
      compared += std::isfinite(expected);
    }
  }
  EXPECT_GT(compared, 10'000);
}

TEST(Expression, AcceptsWhatMuParserAccepts) {
  Writer writer(2);
  const std::vector<std::string> tokens = {"S", "2",    "1.5",  "(",  ")",  "+",  "-",  "*",      "/",
                                           "^", "<",    "<=",   "==", "!=", "&&", "||", "?",      ":",
                                           ",", "max(", "sin(", "pi", "x",  "!",  ">",  "atan2(", "&"};
  int accepted = 0;
  for (int trial = 0; trial < 40'000; ++trial) {
    std::string text;
    for (int i = writer.below(6); i >= 0; --i)
      text += writer.pick(tokens);
    const bool ours = parsed(text).has_value();
    ASSERT_EQ(ours, Oracle(text).accepts()) << text;
    accepted += ours;
  }
  EXPECT_GT(accepted, 1'000);
}

TEST(Expression, BindsAsDocumented) {
  EXPECT_EQ(parsed("2^-3^2")->value(1), std::pow(2, -9));
  EXPECT_EQ(parsed("1<2<3")->value(1), 1);
  EXPECT_EQ(parsed("3>2>1")->value(1), 0);
  EXPECT_EQ(parsed("1||0&&0")->value(1), 1);
  EXPECT_EQ(parsed("0?1:0?2:3")->value(1), 3);
  EXPECT_EQ(parsed("rint(-2.5)")->value(1), -2);
  EXPECT_EQ(parsed("avg(1,2,6)")->value(1), 3);
}

// --- its limits ----------------------------------------------------------------------
TEST(Expression, IsAsLongAsAHundredThousandCharacters) {
  std::string sum = "S";
  while (sum.size() + 2 <= 100'000)
    sum += "+S";
  EXPECT_EQ(parsed(sum)->value(2), 2.0 * static_cast<double>((sum.size() + 1) / 2));
  sum += "+S";
  const auto longer = parse_expression(sum);
  EXPECT_EQ(std::get<ExpressionError>(longer).what, "is longer than 100000 characters");
}

TEST(Expression, NestsToAThousand) {
  const auto nested = [](std::size_t deep, const std::string& open, const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < deep; ++i)
      text += open;
    text += "S";
    for (std::size_t i = 0; i < deep; ++i)
      text += close;
    return parse_expression(text);
  };
  EXPECT_TRUE(std::holds_alternative<Expression>(nested(990, "(", ")")));
  for (const auto& [open, close] : {std::pair<std::string, std::string>("(", ")"),
                                    {"-(", ")"},
                                    {"abs(", ")"},
                                    {"S?1:", ""},
                                    {"2^", ""},
                                    {"max(1,", ")"}}) {
    const auto deep = nested(10'000, open, close);
    EXPECT_EQ(std::get<ExpressionError>(deep).what, "is nested more than 1000 deep") << open;
  }
}

TEST(Expression, RefusesNumbersThatAreNoDoubles) {
  EXPECT_EQ(std::get<ExpressionError>(parse_expression("S+1e400")).what, "has '1e400', which is out of range");
  EXPECT_EQ(std::get<ExpressionError>(parse_expression("S+1e400")).position, 2u);
}

// --- on intervals --------------------------------------------------------------------
/// Whether the intervals have a number in common.
bool meet(const Interval& a, const Interval& b) { return a.low() <= b.high() && b.low() <= a.high(); }
bool within(const Interval& inner, const Interval& outer) {
  return inner.low() >= outer.low() && inner.high() <= outer.high();
}

// What is said of an interval of spots is true at each of its spots, and of each two of them.
TEST(ExpressionLaw, OnAnIntervalHoldsValuesSlopesAndCurvatures) {
  int held = 0, sloped = 0, curved = 0;
  for (const bool smooth : {true, false}) {
    Writer writer(smooth ? 3 : 4, smooth);
    for (int trial = 0; trial < 6'000; ++trial) {
      const std::string text = writer.expression(1 + trial % 4);
      const Expression expression = *parsed(text);
      const double low = writer.uniform(0, 4), width = std::pow(10.0, writer.uniform(-4, 0.5));
      const Jet all = expression.on(Interval(low, low + width));
      if (!all.defined) continue;
      for (int i = 0; i < 8; ++i) {
        const double x = low + width * writer.uniform(0, 1), y = low + width * writer.uniform(0, 1);
        const Jet at_x = expression.on(Interval(x)), at_y = expression.on(Interval(y));
        ASSERT_TRUE(at_x.defined) << text << " at " << x;
        EXPECT_TRUE(within(at_x.value, all.value)) << text << " at " << x;
        const double value = expression.value(x);
        constexpr double kRounding = 1e-7;  // of doubles, in differences of large numbers
        if (at_x.value.high() - at_x.value.low() < 1e-12 && std::abs(value) < 1e6) {
          EXPECT_NEAR(value, at_x.value.low(), kRounding * std::max(1.0, std::abs(value))) << text << " at " << x;
        }
        ++held;
        if (x == y || !all.slope.bounded()) continue;
        const Interval step = Interval(y) - Interval(x);
        EXPECT_TRUE(meet((at_y.value - at_x.value) / step, all.slope)) << text << " from " << x << " to " << y;
        ++sloped;
        if (!all.curvature.bounded()) continue;
        EXPECT_TRUE(meet((at_y.value - at_x.value - at_x.slope * step) * Interval(2) / square(step), all.curvature))
            << text << " from " << x << " to " << y;
        ++curved;
      }
    }
  }
  EXPECT_GT(held, 20'000);
  EXPECT_GT(sloped, 10'000);
  EXPECT_GT(curved, 5'000);
}

Jet on(const std::string& text, double low, double high) { return parsed(text)->on(Interval(low, high)); }

TEST(ExpressionOnAnInterval, SaysWhereThereMayBeNoValue) {
  EXPECT_FALSE(on("1/(S-5)", 4, 6).defined);
  EXPECT_FALSE(on("1/(S-5)", 5, 6).defined);
  EXPECT_TRUE(on("1/(S-5)", 5.5, 6).defined);
  EXPECT_FALSE(on("ln(S)", 0, 1).defined);
  EXPECT_FALSE(on("sqrt(S-5)", 4, 6).defined);
  EXPECT_TRUE(on("sqrt(S-5)", 5, 6).defined);
  EXPECT_FALSE(on("(S-5)^0.5", 4, 6).defined);
  EXPECT_FALSE(on("asin(S)", 0, 2).defined);
  EXPECT_FALSE(on("acosh(S)", 0, 2).defined);
  EXPECT_FALSE(on("atanh(S)", 0, 1).defined);
  EXPECT_FALSE(on("tan(S)", 1, 2).defined);
  EXPECT_FALSE(on("S>5?1/(S-5):0", 4, 6).defined);
  EXPECT_TRUE(on("S>5?1/(S-5):0", 4, 5).defined);
}

TEST(ExpressionOnAnInterval, HasSlopesThatSayNothingWhereItJumps) {
  for (const char* text : {"S>5", "S==5", "sign(S-5)", "rint(S)", "S>5?S:0", "S>=5&&S<7", "S<5||S>9"}) {
    const Jet jump = on(text, 4, 6);
    EXPECT_TRUE(jump.defined) << text;
    EXPECT_EQ(jump.slope.low(), -std::numeric_limits<double>::infinity()) << text;
    EXPECT_EQ(jump.slope.high(), std::numeric_limits<double>::infinity()) << text;
  }
  const Jet single = on("S==5000.123?1e6:0", 5000, 5001);
  EXPECT_EQ(single.value.low(), 0);
  EXPECT_EQ(single.value.high(), 1e6);
}

TEST(ExpressionOnAnInterval, MayBeEverySpotFromOneOn) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Jet log = on("ln(S)", 2, infinity);
  EXPECT_TRUE(log.defined);
  EXPECT_NEAR(log.value.low(), std::log(2), 1e-15);
  EXPECT_EQ(log.value.high(), infinity);
  EXPECT_EQ(log.slope.low(), 0);
  EXPECT_EQ(log.slope.high(), 0.5);
  const Jet call = on("max(S-5,0)", 6, infinity);
  EXPECT_TRUE(call.slope.is(1));
  EXPECT_EQ(on("100*sin(S)", 6, infinity).value.high(), 100);
  EXPECT_EQ(on("exp(-S)", 1, infinity).value.low(), 0);
  EXPECT_EQ(on("(S-5)^2", 6, infinity).slope.low(), 2);
}

// The decimal 0.1 lies between two doubles, and a formula means the decimal.
TEST(ExpressionOnAnInterval, TakesNumbersAsTheDecimalsThatTheyAre) {
  const Interval tenth = on("0.1", 1, 1).value;
  EXPECT_LE(tenth.low(), 0.1);
  EXPECT_FALSE(tenth.is(0.1));
  EXPECT_TRUE((tenth * Interval(10) - Interval(1)).holds_zero());
  EXPECT_TRUE(within(on("pi", 1, 1).value, Interval(3.1415926535897927, 3.1415926535897936)));
}

}  // namespace
}  // namespace strikenet
