#include "strikenet/arbitrage/find_arbitrage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "arbitrage/looked_at.h"
#include "arbitrage/rational_program.h"
#include "arbitrage/smile_law.h"
#include "core/parallel.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// The sides at which one can trade. A quote without an ask can be sold at its bid.
std::vector<QuoteSide> sides_of(const std::vector<Quote>& quotes) {
  std::vector<QuoteSide> sides;
  for (const Quote& quote : quotes) {
    if (quote.bid > 0) sides.push_back({&quote, false, quote.bid});
    if (quote.ask > 0) sides.push_back({&quote, true, quote.ask});
  }
  return sides;
}

double sign_of(const QuoteSide& side) { return side.ask ? 1 : -1; }

/// What units of the sides pay at a spot, and along the last slope: one row a spot, then one more.
std::vector<std::vector<Rational>> payoff_rows(const std::vector<QuoteSide>& sides) {
  std::set<Rational> spots{Rational(0)};
  for (const QuoteSide& side : sides)
    spots.insert(decimal(side.quote->strike));
  std::vector<std::vector<Rational>> rows;
  for (const Rational& spot : spots) {
    std::vector<Rational> row;
    for (const QuoteSide& side : sides) {
      const Rational strike = decimal(side.quote->strike);
      const Rational inside = side.quote->type == OptionType::call ? spot - strike : strike - spot;
      row.push_back(inside > 0 ? Rational(sign_of(side) * inside) : Rational(0));
    }
    rows.push_back(std::move(row));
  }
  std::vector<Rational> slope;
  for (const QuoteSide& side : sides)
    slope.emplace_back(side.quote->type == OptionType::call ? sign_of(side) : 0);
  rows.push_back(std::move(slope));
  return rows;
}

enum class Wanted {
  arbitrage,  ///< pays one today and nothing later
  room,       ///< the same, and pays a little wherever it could pay nothing
  weak,       ///< costs nothing, and pays one in all later
};

/// The fewest units that do what is wanted.
std::optional<std::vector<Rational>> units_of(const std::vector<QuoteSide>& sides, Wanted wanted,
                                              const Rational& room) {
  RationalProgram program{.unknowns = sides.size(), .rows = payoff_rows(sides), .bounds = {}};
  for (const std::vector<Rational>& row : program.rows) {
    const bool is_rounded = std::ranges::any_of(row, [](const Rational& entry) { return entry != 0; });
    program.bounds.push_back(wanted == Wanted::room && is_rounded ? room : Rational(0));
  }
  std::vector<Rational> received, paid(sides.size());
  for (const QuoteSide& side : sides)
    received.push_back(-sign_of(side) * decimal(side.price));
  if (wanted == Wanted::weak) {
    for (const std::vector<Rational>& row : program.rows)
      for (std::size_t i = 0; i < sides.size(); ++i)
        paid[i] += row[i];
    program.rows.push_back(std::move(paid));
    program.bounds.emplace_back(1);
  }
  program.rows.push_back(std::move(received));
  program.bounds.emplace_back(wanted == Wanted::weak ? 0 : 1);
  return minimise(program);
}

/// The smallest whole numbers in the same proportion; empty where they are more than a million.
std::vector<double> whole(const std::vector<Rational>& units) {
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
std::vector<double> to_twelve_places(const std::vector<Rational>& units) {
  const Rational largest = *std::ranges::max_element(units);
  std::vector<double> result;
  for (const Rational& unit : units)
    result.push_back(std::round(static_cast<double>(Rational(unit / largest)) * 1e12) / 1e12);
  return result;
}

/// What the units pay at most, in size: what room for rounding is measured in.
Rational size_of(const std::vector<QuoteSide>& sides, const std::vector<Rational>& units) {
  Rational size = 0;
  for (std::size_t i = 0; i < sides.size(); ++i)
    size += units[i] * decimal(std::max(sides[i].quote->strike, 1.0));
  return size;
}

std::string family_of(const std::vector<TradeLeg>& legs) {
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

ArbitrageTrade proved(const std::vector<QuoteSide>& sides, const std::vector<double>& units) {
  ArbitrageTrade trade;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i] == 0) continue;
    const Quote& quote = *sides[i].quote;
    trade.legs.push_back(
        {quote.line, quote.key, quote.strike, quote.type, sign_of(sides[i]) * units[i], sides[i].price});
  }
  std::ranges::stable_sort(trade.legs, {}, [](const TradeLeg& leg) { return std::pair(leg.strike, leg.type); });
  trade.proof = prove_trade(trade.legs);
  trade.family = family_of(trade.legs);
  return trade;
}

/// The trade that the sides hold, proved; of kind none where they hold none. Where strikes have so many digits that no
/// small whole numbers of units do, units are rounded, with room for that.
ArbitrageTrade trade_of(const std::vector<QuoteSide>& sides, Wanted wanted) {
  const Rational share(1, 1'000'000'000);
  const std::optional<std::vector<Rational>> exact = units_of(sides, wanted, 0);
  if (!exact) return {};
  const std::vector<double> units = whole(*exact);
  if (!units.empty() || wanted == Wanted::weak) return proved(sides, units);
  const auto roomy = units_of(sides, Wanted::room, share * size_of(sides, *exact));
  return roomy ? proved(sides, to_twelve_places(*roomy)) : ArbitrageTrade();
}

bool is_proved(const SmileVerdict& verdict, const std::vector<QuoteSide>& sides) {
  return (verdict.law && prices_within(*verdict.law, sides)) ||
         (verdict.prices && prices_within(*verdict.prices, sides));
}

void leave_out(const ArbitrageTrade& trade, std::vector<QuoteSide>& sides) {
  std::erase_if(sides, [&](const QuoteSide& side) {
    return std::ranges::any_of(trade.legs, [&](const TradeLeg& leg) { return leg.line == side.quote->line; });
  });
}

ExpiryArbitrage judge(const ExpiryKey& key, const std::vector<Quote>& quotes, const FindOptions& options) {
  ExpiryArbitrage result{.key = key, .quotes = static_cast<int>(quotes.size())};
  std::vector<QuoteSide> sides = sides_of(quotes);
  while (!sides.empty()) {
    const SmileVerdict verdict = judge_smile(sides);
    if (is_proved(verdict, sides)) {
      if (result.trades.empty()) result.verdict = ExpiryVerdict::none;
      break;
    }
    ArbitrageTrade trade = trade_of(verdict.contradiction, Wanted::arbitrage);
    if (trade.proof.kind == TradeKind::none && result.trades.empty())
      trade = trade_of(verdict.contradiction, Wanted::weak);
    if (trade.proof.kind == TradeKind::none) break;
    result.more = result.trades.size() == static_cast<std::size_t>(options.trades);
    if (result.more) break;
    if (result.trades.empty())
      result.verdict =
          trade.proof.kind == TradeKind::arbitrage ? ExpiryVerdict::arbitrage : ExpiryVerdict::weak_arbitrage;
    leave_out(trade, sides);
    result.trades.push_back(std::move(trade));
    if (result.verdict == ExpiryVerdict::weak_arbitrage) break;
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
  std::vector<ExpiryKey> order;
  std::map<ExpiryKey, std::vector<Quote>> of_expiry;
  for (const Quote& quote : chain.quotes) {
    if (!is_looked_at(quote.dropped) || !(quote.bid > 0 || quote.ask > 0)) continue;
    std::vector<Quote>& quotes = of_expiry[quote.key];
    if (quotes.empty()) order.push_back(quote.key);
    quotes.push_back(quote);
    if (options.mid && quote.bid > 0 && quote.ask > 0)
      quotes.back().bid = quotes.back().ask = (quote.bid + quote.ask) / 2;
    else if (options.mid)
      quotes.pop_back();
  }
  std::erase_if(order, [&](const ExpiryKey& key) { return of_expiry[key].empty(); });
  std::vector<ExpiryArbitrage> result(order.size());
  in_parallel(order.size(), options.threads,
              [&](std::size_t i) { result[i] = judge(order[i], of_expiry.at(order[i]), options); });
  return result;
}

}  // namespace strikenet
