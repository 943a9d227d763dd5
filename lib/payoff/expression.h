#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "payoff/jet.h"

namespace strikenet {

/// What an expression does, in the order of a calculator with a stack. Immutable; may be read from any thread.
class Expression {
 public:
  enum class Operation {
    number,
    spot,  // push
    minus,
    abs,
    sqrt,
    exp,
    ln,
    log2,
    log10,
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,  // of one
    tanh,
    asinh,
    acosh,
    atanh,
    sign,
    rint,
    add,
    subtract,
    multiply,
    divide,
    power,
    less,
    at_most,
    more,
    at_least,
    equal,
    unequal,  // of two
    both,
    either,
    atan2,
    max,
    min,
    choice  // of three
  };
  struct Step {
    Operation operation;
    std::size_t number = 0;  // which
  };

  void push(Operation operation) { steps_.push_back({operation}); }
  void push_number(double number, Interval exactly);

  std::size_t size() const { return steps_.size(); }

  /// At one spot, in doubles.
  double value(double spot) const;
  /// On an interval of spots, with every number the decimal that it is written as.
  Jet on(const Interval& spots) const;
  /// `factor` of it.
  Expression times(double factor) const;

 private:
  std::vector<Step> steps_;
  std::vector<double> numbers_;
  std::vector<Jet> exactly_;
};

/// What is wrong with an expression, as after "expression ", and at which of its characters, from 0.
struct ExpressionError {
  std::size_t position;
  std::string what;
};

/// Reads what docs/reference/payoffs.md says: a function of S, or why the text is none. Cost: linear in the text.
std::variant<Expression, ExpressionError> parse_expression(std::string_view text);

}  // namespace strikenet
