#include <algorithm>
#include <map>
#include <set>

#include "arbitrage/exact_law.h"
#include "arbitrage/quote_sides.h"
#include "arbitrage/trade_search.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

const ExpiryKey& key_of(const LawExpiry& expiry) { return expiry.sides.front().quote->key; }

/// Whether its own quotes allow what is assumed of an expiry.
bool allows_its_forward(const LawExpiry& expiry) {
  LawProgram program({expiry}, /*levels_assumed=*/true);
  const LinearSolution least = program.least_missed();
  return least.is_optimal() && program.missed(least) <= 0;
}

/// The trade that a solution's multipliers name: at its expiries, with hedges that change at its nodes - and, where
/// they do not suffice, at the strikes of all legs.
ArbitrageTrade trade_of(const LawProgram& program, const LinearSolution& solution) {
  std::vector<LawExpiry> held;
  std::set<Rational> nodes;
  for (std::size_t i = 0; i < program.expiries().size(); ++i) {
    LawExpiry expiry = program.expiries()[i];
    expiry.sides = program.held_sides(solution, i);
    if (!expiry.sides.empty()) held.push_back(std::move(expiry));
  }
  if (held.size() < 2) return {};
  for (const OrderRow& row : program.held_order(solution))
    nodes.insert(decimal(row.node.strike) / decimal(program.expiries()[row.node.expiry].forward));
  ArbitrageTrade trade = find_trade(held, {nodes.begin(), nodes.end()});
  if (trade.proof.kind != TradeKind::none) return trade;
  for (const LawExpiry& expiry : held)
    for (const QuoteSide& side : expiry.sides)
      nodes.insert(decimal(side.quote->strike) / decimal(expiry.forward));
  return find_trade(held, {nodes.begin(), nodes.end()});
}

Answer answer_of(const std::vector<LawExpiry>& expiries) {
  LawProgram program(expiries);
  if (have_roomy_laws(program)) return {.absent = true};
  const LinearSolution least = program.least_missed();
  if (!least.is_optimal()) return {};
  if (program.missed(least) < kTouches && have_touching_laws(program)) return {.absent = true};
  if (program.missed(least) > 0) {
    const ArbitrageTrade trade = trade_of(program, least);
    if (trade.proof.kind != TradeKind::none) return {.absent = false, .trade = trade};
  }
  const LinearSolution best = program.largest_margin();
  return {.absent = best.is_optimal() && are_laws(program, best)};
}

}  // namespace

CalendarArbitrage find_calendar_arbitrage(const Chain& chain, const std::vector<ExpiryArbitrage>& within,
                                          const FindOptions& options) {
  require(options.trades >= 1, "find_calendar_arbitrage", "trades", options.trades, "must be at least 1");
  CalendarArbitrage result;
  const std::vector<ExpiryQuotes> looked_at = quotes_looked_at(chain, options.mid);
  std::map<ExpiryKey, std::vector<QuoteSide>> sides;
  for (const ExpiryQuotes& expiry : looked_at)
    sides[expiry.key] = sides_of(expiry.quotes);
  std::map<ExpiryKey, ExpiryVerdict> verdicts;
  for (const ExpiryArbitrage& expiry : within)
    verdicts[expiry.key] = expiry.verdict;

  std::vector<LawExpiry> expiries;
  for (const ChainSlice& slice : chain.slices) {
    const auto verdict = verdicts.find(slice.key);
    if (verdict == verdicts.end()) continue;
    if (!can_be_assumed(assumed_of(slice), sides[slice.key])) continue;  // as if it had none
    if (verdict->second == ExpiryVerdict::none) {
      expiries.push_back(assumed_of(slice));
      expiries.back().sides = sides[slice.key];
    } else {
      result.left_out.push_back(
          {slice.key, verdict->second == ExpiryVerdict::not_proved ? "is not proved" : "has arbitrage within itself"});
    }
    verdicts.erase(verdict);
  }
  for (const auto& [key, verdict] : verdicts)
    result.left_out.push_back({key, "has no forward"});

  bool forwards_checked = false;
  while (expiries.size() > 1) {
    Answer answer = answer_of(expiries);
    if (!answer.absent && !forwards_checked) {
      forwards_checked = true;
      const std::size_t before = expiries.size();
      std::erase_if(expiries, [&](const LawExpiry& expiry) {
        if (allows_its_forward(expiry)) return false;
        result.left_out.push_back({key_of(expiry), "contradicts its forward"});
        return true;
      });
      if (expiries.size() < before) continue;
    }
    if (answer.absent || answer.trade.proof.kind == TradeKind::none) {
      if (result.trades.empty()) result.verdict = answer.absent ? ExpiryVerdict::none : ExpiryVerdict::not_proved;
      break;
    }
    result.verdict = ExpiryVerdict::arbitrage;
    result.more = result.trades.size() == static_cast<std::size_t>(options.trades);
    if (result.more) break;
    for (LawExpiry& expiry : expiries)
      leave_out(answer.trade, expiry.sides);
    std::erase_if(expiries, [](const LawExpiry& expiry) { return expiry.sides.empty(); });
    result.trades.push_back(std::move(answer.trade));
  }
  result.together = assumed(std::move(expiries));
  return result;
}

}  // namespace strikenet
