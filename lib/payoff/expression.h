#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace strikenet {

/// What is wrong with an expression, as after "expression ", and at which of its characters, from 0.
struct ExpressionError {
  std::size_t position;
  std::string what;
};

/// A function of S, or why the text is none. Calls wait for each other.
std::variant<std::function<double(double)>, ExpressionError> parse_expression(std::string_view text);

}  // namespace strikenet
