#include "arbitrage/trade_search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "arbitrage/rational_program.h"

namespace strikenet {
namespace {

using Line = std::vector<Rational>;

struct Units {
  Line of_sides;                ///< expiry by expiry
  std::vector<Line> of_slopes;  ///< of each u_i: at 0, then what it gains at each node
};

/// The rational program of a trade. Unknowns: the units of every side, then for each instant but the last what u_i
/// gains at each node, and its value and slope at 0, each as the difference of two.
class TradeProgram {
 public:
  TradeProgram(const std::vector<LawExpiry>& held, const std::vector<Rational>& nodes) : held_(held), nodes_(nodes) {
    for (const LawExpiry& expiry : held_) {
      first_side_.push_back(sides_);
      sides_ += expiry.sides.size();
      forwards_.push_back(decimal(expiry.forward));
      discounts_.push_back(decimal(expiry.discount));
    }
    for (std::size_t first = 0, count = 0; first < held_.size(); first += count)
      instants_.emplace_back(first, first + (count = at_one_instant(held_, first)));
    if (instants_.size() == 1) nodes_.clear();
    program_.uncounted = (instants_.size() - 1) * (nodes_.size() + 4);
    program_.unknowns = sides_ + program_.uncounted;
    for (std::size_t i = 0; i < instants_.size(); ++i)
      add_payoffs(i);
    payoffs_ = program_.rows.size();
  }

  /// The fewest units that pay one today and, wherever their options pay or owe something later, `room` in all.
  std::optional<Units> arbitrage(const Rational& room) {
    for (const Line& row : program_.rows) {
      const auto of_options = row.begin() + static_cast<std::ptrdiff_t>(sides_);
      const bool pays = std::any_of(row.begin(), of_options, [](const Rational& entry) { return entry != 0; });
      program_.bounds.push_back(pays ? room : Rational());
    }
    return solve(1);
  }

  /// The fewest that cost nothing, pay nothing less than nothing, and one in all.
  std::optional<Units> weak() {
    program_.bounds.assign(payoffs_, 0);
    Line paid(program_.unknowns);
    for (const Line& row : program_.rows)
      for (std::size_t i = 0; i < sides_; ++i)
        paid[i] += row[i];
    program_.rows.push_back(std::move(paid));
    program_.bounds.emplace_back(1);
    return solve(0);
  }

  /// What the units pay at most, in size: what room for rounding is measured in.
  Rational size_of(const Units& units) const {
    Rational size = 0;
    for (std::size_t i = 0, n = 0; i < held_.size(); ++i)
      for (const QuoteSide& side : held_[i].sides)
        size += units.of_sides[n++] * decimal(std::max(side.quote->strike, 1.0));
    return size;
  }

 private:
  struct Instant {
    std::size_t first, last;  // expiries, the last not of it
  };

  std::size_t first_hedge(std::size_t instant) const { return sides_ + instant * (nodes_.size() + 4); }

  std::optional<Units> solve(int received) {
    Line row(program_.unknowns);
    for (std::size_t i = 0, n = 0; i < held_.size(); ++i)
      for (const QuoteSide& side : held_[i].sides)
        row[n++] = side.ask ? Rational(-decimal(side.price)) : decimal(side.price);
    program_.rows.push_back(std::move(row));
    program_.bounds.emplace_back(received);
    const std::optional<Line> x = minimise(program_);
    program_.rows.resize(payoffs_);
    program_.bounds.clear();
    if (!x) return std::nullopt;
    const auto at = [&](std::size_t i) { return x->begin() + static_cast<std::ptrdiff_t>(i); };
    Units units{Line(x->begin(), at(sides_)), {}};
    for (std::size_t i = 0; i + 1 < instants_.size(); ++i) {
      const std::size_t first = first_hedge(i), affine = first + nodes_.size();
      Line slopes{Rational((*x)[affine + 2] - (*x)[affine + 3])};
      slopes.insert(slopes.end(), at(first), at(affine));
      units.of_slopes.push_back(std::move(slopes));
    }
    return units;
  }

  /// sum of D payoff(F x), + u_i(x) - u_{i-1}(x): a row for 0 and for every kink, and one for the last slope.
  void add_payoffs(std::size_t instant) {
    std::set<Rational> kinks(nodes_.begin(), nodes_.end());
    kinks.insert(0);
    for (std::size_t e = instants_[instant].first; e < instants_[instant].last; ++e)
      for (const QuoteSide& side : held_[e].sides)
        kinks.insert(decimal(side.quote->strike) / forwards_[e]);
    for (const Rational& kink : kinks)
      program_.rows.push_back(payoff_at(instant, kink));
    program_.rows.push_back(last_slope(instant));
  }

  Line payoff_at(std::size_t instant, const Rational& k) const {
    Line row(program_.unknowns);
    for (std::size_t e = instants_[instant].first; e < instants_[instant].last; ++e)
      for (std::size_t i = 0; i < held_[e].sides.size(); ++i) {
        const QuoteSide& side = held_[e].sides[i];
        const Rational beyond = k * forwards_[e] - decimal(side.quote->strike);
        const bool call = side.quote->type == OptionType::call;
        if (call ? beyond > 0 : beyond < 0)
          row[first_side_[e] + i] = discounts_[e] * (call == side.ask ? beyond : Rational(-beyond));
      }
    add_hedge(row, instant, 1, k, 1);
    add_hedge(row, instant, 0, k, 1);
    return row;
  }

  Line last_slope(std::size_t instant) const {
    Line row(program_.unknowns);
    for (std::size_t e = instants_[instant].first; e < instants_[instant].last; ++e)
      for (std::size_t i = 0; i < held_[e].sides.size(); ++i)
        if (const QuoteSide& side = held_[e].sides[i]; side.quote->type == OptionType::call)
          row[first_side_[e] + i] = discounts_[e] * forwards_[e] * Rational(static_cast<int>(side.sign()));
    add_hedge(row, instant, 1, {}, 0);
    add_hedge(row, instant, 0, {}, 0);
    return row;
  }

  /// u_i (own = 1) or -u_{i-1} (own = 0): at k, or its last slope.
  void add_hedge(Line& row, std::size_t instant, std::size_t own, const Rational& k, int value) const {
    if (instant + own == 0 || instant + own == instants_.size()) return;
    const std::size_t first = first_hedge(instant + own - 1), affine = first + nodes_.size();
    const int sign = own == 1 ? 1 : -1;
    for (std::size_t c = 0; c < nodes_.size(); ++c) {
      const Rational gains = value == 0 ? Rational(1) : Rational(k - nodes_[c]);
      if (gains > 0) row[first + c] = sign * gains;
    }
    row[affine] = sign * value;
    row[affine + 1] = -sign * value;
    row[affine + 2] = sign * (value == 0 ? Rational(1) : k);
    row[affine + 3] = -row[affine + 2];
  }

  const std::vector<LawExpiry>& held_;
  std::vector<Rational> nodes_, forwards_, discounts_;
  std::vector<Instant> instants_;
  std::vector<std::size_t> first_side_;
  std::size_t sides_ = 0, payoffs_ = 0;
  RationalProgram program_;
};

/// The smallest whole numbers in the same proportion; empty where they are more than a million.
std::vector<double> whole(const Line& units) {
  using boost::multiprecision::cpp_int;
  cpp_int multiple = 1, divisor = 0;
  for (const Rational& unit : units)
    multiple = lcm(multiple, denominator(unit));
  for (const Rational& unit : units)
    divisor = gcd(divisor, cpp_int(numerator(unit) * (multiple / denominator(unit))));
  std::vector<double> result;
  for (const Rational& unit : units) {
    const cpp_int number = numerator(unit) * (multiple / denominator(unit)) / divisor;
    if (number > 1'000'000) return {};
    result.push_back(static_cast<double>(number));
  }
  return result;
}

/// In the same proportion, the largest 1, to twelve places.
std::vector<double> to_twelve_places(const Line& units) {
  const Rational largest = *std::ranges::max_element(units);
  std::vector<double> result;
  for (const Rational& unit : units)
    result.push_back(std::round(static_cast<double>(Rational(unit / largest)) * 1e12) / 1e12);
  return result;
}

std::string_view calendar_family_of(const std::vector<TradeLeg>& legs,
                                    const std::map<ExpiryKey, std::vector<const TradeLeg*>>& expiries) {
  const bool one_type = std::ranges::all_of(legs, [&](const TradeLeg& leg) { return leg.type == legs[0].type; });
  if (!one_type || expiries.size() > 2 || legs.size() > 3) return "portfolio";
  if (legs.size() == 2) return "spread";
  for (const auto& [key, of_one] : expiries)
    if (of_one.size() == 2) return of_one[0]->units * of_one[1]->units < 0 ? "vertical" : "butterfly";
  return "portfolio";
}

/// By the legs of one type: of one expiry as in the textbooks; across expiries as Cohen, Reisinger and Wang (2020) do.
std::string family_of(const std::vector<TradeLeg>& legs, bool one_instant) {
  std::map<ExpiryKey, std::vector<const TradeLeg*>> expiries;
  for (const TradeLeg& leg : legs)
    expiries[leg.key].push_back(&leg);
  if (expiries.size() > 1)
    return (one_instant ? "same-instant " : "calendar ") + std::string(calendar_family_of(legs, expiries));
  std::set<double> strikes;
  std::map<double, double> of_calls, of_puts;
  for (const TradeLeg& leg : legs) {
    strikes.insert(leg.strike);
    (leg.type == OptionType::call ? of_calls : of_puts)[leg.strike] += leg.units;
  }
  const bool one_type = of_calls.empty() || of_puts.empty();
  if (one_type && strikes.size() == 1) return legs.size() == 1 ? "outright" : "crossed";
  if (one_type && legs.size() == 2) return "vertical spread";
  if (one_type && legs.size() == 3 && strikes.size() == 3) return "butterfly";
  const bool synthetics = of_calls.size() == of_puts.size() && std::ranges::all_of(of_calls, [&](const auto& call) {
                            const auto put = of_puts.find(call.first);
                            return put != of_puts.end() && put->second == -call.second;
                          });
  return synthetics && legs.size() == 2 * strikes.size() ? "parity" : "portfolio";
}

bool of_one_instant(const std::vector<LawExpiry>& expiries) { return at_one_instant(expiries, 0) == expiries.size(); }

ArbitrageTrade proved(const std::vector<LawExpiry>& held, const std::vector<double>& units,
                      std::vector<ForwardHedge> hedges) {
  ArbitrageTrade trade{.legs = {}, .hedges = std::move(hedges), .assumed = {}, .proof = {}, .family = {}};
  std::size_t n = 0;
  for (const LawExpiry& expiry : held) {
    const std::size_t first = trade.legs.size();
    for (const QuoteSide& side : expiry.sides) {
      const Quote& quote = *side.quote;
      if (const double bought = side.sign() * units[n++]; bought != 0)
        trade.legs.push_back({quote.line, quote.key, quote.strike, quote.type, bought, side.price,
                              side.ask ? quote.ask_size : quote.bid_size});
    }
    std::stable_sort(
        trade.legs.begin() + static_cast<std::ptrdiff_t>(first), trade.legs.end(),
        [](const TradeLeg& a, const TradeLeg& b) { return std::pair(a.strike, a.type) < std::pair(b.strike, b.type); });
  }
  if (held.size() > 1) trade.assumed = assumed(held);
  trade.proof = held.size() > 1 ? prove_trade(trade.legs, trade.hedges, trade.assumed) : prove_trade(trade.legs);
  trade.family = family_of(trade.legs, of_one_instant(held));
  return trade;
}

double twelve_digits(const Rational& value) { return to_digits(static_cast<double>(value), 12); }

/// -u_i' in forwards to the next expiry, when one unit of the trade is `unit`: from the last expiry of each instant to
/// the first of the next.
std::vector<ForwardHedge> hedges_of(const std::vector<LawExpiry>& held, const std::vector<Rational>& nodes,
                                    const Units& units, const Rational& unit) {
  std::vector<ForwardHedge> hedges;
  for (std::size_t i = 0; i + 1 < held.size(); ++i) {
    if (order_of(held[i].t, held[i + 1].t) == Order::same_instant) continue;
    const Line& slopes = units.of_slopes[hedges.size()];
    const Rational of_next = decimal(held[i + 1].forward) * decimal(held[i + 1].discount) * unit;
    ForwardHedge hedge{held[i].sides.front().quote->key, held[i + 1].sides.front().quote->key, {}};
    Rational slope = slopes[0];
    hedge.steps.push_back({0, twelve_digits(Rational(-slope / of_next))});
    for (std::size_t c = 0; c < nodes.size(); ++c) {
      if (slopes[c + 1] == 0) continue;
      slope += slopes[c + 1];
      const Rational spot = nodes[c] * decimal(held[i].forward);
      hedge.steps.push_back({twelve_digits(spot), twelve_digits(Rational(-slope / of_next))});
    }
    hedges.push_back(std::move(hedge));
  }
  return hedges;
}

}  // namespace

std::vector<AssumedForward> assumed(std::vector<LawExpiry> expiries) {
  share_discounts(expiries);
  std::vector<AssumedForward> result;
  for (const LawExpiry& expiry : expiries) {
    const Order order = result.empty() ? Order::after : order_of(expiries[result.size() - 1].t, expiry.t);
    result.push_back({expiry.sides.front().quote->key, expiry.forward, expiry.discount, order});
  }
  return result;
}

ArbitrageTrade find_trade(const std::vector<LawExpiry>& held, const std::vector<Rational>& nodes) {
  const Rational share(1, 1'000'000'000);
  TradeProgram program(held, nodes);
  const std::optional<Units> exact = program.arbitrage(0);
  if (!exact) return {};
  if (of_one_instant(held))
    if (const std::vector<double> units = whole(exact->of_sides); !units.empty()) return proved(held, units, {});
  const auto rounded = [&](const Units& units) {
    const Rational largest = *std::ranges::max_element(units.of_sides);
    return proved(held, to_twelve_places(units.of_sides), hedges_of(held, nodes, units, largest));
  };
  const std::optional<Units> roomy = program.arbitrage(share * program.size_of(*exact));
  ArbitrageTrade trade = roomy ? rounded(*roomy) : ArbitrageTrade();
  return trade.proof.kind == TradeKind::none ? rounded(*exact) : trade;
}

ArbitrageTrade find_weak_trade(const LawExpiry& held) {
  const std::optional<Units> units = TradeProgram({held}, {}).weak();
  const std::vector<double> whole_units = units ? whole(units->of_sides) : std::vector<double>();
  return whole_units.empty() ? ArbitrageTrade() : proved({held}, whole_units, {});
}

}  // namespace strikenet
