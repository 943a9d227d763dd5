#include "arbitrage/exact_law.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "arbitrage/law_order.h"
#include "core/rational.h"

namespace strikenet {
namespace {

/// Values at increasing nodes, straight in between, beyond the last node its own: at k, below which nodes[j] is not and
/// all before it are.
Rational value_at(const Rational& k, std::size_t j, const std::vector<Rational>& nodes,
                  const std::vector<Rational>& values) {
  if (j == nodes.size()) return values.back();
  if (nodes[j] == k) return values[j];
  return values[j] + (values[j - 1] - values[j]) * (nodes[j] - k) / (nodes[j] - nodes[j - 1]);
}

Rational value_at(const Rational& k, const std::vector<Rational>& nodes, const std::vector<Rational>& values) {
  return value_at(k, static_cast<std::size_t>(std::ranges::lower_bound(nodes, k, less) - nodes.begin()), nodes, values);
}

/// At increasing points.
std::vector<Rational> values_at(const std::vector<Rational>& points, const std::vector<Rational>& nodes,
                                const std::vector<Rational>& values) {
  if (points == nodes) return values;
  std::vector<Rational> result;
  std::size_t j = 0;
  for (const Rational& k : points) {
    while (j < nodes.size() && less(nodes[j], k))
      ++j;
    result.push_back(value_at(k, j, nodes, values));
  }
  return result;
}

/// Of two laws, each proved, the second at a later instant. Roots that settle at one instant have one law.
template <class Law>
bool in_order(const Law& earlier, const Law& later) {
  bool holds = true;
  compare(Order::after, earlier, later, [&](const Rational&, const Rational&) { holds = false; });
  return holds;
}

/// Atoms at nodes, the first at 0, and the prices of calls and puts struck there. The last call is worth 0.
struct ExactLaw {
  std::vector<Rational> places, weights, calls, puts;

  const std::vector<Rational>& nodes() const { return places; }
  std::vector<Rational> calls_at(const std::vector<Rational>& points) const { return values_at(points, places, calls); }
};

constexpr double kLeastWeight = 1e-15;  // where the linear program leaves none
constexpr double kRounding = 1e-12;     // of sums and products of doubles near 1

struct Tail {
  double mass, last_call;
};

/// A quote's side, over the forward and the discount factor of its expiry.
struct ExactSide {
  Rational k, price;
  bool call, ask;

  bool allows(const Rational& value) const { return ask ? !less(price, value) : !less(value, price); }
};

/// What a program takes from the file, by instant, as the decimals that it has there.
struct ExactProgram {
  std::vector<std::vector<Rational>> nodes = {};
  std::vector<std::vector<ExactSide>> sides = {};

  explicit ExactProgram(const LawProgram& program) {
    std::vector<Rational> forwards;
    for (const LawExpiry& expiry : program.expiries())
      forwards.push_back(decimal(expiry.forward));
    std::size_t expiry = 0;
    for (std::size_t i = 0; i < program.instants(); ++i) {
      nodes.emplace_back();
      for (const LawNode& node : program.nodes(i))
        nodes.back().push_back(decimal(node.strike) / forwards[node.expiry]);
      sides.emplace_back();
      for (const LawExpiry& of : program.expiries_at(i)) {
        const Rational &forward = forwards[expiry++], unit = forward * decimal(of.discount);
        for (const auto& [quote, ask, price] : of.sides)
          sides.back().push_back(
              {decimal(quote->strike) / forward, decimal(price) / unit, quote->type == OptionType::call, ask});
      }
    }
  }
};

/// Weights at every node but the last, as differences of slopes.
std::vector<double> weights_of(const LawProgram& program, const LinearSolution& solution, std::size_t instant,
                               Tail& tail) {
  const std::vector<LawNode>& nodes = program.nodes(instant);
  std::vector<double> weights;
  double slope_before = -program.money(solution);
  for (std::size_t j = 0; j + 1 < nodes.size(); ++j) {
    const double rise = program.call(solution, instant, j + 1) - program.call(solution, instant, j);
    const double slope = rise / (nodes[j + 1].k - nodes[j].k);
    weights.push_back(std::max(slope - slope_before, kLeastWeight));
    slope_before = slope;
  }
  tail = {std::max(-slope_before, kLeastWeight),
          std::max(program.call(solution, instant, nodes.size() - 1), kLeastWeight)};
  return weights;
}

void add_prices(ExactLaw& law) {
  const std::size_t n = law.places.size();
  law.calls.assign(n, 0);
  law.puts.assign(n, 0);
  Rational mass = 0;
  for (std::size_t j = 1; j < n; ++j) {  // a put gains the mass below times the step
    mass += law.weights[j - 1];
    law.puts[j] = law.puts[j - 1] + mass * (law.places[j] - law.places[j - 1]);
  }
  mass = 0;
  for (std::size_t j = n - 1; j-- > 0;) {
    mass += law.weights[j + 1];
    law.calls[j] = law.calls[j + 1] + mass * (law.places[j + 1] - law.places[j]);
  }
}

/// Moves the largest weight, and the one that is large and far from it.
bool move_to(ExactLaw& law, const Rational& mass, const Rational& mean) {
  Rational missing_mass = mass, missing_mean = mean;
  std::size_t largest = 1;
  for (std::size_t j = 0; j < law.places.size(); ++j) {
    missing_mass -= law.weights[j];
    missing_mean -= law.weights[j] * law.places[j];
    if (j > 0 && j + 1 < law.places.size() && less(law.weights[largest], law.weights[j])) largest = j;
  }
  std::size_t other = largest == 1 ? 0 : 1;
  double best = 0;
  for (std::size_t j = 0; j + 1 < law.places.size(); ++j) {
    const auto distance = static_cast<double>(Rational(law.places[j] - law.places[largest]));
    const double reach = static_cast<double>(law.weights[j]) * std::abs(distance);
    if (reach <= best) continue;
    best = reach;
    other = j;
  }
  const Rational moved =
      (missing_mean - law.places[largest] * missing_mass) / (law.places[other] - law.places[largest]);
  law.weights[other] += moved;
  law.weights[largest] += missing_mass - moved;
  return law.weights[other] > 0 && law.weights[largest] > 0;
}

std::optional<std::vector<ExactLaw>> exact_laws(const LawProgram& program, const ExactProgram& exact,
                                                const LinearSolution& solution) {
  const std::size_t count = program.instants();
  std::vector<Tail> tails(count);
  std::vector<ExactLaw> laws(count);
  double reach = 1;  // of the last atom beyond the last node: far enough for every tail
  for (std::size_t i = 0; i < count; ++i) {
    for (const double weight : weights_of(program, solution, i, tails[i]))
      laws[i].weights.emplace_back(weight);
    reach = std::max(reach, std::exp2(std::ceil(std::log2(2 * tails[i].last_call / tails[i].mass))));
  }
  const Rational end = exact.nodes[0].back() + Rational(reach);
  for (std::size_t i = 0; i < count; ++i) {
    ExactLaw& law = laws[i];
    law.places = exact.nodes[i];
    law.places.push_back(end);
    const Rational far = Rational(tails[i].last_call) / (end - law.places[law.places.size() - 2]);
    law.weights.emplace_back(Rational(tails[i].mass) - far);
    law.weights.push_back(far);
    const bool moved = count == 1 || move_to(law, Rational(program.money(solution)), Rational(program.worth(solution)));
    if (!moved || law.weights[law.weights.size() - 2] <= 0) return std::nullopt;
    add_prices(law);
  }
  return laws;
}

bool prices_within(const ExactLaw& law, const std::vector<ExactSide>& sides) {
  return std::ranges::all_of(sides, [&](const ExactSide& side) {
    return side.allows(value_at(side.k, law.places, side.call ? law.calls : law.puts));
  });
}

/// What the underlying and money are worth, exactly.
struct Levels {
  Rational worth, money;

  bool operator==(const Levels&) const = default;
};

/// What quotes of calls and puts at one strike say of the levels, from one of either: sign (worth - money k) >= bound.
struct ParityRow {
  int sign;
  double strike, call, put;  // prices

  double k(const LawExpiry& expiry) const { return strike / expiry.forward; }
  double slack(const LawExpiry& expiry, double worth, double money) const {
    return sign * (worth - money * k(expiry) - (call - put) / expiry.price_unit());
  }
};

std::vector<ParityRow> parity_rows(const LawExpiry& expiry) {
  struct Prices {
    std::optional<double> call, put;
  };
  std::map<double, Prices> least, most;  // by strike: a call's bid and a put's ask, and the other way round
  const auto tighten = [](std::optional<double>& price, double to, bool ask) {
    price = price ? (ask ? std::min(*price, to) : std::max(*price, to)) : to;
  };
  for (const QuoteSide& side : expiry.sides) {
    const bool call = side.quote->type == OptionType::call;
    Prices& prices = (call != side.ask ? least : most)[side.quote->strike];
    tighten(call ? prices.call : prices.put, side.price, side.ask);
  }
  std::vector<ParityRow> rows;
  for (const auto& [sign, of_strike] : {std::pair(1, &least), std::pair(-1, &most)})
    for (const auto& [strike, prices] : *of_strike)
      if (prices.call && prices.put) rows.push_back({sign, strike, *prices.call, *prices.put});
  return rows;
}

/// The part of a convex figure, a corner after the other, where sign (worth - money k - bound) >= 0.
std::vector<Levels> clipped(const std::vector<Levels>& corners, int sign, const Rational& k, const Rational& bound) {
  std::vector<Levels> kept;
  const auto keep = [&](const Levels& corner) {
    if (kept.empty() || !(kept.back() == corner)) kept.push_back(corner);
  };
  const auto over = [&](const Levels& at) { return Rational(sign * (at.worth - at.money * k - bound)); };
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Levels &a = corners[i], &b = corners[(i + 1) % corners.size()];
    const Rational of_a = over(a), of_b = over(b);
    if (of_a >= 0) keep(a);
    if ((of_a > 0 && of_b < 0) || (of_a < 0 && of_b > 0)) {
      const Rational share = of_a / (of_a - of_b);
      keep({a.worth + share * (b.worth - a.worth), a.money + share * (b.money - a.money)});
    }
  }
  return kept;
}

/// The levels nearest those of the solution at which every call and put of one strike agree exactly. Where quotes have
/// no spread that is a single point, of numbers that need not be doubles.
std::optional<Levels> levels_of(const LawProgram& program, const LinearSolution& solution) {
  const double worth = program.worth(solution), money = program.money(solution);
  if (program.levels_assumed()) return Levels{1, 1};
  std::vector<std::vector<ParityRow>> rows;
  for (const LawExpiry& expiry : program.expiries())
    rows.push_back(parity_rows(expiry));
  for (const double radius : {0.0, 1e-15, 1e-13, 1e-11, 1e-9}) {
    const Rational r(worth), s(money), step(radius);
    std::vector<Levels> corners{{r - step, s - step}, {r + step, s - step}, {r + step, s + step}, {r - step, s + step}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const LawExpiry& expiry = program.expiries()[i];
      const Rational forward = decimal(expiry.forward), unit = forward * decimal(expiry.discount);
      for (const ParityRow& row : rows[i]) {
        const double k = row.k(expiry);
        if (row.slack(expiry, worth, money) > 4 * (radius + kRounding) * (1 + k)) continue;
        corners = clipped(corners, row.sign, decimal(row.strike) / forward,
                          Rational((decimal(row.call) - decimal(row.put)) / unit));
      }
    }
    if (corners.empty()) continue;
    Levels middle{0, 0};
    for (const Levels& corner : corners) {
      middle.worth += corner.worth;
      middle.money += corner.money;
    }
    const Rational count(corners.size());
    return Levels{middle.worth / count, middle.money / count};
  }
  return std::nullopt;
}

/// A call's price at every node: the double of the solution, taken back to the nearest side.
class NodePrices {
 public:
  /// `exact` outlives this.
  NodePrices(const LawProgram& program, const ExactProgram& exact, const LinearSolution& solution, std::size_t instant,
             const Levels& levels)
      : sides_(exact.sides[instant]), worth_(levels.worth), money_(levels.money), nodes_(exact.nodes[instant]) {
    calls_.push_back(worth_);
    for (std::size_t j = 1; j < nodes_.size(); ++j)
      calls_.emplace_back(program.call(solution, instant, j));
    for (const ExactSide& side : sides_)
      take_back(side);
    leave_out_flat_nodes();
  }

  const std::vector<Rational>& nodes() const { return nodes_; }
  /// A last node that differs from the other instant's in its last digits stands for both.
  std::vector<Rational> calls_at(const std::vector<Rational>& points) const {
    return values_at(points, nodes_, calls_);
  }

  /// Strictly convex, slopes above -money at first and below 0 at last, the last price above 0.
  bool is_law() const {
    Rational slope_before = -money_;
    for (std::size_t j = 1; j < nodes_.size(); ++j) {
      const Rational slope = (calls_[j] - calls_[j - 1]) / (nodes_[j] - nodes_[j - 1]);
      if (!less(slope_before, slope)) return false;
      slope_before = slope;
    }
    return slope_before < 0 && calls_.back() > 0;
  }

  bool within_sides() const {
    return std::ranges::all_of(sides_, [&](const ExactSide& side) {
      const Rational call = value_at(side.k, nodes_, calls_);
      return !less(nodes_.back(), side.k) && side.allows(side.call ? call : Rational(call - parity(side.k)));
    });
  }

 private:
  /// Nodes without a quote that are so near others that doubles do not hold them below the chord: they are on it then.
  void leave_out_flat_nodes() {
    std::set<Rational, decltype(&less)> quoted(&less);
    for (const ExactSide& side : sides_)
      quoted.insert(side.k);
    const std::vector<Rational> nodes = std::exchange(nodes_, {}), calls = std::exchange(calls_, {});
    const auto rises = [&](std::size_t j) {  // the slope after the last but one that is kept, before the last, to j
      const std::size_t last = nodes_.size() - 1;
      const Rational before =
          last == 0 ? Rational(-money_) : slope(nodes_[last - 1], calls_[last - 1], nodes_[last], calls_[last]);
      return less(before, slope(nodes_[last], calls_[last], nodes[j], calls[j]));
    };
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      while (nodes_.size() > 1 && !quoted.contains(nodes_.back()) && !rises(j)) {
        nodes_.pop_back();
        calls_.pop_back();
      }
      if (j > 0 && j + 1 < nodes.size() && !quoted.contains(nodes[j]) && !rises(j)) continue;
      nodes_.push_back(nodes[j]);
      calls_.push_back(calls[j]);
    }
  }

  static Rational slope(const Rational& a, const Rational& of_a, const Rational& b, const Rational& of_b) {
    return (of_b - of_a) / (b - a);
  }

  /// The price at a side's node to where the side allows it.
  void take_back(const ExactSide& side) {
    const auto found = std::ranges::lower_bound(nodes_, side.k, less);
    if (found == nodes_.begin() || found == nodes_.end() || *found != side.k) return;
    const Rational call = side.call ? side.price : Rational(side.price + parity(side.k));
    Rational& own = calls_[static_cast<std::size_t>(found - nodes_.begin())];
    if (side.ask ? less(call, own) : less(own, call)) own = call;
  }

  Rational parity(const Rational& k) const { return worth_ - money_ * k; }

  const std::vector<ExactSide>& sides_;
  Rational worth_, money_;
  std::vector<Rational> nodes_, calls_;
};

bool touching_prices_within(const LawProgram& program, const ExactProgram& exact, const LinearSolution& solution) {
  const std::optional<Levels> levels = levels_of(program, solution);
  if (!levels) return false;
  std::vector<NodePrices> prices;
  for (std::size_t i = 0; i < program.instants(); ++i) {
    prices.emplace_back(program, exact, solution, i, *levels);
    if (!prices.back().is_law() || !prices.back().within_sides()) return false;
    if (i > 0 && !in_order(prices[i - 1], prices[i])) return false;
  }
  return true;
}

bool within_and_in_order(const std::vector<ExactLaw>& laws, const ExactProgram& exact) {
  for (std::size_t i = 0; i < laws.size(); ++i) {
    if (!prices_within(laws[i], exact.sides[i])) return false;
    if (i > 0 && !in_order(laws[i - 1], laws[i])) return false;
  }
  return true;
}

}  // namespace

bool are_laws(const LawProgram& program, const LinearSolution& solution) {
  const ExactProgram exact(program);
  const auto laws = exact_laws(program, exact, solution);
  return (laws && within_and_in_order(*laws, exact)) || touching_prices_within(program, exact, solution);
}

bool have_roomy_laws(LawProgram& program) {
  LinearSolution inside = program.least_broken();
  while (inside.is_optimal() && program.add_broken_nodes(inside))
    inside = program.least_broken();
  return inside.is_optimal() && are_laws(program, inside);
}

bool have_touching_laws(LawProgram& program) {
  for (const double share : {1e-1, 5e-3, 1e-4, 1e-6}) {
    LinearSolution touching = program.touching(share);
    while (touching.is_optimal() && program.add_broken_nodes(touching))
      touching = program.touching(share);
    if (touching.is_optimal() && are_laws(program, touching)) return true;
  }
  return false;
}

}  // namespace strikenet
