#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "optimize/linear_program.h"
#include "strikenet/core/order.h"
#include "strikenet/market/chain.h"

namespace strikenet {

/// A quote at which one can buy, or at which one can sell.
struct QuoteSide {
  const Quote* quote = nullptr;
  bool ask = false;  ///< one buys at the ask, sells at the bid
  double price = 0;

  double sign() const { return ask ? 1 : -1; }
};

/// One expiry of a program, and the units it is measured in. Where there are several they are what is assumed of the
/// expiries: the forward, and the discount factor.
struct LawExpiry {
  std::vector<QuoteSide> sides;
  double forward = 1;
  double discount = 1;
  YearFraction t{0};

  double price_unit() const { return forward * discount; }
};

/// How many expiries from `first` on settle at one instant, under different roots.
std::size_t at_one_instant(std::span<const LawExpiry> expiries, std::size_t first);

/// At one instant cash is cash: the discount factor of the first root is that of all.
void share_discounts(std::vector<LawExpiry>& expiries);

/// A strike of an expiry over its forward; at another expiry it stands for the same share of that one's forward.
struct LawNode {
  std::size_t expiry = 0;
  double strike = 0;
  double k = 0;
};

/// That a call is worth at least as much at an instant as at the one before it, at a node of either.
struct OrderRow {
  std::size_t earlier = 0;  ///< instant
  LawNode node;
  int chord = -1;  ///< column of what the row may be broken by, where the earlier price is read off a chord
};

/// What it costs to give way at one side, up to a limit, in steps that rise.
struct SideCost {
  struct Step {
    double upto;  ///< a price; infinite at last
    double cost;  ///< of the expiry's unit of price; near 1
  };
  std::vector<Step> steps;
};

/// The laws that one underlying can have at its expiries, as a linear program in the price of a call at every strike.
/// c_i(k) is the price of one struck at k forward_i, over forward_i discount_i. All expiries share two unknowns: r,
/// what the underlying is worth, and s, what money is worth, both 1 where forwards and discount factors are what was
/// assumed:
///
///     c_i convex, c_i(0) = r, slope >= -s at first and <= 0 at last,   put_i(k) = c_i(k) - r + s k,
///     bid <= price <= ask at every side,   c_{i+1}(k) >= c_i(k) at every node of either.
///
/// Expiries that settle at one instant, under different roots, have one law: i counts instants.
///
/// A row touches a few columns, so the program grows in proportion to the quotes. Rows of order are few that hold: the
/// program has those that a solution without them breaks, and starts again where it stood. An instant has the strikes
/// of its expiries as nodes, and beyond them those of the next. Elsewhere the price of the earlier one is read off the
/// chord between its nodes, which may be too high: least_broken() says where that breaks the order and
/// add_broken_nodes() adds the node.
class LawProgram {
 public:
  /// In the order of time; every expiry has a side at a strike above 0. With `levels_assumed` r and s are 1.
  explicit LawProgram(std::vector<LawExpiry> expiries, bool levels_assumed = false);

  /// A law that stays a little inside everything and breaks the order as little as can be, at chords only. Infeasible
  /// where there is none.
  LinearSolution least_broken();
  /// Gives every earlier expiry the nodes at which a chord broke the order; false where none did.
  bool add_broken_nodes(const LinearSolution& solution);

  /// The least number of half spreads by which every quote gives way; 0 where none has to. Chords bind nothing.
  LinearSolution least_missed();
  double missed(const LinearSolution& solution) const { return solution.x[index(missed_)]; }

  /// A law that stays a little inside its shape and the order, at which sides give way as cheaply as can be: costs
  /// stand by expiry and side. Order may be broken at chords for next to nothing: add_broken_nodes() until none is.
  /// Infeasible nowhere.
  LinearSolution least_changed(const std::vector<std::vector<SideCost>>& costs);
  double gives_way(const LinearSolution& solution, std::size_t expiry, std::size_t side) const;  ///< a price

  /// The law that stays farthest from everything.
  LinearSolution largest_margin();

  /// A law that stays inside its shape and the order by `share` of the full distance, and may touch sides. Order may be
  /// broken at chords, as little as can be.
  LinearSolution touching(double share);

  /// Starts where the last solution of another program of the same quotes ended.
  void start_at(const LawProgram& other);

  /// What holds the last solution.
  std::vector<QuoteSide> held_sides(const LinearSolution& solution, std::size_t expiry) const;
  std::vector<OrderRow> held_order(const LinearSolution& solution) const;

  const std::vector<LawExpiry>& expiries() const { return expiries_; }
  std::size_t instants() const { return nodes_.size(); }
  std::span<const LawExpiry> expiries_at(std::size_t instant) const;
  std::size_t instant_of(std::size_t expiry) const { return instant_of_[expiry]; }
  const std::vector<LawNode>& nodes(std::size_t instant) const { return nodes_[instant]; }  ///< by k; the first is 0
  std::size_t node_at(std::size_t instant, double k) const;  ///< the first that is not below k
  double call(const LinearSolution& solution, std::size_t instant, std::size_t node) const;
  double worth(const LinearSolution& solution) const { return solution.x[index(worth_)]; }  ///< r
  double money(const LinearSolution& solution) const { return solution.x[index(money_)]; }  ///< s
  bool levels_assumed() const { return levels_assumed_; }

 private:
  using Entries = std::vector<LinearProgram::Entry>;

  /// What a column or a row stands for, in this program and the next.
  struct Key {
    enum class Kind : char { level, call, step, chord, side, shape, order } kind;
    std::size_t of = 0, part = 0;  // of an expiry the side, else of an instant the expiry of the node
    double strike = 0;
    std::size_t step = 0;

    auto operator<=>(const Key&) const = default;
  };

  static std::size_t index(int column) { return static_cast<std::size_t>(column); }
  void add_nodes(std::size_t first, std::size_t count);
  int column(std::size_t instant, std::size_t node) const;
  LinearSolution solve_with(LinearProgram::Column missed, LinearProgram::Column margin, LinearProgram::Column chord);
  LinearBasis start() const;
  void keep_basis(const LinearBasis& basis);
  bool add_broken_order(const LinearSolution& solution);
  void build();
  void add_sides(std::size_t expiry);
  void add_steps(std::size_t expiry, std::size_t side, Entries& entries);
  void add_shape(std::size_t instant);
  std::vector<LawNode> nodes_of_order(std::size_t earlier) const;
  void add_order(std::size_t earlier, const LawNode& node);
  Entries difference(std::size_t earlier, const LawNode& node) const;
  int add_column(const LinearProgram::Column& column, const Key& key);
  void add_price(std::size_t instant, double k, double sign, Entries& entries) const;
  bool has_node(std::size_t instant, double k) const;
  void add_row(const Entries& entries, double lower, const Key& key);

  std::vector<LawExpiry> expiries_;
  bool levels_assumed_;
  std::vector<std::size_t> instant_of_;      // by expiry
  std::vector<std::vector<LawNode>> nodes_;  // by instant
  std::vector<int> first_column_;            // by instant, of its first node above 0
  std::vector<std::size_t> first_side_;      // by expiry, a row
  std::vector<OrderRow> order_;
  std::set<Key> broken_order_;  // what solutions broke
  std::size_t first_order_ = 0;
  bool touching_ = false;
  const std::vector<std::vector<SideCost>>* costs_ = nullptr;  // none: sides do not give way one by one
  std::vector<std::vector<std::vector<int>>> steps_;           // by expiry and side, the columns
  LinearProgram program_;
  std::vector<Key> column_keys_, row_keys_;
  std::map<Key, LinearBasis::At> basis_of_columns_, basis_of_rows_;  // of the last solution
  int worth_ = 0, money_ = 0, missed_ = 0, margin_ = 0;
};

}  // namespace strikenet
