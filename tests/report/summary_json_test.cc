// summary_json of strikenet/report/calibration.h.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "report/reference_page.h"
#include "report/small_calibration.h"

namespace strikenet {
namespace {

using nlohmann::json;
using testing_support::SmallCalibration;

json summary(const SmallCalibration& small) { return json::parse(summary_json(small.calibration())); }

TEST(SummaryJson, SaysWhatTheCalibrationFoundOut) {
  EXPECT_EQ(summary(SmallCalibration()), json::parse(R"({
    "schema": "strikenet.summary/2", "run": null,
    "as_of": "2026-01-02T21:00Z",
    "underlying": "ABC",
    "format": "generic",
    "quotes": {"read": 6, "used": 3, "dropped": {"no-ask": 1, "crossed": 1, "expired": 1}, "rules": ["stale=7", "duplicate=off"]},
    "inside": {"count": 2, "of": 3, "share": 0.6666666666666666, "violation": 0.5},
    "vol_error_bp": {"rms": 11.25, "max": 12.5,
                     "worst": {"expiry": "2026-06-30", "root": "", "strike": 101.5, "type": "P"}},
    "certificate": {"status": "slices-arbitrage-free", "arithmetic": "rational", "slices": "proved",
                    "calendar": "reported", "inequalities": 9, "largest_move": 1.1102230246251565e-16,
                    "worst_calendar_gap": -0.25,
                    "assumptions": ["one underlying", "European exercise"],
                    "violations": [{"kind": "calendar", "expiry": "2026-06-30", "root": "", "node": 1.5, "by": 0.25}]},
    "optimality": 0.0625,
    "quantlib": {"largest_difference": 8.881784197001252e-16, "compared": 3},
    "engine": "ceres",
    "activation": "quadratic",
    "loss": "automatic",
    "units": 3,
    "expiries": [
      {"expiry": "2026-03-31", "root": "A,\"B\"", "t": 0.25, "forward": 100.0, "forward_given": false,
       "forward_band": [99.5, 100.5], "discount": 0.5, "rate": 2.772588722239781, "carry": null, "yield": null, "quotes": 4, "used": 2,
       "inside": 1, "violation": 0.5, "vol_error_bp_rms": 10.0, "vol_error_bp_max": 10.0, "density_maxima": 2,
       "parity": {"pairs": 3, "forward_low": 99.5, "forward_high": 100.5, "violation": 0.0, "violated": []},
       "termination": "optimal", "optimality": 1e-11, "iterations": 25, "moved_units": 0},
      {"expiry": "2026-06-30", "root": "", "t": 0.5, "forward": 101.5, "forward_given": true,
       "forward_band": null, "discount": 0.75, "rate": 0.5753641449035618, "carry": null, "yield": null, "quotes": 1, "used": 1,
       "inside": 1, "violation": 0.0, "vol_error_bp_rms": 12.5, "vol_error_bp_max": 12.5, "density_maxima": 1,
       "parity": {"pairs": 4, "forward_low": 102.0, "forward_high": 101.0, "violation": 0.125, "violated": [95.0, 105.0]},
       "termination": "stalled", "optimality": 0.0625, "iterations": 50, "moved_units": 0}],
    "seconds": {"read": 0.5, "prepare": 0.25, "fit": 2.0, "certify": 0.125, "total": 2.875}})"));
}

TEST(SummaryJson, IsNullWhereAQuantityIsNotDefined) {
  SmallCalibration small;
  small.chain.as_of.reset();
  small.chain.has_spread = false;
  for (SliceComparison* slice : {&small.comparison.slices[0], &small.comparison.slices[1], &small.comparison.total}) {
    slice->with_spread = slice->inside = slice->vol_errors = 0;
    slice->worst.reset();
    slice->density_maxima.reset();
  }
  small.certificate.violations = {
      {Violation::Kind::moments, {"2026-06-30"}, std::numeric_limits<double>::quiet_NaN(), 0.5}};
  const json found = summary(small);
  EXPECT_TRUE(found["as_of"].is_null());
  EXPECT_TRUE(found["inside"].is_null());
  EXPECT_EQ(found["vol_error_bp"], json::parse(R"({"rms": null, "max": null, "worst": null})"));
  EXPECT_TRUE(found["certificate"]["violations"][0]["node"].is_null());
  for (const char* field : {"inside", "vol_error_bp_rms", "vol_error_bp_max", "density_maxima"})
    EXPECT_TRUE(found["expiries"][0][field].is_null()) << field;
}

TEST(SummaryJson, HasNoShareOfNothing) {
  SmallCalibration small;
  small.comparison.total.inside = small.comparison.total.with_spread = 0;
  EXPECT_EQ(summary(small)["inside"], json::parse(R"({"count": 0, "of": 0, "share": null, "violation": 0.5})"));
}

TEST(SummaryJson, NamesStatusLossAndActivation) {
  SmallCalibration small;
  small.options = {.activation = Activation::relu, .loss = Loss::soft_l1};
  small.certificate.calendar = CalendarStatus::proved;
  EXPECT_EQ(summary(small)["certificate"]["status"], "arbitrage-free");
  EXPECT_EQ(summary(small)["loss"], "soft-l1");
  EXPECT_EQ(summary(small)["activation"], "relu");
  small.certificate.slices_proved = false;
  EXPECT_EQ(summary(small)["certificate"]["status"], "not-proved");
  EXPECT_EQ(summary(small)["certificate"]["slices"], "not-proved");
}

TEST(SummaryJson, DiffersInSecondsOnlyFromRunToRun) {
  SmallCalibration first, second;
  second.seconds = {1, 2, 3, 4, 10};
  json one = summary(first), two = summary(second);
  EXPECT_NE(one, two);
  EXPECT_EQ(one["seconds"].size(), 5U);
  one.erase("seconds");
  two.erase("seconds");
  EXPECT_EQ(one, two);
}

TEST(SummaryJson, IsJsonWhateverBytesTheNamesHold) {
  SmallCalibration small;
  small.chain.underlying = "\xff\xfe";
  small.chain.slices[0].key.root = "caf\xe9\n\"";
  const json found = summary(small);
  EXPECT_EQ(found["underlying"], "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(found["expiries"][0]["root"], "caf\xEF\xBF\xBD\n\"");
}

TEST(SummaryJson, EndsWithALineEnd) { EXPECT_TRUE(summary_json(SmallCalibration().calibration()).ends_with("\n}\n")); }

// --- the reference page ---------------------------------------------------------------------------------------------

/// `quotes.read` of {"quotes": {"read": 1}}; a list counts as its first element, and reasons are not fields.
void add_fields(const json& object, const std::string& path, std::set<std::string>& fields) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = path + key;
    if (value.is_object() && name != "quotes.dropped" && name != "vol_error_bp.worst")
      add_fields(value, name + ".", fields);
    else
      fields.insert(name);
  }
}

TEST(SummaryJson, HasTheFieldsOfItsReferencePageAndNoOthers) {
  json found = summary(SmallCalibration());
  std::set<std::string> fields;
  add_fields(found["certificate"], "", fields);
  add_fields(found["expiries"][0], "", fields);
  for (const char* in_tables_of_its_own : {"certificate", "expiries", "seconds"})
    found[in_tables_of_its_own] = nullptr;
  add_fields(found, "", fields);
  std::set<std::string> documented = testing_support::documented_fields("summary-json.md");
  documented.erase("inside");  // null, or an object whose fields are named
  fields.erase("inside");
  EXPECT_FALSE(documented.empty());
  for (const std::string& field : fields)
    EXPECT_TRUE(documented.contains(field)) << field << " is not documented";
  for (const std::string& field : documented)
    EXPECT_TRUE(fields.contains(field)) << field << " is documented, but not there";
}

}  // namespace
}  // namespace strikenet
