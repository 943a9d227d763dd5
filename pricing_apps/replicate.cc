#include "replicate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>
#include <utility>

#include "chain_slice.h"
#include "exit_status.h"
#include "strikenet/payoff/payoff_language.h"
#include "strikenet/replication/hedge_fit.h"
#include "strikenet/report/hedge_report.h"

namespace strikenet::app {
namespace {

/// The payoff as straight pieces: on the side of the hedge where it is a curve.
struct Pieces {
  PiecewiseLinear below, nearest, above;
  HedgedPieces known = {};
  std::string note = {};

  const PiecewiseLinear& of(HedgeSide side) const {
    return side == HedgeSide::super ? above : side == HedgeSide::sub ? below : nearest;
  }
};

/// Times `size` before it is straight, so that what is proved is proved of the whole.
Result<Pieces> pieces_of(const Curve& curve, PayoffWords words, double size, HedgeSide hedge) {
  const Payoff whole = size * curve;
  if (words.error) *words.error *= size;
  words.beyond = true;
  std::vector<Replica> sides;
  for (const char* side : {"below", "", "above"}) {
    words.side = side;
    auto replica = replica_of(whole, words);
    if (!replica) return replica.problems();
    sides.push_back(std::move(replica).value());
  }
  const auto held = [](const Replica& replica) -> std::optional<SpotRange> {
    if (!replica.curve->not_proved.empty()) return std::nullopt;
    return SpotRange{replica.curve->from, replica.curve->to};
  };
  HedgedPieces known{.of = HedgedPieces::Of::curve, .below = held(sides[0]), .above = held(sides[2])};
  for (const Replica& replica : sides)
    if (known.not_proved.empty()) known.not_proved = replica.curve->not_proved;
  const Replica& hedged = sides[hedge == HedgeSide::sub ? 0 : hedge == HedgeSide::fit ? 1 : 2];
  return Pieces{sides[0].f, sides[1].f, sides[2].f, std::move(known), hedged.note};
}

/// Of a payoff in words, a network or a portfolio. Jumps need no call spreads here: a bound is held on both sides.
Result<Pieces> pieces_of(const std::string& input, const PayoffWords& words, double size, HedgeSide hedge) {
  const auto payoff = read_payoff(input, "--payoff");
  if (!payoff) return payoff.problems();
  const auto* written = std::get_if<Payoff>(&payoff.value().what);
  if (const auto* f = written ? std::get_if<PiecewiseLinear>(written) : nullptr) {
    if (!words.empty())
      return Problems{{"--range, --pieces and --error have no meaning for a payoff of straight pieces"}};
    return Pieces{size * *f, size * *f, size * *f};
  }
  if (written) return pieces_of(std::get<Curve>(*written), words, size, hedge);
  const auto replica = replica_of(payoff.value(), words);
  if (!replica) return replica.problems();
  const Replica& found = replica.value();
  HedgedPieces known;
  if (found.error > 0) known.of = HedgedPieces::Of::network;
  return Pieces{size * found.below.value_or(found.f), size * found.f, size * found.above.value_or(found.f),
                std::move(known), found.note};
}

/// What no hedge can be computed of: empty when every number of the payoff is small enough to be multiplied.
Problems too_large(const PiecewiseLinear& payoff) {
  constexpr double kLargest = 1e100;
  const auto beyond = [](double number) { return !(std::abs(number) <= kLargest); };
  std::optional<double> found;
  for (const double number : {payoff.value_at_zero(), payoff.first_slope()})
    if (beyond(number)) found = number;
  for (const Knot& knot : payoff.knots())
    for (const double number : {knot.slope, knot.jump, payoff.value(knot.x)})
      if (!found && beyond(number)) found = number;
  if (!found) return {};
  return {{fmt::format("--payoff: a value or slope is {}, but must be within 1e100 of 0", *found)}};
}

struct Settings {
  FitSettings fit = {};
  HedgeSide side = HedgeSide::fit;
  Problems problems = {};
};

Settings settings_of(const ReplicateCommand& command) {
  Settings settings{.fit = fit_settings_of(command.words, {command.surface, command.payoff})};
  std::vector<std::string>& lines = settings.problems.lines;
  lines = settings.fit.problems.lines;
  const auto reject = [&](std::string_view option, const std::string& value, std::string_view rule) {
    lines.push_back(fmt::format("{} is '{}', but must be {}", option, value, rule));
  };
  if (const auto side = parse_hedge_side(command.side))
    settings.side = *side;
  else
    reject("--side", command.side, "fit, super or sub");
  if (looks_like_payoff(command.payoff))
    if (const auto payoff = parse_payoff(command.payoff, "--payoff"); !payoff)
      lines.insert(lines.end(), payoff.problems().lines.begin(), payoff.problems().lines.end());
  for (std::string& line : problems_of(command.payoff_words).lines)
    lines.push_back(std::move(line));
  for (const auto& [option, value] : {std::pair("--multiplier", command.multiplier), {"--size", command.size}})
    if (!(value >= 1e-9 && value <= 1e12)) reject(option, fmt::format("{}", value), "from 1e-9 to 1e12");
  if (command.legs && *command.legs < 1) reject("--legs", fmt::format("{}", *command.legs), "at least 1");
  if (command.nodes < 1) reject("--nodes", fmt::format("{}", command.nodes), "at least 1");
  if (command.convex && (settings.side != HedgeSide::fit || command.legs || command.lots))
    lines.push_back("--convex has a meaning for --side fit alone, without --legs and --lots");
  if (command.legs && command.lots && settings.side != HedgeSide::fit)
    lines.push_back("--legs and --lots together have a meaning for --side fit alone");
  return settings;
}

FewerLegs hedge_of(const ReplicateCommand& command, HedgeSide side, const HedgeMarket& market,
                   const PiecewiseLinear& payoff, const SurfaceSlice& law) {
  const double lot = command.lots ? command.multiplier : 0;
  std::optional<std::size_t> legs;
  if (command.legs) legs = static_cast<std::size_t>(*command.legs);
  if (side == HedgeSide::fit)
    return fit_hedge(market, payoff, law, {.legs = legs, .convex = command.convex, .lot = lot});
  if (legs) return bound_with_fewer_legs(market, payoff, side, *legs, &law);
  const HedgeOptions options{.lot = lot, .nodes = command.nodes};
  return {side == HedgeSide::super ? super_hedge(market, payoff, options) : sub_hedge(market, payoff, options)};
}

std::optional<double> cost_of(const Hedge& hedge) {
  return hedge.status == Hedge::Status::found ? std::optional(hedge.cost) : std::nullopt;
}

/// Where the forward may move in the table of deltas.
std::vector<double> moved(double forward) {
  std::vector<double> forwards;
  for (const double percent : {-20, -10, -5, -2, -1, 0, 1, 2, 5, 10, 20})
    forwards.push_back(forward * (1 + percent / 100));
  return forwards;
}

/// Whether the pieces are known to bound the payoff on the side of the hedge.
bool bounded(const Pieces& pieces, HedgeSide side) {
  if (pieces.known.of != HedgedPieces::Of::curve || side == HedgeSide::fit) return true;
  return (side == HedgeSide::super ? pieces.known.above : pieces.known.below).has_value();
}

/// What keeps a hedge from being printed; `done` where nothing does.
ExitStatus without_hedge(const Hedge& hedge, const std::string& expiry, std::ostream& err) {
  const auto say = [&](std::string_view sentence, ExitStatus status) {
    err << fmt::format("{}: {}\n", expiry, sentence);
    return status;
  };
  switch (hedge.status) {
    case Hedge::Status::found: return done;
    case Hedge::Status::none:
      return say(
          "nothing that trades bounds the payoff at every spot, but a hedge must: its slopes beyond the last "
          "strikes are out of reach",
          bad_input);
    case Hedge::Status::arbitrage:
      return say(
          "quotes, forward and discount factor allow an arbitrage, but hedges have a cost only where they do "
          "not: see strikenet check",
          bad_input);
    case Hedge::Status::failed: return say("no hedge was found and proved", numerics_fell_short);
  }
  return numerics_fell_short;
}

}  // namespace

int run_replicate(const ReplicateCommand& command, std::ostream& out, std::ostream& err) {
  Settings settings = settings_of(command);
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  const auto pieces = pieces_of(command.payoff, command.payoff_words, command.size, settings.side);
  if (!pieces) return report(pieces.problems(), err, looks_like_payoff(command.payoff) ? wrong_usage : bad_input);
  if (const Problems problems = too_large(pieces.value().of(settings.side)); !problems.lines.empty())
    return report(problems, err, wrong_usage);
  const auto chain = chain_of(command.words, settings.fit);
  if (!chain) return report(chain.problems(), err, bad_input);
  const auto slice = slice_of(chain.value(), command.expiry, command.words.root);
  if (!slice) return report(slice.problems(), err, bad_input);
  const auto law = law_of(chain.value(), slice.value(), command.surface);
  if (!law) return report(law.problems(), err, bad_input);

  err << pieces.value().note;
  if (!bounded(pieces.value(), settings.side)) {
    err << fmt::format(
        "--payoff: nothing is proved between the spots at which the curve was looked at, but a {} hedge "
        "must bound it: {}\n",
        command.side, pieces.value().known.not_proved);
    return numerics_fell_short;
  }
  const HedgeMarket market = hedge_market(chain.value(), slice.value(), !command.no_forward);
  const PiecewiseLinear& payoff = pieces.value().of(settings.side);
  const FewerLegs fewer = hedge_of(command, settings.side, market, payoff, law.value());
  if (const ExitStatus status = without_hedge(fewer.hedge, command.expiry, err); status != done) return status;
  const Residual residual = residual_of(fewer.hedge, payoff, law.value());
  const std::vector<DeltaRow> deltas =
      delta_table(fewer.hedge, payoff, law.value(), moved(law.value().forward.value()));
  const HedgeReport found{
      .payoff = command.payoff,
      .slice = chain.value().slices[slice.value()],
      .fewer = fewer,
      .size = command.size,
      .multiplier = command.multiplier,
      .super_cost =
          bounded(pieces.value(), HedgeSide::super) ? cost_of(super_hedge(market, pieces.value().above)) : std::nullopt,
      .sub_cost =
          bounded(pieces.value(), HedgeSide::sub) ? cost_of(sub_hedge(market, pieces.value().below)) : std::nullopt,
      .fair = law.value().discount.value() * expected(payoff, law.value()),
      .residual = residual,
      .deltas = deltas,
      .pieces = pieces.value().known};
  out << (command.json ? hedge_json(found) : hedge_table(found));
  if (!command.legs || fewer.hedge.legs.size() <= static_cast<std::size_t>(*command.legs)) return done;
  err << fmt::format("--legs is {}, but no {} hedge was found with fewer than {}\n", *command.legs, command.side,
                     fewer.hedge.legs.size());
  return numerics_fell_short;
}

}  // namespace strikenet::app
