#include "strikenet/market/hygiene_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace strikenet {
namespace {

using When = HygieneRule::When;

std::string problem_of(std::string_view text) {
  const auto rule = parse_rule(text);
  return rule ? "" : rule.problems().lines.at(0);
}

TEST(HygieneRules, AreInTheOrderOfTheirReasonsAndHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  int reason = 0;
  for (const HygieneRule& rule : hygiene_rules()) {
    EXPECT_EQ(static_cast<int>(rule.reason), ++reason);
    EXPECT_EQ(rule_of(rule.reason).words, rule.words);
    EXPECT_TRUE(names.insert(to_string(rule.reason)).second) << to_string(rule.reason);
    EXPECT_FALSE(rule.words.empty());
    EXPECT_EQ(rule.limit > 0, !rule.limit_rule.empty()) << to_string(rule.reason);
  }
  EXPECT_EQ(names.size(), 14U);
  EXPECT_EQ(to_string(Drop::none), "none");
  EXPECT_EQ(to_string(Drop::off_parity), "off-parity");
}

TEST(HygieneRules, AreReadAsTheyAreWritten) {
  for (const HygieneRule& rule : hygiene_rules()) {
    if (rule.when == When::always) continue;
    for (const bool on : {true, false}) {
      const RuleSetting setting{rule.reason, on};
      const auto read = parse_rule(to_string(setting));
      ASSERT_TRUE(read) << to_string(setting);
      EXPECT_EQ(read.value().reason, rule.reason);
      EXPECT_EQ(read.value().on, on);
      EXPECT_EQ(read.value().limit, std::nullopt);
    }
  }
  const auto stale = parse_rule("stale=2.5");
  ASSERT_TRUE(stale);
  EXPECT_EQ(stale.value().limit, 2.5);
  EXPECT_EQ(to_string(stale.value()), "stale=2.5");
  EXPECT_TRUE(parse_rule("locked=on").value().on);
}

TEST(HygieneRules, StandInTheReferenceWordForWord) {
  std::ifstream page(STRIKENET_SOURCE_DIR "/docs/reference/hygiene.md");
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  constexpr const char* kWhen[] = {"always", "on", "off"};
  for (const HygieneRule& rule : hygiene_rules()) {
    std::string row = "| `" + std::string(to_string(rule.reason)) + "` | " + kWhen[static_cast<int>(rule.when)];
    if (!rule.limit_rule.empty())
      row += rule.limit == 9.9 ? ", N = 9.9" : ", N = " + std::to_string(std::lround(rule.limit));
    row += " | " + std::string(rule.words) + " |\n";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

TEST(HygieneRules, SayWhatIsWrongWithASetting) {
  const std::string names = "duplicate, placeholder, two-chains, locked, stale, absurd-spread, dead-wing, off-parity";
  EXPECT_EQ(problem_of("wide"), "rule is 'wide', but must be one of " + names);
  EXPECT_EQ(problem_of(""), "rule is '', but must be one of " + names);
  EXPECT_EQ(problem_of("none"), "rule is 'none', but must be one of " + names);
  EXPECT_EQ(problem_of("crossed=off"), "rule 'crossed' is not one to be switched, but must be one of " + names);
  EXPECT_EQ(problem_of("stale=often"),
            "rule 'stale' is set to 'often', but must be on, off, or a number of days, at least 0");
  EXPECT_EQ(problem_of("locked=often"), "rule 'locked' is set to 'often', but must be on, off");
  EXPECT_EQ(problem_of("locked=3"), "rule 'locked' is given the limit 3, but has none");
  EXPECT_EQ(problem_of("stale=-1"), "limit of rule 'stale' is -1, but must be a number of days, at least 0");
  EXPECT_EQ(problem_of("stale=nan"), "limit of rule 'stale' is nan, but must be a number of days, at least 0");
  EXPECT_EQ(problem_of("stale=inf"), "limit of rule 'stale' is inf, but must be a number of days, at least 0");
  EXPECT_EQ(problem_of("dead-wing=1.5"),
            "limit of rule 'dead-wing' is 1.5, but must be a whole number of strikes, at least 1");
  EXPECT_EQ(problem_of("absurd-spread=0.5"),
            "limit of rule 'absurd-spread' is 0.5, but must be a number of times, at least 1");
  EXPECT_EQ(problem_of("placeholder=0"), "limit of rule 'placeholder' is 0, but must be a vol, decimal, above 0");
  EXPECT_EQ(problem_of("stale="), "rule 'stale' is set to '', but must be on, off, or a number of days, at least 0");
}

}  // namespace
}  // namespace strikenet
