#include "arbitrage/smile_law.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/rational.h"
#include "optimize/linear_program.h"

namespace strikenet {
namespace {

constexpr double kLeastHalf = 1e-6;     // of the largest strike: by which a quote without a spread gives way
constexpr double kLeastDensity = 1e-8;  // of a law, over the largest strike, at full distance from all sides
constexpr double kLeastWeight = 1e-15;  // where the linear program leaves none
constexpr double kLeastMultiplier = 1e-9;

/// The linear program of one expiry in units of the largest strike. Unknowns: the call's price at 0 and at every
/// strike, the discount factor, how far quotes give way, and how far the law stays from everything that bounds it.
class SmileProgram {
 public:
  explicit SmileProgram(std::span<const QuoteSide> sides) : sides_(sides) {
    for (const QuoteSide& side : sides)
      node_of_.try_emplace(side.quote->strike, 0);
    unit_ = node_of_.rbegin()->first;
    nodes_.push_back(0);
    for (auto& [strike, node] : node_of_) {
      node = static_cast<int>(nodes_.size());
      nodes_.push_back(strike / unit_);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      program_.add({});
    discount_ = program_.add({});
    missed_ = program_.add({});
    margin_ = program_.add({});
    for (const QuoteSide& side : sides_)
      add_side(side);
    add_law();
  }

  LinearSolution least_missed() {
    program_.columns[index(margin_)] = {0, 0, 0};
    program_.columns[index(missed_)] = {0, LinearProgram::kInfinity, 1};
    return solve(program_);
  }

  LinearSolution largest_margin() {
    program_.columns[index(margin_)] = {0, 1, -1};
    program_.columns[index(missed_)] = {0, 0, 0};
    return solve(program_);
  }

  double missed(const LinearSolution& solution) const { return solution.x[index(missed_)]; }

  std::vector<QuoteSide> held_sides(const LinearSolution& solution) const {
    double largest = 0;
    for (std::size_t i = 0; i < sides_.size(); ++i)
      largest = std::max(largest, std::abs(solution.multipliers[i]));
    std::vector<QuoteSide> held;
    for (std::size_t i = 0; i < sides_.size(); ++i)
      if (std::abs(solution.multipliers[i]) > kLeastMultiplier * largest) held.push_back(sides_[i]);
    return held;
  }

  SmileLaw law(const LinearSolution& solution) const {
    SmileLaw law;
    const std::size_t last = nodes_.size() - 1;
    double slope_before = -solution.x[index(discount_)];
    for (std::size_t j = 0; j < last; ++j) {
      const double slope = (solution.x[j + 1] - solution.x[j]) / (nodes_[j + 1] - nodes_[j]);
      law.weights.push_back(std::max(slope - slope_before, kLeastWeight));
      slope_before = slope;
    }
    law.weights.push_back(kLeastWeight);  // at the last strike; what is above it is the tail
    law.tail = std::max(-slope_before, kLeastWeight);
    law.last_call = std::max(solution.x[last], kLeastWeight) * unit_;
    for (const auto& [strike, node] : node_of_)
      law.strikes.push_back(strike);
    return law;
  }

  SmilePrices prices(const LinearSolution& solution) const {
    SmilePrices prices;
    for (const auto& [strike, node] : node_of_) {
      prices.strikes.push_back(strike);
      prices.calls.push_back(solution.x[index(node)] * unit_);
    }
    prices.forward = solution.x[0] * unit_;
    prices.discount = solution.x[index(discount_)];
    return prices;
  }

 private:
  static std::size_t index(int column) { return static_cast<std::size_t>(column); }

  /// +-(price) + half missed - room margin >= +-(quoted).
  void add_side(const QuoteSide& side) {
    const Quote& quote = *side.quote;
    const bool two_sided = quote.bid > 0 && quote.ask > 0;
    const double half = std::abs(quote.ask - quote.bid) / 2 / unit_, sign = side.ask ? -1 : 1;
    const int node = node_of_.at(quote.strike);
    LinearProgram::Row row{.entries = {{node, sign},
                                       {missed_, std::max(half, kLeastHalf)},
                                       {margin_, !two_sided || quote.ask > quote.bid ? -half : 0}},
                           .lower = sign * side.price / unit_};
    if (quote.type == OptionType::put) {
      row.entries.push_back({0, -sign});
      row.entries.push_back({discount_, sign * nodes_[index(node)]});
    }
    program_.rows.push_back(std::move(row));
  }

  /// The law's weights at 0, at each strike but the last, above that, and the price of the last call.
  void add_law() {
    const int last = static_cast<int>(nodes_.size()) - 1;
    const auto slope = [&](LinearProgram::Row& row, int j, double sign) {
      const double width = nodes_[index(j + 1)] - nodes_[index(j)];
      row.entries.push_back({j + 1, sign / width});
      row.entries.push_back({j, -sign / width});
    };
    for (int j = 0; j <= last; ++j) {
      LinearProgram::Row row{.entries = {}, .lower = 0};
      if (j < last) slope(row, j, 1);
      if (j == 0)
        row.entries.push_back({discount_, 1});
      else
        slope(row, j - 1, -1);
      const double width = (nodes_[index(std::min(j + 1, last))] - nodes_[index(std::max(j - 1, 0))]) / 2;
      row.entries.push_back({margin_, -kLeastDensity * width});
      merge(row.entries);
      program_.rows.push_back(std::move(row));
    }
    program_.rows.push_back({.entries = {{last, 1}, {margin_, -kLeastDensity}}, .lower = 0});
  }

  /// One entry a column.
  static void merge(std::vector<LinearProgram::Entry>& entries) {
    std::map<int, double> sums;
    for (const auto& [column, coefficient] : entries)
      sums[column] += coefficient;
    entries.clear();
    for (const auto& [column, coefficient] : sums)
      entries.push_back({column, coefficient});
  }

  std::span<const QuoteSide> sides_;
  std::map<double, int> node_of_;
  std::vector<double> nodes_;  // over unit_
  double unit_ = 1;
  LinearProgram program_;
  int discount_ = 0, missed_ = 0, margin_ = 0;
};

}  // namespace

bool prices_within(const SmileLaw& law, std::span<const QuoteSide> sides) {
  const std::size_t n = law.strikes.size();
  std::vector<Rational> strikes, puts(n), calls(n);
  for (const double strike : law.strikes)
    strikes.push_back(decimal(strike));
  Rational mass = law.weights[0], before = 0;
  for (std::size_t j = 0; j < n; ++j) {  // a put gains the mass below times the step
    puts[j] = (j == 0 ? Rational(0) : puts[j - 1]) + mass * (strikes[j] - before);
    mass += Rational(law.weights[j + 1]);
    before = strikes[j];
  }
  mass = law.tail;
  for (std::size_t j = n; j-- > 0;) {
    calls[j] = j + 1 == n ? Rational(law.last_call) : calls[j + 1] + mass * (strikes[j + 1] - strikes[j]);
    mass += Rational(law.weights[j + 1]);
  }
  const auto within = [&](const QuoteSide& side) {
    const auto found = std::ranges::lower_bound(law.strikes, side.quote->strike);
    const auto j = static_cast<std::size_t>(found - law.strikes.begin());
    const Rational& price = side.quote->type == OptionType::call ? calls[j] : puts[j];
    return side.ask ? price <= decimal(side.price) : price >= decimal(side.price);
  };
  return std::ranges::all_of(sides, within);
}

bool prices_within(const SmilePrices& prices, std::span<const QuoteSide> sides) {
  const std::size_t n = prices.strikes.size();
  const Rational forward(prices.forward), discount(prices.discount);
  const auto at = [&](const QuoteSide& side) {
    const auto found = std::ranges::lower_bound(prices.strikes, side.quote->strike);
    return static_cast<std::size_t>(found - prices.strikes.begin());
  };
  std::vector<Rational> strikes, calls;
  for (std::size_t j = 0; j < n; ++j) {
    strikes.push_back(decimal(prices.strikes[j]));
    calls.emplace_back(prices.calls[j]);
  }
  const auto put = [&](std::size_t j) { return Rational(calls[j] - forward + discount * strikes[j]); };
  for (const QuoteSide& side : sides)
    if (const std::size_t j = at(side); side.quote->bid == side.quote->ask) {
      const Rational price = decimal(side.price);
      calls[j] = side.quote->type == OptionType::call ? price : Rational(price + forward - discount * strikes[j]);
    }
  Rational slope_before = -discount, strike_before = 0, price_before = forward;
  for (std::size_t j = 0; j < n; ++j) {
    const Rational slope = (calls[j] - price_before) / (strikes[j] - strike_before);
    if (slope <= slope_before) return false;
    slope_before = slope;
    strike_before = strikes[j];
    price_before = calls[j];
  }
  if (slope_before.sign() >= 0 || price_before.sign() <= 0) return false;
  return std::ranges::all_of(sides, [&](const QuoteSide& side) {
    const std::size_t j = at(side);
    const Rational price = side.quote->type == OptionType::call ? calls[j] : put(j);
    return side.ask ? price <= decimal(side.price) : price >= decimal(side.price);
  });
}

SmileVerdict judge_smile(std::span<const QuoteSide> sides) {
  SmileVerdict verdict;
  SmileProgram program(sides);
  const LinearSolution least = program.least_missed();
  if (least.status != LinearSolution::Status::optimal) return verdict;
  verdict.missed = program.missed(least);
  if (verdict.missed > 0) verdict.contradiction = program.held_sides(least);
  const LinearSolution best = program.largest_margin();
  const bool found = best.status == LinearSolution::Status::optimal;
  verdict.law = program.law(found ? best : least);
  verdict.prices = program.prices(found ? best : least);
  if (found && verdict.contradiction.empty()) verdict.contradiction = program.held_sides(best);
  return verdict;
}

}  // namespace strikenet
