#include "strikenet/quantlib/term_structures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/settings.hpp>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "quantlib/fitted_surfaces.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

constexpr double kRounding = 1e-14;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMinute = 1.0 / 525600;
const ql::Date kReference(26, ql::June, 2019);

const std::vector<double> kKnots{0.2, 0.4, 0.6, 0.8, 0.95, 1.05, 1.2, 1.4, 1.6, 1.8};

SurfaceSlice slice(double t, std::vector<double> weights) {
  return {{"T=" + std::to_string(t)},
          YearFraction(t),
          Forward(100 * std::exp(0.02 * t)),
          DiscountFactor(std::exp(-0.03 * t)),
          CallCurve(Activation::cubic, kKnots, std::move(weights))};
}

/// A unit at 1 from which mass moves to those on both sides, the more the later. Forwards grow by 2 % a year and
/// discounts fall by 3.
Surface three_expiries() {
  const std::vector<double> nodes = unit_nodes(Activation::cubic, kKnots);
  const std::size_t middle = nodes.size() / 2;
  Surface surface;
  for (int n = 1; n <= 3; ++n) {
    std::vector<double> weights(nodes.size(), 0.0);
    weights[middle] = 1;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i == middle) continue;
      weights[i] = 0.006 * n / std::abs(nodes[i] - 1);
      weights[middle] -= weights[i];
    }
    surface.slices.push_back(slice(0.25 * n * n, std::move(weights)));
  }
  return surface;
}

/// Before, at, between and beyond the expiries, which are 0.25, 1 and 2.25.
const std::vector<double> kTimes{0.01, 0.25, 0.6, 1, 1.7, 2.25, 4};
const std::vector<double> kStrikes{70, 90, 99, 103, 120, 140};

TEST(TermStructures, HaveTheVolsOfTheSurfaceAtEveryTimeAndStrike) {
  const CallSurface surface(three_expiries());
  const TermStructures structures(surface, kReference);
  for (const double t : kTimes) {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    for (const double strike : kStrikes) {
      const double vol = smile.vol(Strike(strike)).value();
      if (std::isnan(vol)) continue;
      EXPECT_EQ(structures.black_vol()->blackVol(t, strike), vol) << t << ' ' << strike;
      EXPECT_NEAR(structures.black_vol()->blackVariance(t, strike), smile.total_variance(Strike(strike)), kRounding);
    }
  }
}

TEST(TermStructures, HaveItsForwardsAndDiscountsAndADividendCurveBetweenThem) {
  for (const std::optional<double> spot : {std::optional<double>(), std::optional<double>(99.5)}) {
    const CallSurface surface(three_expiries(), {.spot = spot});
    const TermStructures structures(surface, kReference);
    EXPECT_EQ(structures.spot()->value(), surface.forward(YearFraction(0)).value());
    EXPECT_NEAR(structures.spot()->value(), spot.value_or(100), 100 * kRounding);
    EXPECT_EQ(structures.discount()->discount(0.0), 1);
    EXPECT_EQ(structures.dividend()->discount(0.0), 1);
    for (const double t : kTimes) {
      const double discount = structures.discount()->discount(t);
      EXPECT_EQ(discount, surface.discount(YearFraction(t)).value());
      const double forward = structures.spot()->value() * structures.dividend()->discount(t) / discount;
      EXPECT_NEAR(forward, surface.forward(YearFraction(t)).value(), 100 * kRounding) << t;
    }
  }
}

TEST(TermStructures, TakeADateAsWholeDaysOrAsTheDayCounterSays) {
  const CallSurface surface(three_expiries());
  const TermStructures by_days(surface, kReference),
      by_thousand(surface, kReference, {.day_counter = testing_support::ThousandDaysAYear()});
  const auto expect_t = [&](const TermStructures& structures, const ql::Date& date, double t) {
    EXPECT_EQ(structures.black_vol()->blackVol(date, 97), structures.black_vol()->blackVol(t, 97));
    EXPECT_EQ(structures.local_vol()->localVol(date, 97), structures.local_vol()->localVol(t, 97));
    EXPECT_EQ(structures.discount()->discount(date), structures.discount()->discount(t));
    EXPECT_EQ(structures.dividend()->discount(date), structures.dividend()->discount(t));
  };
  expect_t(by_days, kReference + 73, 0.2);
  expect_t(by_thousand, kReference + 200, 0.2);
}

TEST(TermStructures, NeitherReadNorSetTheEvaluationDate) {
  const ql::Date before(1, ql::March, 2010);
  ql::Settings::instance().evaluationDate() = before;
  const TermStructures structures(CallSurface(three_expiries()), kReference);
  const double vol = structures.black_vol()->blackVol(kReference + 100, 97);
  const double local = structures.local_vol()->localVol(kReference + 100, 97);
  EXPECT_EQ(ql::Settings::instance().evaluationDate().value(), before);
  ql::Settings::instance().evaluationDate() = ql::Date(29, ql::February, 2024);
  EXPECT_EQ(structures.black_vol()->referenceDate(), kReference);
  EXPECT_EQ(structures.black_vol()->blackVol(kReference + 100, 97), vol);
  EXPECT_EQ(structures.local_vol()->localVol(kReference + 100, 97), local);
  ql::Settings::instance().resetEvaluationDate();
}

TEST(TermStructures, HaveNoVolWherePricesAreIntrinsicAndBlacksFormulaSaysTheSame) {
  const CallSurface surface(three_expiries());
  const TermStructures structures(surface, kReference);
  for (const double t : {1e-4, 0.25, 1.7, 4.0}) {
    for (const double strike : {0.0, 1.0, 15.0, 200.0, 1e9, kInfinity}) {
      EXPECT_EQ(structures.black_vol()->blackVol(t, strike), 0) << t << ' ' << strike;
      EXPECT_EQ(structures.black_vol()->blackVariance(t, strike), 0);
    }
    EXPECT_EQ(ql::blackFormula(ql::Option::Call, 15, surface.forward(YearFraction(t)).value(), 0),
              surface.forward(YearFraction(t)).value() - 15);
  }
}

TEST(TermStructures, HaveNoVarianceAtTimeZeroAndTheVolsOfAMinuteUpToThere) {
  const CallSurface surface(three_expiries());
  const TermStructures structures(surface, kReference);
  const SurfaceSmile minute = surface.at(YearFraction(kMinute));
  for (const double t : {0.0, kMinute / 2, kMinute}) {
    EXPECT_EQ(structures.black_vol()->blackVol(t, 100), minute.vol(Strike(100)).value());
    EXPECT_EQ(structures.local_vol()->localVol(t, 100), minute.local_vol(Strike(100)).value());
  }
  EXPECT_GT(structures.black_vol()->blackVol(0.0, 100), 0.01);
  EXPECT_GT(structures.local_vol()->localVol(0.0, 100), 0.01);
  EXPECT_EQ(structures.black_vol()->blackVariance(0.0, 100), 0);
  EXPECT_EQ(structures.black_vol()->blackVariance(0.0, 200), 0);
}

TEST(TermStructures, CapLocalVolsAndCountWhatIsNotTheSurfacesOwn) {
  const CallSurface surface(three_expiries());
  const TermStructures structures(surface, kReference, {.local_vol_cap = 0.25});
  const ql::Handle<ql::LocalVolTermStructure> local = structures.local_vol();
  LocalVolCounts expected;
  for (const double t : kTimes) {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    for (double level = 5; level < 200; level += 5) {
      const double own = smile.local_vol(Strike(level)).value();
      EXPECT_EQ(local->localVol(t, level), std::isnan(own) ? 0 : std::min(own, 0.25)) << t << ' ' << level;
      ++expected.evaluations;
      expected.capped += own > 0.25;
      expected.without += std::isnan(own);
    }
  }
  const LocalVolCounts counts = structures.local_vol_counts();
  EXPECT_EQ(counts.evaluations, expected.evaluations);
  EXPECT_EQ(counts.capped, expected.capped);
  EXPECT_EQ(counts.without, expected.without);
  EXPECT_GT(counts.capped, 10u);
  EXPECT_GT(counts.without, 10u);
  EXPECT_GT(counts.evaluations - counts.capped - counts.without, 10u);
}

TEST(TermStructures, GiveTheCapWhereLocalVolIsInfinite) {
  // All of the later law's weight is at the ends: nothing in between, and prices rise there.
  Surface surface = three_expiries();
  surface.slices.erase(surface.slices.begin() + 1, surface.slices.end());
  std::vector<double> ends(surface.slices[0].curve.weights().size(), 0.0);
  ends.front() = ends.back() = 0.5;
  surface.slices.push_back(slice(1, std::move(ends)));
  const CallSurface law(surface);
  ASSERT_EQ(law.at(YearFraction(1)).local_vol(Strike(104)).value(), kInfinity);
  const TermStructures structures(law, kReference);
  EXPECT_EQ(structures.local_vol()->localVol(1.0, 104), 1);
  EXPECT_EQ(structures.local_vol_counts().capped, 1u);
}

TEST(TermStructures, ShareTheirCountsWithCopiesAndKeepThemAcrossThreads) {
  const TermStructures structures(CallSurface(three_expiries()), kReference);
  constexpr int kThreads = 4, kEach = 1000;
  std::vector<double> sums(kThreads, 0.0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&sums, thread, local = structures.local_vol().currentLink()] {
      for (int i = 0; i < kEach; ++i)
        sums[static_cast<std::size_t>(thread)] += local->localVol(0.1 + 0.01 * (i % 200), 80 + i % 40);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (const double sum : sums)
    EXPECT_EQ(sum, sums.front());
  const TermStructures copy = structures;
  copy.local_vol()->localVol(1.0, 100);
  EXPECT_EQ(structures.local_vol_counts().evaluations, static_cast<std::uint64_t>(kThreads * kEach + 1));
}

TEST(TermStructures, AnswerWithoutExtrapolationWhatCallSurfaceAnswers) {
  const TermStructures structures(CallSurface(three_expiries()), kReference);
  for (const double t : {0.0, 1.0, 50.0, 500.0}) {
    EXPECT_NO_THROW(structures.black_vol()->blackVol(t, 1e6));
    EXPECT_NO_THROW(structures.local_vol()->localVol(t, 1e6));
    EXPECT_NO_THROW(structures.discount()->discount(t));
    EXPECT_NO_THROW(structures.dividend()->discount(t));
  }
  EXPECT_NO_THROW(structures.black_vol()->blackVol(ql::Date::maxDate(), 100));
  EXPECT_THROW(structures.black_vol()->blackVol(-0.1, 100), ql::Error);
  EXPECT_THROW(structures.black_vol()->blackVol(kReference - 1, 100), ql::Error);
  EXPECT_THROW(structures.black_vol()->blackVol(1.0, -1), ql::Error);
  EXPECT_THROW(structures.black_vol()->blackVol(1.0, std::nan("")), ql::Error);
  EXPECT_THROW(structures.discount()->discount(-0.1), ql::Error);
  EXPECT_THROW(structures.local_vol()->localVol(1.0, -1, true), PreconditionError);
}

TEST(TermStructures, OfASetOfPointsHaveVolsButNoLocalVols) {
  Surface points{.activation = Activation::relu};
  points.slices.push_back({{"T=1"},
                           YearFraction(1),
                           Forward(100),
                           DiscountFactor(1),
                           CallCurve(Activation::relu, {0.5, 1.0, 1.5}, {0.25, 0.5, 0.25})});
  const TermStructures structures(CallSurface(points), kReference);
  EXPECT_EQ(structures.black_vol()->blackVol(1.0, 100),
            CallSurface(points).at(YearFraction(1)).vol(Strike(100)).value());
  try {
    structures.local_vol();
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(),
                 "TermStructures::local_vol: density of the surface is 0, but local vols need one: a law of points "
                 "('relu') has none");
  }
}

// --- errors ----------------------------------------------------------------------------------------------------------

std::string words_of(const CallSurface& surface, const ql::Date& reference, const TermStructureOptions& options) {
  try {
    TermStructures(surface, reference, options);
    return "nothing";
  } catch (const PreconditionError& error) {
    return error.what();
  }
}

TEST(TermStructuresErrors, NameWhatIsWrong) {
  const CallSurface surface(three_expiries());
  EXPECT_EQ(words_of(surface, kReference, {}), "nothing");
  EXPECT_EQ(words_of(surface, ql::Date(), {}), "TermStructures: reference date is 0, but must be set");
  EXPECT_EQ(words_of(surface, kReference, {.day_counter = ql::DayCounter()}),
            "TermStructures: day counter is 0, but must be set");
  EXPECT_EQ(words_of(surface, kReference, {.local_vol_cap = 0}),
            "TermStructures: local_vol_cap is 0, but must be positive and finite");
  for (const double cap : {-1.0, kInfinity, std::nan("")})
    EXPECT_NE(words_of(surface, kReference, {.local_vol_cap = cap}), "nothing") << cap;
  Surface without_order = three_expiries();
  without_order.calendar = false;
  EXPECT_EQ(words_of(CallSurface(without_order), kReference, {}),
            "TermStructures: calendar of the surface is 0, but must be 1: expiries on different underlyings have no "
            "order in time");
}

TEST(TermStructuresErrors, RefuseAPriceThatNoVolGives) {
  // Weights that a file may hold, but no proof would pass: puts struck at 50 are worth less than nothing.
  Surface surface = three_expiries();
  const std::span<const double> proper = surface.slices[0].curve.weights();
  std::vector<double> weights(proper.begin(), proper.end());
  weights.front() = -weights.front();
  const TermStructures structures(CallSurface(Surface{.slices = {slice(0.25, std::move(weights))}}), kReference);
  try {
    structures.black_vol()->blackVol(0.25, 50);
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("TermStructures::black_vol: out-of-the-money price over forward is -")) << text;
    EXPECT_TRUE(text.ends_with(", but must be at least 0 and what some vol gives")) << text;
  }
}

TEST(TermStructures, AreWhatTheyWereAfterTheyWereMovedFrom) {
  TermStructures structures(CallSurface(three_expiries()), kReference);
  const double vol = structures.black_vol()->blackVol(0.6, 99.0);
  const TermStructures moved = std::move(structures);
  EXPECT_EQ(structures.black_vol()->blackVol(0.6, 99.0), vol);
  EXPECT_EQ(structures.local_vol_counts().capped, moved.local_vol_counts().capped);
  structures = moved;
  EXPECT_EQ(structures.black_vol()->blackVol(0.6, 99.0), vol);
}

}  // namespace
}  // namespace strikenet
