#include "strikenet/report/repair_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/columns.h"

namespace strikenet {
namespace {

constexpr std::size_t kShown = 10;

bool is_middle(const ChainRepair& report) { return report.options.mid || !report.chain.has_spread; }

}  // namespace

std::string sentence(const Chain& chain, const QuoteRepair& one, bool middle) {
  const Quote& quote = chain.quotes[one.quote];
  std::string text =
      fmt::format("{} {}{:g}, line {}:", to_string(quote.key), letter(quote.type), quote.strike, quote.line);
  const auto add = [&](std::string_view what, double now, double change) {
    if (change != 0) text += fmt::format(" {} {:.10g} to {:.10g}", what, now - change, now);
  };
  if (middle)
    add("price", one.bid, one.bid_change);
  else {
    add("bid", one.bid, one.bid_change);
    add("ask", one.ask, one.ask_change);
  }
  return text + fmt::format(", {:.3g} spreads", one.spreads);
}

std::vector<QuoteRepair> by_size(const Repair& repair) {
  std::vector<QuoteRepair> sorted = repair.quotes;
  std::ranges::stable_sort(sorted, std::greater{}, &QuoteRepair::spreads);
  return sorted;
}

std::string repair_table(const ChainRepair& report) {
  const Repair& repair = report.repair;
  std::string text = fmt::format("quotes     {} looked at, {} changed\n", repair.looked_at, repair.quotes.size());
  text += fmt::format("change     {:.9g} {}; the optimum of the linear programs is {:.9g}\n", repair.objective,
                      report.options.squares ? "spreads squared" : "spreads", repair.optimum);
  const std::vector<QuoteRepair> sorted = by_size(repair);
  for (std::size_t i = 0; i < std::min(kShown, sorted.size()); ++i)
    text += "  " + sentence(report.chain, sorted[i], is_middle(report)) + "\n";
  if (sorted.size() > kShown) text += fmt::format("  and {} more, in the file\n", sorted.size() - kShown);
  return text;
}

std::string repair_json(const Chain& chain, const QuoteRepair& one) {
  const Quote& quote = chain.quotes[one.quote];
  return fmt::format(
      "{{\"expiry\": {}, \"root\": {}, \"strike\": {}, \"type\": \"{}\", \"line\": {}, \"bid\": {}, \"ask\": {}, "
      "\"bid_change\": {}, \"ask_change\": {}, \"spreads\": {}}}",
      json_text(quote.key.expiry), json_text(quote.key.root), json_number(quote.strike), letter(quote.type), quote.line,
      json_number(one.bid), json_number(one.ask), json_number(one.bid_change), json_number(one.ask_change),
      json_number(one.spreads));
}

std::string repair_json(const ChainRepair& report) {
  std::string changes;
  for (const QuoteRepair& one : by_size(report.repair))
    changes += (changes.empty() ? "\n  " : ",\n  ") + repair_json(report.chain, one);
  return fmt::format(
      "{{\n \"schema\": \"strikenet.repair/1\",\n \"prices\": \"{}\",\n \"norm\": \"{}\",\n \"looked_at\": {},\n"
      " \"objective\": {},\n \"optimum\": {},\n \"changes\": [{}]\n}}\n",
      is_middle(report) ? "mid" : "bid-ask", report.options.squares ? "l2" : "l1", report.repair.looked_at,
      json_number(report.repair.objective), json_number(report.repair.optimum), changes);
}

}  // namespace strikenet
