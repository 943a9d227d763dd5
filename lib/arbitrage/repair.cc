#include "strikenet/arbitrage/repair.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "arbitrage/law_program.h"
#include "arbitrage/quote_sides.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kBeyond = 100;    // what a change of a middle costs outside bid and ask
constexpr double kDigits = 1e-7;   // of the forward: what changes are rounded to
constexpr double kSame = 1e-8;     // of the forward: what is no change
constexpr int kRounds = 8;         // of straight pieces around the squares
constexpr double kFirstPiece = 1;  // in spreads, of the first round

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

double cost_of(const Looked& looked, double change, double room, bool squares) {
  const double size = (std::min(change, room) + kBeyond * std::max(change - room, 0.0)) / looked.spread;
  return change <= 0 ? 0 : squares ? size * size : size;
}

/// How far the price of a middle may go up or down at the normal cost.
double room_of(const Looked& looked, bool up, bool mid) {
  if (!mid) return kInfinity;
  return std::max(up ? looked.ask - looked.quote.ask : looked.quote.bid - looked.bid, 0.0);
}

/// Expiries that are repaired together.
class Group {
 public:
  /// The sides of `program` are those of the quotes.
  Group(const std::vector<Expiry*>& expiries, std::vector<LawExpiry> program, const RepairOptions& options)
      : options_(options), program_(std::move(program)) {
    for (Expiry* expiry : expiries)
      for (Looked& looked : expiry->quotes)
        of_quote_[&looked.quote] = &looked;
  }

  /// The least cost; empty where the numerics fell short.
  std::optional<double> solve() {
    if (!options_.squares) return solve_with(costs());
    centres_.clear();
    for (const LawExpiry& expiry : program_.expiries())
      centres_.emplace_back(expiry.sides.size(), 0);
    std::optional<double> least;
    for (int round = 0; round < kRounds; ++round, width_ /= 4) {
      least = solve_with(costs());
      if (!least) return least;
      for (std::size_t i = 0; i < centres_.size(); ++i)
        for (std::size_t j = 0; j < centres_[i].size(); ++j)
          centres_[i][j] = program_.gives_way(solution_, i, j) / looked(i, j).spread;
    }
    return least;
  }

  /// Moves the quotes that gave way, and a little further.
  void move_quotes() {
    for (std::size_t i = 0; i < program_.expiries().size(); ++i) {
      const LawExpiry& expiry = program_.expiries()[i];
      const double per = std::pow(10, -std::round(std::log10(kDigits * expiry.forward)));
      for (std::size_t j = 0; j < expiry.sides.size(); ++j) {
        const double gives = program_.gives_way(solution_, i, j);
        if (gives <= kSame * expiry.forward) continue;
        const QuoteSide& side = expiry.sides[j];
        const double price = side.price + side.sign() * gives;
        Quote& quote = looked(i, j).quote;
        if (options_.mid)
          quote.bid = quote.ask = price;
        else if (side.ask)
          quote.ask = (std::ceil(price * per) + 1) / per;
        else
          quote.bid = std::max((std::floor(price * per) - 1) / per, 0.0);
      }
    }
  }

 private:
  Looked& looked(std::size_t expiry, std::size_t side) const {
    return *of_quote_.at(program_.expiries()[expiry].sides[side].quote);
  }

  std::optional<double> solve_with(const std::vector<std::vector<SideCost>>& costs) {
    do
      solution_ = program_.least_changed(costs);
    while (solution_.is_optimal() && program_.add_broken_nodes(solution_));
    if (!solution_.is_optimal()) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 0; i < program_.expiries().size(); ++i)
      for (std::size_t j = 0; j < program_.expiries()[i].sides.size(); ++j)
        sum += cost_of(looked(i, j), program_.gives_way(solution_, i, j),
                       room_of(looked(i, j), program_.expiries()[i].sides[j].ask, options_.mid), options_.squares);
    return sum;
  }

  std::vector<std::vector<SideCost>> costs() const {
    std::vector<std::vector<SideCost>> costs;
    for (std::size_t i = 0; i < program_.expiries().size(); ++i) {
      std::vector<SideCost>& of_expiry = costs.emplace_back();
      for (std::size_t j = 0; j < program_.expiries()[i].sides.size(); ++j) {
        const double room = room_of(looked(i, j), program_.expiries()[i].sides[j].ask, options_.mid);
        of_expiry.push_back(options_.squares ? around(looked(i, j), centres_[i][j]) : sizes(looked(i, j), room));
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

  /// Straight pieces that meet the square at steps of `width_` around the change of the round before.
  SideCost around(const Looked& looked, double centre) const {
    constexpr int kPieces = 4;
    constexpr double kFar = 1e6;
    SideCost cost;
    double from = 0;
    const auto add = [&](double upto) {
      if (upto <= from) return;
      cost.steps.push_back({upto * looked.spread, (from + upto) / looked.spread});
      from = upto;
    };
    for (int i = -kPieces; i <= kPieces; ++i)
      add(centre + i * width_);
    for (double upto = from + 2 * width_; upto < kFar; upto *= 2)
      add(upto);
    cost.steps.push_back({kInfinity, 4 * kFar / looked.spread});
    return cost;
  }

  RepairOptions options_;
  LawProgram program_;
  LinearSolution solution_ = {};
  std::map<const Quote*, Looked*> of_quote_;
  std::vector<std::vector<double>> centres_;  // of squares: by expiry and side, changes of the round before in spreads
  double width_ = kFirstPiece;
};

std::vector<QuoteSide> sides_of(const Expiry& expiry) {
  std::vector<QuoteSide> sides;
  for (const Looked& looked : expiry.quotes)
    std::ranges::copy(strikenet::sides_of(looked.quote), std::back_inserter(sides));
  return sides;
}

void note(const Looked& looked, const RepairOptions& options, Repair& repair) {
  const double bid_was = options.mid ? looked.was : looked.bid, ask_was = options.mid ? looked.was : looked.ask;
  const auto difference = [](double now, double before) { return std::round((now - before) * 1e10) / 1e10; };
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
  const auto solve = [&](const std::vector<Expiry*>& group, std::vector<LawExpiry> program) {
    Group one(group, std::move(program), options);
    const std::optional<double> least = one.solve();
    result.solved &= least.has_value();
    result.optimum += least.value_or(0);
    if (least) one.move_quotes();
  };
  for (Expiry& expiry : expiries)
    solve({&expiry}, {alone(sides_of(expiry))});
  std::vector<Expiry*> together;
  std::vector<LawExpiry> program;
  for (const ChainSlice& slice : chain.slices)
    for (Expiry& expiry : expiries)
      if (options.calendar && expiry.key == slice.key) {
        together.push_back(&expiry);
        program.push_back(assumed_of(slice));
        program.back().sides = sides_of(expiry);
      }
  if (together.size() > 1) solve(together, std::move(program));
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
  return result;
}

}  // namespace strikenet
