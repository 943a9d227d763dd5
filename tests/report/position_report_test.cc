#include "strikenet/report/position_report.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "report/reference_page.h"
#include "strikenet/io/position_file.h"
#include "strikenet/payoff/textbook.h"

namespace strikenet {
namespace {

using nlohmann::json;

PositionReport report_of(const PiecewiseLinear& f) {
  return {out_of_the_money(to_calls(f), Forward(100)), f, 0, false,
          CertifiedBand{100, 5, 10, certified_radius(f, 100, 5, 10)}};
}

const PositionReport kButterfly = report_of(butterfly(Strike(90), Strike(100), Strike(110)));

TEST(PositionTable, ShowsTheLegsAndWhatIsTrueOfThem) {
  EXPECT_EQ(position_table(kButterfly),
            "type    strike  units\n"
            "cash         -    -90\n"
            "shares       -      1\n"
            "P           90      1\n"
            "C          100     -2\n"
            "C          110      1\n"
            "\n"
            "pieces     4\n"
            "error      none: exact\n"
            "lowest     0 at 0\n"
            "highest    10 at 100\n"
            "slopes     -1 to 1\n"
            "Lipschitz  1\n"
            "convex     no: the slope falls, or the value jumps, at 100\n"
            "concave    no: the slope rises, or the value jumps, at 90\n"
            "increasing no: it begins to fall at 100\n"
            "decreasing no: it begins to rise at 90\n"
            "radius     5 around 100, where the value stays from 5 to 10\n");
}

TEST(PositionTable, OfACallSaysYesAndInfinity) {
  const PiecewiseLinear f = call(Strike(100));
  const std::string table = position_table({out_of_the_money(to_calls(f), Forward(90)), f, 0.25});
  EXPECT_NE(table.find("error      at most 0.25\n"), std::string::npos);
  EXPECT_NE(table.find("highest    infinity at infinity\n"), std::string::npos);
  EXPECT_NE(table.find("convex     yes\n"), std::string::npos);
  EXPECT_EQ(table.find("radius"), std::string::npos);
  EXPECT_TRUE(position_table({OptionPortfolio(0, 0, {}), PiecewiseLinear(0, 0)}).starts_with("nothing is held\n"));
}

TEST(PositionJson, HasTheFactsAndReadsBackAsThePortfolio) {
  const json written = json::parse(position_json(kButterfly));
  EXPECT_EQ(written["pieces"], 4);
  EXPECT_EQ(written["highest"]["at"], 100);
  EXPECT_EQ(written["not_convex_at"], 100);
  EXPECT_EQ(written["band"]["radius"], 5);
  const auto again = std::get<OptionPortfolio>(read_position(position_json(kButterfly), "f").value());
  EXPECT_EQ(again.cash(), -90);
  ASSERT_EQ(again.legs().size(), 3U);
  EXPECT_EQ(again.legs()[0].type, OptionType::put);
  EXPECT_EQ(again.legs()[1].units, -2);
}

TEST(PositionJson, HasTheFieldsOfTheReference) {
  std::set<std::string> fields;
  const json written = json::parse(position_json(kButterfly));
  for (const auto& [name, value] : written.items())
    fields.insert(name);
  EXPECT_EQ(fields, testing_support::documented_fields("networks-and-portfolios.md", "## Portfolios in JSON"));
}

}  // namespace
}  // namespace strikenet
