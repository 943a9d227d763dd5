#include "payoff/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <utility>

#include "core/rational.h"

namespace strikenet {
namespace {

using Operation = Expression::Operation;

// --- values ----------------------------------------------------------------------------------------------------------

// In doubles, beside those of jets.
double less(double a, double b) { return a < b; }
double at_most(double a, double b) { return a <= b; }
double equal(double a, double b) { return a == b; }
double opposite(double a) { return a == 0; }
double both(double a, double b) { return a != 0 && b != 0; }
double either(double a, double b) { return a != 0 || b != 0; }
double choice(double condition, double a, double b) { return condition != 0 ? a : b; }
double larger(double a, double b) { return a < b ? b : a; }
double smaller(double a, double b) { return b < a ? b : a; }
double sign(double a) { return a > 0 ? 1 : a < 0 ? -1 : 0; }

using std::abs, std::sqrt, std::exp, std::log, std::log2, std::log10, std::sin, std::cos, std::tan, std::asin,
    std::acos, std::atan, std::atan2, std::sinh, std::cosh, std::tanh, std::asinh, std::acosh, std::atanh, std::floor,
    std::pow;

template <class Value>
Value of_one(Operation operation, const Value& a) {
  switch (operation) {
    case Operation::minus: return -a;
    case Operation::abs: return abs(a);
    case Operation::sqrt: return sqrt(a);
    case Operation::exp: return exp(a);
    case Operation::ln: return log(a);
    case Operation::log2: return log2(a);
    case Operation::log10: return log10(a);
    case Operation::sin: return sin(a);
    case Operation::cos: return cos(a);
    case Operation::tan: return tan(a);
    case Operation::asin: return asin(a);
    case Operation::acos: return acos(a);
    case Operation::atan: return atan(a);
    case Operation::sinh: return sinh(a);
    case Operation::cosh: return cosh(a);
    case Operation::tanh: return tanh(a);
    case Operation::asinh: return asinh(a);
    case Operation::acosh: return acosh(a);
    case Operation::atanh: return atanh(a);
    case Operation::sign: return sign(a);
    default: return floor(a + Value(0.5));
  }
}

template <class Value>
Value of_two(Operation operation, const Value& a, const Value& b) {
  switch (operation) {
    case Operation::add: return a + b;
    case Operation::subtract: return a - b;
    case Operation::multiply: return a * b;
    case Operation::divide: return a / b;
    case Operation::power: return pow(a, b);
    case Operation::less: return less(a, b);
    case Operation::at_most: return at_most(a, b);
    case Operation::more: return less(b, a);
    case Operation::at_least: return at_most(b, a);
    case Operation::equal: return equal(a, b);
    case Operation::unequal: return opposite(equal(a, b));
    case Operation::both: return both(a, b);
    case Operation::either: return either(a, b);
    case Operation::atan2: return atan2(a, b);
    case Operation::max: return larger(a, b);
    default: return smaller(a, b);
  }
}

template <class Value>
Value run(std::span<const Expression::Step> steps, std::span<const Value> numbers, const Value& spot) {
  std::vector<Value> stack;
  const auto popped = [&stack] {
    Value top = std::move(stack.back());
    stack.pop_back();
    return top;
  };
  for (const auto& [operation, number] : steps) {
    if (operation == Operation::number) {
      stack.push_back(numbers[number]);
    } else if (operation == Operation::spot) {
      stack.push_back(spot);
    } else if (operation < Operation::add) {
      stack.back() = of_one(operation, stack.back());
    } else if (operation < Operation::choice) {
      const Value second = popped();
      stack.back() = of_two(operation, stack.back(), second);
    } else {
      const Value otherwise = popped(), then = popped();
      stack.back() = choice(stack.back(), then, otherwise);
    }
  }
  return stack.back();
}

// --- reading ---------------------------------------------------------------------------------------------------------

constexpr std::size_t kLongest = 100'000;
constexpr int kDeepest = 1'000;  // brackets, signs and choices within each other

constexpr std::size_t kAny = 0;  // one argument or more

struct Function {
  std::string_view name;
  std::size_t arguments;
  Operation operation;  // of several arguments, of each two
};

constexpr auto kFunctions = std::to_array<Function>({
    {"abs", 1, Operation::abs},     {"sqrt", 1, Operation::sqrt},   {"exp", 1, Operation::exp},
    {"ln", 1, Operation::ln},       {"log", 1, Operation::ln},      {"log2", 1, Operation::log2},
    {"log10", 1, Operation::log10}, {"sin", 1, Operation::sin},     {"cos", 1, Operation::cos},
    {"tan", 1, Operation::tan},     {"asin", 1, Operation::asin},   {"acos", 1, Operation::acos},
    {"atan", 1, Operation::atan},   {"atan2", 2, Operation::atan2}, {"sinh", 1, Operation::sinh},
    {"cosh", 1, Operation::cosh},   {"tanh", 1, Operation::tanh},   {"asinh", 1, Operation::asinh},
    {"acosh", 1, Operation::acosh}, {"atanh", 1, Operation::atanh}, {"sign", 1, Operation::sign},
    {"rint", 1, Operation::rint},   {"max", kAny, Operation::max},  {"min", kAny, Operation::min},
    {"sum", kAny, Operation::add},  {"avg", kAny, Operation::add},
});

struct Binary {
  std::string_view text;
  int level;  // the higher, the closer it binds
  Operation operation;
};

constexpr int kLowest = 1;

// Of two that begin alike the longer first.
constexpr auto kBinary = std::to_array<Binary>({{"||", 1, Operation::either},
                                                {"&&", 2, Operation::both},
                                                {"<=", 3, Operation::at_most},
                                                {">=", 3, Operation::at_least},
                                                {"==", 3, Operation::equal},
                                                {"!=", 3, Operation::unequal},
                                                {"<", 3, Operation::less},
                                                {">", 3, Operation::more},
                                                {"+", 4, Operation::add},
                                                {"-", 4, Operation::subtract},
                                                {"*", 5, Operation::multiply},
                                                {"/", 5, Operation::divide}});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// By recursive descent; throws ExpressionError.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Expression expression() {
    whole();
    if (const std::string_view rest = token(); rest == ",")
      throw ExpressionError{text_.size(), "is a list"};
    else if (!rest.empty())
      misplaced(rest);
    return std::move(result_);
  }

 private:
  /// Counts how deep the reader is in brackets and the like: each costs it some of its own stack.
  class Depth {
   public:
    explicit Depth(Reader& reader) : reader_(reader) {
      if (++reader_.depth_ > kDeepest)
        throw ExpressionError{reader_.at_, fmt::format("is nested more than {} deep", kDeepest)};
    }
    ~Depth() { --reader_.depth_; }

   private:
    Reader& reader_;
  };

  /// What comes next: a name, a number's first character, an operator or one character; empty at the end.
  std::string_view token() {
    while (at_ < text_.size() && text_[at_] == ' ')
      ++at_;
    const std::string_view rest = text_.substr(at_);
    if (rest.empty()) return rest;
    if (is_letter(rest[0]))
      return {rest.begin(), std::ranges::find_if_not(rest, [](char c) { return is_letter(c) || is_digit(c); })};
    const auto* const two =
        std::ranges::find_if(kBinary, [&](const Binary& binary) { return rest.starts_with(binary.text); });
    return rest.substr(0, two == kBinary.end() ? 1 : two->text.size());
  }
  bool taken(std::string_view wanted) {
    if (token() != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  [[noreturn]] void misplaced(std::string_view token) const {
    constexpr std::string_view kOperators = "+-*/^<>=!&|";
    if (token.empty()) throw ExpressionError{text_.size(), "ends too early"};
    if (token == "=") throw ExpressionError{at_, "has a single '='"};
    const std::string_view kind = token == "(" || token == ")"                          ? "a bracket "
                                  : kOperators.find(token[0]) != std::string_view::npos ? "an operator "
                                                                                        : "";
    throw ExpressionError{at_, fmt::format("has {}'{}' out of place", kind, token)};
  }

  void whole() {
    const Depth depth(*this);
    binary(kLowest);
    if (!taken("?")) return;
    whole();
    if (!taken(":")) misplaced(token());
    whole();
    result_.push(Operation::choice);
  }

  void binary(int level) {
    signed_power();
    for (;;) {
      const std::string_view next = token();
      const auto* const found = std::ranges::find(kBinary, next, &Binary::text);
      if (found == kBinary.end() || found->level < level) return;
      at_ += next.size();
      binary(found->level + 1);
      result_.push(found->operation);
    }
  }

  void signed_power() {
    const bool minus = taken("-");
    if (!minus) taken("+");
    operand();
    if (taken("^")) {
      const Depth depth(*this);
      signed_power();
      result_.push(Operation::power);
    }
    if (minus) result_.push(Operation::minus);
  }

  void operand() {
    const std::string_view next = token();
    if (next == "(") return bracket();
    if (!next.empty() && (is_digit(next[0]) || next[0] == '.')) return number();
    if (next.empty() || !is_letter(next[0])) misplaced(next);
    if (next == "S" || next == "pi" || next == "e") {
      at_ += next.size();
      if (next == "S")
        result_.push(Operation::spot);
      else if (next == "pi")
        result_.push_number(std::numbers::pi, Interval::pi());
      else
        result_.push_number(std::numbers::e, exp(Interval(1)));
      return;
    }
    const auto* const function = std::ranges::find(kFunctions, next, &Function::name);
    if (function == kFunctions.end())
      throw ExpressionError{at_, fmt::format("has '{}', which is neither S nor a function", next)};
    call(*function);
  }

  void bracket() {
    taken("(");
    whole();
    close();
  }
  void close() {
    if (taken(")")) return;
    const std::string_view next = token();
    if (next.empty()) throw ExpressionError{text_.size(), "has an opening bracket without a closing one"};
    misplaced(next);
  }

  void number() {
    const char *const begin = text_.data() + at_, *const end = text_.data() + text_.size();
    double value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value);
    const std::string_view digits(begin, static_cast<std::size_t>(stop - begin));
    if (error == std::errc::result_out_of_range)
      throw ExpressionError{at_, fmt::format("has '{}', which is out of range", digits)};
    if (error != std::errc()) misplaced(text_.substr(at_, 1));
    at_ += digits.size();
    result_.push_number(value, Interval::of_text(std::string(digits)));
  }

  void call(const Function& function) {
    at_ += function.name.size();
    if (!taken("(")) misplaced(token());
    if (token() == ")") throw ExpressionError{at_, fmt::format("gives '{}' too few arguments", function.name)};
    std::size_t arguments = 0;
    do {
      whole();
      if (++arguments > function.arguments && function.arguments != kAny)
        throw ExpressionError{at_, fmt::format("gives '{}' too many arguments", function.name)};
      if (arguments > 1) result_.push(function.operation);
    } while (taken(","));
    if (token() == ")" && arguments < function.arguments)
      throw ExpressionError{at_, fmt::format("gives '{}' too few arguments", function.name)};
    close();
    if (function.arguments == 1) result_.push(function.operation);
    if (function.name == "avg") {
      result_.push_number(static_cast<double>(arguments), Interval(static_cast<double>(arguments)));
      result_.push(Operation::divide);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Expression result_;
};

}  // namespace

void Expression::push_number(double number, Interval exactly) {
  steps_.push_back({Operation::number, numbers_.size()});
  numbers_.push_back(number);
  exactly_.emplace_back(std::move(exactly));
}

double Expression::value(double spot) const { return run<double>(steps_, numbers_, spot); }
Jet Expression::on(const Interval& spots) const { return run<Jet>(steps_, exactly_, Jet::spot(spots)); }

Expression Expression::times(double factor) const {
  Expression result = *this;
  result.push_number(factor, Interval(decimal(factor)));
  result.push(Operation::multiply);
  return result;
}

std::variant<Expression, ExpressionError> parse_expression(std::string_view text) try {
  if (text.size() > kLongest) return ExpressionError{kLongest, fmt::format("is longer than {} characters", kLongest)};
  if (text.find_first_not_of(' ') == std::string_view::npos) return ExpressionError{0, "is empty"};
  if (const auto bad = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; }); bad != text.end())
    return ExpressionError{static_cast<std::size_t>(bad - text.begin()), "has a character that is not printable ASCII"};
  return Reader(text).expression();
} catch (const ExpressionError& error) {
  return error;
}

}  // namespace strikenet
