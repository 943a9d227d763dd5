#include "arbitrage/exact_law.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/rational.h"

namespace strikenet {
namespace {

/// Atoms at nodes, the first at 0, and the prices of calls and puts struck there.
struct ExactLaw {
  std::vector<Rational> nodes, weights, calls, puts;

  Rational call(const Rational& k) const;  // at any k
};

constexpr double kLeastWeight = 1e-15;  // where the linear program leaves none

struct Tail {
  double mass, last_call;
};

Rational node_of(const LawProgram& program, const LawNode& node) {
  return decimal(node.strike) / decimal(program.expiries()[node.expiry].forward);
}

/// Weights at every node but the last, as differences of slopes.
std::vector<double> weights_of(const LawProgram& program, const LinearSolution& solution, std::size_t expiry,
                               Tail& tail) {
  const std::vector<LawNode>& nodes = program.nodes(expiry);
  std::vector<double> weights;
  double slope_before = -program.money(solution);
  for (std::size_t j = 0; j + 1 < nodes.size(); ++j) {
    const double rise = program.call(solution, expiry, j + 1) - program.call(solution, expiry, j);
    const double slope = rise / (nodes[j + 1].k - nodes[j].k);
    weights.push_back(std::max(slope - slope_before, kLeastWeight));
    slope_before = slope;
  }
  tail = {std::max(-slope_before, kLeastWeight),
          std::max(program.call(solution, expiry, nodes.size() - 1), kLeastWeight)};
  return weights;
}

void add_prices(ExactLaw& law) {
  const std::size_t n = law.nodes.size();
  law.calls.assign(n, 0);
  law.puts.assign(n, 0);
  Rational mass = 0;
  for (std::size_t j = 1; j < n; ++j) {  // a put gains the mass below times the step
    mass += law.weights[j - 1];
    law.puts[j] = law.puts[j - 1] + mass * (law.nodes[j] - law.nodes[j - 1]);
  }
  mass = 0;
  for (std::size_t j = n - 1; j-- > 0;) {
    mass += law.weights[j + 1];
    law.calls[j] = law.calls[j + 1] + mass * (law.nodes[j + 1] - law.nodes[j]);
  }
}

/// Moves the largest weight, and the one that is large and far from it.
bool move_to(ExactLaw& law, const Rational& mass, const Rational& mean) {
  Rational missing_mass = mass, missing_mean = mean;
  std::size_t largest = 1;
  for (std::size_t j = 0; j < law.nodes.size(); ++j) {
    missing_mass -= law.weights[j];
    missing_mean -= law.weights[j] * law.nodes[j];
    if (j > 0 && j + 1 < law.nodes.size() && law.weights[j] > law.weights[largest]) largest = j;
  }
  std::size_t other = largest == 1 ? 0 : 1;
  double best = 0;
  for (std::size_t j = 0; j + 1 < law.nodes.size(); ++j) {
    const auto distance = static_cast<double>(Rational(law.nodes[j] - law.nodes[largest]));
    const double reach = static_cast<double>(law.weights[j]) * std::abs(distance);
    if (reach <= best) continue;
    best = reach;
    other = j;
  }
  const Rational moved = (missing_mean - law.nodes[largest] * missing_mass) / (law.nodes[other] - law.nodes[largest]);
  law.weights[other] += moved;
  law.weights[largest] += missing_mass - moved;
  return law.weights[other] > 0 && law.weights[largest] > 0;
}

Rational ExactLaw::call(const Rational& k) const {
  const auto j = static_cast<std::size_t>(std::ranges::lower_bound(nodes, k) - nodes.begin());
  if (j == nodes.size()) return 0;
  if (nodes[j] == k) return calls[j];
  return calls[j] + (calls[j - 1] - calls[j]) * (nodes[j] - k) / (nodes[j] - nodes[j - 1]);
}

std::optional<std::vector<ExactLaw>> exact_laws(const LawProgram& program, const LinearSolution& solution) {
  const std::size_t count = program.expiries().size();
  std::vector<Tail> tails(count);
  std::vector<ExactLaw> laws(count);
  double reach = 1;  // of the last atom beyond the last node: far enough for every tail
  for (std::size_t i = 0; i < count; ++i) {
    for (const double weight : weights_of(program, solution, i, tails[i]))
      laws[i].weights.emplace_back(weight);
    reach = std::max(reach, std::exp2(std::ceil(std::log2(2 * tails[i].last_call / tails[i].mass))));
  }
  const LawNode& last = program.nodes(0).back();
  const Rational end = node_of(program, last) + Rational(reach);
  for (std::size_t i = 0; i < count; ++i) {
    ExactLaw& law = laws[i];
    for (const LawNode& node : program.nodes(i))
      law.nodes.push_back(node_of(program, node));
    law.nodes.push_back(end);
    const Rational far = Rational(tails[i].last_call) / (end - law.nodes[law.nodes.size() - 2]);
    law.weights.emplace_back(Rational(tails[i].mass) - far);
    law.weights.push_back(far);
    const bool moved = count == 1 || move_to(law, Rational(program.money(solution)), Rational(program.worth(solution)));
    if (!moved || law.weights[law.weights.size() - 2] <= 0) return std::nullopt;
    add_prices(law);
  }
  return laws;
}

bool prices_within(const ExactLaw& law, const LawExpiry& expiry) {
  const Rational forward = decimal(expiry.forward), unit = forward * decimal(expiry.discount);
  return std::ranges::all_of(expiry.sides, [&](const QuoteSide& side) {
    const auto at = std::ranges::lower_bound(law.nodes, Rational(decimal(side.quote->strike) / forward));
    const auto j = static_cast<std::size_t>(at - law.nodes.begin());
    const Rational price = (side.quote->type == OptionType::call ? law.calls[j] : law.puts[j]) * unit;
    return side.ask ? price <= decimal(side.price) : price >= decimal(side.price);
  });
}

bool in_order(const ExactLaw& earlier, const ExactLaw& later) {
  const auto holds = [&](const Rational& k) { return later.call(k) >= earlier.call(k); };
  return std::ranges::all_of(earlier.nodes, holds) && std::ranges::all_of(later.nodes, holds);
}

/// A call's price at every node: the double of the solution, taken back to the nearest side.
class NodePrices {
 public:
  NodePrices(const LawProgram& program, const LinearSolution& solution, std::size_t expiry)
      : expiry_(program.expiries()[expiry]),
        forward_(decimal(expiry_.forward)),
        unit_(forward_ * decimal(expiry_.discount)),
        worth_(program.worth(solution)),
        money_(program.money(solution)) {
    for (std::size_t j = 0; j < program.nodes(expiry).size(); ++j) {
      nodes_.push_back(node_of(program, program.nodes(expiry)[j]));
      calls_.emplace_back(program.call(solution, expiry, j));
    }
    for (const QuoteSide& side : expiry_.sides)
      if (const std::size_t j = at(side); j > 0) {
        const Rational price = decimal(side.price) / unit_;
        const Rational call = side.quote->type == OptionType::call ? price : Rational(price + parity(j));
        if (side.ask ? calls_[j] > call : calls_[j] < call) calls_[j] = call;
      }
  }

  /// Strictly convex, slopes above -money at first and below 0 at last, the last price above 0.
  bool is_law() const {
    Rational slope_before = -money_;
    for (std::size_t j = 1; j < nodes_.size(); ++j) {
      const Rational slope = (calls_[j] - calls_[j - 1]) / (nodes_[j] - nodes_[j - 1]);
      if (slope <= slope_before) return false;
      slope_before = slope;
    }
    return slope_before < 0 && calls_.back() > 0;
  }

  bool within_sides() const {
    return std::ranges::all_of(expiry_.sides, [&](const QuoteSide& side) {
      const std::size_t j = at(side);
      const bool call = side.quote->type == OptionType::call;
      const Rational price = (call ? calls_[j] : Rational(calls_[j] - parity(j))) * unit_;
      return side.ask ? price <= decimal(side.price) : price >= decimal(side.price);
    });
  }

  bool in_order_with(const NodePrices& later) const {
    const auto holds = [&](const Rational& k) { return later.call(k) >= call(k); };
    return std::ranges::all_of(nodes_, holds) && std::ranges::all_of(later.nodes_, holds);
  }

 private:
  std::size_t at(const QuoteSide& side) const {
    const auto found = std::ranges::lower_bound(nodes_, Rational(decimal(side.quote->strike) / forward_));
    return static_cast<std::size_t>(found - nodes_.begin());
  }
  Rational parity(std::size_t j) const { return worth_ - money_ * nodes_[j]; }
  /// Between nodes on the chord; a last node that differs from the other expiry's in its last digits stands for both.
  Rational call(const Rational& k) const {
    const auto j = static_cast<std::size_t>(std::ranges::lower_bound(nodes_, k) - nodes_.begin());
    if (j == nodes_.size()) return calls_.back();
    if (nodes_[j] == k) return calls_[j];
    return calls_[j] + (calls_[j - 1] - calls_[j]) * (nodes_[j] - k) / (nodes_[j] - nodes_[j - 1]);
  }

  const LawExpiry& expiry_;
  Rational forward_, unit_, worth_, money_;
  std::vector<Rational> nodes_, calls_;
};

bool touching_prices_within(const LawProgram& program, const LinearSolution& solution) {
  std::vector<NodePrices> prices;
  for (std::size_t i = 0; i < program.expiries().size(); ++i) {
    prices.emplace_back(program, solution, i);
    if (!prices.back().is_law() || !prices.back().within_sides()) return false;
    if (i > 0 && !prices[i - 1].in_order_with(prices[i])) return false;
  }
  return true;
}

bool within_and_in_order(const std::vector<ExactLaw>& laws, const LawProgram& program) {
  for (std::size_t i = 0; i < laws.size(); ++i)
    if (!prices_within(laws[i], program.expiries()[i]) || (i > 0 && !in_order(laws[i - 1], laws[i]))) return false;
  return true;
}

}  // namespace

bool are_laws(const LawProgram& program, const LinearSolution& solution) {
  const auto laws = exact_laws(program, solution);
  return (laws && within_and_in_order(*laws, program)) || touching_prices_within(program, solution);
}

}  // namespace strikenet
