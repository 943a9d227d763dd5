#include "strikenet/report/position_report.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "report/columns.h"
#include "report/price_json.h"

namespace strikenet {
namespace {

/// A row of the table of legs.
struct Row {
  std::string type;
  std::optional<double> strike;
  double units;
};

std::vector<Row> rows_of(const OptionPortfolio& portfolio) {
  std::vector<Row> rows;
  if (portfolio.cash() != 0) rows.push_back({"cash", {}, portfolio.cash()});
  if (portfolio.shares() != 0) rows.push_back({"shares", {}, portfolio.shares()});
  for (const auto& [type, strike, units] : portfolio.legs())
    rows.push_back({std::string(1, letter(type)), strike.value(), units});
  return rows;
}

constexpr int kDigits = 8;

std::string shown(double number) {
  if (std::isinf(number)) return number > 0 ? "infinity" : "-infinity";
  return fmt::format("{:.{}g}", number, kDigits);
}

std::string legs_table(const OptionPortfolio& portfolio) {
  const std::vector<Row> rows = rows_of(portfolio);
  if (rows.empty()) return "nothing is held\n";
  return text_table_of({{"type", [&](std::size_t i) { return Cell(rows[i].type); }},
                        {"strike", [&](std::size_t i) { return number_cell(rows[i].strike); }, kDigits},
                        {"units", [&](std::size_t i) { return number_cell(rows[i].units); }, kDigits}},
                       rows.size());
}

std::string property(std::string_view name, const std::optional<double>& broken_at, std::string_view how) {
  return broken_at ? fmt::format("{:<11}no: {} at {}\n", name, how, shown(*broken_at))
                   : fmt::format("{:<11}yes\n", name);
}

}  // namespace

std::string position_table(const PositionReport& report) {
  const PayoffFacts facts = facts_of(report.payoff);
  std::string text = legs_table(report.portfolio) + "\n";
  text += fmt::format("pieces     {}\n", report.payoff.pieces());
  text += report.error == 0 && !report.measured ? "error      none: exact\n"
          : report.measured
              ? fmt::format("error      {} where it was looked at, not bounded between\n", shown(report.error))
              : fmt::format("error      at most {}\n", shown(report.error));
  text += fmt::format("lowest     {} at {}\nhighest    {} at {}\n", shown(facts.lowest.value), shown(facts.lowest.at),
                      shown(facts.highest.value), shown(facts.highest.at));
  text += fmt::format("slopes     {} to {}\nLipschitz  {}\n", shown(facts.smallest_slope), shown(facts.largest_slope),
                      shown(facts.lipschitz));
  text += property("convex", facts.not_convex_at, "the slope falls, or the value jumps,");
  text += property("concave", facts.not_concave_at, "the slope rises, or the value jumps,");
  text += property("increasing", facts.not_increasing_at, "it begins to fall");
  text += property("decreasing", facts.not_decreasing_at, "it begins to rise");
  if (report.band)
    text += fmt::format("radius     {} around {}, where the value stays from {} to {}\n", shown(report.band->radius),
                        shown(report.band->from), shown(report.band->low), shown(report.band->high));
  return text;
}

std::string position_json(const PositionReport& report) {
  const PayoffFacts facts = facts_of(report.payoff);
  const auto legs = report.portfolio.legs();
  const auto optional = [](const std::optional<double>& number) { return number ? json_number(*number) : "null"; };
  const auto extreme = [](const Extreme& of) {
    return fmt::format("{{\"value\": {}, \"at\": {}}}", json_number(of.value), json_number(of.at));
  };
  JsonMembers fields = {
      {"schema", json_text("strikenet.portfolio/1")},
      {"cash", json_number(report.portfolio.cash())},
      {"shares", json_number(report.portfolio.shares())},
      {"legs", json_of({{"type", [&](std::size_t i) { return Cell(std::string(1, letter(legs[i].type))); }},
                        {"strike", [&](std::size_t i) { return number_cell(legs[i].strike.value()); }},
                        {"units", [&](std::size_t i) { return number_cell(legs[i].units); }}},
                       legs.size(), "  ")},
      {"pieces", std::to_string(report.payoff.pieces())},
      {"error", json_number(report.error)},
      {"lowest", extreme(facts.lowest)},
      {"highest", extreme(facts.highest)},
      {"smallest_slope", json_number(facts.smallest_slope)},
      {"largest_slope", json_number(facts.largest_slope)},
      {"lipschitz", json_number(facts.lipschitz)},
      {"not_convex_at", optional(facts.not_convex_at)},
      {"not_concave_at", optional(facts.not_concave_at)},
      {"not_increasing_at", optional(facts.not_increasing_at)},
      {"not_decreasing_at", optional(facts.not_decreasing_at)}};
  if (report.band)
    fields.emplace_back("band", fmt::format("{{\"from\": {}, \"low\": {}, \"high\": {}, \"radius\": {}}}",
                                            json_number(report.band->from), json_number(report.band->low),
                                            json_number(report.band->high), json_number(report.band->radius)));
  return json_object(fields);
}

}  // namespace strikenet
