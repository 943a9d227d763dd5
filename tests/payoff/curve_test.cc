#include "strikenet/payoff/curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::words;

constexpr double kSearch = 1e-6;  // relative: of the bisections

Curve square_over(double strike) { return power_payoff(Strike(strike), 2); }

/// (integral of sqrt|f''|)^2, by hand.
constexpr double kOfSquare = 2 * 100 * 100.0;                          // (S-100)+^2 up to 200: sqrt 2 over 100
const double kOfLog = std::pow(std::log(4.0), 2);                      // ln S from 50 to 200: 1/S
const double kOfSine = 4 * std::pow(1.19814023473559220743992249, 2);  // sin on [0, pi]: 2 times 1.198..., squared

/// The largest distance at a million points, and on either side.
struct Distance {
  double below = 0, above = 0;
  double largest() const { return std::max(below, above); }
};
Distance distance(const CurveFit& fit, const Curve& curve, double low, double high) {
  Distance found;
  constexpr int kPoints = 100'000;
  for (int i = 0; i <= kPoints; ++i) {
    const double x = low + (high - low) * i / kPoints, off = fit.f.value(x) - curve.value(x);
    found.above = std::max(found.above, off);
    found.below = std::max(found.below, -off);
  }
  return found;
}

// --- what theory gives -----------------------------------------------------------
// x^2 has one curvature: knots are equal and the error is f'' (high - low)^2 / (c n^2) for every n.
TEST(OptimalKnots, OfAParabolaAreEquallySpacedWithTheErrorOfTheory) {
  const Curve parabola{[](double x) { return x * x; }};
  for (const auto& [side, constant] :
       {std::pair(Side::nearest, 16), std::pair(Side::above, 8), std::pair(Side::below, 8)})
    for (const std::size_t n : {1U, 2U, 7U, 30U}) {
      const CurveFit fit = best_pieces(parabola, {1, 4, side}, n).value();
      const double of_theory = 2 * 9.0 / (constant * static_cast<double>(n * n));
      EXPECT_EQ(fit.pieces, n);
      EXPECT_NEAR(fit.error, of_theory, kSearch * of_theory);
      ASSERT_EQ(fit.f.knots().size(), n - 1);
      for (std::size_t i = 0; i + 1 < n; ++i)
        EXPECT_NEAR(fit.f.knots()[i].x, 1 + 3.0 * static_cast<double>(i + 1) / static_cast<double>(n), 1e-4);
    }
}

struct Asymptote {
  const char* name;
  Curve curve;
  double low, high, integral_squared;
  std::size_t straight;  // pieces that the curve itself has without curvature
};

// error n^2 tends to the integral squared over c, from n = 8 on within the rest of the expansion, which falls with n.
TEST(OptimalKnots, HaveAnErrorThatFallsAsTheSquareWithTheConstantOfTheory) {
  const std::vector<Asymptote> cases = {
      {"(S - 100)+^2", square_over(100), 0, 200, kOfSquare, 1},
      {"ln S", log_payoff(Strike(100)), 50, 200, kOfLog, 0},
      {"sine", {[](double x) { return std::sin(x); }}, 0, std::numbers::pi, kOfSine, 0}};
  for (const auto& [name, curve, low, high, integral_squared, straight] : cases)
    for (const auto& [side, constant] :
         {std::pair(Side::nearest, 16), std::pair(Side::above, 8), std::pair(Side::below, 8)}) {
      double last = 1;
      for (const std::size_t n : {8U, 32U, 128U}) {
        const CurveFit fit = best_pieces(curve, {low, high, side}, n).value();
        const double bent = static_cast<double>(n - straight);
        const double off = std::abs(fit.error * bent * bent * constant / integral_squared - 1);
        EXPECT_LT(off, 0.15 * std::pow(8 / bent, 1.0)) << name << ", n " << n;  // truncation of the expansion
        EXPECT_LT(off, last) << name << ", n " << n;
        last = std::max(off, 2e-3);
      }
    }
}

TEST(OptimalKnots, BeatEqualKnotsByTheRatioOfTheory) {
  const Curve log = log_payoff(Strike(100));
  const CurveFit best = best_pieces(log, {50, 200}, 64).value();
  double equal = 0;  // the chords of equal pieces, each moved by half of the largest distance of all
  for (int i = 0; i < 64; ++i) {
    const double a = 50 + 150.0 * i / 64, b = a + 150.0 / 64, slope = (std::log(b) - std::log(a)) / (b - a);
    equal = std::max(equal, (-std::log(slope) - 1 - std::log(a) + slope * a) / 2);  // at the tangent's point 1/slope
  }
  const double of_theory = kOfLog / (150 * 150 / (50.0 * 50));
  EXPECT_NEAR(best.error / equal, of_theory, 0.05 * of_theory);  // truncation at n = 64
}

// --- laws --------------------------------------------------------------------------
TEST(OptimalKnotsLaw, KeepTheErrorAndTheSideWithTheFewestPieces) {
  const std::vector<Curve> curves = {square_over(100),
                                     log_payoff(Strike(100)),
                                     power_payoff(Strike(80), 1.5),
                                     {[](double s) { return std::exp(-s / 50); }},
                                     {[](double s) { return 100 * std::sin(s / 20); }},
                                     {[](double s) { return std::abs(s - 100) + std::cos(s / 9); }}};
  for (const Curve& curve : curves)
    for (const Side side : {Side::nearest, Side::above, Side::below})
      for (const double error : {1.0, 0.03}) {
        const CurveFit fit = fewest_pieces(curve, {50, 200, side}, error).value();
        const Distance off = distance(fit, curve, 50, 200);
        const double most = error * (1 + kSearch);
        EXPECT_LE(off.largest(), most);
        EXPECT_LE(off.largest(), fit.error * (1 + kSearch));
        EXPECT_LE(off.below, side == Side::above ? kSearch * error : most);
        EXPECT_LE(off.above, side == Side::below ? kSearch * error : most);
        EXPECT_LE(fit.f.knots().size(), fit.pieces - 1);
        if (fit.pieces == 1) continue;
        const auto fewer = best_pieces(curve, {50, 200, side}, fit.pieces - 1);
        EXPECT_TRUE(!fewer || fewer.value().error > error * (1 - kSearch));
      }
}

// No continuous straight pieces do better on a convex curve: knots that are moved at random never do.
TEST(OptimalKnotsLaw, AreNotBeatenByOtherKnots) {
  std::mt19937_64 rng(8);
  std::uniform_real_distribution<double> u(-1, 1);
  const Curve curve = log_payoff(Strike(100));
  constexpr std::size_t kPieces = 6;
  const CurveFit best = best_pieces(curve, {50, 200}, kPieces).value();
  std::vector<Point> points = {{50, best.f.value(50)}};
  for (const Knot& knot : best.f.knots())
    points.push_back({knot.x, best.f.value(knot.x)});
  points.push_back({200, best.f.value(200)});
  ASSERT_EQ(points.size(), kPieces + 1);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Point> moved = points;
    for (std::size_t i = 0; i < moved.size(); ++i) {
      if (i > 0 && i < kPieces) moved[i].x += 3 * u(rng);
      moved[i].y += best.error * u(rng);
    }
    double worst = 0;
    const PiecewiseLinear f = through(moved);
    for (double x = 50; x <= 200; x += 0.05)
      worst = std::max(worst, std::abs(f.value(x) - curve.value(x)));
    EXPECT_GT(worst, best.error * (1 - 1e-3));  // sampling
  }
}

// --- edges and errors ----------------------------------------------------------------
TEST(OptimalKnots, OfAStraightCurveAreNone) {
  const Curve line{[](double s) { return 3 - 2 * s; }};
  const CurveFit fit = fewest_pieces(line, {0, 100}, 1e-6).value();
  EXPECT_EQ(fit.pieces, 1U);
  EXPECT_LE(fit.error, 1.1e-6);
}

TEST(OptimalKnotsErrors, AreSentences) {
  const auto log = fewest_pieces(log_payoff(Strike(100)), {0, 200}, 0.1);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.problems().lines[0], "log: value at 0 is -inf, but must be finite from 0 to 200");
  const Curve jump{[](double s) { return s > 100 ? 1.0 : 0.0; }, "digital"};
  const auto digital = fewest_pieces(jump, {0, 200}, 0.1);
  ASSERT_FALSE(digital);
  EXPECT_EQ(digital.problems().lines[0],
            "digital: error is 0.1, but must be one that 100000 straight pieces can keep: a jump, for one, has none");
  EXPECT_EQ(words([] {
              (void)fewest_pieces(log_payoff(Strike(1)), {2, 1}, 1);
            }),
            "curve: high is 1, but must be finite and above low");
  EXPECT_EQ(words([] {
              (void)fewest_pieces(log_payoff(Strike(1)), {1, 2}, 0);
            }),
            "fewest_pieces: error is 0, but must be positive and finite");
  EXPECT_EQ(words([] {
              (void)best_pieces(log_payoff(Strike(1)), {1, 2}, 0);
            }),
            "best_pieces: number of pieces is 0, but must be at least 1");
  EXPECT_EQ(words([] { log_payoff(Strike(0)); }), "log_payoff: strike is 0, but must be positive and finite");
  EXPECT_EQ(words([] { power_payoff(Strike(1), NAN); }), "power_payoff: power is nan, but must be positive and finite");
}

}  // namespace
}  // namespace strikenet
