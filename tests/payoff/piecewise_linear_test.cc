#include "strikenet/payoff/piecewise_linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "strikenet/core/result.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

constexpr double kRounding = 1e-13;  // of the sum of the absolute terms
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// --- hand-worked -----------------------------------------------------------------
// 1 at 0; slope 2 up to 3, then jumps by 5 and falls by 1 per unit; below -1 it rises by 4 per unit, after a jump of
// -2.
const PiecewiseLinear kAny(1, 4, {{-1, 2, -2}, {3, -1, 5}});

TEST(PiecewiseLinear, HasValuesAndSlopesOnBothSidesOfEachKnot) {
  EXPECT_EQ(kAny.value(0), 1);
  EXPECT_EQ(kAny.value(1), 3);
  EXPECT_EQ(kAny.value(3), 12);
  EXPECT_EQ(kAny.value_below(3), 7);
  EXPECT_EQ(kAny.value(5), 10);
  EXPECT_EQ(kAny.value(-1), -1);
  EXPECT_EQ(kAny.value_below(-1), 1);
  EXPECT_EQ(kAny.value(-2), -3);
  EXPECT_EQ(kAny.slope(3), -1);
  EXPECT_EQ(kAny.slope_below(3), 2);
  EXPECT_EQ(kAny.slope(-1), 2);
  EXPECT_EQ(kAny.slope_below(-1), 4);
  EXPECT_EQ(kAny.last_slope(), -1);
  EXPECT_EQ(kAny.pieces(), 3U);
  EXPECT_EQ(kAny.jumps(), 5);  // that below 0 is where spot never is
}

TEST(PiecewiseLinear, OfNoKnotsIsALine) {
  const PiecewiseLinear line(3, -2);
  EXPECT_EQ(line.value(5), -7);
  EXPECT_EQ(line.value_below(5), -7);
  EXPECT_EQ(line.slope(5), -2);
  EXPECT_EQ(line.last_slope(), -2);
}

TEST(PiecewiseLinear, DropsKnotsAtWhichNothingChanges) {
  const PiecewiseLinear f(0, 1, {{1, 1}, {2, 3}, {4, 3}, {5, 3, 1}});
  ASSERT_EQ(f.knots().size(), 2U);
  EXPECT_EQ(f.knots()[0].x, 2);
  EXPECT_EQ(f.knots()[1].jump, 1);
}

TEST(PiecewiseLinear, AtAKnotAtZeroStartsAboveTheJump) {
  const PiecewiseLinear f(2, 0, {{0, 1, 3}});
  EXPECT_EQ(f.value(0), 2);
  EXPECT_EQ(f.value_below(0), -1);
  EXPECT_EQ(f.value(-5), -1);
  EXPECT_EQ(f.value(1), 3);
  EXPECT_EQ(f.jumps(), 0);
}

TEST(PiecewiseLinear, ThroughPointsIsStraightBetweenThemAndBeyond) {
  const PiecewiseLinear f = through(std::vector<Point>{{0, 0}, {90, 0}, {110, 20}});
  EXPECT_EQ(f.value(80), 0);
  EXPECT_EQ(f.value(100), 10);
  EXPECT_EQ(f.value(120), 30);
  EXPECT_EQ(f.value(-5), 0);
  EXPECT_EQ(f.pieces(), 2U);
  const PiecewiseLinear step = through(std::vector<Point>{{-4, 1}, {2, 1}, {2, 7}, {4, 3}});
  EXPECT_EQ(step.value_below(2), 1);
  EXPECT_EQ(step.value(2), 7);
  EXPECT_EQ(step.value(5), 1);
  EXPECT_EQ(through(std::vector<Point>{{7, 4}}).value(-2), 4);
  const PiecewiseLinear below = through(std::vector<Point>{{-4, 1}, {-2, 5}, {-1, 4}});
  EXPECT_EQ(below.value(0), 3);
  EXPECT_EQ(below.value(-3), 3);
}

// --- positions -------------------------------------------------------------------
TEST(PiecewiseLinear, IsAPositionAndAPositionIsOne) {
  const CallPortfolio calls(5, -2, {{Strike(90), 1}, {Strike(110), -3}});
  const PiecewiseLinear f = piecewise_linear(calls);
  EXPECT_EQ(f.value(0), 5);
  EXPECT_EQ(f.slope(100), -1);
  EXPECT_EQ(f.last_slope(), -4);
  const CallPortfolio again = to_calls(f);
  EXPECT_EQ(again.cash(), 5);
  EXPECT_EQ(again.shares(), -2);
  ASSERT_EQ(again.legs().size(), 2U);
  EXPECT_EQ(again.legs()[1].units, -3);
  const OptionPortfolio options(0, 0, {{OptionType::put, Strike(90), 2}, {OptionType::call, Strike(110), 1}});
  EXPECT_EQ(piecewise_linear(options).value(80), 20);
  EXPECT_EQ(piecewise_linear(options).value(115), 5);
}

TEST(PiecewiseLinear, AsAPositionLeavesOutWhatIsBelowZero) {
  const CallPortfolio calls = to_calls(PiecewiseLinear(1, 7, {{-2, 3, 1}, {0, 2, 4}, {5, 0}}));
  EXPECT_EQ(calls.cash(), 1);
  EXPECT_EQ(calls.shares(), 2);
  ASSERT_EQ(calls.legs().size(), 1U);
  EXPECT_EQ(calls.legs()[0].units, -2);
}

// --- laws ------------------------------------------------------------------------
PiecewiseLinear any_function(std::mt19937_64& rng, int knots) {
  std::uniform_real_distribution<double> u(-2, 2), step(0.01, 1);
  std::vector<Knot> list;
  double x = -3;
  for (int i = 0; i < knots; ++i)
    list.push_back({x += step(rng), u(rng), i % 3 == 0 ? u(rng) : 0});
  return {u(rng), u(rng), std::move(list)};
}

/// By the definition: the slopes from 0 to x, integrated, and the jumps between.
double by_definition(const PiecewiseLinear& f, double x) {
  double sum = f.value_at_zero() + f.first_slope() * x, slope = f.first_slope();
  for (const Knot& knot : f.knots()) {
    const double change = knot.slope - slope;
    sum += change * (std::max(x - knot.x, 0.0) - std::max(0 - knot.x, 0.0));
    sum += knot.jump * ((x >= knot.x) - (0 >= knot.x));
    slope = knot.slope;
  }
  return sum;
}

TEST(PiecewiseLinearLaw, IsItsSlopesIntegratedAndItsJumps) {
  std::mt19937_64 rng(1);
  std::uniform_real_distribution<double> place(-6, 12);
  for (int trial = 0; trial < 1000; ++trial) {
    const PiecewiseLinear f = any_function(rng, trial % 20);
    for (int i = 0; i < 20; ++i) {
      const double x = place(rng);
      ASSERT_NEAR(f.value(x), by_definition(f, x), 1000 * kRounding) << trial << ", x " << x;
    }
  }
}

TEST(PiecewiseLinearLaw, SumsAndMultiplesAreThoseOfTheValues) {
  std::mt19937_64 rng(2);
  std::uniform_real_distribution<double> place(-6, 12);
  for (int trial = 0; trial < 1000; ++trial) {
    const PiecewiseLinear f = any_function(rng, trial % 9), g = any_function(rng, trial % 7), h = f + -1.5 * g;
    for (int i = 0; i < 10; ++i) {
      const double x = i < static_cast<int>(f.knots().size()) ? f.knots()[static_cast<std::size_t>(i)].x : place(rng);
      ASSERT_NEAR(h.value(x), f.value(x) - 1.5 * g.value(x), 1000 * kRounding);
      ASSERT_NEAR(h.value_below(x), f.value_below(x) - 1.5 * g.value_below(x), 1000 * kRounding);
    }
  }
}

TEST(PiecewiseLinearLaw, APositionPaysTheSame) {
  std::mt19937_64 rng(3);
  std::uniform_real_distribution<double> place(0, 12);
  for (int trial = 0; trial < 1000; ++trial) {
    PiecewiseLinear f = any_function(rng, trial % 20);
    std::vector<Knot> knots(f.knots().begin(), f.knots().end());
    for (Knot& knot : knots)
      knot.jump = 0;
    f = PiecewiseLinear(f.value_at_zero(), f.first_slope(), knots);
    const CallPortfolio calls = to_calls(f);
    for (int i = 0; i < 10; ++i) {
      const double x = place(rng);
      ASSERT_NEAR(calls.payoff(x), f.value(x), 1000 * kRounding);
      ASSERT_NEAR(piecewise_linear(calls).value(x), f.value(x), 1000 * kRounding);
    }
  }
}

// --- call spreads ------------------------------------------------------------------
TEST(CallSpreads, OfADigitalAreARampOnTheSideThatIsAskedFor) {
  const PiecewiseLinear digital(0, 0, {{100, 0, 10}});
  const PiecewiseLinear above = call_spreads(digital, 0.25, Side::above),
                        below = call_spreads(digital, 0.25, Side::below),
                        nearest = call_spreads(digital, 0.5, Side::nearest);
  EXPECT_EQ(above.value(75), 0);
  EXPECT_EQ(above.value(100), 10);
  EXPECT_EQ(below.value(100), 0);
  EXPECT_EQ(below.value(125), 10);
  EXPECT_EQ(nearest.value(100), 5);
  EXPECT_EQ(to_calls(nearest).legs().size(), 2U);
  EXPECT_EQ(to_calls(nearest).legs()[0].units, 0.2);
}

TEST(CallSpreadsLaw, LieOnTheSideThatIsAskedForAndEqualThePayoffAwayFromTheJumps) {
  std::mt19937_64 rng(4);
  std::uniform_real_distribution<double> place(0, 12);
  constexpr double kWidth = 0.01;
  for (int trial = 0; trial < 300; ++trial) {
    const PiecewiseLinear f = any_function(rng, 12);
    const PiecewiseLinear above = call_spreads(f, kWidth, Side::above), below = call_spreads(f, kWidth, Side::below);
    EXPECT_EQ(above.jumps(), 0);
    for (int i = 0; i < 100; ++i) {
      const double x = place(rng);
      ASSERT_GE(above.value(x), f.value(x) - 1000 * kRounding);
      ASSERT_LE(below.value(x), f.value(x) + 1000 * kRounding);
      bool near = false;
      for (const Knot& knot : f.knots())
        near |= knot.jump != 0 && std::abs(x - knot.x) <= kWidth * knot.x;
      if (near) continue;
      ASSERT_NEAR(above.value(x), below.value(x), 1000 * kRounding);
    }
  }
}

// --- errors ------------------------------------------------------------------------
TEST(PiecewiseLinearErrors, NameWhatBreaksTheInvariant) {
  EXPECT_EQ(words([] { PiecewiseLinear(NAN, 0); }), "PiecewiseLinear: value at 0 is nan, but must be finite");
  EXPECT_EQ(words([] { PiecewiseLinear(0, kInfinity); }), "PiecewiseLinear: first slope is inf, but must be finite");
  EXPECT_EQ(words([] {
              PiecewiseLinear(0, 0, {{1, 1}, {1, 2}});
            }),
            "PiecewiseLinear: knot is 1, but knots must be finite and strictly increasing");
  EXPECT_EQ(words([] { PiecewiseLinear(0, 0, {{1, NAN}}); }), "PiecewiseLinear: slope is nan, but must be finite");
  EXPECT_EQ(words([] { PiecewiseLinear(0, 0, {{1, 1, NAN}}); }), "PiecewiseLinear: jump is nan, but must be finite");
  EXPECT_EQ(words([] {
              PiecewiseLinear(0, 1e300, {{1e300, 0}});
            }),
            "PiecewiseLinear: value at a knot is inf, but must be finite");
  EXPECT_EQ(words([] { PiecewiseLinear(0, 1).value(NAN); }), "PiecewiseLinear::value: x is nan, but must be finite");
  EXPECT_EQ(words([] {
              to_calls(PiecewiseLinear(0, 0, {{100, 0, 1}}));
            }),
            "to_calls: jump at 100 is 1, but must be 0: call_spreads() makes a ramp of it");
  EXPECT_EQ(words([] { call_spreads(kAny, 0, Side::above); }),
            "call_spreads: width is 0, but must be above 0 and below 1");
  EXPECT_EQ(words([] { through({}); }), "through: number of points is 0, but must be at least 1");
  for (const std::vector<Point>& points : std::vector<std::vector<Point>>{
           {{1, 0}, {0, 0}}, {{1, 0}, {1, 1}}, {{0, 0}, {1, 0}, {1, 1}}, {{0, 0}, {1, 0}, {1, 1}, {1, 2}, {2, 0}}})
    EXPECT_TRUE(words([&] { through(points); }).ends_with("two points in the middle that are a jump"));
}

}  // namespace
}  // namespace strikenet
