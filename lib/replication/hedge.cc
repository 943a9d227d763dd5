#include "strikenet/replication/hedge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "optimize/integer_program.h"
#include "optimize/linear_program.h"
#include "replication/exact_position.h"
#include "replication/least_cost.h"
#include "replication/other_type.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Status = LinearSolution::Status;

void check(const HedgeMarket& market, const HedgeOptions& options) {
  constexpr std::string_view kWhere = "super_hedge";
  for (const HedgeQuote& quote : market.quotes) {
    const double strike = quote.strike.value();
    require(strike > 0 && std::isfinite(strike), kWhere, "strike", strike, "must be positive and finite");
    require(quote.bid >= 0, kWhere, "bid", quote.bid, "must be at least 0");
    require(quote.ask >= quote.bid && quote.ask > 0 && std::isfinite(quote.ask), kWhere, "ask", quote.ask,
            "must be positive, finite and at least the bid");
  }
  const double discount = market.discount.value(), forward = market.forward.value_or(Forward(1)).value();
  require(discount > 0 && std::isfinite(discount), kWhere, "discount factor", discount, "must be positive and finite");
  require(forward > 0 && std::isfinite(forward), kWhere, "forward", forward, "must be positive and finite");
  require(options.lot >= 0 && std::isfinite(options.lot), kWhere, "lot", options.lot, "must be finite and at least 0");
  require(options.nodes >= 1, kWhere, "nodes", options.nodes, "must be at least 1");
}

/// Where hedge and payoff may bend: 0, the strikes, the knots.
std::vector<double> kinks_of(const HedgeMarket& market, const PiecewiseLinear& payoff) {
  std::vector<double> kinks{0};
  for (const HedgeQuote& quote : market.quotes)
    kinks.push_back(quote.strike.value());
  for (const Knot& knot : payoff.knots())
    if (knot.x > 0) kinks.push_back(knot.x);
  std::ranges::sort(kinks);
  kinks.erase(std::ranges::unique(kinks).begin(), kinks.end());
  return kinks;
}

/// What prices and payoffs are measured in, so that the program's numbers are of size 1.
struct Scale {
  double spot;    // a strike in the middle
  double payoff;  // the payoff's largest value up to twice the last kink
};

Scale scale_of(const std::vector<double>& kinks, const PiecewiseLinear& payoff) {
  const double spot = kinks.size() > 1 ? kinks[kinks.size() / 2] : 1;
  double largest = std::abs(payoff.last_slope()) * spot;
  for (const double kink : kinks)
    largest = std::max({largest, std::abs(payoff.value(kink)), std::abs(payoff.value_below(kink))});
  return {spot, largest > 0 ? largest : 1};
}

/// Columns: per quote what is bought and what is sold, cash and forward, then value and slope at each kink.
class HedgeProgram {
 public:
  HedgeProgram(const HedgeMarket& market, const PiecewiseLinear& payoff, const HedgeOptions& options)
      : market_(market), kinks_(kinks_of(market, payoff)), scale_(scale_of(kinks_, payoff)) {
    unit_ = options.lot > 0 ? options.lot : scale_.payoff / scale_.spot;
    add_positions();
    add_shape(payoff);
  }

  struct Answer {
    Status status;
    double cost = 0, bound = 0;
  };

  /// Units, cash and forward_units into the hedge.
  Answer solve_into(Hedge& hedge, const HedgeOptions& options) const {
    std::vector<double> x;
    Answer answer{Status::failed};
    if (options.lot > 0) {
      std::vector<int> whole;
      for (int column = 0; column < cash_; ++column)
        whole.push_back(column);
      IntegerSolution solution = solve_whole(program_, whole, options.nodes);
      answer = {solution.status, solution.cost * scale_.payoff, solution.bound * scale_.payoff};
      x = std::move(solution.x);
    } else {
      LinearSolution solution = solve(program_);
      answer = {solution.status, solution.cost * scale_.payoff, solution.cost * scale_.payoff};
      x = std::move(solution.x);
    }
    if (answer.status == Status::optimal) read(x, hedge);
    return answer;
  }

  const Scale& scale() const { return scale_; }

 private:
  double option_unit() const { return unit_ * scale_.spot / scale_.payoff; }

  void add_positions() {
    constexpr double kInfinity = LinearProgram::kInfinity;
    for (const HedgeQuote& quote : market_.quotes) {
      program_.add({0, kInfinity, quote.ask / scale_.spot * option_unit()});
      program_.add({0, quote.bid > 0 ? kInfinity : 0, -quote.bid / scale_.spot * option_unit()});
    }
    cash_ = program_.add({-kInfinity, kInfinity, market_.discount.value()});
    const double forwards = market_.forward ? kInfinity : 0;
    forward_ = program_.add({-forwards, forwards, 0});
  }

  void add_shape(const PiecewiseLinear& payoff) {
    const int first = static_cast<int>(program_.columns.size());
    const auto value = [&](std::size_t i) { return first + 2 * static_cast<int>(i); };
    const auto slope = [&](std::size_t i) { return value(i) + 1; };
    for (std::size_t i = 0; i < kinks_.size(); ++i) {
      const double below = i == 0 ? payoff.value(0) : payoff.value_below(kinks_[i]);
      const double least = std::max(payoff.value(kinks_[i]), below) / scale_.payoff;
      program_.add({least, LinearProgram::kInfinity, 0});
      const bool last = i + 1 == kinks_.size();
      program_.add({last ? payoff.last_slope() * scale_.spot / scale_.payoff : -LinearProgram::kInfinity,
                    LinearProgram::kInfinity, 0});
    }
    std::map<double, std::vector<LinearProgram::Entry>> bends;
    LinearProgram::Row at_zero{{{value(0), -1}, {cash_, 1}}, 0, 0}, first_slope{{{slope(0), -1}, {forward_, 1}}, 0, 0};
    if (market_.forward) at_zero.entries.push_back({forward_, -market_.forward->value() / scale_.spot});
    for (std::size_t i = 0; i < market_.quotes.size(); ++i) {
      const HedgeQuote& quote = market_.quotes[i];
      for (const auto& [column, sign] :
           {std::pair(2 * static_cast<int>(i), 1.0), {2 * static_cast<int>(i) + 1, -1.0}}) {
        bends[quote.strike.value()].push_back({column, sign * option_unit()});
        if (quote.type == OptionType::call) continue;
        at_zero.entries.push_back({column, sign * option_unit() * quote.strike.value() / scale_.spot});
        first_slope.entries.push_back({column, -sign * option_unit()});
      }
    }
    program_.rows.push_back(std::move(at_zero));
    program_.rows.push_back(std::move(first_slope));
    for (std::size_t i = 1; i < kinks_.size(); ++i) {
      const double width = (kinks_[i] - kinks_[i - 1]) / scale_.spot;
      program_.rows.push_back({{{value(i), -1}, {value(i - 1), 1}, {slope(i - 1), width}}, 0, 0});
      LinearProgram::Row bend{{{slope(i), -1}, {slope(i - 1), 1}}, 0, 0};
      const std::vector<LinearProgram::Entry>& at = bends[kinks_[i]];
      bend.entries.insert(bend.entries.end(), at.begin(), at.end());
      program_.rows.push_back(std::move(bend));
    }
  }

  void read(const std::vector<double>& x, Hedge& hedge) const {
    for (std::size_t i = 0; i < market_.quotes.size(); ++i) {
      const HedgeQuote& quote = market_.quotes[i];
      const double units = (x[2 * i] - x[2 * i + 1]) * unit_;
      if (units != 0) hedge.legs.push_back({quote.type, quote.strike, units, units > 0 ? quote.ask : quote.bid});
    }
    hedge.cash = x[static_cast<std::size_t>(cash_)] * scale_.payoff;
    hedge.forward_units = x[static_cast<std::size_t>(forward_)] * scale_.payoff / scale_.spot;
  }

  const HedgeMarket& market_;
  std::vector<double> kinks_;
  Scale scale_;
  double unit_ = 1;  // of an option that 1 in the program stands for
  LinearProgram program_;
  int cash_ = 0, forward_ = 0;
};

/// Decimal places that leave `digits` digits of the largest of the numbers.
int places_for(double largest, int digits) {
  return largest > 0 ? digits - 1 - static_cast<int>(std::floor(std::log10(largest))) : digits;
}

double largest_units(const Hedge& hedge, double least) {
  double largest = std::max(least, std::abs(hedge.forward_units));
  for (const HedgeLeg& leg : hedge.legs)
    largest = std::max(largest, std::abs(leg.units));
  return largest;
}

/// Makes the last slope of the hedge at least the payoff's, with what trades: the forward, or a call that is held.
bool mend_last_slope(Hedge& hedge, const PiecewiseLinear& payoff, bool with_forward, int places) {
  const Rational missing = shortfall_of(hedge, payoff).last_slope;
  if (missing <= 0) return true;
  if (with_forward) {
    hedge.forward_units = round_up(decimal(hedge.forward_units) + missing, places);
    return true;
  }
  const auto call = std::ranges::find_if(
      hedge.legs, [](const HedgeLeg& leg) { return leg.type == OptionType::call && leg.units > 0; });
  if (call == hedge.legs.end()) return false;
  call->units = round_up(decimal(call->units) + missing, places);
  return true;
}

/// What a hedge is rounded for. `unit`: how many options are of the `size` of the payoff.
struct Rounding {
  const HedgeMarket& market;
  const PiecewiseLinear& payoff;
  double lot, unit, size;
};

/// The hedge with its units in so many digits, and as much cash as it needs for that.
std::optional<Hedge> rounded(Hedge hedge, const Rounding& rounding, int digits) {
  const auto& [market, payoff, lot, unit, size] = rounding;
  const double largest = largest_units(hedge, unit);
  const int places = places_for(largest, digits);
  for (HedgeLeg& leg : hedge.legs)
    leg.units = lot > 0 ? to_places(leg.units, 12) : to_places(leg.units, places);
  std::erase_if(hedge.legs, [](const HedgeLeg& leg) { return leg.units == 0; });
  hedge.forward_units = to_places(hedge.forward_units, places);
  if (lot > 0 && !market.forward) {
    if (shortfall_of(hedge, payoff).last_slope > 0) return std::nullopt;
  } else if (!mend_last_slope(hedge, payoff, market.forward.has_value(), places)) {
    return std::nullopt;
  }
  const Rational needed = decimal(hedge.cash) + shortfall_of(hedge, payoff).largest;
  hedge.cash = round_up(needed, places_for(std::abs(hedge.cash) + largest, std::min(digits + 3, 14)));
  const ExactShortfall proof = shortfall_of(hedge, payoff);
  if (proof.largest > 0 || proof.last_slope > 0) return std::nullopt;
  hedge.max_shortfall = 0;
  hedge.cost = static_cast<double>(exact_cost(hedge, market.discount));
  return hedge;
}

/// The roundest that costs next to nothing more, else the cheapest.
std::optional<Hedge> proved(const Hedge& hedge, const Rounding& rounding, double cost) {
  std::optional<Hedge> best;
  for (const int digits : {4, 6, 9, 12, 14}) {
    const std::optional<Hedge> trial = rounded(hedge, rounding, digits);
    if (trial && (!best || trial->cost < best->cost)) best = trial;
    if (best && best->cost <= cost + 1e-12 * rounding.size) break;
  }
  return best;
}

void sort(std::vector<HedgeLeg>& legs) {
  std::ranges::stable_sort(
      legs, {}, [](const HedgeLeg& leg) { return std::pair(leg.strike, leg.type == OptionType::put ? 0 : 1); });
}

}  // namespace

std::string_view to_string(HedgeSide side) {
  switch (side) {
    case HedgeSide::fit: return "fit";
    case HedgeSide::super: return "super";
    case HedgeSide::sub: return "sub";
  }
  return "?";
}

std::optional<HedgeSide> parse_hedge_side(std::string_view word) {
  for (const HedgeSide side : {HedgeSide::fit, HedgeSide::super, HedgeSide::sub})
    if (word == to_string(side)) return side;
  return std::nullopt;
}

HedgeMarket hedge_market(const Chain& chain, std::size_t slice, bool with_forward) {
  require(slice < chain.slices.size(), "hedge_market", "slice", static_cast<double>(slice),
          "must be one of the chain's");
  HedgeMarket market{.quotes = {}, .discount = chain.slices[slice].discount, .forward = {}};
  if (with_forward) market.forward = chain.slices[slice].forward;
  for (const Quote& quote : chain.quotes) {
    if (!quote.used() || quote.slice != static_cast<int>(slice) || !(quote.strike > 0)) continue;
    market.quotes.push_back({quote.type, Strike(quote.strike), quote.bid, quote.ask});
    if (!quote.ask_vol) continue;
    const HedgeQuote other = other_type(market.quotes.back(), chain.slices[slice]);
    if (other.ask > 0) market.quotes.push_back(other);
  }
  return market;
}

Hedge super_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff, const HedgeOptions& options) {
  check(market, options);
  Hedge raw{.side = HedgeSide::super, .forward = market.forward.value_or(Forward(0)).value()};
  const HedgeProgram program(market, payoff, options);
  const auto [status, cost, bound] = program.solve_into(raw, options);
  if (status == Status::infeasible) raw.status = Hedge::Status::none;
  if (status == Status::unbounded) raw.status = Hedge::Status::arbitrage;
  if (status != Status::optimal) return raw;
  std::optional<Hedge> hedge = proved(
      raw, {market, payoff, options.lot, program.scale().payoff / program.scale().spot, program.scale().payoff}, cost);
  if (!hedge) return raw;
  hedge->status = Hedge::Status::found;
  hedge->gap = std::max(0.0, hedge->cost - bound);
  sort(hedge->legs);
  return *hedge;
}

Hedge sub_hedge(const HedgeMarket& market, const PiecewiseLinear& payoff, const HedgeOptions& options) {
  Hedge hedge = super_hedge(market, -1.0 * payoff, options);
  hedge.side = HedgeSide::sub;
  hedge.cost = 0 - hedge.cost;  // not -0 of 0
  hedge.cash = 0 - hedge.cash;
  hedge.forward_units = 0 - hedge.forward_units;
  for (HedgeLeg& leg : hedge.legs)
    leg.units = -leg.units;
  return hedge;
}

std::optional<double> least_cost(const HedgeMarket& market, const PiecewiseLinear& payoff) {
  Hedge hedge;
  const auto [status, cost, bound] = HedgeProgram(market, payoff, {}).solve_into(hedge, {});
  return status == Status::optimal ? std::optional(cost) : std::nullopt;
}

PiecewiseLinear payoff_of(const Hedge& hedge) {
  double at_zero = hedge.cash - hedge.forward_units * hedge.forward, slope = hedge.forward_units;
  std::map<double, double> bends;
  for (const HedgeLeg& leg : hedge.legs) {
    bends[leg.strike.value()] += leg.units;
    if (leg.type == OptionType::call) continue;
    at_zero += leg.units * leg.strike.value();
    slope -= leg.units;
  }
  std::vector<Knot> knots;
  const double first_slope = slope;
  for (const auto& [strike, units] : bends)
    knots.push_back({strike, slope += units, 0});
  return {at_zero, first_slope, std::move(knots)};
}

double prove_shortfall(const Hedge& hedge, const PiecewiseLinear& payoff) {
  const double sign = hedge.side == HedgeSide::sub ? -1 : 1;
  Hedge above = hedge;
  if (hedge.side == HedgeSide::sub) {
    above.cash = -hedge.cash;
    above.forward_units = -hedge.forward_units;
    for (HedgeLeg& leg : above.legs)
      leg.units = -leg.units;
  }
  const ExactShortfall proof = shortfall_of(above, sign * payoff);
  if (proof.last_slope > 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(proof.largest);
}

}  // namespace strikenet
