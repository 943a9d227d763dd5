#include "strikenet/testing/arbitrage.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/volatility/equityfx/blackvariancecurve.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <string>
#include <vector>

#include "strikenet/quantlib/term_structures.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

/// Boxes on [1/4, 3/4], [3/4, 5/4] and [5/4, 7/4] with these probabilities.
SurfaceSlice boxes(const std::string& expiry, double t, const std::vector<double>& weights) {
  return {{expiry},
          YearFraction(t),
          Forward(100),
          DiscountFactor(1),
          CallCurve(Activation::quadratic, {0.25, 0.75, 1.25, 1.75}, weights)};
}

Surface surface(const std::vector<double>& first, const std::vector<double>& second) {
  return {.activation = Activation::quadratic, .slices = {boxes("T=0.25", 0.25, first), boxes("T=0.5", 0.5, second)}};
}

const std::vector<double> kNarrow{0.125, 0.75, 0.125}, kWide{0.25, 0.5, 0.25};

/// Gatheral's SVI: total variance a + b (rho (x - m) + sqrt((x - m)^2 + sigma^2)), x = log k.
struct Svi {
  double a, b, rho, m, sigma;

  double total_variance(double k) const {
    const double x = std::log(k) - m;
    return a + b * (rho * x + std::hypot(x, sigma));
  }
};

/// Axel Vogt's, at t = 1, in Gatheral and Jacquier (2014, "Arbitrage-free SVI volatility surfaces", example 3.1), whose
/// density is negative for x in (0.642, 1.257). So negative that calls rise from k = 1.64 to 2.57.
constexpr Svi kVogt{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};

double vol_of(const Svi& svi, double k, double t) { return std::sqrt(svi.total_variance(k) / t); }

TEST(ExpectArbitrageFree, PassesASurfaceThatIsProved) {
  EXPECT_ARBITRAGE_FREE(surface(kNarrow, kWide));
  ASSERT_ARBITRAGE_FREE(surface(kWide, kWide));
  const CallSurface prices(surface(kNarrow, kWide));
  EXPECT_ARBITRAGE_FREE(prices);
}

TEST(ExpectArbitrageFree, FailsWhatCannotBeProved) {
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(Surface()),
                          "(Surface()) cannot be proved arbitrage-free\n"
                          "  prove_arbitrage_free: number of slices is 0, but must be at least 1");
  Surface negative = surface(kNarrow, kWide);
  negative.slices[1].forward = Forward(-100);
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(negative),
                          "forward of slice T=0.5 is -100, but must be positive and finite");
}

TEST(ExpectArbitrageFree, FailsASurfaceOutOfOrderInTimeWithTheNode) {
  const Surface crossed = surface(kWide, kNarrow);
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(crossed),
                          "(crossed) is slices-arbitrage-free, but must be arbitrage-free\n"
                          "  T=0.5: a call at k = 1 is cheaper than at the expiry before by 0.0625 forwards");
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(CallSurface(crossed)), "is slices-arbitrage-free");
}

// No tolerance: a weight of the smallest double below 0.
TEST(ExpectArbitrageFree, FailsASurfaceWithTheSmallestNegativeWeight) {
  const Surface negative = {.activation = Activation::relu,
                            .slices = {{{"T=1"},
                                        YearFraction(1),
                                        Forward(1),
                                        DiscountFactor(1),
                                        CallCurve(Activation::relu, {0, 1, 2}, {0.5, -0x1p-1074, 0.5})}}};
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(negative), "T=1: weight at k = 1 is negative by 4.94e-324");
}

TEST(ExpectArbitrageFree, ListsFiveViolationsOfASurfaceAndCountsTheOthers) {
  const std::vector<double> negative{0.75, -0.5, 0.75};
  Surface many{.calendar = false, .activation = Activation::quadratic};
  for (int i = 1; i <= 7; ++i)
    many.slices.push_back(boxes("T=" + std::to_string(i), i, negative));
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(many), "T=5: weight at k = 1 is negative by 0.5\n  and 2 more");
}

TEST(ExpectArbitrageFree, PassesPricesAndVolsOfBlack) {
  const CheckGrid grid{.t = {0.1, 0.5, 1, 2}};
  EXPECT_ARBITRAGE_FREE(calls_on(grid, [](double k, double t) { return call_of_vol(k, t, 0.25); }));
  EXPECT_ARBITRAGE_FREE(vols_on(grid, [](double, double) { return 0.25; }));
}

TEST(ExpectArbitrageFree, FailsVogtsSliceForItsButterflies) {
  const CheckGrid grid{.t = {1}};
  const auto vogt = [](double k, double t) { return vol_of(kVogt, k, t); };
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(vols_on(grid, vogt)), "butterfly: ");
  const GridCheck check = check_on_grid(grid, vols_on(grid, vogt).call);
  for (const GridCount& count : check.counts)
    EXPECT_EQ(count.violated > 0, count.relation == GridRelation::butterfly || count.relation == GridRelation::vertical)
        << to_string(count.relation);
  std::ifstream page(STRIKENET_SOURCE_DIR "/docs/how-to/test-your-own-surface.md");
  const std::string text{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  EXPECT_NE(text.find(in_words(check, grid)), std::string::npos) << "the page shows something else";
}

/// SVI by its jump-wings parameters at t = 1 (Gatheral and Jacquier 2014, lemma 3.2).
Svi jump_wings(double v, double psi, double p, double c, double least) {
  const double root = std::sqrt(v), b = root / 2 * (c + p), rho = 1 - p * root / b, beta = rho - 2 * psi * root / b;
  const double alpha = std::copysign(std::sqrt(1 / (beta * beta) - 1), beta), slope = std::sqrt(1 - rho * rho);
  const double m = (v - least) / (b * (-rho + std::copysign(std::sqrt(1 + alpha * alpha), alpha) - alpha * slope));
  return {least - b * alpha * m * slope, b, rho, m, alpha * m};
}

// Gatheral and Jacquier (2014, section 5.1): Vogt's slice in jump wings, and the same with c and the least variance
// changed so that it is guaranteed to be free of butterflies.
TEST(ExpectArbitrageFree, PassesVogtsSliceAsGatheralAndJacquierRepairIt) {
  const Svi vogt = jump_wings(0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249);
  EXPECT_NEAR(vogt.total_variance(1.5), kVogt.total_variance(1.5), 1e-6);  // seven printed digits
  const Svi repaired = jump_wings(0.01742625, -0.1752111, 0.6997381, 0.3493158, 0.01548182);
  EXPECT_ARBITRAGE_FREE(vols_on({.t = {1}}, [&](double k, double t) { return vol_of(repaired, k, t); }));
}

// Two slices of SVI, each free of butterflies, of which the later is cheaper in the right wing.
TEST(ExpectArbitrageFree, FailsTwoSlicesThatCrossForTheirCalendar) {
  constexpr Svi kFirst{0.02, 0.2, 0, 0, 0.2}, kSecond{0.04, 0.2, -0.7, 0, 0.2};
  const auto vol = [&](double k, double t) { return vol_of(t < 1.5 ? kFirst : kSecond, k, t); };
  EXPECT_ARBITRAGE_FREE(vols_on({.t = {1}}, vol));
  EXPECT_ARBITRAGE_FREE(vols_on({.t = {2}}, vol));
  const CheckGrid grid{.t = {1, 2}};
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(vols_on(grid, vol)), "calendar: ");
  const GridCheck check = check_on_grid(grid, vols_on(grid, vol).call);
  for (const GridCount& count : check.counts)
    EXPECT_EQ(count.violated > 0, count.relation == GridRelation::calendar) << to_string(count.relation);
}

TEST(ExpectArbitrageFree, SaysWhatBreaksAndWhereItLooked) {
  const CheckGrid grid{.t = {1}, .k = {0.5, 1, 1.5}};
  const auto bent = [](double k, double) { return k < 1 ? 0.5 : k > 1 ? 0.05 : 0.3; };
  EXPECT_NONFATAL_FAILURE(
      EXPECT_ARBITRAGE_FREE(calls_on(grid, bent)),
      "(calls_on(grid, bent)) has static arbitrage\n"
      "  butterfly: 1 of 2 violated, worst by 0.025 at t = 1: c(1) = 0.3, but c(0.5) = 0.5 and "
      "c(1.5) = 0.05 interpolate to 0.275\n"
      "tested to 1e-12 forwards at 3 strikes from 0.5 to 1.5 forwards and 1 time from 1 to 1 years");
}

TEST(ExpectArbitrageFree, LeavesTheTestWhereItAsserts) {
  EXPECT_FATAL_FAILURE(ASSERT_ARBITRAGE_FREE(calls_on({.t = {1}}, [](double, double) { return 2.0; })), "bounds: ");
}

TEST(ExpectArbitrageFree, FailsAVolThatIsNone) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_ARBITRAGE_FREE(vols_on({.t = {1}}, [](double k, double) { return k < 1.001 ? -0.2 : 0.2; })),
      "number: 101 of 201 violated, first at t = 1: c(0.2) = nan");
}

// QuantLib's own term structures

const ql::Date kToday(2, ql::January, 2026);
const double kRounding = 1e-12;  // of a price by way of a vol

double forward(double t) { return 100 * std::exp(0.03 * t); }

TEST(ExpectArbitrageFree, TakesTheVolsOfQuantLib) {
  const ql::BlackConstantVol flat(kToday, ql::NullCalendar(), 0.2, ql::Actual365Fixed());
  EXPECT_ARBITRAGE_FREE(vols_on({.t = {0.5, 1, 2}}, flat, forward));
  // 20 % to one year and 10 % to two: total variance falls.
  const ql::BlackVarianceCurve falling(kToday, {kToday + 365, kToday + 730}, {0.2, 0.1}, ql::Actual365Fixed(), false);
  EXPECT_NONFATAL_FAILURE(EXPECT_ARBITRAGE_FREE(vols_on({.t = {1, 2}}, falling, forward)), "calendar: ");
}

TEST(ExpectArbitrageFree, PassesOurSurfaceInQuantLibsClothes) {
  const CallSurface prices(surface(kNarrow, kWide));
  const TermStructures market(prices, kToday);
  const CheckGrid grid{.t = {0.25, 0.3, 0.4, 0.5}, .k = log_spaced(0.3, 1.7, 101), .tolerance = kRounding};
  EXPECT_ARBITRAGE_FREE(
      vols_on(grid, **market.black_vol(), [&](double t) { return prices.forward(YearFraction(t)).value(); }));
}

}  // namespace
}  // namespace strikenet
