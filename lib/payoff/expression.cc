#include "payoff/expression.h"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <numbers>

namespace strikenet {
namespace {

constexpr std::size_t kLongest = 1000;

/// A parsed expression and the place that its S reads.
struct Expression {
  mu::Parser parser;
  double spot = 1;
  std::mutex one_at_a_time;

  double value(double at) {
    const std::lock_guard lock(one_at_a_time);
    spot = at;
    return parser.Eval();
  }
};

/// The place of a '=' that is no comparison: the library would take it for an assignment.
std::size_t assignment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') continue;
    if (i + 1 < text.size() && text[i + 1] == '=')
      ++i;
    else if (i == 0 || std::string_view("<>!").find(text[i - 1]) == std::string_view::npos)
      return i;
  }
  return std::string_view::npos;
}

std::string in_words(const mu::Parser::exception_type& error) {
  const std::string token = error.GetToken();
  switch (error.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN: return fmt::format("has '{}', which is neither S nor a function", token);
    case mu::ecUNEXPECTED_EOF: return "ends too early";
    case mu::ecMISSING_PARENS: return "has an opening bracket without a closing one";
    case mu::ecUNEXPECTED_PARENS: return fmt::format("has a bracket '{}' out of place", token);
    case mu::ecUNEXPECTED_OPERATOR: return fmt::format("has an operator '{}' out of place", token);
    case mu::ecTOO_FEW_PARAMS: return fmt::format("gives '{}' too few arguments", token);
    case mu::ecTOO_MANY_PARAMS: return fmt::format("gives '{}' too many arguments", token);
    default: return fmt::format("has '{}' out of place", token);
  }
}

}  // namespace

std::variant<std::function<double(double)>, ExpressionError> parse_expression(std::string_view text) {
  if (text.size() > kLongest) return ExpressionError{kLongest, fmt::format("is longer than {} characters", kLongest)};
  if (text.find_first_not_of(' ') == std::string_view::npos) return ExpressionError{0, "is empty"};
  if (const auto bad = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; }); bad != text.end())
    return ExpressionError{static_cast<std::size_t>(bad - text.begin()), "has a character that is not printable ASCII"};
  if (const std::size_t at = assignment(text); at != std::string_view::npos)
    return ExpressionError{at, "has a single '='"};
  const auto expression = std::make_shared<Expression>();
  try {
    expression->parser.DefineVar("S", &expression->spot);
    expression->parser.ClearConst();  // the library's pi is wrong from the 13th digit on
    expression->parser.DefineConst("pi", std::numbers::pi);
    expression->parser.DefineConst("e", std::numbers::e);
    expression->parser.SetExpr(std::string(text));
    expression->parser.Eval();
    if (expression->parser.GetNumResults() != 1) return ExpressionError{text.size(), "is a list"};
  } catch (const mu::Parser::exception_type& error) {
    const int position = error.GetPos();  // of an end that comes too early it is past it, of others it may be -1
    return ExpressionError{std::min(text.size(), static_cast<std::size_t>(std::max(position, 0))), in_words(error)};
  }
  return [expression](double spot) { return expression->value(spot); };
}

}  // namespace strikenet
