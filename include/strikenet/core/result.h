#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "strikenet/core/export.h"

namespace strikenet {

/// Thrown when a caller breaks a documented precondition. Never thrown for the state of the market or the outcome of
/// an optimisation: those are values.
class STRIKENET_EXPORT PreconditionError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Throws PreconditionError "where: what is VALUE, but RULE" unless `holds`. Write the condition in the positive
/// (`x >= 0`), so that NaN fails it too.
STRIKENET_EXPORT void require(bool holds, std::string_view where, std::string_view what, double got,
                              std::string_view rule);

/// Everything wrong with an input, one sentence each, each starting with where: "spx.csv:7: price is 'abc', but ...".
struct Problems {
  std::vector<std::string> lines;
};

/// A value, or all the reasons there is none: std::expected in C++20 clothes.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Problems problems) : state_(std::move(problems)) {}

  explicit operator bool() const { return std::holds_alternative<T>(state_); }
  /// Throws std::bad_variant_access when there is no value.
  const T& value() const& { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }
  /// Throws std::bad_variant_access when there is a value.
  const Problems& problems() const { return std::get<Problems>(state_); }

 private:
  std::variant<T, Problems> state_;
};

}  // namespace strikenet
