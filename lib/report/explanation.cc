#include "strikenet/report/explanation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/columns.h"
#include "report/price_json.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kLeast = 1e-9;  // share of what is listed: below it is rounding

Explanation explanation_of(const std::vector<double>& sensitivities, std::size_t top) {
  Explanation result;
  for (const double sensitivity : sensitivities)
    result.sensitivity_sum += std::abs(sensitivity);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sensitivities.size(); ++i)
    if (std::abs(sensitivities[i]) > kLeast * result.sensitivity_sum) order.push_back(i);
  const auto shown = static_cast<std::ptrdiff_t>(std::min(top, order.size()));
  std::ranges::partial_sort(order, order.begin() + shown, [&](std::size_t a, std::size_t b) {
    const double of_a = std::abs(sensitivities[a]), of_b = std::abs(sensitivities[b]);
    return of_a != of_b ? of_a > of_b : a < b;
  });
  order.resize(static_cast<std::size_t>(shown));
  for (const std::size_t i : order)
    result.quotes.push_back({i, sensitivities[i], std::abs(sensitivities[i]) / result.sensitivity_sum});
  return result;
}

/// One line of the CSV: a quote that an option leans on.
struct Line {
  const PricedExpiry* expiry;
  const PricedOption* option;
  const Quote* quote;
  QuoteShare share;
};

std::vector<Line> lines_of(const ExplainedPrices& explained) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < explained.explanations.size(); ++i) {
    const PricedOption& option = explained.prices.options[i].option;
    for (const QuoteShare& share : explained.explanations[i].quotes)
      lines.push_back(
          {&explained.prices.expiries[option.expiry], &option, &explained.chain.quotes[share.quote], share});
  }
  return lines;
}

/// Of the quote, as in quotes.csv, and what it contributes; `prefix` tells its columns from those of the option.
std::vector<Column> quote_columns(const std::vector<Line>& lines, std::vector<std::string_view> names) {
  const auto text = [&lines](auto of) {
    return [&lines, of](std::size_t row) { return Cell(std::string(of(*lines[row].quote))); };
  };
  const auto number = [&lines](auto of) {
    return [&lines, of](std::size_t row) { return number_cell(static_cast<double>(of(*lines[row].quote))); };
  };
  return {{"row", number([](const Quote& quote) { return quote.line; }), 10},
          {names[0], text([](const Quote& quote) { return quote.key.expiry; })},
          {names[1], text([](const Quote& quote) { return quote.key.root; })},
          {names[2], number([](const Quote& quote) { return quote.strike; }), 8},
          {names[3], text([](const Quote& quote) { return std::string(1, letter(quote.type)); })},
          {"bid", number([](const Quote& quote) { return quote.bid; })},
          {"ask", number([](const Quote& quote) { return quote.ask; })},
          {"sensitivity", [&lines](std::size_t row) { return number_cell(lines[row].share.sensitivity); }},
          {"share", [&lines](std::size_t row) { return number_cell(lines[row].share.share); }}};
}

std::vector<Column> columns_of(const std::vector<Line>& lines) {
  std::vector<Column> columns = {
      {"expiry", [&lines](std::size_t row) { return Cell(lines[row].expiry->key.expiry); }},
      {"root", [&lines](std::size_t row) { return Cell(lines[row].expiry->key.root); }},
      {"strike", [&lines](std::size_t row) { return number_cell(lines[row].option->strike.value()); }, 8},
      {"type", [&lines](std::size_t row) { return Cell(std::string(1, letter(lines[row].option->type))); }},
      {"price", [&lines](std::size_t row) { return number_cell(lines[row].option->price); }}};
  std::ranges::move(quote_columns(lines, {"quote_expiry", "quote_root", "quote_strike", "quote_type"}),
                    std::back_inserter(columns));
  return columns;
}

}  // namespace

std::vector<Explanation> explain_prices(const SurfaceFit& fit, const CallSurface& surface,
                                        std::span<const AskedExpiry> expiries, std::span<const AskedOption> options,
                                        std::size_t top) {
  std::vector<std::vector<WeightGradient>> gradients;
  for (const AskedOption& option : options) {
    require(option.expiry < expiries.size(), "explain_prices", "expiry of an option",
            static_cast<double>(option.expiry), "must be one of the expiries");
    const AskedExpiry& expiry = expiries[option.expiry];
    const std::optional<std::size_t> slice = slice_of(surface, expiry);
    const Forward forward = slice ? surface.surface().slices[*slice].forward : surface.forward(expiry.t);
    // A call and a put differ by parity. The one out of the money has the smaller numbers, and so the smaller rounding.
    const OptionType type = option.strike < Strike(forward.value()) ? OptionType::put : OptionType::call;
    if (slice)
      gradients.push_back({surface.weight_gradient(type, option.strike, *slice)});
    else
      gradients.push_back(surface.weight_gradients(type, option.strike, expiry.t));
  }
  std::vector<Explanation> result;
  for (const std::vector<double>& sensitivities : fit.sensitivities(gradients))
    result.push_back(explanation_of(sensitivities, top));
  return result;
}

std::string explanations_csv(const ExplainedPrices& explained) {
  const std::vector<Line> lines = lines_of(explained);
  return csv_of(columns_of(lines), lines.size());
}

std::string explanations_table(const ExplainedPrices& explained) {
  const std::vector<Line> lines = lines_of(explained);
  return text_table_of(columns_of(lines), lines.size());
}

std::string explanations_json(const PricingBasis& basis, const ExplainedPrices& explained) {
  const auto of_option = [&](std::size_t option) -> JsonMembers {
    const Explanation& explanation = explained.explanations[option];
    std::vector<Line> lines;
    for (const QuoteShare& share : explanation.quotes)
      lines.push_back({nullptr, nullptr, &explained.chain.quotes[share.quote], share});
    const auto columns = quote_columns(lines, {"expiry", "root", "strike", "type"});
    return {{"sensitivity_sum", json_number(explanation.sensitivity_sum)},
            {"quotes", json_of(columns, lines.size(), "    ")}};
  };
  return prices_json(basis, explained.prices, {{"chain", json_text(explained.chain.file)}}, of_option);
}

}  // namespace strikenet
