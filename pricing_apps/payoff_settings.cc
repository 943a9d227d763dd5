#include "payoff_settings.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "number_list.h"

namespace strikenet::app {
namespace {

constexpr double kWidth = 1e-4;
constexpr int kMostPieces = 10'000;

double number_of(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? number : std::numeric_limits<double>::quiet_NaN();
}

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

Result<Replica> replica_of_curve(const Curve& curve, const PayoffWords& words) {
  if (words.range.empty() || words.pieces.has_value() == words.error.has_value())
    return Problems{
        {"payoff is a curve, but must have --range and one of --pieces and --error: a book of options "
         "follows it between two spots only"}};
  if (words.width) return Problems{{"--width has no meaning for a curve"}};
  const auto [low, high] = *range_of(words.range);
  const CurveRange range{low, high, *side_of(words.side)};
  auto fit = words.pieces ? best_pieces(curve, range, static_cast<std::size_t>(*words.pieces))
                          : fewest_pieces(curve, range, *words.error);
  if (!fit) return fit.problems();
  return Replica{
      fit.value().f, fit.value().error,
      fmt::format("note: a curve as {} straight pieces, at most {:.6g} away from {:g} to {:g}; beyond, they go "
                  "straight on\n",
                  fit.value().pieces, fit.value().error, low, high)};
}

Result<Replica> replica_of_pieces(const PiecewiseLinear& f, const PayoffWords& words) {
  if (!words.range.empty() || words.pieces || words.error)
    return Problems{{"--range, --pieces and --error have no meaning for a payoff of straight pieces"}};
  if (f.jumps() == 0) {
    if (words.width || !words.side.empty())
      return Problems{{"--width and --side have no meaning for a payoff without jumps"}};
    return Replica{f};
  }
  const double width = words.width.value_or(kWidth);
  return Replica{
      call_spreads(f, width, *side_of(words.side)), f.jumps(),
      fmt::format("note: each jump as a call spread {:g} times its strike wide, where the payoff is off by at "
                  "most {:g}\n",
                  width, f.jumps())};
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

Result<Replica> replica_of(const Payoff& payoff, const PayoffWords& words) {
  if (const auto* curve = std::get_if<Curve>(&payoff)) return replica_of_curve(*curve, words);
  return replica_of_pieces(std::get<PiecewiseLinear>(payoff), words);
}

}  // namespace strikenet::app
