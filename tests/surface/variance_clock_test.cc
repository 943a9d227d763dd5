#include "strikenet/surface/variance_clock.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using namespace std::chrono_literals;

constexpr double kDay = 1.0 / 365, kRounding = 1e-12;

/// Midnight in New York between Thursday and Friday.
const Instant kFriday = local_instant(Date(2026y, std::chrono::July, 10d), 0, "America/New_York");

TEST(VarianceClock, IsCalendarTimeUnlessItIsToldOtherwise) {
  const VarianceClock clock;
  EXPECT_EQ(clock.at(YearFraction(0)), 0);
  EXPECT_EQ(clock.at(YearFraction(0.37)), 0.37);
  EXPECT_EQ(clock.rate(YearFraction(0.37)), 1);
}

TEST(VarianceClock, CountsWeekendsAndHolidaysAsItIsTold) {
  const TradingDays days{.weekend = 0.25, .holiday = 0.5, .holidays = {Date(2026y, std::chrono::July, 14d)}};
  const VarianceClock clock = VarianceClock::trading_days(kFriday, days, YearFraction(0.5));
  const auto after = [&](double days_later) { return clock.at(YearFraction(days_later * kDay)); };
  EXPECT_NEAR(after(1), 1, kRounding);        // Friday
  EXPECT_NEAR(after(1.5), 1.125, kRounding);  // half of Saturday
  EXPECT_NEAR(after(3), 1.5, kRounding);
  EXPECT_NEAR(after(4), 2.5, kRounding);  // Monday
  EXPECT_NEAR(after(5), 3.0, kRounding);  // the holiday
  EXPECT_NEAR(after(6), 4.0, kRounding);
  EXPECT_NEAR(clock.rate(YearFraction(2 * kDay)), 0.25 * 365, kRounding * 365);
}

TEST(VarianceClock, HasTheRateOfThePieceThatEndsAtAnInstant) {
  const VarianceClock clock = VarianceClock::trading_days(kFriday, {.weekend = 0}, YearFraction(0.1));
  EXPECT_NEAR(clock.rate(YearFraction(0)), 365, 1e-9);
  EXPECT_NEAR(clock.rate(YearFraction(kDay)), 365, 1e-9);  // midnight, seen from Friday
  EXPECT_EQ(clock.rate(YearFraction(1.001 * kDay)), 0);
}

TEST(VarianceClock, GoesOnAtItsAverageAfterTheLastDayThatWasAskedFor) {
  const VarianceClock clock = VarianceClock::trading_days(kFriday, {.weekend = 0}, YearFraction(7 * kDay));
  EXPECT_NEAR(clock.at(YearFraction(7 * kDay)), 5, kRounding);
  EXPECT_NEAR(clock.at(YearFraction(70 * kDay)), 50, 10 * kRounding);
}

TEST(VarianceClock, CountsALocalDayOf25HoursAsLonger) {
  const Instant before = local_instant(Date(2026y, std::chrono::October, 31d), 0, "America/New_York");
  const VarianceClock clock = VarianceClock::trading_days(before, {.weekend = 1}, YearFraction(0.1));
  EXPECT_NEAR(clock.at(YearFraction(49 * kDay / 24)), 49.0 / 24, kRounding);
}

TEST(VarianceClock, BeginsWithinADay) {
  const VarianceClock clock =
      VarianceClock::trading_days(kFriday + std::chrono::hours(36), {.weekend = 0.5}, YearFraction(0.1));
  EXPECT_NEAR(clock.at(YearFraction(kDay)), 0.5, kRounding);         // from Saturday noon
  EXPECT_NEAR(clock.at(YearFraction(1.5 * kDay)), 0.75, kRounding);  // to the end of Sunday
  EXPECT_NEAR(clock.at(YearFraction(2.5 * kDay)), 1.75, kRounding);
}

std::string words_of(const TradingDays& days, double until) {
  try {
    VarianceClock::trading_days(kFriday, days, YearFraction(until));
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(VarianceClock, SaysWhatItCannotCount) {
  EXPECT_EQ(words_of({}, 0), "VarianceClock::trading_days: until is 0, but must be in (0, 100] years");
  EXPECT_EQ(words_of({}, NAN), "VarianceClock::trading_days: until is nan, but must be in (0, 100] years");
  EXPECT_EQ(words_of({.weekend = -1}, 1),
            "VarianceClock::trading_days: weight of a day is -1, but must be finite and at least 0");
  EXPECT_EQ(words_of({.holiday = std::numeric_limits<double>::infinity()}, 1),
            "VarianceClock::trading_days: weight of a day is inf, but must be finite and at least 0");
  EXPECT_NE(words_of({.zone = "Nowhere/Here"}, 1), "no error");
  EXPECT_THROW(VarianceClock().at(YearFraction(-1)), PreconditionError);
  EXPECT_THROW(VarianceClock().rate(YearFraction(NAN)), PreconditionError);
}

}  // namespace
}  // namespace strikenet
