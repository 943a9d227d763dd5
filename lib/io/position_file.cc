#include "strikenet/io/position_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/problem_list.h"
#include "io/chain_text.h"
#include "io/csv_table.h"
#include "io/json_fields.h"
#include "io/row_reader.h"
#include "io/text_file.h"

namespace strikenet {
namespace {

using nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::string_view kNetwork = "strikenet.network/1", kPortfolio = "strikenet.portfolio/1";
constexpr const char* kInput = "x";

constexpr NumberRule kAnyNumber{"a number", -HUGE_VAL, true, "from -1e300 to 1e300", -1e300, 1e300};

double number_of(const JsonFields& fields, const char* key, double otherwise) {
  return fields.optional_number(key, kAnyNumber).value_or(otherwise);
}

// --- networks --------------------------------------------------------------------------------------------------------

Dense dense_of(const JsonFields& layer) {
  Dense dense{{}, layer.numbers("bias")};
  for (const std::vector<double>& row : layer.rows("weights"))
    dense.weights.insert(dense.weights.end(), row.begin(), row.end());
  return dense;
}

Scale batch_norm_of(const JsonFields& layer, ProblemList& problems) {
  try {
    return folded_batch_norm(layer.numbers("gamma"), layer.numbers("beta"), layer.numbers("mean"),
                             layer.numbers("variance"), number_of(layer, "epsilon", 1e-5));
  } catch (const PreconditionError& error) {
    problems.add(0, error.what());
    return {};
  }
}

constexpr const char* kOperations =
    "dense, scale, batch_norm, relu, rectify, clip, gelu, silu, softplus, tanh, add, maximum, minimum, concat or "
    "constant";

std::optional<Operation> operation_of(const JsonFields& layer, ProblemList& problems) {
  const auto text = layer.text("op");
  if (!text) return std::nullopt;
  const std::string& op = *text;
  if (op == "dense") return dense_of(layer);
  if (op == "scale") return Scale{layer.numbers("factor"), layer.numbers("shift")};
  if (op == "batch_norm") return batch_norm_of(layer, problems);
  if (op == "relu") return Rectify{};
  if (op == "rectify") return Rectify{layer.numbers("slope")};
  if (op == "clip") return Clip{number_of(layer, "low", -HUGE_VAL), number_of(layer, "high", HUGE_VAL)};
  if (op == "constant") return Constant{layer.numbers("values")};
  for (const Operation& plain : {Operation(Smooth{Smooth::Kind::gelu}), Operation(Smooth{Smooth::Kind::silu}),
                                 Operation(Smooth{Smooth::Kind::softplus}), Operation(Smooth{Smooth::Kind::tanh}),
                                 Operation(Add{}), Operation(Maximum{}), Operation(Minimum{}), Operation(Concat{})})
    if (op == to_string(plain)) return plain;
  layer.reject("op", kOperations);
  return std::nullopt;
}

/// By name; a layer that names none reads the one before it.
std::vector<std::size_t> inputs_of(const JsonFields& layer, bool constant,
                                   const std::map<std::string, std::size_t>& known, std::size_t before) {
  if (!layer.has("inputs")) return constant ? std::vector<std::size_t>() : std::vector{before};
  std::vector<std::size_t> inputs;
  const std::vector<std::string> names = layer.texts("inputs");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = known.find(names[i]);
    if (found == known.end())
      layer.reject("inputs", i, "x, the network's input, or the name of a layer before this one");
    else
      inputs.push_back(found->second);
  }
  return inputs;
}

std::optional<Position> network_of(const JsonFields& file, ProblemList& problems) {
  std::vector<Layer> layers;
  std::map<std::string, std::size_t> known = {{kInput, 0}};
  for (const JsonFields& layer : file.objects("layers")) {
    const auto operation = operation_of(layer, problems);
    const std::string name = layer.optional_text("name").value_or(fmt::format("layer {}", layers.size() + 1));
    const bool constant = operation && std::holds_alternative<Constant>(*operation);
    const std::vector<std::size_t> inputs = inputs_of(layer, constant, known, layers.size());
    layers.push_back({name, operation.value_or(Add{}), inputs});
    if (known.emplace(name, layers.size()).second) continue;
    problems.add(0, fmt::format("/layers/{}: name is '{}', but must be unique", layers.size() - 1, printable(name)));
  }
  if (!problems.empty()) return std::nullopt;
  return DeepNetwork(std::move(layers));
}

Ordered json_of(const Operation& operation) {
  Ordered fields = {{"op", std::string(to_string(operation))}};
  if (const auto* dense = std::get_if<Dense>(&operation)) {
    const std::size_t columns = dense->weights.size() / dense->bias.size();
    fields["weights"] = Ordered::array();
    for (std::size_t row = 0; row < dense->bias.size(); ++row)
      fields["weights"].push_back(std::span(dense->weights).subspan(row * columns, columns));
    fields["bias"] = dense->bias;
  }
  if (const auto* scale = std::get_if<Scale>(&operation)) {
    fields["factor"] = scale->factor;
    fields["shift"] = scale->shift;
  }
  if (const auto* rectify = std::get_if<Rectify>(&operation)) fields["slope"] = rectify->slope;
  if (const auto* clip = std::get_if<Clip>(&operation)) {
    if (std::isfinite(clip->low)) fields["low"] = clip->low;
    if (std::isfinite(clip->high)) fields["high"] = clip->high;
  }
  if (const auto* constant = std::get_if<Constant>(&operation)) fields["values"] = constant->values;
  return fields;
}

/// The names of the input and the layers, unique.
std::vector<std::string> names_of(const DeepNetwork& network) {
  std::vector<std::string> names = {kInput};
  std::set<std::string> taken = {kInput};
  for (const Layer& layer : network.layers()) {
    std::string name = layer.name.empty() ? "layer" : layer.name;
    for (int number = 2; !taken.insert(name).second; ++number)
      name = fmt::format("{} {}", layer.name.empty() ? "layer" : layer.name, number);
    names.push_back(std::move(name));
  }
  return names;
}

// --- portfolios ------------------------------------------------------------------------------------------------------

std::optional<OptionType> type_of(std::string_view word) {
  if (word == "C" || word == "call") return OptionType::call;
  if (word == "P" || word == "put") return OptionType::put;
  return std::nullopt;
}

/// Legs in any order, several of a strike: in order, and as one. A put and a call of one strike are a call, cash and
/// shares by parity.
OptionPortfolio netted(double cash, double shares, const std::vector<OptionLeg>& legs) {
  std::map<double, OptionLeg> by_strike;
  for (const OptionLeg& leg : legs) {
    const auto [at, is_new] = by_strike.try_emplace(leg.strike.value(), leg);
    OptionLeg& held = at->second;
    if (is_new) continue;
    for (const OptionLeg& put : {held, leg}) {
      if (held.type == leg.type || put.type == OptionType::call) continue;
      cash += put.units * put.strike.value();
      shares -= put.units;
    }
    if (held.type != leg.type) held.type = OptionType::call;
    held.units += leg.units;
  }
  std::vector<OptionLeg> sorted;
  for (const auto& [strike, leg] : by_strike)
    if (leg.units != 0) sorted.push_back(leg);
  return {cash, shares, std::move(sorted)};
}

std::optional<Position> portfolio_of(const JsonFields& file, ProblemList& problems) {
  const double cash = number_of(file, "cash", 0), shares = number_of(file, "shares", 0);
  std::vector<OptionLeg> legs;
  for (const JsonFields& leg : file.objects("legs")) {
    const auto word = leg.text("type");
    const auto type = word ? type_of(*word) : std::nullopt;
    if (word && !type) leg.reject("type", "C, P, call or put");
    const auto strike = leg.number("strike", kAboveZero), units = leg.number("units", kAnyNumber);
    if (type && strike && units) legs.push_back({*type, Strike(*strike), *units});
  }
  if (!problems.empty()) return std::nullopt;
  return netted(cash, shares, legs);
}

/// A row is an option, or cash or shares without a strike. Several rows of cash, or of shares, add up.
Result<Position> read_csv(const CsvTable& table, std::string_view name) {
  ProblemList problems = table.problems();
  double cash = 0, shares = 0;
  std::vector<OptionLeg> legs;
  for_each_row(table, problems, [&](RowReader row) {
    const std::string_view word = row.text("type");
    const auto units = row.required_number("units", kAnyNumber);
    if (word == "cash" || word == "shares") {
      if (!row.text("strike").empty()) row.reject("strike", "left out for cash and shares");
      (word == "cash" ? cash : shares) += units.value_or(0);
      return;
    }
    const auto type = type_of(word);
    if (!type) row.reject("type", "cash, shares, C, P, call or put");
    const auto strike = row.required_number("strike", kAboveZero);
    if (type && strike && units) legs.push_back({*type, Strike(*strike), *units});
  });
  if (!problems.empty()) return problems.by_line(name);
  return Position(netted(cash, shares, legs));
}

// --- files -----------------------------------------------------------------------------------------------------------

bool is_table(const CsvTable& table) { return table.column("type") && table.column("strike") && table.column("units"); }

Result<Position> read_json(const json& file, std::string_view name) {
  ProblemList problems;
  const JsonFields root(file, "", problems);
  const auto schema = root.text("schema");
  if (schema && *schema != kNetwork && *schema != kPortfolio)
    root.reject("schema", fmt::format("\"{}\" or \"{}\"", kNetwork, kPortfolio));
  std::optional<Position> position;
  if (schema == kNetwork) position = network_of(root, problems);
  if (schema == kPortfolio) position = portfolio_of(root, problems);
  if (!problems.empty()) return problems.by_line(name);
  return std::move(*position);
}

}  // namespace

Result<Position> read_position(std::string_view text, std::string_view name) try {
  const ChainText file(text);
  if (file.json()) return read_json(*file.json(), name);
  if (file.is_json()) return file.problems().by_line(name);
  if (is_table(file.table())) return read_csv(file.table(), name);
  return file_problem(name,
                      "file is neither, but must be a network or a portfolio: JSON with its schema, or CSV with "
                      "the columns type, strike and units");
} catch (const PreconditionError& error) {
  return file_problem(name, error.what());
}

Result<Position> read_position_file(const std::string& path) {
  const Result<std::string> text = text_of_file(path);
  return text ? read_position(text.value(), input_name(path)) : text.problems();
}

std::string network_json(const DeepNetwork& network) {
  const std::vector<std::string> names = names_of(network);
  std::string text = fmt::format("{{\"schema\": \"{}\", \"layers\": [", kNetwork);
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const Layer& layer = network.layers()[i];
    Ordered fields = {{"name", names[i + 1]}};
    fields.update(json_of(layer.operation));
    fields["inputs"] = Ordered::array();
    for (const std::size_t input : layer.inputs)
      fields["inputs"].push_back(names[input]);
    text += (i > 0 ? ",\n  " : "\n  ") + fields.dump(-1, ' ', false, Ordered::error_handler_t::replace);
  }
  return text + "\n]}\n";
}

std::string portfolio_csv(const OptionPortfolio& portfolio) {
  std::string text = "type,strike,units\n";
  if (portfolio.cash() != 0) text += fmt::format("cash,,{}\n", portfolio.cash());
  if (portfolio.shares() != 0) text += fmt::format("shares,,{}\n", portfolio.shares());
  for (const auto& [type, strike, units] : portfolio.legs())
    text += fmt::format("{},{},{}\n", letter(type), strike.value(), units);
  return text;
}

}  // namespace strikenet
