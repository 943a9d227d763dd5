// strikenet formats, held against the tables of the library.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "apps/run_command.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/hygiene_rules.h"
#include "strikenet/market/settlement.h"

namespace strikenet {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(StrikenetFormats, PrintsEveryFormatWithColumnsAndExample) {
  const auto [status, out, err] = testing_support::run_strikenet({"formats"});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(err, "");
  ASSERT_FALSE(chain_formats().empty());
  for (const ChainFormat& format : chain_formats()) {
    EXPECT_TRUE(holds(out, "\n" + std::string(format.name) + ": " + std::string(format.title) + "\n")) << out;
    EXPECT_TRUE(holds(out, "\n    " + std::string(format.columns) + "\n")) << out;
    std::istringstream example{std::string(format.example)};
    for (std::string line; std::getline(example, line);)
      EXPECT_TRUE(holds(out, "\n    " + line + "\n")) << line;
  }
}

TEST(StrikenetFormats, PrintsWhenTheOptionsOfEachRootSettle) {
  const auto [status, out, err] = testing_support::run_strikenet({"formats"});
  for (const Settlement& settlement : settlement_table())
    EXPECT_TRUE(holds(out, "\n" + std::string(settlement.root) + " ")) << settlement.root;
  EXPECT_TRUE(holds(out, "\nSPX         Cboe        AM       09:30 America/New_York\n")) << out;
  EXPECT_TRUE(holds(out, "\nSPXW        Cboe        PM       16:00 America/New_York\n")) << out;
  EXPECT_TRUE(holds(out, "\nany other   -           PM       16:00 America/New_York\n")) << out;
}

TEST(StrikenetFormats, PrintsTheRulesOfHygieneWithTheirDefaults) {
  const auto [status, out, err] = testing_support::run_strikenet({"formats"});
  for (const HygieneRule& rule : hygiene_rules()) {
    EXPECT_TRUE(holds(out, "\n" + std::string(to_string(rule.reason)) + " ")) << to_string(rule.reason);
    EXPECT_TRUE(holds(out, " " + std::string(rule.words) + "\n")) << to_string(rule.reason);
  }
  EXPECT_TRUE(holds(out, "\nstale          off 5      it last traded more than N days before the as-of\n")) << out;
  EXPECT_TRUE(holds(out, "\ncrossed        always     its bid is above its ask\n")) << out;
}

}  // namespace
}  // namespace strikenet
