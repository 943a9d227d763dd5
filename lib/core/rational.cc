#include "core/rational.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "strikenet/core/result.h"

namespace strikenet {

Rational decimal(double value) {
  require(std::isfinite(value), "decimal", "value", value, "must be finite");
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
  const std::string_view all(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t letter = all.find('e');
  boost::multiprecision::cpp_int digits = 0;
  int exponent = 0, places = 0;
  const std::string_view power = all.substr(letter + (all[letter + 1] == '+' ? 2 : 1));
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  bool after_point = false;
  for (const char c : all.substr(0, letter)) {
    if (c == '.') after_point = true;
    if (c < '0' || c > '9') continue;
    digits = digits * 10 + (c - '0');
    places += after_point;
  }
  if (value < 0) digits = -digits;
  exponent -= places;
  const boost::multiprecision::cpp_int ten = 10;
  const auto scale = pow(ten, static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(digits, scale) : Rational(digits * scale);
}

double to_digits(double value, int digits) {
  if (value == 0) return 0;
  const double unit = std::pow(10, digits - 1 - std::floor(std::log10(std::abs(value))));
  return std::isfinite(unit) ? std::round(value * unit) / unit : value;
}

}  // namespace strikenet
