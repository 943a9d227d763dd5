#pragma once

#include <string_view>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/instant.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// What a day without trading counts in variance, of a trading day's 1. Days begin and end at midnight in `zone`.
struct TradingDays {
  double weekend = 0.2;  ///< Saturdays and Sundays
  double holiday = 0.2;  ///< the dates in `holidays`, whatever their weekday
  std::vector<Date> holidays = {};
  std::string_view zone = "America/New_York";  ///< IANA name
};

/// Time as variance counts it: a function of calendar time, 0 at 0, piecewise linear, that never falls. Its unit does
/// not matter to anything that uses it. Immutable; safe to read from any thread. Moving one copies it.
class STRIKENET_EXPORT VarianceClock {
 public:
  /// Calendar time: at(t) = t.
  VarianceClock() = default;
  VarianceClock(const VarianceClock&) = default;
  VarianceClock& operator=(const VarianceClock&) = default;

  /// Each day from `as_of` on counts as `days` says, until year fraction `until`; after that the average of all days up
  /// to there. In trading days. Throws PreconditionError unless `until` is positive and at most 100 years, weights are
  /// finite and at least 0, and the zone is known.
  static VarianceClock trading_days(Instant as_of, const TradingDays& days, YearFraction until);

  /// Both take t >= 0 (year fractions, ACT/365). Cost O(log days).
  double at(YearFraction t) const;
  /// Clock per year, on the piece that ends at or after t: d at / dt from the left. At 0 that of the first piece.
  double rate(YearFraction t) const;

 private:
  struct Piece {
    double end, at_end, rate;  // piece i begins where i - 1 ends
  };
  std::vector<Piece> pieces_ = {};
  double rate_after_ = 1;
};

}  // namespace strikenet
