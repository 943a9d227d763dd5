#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

using Date = std::chrono::year_month_day;

/// A point in time, UTC, to the minute.
using Instant = std::chrono::sys_time<std::chrono::minutes>;

inline constexpr double kMinutesPerYear = 525'600.0;  // 365 days

/// (to - from) in years of 525,600 minutes: ACT/365 with the clock. Negative when `to` is the earlier one.
inline YearFraction year_fraction(Instant from, Instant to) {
  return YearFraction(static_cast<double>((to - from).count()) / kMinutesPerYear);
}

/// The instant at which clocks in `zone` (an IANA name: "America/New_York") show `minutes_after_midnight` on `date`,
/// daylight saving included. Of a time that the clocks show twice, the first; of one that they skip, the instant of
/// the change. Throws PreconditionError for an invalid date, a time outside [0, 1440) or a zone the system's
/// time-zone database does not know.
STRIKENET_EXPORT Instant local_instant(Date date, int minutes_after_midnight, std::string_view zone);

/// "2019-06-28", nothing before or after it; empty when the text is anything else or no such day exists.
STRIKENET_EXPORT std::optional<Date> parse_date(std::string_view text);

/// "2019-06-26T15:45-04:00", "2019-06-26T19:45Z"; empty for anything else. The offset from UTC is required: an instant
/// without one would depend on where it is read. Seconds ("19:45:00Z") are accepted only when zero.
STRIKENET_EXPORT std::optional<Instant> parse_instant(std::string_view text);

/// "2019-06-28".
STRIKENET_EXPORT std::string to_string(Date date);

/// "2019-06-26T19:45Z".
STRIKENET_EXPORT std::string to_string(Instant instant);

}  // namespace strikenet
