#include "strikenet/report/arbitrage_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/columns.h"
#include "report/families_report.h"
#include "strikenet/market/settlement.h"

namespace strikenet {
namespace {

std::string sentence(const TradeLeg& leg) {
  return fmt::format("    {:<5}{:>9} {}{:<10} at {}{}\n", leg.units > 0 ? "buy" : "sell",
                     fmt::format("{:.15g}", std::abs(leg.units)), letter(leg.type), fmt::format("{:.15g}", leg.strike),
                     fmt::format("{:.15g}", leg.price), leg.line > 0 ? fmt::format("   (line {})", leg.line) : "");
}

std::string summary(const ArbitrageTrade& trade) {
  return trade.proof.kind == TradeKind::arbitrage
             ? fmt::format("{}: receive {:.6g} today, pay nothing at expiry", trade.family, -trade.proof.cost)
             : fmt::format("{}: costs nothing, and may pay at expiry (weak)", trade.family);
}

std::string sentence(const ArbitrageTrade& trade) {
  std::string text = "  " + summary(trade) + "\n";
  for (const TradeLeg& leg : trade.legs)
    text += sentence(leg);
  return text;
}

std::string section(const ExpiryArbitrage& expiry) {
  std::string text =
      fmt::format("{}: {}, {} quotes\n", to_string(expiry.key), to_string(expiry.verdict), expiry.quotes);
  for (const ArbitrageTrade& trade : expiry.trades)
    text += sentence(trade);
  if (expiry.more) text += "  and more: --trades N shows N of an expiry\n";
  return text;
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

std::string json_of(const ArbitrageTrade& trade) {
  std::string legs;
  for (const TradeLeg& leg : trade.legs)
    legs += (legs.empty() ? "\n    " : ",\n    ") + json_of(leg);
  return fmt::format(
      "\n   {{\"family\": {}, \"label\": {}, \"cost\": {}, \"floor\": {}, \"profit\": {}, "
      "\"proved\": true,\n   \"legs\": [{}]}}",
      json_text(trade.family), json_text(to_string(trade.proof.kind)), json_number(trade.proof.cost),
      json_number(trade.proof.floor), json_number(-trade.proof.cost), legs);
}

template <class Element, class Text>
std::string list_of(const std::vector<Element>& elements, const Text& text) {
  std::string list;
  for (const Element& element : elements)
    if (const std::string one = text(element); !one.empty()) list += (list.empty() ? "" : ",") + one;
  return "[" + list + "]";
}

bool has_american(const ChainArbitrage& report) {
  return std::ranges::any_of(report.expiries, [](const ExpiryArbitrage& expiry) {
    return settlement_of(expiry.key.root).style == "american";
  });
}

JunitCase case_of(const ExpiryArbitrage& expiry) {
  JunitCase result{.name = to_string(expiry.key)};
  if (expiry.verdict == ExpiryVerdict::none) return result;
  const bool found = !expiry.trades.empty();
  result.outcome = found ? JunitCase::Outcome::failed : JunitCase::Outcome::error;
  result.message = found ? summary(expiry.trades.front()) : "neither an arbitrage nor its absence is proved";
  result.text = section(expiry);
  return result;
}

}  // namespace

bool ChainArbitrage::found() const {
  return std::ranges::any_of(expiries, [](const ExpiryArbitrage& expiry) { return !expiry.trades.empty(); });
}

bool ChainArbitrage::absent() const {
  return std::ranges::all_of(expiries,
                             [](const ExpiryArbitrage& expiry) { return expiry.verdict == ExpiryVerdict::none; });
}

std::string arbitrage_table(const ChainArbitrage& report) {
  std::string text;
  for (const ExpiryArbitrage& expiry : report.expiries)
    if (expiry.verdict != ExpiryVerdict::none) text += section(expiry);
  text += fmt::format("expiries   {} looked at, at {}: {} free of arbitrage, {} not, {} weakly not, {} not proved\n",
                      report.expiries.size(), report.options.mid ? "the middles" : "bid and ask",
                      count(report, ExpiryVerdict::none), count(report, ExpiryVerdict::arbitrage),
                      count(report, ExpiryVerdict::weak_arbitrage), count(report, ExpiryVerdict::not_proved));
  text += "proof      in rational arithmetic, of every trade and of every expiry without one\n";
  text += "calendar   not looked at: trades across expiries\n";
  if (has_american(report)) text += "exercise   European is assumed; these options can be exercised early\n";
  text += families_table(report.families);
  return text;
}

std::string arbitrage_json(const ChainArbitrage& report) {
  const auto trades = [](const ExpiryArbitrage& expiry) {
    std::string all;
    for (const ArbitrageTrade& trade : expiry.trades)
      all += (all.empty() ? "" : ",") + json_of(trade);
    return all;
  };
  const auto expiry = [](const ExpiryArbitrage& one) {
    return fmt::format("\n  {{\"expiry\": {}, \"root\": {}, \"quotes\": {}, \"verdict\": {}, \"more\": {}}}",
                       json_text(one.key.expiry), json_text(one.key.root), one.quotes,
                       json_text(to_string(one.verdict)), one.more);
  };
  std::string text =
      fmt::format("{{\n \"schema\": \"strikenet.check/1\",\n \"arbitrage\": {},\n \"absence_proved\": {},\n",
                  report.found(), report.absent());
  text +=
      fmt::format(" \"prices\": \"{}\",\n \"calendar\": \"not examined\",\n", report.options.mid ? "mid" : "bid-ask");
  text += families_json(report.families);
  text += fmt::format(" \"trades\": {},\n", list_of(report.expiries, trades));
  text += fmt::format(" \"expiries\": {}", list_of(report.expiries, expiry));
  if (report.seconds > 0) text += fmt::format(",\n \"seconds\": {:.3f}", report.seconds);
  return text + "\n}\n";
}

std::vector<JunitCase> arbitrage_cases(const ChainArbitrage& report) {
  std::vector<JunitCase> cases;
  std::ranges::transform(report.expiries, std::back_inserter(cases), case_of);
  return cases;
}

}  // namespace strikenet
