#include "strikenet/arbitrage/repair.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "arbitrage/decimal_laws.h"
#include "arbitrage/exact_law.h"
#include "arbitrage/law_program.h"
#include "arbitrage/quote_sides.h"
#include "arbitrage/trade_search.h"
#include "core/rational.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kBeyond = 100;                          // what a change of a middle costs outside bid and ask
constexpr double kDigits = 1e-7;                         // of the forward: what changes are rounded to
constexpr double kNothing = 1e-12;                       // of the forward: what the linear program takes for none
constexpr double kLeastCost = 1e-9, kLargestCost = 1e9;  // of the middle one
constexpr int kRounds = 10;                              // of straight pieces around the squares, each half as wide

/// A quote that is looked at, as it stands, and what its changes are measured in.
struct Looked {
  std::size_t index;
  Quote quote;
  double bid, ask;     // as they are quoted
  double was, spread;  // the middle before any change
};

struct Expiry {
  ExpiryKey key;
  std::vector<Looked> quotes;
};

std::vector<Expiry> expiries_of(const Chain& chain, bool mid) {
  std::vector<Expiry> expiries;
  for (const ExpiryQuotes& of : quotes_looked_at(chain, mid)) {
    Expiry& expiry = expiries.emplace_back(Expiry{of.key, {}});
    for (std::size_t i = 0; i < of.quotes.size(); ++i) {
      const Quote& quoted = chain.quotes[of.indices[i]];
      expiry.quotes.push_back({of.indices[i], of.quotes[i], quoted.bid, quoted.ask, (quoted.bid + quoted.ask) / 2,
                               std::abs(quoted.ask - quoted.bid)});
    }
  }
  for (Expiry& expiry : expiries) {
    double least = kInfinity;
    for (const Looked& looked : expiry.quotes)
      if (looked.spread > 0) least = std::min(least, looked.spread);
    for (Looked& looked : expiry.quotes)
      if (looked.spread == 0) looked.spread = least < kInfinity ? least : 1;
  }
  return expiries;
}

double size_of(const Looked& looked, double change, double room) {
  return change <= 0 ? 0 : (std::min(change, room) + kBeyond * std::max(change - room, 0.0)) / looked.spread;
}

double cost_of(const Looked& looked, double change, double room, bool squares) {
  const double size = size_of(looked, change, room);
  return squares ? size * size : size;
}

/// How far the price of a middle may go up or down at the normal cost.
double room_of(const Looked& looked, bool up, bool mid) {
  if (!mid) return kInfinity;
  const auto [low, high] = std::minmax(looked.bid, looked.ask);  // crossed or not
  return std::max(up ? high - looked.quote.ask : looked.quote.bid - low, 0.0);
}

std::vector<QuoteSide> sides_of(const Expiry& expiry) {
  std::vector<QuoteSide> sides;
  for (const Looked& looked : expiry.quotes)
    std::ranges::copy(strikenet::sides_of(looked.quote), std::back_inserter(sides));
  return sides;
}

/// The question of check: whether every expiry by itself, and all together at what is assumed of them, are free of
/// arbitrage, proved.
bool is_free(const std::vector<LawExpiry>& expiries) {
  const auto have_laws = [](const std::vector<LawExpiry>& of) {
    LawProgram program(of);
    return have_roomy_laws(program) || have_touching_laws(program);
  };
  return std::ranges::all_of(expiries, [&](const LawExpiry& one) { return have_laws({alone(one.sides)}); }) &&
         (expiries.size() == 1 || have_laws(expiries));
}

/// Expiries that are repaired together.
class Group {
 public:
  Group(std::vector<Expiry*> expiries, std::vector<LawExpiry> assumed, const RepairOptions& options)
      : options_(options), expiries_(std::move(expiries)), assumed_(std::move(assumed)) {
    share_discounts(assumed_);
    set_sides();
    for (Expiry* expiry : expiries_)
      for (Looked& looked : expiry->quotes)
        of_quote_[&looked.quote] = &looked;
    set_scale();
  }

  /// Moves the quotes to where nothing is left to do, proved, at the least cost, which it returns: 0 where nothing has
  /// to be done, nothing where the numerics fell short.
  std::optional<double> solve() {
    if (is_free(assumed_)) return 0;
    LawProgram program(assumed_);
    const std::optional<double> least = solve(program);
    if (!least) return least;
    return (options_.mid ? move_middles(program) : move_sides(program)) ? least : std::nullopt;
  }

  const std::vector<LawExpiry>& assumed() const { return assumed_; }

 private:
  Looked& looked(std::size_t expiry, std::size_t side) const {
    return *of_quote_.at(assumed_[expiry].sides[side].quote);
  }

  void set_sides() {
    for (std::size_t i = 0; i < expiries_.size(); ++i)
      assumed_[i].sides = sides_of(*expiries_[i]);
  }

  /// Costs are measured in the middle one, so that the program is the same in any unit of price.
  void set_scale() {
    std::vector<double> costs;
    for (std::size_t i = 0; i < expiries_.size(); ++i)
      for (const Looked& looked : expiries_[i]->quotes)
        costs.push_back(assumed_[i].price_unit() / looked.spread);
    const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
    std::ranges::nth_element(costs, middle);
    scale_ = *middle;
  }

  std::optional<double> solve(LawProgram& program) {
    width_ = 0;
    std::optional<double> least = solve_round(program);
    if (!options_.squares || !least) return least;
    centres_.clear();
    for (const LawExpiry& expiry : program.expiries())
      centres_.emplace_back(expiry.sides.size(), 0);
    for (std::size_t i = 0; i < centres_.size(); ++i)
      for (std::size_t j = 0; j < centres_[i].size(); ++j)
        width_ = std::max(width_, size_of(looked(i, j), program.gives_way(solution_, i, j), room(i, j)));
    for (int round = 0; round < kRounds && width_ > 0; ++round) {
      width_ /= 2;
      least = solve_round(program);
      if (!least) return least;
      for (std::size_t i = 0; i < centres_.size(); ++i)
        for (std::size_t j = 0; j < centres_[i].size(); ++j)
          centres_[i][j] = size_of(looked(i, j), program.gives_way(solution_, i, j), room(i, j));
    }
    return least;
  }

  double room(std::size_t expiry, std::size_t side) const {
    return room_of(looked(expiry, side), assumed_[expiry].sides[side].ask, options_.mid);
  }

  std::optional<double> solve_round(LawProgram& program) {
    const std::vector<std::vector<SideCost>> costs = this->costs();
    do
      solution_ = program.least_changed(costs);
    while (solution_.is_optimal() && program.add_broken_nodes(solution_));
    if (!solution_.is_optimal()) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 0; i < assumed_.size(); ++i)
      for (std::size_t j = 0; j < assumed_[i].sides.size(); ++j)
        sum += cost_of(looked(i, j), program.gives_way(solution_, i, j), room(i, j), options_.squares);
    return sum;
  }

  /// Moves the bids and asks that gave way, outwards to digits and a little further.
  bool move_sides(const LawProgram& program) {
    const std::vector<LawExpiry> before = assumed_;
    for (const double steps : {1, 10}) {
      for (std::size_t i = 0; i < before.size(); ++i) {
        const LawExpiry& expiry = before[i];
        const double per = std::pow(10, -std::round(std::log10(kDigits * expiry.price_unit())));
        for (std::size_t j = 0; j < expiry.sides.size(); ++j) {
          const double gives = program.gives_way(solution_, i, j);
          if (gives <= kNothing * expiry.price_unit()) continue;
          const QuoteSide& side = expiry.sides[j];
          const double price = side.price + side.sign() * gives;
          Quote& quote = of_quote_.at(side.quote)->quote;
          if (side.ask)
            quote.ask = (std::ceil(price * per) + steps) / per;
          else
            quote.bid = std::max((std::floor(price * per) - steps) / per, 0.0);
        }
      }
      set_sides();
      if (is_free(assumed_)) return true;
    }
    return false;
  }

  /// Moves the middles to decimals, at which calls and puts of one strike agree to the last digit.
  bool move_middles(LawProgram& program) {
    if (std::ranges::any_of(assumed_, [](const LawExpiry& expiry) { return has_pair(expiry.sides); })) {
      LawProgram decimal(with_decimal_levels(program, solution_), /*levels_assumed=*/true);
      decimal.start_at(program);
      if (!solve(decimal)) return false;
      for (std::size_t i = 0; i < assumed_.size(); ++i) {
        assumed_[i].forward = decimal.expiries()[i].forward;
        assumed_[i].discount = decimal.expiries()[i].discount;
      }
      move_to_prices(decimal);
    } else {
      move_to_prices(program);
    }
    set_sides();
    return is_free(assumed_);
  }

  void move_to_prices(const LawProgram& program) {
    for (std::size_t i = 0; i < assumed_.size(); ++i)
      for (const DecimalPrice& one : decimal_prices(program, solution_, i)) {
        Quote& quote = of_quote_.at(one.quote)->quote;
        quote.bid = quote.ask = one.price;
      }
  }

  std::vector<std::vector<SideCost>> costs() const {
    std::vector<std::vector<SideCost>> costs;
    for (std::size_t i = 0; i < assumed_.size(); ++i) {
      std::vector<SideCost>& of_expiry = costs.emplace_back();
      for (std::size_t j = 0; j < assumed_[i].sides.size(); ++j) {
        of_expiry.push_back(width_ > 0 ? around(looked(i, j), centres_[i][j], room(i, j))
                                       : sizes(looked(i, j), room(i, j)));
        for (SideCost::Step& step : of_expiry.back().steps)
          step.cost = std::clamp(step.cost * assumed_[i].price_unit() / scale_, kLeastCost, kLargestCost);
      }
    }
    return costs;
  }

  static SideCost sizes(const Looked& looked, double room) {
    SideCost cost;
    if (room > 0) cost.steps.push_back({room, 1 / looked.spread});
    if (room < kInfinity) cost.steps.push_back({kInfinity, kBeyond / looked.spread});
    return cost;
  }

  /// Straight pieces that meet the square of the size at steps of `width_` around that of the round before. Their costs
  /// are over the width, so that they are near those of sizes.
  SideCost around(const Looked& looked, double centre, double room) const {
    constexpr int kPieces = 4;
    constexpr double kFar = 1e4;
    SideCost cost;
    double from = 0, change = 0;
    const auto add = [&](double upto) {
      if (upto <= from) return;
      const double size = upto * looked.spread, to = size <= room ? size : room + (size - room) / kBeyond;
      cost.steps.push_back({to, (upto - from) * (upto + from) / (to - change) / width_});
      from = upto;
      change = to;
    };
    const double kink = room / looked.spread;
    const auto add_with_kink = [&](double upto) {
      if (from < kink && kink < upto) add(kink);
      add(upto);
    };
    for (int i = -kPieces; i <= kPieces; ++i)
      add_with_kink(centre + i * width_);
    for (double step = 2 * width_; step < kFar * width_; step *= 2)
      add_with_kink(from + step);
    cost.steps.back().upto = kInfinity;
    return cost;
  }

  RepairOptions options_;
  std::vector<Expiry*> expiries_;
  std::vector<LawExpiry> assumed_;  // with the sides of the quotes as they stand
  LinearSolution solution_ = {};
  std::map<const Quote*, Looked*> of_quote_;
  std::vector<std::vector<double>> centres_;  // of squares: by expiry and side, sizes of the round before
  double width_ = 0, scale_ = 1;              // of a piece, as sizes; of costs
};

void note(const Looked& looked, const RepairOptions& options, Repair& repair) {
  const double bid_was = options.mid ? looked.was : looked.bid, ask_was = options.mid ? looked.was : looked.ask;
  const auto difference = [](double now, double before) {
    return static_cast<double>(Rational(decimal(now) - decimal(before)));
  };
  QuoteRepair one{.quote = looked.index,
                  .bid = looked.quote.bid,
                  .ask = looked.quote.ask,
                  .bid_change = difference(looked.quote.bid, bid_was),
                  .ask_change = difference(looked.quote.ask, ask_was)};
  if (one.bid_change == 0 && one.ask_change == 0) return;
  one.spreads = std::max(std::abs(one.bid_change), std::abs(one.ask_change)) / looked.spread;
  const double half = std::abs(looked.ask - looked.bid) / 2;
  repair.objective += options.mid ? cost_of(looked, std::abs(one.bid_change), half, options.squares)
                                  : cost_of(looked, -one.bid_change, kInfinity, options.squares) +
                                        cost_of(looked, one.ask_change, kInfinity, options.squares);
  repair.quotes.push_back(one);
}

}  // namespace

Repair repair(const Chain& chain, const RepairOptions& asked) {
  RepairOptions options = asked;
  options.mid |= !chain.has_spread;
  std::vector<Expiry> expiries = expiries_of(chain, options.mid);
  Repair result{.solved = true};
  const auto solve = [&](const std::vector<Expiry*>& group, const std::vector<LawExpiry>& assumed) {
    Group one(group, assumed, options);
    const std::optional<double> least = one.solve();
    return std::pair(least, one.assumed());
  };
  const auto take = [&](const std::optional<double>& least) {
    result.solved &= least.has_value();
    result.optimum += least.value_or(0);
  };
  std::vector<Expiry*> together;
  std::vector<LawExpiry> assumed;
  for (const ChainSlice& slice : chain.slices)
    for (Expiry& expiry : expiries)
      if (options.calendar && expiry.key == slice.key && can_be_assumed(assumed_of(slice), sides_of(expiry))) {
        together.push_back(&expiry);
        assumed.push_back(assumed_of(slice));
      }
  // Where the quotes of an expiry come out at levels that check would not assume, the others do without it.
  while (together.size() > 1) {
    const std::vector<Expiry> before = expiries;
    const auto [least, found] = solve(together, assumed);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < together.size(); ++i)
      if (can_be_assumed(found[i], found[i].sides)) {
        together[kept] = together[i];
        assumed[kept++] = assumed[i];
      }
    if (kept == together.size()) {
      take(least);
      result.together = strikenet::assumed(found);
      break;
    }
    together.resize(kept);
    assumed.resize(kept);
    for (std::size_t i = 0; i < expiries.size(); ++i)
      expiries[i].quotes = before[i].quotes;
  }
  if (together.size() < 2) together.clear();
  for (Expiry& expiry : expiries)
    if (std::ranges::find(together, &expiry) == together.end()) take(solve({&expiry}, {alone(sides_of(expiry))}).first);
  for (const Expiry& expiry : expiries) {
    result.looked_at += static_cast<int>(expiry.quotes.size());
    if (result.solved)
      for (const Looked& looked : expiry.quotes)
        note(looked, options, result);
  }
  std::ranges::sort(result.quotes, {}, &QuoteRepair::quote);
  return result;
}

Chain repaired(const Chain& chain, const Repair& repair) {
  Chain result = chain;
  for (const QuoteRepair& one : repair.quotes) {
    Quote& quote = result.quotes[one.quote];
    quote.bid = one.bid;
    quote.ask = one.ask;
    if (quote.dropped == Drop::crossed) quote.dropped = Drop::none;
  }
  for (const AssumedForward& one : repair.together)
    for (ChainSlice& slice : result.slices)
      if (slice.key == one.key) {
        slice.forward = Forward(one.forward);
        slice.discount = DiscountFactor(one.discount);
      }
  return result;
}

}  // namespace strikenet
