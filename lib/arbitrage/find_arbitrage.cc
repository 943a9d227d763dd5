#include "strikenet/arbitrage/find_arbitrage.h"

#include <algorithm>

#include "arbitrage/exact_law.h"
#include "arbitrage/quote_sides.h"
#include "arbitrage/trade_search.h"
#include "core/parallel.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// Of one expiry: whether there is a law, else the trade that stands in its way.
Answer answer_of(const std::vector<QuoteSide>& sides, bool weak) {
  LawProgram program({alone(sides)});
  if (have_roomy_laws(program)) return {.absent = true};
  LinearSolution held = program.least_missed();
  if (!held.is_optimal()) return {};
  if (program.missed(held) < kTouches && have_touching_laws(program)) return {.absent = true};
  const bool contradicted = program.missed(held) > 0;
  if (const LinearSolution best = program.largest_margin(); best.is_optimal()) {
    if (are_laws(program, best)) return {.absent = true};
    if (!contradicted) held = best;
  } else if (are_laws(program, held)) {
    return {.absent = true};
  }
  const LawExpiry contradiction = alone(program.held_sides(held, 0));
  if (contradiction.sides.empty()) return {};
  Answer answer{.absent = false, .trade = find_trade({contradiction}, {})};
  if (weak && answer.trade.proof.kind == TradeKind::none) answer.trade = find_weak_trade(contradiction);
  return answer;
}

ExpiryArbitrage judge(const ExpiryKey& key, const std::vector<Quote>& quotes, const FindOptions& options) {
  ExpiryArbitrage result{.key = key, .quotes = static_cast<int>(quotes.size())};
  std::vector<QuoteSide> sides = sides_of(quotes);
  while (!sides.empty()) {
    Answer answer = answer_of(sides, result.trades.empty());
    if (answer.absent && result.trades.empty()) result.verdict = ExpiryVerdict::none;
    const TradeKind kind = answer.trade.proof.kind;
    if (answer.absent || kind == TradeKind::none) break;
    result.more = result.trades.size() == static_cast<std::size_t>(options.trades);
    if (result.more) break;
    if (result.trades.empty())
      result.verdict = kind == TradeKind::arbitrage ? ExpiryVerdict::arbitrage : ExpiryVerdict::weak_arbitrage;
    leave_out(answer.trade, sides);
    result.trades.push_back(std::move(answer.trade));
    if (kind == TradeKind::weak_arbitrage) break;
  }
  return result;
}

}  // namespace

std::string_view to_string(ExpiryVerdict verdict) {
  switch (verdict) {
    case ExpiryVerdict::none: return "none";
    case ExpiryVerdict::arbitrage: return "arbitrage";
    case ExpiryVerdict::weak_arbitrage: return "weak arbitrage";
    case ExpiryVerdict::not_proved: return "not proved";
  }
  return "?";
}

std::vector<ExpiryArbitrage> find_arbitrage(const Chain& chain, const FindOptions& options) {
  constexpr std::string_view kWhere = "find_arbitrage";
  require(options.trades >= 1, kWhere, "trades", options.trades, "must be at least 1");
  require(options.threads >= 1, kWhere, "threads", options.threads, "must be at least 1");
  const std::vector<ExpiryQuotes> expiries = quotes_looked_at(chain, options.mid);
  std::vector<ExpiryArbitrage> result(expiries.size());
  Workers(options.threads).each(expiries.size(), [&](std::size_t i) {
    result[i] = judge(expiries[i].key, expiries[i].quotes, options);
  });
  return result;
}

}  // namespace strikenet
