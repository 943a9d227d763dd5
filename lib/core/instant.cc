#include "strikenet/core/instant.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

bool is_digit(char c) { return '0' <= c && c <= '9'; }

// The number that a text of digits stands for; empty when any character is not one.
std::optional<int> digits(std::string_view text) {
  if (!std::ranges::all_of(text, is_digit)) return std::nullopt;
  int number = 0;
  for (const char c : text)
    number = 10 * number + (c - '0');
  return number;
}

// "15:45": minutes after midnight, below `limit`.
std::optional<minutes> parse_clock(std::string_view text, minutes limit) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = digits(text.substr(0, 2)), minute = digits(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const minutes clock = hours(*hour) + minutes(*minute);
  return clock < limit ? std::optional(clock) : std::nullopt;
}

// "Z", "+05:30", "-04:00": what clocks there are ahead of UTC.
std::optional<minutes> parse_offset(std::string_view text) {
  constexpr minutes beyond_any_zone = hours(14) + minutes(1);
  if (text == "Z") return minutes(0);
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto size = parse_clock(text.substr(1), beyond_any_zone);
  if (!size) return std::nullopt;
  return text[0] == '-' ? -*size : *size;
}

const date::time_zone* find_zone(std::string_view zone) {
  try {
    return date::locate_zone(std::string(zone));
  } catch (const std::runtime_error&) {
    throw PreconditionError("local_instant: zone is '" + std::string(zone) +
                            "', but must be a name in the system's time-zone database");
  }
}

}  // namespace

Instant local_instant(Date date, int minutes_after_midnight, std::string_view zone) {
  if (!date.ok())
    throw PreconditionError("local_instant: date is " + to_string(date) + ", but must be a day that exists");
  require(0 <= minutes_after_midnight && minutes_after_midnight < 1440, "local_instant", "minutes_after_midnight",
          minutes_after_midnight, "must be from 0 to 1439");
  const auto since_epoch = sys_days(date).time_since_epoch() + minutes(minutes_after_midnight);
  const date::local_time<minutes> shown(since_epoch);
  const auto instant = find_zone(zone)->to_sys(shown, date::choose::earliest);
  return std::chrono::floor<minutes>(instant);
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const Date date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                  std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional(date) : std::nullopt;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 17 || text[10] != 'T') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto clock = parse_clock(text.substr(11, 5), days(1));
  std::string_view rest = text.substr(16);
  if (rest.starts_with(":00")) rest.remove_prefix(3);
  const auto offset = parse_offset(rest);
  if (!date || !clock || !offset) return std::nullopt;
  return sys_days(*date) + *clock - *offset;
}

std::string to_string(Date date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string to_string(Instant instant) {
  const auto midnight = std::chrono::floor<days>(instant);
  const auto clock = std::chrono::hh_mm_ss(instant - midnight);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02dZ", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()));
  return to_string(Date(midnight)) + text.data();
}

}  // namespace strikenet
