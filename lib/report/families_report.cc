#include "report/families_report.h"

#include <fmt/format.h>

#include <cmath>

#include "report/columns.h"

namespace strikenet {
namespace {

/// "-1.4: buy 1 C90 2026-06-19 SPX (line 2), sell 2 C100 ...".
std::string sentence(const FamilyTrade& trade) {
  std::string text = fmt::format("   worst {:.6g}:", trade.cost);
  for (std::size_t i = 0; i < trade.legs.size(); ++i) {
    const TradeLeg& leg = trade.legs[i];
    text += fmt::format("{} {} {:.6g} ", i == 0 ? "" : ",", leg.units > 0 ? "buy" : "sell", std::abs(leg.units));
    text += leg.strike > 0 ? fmt::format("{}{:.15g} {}", letter(leg.type), leg.strike, to_string(leg.key))
                           : fmt::format("forward {}", to_string(leg.key));
    if (leg.line > 0) text += fmt::format(" (line {})", leg.line);
  }
  return text;
}

std::string json_of(const TradeLeg& leg) {
  return fmt::format(
      "{{\"expiry\": {}, \"root\": {}, \"strike\": {}, \"type\": \"{}\", \"units\": {}, \"price\": {}, \"line\": {}}}",
      json_text(leg.key.expiry), json_text(leg.key.root), json_number(leg.strike), letter(leg.type),
      json_number(leg.units), json_number(leg.price), leg.line);
}

std::string json_of(const FamilyCount& family) {
  std::string text =
      fmt::format("{}: {{\"violated\": {}, \"tested\": {}", json_text(family.name), family.violated, family.tested);
  if (family.violated > 0) {
    std::string legs;
    for (const TradeLeg& leg : family.worst.legs)
      legs += (legs.empty() ? "" : ",\n    ") + json_of(leg);
    text +=
        fmt::format(",\n   \"worst\": {{\"cost\": {}, \"legs\": [\n    {}]}}", json_number(family.worst.cost), legs);
  }
  return text + "}";
}

}  // namespace

std::string families_table(std::span<const FamilyCount> families) {
  std::string text;
  for (const FamilyCount& family : families)
    text += fmt::format("{:<11}{:<19}{:>10} of {}{}\n", text.empty() ? "families" : "", family.name, family.violated,
                        family.tested, family.violated > 0 ? sentence(family.worst) : "");
  return text;
}

std::string families_json(std::span<const FamilyCount> families) {
  if (families.empty()) return "";
  std::string text;
  for (const FamilyCount& family : families)
    text += (text.empty() ? "\n  " : ",\n  ") + json_of(family);
  return fmt::format(" \"families\": {{{}}},\n", text);
}

}  // namespace strikenet
