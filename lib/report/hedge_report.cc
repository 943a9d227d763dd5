#include "strikenet/report/hedge_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "report/columns.h"

namespace strikenet {
namespace {

constexpr int kDigits = 8;

std::string shown(double number) {
  if (std::isinf(number)) return number > 0 ? "infinity" : "-infinity";
  return fmt::format("{:.{}g}", number, kDigits);
}
/// To eight digits of the largest of the position's numbers: what is a difference of such numbers has no more.
class Rounded {
 public:
  explicit Rounded(const HedgeReport& report) {
    double largest = 0;
    for (const double number :
         {report.fewer.hedge.cash, report.fewer.hedge.cost, report.residual.lowest, report.residual.highest})
      if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
    constexpr int kMostPlaces = 300;  // beyond, a power of ten is none
    if (largest > 0) places_ = std::min(kMostPlaces, kDigits - 1 - static_cast<int>(std::floor(std::log10(largest))));
  }
  double number(double value) const {
    const double scale = std::pow(10.0, places_);
    return std::isfinite(value) ? std::round(value * scale) / scale + 0.0 : value;  // + 0: no -0
  }
  std::string operator()(double value) const { return shown(number(value)); }

 private:
  int places_ = kDigits;
};

std::string shown(std::optional<double> number) { return number ? shown(*number) : "no bound"; }

std::string type_of(OptionType type) { return std::string(1, letter(type)); }

std::vector<Column> leg_columns(const HedgeReport& report) {
  const std::vector<HedgeLeg>& legs = report.fewer.hedge.legs;
  std::vector<Column> columns = {
      {"strike", [&](std::size_t i) { return number_cell(legs[i].strike.value()); }, kDigits},
      {"type", [&](std::size_t i) { return Cell(type_of(legs[i].type)); }},
      {"units", [&](std::size_t i) { return number_cell(legs[i].units); }, kDigits},
      {"price", [&](std::size_t i) { return number_cell(legs[i].price); }, kDigits}};
  if (report.multiplier != 1)
    columns.push_back(
        {"contracts", [&](std::size_t i) { return number_cell(legs[i].units / report.multiplier); }, kDigits});
  return columns;
}

std::vector<Column> dropped_columns(const std::vector<DroppedLeg>& dropped) {
  return {{"legs", [&](std::size_t i) { return number_cell(static_cast<double>(dropped[i].legs)); }},
          {"dropped_strike", [&](std::size_t i) { return number_cell(dropped[i].strike.value()); }, kDigits},
          {"dropped_type", [&](std::size_t i) { return Cell(type_of(dropped[i].type)); }},
          {"cost", [&](std::size_t i) { return number_cell(dropped[i].cost); }, kDigits},
          {"error", [&](std::size_t i) { return number_cell(dropped[i].error); }, kDigits}};
}

/// `left`: of what is left in each row.
std::vector<Column> delta_columns(const std::vector<DeltaRow>& rows, const std::function<double(double)>& left) {
  return {{"forward", [&](std::size_t i) { return number_cell(rows[i].forward); }, kDigits},
          {"payoff", [&](std::size_t i) { return number_cell(rows[i].payoff); }, kDigits},
          {"hedge", [&](std::size_t i) { return number_cell(rows[i].hedge); }, kDigits},
          {"left", [&rows, left](std::size_t i) { return number_cell(left(rows[i].hedge - rows[i].payoff)); }, kDigits},
          {"payoff_delta", [&](std::size_t i) { return number_cell(rows[i].payoff_delta); }, kDigits},
          {"hedge_delta", [&](std::size_t i) { return number_cell(rows[i].hedge_delta); }, kDigits}};
}

std::string_view meaning(HedgeSide side) {
  switch (side) {
    case HedgeSide::fit: return "nearest in the mean square of the fitted law";
    case HedgeSide::super: return "pays at least the payoff";
    case HedgeSide::sub: return "pays at most the payoff; to lock its cost in, trade the opposite";
  }
  return "?";
}

using Of = HedgedPieces::Of;

std::string spots(const SpotRange& range) { return fmt::format("from {} to {}", shown(range.from), shown(range.to)); }

/// Where the hedge is proved to bound what it bounds: the payoff, or the pieces beside a network.
SpotRange holds(const HedgeReport& report) {
  const auto& curve = report.fewer.hedge.side == HedgeSide::super ? report.pieces.above : report.pieces.below;
  return report.pieces.of == Of::curve && curve ? *curve : SpotRange{0, std::numeric_limits<double>::infinity()};
}

std::string proof(const HedgeReport& report) {
  const SpotRange range = holds(report);
  const bool everywhere = range.from == 0 && std::isinf(range.to);
  switch (report.pieces.of) {
    case Of::payoff: return "of the payoff, in rational arithmetic: it holds at every spot from 0 to infinity";
    case Of::curve:
      return fmt::format(
          "of the curve, by straight pieces beside it in interval arithmetic and of these in rational arithmetic: it "
          "holds at every spot {}{}",
          spots(range), everywhere ? "" : "; outside nothing is promised");
    case Of::network: break;
  }
  return "of the straight pieces beside the network alone, in rational arithmetic, at every spot from 0 to infinity: "
         "how "
         "far these are from the network is computed in floating point, not proved";
}

/// What the interval is.
std::string interval(const HedgeReport& report) {
  switch (report.pieces.of) {
    case Of::payoff: return "prices that no trade in these quotes contradicts";
    case Of::curve: break;
    case Of::network:
      return "prices of the straight pieces beside the network that no trade in these quotes contradicts lie within";
  }
  std::string text = "prices of the curve that no trade in these quotes contradicts lie within";
  SpotRange both{0, std::numeric_limits<double>::infinity()};
  for (const auto& side : {report.pieces.below, report.pieces.above})
    if (side) both = {std::max(both.from, side->from), std::min(both.to, side->to)};
  if (both.from > 0 || std::isfinite(both.to)) text += fmt::format(", if the spot ends {}", spots(both));
  return text;
}

std::string json_range(const std::optional<SpotRange>& range) {
  return range ? fmt::format("[{}, {}]", json_number(range->from), json_number(range->to)) : "null";
}

std::string proved_json(const HedgeReport& report) {
  if (report.fewer.hedge.side == HedgeSide::fit) return "null";
  const std::string_view object = report.pieces.of == Of::network ? "straight pieces" : "payoff";
  const SpotRange range = holds(report);
  return fmt::format("{{\"of\": \"{}\", \"from\": {}, \"to\": {}}}", object, json_number(range.from),
                     json_number(range.to));
}

std::string pieces_json(const HedgedPieces& pieces) {
  if (pieces.of == Of::payoff) return "null";
  return fmt::format("{{\"of\": \"{}\", \"below\": {}, \"above\": {}, \"not_proved\": {}}}",
                     pieces.of == Of::curve ? "curve" : "network", json_range(pieces.below), json_range(pieces.above),
                     pieces.not_proved.empty() ? "null" : json_text(pieces.not_proved));
}

std::string json_optional(std::optional<double> number) { return number ? json_number(*number) : "null"; }

}  // namespace

std::string hedge_table(const HedgeReport& report) {
  const Hedge& hedge = report.fewer.hedge;
  std::string text = text_table_of(leg_columns(report), hedge.legs.size());
  if (!hedge.legs.empty()) text += "\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<11}{}\n", name, value);
  };
  line("side", fmt::format("{}: {}", to_string(hedge.side), meaning(hedge.side)));
  line("expiry", fmt::format("{}, forward {}, discount factor {}", to_string(report.slice.key),
                             shown(report.slice.forward.value()), shown(report.slice.discount.value())));
  line("cash", shown(hedge.cash) + " at expiry");
  if (hedge.forward > 0)
    line("forward", fmt::format("{} units at {}", shown(hedge.forward_units), shown(hedge.forward)));
  line("cost", shown(hedge.cost));
  line("interval", fmt::format("{} to {}: {}", shown(report.sub_cost), shown(report.super_cost), interval(report)));
  line("fair", shown(report.fair) + " under the fitted law");
  if (hedge.gap > 1e-6 * std::max(1.0, std::abs(hedge.cost)))
    line("gap", shown(hedge.gap) + ": a cheaper one may be left, by at most that");
  if (hedge.side != HedgeSide::fit) line("proof", proof(report));
  const Residual& left = report.residual;
  const Rounded rounded(report);
  line("left over", fmt::format("hedge less {}: from {} at {} to {} at {}",
                                report.pieces.of == Of::payoff ? "payoff" : "straight pieces", rounded(left.lowest),
                                shown(left.lowest_at), rounded(left.highest), shown(left.highest_at)));
  line("", fmt::format("mean {}, standard deviation {} under the fitted law; worst {} at {}", rounded(left.mean),
                       rounded(left.deviation), rounded(left.worst), shown(left.worst_at)));
  if (!report.fewer.dropped.empty())
    text += "\nfewer legs\n" + text_table_of(dropped_columns(report.fewer.dropped), report.fewer.dropped.size());
  text += "\nif the forward moved today, vols by moneyness where they are\n" +
          text_table_of(delta_columns(report.deltas, [&](double value) { return rounded.number(value); }),
                        report.deltas.size());
  return text;
}

std::string hedge_json(const HedgeReport& report) {
  const Hedge& hedge = report.fewer.hedge;
  const Residual& left = report.residual;
  std::string text = fmt::format(
      "{{\n \"schema\": \"strikenet.replicate/2\",\n \"payoff\": {},\n \"side\": \"{}\",\n \"expiry\": {}, \"root\": "
      "{}, "
      "\"t\": {}, \"forward\": {}, \"discount\": {},\n \"size\": {}, \"multiplier\": {},\n",
      json_text(report.payoff), to_string(hedge.side), json_text(report.slice.key.expiry),
      json_text(report.slice.key.root), json_number(report.slice.t.value()), json_number(report.slice.forward.value()),
      json_number(report.slice.discount.value()), json_number(report.size), json_number(report.multiplier));
  text += fmt::format(
      " \"cost\": {},\n \"cash\": {}, \"forward_units\": {},\n \"legs\": {},\n \"max_shortfall\": {}, \"proved\": {}, "
      "\"pieces\": {},\n \"gap\": {},\n \"interval\": [{}, {}],\n \"fair\": {},\n",
      json_number(hedge.cost), json_number(hedge.cash), json_number(hedge.forward_units),
      json_of(leg_columns(report), hedge.legs.size(), "  "), json_number(hedge.max_shortfall), proved_json(report),
      pieces_json(report.pieces), json_number(hedge.gap), json_optional(report.sub_cost),
      json_optional(report.super_cost), json_number(report.fair));
  text += fmt::format(
      " \"residual\": {{\"lowest\": {}, \"lowest_at\": {}, \"highest\": {}, \"highest_at\": {}, \"mean\": {}, "
      "\"deviation\": {}, \"worst\": {}, \"worst_at\": {}}},\n",
      json_number(left.lowest), json_number(left.lowest_at), json_number(left.highest), json_number(left.highest_at),
      json_number(left.mean), json_number(left.deviation), json_number(left.worst), json_number(left.worst_at));
  text += fmt::format(" \"fewer_legs\": {},\n \"deltas\": {}\n}}\n",
                      json_of(dropped_columns(report.fewer.dropped), report.fewer.dropped.size(), "  "),
                      json_of(delta_columns(report.deltas, std::identity()), report.deltas.size(), "  "));
  return text;
}

}  // namespace strikenet
