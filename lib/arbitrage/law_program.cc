#include "arbitrage/law_program.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace strikenet {
namespace {

constexpr double kLeastHalf = 1e-6;     // of the strike unit: by which a quote without a spread gives way
constexpr double kLeastDensity = 1e-5;  // of a law in units, at full distance from all sides
constexpr double kLeastOrder = 1e-7;    // between expiries, in units, likewise
constexpr double kLeastMultiplier = 1e-9;
constexpr double kSameNode = 1e-12;
constexpr double kLittle = 0.01;        // of a half spread
constexpr double kBroken = 1e-12;       // in units
constexpr double kBrokenOrder = 1e-11;  // likewise; less is the rounding of a solution
constexpr double kTolerance = 1e-10;
constexpr double kNextToNothing = 1e-3;
constexpr double kLeastMoney = 0.01;  // what money may be worth at a repair, where quotes say nothing of it
constexpr double kInfinity = LinearProgram::kInfinity;
constexpr LinearProgram::Column kNone{0, 0, 0};

/// One entry a column.
std::vector<LinearProgram::Entry> merged(const std::vector<LinearProgram::Entry>& entries) {
  std::map<int, double> sums;
  for (const auto& [column, coefficient] : entries)
    sums[column] += coefficient;
  std::vector<LinearProgram::Entry> result;
  for (const auto& [column, coefficient] : sums)
    result.push_back({column, coefficient});
  return result;
}

void sort_once_each(std::vector<LawNode>& nodes) {
  std::ranges::stable_sort(nodes, {}, &LawNode::k);
  const auto rest = std::ranges::unique(
      nodes, [](const LawNode& kept, const LawNode& node) { return node.k <= kept.k * (1 + kSameNode); });
  nodes.erase(rest.begin(), rest.end());
}

double largest(const std::vector<double>& multipliers, std::size_t first, std::size_t count) {
  double result = 0;
  for (std::size_t i = first; i < first + count; ++i)
    result = std::max(result, std::abs(multipliers[i]));
  return result;
}

}  // namespace

std::size_t at_one_instant(std::span<const LawExpiry> expiries, std::size_t first) {
  std::size_t last = first + 1;
  while (last < expiries.size() && order_of(expiries[last - 1].t, expiries[last].t) == Order::same_instant)
    ++last;
  return last - first;
}

void share_discounts(std::vector<LawExpiry>& expiries) {
  for (std::size_t first = 0, count = 0; first < expiries.size(); first += count) {
    count = at_one_instant(expiries, first);
    for (std::size_t i = first + 1; i < first + count; ++i)
      expiries[i].discount = expiries[first].discount;
  }
}

LawProgram::LawProgram(std::vector<LawExpiry> expiries, bool levels_assumed)
    : expiries_(std::move(expiries)), levels_assumed_(levels_assumed) {
  share_discounts(expiries_);
  for (std::size_t first = 0, count = 0; first < expiries_.size(); first += count) {
    count = at_one_instant(expiries_, first);
    add_nodes(first, count);
  }
  // Beyond its own strikes an instant has those of the next, and all end at the same node.
  for (std::size_t i = nodes_.size() - 1; i-- > 0;) {
    const std::size_t own = nodes_[i].size();
    const double low = nodes_[i][1].k * (1 - kSameNode), high = nodes_[i].back().k * (1 + kSameNode);
    for (std::size_t j = 1; j < nodes_[i + 1].size(); ++j)
      if (const LawNode node = nodes_[i + 1][j]; node.k < low || node.k > high) nodes_[i].push_back(node);
    std::inplace_merge(nodes_[i].begin(), nodes_[i].begin() + static_cast<std::ptrdiff_t>(own), nodes_[i].end(),
                       [](const LawNode& a, const LawNode& b) { return a.k < b.k; });
  }
  const auto last = std::ranges::max_element(nodes_, {}, [](const auto& nodes) { return nodes.back().k; });
  const LawNode end = last->back();
  for (std::vector<LawNode>& nodes : nodes_)
    if (nodes.back().k < end.k * (1 - kSameNode)) nodes.push_back(end);
}

/// Of an instant: the strikes of its expiries, over their forwards.
void LawProgram::add_nodes(std::size_t first, std::size_t count) {
  std::vector<LawNode> nodes{LawNode{first, 0, 0}};
  for (std::size_t i = first; i < first + count; ++i) {
    instant_of_.push_back(nodes_.size());
    for (const QuoteSide& side : expiries_[i].sides)
      nodes.push_back({i, side.quote->strike, side.quote->strike / expiries_[i].forward});
  }
  sort_once_each(nodes);
  nodes_.push_back(std::move(nodes));
}

std::span<const LawExpiry> LawProgram::expiries_at(std::size_t instant) const {
  const auto [first, last] = std::ranges::equal_range(instant_of_, instant);
  return {expiries_.begin() + (first - instant_of_.begin()), expiries_.begin() + (last - instant_of_.begin())};
}

int LawProgram::column(std::size_t instant, std::size_t node) const {
  return node == 0 ? worth_ : first_column_[instant] + static_cast<int>(node) - 1;
}

void LawProgram::build() {
  program_ = {};
  order_.clear();
  first_column_.clear();
  first_side_.clear();
  steps_.assign(costs_ ? expiries_.size() : 0, {});
  const LinearProgram::Column level = levels_assumed_ ? LinearProgram::Column{1, 1, 0} : LinearProgram::Column{};
  column_keys_.clear();
  row_keys_.clear();
  worth_ = add_column(level, {Key::Kind::level, 0});
  money_ = add_column(costs_ && !levels_assumed_ ? LinearProgram::Column{kLeastMoney, 1 / kLeastMoney, 0} : level,
                      {Key::Kind::level, 1});
  missed_ = add_column({}, {Key::Kind::level, 2});
  margin_ = add_column({}, {Key::Kind::level, 3});
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    first_column_.push_back(static_cast<int>(program_.columns.size()));
    for (std::size_t j = 1; j < nodes_[i].size(); ++j)
      add_column({}, {Key::Kind::call, i, nodes_[i][j].expiry, nodes_[i][j].strike});
  }
  for (std::size_t i = 0; i < expiries_.size(); ++i)
    add_sides(i);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    add_shape(i);
  first_order_ = program_.rows.size();
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i)
    for (const LawNode& node : nodes_of_order(i))
      if (broken_order_.contains({Key::Kind::order, i, node.expiry, node.strike})) add_order(i, node);
}

int LawProgram::add_column(const LinearProgram::Column& column, const Key& key) {
  column_keys_.push_back(key);
  return program_.add(column);
}

/// +-(price) + half missed - room margin >= +-(quoted); or, with costs, +-(price) + steps >= +-(quoted). A bid and an
/// ask that are one price have one row with costs.
void LawProgram::add_sides(std::size_t expiry) {
  const LawExpiry& one = expiries_[expiry];
  first_side_.push_back(program_.rows.size());
  for (const QuoteSide& side : one.sides) {
    const Quote& quote = *side.quote;
    const bool two_sided = quote.bid > 0 && quote.ask > 0;
    const double half = std::abs(quote.ask - quote.bid) / 2 / one.price_unit(), sign = -side.sign();
    const double k = quote.strike / one.forward;
    Entries entries{{missed_, std::max(half, kLeastHalf)}};
    const auto index_of = static_cast<std::size_t>(&side - one.sides.data());
    const bool one_price = costs_ && two_sided && quote.bid == quote.ask;
    if (one_price && side.ask) {
      Entries steps;
      add_steps(expiry, index_of, steps);
      LinearProgram::Row& row = program_.rows.back();  // of the bid
      for (const LinearProgram::Entry& step : steps)
        row.entries.push_back({step.column, -step.coefficient});
      row.upper = row.lower;
      continue;
    }
    if (costs_)
      add_steps(expiry, index_of, entries);
    else if (!touching_)
      entries.push_back({margin_, !two_sided || quote.ask > quote.bid ? -half : 0});
    add_price(instant_of_[expiry], k, sign, entries);
    if (quote.type == OptionType::put) {
      entries.push_back({worth_, -sign});
      entries.push_back({money_, sign * k});
    }
    add_row(entries, sign * side.price / one.price_unit(), {Key::Kind::side, expiry, index_of});
  }
}

void LawProgram::add_steps(std::size_t expiry, std::size_t side, Entries& entries) {
  std::vector<int>& columns = steps_[expiry].emplace_back();
  const double unit = expiries_[expiry].price_unit();
  double before = 0;
  for (const auto& [upto, cost] : (*costs_)[expiry][side].steps) {
    columns.push_back(
        add_column({0, (upto - before) / unit, cost}, {Key::Kind::step, expiry, side, 0, columns.size()}));
    entries.push_back({columns.back(), 1});
    before = upto;
  }
}

/// The law's weights at 0, at each node but the last, above that, and the price of the last call.
void LawProgram::add_shape(std::size_t instant) {
  const std::vector<LawNode>& nodes = nodes_[instant];
  const std::size_t last = nodes.size() - 1;
  const auto slope = [&](Entries& entries, std::size_t j, double sign) {
    const double width = nodes[j + 1].k - nodes[j].k;
    entries.push_back({column(instant, j + 1), sign / width});
    entries.push_back({column(instant, j), -sign / width});
  };
  for (std::size_t j = 0; j <= last; ++j) {
    Entries entries;
    if (j < last) slope(entries, j, 1);
    if (j == 0)
      entries.push_back({money_, 1});
    else
      slope(entries, j - 1, -1);
    const double width = (nodes[std::min(j + 1, last)].k - nodes[j == 0 ? 0 : j - 1].k) / 2;
    entries.push_back({margin_, -kLeastDensity * width});
    add_row(entries, 0, {Key::Kind::shape, instant, nodes[j].expiry, nodes[j].strike});
  }
  add_row({{column(instant, last), 1}, {margin_, -kLeastDensity}}, 0, {Key::Kind::shape, instant, 0, 0, 1});
}

std::size_t LawProgram::node_at(std::size_t instant, double k) const {
  const auto at = std::ranges::lower_bound(nodes_[instant], k * (1 - kSameNode), {}, &LawNode::k);
  return std::min(static_cast<std::size_t>(at - nodes_[instant].begin()), nodes_[instant].size() - 1);
}

bool LawProgram::has_node(std::size_t instant, double k) const {
  const double at = nodes_[instant][node_at(instant, k)].k;
  return k * (1 - kSameNode) <= at && at <= k * (1 + kSameNode);
}

/// The nodes of either, once each.
std::vector<LawNode> LawProgram::nodes_of_order(std::size_t earlier) const {
  std::vector<LawNode> nodes(nodes_[earlier].begin() + 1, nodes_[earlier].end());
  for (std::size_t j = 1; j < nodes_[earlier + 1].size(); ++j)
    if (!has_node(earlier, nodes_[earlier + 1][j].k)) nodes.push_back(nodes_[earlier + 1][j]);
  return nodes;
}

/// What the later call is worth beyond the earlier one, and the room that it keeps.
LawProgram::Entries LawProgram::difference(std::size_t earlier, const LawNode& node) const {
  Entries entries{{margin_, -kLeastOrder * std::min(node.k, 1.0)}};
  add_price(earlier + 1, node.k, 1, entries);
  add_price(earlier, node.k, -1, entries);
  return entries;
}

void LawProgram::add_order(std::size_t earlier, const LawNode& node) {
  const Key key{Key::Kind::order, earlier, node.expiry, node.strike};
  Entries entries = difference(earlier, node);
  const int chord =
      has_node(earlier, node.k) ? -1 : add_column({}, {Key::Kind::chord, earlier, node.expiry, node.strike});
  if (chord >= 0) entries.push_back({chord, 1});
  order_.push_back({earlier, node, chord});
  add_row(entries, 0, key);
}

/// Adds the rows of order that a solution breaks; false where it breaks none.
bool LawProgram::add_broken_order(const LinearSolution& solution) {
  bool added = false;
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i)
    for (const LawNode& node : nodes_of_order(i)) {
      double slack = 0;
      for (const auto& [column, coefficient] : difference(i, node))
        slack += coefficient * solution.x[index(column)];
      if (slack < -kBrokenOrder) added |= broken_order_.insert({Key::Kind::order, i, node.expiry, node.strike}).second;
    }
  return added;
}

/// The price at k, at a node or on the chord between two; k is not beyond the last.
void LawProgram::add_price(std::size_t instant, double k, double sign, Entries& entries) const {
  const std::vector<LawNode>& nodes = nodes_[instant];
  const std::size_t j = node_at(instant, k);
  if (nodes[j].k <= k * (1 + kSameNode)) {
    entries.push_back({column(instant, j), sign});
    return;
  }
  const double share = (k - nodes[j - 1].k) / (nodes[j].k - nodes[j - 1].k);
  entries.push_back({column(instant, j - 1), sign * (1 - share)});
  entries.push_back({column(instant, j), sign * share});
}

void LawProgram::add_row(const Entries& entries, double lower, const Key& key) {
  row_keys_.push_back(key);
  program_.rows.push_back({.entries = merged(entries), .lower = lower});
}

LinearSolution LawProgram::solve_with(LinearProgram::Column missed, LinearProgram::Column margin,
                                      LinearProgram::Column chord) {
  for (;;) {
    build();
    program_.columns[index(missed_)] = missed;
    program_.columns[index(margin_)] = margin;
    for (const OrderRow& row : order_)
      if (row.chord >= 0) program_.columns[index(row.chord)] = chord;
    const LinearBasis from = start();
    LinearSolution solution = solve(program_, kTolerance, from.columns.empty() ? nullptr : &from);
    if (!solution.is_optimal()) return solution;
    keep_basis(solution.basis);
    if (!add_broken_order(solution)) return touching_ || costs_ ? refined(program_, solution) : solution;
  }
}

/// Where the last solution stood; a new node is on the chord between its neighbours.
LinearBasis LawProgram::start() const {
  using At = LinearBasis::At;
  LinearBasis basis;
  if (basis_of_columns_.empty()) return basis;
  const auto find = [](const std::map<Key, At>& at, const Key& key, At otherwise) {
    const auto found = at.find(key);
    return found == at.end() ? otherwise : found->second;
  };
  for (const Key& key : column_keys_)
    basis.columns.push_back(find(basis_of_columns_, key, key.kind == Key::Kind::call ? At::basic : At::unknown));
  for (const Key& key : row_keys_)
    basis.rows.push_back(find(basis_of_rows_, key, key.kind == Key::Kind::shape ? At::lower : At::unknown));
  return basis;
}

void LawProgram::keep_basis(const LinearBasis& basis) {
  basis_of_columns_.clear();
  basis_of_rows_.clear();
  for (std::size_t j = 0; j < column_keys_.size(); ++j)
    basis_of_columns_[column_keys_[j]] = basis.columns[j];
  for (std::size_t i = 0; i < row_keys_.size(); ++i)
    basis_of_rows_[row_keys_[i]] = basis.rows[i];
}

void LawProgram::start_at(const LawProgram& other) {
  nodes_ = other.nodes_;
  for (std::vector<LawNode>& nodes : nodes_) {
    for (LawNode& node : nodes)
      node.k = node.strike / expiries_[node.expiry].forward;
    sort_once_each(nodes);
  }
  broken_order_ = other.broken_order_;
  basis_of_columns_ = other.basis_of_columns_;
  basis_of_rows_ = other.basis_of_rows_;
}

LinearSolution LawProgram::least_broken() { return solve_with(kNone, {kLittle, kLittle, 0}, {0, kInfinity, 1}); }

LinearSolution LawProgram::least_missed() { return solve_with({0, kInfinity, 1}, kNone, {0, kInfinity, 0}); }

LinearSolution LawProgram::largest_margin() { return solve_with(kNone, {0, 1, -1}, kNone); }

LinearSolution LawProgram::touching(double share) {
  touching_ = true;
  LinearSolution solution = solve_with(kNone, {share, share, 0}, {0, kInfinity, 1});
  touching_ = false;
  return solution;
}

LinearSolution LawProgram::least_changed(const std::vector<std::vector<SideCost>>& costs) {
  costs_ = &costs;
  LinearSolution solution = solve_with(kNone, {kLittle, kLittle, 0}, {0, kInfinity, kNextToNothing});
  costs_ = nullptr;
  return solution;
}

double LawProgram::gives_way(const LinearSolution& solution, std::size_t expiry, std::size_t side) const {
  double sum = 0;
  for (const int step : steps_[expiry][side])
    sum += solution.x[index(step)];
  return sum * expiries_[expiry].price_unit();
}

bool LawProgram::add_broken_nodes(const LinearSolution& solution) {
  bool added = false;
  for (const OrderRow& row : order_) {
    if (row.chord < 0 || solution.x[index(row.chord)] <= kBroken) continue;
    std::vector<LawNode>& nodes = nodes_[row.earlier];
    nodes.insert(std::ranges::lower_bound(nodes, row.node.k, {}, &LawNode::k), row.node);
    added = true;
  }
  return added;
}

double LawProgram::call(const LinearSolution& solution, std::size_t instant, std::size_t node) const {
  return solution.x[index(column(instant, node))];
}

std::vector<QuoteSide> LawProgram::held_sides(const LinearSolution& solution, std::size_t expiry) const {
  const double least = kLeastMultiplier * largest(solution.multipliers, 0, first_order_);
  std::vector<QuoteSide> held;
  const std::vector<QuoteSide>& sides = expiries_[expiry].sides;
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (std::abs(solution.multipliers[first_side_[expiry] + i]) > least) held.push_back(sides[i]);
  return held;
}

std::vector<OrderRow> LawProgram::held_order(const LinearSolution& solution) const {
  const double least = kLeastMultiplier * largest(solution.multipliers, first_order_, order_.size());
  std::vector<OrderRow> held;
  for (std::size_t i = 0; i < order_.size(); ++i)
    if (std::abs(solution.multipliers[first_order_ + i]) > least) held.push_back(order_[i]);
  return held;
}

}  // namespace strikenet
