// What fewest_pieces and best_pieces prove of a curve at every spot, against the curve at many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/rational.h"
#include "payoff/expression.h"
#include "strikenet/payoff/curve.h"
#include "strikenet/payoff/payoff_language.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Curve curve(const std::string& text) { return std::get<Curve>(parse_payoff(text).value()); }

CurveFit fitted(const std::string& text, double low, double high, Side side, double error) {
  const auto fit = fewest_pieces(curve(text), {low, high, side, true}, error);
  if (fit) return fit.value();
  ADD_FAILURE() << text << ": " << fit.problems().lines.front();
  return {PiecewiseLinear(0, 0), 0, 0, 0};
}

std::string refusal(const std::string& text, double low, double high, Side side, double error) {
  const auto fit = fewest_pieces(curve(text), {low, high, side, true}, error);
  return fit ? "accepted, not proved: " + fit.value().not_proved : fit.problems().lines.front();
}

struct Case {
  std::string text;
  double low, high, error;
};

const std::vector<Case> kCases = {{"expr:max(S-5000,0)^2/1000", 4000, 6000, 1},
                                  {"expr:min(max(S-5000.1,0)*0.1,3)", 4000, 6000, 0.01},
                                  {"log:5000", 4000, 6000, 1e-3},
                                  {"power:5000,1.5", 4000, 6000, 5},
                                  {"expr:max(S-5000,0)", 4000, 6000, 1e-5},
                                  {"expr:sqrt(1+(S-5000)^2)", 4500, 5500, 0.1},
                                  {"expr:100*sin(S/200)", 4000, 6000, 3},
                                  {"expr:exp(-S/1000)*1000+abs(S-5100)", 4000, 6000, 0.5},
                                  {"expr:S>5000?(S-5000)^2/100:0", 4900, 5100, 1},
                                  {"expr:S*ln(S/5000)", 1000, 9000, 2},
                                  {"expr:sqrt(S)", 0, 10000, 0.5}};

/// Spots from `low` to `high`, denser where the pieces meet.
std::vector<double> spots(const PiecewiseLinear& f, double low, double high) {
  std::mt19937_64 rng(5);
  std::uniform_real_distribution<double> u(low, high);
  std::vector<double> spots = {low, high};
  for (int i = 0; i < 20'000; ++i)
    spots.push_back(u(rng));
  for (const Knot& knot : f.knots())
    for (const double x : {knot.x, std::nextafter(knot.x, 0), std::nextafter(knot.x, kInfinity), knot.x + u(rng) / 1e6})
      if (x >= low && x <= high) spots.push_back(x);
  return spots;
}

TEST(CurveBoundLaw, PiecesAreOnTheirSideWhereTheySaySoAndWithinTheirError) {
  constexpr double kRounding = 1e-11;  // of the doubles that the law is looked at in
  for (const auto& [text, low, high, error] : kCases)
    for (const Side side : {Side::below, Side::nearest, Side::above}) {
      const CurveFit fit = fitted(text, low, high, side, error);
      EXPECT_EQ(fit.not_proved, "") << text;
      EXPECT_LE(fit.error, error * 1.0001) << text;
      EXPECT_LE(fit.from, low);
      EXPECT_GE(fit.to, high);
      const Curve of = curve(text);
      const double seen_to = std::min(fit.to, 20 * high);
      for (const double spot : spots(fit.f, fit.from, seen_to)) {
        const double value = of.value(spot), off = fit.f.value(spot) - value;
        const double rounding = kRounding * std::max(1.0, std::abs(value) + spot);
        if (spot >= low && spot <= high) {
          EXPECT_LE(std::abs(off), fit.error + rounding) << text << " at " << spot;
        }
        if (side == Side::above) {
          EXPECT_GE(off, -rounding) << text << " at " << spot;
        }
        if (side == Side::below) {
          EXPECT_LE(off, rounding) << text << " at " << spot;
        }
      }
    }
}

/// f at the number that a double is, with its own numbers the decimals that they are written as.
Rational exactly(const PiecewiseLinear& f, double spot) {
  Rational value = decimal(f.value_at_zero()), slope = decimal(f.slope(0)), x = 0;
  for (const Knot& knot : f.knots()) {
    if (knot.x <= 0 || decimal(knot.x) > Rational(spot)) continue;
    value += slope * (decimal(knot.x) - x);
    x = decimal(knot.x);
    slope = decimal(knot.slope);
  }
  return value + slope * (Rational(spot) - x);
}

// No rounding is forgiven: what is printed is held against the formula at each spot, to sixty-four bits.
TEST(CurveBoundLaw, PiecesAreOnTheirSideToTheLastDecimal) {
  for (const auto& [text, low, high, error] : kCases)
    for (const double factor : {1.0, 1e-3, 12'345.678})
      for (const int sign : {-1, 1}) {
        const Curve whole = factor * curve(text);
        const auto fit =
            fewest_pieces(whole, {low, high, sign > 0 ? Side::above : Side::below, true}, factor * error).value();
        ASSERT_EQ(fit.not_proved, "");
        std::mt19937_64 rng(6);
        std::uniform_real_distribution<double> u(fit.from, std::min(fit.to, 3 * high));
        for (int i = 0; i < 400; ++i) {
          const double spot =
              i % 2 == 0 || fit.f.knots().empty()
                  ? u(rng)
                  : std::clamp(fit.f.knots()[static_cast<std::size_t>(i) % fit.f.knots().size()].x, low, high);
          const Jet value = whole.formula->on(Interval(spot));
          ASSERT_TRUE(value.defined);
          const double surely = sign > 0 ? value.value.low() : value.value.high();
          EXPECT_GE(sign * (exactly(fit.f, spot) - Rational(surely)), 0) << text << " at " << spot;
        }
      }
}

// (S - 5000)+^2 / 1000 outgrows every line: no pieces are above it to infinity. It lies above its tangents and chords.
TEST(CurveBound, OfAParabolaHoldsToInfinityFromBelowAlone) {
  const CurveFit above = fitted("expr:max(S-5000,0)^2/1000", 4000, 6000, Side::above, 1);
  EXPECT_EQ(above.from, 0);
  EXPECT_EQ(above.to, 6000);
  EXPECT_LT(above.f.value(10'000), 25'000 - 16'000);  // where the curve is 25,000
  const CurveFit below = fitted("expr:max(S-5000,0)^2/1000", 4000, 6000, Side::below, 1);
  EXPECT_EQ(below.from, 0);
  EXPECT_EQ(below.to, kInfinity);
}

TEST(CurveBound, OfALogarithmHoldsToInfinityFromAbove) {
  const CurveFit above = fitted("log:5000", 4000, 6000, Side::above, 1e-3);
  EXPECT_EQ(above.to, kInfinity);
  EXPECT_EQ(above.from, 4000);  // at 0 it has no value
  const CurveFit below = fitted("log:5000", 4000, 6000, Side::below, 1e-3);
  EXPECT_EQ(below.from, 4000);  // it falls below every line
  EXPECT_EQ(below.f.last_slope(), 0);
  EXPECT_EQ(below.to, kInfinity);
}

TEST(CurveBound, OfACallIsTheCall) {
  for (const Side side : {Side::below, Side::above}) {
    const CurveFit fit = fitted("expr:max(S-5000,0)", 4000, 6000, side, 1e-4);
    EXPECT_EQ(fit.from, 0);
    EXPECT_EQ(fit.to, kInfinity);
    EXPECT_EQ(fit.f.last_slope(), 1);
  }
}

// Without being asked to look beyond, pieces go straight on and say nothing of it.
TEST(CurveBound, IsOfTheRangeAloneUnlessMoreIsAskedFor) {
  const CurveFit fit = fewest_pieces(curve("expr:max(S-5000,0)"), {4000, 6000, Side::above}, 1e-4).value();
  EXPECT_EQ(fit.from, 4000);
  EXPECT_EQ(fit.to, 6000);
}

// --- what samples do not see ---------------------------------------------------------
TEST(CurveBound, SeesWhatLiesBetweenSamples) {
  const auto far = [](const std::string& amount, const std::string& at) {
    return "payoff: error is 1, but must be at least " + amount + ": near " + at +
           " the curve is that far from the pieces that follow what is seen of it at 4097 spots";
  };
  EXPECT_EQ(refusal("expr:exp(-((S-5000)/1e-3)^2)*100", 4000, 6001, Side::above, 1), far("100", "5000"));
  EXPECT_EQ(refusal("expr:S==5000.1?1e6:0", 4000, 6000, Side::above, 1), far("1e+06", "5000.1"));
  for (const Side side : {Side::below, Side::nearest, Side::above})
    EXPECT_TRUE(refusal("expr:abs(S-5000.123)<1e-4?1e6:0", 4000, 6000, side, 1)
                    .starts_with("payoff: error is 1, but must be at least 1e+06: near 5000.12"))
        << refusal("expr:abs(S-5000.123)<1e-4?1e6:0", 4000, 6000, side, 1);
  EXPECT_TRUE(refusal("expr:-1e6*(abs(S-5000.123)<1e-4)", 4000, 6000, Side::below, 1).find("at least 1e+06") !=
              std::string::npos);
}

// With a number of pieces the error is what it is: a bound of the spike as well.
TEST(CurveBound, OfSoManyPiecesCoversASpike) {
  const auto fit = best_pieces(curve("expr:exp(-((S-5000)/1e-3)^2)*100"), {4000, 6001, Side::above}, 10).value();
  EXPECT_EQ(fit.not_proved, "");
  EXPECT_NEAR(fit.error, 100, 1e-3);
  EXPECT_NEAR(fit.worst, 5000, 1e-2);
  EXPECT_GE(fit.f.value(5000), 100);
}

TEST(CurveBound, SaysWhereThereMayBeNoValue) {
  EXPECT_EQ(refusal("expr:sqrt(S-5000)", 4000, 6000, Side::above, 1),
            "payoff: value at 4000 is nan, but must be finite from 4000 to 6000");
  const auto hidden = best_pieces(curve("expr:sqrt(abs(S-5000.1)-1e-6)"), {4000, 6000, Side::above}, 4);
  ASSERT_TRUE(hidden);
  EXPECT_TRUE(hidden.value().not_proved.starts_with("near 5000.1")) << hidden.value().not_proved;
  const auto pole = best_pieces(curve("expr:1/(S-5000.1)^2/1e9"), {4000, 6000, Side::above}, 4);
  EXPECT_TRUE(!pole || pole.value().not_proved.starts_with("near 5000.")) << pole.value().not_proved;
}

TEST(CurveBound, SaysThatItsLimitIsReached) {
  std::string text = "expr:ln(S)";
  for (int i = 0; i < 10'000; ++i)
    text += "+0*S";
  const auto fit = best_pieces(curve(text), {4000, 6000, Side::above}, 1);
  ASSERT_TRUE(fit) << fit.problems().lines.front();
  EXPECT_TRUE(fit.value().not_proved.starts_with("interval arithmetic came to its limit of 1e+06 steps near "))
      << fit.value().not_proved;
}

TEST(CurveBound, IsNoneOfAFunctionOfAProgram) {
  const Curve square{[](double s) { return s * s; }};
  EXPECT_EQ(fewest_pieces(square, {0, 1}, 0.1).value().not_proved, "the curve has no formula");
}

// --- times a factor --------------------------------------------------------------------
TEST(CurveBound, IsOfTheWholeSize) {
  const Curve whole = 0.1 * curve("expr:S^2");
  EXPECT_EQ(whole.value(3), 0.1 * 9);
  const CurveFit fit = fewest_pieces(whole, {0, 100, Side::above}, 0.1).value();
  EXPECT_EQ(fit.not_proved, "");
  for (double spot = 0; spot <= 100; spot += 0.01)
    EXPECT_GE(fit.f.value(spot), 0.1 * spot * spot - 1e-12) << spot;
}

}  // namespace
}  // namespace strikenet
