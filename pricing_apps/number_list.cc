#include "number_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace strikenet::app {
namespace {

constexpr double kMostNumbers = 1e6;  // of one range
constexpr int kMostDecimals = 9;

/// The smallest power of ten that makes all of them whole, to within rounding; 0 when none up to 10^9 does.
double common_scale(double from, double to, double step) {
  double scale = 1;
  for (int decimals = 0; decimals <= kMostDecimals; ++decimals, scale *= 10) {
    const auto whole = [scale](double x) { return std::round(x * scale) / scale == x && std::abs(x * scale) < 0x1p52; };
    if (whole(from) && whole(to) && whole(step)) return scale;
  }
  return 0;
}

/// From `from` to at most `to`, in steps; whole numbers of the common scale, so that no rounding adds up.
std::vector<double> range_of(double from, double to, double step) {
  const double scale = common_scale(from, to, step);
  std::vector<double> numbers;
  if (scale > 0) {
    const double first = std::round(from * scale), last = std::round(to * scale), by = std::round(step * scale);
    for (double at = first; at <= last; at += by)
      numbers.push_back(at / scale);
    return numbers;
  }
  const double steps = std::floor((to - from) / step * (1 + 1e-12));
  for (double i = 0; i <= steps; ++i)
    numbers.push_back(std::min(from + i * step, to));
  return numbers;
}

/// Empty when the part is neither a number nor a range that the rule allows.
std::vector<double> numbers_of(const std::string& part, const ListRule& rule, Problems& problems) {
  const auto reject = [&](std::string_view must_be) {
    problems.lines.push_back(fmt::format("{} is '{}', but must be {}", rule.option, part, must_be));
    return std::vector<double>();
  };
  const auto allowed = [&](double number) { return number >= rule.low && number <= rule.high; };
  const std::vector<std::string> ends = parts_of(part, ':');
  const double from = number_of(ends.front());
  if (ends.size() == 1) return allowed(from) ? std::vector{from} : reject(rule.words);
  const double to = ends.size() == 3 ? number_of(ends[1]) : from, step = number_of(ends.back());
  if (ends.size() != 3 || !allowed(from) || !allowed(to) || !(step > 0) || to < from)
    return reject(fmt::format("FROM:TO:STEP with FROM and TO {}, TO at least FROM and STEP above 0", rule.words));
  if (!((to - from) / step < kMostNumbers)) return reject("at most 1000000 numbers");
  return range_of(from, to, step);
}

}  // namespace

double number_of(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? number : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::string> parts_of(std::string_view list, char separator) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(separator, begin), list.size());
    const std::string_view part = list.substr(begin, end - begin);
    const std::size_t first = part.find_first_not_of(kBlanks);
    parts.emplace_back(first == std::string_view::npos
                           ? std::string_view()
                           : part.substr(first, part.find_last_not_of(kBlanks) - first + 1));
    begin = end + 1;
  }
  return parts;
}

std::vector<double> numbers_of(const std::vector<std::string>& lists, const ListRule& rule, Problems& problems) {
  std::vector<double> numbers;
  for (const std::string& list : lists)
    for (const std::string& part : parts_of(list)) {
      const std::vector<double> more = numbers_of(part, rule, problems);
      numbers.insert(numbers.end(), more.begin(), more.end());
    }
  return numbers;
}

}  // namespace strikenet::app
