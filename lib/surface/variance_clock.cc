#include "strikenet/surface/variance_clock.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

double weight_of(Date date, const TradingDays& rule) {
  if (std::ranges::find(rule.holidays, date) != rule.holidays.end()) return rule.holiday;
  const std::chrono::weekday day{sys_days(date)};
  return day == std::chrono::Saturday || day == std::chrono::Sunday ? rule.weekend : 1;
}

}  // namespace

VarianceClock VarianceClock::trading_days(Instant as_of, const TradingDays& rule, YearFraction until) {
  constexpr std::string_view kWhere = "VarianceClock::trading_days";
  require(until.value() > 0 && until.value() <= 100, kWhere, "until", until.value(), "must be in (0, 100] years");
  for (const double weight : {rule.weekend, rule.holiday})
    require(std::isfinite(weight) && weight >= 0, kWhere, "weight of a day", weight, "must be finite and at least 0");

  constexpr double kDaysPerYear = 365;
  VarianceClock clock;
  double begin = 0, at = 0;
  // The local date of as_of is that of UTC, or a neighbour.
  sys_days day = std::chrono::floor<days>(as_of) - days(1);
  while (local_instant(Date(day + days(1)), 0, rule.zone) <= as_of)
    day += days(1);
  while (begin < until.value()) {
    const double weight = weight_of(Date(day), rule);
    day += days(1);
    const double end = year_fraction(as_of, local_instant(Date(day), 0, rule.zone)).value();
    at += weight * kDaysPerYear * (end - begin);
    clock.pieces_.push_back({end, at, weight * kDaysPerYear});
    begin = end;
  }
  clock.rate_after_ = at / begin;
  return clock;
}

double VarianceClock::at(YearFraction t) const {
  require(t.value() >= 0, "VarianceClock::at", "t", t.value(), "must be at least 0");
  if (pieces_.empty()) return t.value();
  const auto piece = std::ranges::lower_bound(pieces_, t.value(), {}, &Piece::end);
  if (piece == pieces_.end()) return pieces_.back().at_end + rate_after_ * (t.value() - pieces_.back().end);
  return piece->at_end - piece->rate * (piece->end - t.value());
}

double VarianceClock::rate(YearFraction t) const {
  require(t.value() >= 0, "VarianceClock::rate", "t", t.value(), "must be at least 0");
  const auto piece = std::ranges::lower_bound(pieces_, t.value(), {}, &Piece::end);
  return piece == pieces_.end() ? rate_after_ : piece->rate;
}

}  // namespace strikenet
