#pragma once

#include <limits>
#include <optional>
#include <type_traits>

#include "strikenet/core/instant.h"
#include "strikenet/core/quantity.h"

namespace strikenet {

/// A T or nothing in eight bytes, where std::optional takes sixteen: what millions of rows are made of. T is double, a
/// Quantity or an Instant, kept as a double in which NaN stands for nothing. So a NaN cannot be held, and an Instant is
/// exact within 2^53 minutes of 1970.
template <class T>
class CompactOptional {
 public:
  CompactOptional() = default;
  CompactOptional(std::nullopt_t) {}
  CompactOptional(T value) : number_(number_of(value)) {}
  CompactOptional(const std::optional<T>& value) : number_(value ? number_of(*value) : kNothing) {}

  bool has_value() const { return number_ == number_; }
  explicit operator bool() const { return has_value(); }
  operator std::optional<T>() const { return has_value() ? std::optional<T>(**this) : std::nullopt; }

  /// Only of one that has a value.
  T operator*() const {
    if constexpr (std::is_same_v<T, Instant>)
      return Instant(std::chrono::minutes(static_cast<long>(number_)));
    else
      return T(number_);
  }
  /// Throws std::bad_optional_access where there is nothing.
  T value() const { return std::optional<T>(*this).value(); }
  T value_or(T otherwise) const { return has_value() ? **this : otherwise; }
  void reset() { number_ = kNothing; }

  friend bool operator==(const CompactOptional& a, const CompactOptional& b) {
    return a.has_value() ? a.number_ == b.number_ : !b.has_value();
  }
  friend bool operator==(const CompactOptional& a, const std::optional<T>& b) { return a == CompactOptional(b); }
  friend bool operator==(const CompactOptional& a, const T& b) { return a == CompactOptional(b); }
  friend bool operator==(const CompactOptional& a, std::nullopt_t) { return !a.has_value(); }

 private:
  static constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

  static double number_of(const T& value) {
    if constexpr (std::is_same_v<T, double>)
      return value;
    else if constexpr (std::is_same_v<T, Instant>)
      return static_cast<double>(value.time_since_epoch().count());
    else
      return value.value();
  }

  double number_ = kNothing;
};

}  // namespace strikenet
