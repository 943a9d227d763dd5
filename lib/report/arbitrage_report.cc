#include "strikenet/report/arbitrage_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "report/columns.h"
#include "report/families_report.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/arbitrage/looked_at.h"
#include "strikenet/market/settlement.h"
#include "strikenet/report/repair_report.h"

namespace strikenet {
namespace {

std::string sentence(const TradeLeg& leg) {
  return fmt::format("    {:<5}{:>9} {}{:<10} at {}{}\n", leg.units > 0 ? "buy" : "sell",
                     fmt::format("{:.15g}", std::abs(leg.units)), letter(leg.type), fmt::format("{:.15g}", leg.strike),
                     fmt::format("{:.15g}", leg.price), leg.line > 0 ? fmt::format("   (line {})", leg.line) : "");
}

/// What a trade leaves, per unit of underlying.
struct Gain {
  double profit = 0, after_fees = 0;
  double ticks = 0;  // 0 where no tick is known
  bool below_a_tick = false;
};

Gain gain_of(const ArbitrageTrade& trade, const TradeTerms& terms) {
  double units = 0;
  for (const TradeLeg& leg : trade.legs)
    units += std::abs(leg.units);
  Gain gain{.profit = 0.0 - trade.proof.cost};
  gain.after_fees = gain.profit - units * terms.fee / terms.multiplier;
  if (terms.tick > 0) gain.ticks = gain.profit / terms.tick;
  gain.below_a_tick = terms.tick > 0 && gain.ticks < 1 - 1e-9;
  return gain;
}

std::string label_of(const ArbitrageTrade& trade, const TradeTerms& terms) {
  std::string label(to_string(trade.proof.kind));
  if (trade.proof.kind != TradeKind::arbitrage) return label;
  const Gain gain = gain_of(trade, terms);
  if (gain.below_a_tick) label += ", less than a tick";
  if (gain.after_fees <= 0) label += ", less than its fees";
  return label;
}

std::string summary(const ArbitrageTrade& trade, const TradeTerms& terms) {
  if (trade.proof.kind != TradeKind::arbitrage)
    return fmt::format("{}: costs nothing, and may pay at expiry (weak)", trade.family);
  const Gain gain = gain_of(trade, terms);
  std::string text = fmt::format("{}: receive {:.6g} today", trade.family, gain.profit);
  if (terms.tick > 0) text += fmt::format(" ({:.3g} ticks of {:g})", gain.ticks, terms.tick);
  if (terms.fee > 0) text += fmt::format(", {:.6g} after fees", gain.after_fees);
  text += trade.hedges.empty() ? ", pay nothing at expiry" : ", pay nothing later";
  if (const double contracts = contracts_of(trade); contracts > 0)
    text += fmt::format("; {:g} times at the quoted sizes, {:.6g} in all", contracts,
                        contracts * terms.multiplier * gain.after_fees);
  if (gain.below_a_tick) text += "; less than a tick";
  return gain.after_fees > 0 ? text : text + "; less than its fees";
}

std::string number(double value) { return fmt::format("{:.12g}", value); }

/// What is done at an earlier expiry, in forwards to the next.
std::string sentence(const ForwardHedge& hedge) {
  std::string text = fmt::format("    at {}, in forwards to {}:", to_string(hedge.from), to_string(hedge.to));
  for (std::size_t i = 0; i < hedge.steps.size(); ++i) {
    const auto& [spot, forwards] = hedge.steps[i];
    const std::string what = forwards == 0  ? "nothing"
                             : forwards > 0 ? "buy " + number(forwards)
                                            : "sell " + number(-forwards);
    const std::string where = i + 1 == hedge.steps.size() ? fmt::format("from {} on", number(spot))
                              : i == 0                    ? fmt::format("below {}", number(hedge.steps[1].spot))
                                       : fmt::format("from {} to {}", number(spot), number(hedge.steps[i + 1].spot));
    text += fmt::format("{} {} {}", i == 0 ? "" : ",", hedge.steps.size() == 1 ? "always" : where, what);
  }
  return text + "\n";
}

std::string sentence(const ArbitrageTrade& trade, const TradeTerms& terms) {
  std::string text = "  " + summary(trade, terms) + "\n", expiry;
  for (const TradeLeg& leg : trade.legs) {
    if (!trade.assumed.empty() && to_string(leg.key) != expiry)
      text += fmt::format("    {}\n", expiry = to_string(leg.key));
    text += sentence(leg);
  }
  for (const ForwardHedge& hedge : trade.hedges)
    text += sentence(hedge);
  if (!trade.assumed.empty()) {
    text += "    assuming forwards";
    for (const AssumedForward& one : trade.assumed)
      text += fmt::format(" {} at {}{} (discount factor {}),", number(one.forward), to_string(one.key),
                          one.order == Order::same_instant ? ", the same instant" : "", number(one.discount));
    text += " in these proportions\n";
  }
  return text;
}

std::string section(const ExpiryArbitrage& expiry, const TradeTerms& terms) {
  std::string text =
      fmt::format("{}: {}, {} quotes\n", to_string(expiry.key), to_string(expiry.verdict), expiry.quotes);
  for (const ArbitrageTrade& trade : expiry.trades)
    text += sentence(trade, terms);
  if (expiry.more) text += "  and more: --trades N shows N of an expiry\n";
  return text;
}

bool is_examined(const CalendarArbitrage* calendar) { return calendar && calendar->together.size() > 1; }

std::string section(const CalendarArbitrage& calendar, const TradeTerms& terms) {
  std::string text = fmt::format("across expiries: {}\n", to_string(calendar.verdict));
  for (const ArbitrageTrade& trade : calendar.trades)
    text += sentence(trade, terms);
  if (calendar.more) text += "  and more: --trades N shows N\n";
  return text;
}

std::string calendar_line(const CalendarArbitrage* calendar) {
  if (!calendar) return "calendar   not looked at: trades across expiries\n";
  std::string text =
      is_examined(calendar)
          ? fmt::format("calendar   {} expiries looked at together: {}\n", calendar->together.size(),
                        calendar->verdict == ExpiryVerdict::none ? "free of arbitrage" : to_string(calendar->verdict))
          : "calendar   fewer than two expiries can be looked at together\n";
  if (is_examined(calendar))
    text += "           assuming that forwards and discount factors keep the proportions that parity implies\n";
  if (const auto same = std::ranges::count(calendar->together, Order::same_instant, &AssumedForward::order); same > 0)
    text += fmt::format("           {} settle at the instant of the one before, under another root: one law\n", same);
  std::map<std::string, int> reasons;
  for (const LeftOutExpiry& one : calendar->left_out)
    ++reasons[one.reason];
  for (const auto& [reason, count] : reasons)
    text += fmt::format("           {} left out: {}\n", count, reason);
  return text;
}

/// "looked at 5 of 6 quotes; 1 of them calibrate leaves out: 1 duplicate; not looked at: 1 expired"
std::string quotes_line(const QuotesLookedAt& counts) {
  std::string text = fmt::format("quotes     looked at {} of {} quotes", counts.looked_at, counts.quotes);
  int left_out = 0;
  for (const auto& [reason, count] : counts.left_out_by_fits)
    left_out += count;
  if (left_out > 0)
    text += fmt::format("; {} of them calibrate leaves out: {}", left_out, counts_in_words(counts.left_out_by_fits));
  if (!counts.not_looked_at.empty()) text += "; not looked at: " + counts_in_words(counts.not_looked_at);
  return text + "\n";
}

std::string json_of(const QuotesLookedAt& counts) {
  return fmt::format(
      " \"quotes\": {{\"in_file\": {}, \"looked_at\": {}, \"left_out_by_calibrate\": {}, \"not_looked_at\": {}}},\n",
      counts.quotes, counts.looked_at, counts_in_json(counts.left_out_by_fits), counts_in_json(counts.not_looked_at));
}

std::vector<Assumption> assumptions_of(const ChainArbitrage& report) {
  std::vector<Assumption> assumptions;
  if (is_examined(report.calendar))
    assumptions = {Assumption::one_underlying, Assumption::order_of_instants, Assumption::ratios};
  assumptions.push_back(Assumption::european_exercise);
  return assumptions;
}

std::ptrdiff_t count(const ChainArbitrage& report, ExpiryVerdict verdict) {
  return std::ranges::count(report.expiries, verdict, &ExpiryArbitrage::verdict);
}

std::string json_of(const TradeLeg& leg) {
  return fmt::format(
      "{{\"expiry\": {}, \"root\": {}, \"strike\": {}, \"type\": \"{}\", \"units\": {}, \"price\": {}, "
      "\"line\": {}}}",
      json_text(leg.key.expiry), json_text(leg.key.root), json_number(leg.strike), letter(leg.type),
      json_number(leg.units), json_number(leg.price), leg.line);
}

template <class Elements, class Text>
std::string list_of(const Elements& elements, const Text& text) {
  std::string list;
  for (const auto& element : elements)
    if (const std::string one = text(element); !one.empty()) list += (list.empty() ? "" : ",") + one;
  return "[" + list + "]";
}

std::string json_of(const ForwardHedge& hedge) {
  const auto step = [](const ForwardHedge::Step& one) {
    return fmt::format("{{\"spot\": {}, \"forwards\": {}}}", json_number(one.spot), json_number(one.forwards));
  };
  return fmt::format("\n    {{\"from\": {}, \"from_root\": {}, \"to\": {}, \"to_root\": {},\n     \"steps\": {}}}",
                     json_text(hedge.from.expiry), json_text(hedge.from.root), json_text(hedge.to.expiry),
                     json_text(hedge.to.root), list_of(hedge.steps, step));
}

std::string json_of(const AssumedForward& one) {
  return fmt::format("\n    {{\"expiry\": {}, \"root\": {}, \"forward\": {}, \"discount\": {}, \"order\": {}}}",
                     json_text(one.key.expiry), json_text(one.key.root), json_number(one.forward),
                     json_number(one.discount), json_text(to_string(one.order)));
}

std::string json_of(const ArbitrageTrade& trade, const TradeTerms& terms) {
  const auto any = [](const auto& one) { return json_of(one); };
  std::string legs;
  for (const TradeLeg& leg : trade.legs)
    legs += (legs.empty() ? "\n    " : ",\n    ") + json_of(leg);
  const Gain gain = gain_of(trade, terms);
  std::string text =
      fmt::format("\n   {{\"family\": {}, \"label\": {}, \"cost\": {}, \"floor\": {}, \"profit\": {}, ",
                  json_text(trade.family), json_text(label_of(trade, terms)), json_number(trade.proof.cost),
                  json_number(trade.proof.floor), json_number(gain.profit));
  text +=
      fmt::format("\"profit_after_fees\": {}, \"ticks\": {}, \"contracts\": {}, \"proved\": true,\n   \"legs\": [{}]",
                  json_number(gain.after_fees), terms.tick > 0 ? json_number(gain.ticks) : "null",
                  contracts_of(trade) > 0 ? json_number(contracts_of(trade)) : "null", legs);
  if (!trade.assumed.empty())
    text += fmt::format(",\n   \"hedges\": {},\n   \"assumed\": {}", list_of(trade.hedges, any),
                        list_of(trade.assumed, any));
  return text + "}";
}

std::string json_of(const CalendarArbitrage* calendar) {
  if (!calendar) return " \"calendar\": \"not examined\",\n";
  const auto left_out = [](const LeftOutExpiry& one) {
    return fmt::format("\n   {{\"expiry\": {}, \"root\": {}, \"reason\": {}}}", json_text(one.key.expiry),
                       json_text(one.key.root), json_text(one.reason));
  };
  const auto together = [](const AssumedForward& one) { return json_of(one); };
  return fmt::format(" \"calendar\": {{\"verdict\": {}, \"more\": {},\n  \"together\": {},\n  \"left_out\": {}}},\n",
                     json_text(is_examined(calendar) ? to_string(calendar->verdict) : "not applicable"), calendar->more,
                     list_of(calendar->together, together), list_of(calendar->left_out, left_out));
}

std::string suspects_table(const ChainArbitrage& report) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, report.suspects.size()); ++i)
    text += fmt::format("{:<11}{}\n", i == 0 ? "suspects" : "",
                        sentence(report.chain, report.suspects[i], report.options.mid));
  if (report.suspects.size() > kShown)
    text += fmt::format("           and {} more: --json lists all\n", report.suspects.size() - kShown);
  return text;
}

bool has_american(const ChainArbitrage& report) {
  return std::ranges::any_of(report.expiries, [](const ExpiryArbitrage& expiry) {
    return settlement_of(expiry.key.root).style == "american";
  });
}

/// Of an expiry, or of all together.
template <class Found>
JunitCase case_of(std::string name, const Found& found, const TradeTerms& terms) {
  JunitCase result{.name = std::move(name)};
  if (found.verdict == ExpiryVerdict::none) return result;
  const bool has_trade = !found.trades.empty();
  result.outcome = has_trade ? JunitCase::Outcome::failed : JunitCase::Outcome::error;
  result.message = has_trade ? summary(found.trades.front(), terms) : "neither an arbitrage nor its absence is proved";
  result.text = section(found, terms);
  return result;
}

}  // namespace

double contracts_of(const ArbitrageTrade& trade) {
  double most = std::numeric_limits<double>::infinity();
  for (const TradeLeg& leg : trade.legs)
    most = std::min(most, std::floor(leg.size / std::abs(leg.units)));
  return std::isfinite(most) ? most : 0;
}

double tick_of(const Chain& chain) {
  constexpr double kLeast = 1e-4;
  double tick = 0;
  const auto is_multiple = [&](double price, double of) {
    return std::abs(price / of - std::round(price / of)) < 1e-6;
  };
  const auto fits = [&](double candidate) {
    return std::ranges::all_of(chain.quotes, [&](const Quote& quote) {
      return is_multiple(quote.bid, candidate) && is_multiple(quote.ask, candidate);
    });
  };
  for (double power = 1; tick == 0 && power >= kLeast * (1 - 1e-9); power /= 10)
    for (const double candidate : {power, power / 2, power / 5})
      if (tick == 0 && candidate >= kLeast * (1 - 1e-9) && fits(candidate)) tick = candidate;
  return tick;
}

bool ChainArbitrage::found() const {
  return std::ranges::any_of(expiries, [](const ExpiryArbitrage& expiry) { return !expiry.trades.empty(); }) ||
         (calendar && !calendar->trades.empty());
}

bool ChainArbitrage::absent() const {
  return std::ranges::all_of(expiries,
                             [](const ExpiryArbitrage& expiry) { return expiry.verdict == ExpiryVerdict::none; }) &&
         (!calendar || calendar->verdict == ExpiryVerdict::none);
}

std::string arbitrage_table(const ChainArbitrage& report) {
  std::string text;
  for (const ExpiryArbitrage& expiry : report.expiries)
    if (expiry.verdict != ExpiryVerdict::none) text += section(expiry, report.terms);
  if (report.calendar && report.calendar->verdict != ExpiryVerdict::none)
    text += section(*report.calendar, report.terms);
  text += fmt::format("expiries   {} looked at, at {}: {} free of arbitrage, {} not, {} weakly not, {} not proved\n",
                      report.expiries.size(), report.options.mid ? "the middles" : "bid and ask",
                      count(report, ExpiryVerdict::none), count(report, ExpiryVerdict::arbitrage),
                      count(report, ExpiryVerdict::weak_arbitrage), count(report, ExpiryVerdict::not_proved));
  text += quotes_line(count_looked_at(report.chain, report.options.mid));
  text += calendar_line(report.calendar);
  text += "proof      in rational arithmetic, of every trade and of every absence\n";
  text += fmt::format("assuming   {}\n", in_words(assumptions_of(report)));
  if (has_american(report)) text += "exercise   European is assumed; these options can be exercised early\n";
  text += suspects_table(report);
  text += families_table(report.families);
  return text;
}

std::string arbitrage_json(const ChainArbitrage& report) {
  std::vector<ArbitrageTrade> trades;
  for (const ExpiryArbitrage& expiry : report.expiries)
    trades.insert(trades.end(), expiry.trades.begin(), expiry.trades.end());
  if (report.calendar) trades.insert(trades.end(), report.calendar->trades.begin(), report.calendar->trades.end());
  const auto trade = [&](const ArbitrageTrade& one) { return json_of(one, report.terms); };
  const auto expiry = [](const ExpiryArbitrage& one) {
    return fmt::format("\n  {{\"expiry\": {}, \"root\": {}, \"quotes\": {}, \"verdict\": {}, \"more\": {}}}",
                       json_text(one.key.expiry), json_text(one.key.root), one.quotes,
                       json_text(to_string(one.verdict)), one.more);
  };
  std::string text =
      fmt::format("{{\n \"schema\": \"strikenet.check/1\",\n \"arbitrage\": {},\n \"absence_proved\": {},\n",
                  report.found(), report.absent());
  text += fmt::format(" \"prices\": \"{}\",\n", report.options.mid ? "mid" : "bid-ask");
  const auto assumption = [](Assumption one) { return json_text(to_string(one)); };
  text += fmt::format(" \"assumptions\": {},\n", list_of(assumptions_of(report), assumption));
  text += json_of(count_looked_at(report.chain, report.options.mid));
  text += json_of(report.calendar);
  text += families_json(report.families);
  const auto suspect = [&](const QuoteRepair& one) { return "\n  " + repair_json(report.chain, one); };
  text += fmt::format(" \"suspects\": {},\n", list_of(report.suspects, suspect));
  text += fmt::format(" \"trades\": {},\n", list_of(trades, trade));
  text += fmt::format(" \"expiries\": {}", list_of(report.expiries, expiry));
  if (report.seconds > 0) text += fmt::format(",\n \"seconds\": {:.3f}", report.seconds);
  return text + "\n}\n";
}

std::vector<JunitCase> arbitrage_cases(const ChainArbitrage& report) {
  std::vector<JunitCase> cases;
  for (const ExpiryArbitrage& expiry : report.expiries)
    cases.push_back(case_of(to_string(expiry.key), expiry, report.terms));
  if (is_examined(report.calendar)) cases.push_back(case_of("across expiries", *report.calendar, report.terms));
  return cases;
}

}  // namespace strikenet
