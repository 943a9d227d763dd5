#include "payoff_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <variant>

#include "number_list.h"
#include "strikenet/io/position_file.h"
#include "strikenet/onnx/onnx_network.h"
#include "strikenet/portfolio/flatten.h"

namespace strikenet::app {
namespace {

constexpr double kWidth = 1e-4;
constexpr int kMostPieces = 10'000;

std::optional<std::pair<double, double>> range_of(const std::string& text) {
  const std::vector<std::string> ends = parts_of(text, ':');
  if (ends.size() != 2) return std::nullopt;
  const double low = number_of(ends[0]), high = number_of(ends[1]);
  if (!(low >= 0 && high > low && high <= 1e12)) return std::nullopt;
  return std::pair(low, high);
}

std::optional<Side> side_of(const std::string& word) {
  if (word.empty() || word == "nearest") return Side::nearest;
  if (word == "above") return Side::above;
  if (word == "below") return Side::below;
  return std::nullopt;
}

/// Six digits that are no less.
std::string rounded_up(double number) {
  if (!(number > 0)) return fmt::format("{:g}", number);
  const double unit = std::pow(10, std::floor(std::log10(number)) - 5);
  return fmt::format("{:.6g}", std::ceil(number / unit) * unit);
}

Result<Replica> replica_of(const Curve& curve, const PayoffWords& words) {
  if (words.range.empty() || words.pieces.has_value() == words.error.has_value())
    return Problems{
        {"payoff is a curve, but must have --range and one of --pieces and --error: a book of options "
         "follows it between two spots only"}};
  if (words.width) return Problems{{"--width has no meaning for a curve"}};
  const auto [low, high] = *range_of(words.range);
  const CurveRange range{low, high, *side_of(words.side), words.beyond};
  auto fit = words.pieces ? best_pieces(curve, range, static_cast<std::size_t>(*words.pieces))
                          : fewest_pieces(curve, range, *words.error);
  if (!fit) return fit.problems();
  const CurveFit& found = fit.value();
  Replica replica{found.f, found.error};
  replica.note = fmt::format(
      "note: a curve as {} straight pieces, at most {} away {} from {:g} to {:g}{}\n", found.pieces,
      rounded_up(found.error),
      found.not_proved.empty() ? "at every spot" : fmt::format("where it was looked at ({})", found.not_proved), low,
      high, words.beyond ? "" : "; beyond, they go straight on");
  replica.curve = found;
  return replica;
}

Result<Replica> replica_of(const PiecewiseLinear& f, const PayoffWords& words) {
  if (!words.range.empty() || words.pieces || words.error)
    return Problems{{"--range, --pieces and --error have no meaning for a payoff of straight pieces"}};
  if (f.jumps() == 0) {
    if (words.width || !words.side.empty())
      return Problems{{"--width and --side have no meaning for a payoff without jumps"}};
    return Replica{f};
  }
  const double width = words.width.value_or(kWidth);
  Replica replica{call_spreads(f, width, *side_of(words.side)), f.jumps()};
  replica.below = call_spreads(f, width, Side::below);
  replica.above = call_spreads(f, width, Side::above);
  replica.note = fmt::format(
      "note: each jump as a call spread {:g} times its strike wide, where the payoff is off by at most {:g}\n", width,
      f.jumps());
  return replica;
}

bool has_smooth(const DeepNetwork& network) {
  return std::ranges::any_of(network.layers(),
                             [](const Layer& layer) { return std::holds_alternative<Smooth>(layer.operation); });
}

/// Straight activations exactly, smooth ones within --error.
Result<Replica> replica_of(const DeepNetwork& network, PayoffWords words, const std::string& file) try {
  const std::optional<double> error = std::exchange(words.error, {});
  if (!words.empty() || (error && !has_smooth(network)))
    return Problems{
        {"--range, --pieces, --side and --width have no meaning for a network, nor has --error where its "
         "activations are straight"}};
  if (!error) {
    Replica exact{piecewise_linear(network)};
    exact.network = network;
    return exact;
  }
  const auto [middle, distance] = enclose(network, *error);
  Replica near{middle, distance};
  near.below = middle + PiecewiseLinear(-distance, 0);
  near.above = middle + PiecewiseLinear(distance, 0);
  near.note = fmt::format("note: {} is within {} of this everywhere, by a bound computed in floating point\n", file,
                          rounded_up(distance));
  near.network = network;
  return near;
} catch (const PreconditionError& problem) {
  return Problems{{fmt::format("{}: {}", file, problem.what())}};
}

}  // namespace

Problems problems_of(const PayoffWords& words) {
  Problems problems;
  const auto reject = [&](std::string_view option, std::string_view value, std::string_view rule) {
    problems.lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (!words.range.empty() && !range_of(words.range))
    reject("--range", words.range, "LOW:HIGH, two numbers from 0 to 1e12 with LOW below HIGH");
  if (!side_of(words.side)) reject("--side", words.side, "below, nearest or above");
  if (words.pieces && (*words.pieces < 1 || *words.pieces > kMostPieces))
    reject("--pieces", std::to_string(*words.pieces), fmt::format("from 1 to {}", kMostPieces));
  if (words.error && !(*words.error > 0 && *words.error <= 1e12))
    reject("--error", fmt::format("{}", *words.error), "above 0 and at most 1e12");
  if (words.width && !(*words.width >= 1e-9 && *words.width <= 0.5))
    reject("--width", fmt::format("{}", *words.width), "from 1e-9 to 0.5");
  return problems;
}

bool is_in_words(const std::string& input) {
  std::error_code none;
  return looks_like_payoff(input) && !std::filesystem::exists(input, none);
}

bool is_position(const Input& input) {
  const InputKind kind = kind_of(input);
  return kind == InputKind::onnx || kind == InputKind::position;
}

Result<Replica> replica_of(const Payoff& payoff, const PayoffWords& words) {
  return std::visit([&](const auto& of) { return replica_of(of, words); }, payoff);
}

Result<WrittenPayoff> payoff_of(const Input& input) {
  if (kind_of(input) == InputKind::onnx) {
    auto network = read_onnx(input.bytes, input.name);
    if (!network) return network.problems();
    return WrittenPayoff{std::move(network).value(), input.name};
  }
  auto position = read_position(input.bytes, input.name);
  if (!position) return position.problems();
  return std::visit([&](auto&& of) { return WrittenPayoff{std::move(of), input.name}; }, std::move(position).value());
}

Result<WrittenPayoff> read_payoff(const std::string& input, const std::string& where) {
  std::error_code none;
  const bool is_file = input == "-" || input.ends_with(".onnx") || std::filesystem::exists(input, none);
  if (is_file) {
    const auto read = read_input(input);
    return read ? payoff_of(read.value()) : read.problems();
  }
  auto payoff = parse_payoff(input, where);
  if (!payoff) return payoff.problems();
  return WrittenPayoff{std::move(payoff).value()};
}

Result<Replica> replica_of(const WrittenPayoff& payoff, const PayoffWords& words) {
  if (const auto* written = std::get_if<Payoff>(&payoff.what)) return replica_of(*written, words);
  if (const auto* network = std::get_if<DeepNetwork>(&payoff.what)) return replica_of(*network, words, payoff.file);
  return replica_of(piecewise_linear(std::get<OptionPortfolio>(payoff.what)), words);
}

Result<Replica> read_replica(const std::string& input, const PayoffWords& words, const std::string& where) {
  const auto payoff = read_payoff(input, where);
  return payoff ? replica_of(payoff.value(), words) : payoff.problems();
}

}  // namespace strikenet::app
