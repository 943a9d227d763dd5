#include "formats.h"

#include <fmt/core.h>

#include <ostream>
#include <sstream>

#include "exit_status.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/hygiene_rules.h"
#include "strikenet/market/settlement.h"

namespace strikenet::app {
namespace {

std::string text_of(const ChainFormat& format) {
  std::string text = fmt::format("{}: {}\n  columns\n    {}\n  example\n", format.name, format.title, format.columns);
  std::istringstream example{std::string(format.example)};
  for (std::string line; std::getline(example, line);)
    text += fmt::format("    {}\n", line);
  return text + "\n";
}

std::string text_of(const Settlement& settlement) {
  return fmt::format("{:<12}{:<12}{:<9}{:02}:{:02} {}\n", settlement.root.empty() ? "any other" : settlement.root,
                     settlement.exchange.empty() ? "-" : settlement.exchange, settlement.session,
                     settlement.minutes / 60, settlement.minutes % 60, settlement.zone);
}

std::string text_of(const HygieneRule& rule) {
  constexpr std::string_view kWhen[] = {"always", "on", "off"};
  const std::string limit = rule.limit_rule.empty() ? "" : fmt::format(" {}", rule.limit);
  return fmt::format("{:<15}{:<11}{}\n", to_string(rule.reason),
                     std::string(kWhen[static_cast<std::size_t>(rule.when)]) + limit, rule.words);
}

}  // namespace

int run_formats(std::ostream& out) {
  out << "Chains are recognised by their columns, or read as --format NAME says.\n\n";
  for (const ChainFormat& format : chain_formats())
    out << text_of(format);
  out << fmt::format("Settlement on the expiry date\n\n{:<12}{:<12}{:<9}{}\n", "root", "exchange", "session",
                     "local time");
  for (const Settlement& settlement : settlement_table())
    out << text_of(settlement);
  out << text_of(settlement_of(""));
  out << fmt::format(
      "\nRules of hygiene: --rule NAME, --rule NAME=N with another limit, --rule NAME=off\n\n"
      "{:<15}{:<11}{}\n",
      "rule", "default", "leaves a quote out because");
  for (const HygieneRule& rule : hygiene_rules())
    out << text_of(rule);
  return done;
}

}  // namespace strikenet::app
