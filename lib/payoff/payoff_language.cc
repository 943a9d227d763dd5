#include "strikenet/payoff/payoff_language.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/problem_list.h"
#include "payoff/expression.h"
#include "strikenet/payoff/textbook.h"

namespace strikenet {
namespace {

using Numbers = std::span<const double>;
using Make = Payoff (*)(Numbers);

/// A form whose arguments are numbers.
struct NumberForm {
  PayoffForm form;
  Make make;
};

Strike strike(Numbers numbers, std::size_t i) { return Strike(numbers[i]); }

template <PiecewiseLinear (*Of)(Strike)>
Payoff one(Numbers n) {
  return Of(strike(n, 0));
}
template <PiecewiseLinear (*Of)(Strike, Strike)>
Payoff two(Numbers n) {
  return Of(strike(n, 0), strike(n, 1));
}
template <PiecewiseLinear (*Of)(Strike, Strike, Strike)>
Payoff three(Numbers n) {
  return Of(strike(n, 0), strike(n, 1), strike(n, 2));
}
template <PiecewiseLinear (*Of)(Strike, double)>
Payoff with_cash(Numbers n) {
  return Of(strike(n, 0), n[1]);
}

constexpr auto kNumberForms = std::to_array<NumberForm>({
    {{"call", "STRIKE", "(S - K)+"}, one<call>},
    {{"put", "STRIKE", "(K - S)+"}, one<put>},
    {{"forward", "STRIKE", "S - K"}, one<forward>},
    {{"straddle", "STRIKE", "a call and a put"}, one<straddle>},
    {{"strangle", "LOW,HIGH", "a put at LOW and a call at HIGH"}, two<strangle>},
    {{"risk-reversal", "LOW,HIGH", "a call at HIGH, less a put at LOW"}, two<risk_reversal>},
    {{"call-spread", "LOW,HIGH", "a call at LOW, less one at HIGH"}, two<call_spread>},
    {{"put-spread", "LOW,HIGH", "a put at HIGH, less one at LOW"}, two<put_spread>},
    {{"butterfly", "LOW,MIDDLE,HIGH", "rises from LOW to MIDDLE, falls to 0 at HIGH"}, three<butterfly>},
    {{"condor", "K1,K2,K3,K4", "rises from K1 to K2, falls from K3 to 0 at K4"},
     [](Numbers n) -> Payoff { return condor(strike(n, 0), strike(n, 1), strike(n, 2), strike(n, 3)); }},
    {{"ladder", "LOW,MIDDLE,HIGH", "a call at LOW, less one at each of the others"}, three<ladder>},
    {{"capped-call", "STRIKE,CAP", "a call that pays at most CAP"}, with_cash<capped_call>},
    {{"digital-call", "STRIKE,CASH", "CASH if S >= K"}, with_cash<digital_call>},
    {{"digital-put", "STRIKE,CASH", "CASH if S < K"}, with_cash<digital_put>},
    {{"gap-call", "TRIGGER,STRIKE", "S - K if S >= TRIGGER"}, two<gap_call>},
    {{"gap-put", "TRIGGER,STRIKE", "K - S if S < TRIGGER"}, two<gap_put>},
    {{"log", "STRIKE", "ln(S / K); a curve"}, [](Numbers n) -> Payoff { return log_payoff(strike(n, 0)); }},
    {{"power", "STRIKE,POWER", "((S - K)+)^POWER; a curve"},
     [](Numbers n) -> Payoff { return power_payoff(strike(n, 0), n[1]); }},
});
constexpr PayoffForm kPoints = {"pwl", "S=VALUE,S=VALUE,...", "straight between these points and beyond them"};
constexpr PayoffForm kExpression = {"expr", "FUNCTION OF S", "any function of the spot; a curve"};

constexpr auto kForms = [] {
  std::array<PayoffForm, kNumberForms.size() + 2> forms{};
  for (std::size_t i = 0; i < kNumberForms.size(); ++i)
    forms[i] = kNumberForms[i].form;
  forms[kNumberForms.size()] = kPoints;
  forms[kNumberForms.size() + 1] = kExpression;
  return forms;
}();

/// A part of the text and where it begins, from 0.
struct Part {
  std::string_view text;
  std::size_t begin;
};

std::vector<Part> parts_of(const Part& list, char separator) {
  std::vector<Part> parts;
  for (std::size_t begin = 0; begin <= list.text.size();) {
    const std::size_t end = std::min(list.text.find(separator, begin), list.text.size());
    parts.push_back({list.text.substr(begin, end - begin), list.begin + begin});
    begin = end + 1;
  }
  return parts;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::string names() {
  std::string text;
  for (const PayoffForm& form : kForms)
    text.append(text.empty() ? "" : ", ").append(form.name);
  return text;
}

class PayoffReader {
 public:
  explicit PayoffReader(std::string_view where) : where_(where) {}

  Result<Payoff> read(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      reject(0, "payoff", text, "NAME:ARGUMENTS, as in call:100");
      return problems_;
    }
    const std::string_view name = text.substr(0, colon);
    const Part arguments{text.substr(colon + 1), colon + 1};
    if (name == kPoints.name) return points(arguments);
    if (name == kExpression.name) return expression(arguments);
    const auto found = std::ranges::find(kNumberForms, name, [](const NumberForm& form) { return form.form.name; });
    if (found != kNumberForms.end()) return of_numbers(*found, arguments);
    reject(0, "payoff", name, "one of " + names());
    return problems_;
  }

 private:
  void say(std::size_t position, std::string_view sentence) {
    problems_.lines.push_back(fmt::format("{}:{}: {}", where_, position + 1, sentence));
  }
  void reject(std::size_t position, std::string_view what, std::string_view got, std::string_view rule) {
    say(position, fmt::format("{} is '{}', but must be {}", what, printable(got), rule));
  }

  std::optional<double> number(const Part& part, std::string_view what) {
    const auto number = number_of(part.text);
    if (!number) reject(part.begin, what, part.text, "a number");
    return number;
  }

  Result<Payoff> of_numbers(const NumberForm& form, const Part& arguments) {
    const std::vector<Part> parts = parts_of(arguments, ',');
    const auto wanted = parts_of({form.form.arguments, 0}, ',');
    if (parts.size() != wanted.size()) {
      say(arguments.begin, fmt::format("number of arguments of {} is {}, but must be {}: {}", form.form.name,
                                       parts.size(), wanted.size(), form.form.arguments));
      return problems_;
    }
    std::vector<double> numbers;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (const auto read = number(parts[i], wanted[i].text)) numbers.push_back(*read);
    if (!problems_.lines.empty()) return problems_;
    try {
      return form.make(numbers);
    } catch (const PreconditionError& error) {
      say(arguments.begin, error.what());
      return problems_;
    }
  }

  Result<Payoff> points(const Part& arguments) {
    std::vector<Point> points;
    for (const Part& part : parts_of(arguments, ',')) {
      const std::vector<Part> sides = parts_of(part, '=');
      if (sides.size() != 2) {
        reject(part.begin, "point", part.text, "S=VALUE");
        continue;
      }
      const auto x = number(sides[0], "spot"), y = number(sides[1], "value");
      if (x && y) points.push_back({*x, *y});
    }
    if (!problems_.lines.empty()) return problems_;
    try {
      return Payoff(through(points));
    } catch (const PreconditionError& error) {
      say(arguments.begin, error.what());
      return problems_;
    }
  }

  Result<Payoff> expression(const Part& arguments) {
    auto parsed = parse_expression(arguments.text);
    if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
      say(arguments.begin + error->position, fmt::format("expression {}, but must be a function of S", error->what));
      return problems_;
    }
    const auto formula = std::make_shared<const Expression>(std::get<Expression>(std::move(parsed)));
    return Payoff(Curve{[formula](double spot) { return formula->value(spot); }, std::string(where_), formula});
  }

  std::string_view where_;
  Problems problems_ = {};
};

}  // namespace

std::span<const PayoffForm> payoff_forms() { return kForms; }

Result<Payoff> parse_payoff(std::string_view text, std::string_view where) { return PayoffReader(where).read(text); }

bool looks_like_payoff(std::string_view text) {
  return std::ranges::any_of(kForms, [&](const PayoffForm& form) {
    return text.starts_with(form.name) && text.substr(form.name.size()).starts_with(':');
  });
}

}  // namespace strikenet
