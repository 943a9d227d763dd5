#include "strikenet/market/hygiene_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/problem_list.h"

namespace strikenet {
namespace {

using When = HygieneRule::When;

struct Named {
  std::string_view name;
  HygieneRule rule;
};

constexpr std::array<Named, 15> kRules{{
    {"none", {Drop::none, When::always, "it is used", 0, ""}},
    {"no-ask", {Drop::no_ask, When::always, "its ask is missing or zero: nothing bounds it from above", 0, ""}},
    {"crossed", {Drop::crossed, When::always, "its bid is above its ask", 0, ""}},
    {"expired", {Drop::expired, When::always, "it settles no later than the as-of", 0, ""}},
    {"duplicate", {Drop::duplicate, When::on, "an earlier line has the same expiry, root, strike and type", 0, ""}},
    {"placeholder",
     {Drop::placeholder, When::on,
      "it is a vol of N and more, as vendors write where they have none, or a vol so low "
      "that nothing is left of the price",
      9.9, "a vol, decimal, above 0"}},
    {"thin",
     {Drop::thin, When::always,
      "its expiry has no strike, fewer than three where its forward is not given, or no bid at all", 0, ""}},
    {"no-forward",
     {Drop::no_forward, When::always, "no pair of call and put gives its expiry a forward, and none was supplied", 0,
      ""}},
    {"two-chains",
     {Drop::two_chains, When::on,
      "its expiry has two prices each for five options and more, a tenth of its rows: two "
      "chains under one name",
      0, ""}},
    {"one-side",
     {Drop::one_side, When::always, "it is a bid or an ask alone, beside the mids of a file that has all three", 0,
      ""}},
    {"locked", {Drop::locked, When::off, "its bid is its ask", 0, ""}},
    {"stale",
     {Drop::stale, When::off, "it last traded more than N days before the as-of", 5, "a number of days, at least 0"}},
    {"absurd-spread",
     {Drop::absurd_spread, When::off,
      "its spread is more than N times the median spread of the eight quotes around "
      "it, of its expiry and type",
      10, "a number of times, at least 1"}},
    {"dead-wing",
     {Drop::dead_wing, When::off, "it is out of the money, in or beyond N neighbouring strikes without a bid", 2,
      "a whole number of strikes, at least 1"}},
    {"off-parity",
     {Drop::off_parity, When::off,
      "it is in the money, and off the parity on which most calls and puts of its expiry "
      "agree",
      0, ""}},
}};

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_allowed(Drop reason, double limit) {
  if (!std::isfinite(limit)) return false;
  if (reason == Drop::placeholder) return limit > 0;
  if (reason == Drop::stale) return limit >= 0;
  if (reason == Drop::dead_wing) return limit >= 1 && limit == std::floor(limit);
  return limit >= 1;
}

/// "duplicate, placeholder, two-chains, locked, ..."
std::string switchable_names() {
  std::string names;
  for (const auto& [name, rule] : kRules)
    if (rule.when != When::always) names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

}  // namespace

std::string_view to_string(Drop reason) { return kRules[static_cast<std::size_t>(reason)].name; }

std::span<const HygieneRule> hygiene_rules() {
  static constexpr auto rules = [] {
    std::array<HygieneRule, kRules.size() - 1> list{};
    for (std::size_t i = 0; i < list.size(); ++i)
      list[i] = kRules[i + 1].rule;
    return list;
  }();
  return rules;
}

const HygieneRule& rule_of(Drop reason) { return kRules[static_cast<std::size_t>(reason)].rule; }

std::string RuleSetting::problem() const {
  const HygieneRule& rule = rule_of(reason);
  if (rule.when == When::always)
    return fmt::format("rule '{}' is not one to be switched, but must be one of {}", to_string(reason),
                       switchable_names());
  if (!limit) return "";
  if (rule.limit_rule.empty())
    return fmt::format("rule '{}' is given the limit {}, but has none", to_string(reason), *limit);
  if (is_allowed(reason, *limit)) return "";
  return fmt::format("limit of rule '{}' is {}, but must be {}", to_string(reason), *limit, rule.limit_rule);
}

Result<RuleSetting> parse_rule(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto found = std::ranges::find(kRules, name, &Named::name);
  if (found == kRules.end() || found->rule.reason == Drop::none)
    return Problems{{fmt::format("rule is '{}', but must be one of {}", printable(name), switchable_names())}};
  RuleSetting setting{found->rule.reason};
  if (equals != std::string_view::npos) {
    const std::string_view value = text.substr(equals + 1);
    setting.on = value != "off";
    if (setting.on && value != "on" && !(setting.limit = number_of(value)))
      return Problems{{fmt::format("rule '{}' is set to '{}', but must be on, off{}{}", name, printable(value),
                                   found->rule.limit_rule.empty() ? "" : ", or ", found->rule.limit_rule)}};
  }
  if (const std::string problem = setting.problem(); !problem.empty()) return Problems{{problem}};
  return setting;
}

std::string to_string(const RuleSetting& setting) {
  const std::string_view name = to_string(setting.reason);
  if (!setting.on) return fmt::format("{}=off", name);
  return setting.limit ? fmt::format("{}={}", name, *setting.limit) : std::string(name);
}

}  // namespace strikenet
