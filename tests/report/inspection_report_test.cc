#include "strikenet/report/inspection_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "report/reference_page.h"

#include "strikenet/io/read_chain.h"

namespace strikenet {
namespace {

const std::string kChain =
    "quote_date,expiration,strike,option_type,bid_1545,ask_1545,root\n"
    "2026-01-02,2026-06-19,90,C,13.0,13.4,SPXW\n2026-01-02,2026-06-19,90,P,2.9,3.1,SPXW\n"
    "2026-01-02,2026-06-19,100,C,6.0,6.4,SPXW\n2026-01-02,2026-06-19,100,P,5.9,6.1,SPXW\n"
    "2026-01-02,2026-06-19,110,C,0,3.1,SPXW\n2026-01-02,2026-06-19,110,P,12.8,13.1,SPXW\n"
    "2026-01-02,2026-07-17,110,P,12.8,13.1,SPXW\n";

struct Read {
  RawChain raw;
  Inspection inspection;
  Result<Chain> prepared;
  explicit Read(const std::string& text)
      : raw([&] {
          std::istringstream csv(text);
          return read_chain(csv, "q.csv").value();
        }()),
        inspection(inspect(raw)),
        prepared(prepare(raw, {.rules = {{Drop::dead_wing, true, 3}}})) {}
  ChainReport report() const { return {raw, inspection, prepared, {{Drop::locked, 2}}}; }
};

TEST(InspectionJson, HasTheFieldsOfItsReference) {
  const Read read(kChain);
  const auto json = nlohmann::json::parse(inspection_json(read.report()));
  EXPECT_EQ(json["schema"], "strikenet.inspect/1");
  EXPECT_EQ(json["format"], "cboe-datashop");
  EXPECT_EQ(json["as_of"], "2026-01-02T20:45Z");
  EXPECT_EQ(json["underlying"], "SPXW");
  EXPECT_EQ(json["style"], "european");
  EXPECT_EQ(json["quotes"], 7);
  EXPECT_EQ(json["expiries"], 2);
  EXPECT_EQ(json["expiry_dates"], 2);
  EXPECT_NEAR(json["dirty_share"].get<double>(), 1.0 / 7, 1e-15);
  EXPECT_TRUE(json["parity_share"].is_null());  // fewer than five pairs
  EXPECT_EQ(json["executable_butterflies"], 0);
  EXPECT_EQ(json["dropped"], (nlohmann::json{{"thin", 1}}));
  EXPECT_TRUE(json["problems"].empty());
  ASSERT_EQ(json["slices"].size(), 2U);
  const auto& slice = json["slices"][0];
  EXPECT_EQ(slice["expiry"], "2026-06-19");
  EXPECT_EQ(slice["root"], "SPXW");
  EXPECT_EQ(slice["quotes"], 6);
  EXPECT_LE(slice["forward_band"][0], slice["forward"]);
  EXPECT_GE(slice["forward_band"][1], slice["forward"]);
  EXPECT_EQ(slice["used"], 6);
  EXPECT_EQ(slice["strikes"], (nlohmann::json{90, 110}));
  EXPECT_EQ(slice["bid_strikes"], (nlohmann::json{90, 110}));
  EXPECT_TRUE(slice["rate"].is_number());
  EXPECT_TRUE(slice["yield"].is_null());  // the first expiry of its root
  EXPECT_TRUE(json["slices"][1]["forward"].is_null());
  EXPECT_TRUE(json["slices"][1]["t"].is_number());
  EXPECT_EQ(json["used"], 6);
  EXPECT_EQ(json["negative_butterflies"], (nlohmann::json{{"count", 0}, {"of", 1}}));
  EXPECT_TRUE(json["untraded_share"].is_null());
  EXPECT_TRUE(json["placeholder_vol_share"].is_null());
  EXPECT_EQ(json["rules"], (nlohmann::json{"dead-wing=3"}));
  EXPECT_EQ(json["would_drop"], (nlohmann::json{{"locked", 2}}));
}

TEST(InspectionJson, HasTheFieldsOfItsReferencePageAndNoOthers) {
  const auto json = nlohmann::json::parse(inspection_json(Read(kChain).report()));
  std::set<std::string> fields;
  for (const auto& part : {json, json["slices"][0]})
    for (const auto& [name, value] : part.items())
      fields.insert(name);
  EXPECT_EQ(fields, testing_support::documented_fields("inspect-json.md"));
}

TEST(InspectionJson, SaysWhatKeepsAChainFromBeingFitted) {
  const Read read("expiry,strike,type,bid,ask\n2026-06-19,100,C,1,2\n");
  const auto json = nlohmann::json::parse(inspection_json(read.report()));
  EXPECT_FALSE(json["problems"].empty());
  EXPECT_EQ(json["style"], "unknown");
  EXPECT_TRUE(json["as_of"].is_null());
  EXPECT_TRUE(json["slices"][0]["t"].is_null());
  EXPECT_NE(inspection_table(read.report()).find("cannot be fitted:\n  q.csv"), std::string::npos);
}

TEST(InspectionTable, SaysTheSameInWords) {
  const Read read(kChain);
  const std::string table = inspection_table(read.report());
  EXPECT_NE(
      table.find("q.csv: format cboe-datashop, as of 2026-01-02T20:45Z, european options, 7 quotes on 2 expiries"),
      std::string::npos)
      << table;
  EXPECT_NE(table.find("14.3 %: 1 of 7 quotes without a bid, without an ask, or crossed"), std::string::npos) << table;
  EXPECT_NE(table.find("left out     1 thin"), std::string::npos) << table;
  EXPECT_NE(table.find("rules off    each alone would leave out: 2 locked"), std::string::npos) << table;
  EXPECT_NE(table.find("butterflies  0 free of cost at the quoted bid and ask; 0 of 1 negative at the middle"),
            std::string::npos)
      << table;
}

}  // namespace
}  // namespace strikenet
