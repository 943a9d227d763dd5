#include "strikenet/io/surface_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "support/shared_data.h"

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

Lines problems_of(std::string_view text) {
  const auto surface = parse_surface(text, "s.json");
  return surface ? Lines{} : surface.problems().lines;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const std::string kTwoSlices = R"({
 "schema": "strikenet.surface/1",
 "activation": "quadratic",
 "knots": [0.25, 0.75, 1.25, 1.75],
 "slices": [
  {"expiry": "2019-06-28", "t": 0.25, "forward": 100, "discount": 0.5, "weights": [0.25, 0.5, 0.25]},
  {"expiry": "2019-07-28", "t": 0.5, "forward": 110.5, "discount": 1, "weights": [0.5, 0, 0.5]}
 ]
})";

const std::string kRelu = R"({"schema": "strikenet.surface/1", "activation": "relu", "slices": [
  {"expiry": "A", "root": "X", "t": 1, "forward": 1, "discount": 1, "knots": [0.5, 1.5], "weights": [0.5, 0.5]},
  {"expiry": "A", "root": "Y", "t": 2, "forward": 1, "discount": 1, "knots": [1], "weights": [1]}]})";

SurfaceSlice slice(ExpiryKey key, double t, Activation activation, std::vector<double> knots,
                   std::vector<double> weights) {
  return {std::move(key), YearFraction(t), Forward(100), DiscountFactor(0.75),
          CallCurve(activation, std::move(knots), std::move(weights))};
}

bool same_bits(std::span<const double> left, std::span<const double> right) {
  return std::ranges::equal(left, right, {}, std::bit_cast<std::uint64_t, double>,
                            std::bit_cast<std::uint64_t, double>);
}

// --- writing ---------------------------------------------------------------------------------------------------------

TEST(SurfaceToJson, WritesKnotsOnceAndOneSliceAfterTheOther) {
  Surface surface{.as_of = "2019-06-26T19:45Z", .underlying = "SPXW", .activation = Activation::quadratic};
  surface.slices.push_back(
      slice({"2019-06-28", "SPXW"}, 0.1, Activation::quadratic, {0.5, 0.75, 1.25, 1.5}, {0.25, 0.5, 0.25}));
  surface.slices.push_back(
      slice({"T=0.3"}, 0.3, Activation::quadratic, {0.5, 0.75, 1.25, 1.5}, {1.0 / 3, 5e-324, 1e300}));
  EXPECT_EQ(to_json(surface, "not-proved"), R"({
 "schema": "strikenet.surface/2",
 "generator": "strikenet 0.1.0",
 "status": "not-proved",
 "as_of": "2019-06-26T19:45Z",
 "underlying": "SPXW",
 "activation": "quadratic",
 "unit": "ratio",
 "calendar": true,
 "knots": [0.5, 0.75, 1.25, 1.5],
 "slices": [
  {"expiry": "2019-06-28", "root": "SPXW", "t": 0.1, "forward": 100, "discount": 0.75,
   "weights": [0.25, 0.5, 0.25]},
  {"expiry": "T=0.3", "t": 0.3, "forward": 100, "discount": 0.75,
   "weights": [0.3333333333333333, 5e-324, 1e+300]}
 ]
}
)");
}

TEST(SurfaceToJson, WritesTheRunWhereThereIsOne) {
  Surface surface{.activation = Activation::relu};
  surface.slices.push_back(slice({"A"}, 1, Activation::relu, {0.5, 1.5}, {0.5, 0.5}));
  EXPECT_EQ(to_json(surface, "").find("\"run\""), std::string::npos);
  surface.run = "d3f1";
  const std::string text = to_json(surface, "");
  EXPECT_NE(text.find(" \"run\": \"d3f1\",\n"), std::string::npos) << text;
  EXPECT_EQ(parse_surface(text, "s.json").value().run, "d3f1");
  EXPECT_EQ(problems_of(replaced(text, "\"d3f1\"", "7")), Lines{"s.json: run is 7, but must be a text"});
}

TEST(SurfaceToJson, WritesTheKnotsOfEachReluSliceWhereTheyDiffer) {
  Surface surface{.calendar = false, .activation = Activation::relu};
  surface.slices.push_back(slice({"A"}, 1, Activation::relu, {0.5, 1.5}, {0.5, 0.5}));
  surface.slices.push_back(slice({"B"}, 2, Activation::relu, {1}, {1}));
  const std::string text = to_json(surface, "arbitrage-free");
  EXPECT_NE(text.find("\"calendar\": false"), std::string::npos);
  EXPECT_EQ(text.find("\"knots\": [0.5, 1.5],\n \"slices\""), std::string::npos);
  EXPECT_NE(text.find("\"knots\": [0.5, 1.5],\n   \"weights\": [0.5, 0.5]}"), std::string::npos);
  EXPECT_NE(text.find("\"knots\": [1],\n   \"weights\": [1]}"), std::string::npos);
}

TEST(SurfaceToJson, EscapesTextsAndReplacesWhatIsNotUtf8) {
  Surface surface{.underlying = "a\"b\\c\n\x01 \xff é", .activation = Activation::relu};
  surface.slices.push_back(slice({"A"}, 1, Activation::relu, {0.5, 1.5}, {0.5, 0.5}));
  const auto back = parse_surface(to_json(surface, "not-proved"), "s.json");
  ASSERT_TRUE(back);
  EXPECT_EQ(back.value().underlying, "a\"b\\c\n\x01 \xEF\xBF\xBD é");
}

TEST(SurfaceToJson, RefusesWhatNoFileCanHold) {
  Surface surface{.activation = Activation::cubic};
  EXPECT_THROW(to_json(surface, ""), PreconditionError);
  surface.slices.push_back(slice({"A"}, 1, Activation::cubic, {0.5, 1, 1.5}, {1}));
  EXPECT_NO_THROW(to_json(surface, ""));
  surface.slices.push_back(slice({"B"}, 2, Activation::cubic, {0.5, 1.1, 1.5}, {1}));
  EXPECT_THROW(to_json(surface, ""), PreconditionError);
  surface.slices[1] = slice({"B"}, 2, Activation::relu, {0.5}, {1});
  EXPECT_THROW(to_json(surface, ""), PreconditionError);
  surface.slices.pop_back();
  surface.slices[0].forward = Forward(std::numeric_limits<double>::infinity());
  EXPECT_THROW(to_json(surface, ""), PreconditionError);
  surface.slices[0].forward = Forward(std::nan(""));
  EXPECT_THROW(to_json(surface, ""), PreconditionError);
}

TEST(SurfaceToJson, IsReadBackToTheSameBits) {
  std::mt19937_64 random(4);
  const auto any_double = [&] {
    for (;;)
      if (const auto value = std::bit_cast<double>(random()); std::isfinite(value)) return value;
  };
  for (int trial = 0; trial < 300; ++trial) {
    const auto activation = static_cast<Activation>(trial % 3);
    std::vector<double> knots(static_cast<std::size_t>(3 + trial % 7));
    for (double& knot : knots)
      knot = std::abs(any_double());
    std::ranges::sort(knots);
    knots.erase(std::ranges::unique(knots).begin(), knots.end());
    Surface surface{.as_of = "x", .underlying = "y", .calendar = trial % 2 == 0, .activation = activation};
    for (int i = 1; i <= 3; ++i) {
      std::vector<double> weights(knots.size() + 1 - static_cast<std::size_t>(knots_per_unit(activation)));
      for (double& weight : weights)
        weight = any_double();
      surface.slices.push_back(slice({std::to_string(i), "R"}, i / 3.0, activation, knots, weights));
      if (i > 1) surface.slices.back().quoted = QuotedStrikes{i / 7.0, 1e5 / 3};
    }
    const std::string text = to_json(surface, "s");
    const auto back = parse_surface(text, "s.json");
    ASSERT_TRUE(back) << back.problems().lines.front();
    ASSERT_EQ(to_json(back.value(), "s"), text);
    for (std::size_t i = 0; i < 3; ++i) {
      ASSERT_TRUE(same_bits(back.value().slices[i].curve.weights(), surface.slices[i].curve.weights())) << text;
      ASSERT_TRUE(same_bits(back.value().slices[i].curve.knots(), surface.slices[i].curve.knots())) << text;
      ASSERT_EQ(back.value().slices[i].key, surface.slices[i].key);
      ASSERT_EQ(back.value().slices[i].t, surface.slices[i].t);
      ASSERT_EQ(back.value().slices[i].quoted, surface.slices[i].quoted);
    }
  }
}

// --- reading what is right -------------------------------------------------------------------------------------------

TEST(ParseSurface, SaysWhatIsWrongWithTheQuotedStrikes) {
  for (const auto& [list, shown] : {std::pair("[2, 1]", "[2.0,1.0]"), {"[1]", "[1.0]"}, {"[-1, 1]", "[-1.0,1.0]"}})
    EXPECT_EQ(
        problems_of(replaced(kTwoSlices, "\"t\": 0.5", std::string("\"t\": 0.5, \"quoted\": ") + list)),
        Lines{std::string("s.json: slices[1].quoted is ") + shown + ", but must be the lowest strike and the highest"});
}

TEST(ParseSurface, ReadsASurface) {
  const auto read = parse_surface(kTwoSlices, "s.json");
  ASSERT_TRUE(read) << read.problems().lines.front();
  const Surface& surface = read.value();
  EXPECT_EQ(surface.as_of, "");
  EXPECT_EQ(surface.underlying, "");
  EXPECT_TRUE(surface.calendar);
  EXPECT_EQ(surface.activation, Activation::quadratic);
  ASSERT_EQ(surface.slices.size(), 2U);
  EXPECT_EQ(surface.slices[1].key, (ExpiryKey{"2019-07-28", ""}));
  EXPECT_EQ(surface.slices[1].t, YearFraction(0.5));
  EXPECT_EQ(surface.slices[1].forward, Forward(110.5));
  EXPECT_EQ(surface.slices[0].discount, DiscountFactor(0.5));
  EXPECT_TRUE(same_bits(surface.slices[0].curve.knots(), std::vector<double>{0.25, 0.75, 1.25, 1.75}));
  EXPECT_TRUE(same_bits(surface.slices[0].curve.weights(), std::vector<double>{0.25, 0.5, 0.25}));
}

TEST(ParseSurface, ReadsReluSlicesOnTheirOwnKnots) {
  const auto read = parse_surface(kRelu, "s.json");
  ASSERT_TRUE(read) << read.problems().lines.front();
  EXPECT_EQ(read.value().slices[0].curve.knots().size(), 2U);
  EXPECT_EQ(read.value().slices[1].curve.knots().size(), 1U);
  EXPECT_EQ(read.value().slices[1].key, (ExpiryKey{"A", "Y"}));
}

TEST(ParseSurface, TakesRootsThatSettleAtOneInstant) {
  const auto read = parse_surface(
      replaced(replaced(kTwoSlices, R"("t": 0.5)", R"("root": "PM", "t": 0.25)"), "2019-07-28", "2019-06-28"),
      "s.json");
  ASSERT_TRUE(read) << read.problems().lines.front();
  EXPECT_EQ(read.value().slices[1].t, read.value().slices[0].t);
  EXPECT_EQ(read.value().slices[1].key, (ExpiryKey{"2019-06-28", "PM"}));
}

TEST(ParseSurface, TakesOwnKnotsBeforeCommonOnes) {
  const auto read = parse_surface(
      replaced(replaced(kRelu, R"("slices")", R"("knots": [0.25, 1.75], "slices")"), R"("knots": [0.5, 1.5], )", ""),
      "s.json");
  ASSERT_TRUE(read) << read.problems().lines.front();
  EXPECT_EQ(read.value().slices[0].curve.knots()[0], 0.25);
  EXPECT_EQ(read.value().slices[1].curve.knots()[0], 1);
}

TEST(ParseSurface, ReadsEveryOptionalField) {
  const auto read = parse_surface(replaced(kTwoSlices, R"("knots")",
                                           R"("as_of": "2019-06-26", "underlying": "U", "calendar": false,
                                              "unit": "ratio", "of another version": {}, "knots")"),
                                  "s.json");
  ASSERT_TRUE(read) << read.problems().lines.front();
  EXPECT_EQ(read.value().as_of, "2019-06-26");
  EXPECT_EQ(read.value().underlying, "U");
  EXPECT_FALSE(read.value().calendar);
}

TEST(ParseSurface, KeepsArbitrageForTheProofToFind) {
  EXPECT_EQ(problems_of(replaced(kTwoSlices, "[0.25, 0.5, 0.25]", "[-5e-324, 7, -0.0]")), Lines{});
}

// --- reading what is wrong: the words --------------------------------------------------------------------------------

struct BadSurface {
  const char* name;
  const char* from;
  const char* to;
  Lines problems;
};

void PrintTo(const BadSurface& bad, std::ostream* out) { *out << bad.name; }

class ParseBadSurface : public testing::TestWithParam<BadSurface> {};

TEST_P(ParseBadSurface, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(problems_of(replaced(kTwoSlices, GetParam().from, GetParam().to)), GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    Top, ParseBadSurface,
    testing::Values(
        BadSurface{"SchemaMissing",
                   R"("schema": "strikenet.surface/1",)",
                   "",
                   {"s.json: schema is missing, but must be 'strikenet.surface/2' or 'strikenet.surface/1'"}},
        BadSurface{
            "SchemaOther",
            "surface/1",
            "surface/3",
            {"s.json: schema is 'strikenet.surface/3', but must be 'strikenet.surface/2' or 'strikenet.surface/1'"}},
        BadSurface{"SchemaNumber",
                   R"("strikenet.surface/1")",
                   "1",
                   {"s.json: schema is 1, but must be 'strikenet.surface/2' or 'strikenet.surface/1'"}},
        BadSurface{"ActivationUnknown",
                   R"("quadratic")",
                   R"("tanh")",
                   {"s.json: activation is 'tanh', but must be 'relu', 'quadratic' or 'cubic'"}},
        BadSurface{"ActivationMissing",
                   R"("activation": "quadratic",)",
                   "",
                   {"s.json: activation is missing, but must be 'relu', 'quadratic' or 'cubic'"}},
        BadSurface{"UnitDifference",
                   R"("knots")",
                   R"("unit": "difference", "knots")",
                   {"s.json: unit is 'difference', but only 'ratio' is read"}},
        BadSurface{"CalendarText",
                   R"("knots")",
                   R"("calendar": "no", "knots")",
                   {"s.json: calendar is 'no', but must be true or false"}},
        BadSurface{"AsOfNumber",
                   R"("knots")",
                   R"("as_of": 20190626, "underlying": null, "knots")",
                   {"s.json: as_of is 20190626, but must be a text", "s.json: underlying is null, but must be a text"}},
        BadSurface{"KnotsMissing",
                   R"("knots": [0.25, 0.75, 1.25, 1.75],)",
                   "",
                   {"s.json: knots is missing, but must be a list of numbers"}},
        BadSurface{"KnotsObject",
                   "[0.25, 0.75, 1.25, 1.75]",
                   "{}",
                   {"s.json: knots is an object, but must be a list of numbers"}},
        BadSurface{"KnotsEmpty",
                   "[0.25, 0.75, 1.25, 1.75]",
                   "[]",
                   {"s.json: knots has 0 numbers, but one 'quadratic' unit needs 2"}},
        BadSurface{"KnotsUnsorted",
                   "1.25, 1.75",
                   "0.75, 0.5",
                   {"s.json: knots[2] is 0.75, but must be greater than knots[1], which is 0.75",
                    "s.json: knots[3] is 0.5, but must be greater than knots[2], which is 0.75"}},
        BadSurface{
            "KnotNegative", "[0.25, 0.75", "[-0.25, 0.75", {"s.json: knots[0] is -0.25, but must be at least 0"}},
        BadSurface{
            "KnotText",
            "1.25, 1.75",
            R"("1.25", [1.75])",
            {"s.json: knots[2] is '1.25', but must be a number", "s.json: knots[3] is a list, but must be a number"}},
        BadSurface{"KnotTooMany",
                   "1.25, 1.75",
                   "1.25, 1.75, 2",
                   {"s.json: slices[0].weights has 3 numbers, but 5 knots of 'quadratic' units need 4",
                    "s.json: slices[1].weights has 3 numbers, but 5 knots of 'quadratic' units need 4"}},
        BadSurface{"SlicesMissing",
                   R"("slices")",
                   R"("slides")",
                   {"s.json: slices is missing, but must be a list of at least one slice"}}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Slice, ParseBadSurface,
    testing::Values(
        BadSurface{"ExpiryMissing",
                   R"("expiry": "2019-07-28", )",
                   "",
                   {"s.json: slices[1].expiry is missing, but must be a text"}},
        BadSurface{"ExpiryEmpty", R"("2019-07-28")", R"("")", {"s.json: slices[1].expiry is '', but must be a text"}},
        BadSurface{"ExpiryTwice",
                   "2019-07-28",
                   "2019-06-28",
                   {"s.json: slices[1].expiry is '2019-06-28', but a slice before has it too, with the same root"}},
        BadSurface{
            "RootNumber", R"("t": 0.5)", R"("root": 5, "t": 0.5)", {"s.json: slices[1].root is 5, but must be a text"}},
        BadSurface{"TFalls",
                   R"("t": 0.5)",
                   R"("t": 0.125)",
                   {"s.json: slices[1].t is 0.125, but must be at least 0.25, that of a slice before"}},
        BadSurface{
            "TTwiceUnderOneRoot",
            R"("t": 0.5)",
            R"("t": 0.25)",
            {"s.json: slices[1].t is 0.25, but a slice before has it too, and only slices of different roots may"}},
        BadSurface{"PricesOfNothing",
                   R"("forward": 110.5, "discount": )",
                   R"("forward": 1e-200, "discount": 1e-200, "was": )",
                   {"s.json: slices[1].discount is 1e-200, but times the forward it must be a number above 0"}},
        BadSurface{"TZero", R"("t": 0.25)", R"("t": 0)", {"s.json: slices[0].t is 0, but must be a number above 0"}},
        BadSurface{"ForwardNegative",
                   "110.5",
                   "-110.5",
                   {"s.json: slices[1].forward is -110.5, but must be a number above 0"}},
        BadSurface{"ForwardMissing",
                   R"("forward": 110.5, )",
                   "",
                   {"s.json: slices[1].forward is missing, but must be a number above 0"}},
        BadSurface{"DiscountText",
                   R"("discount": 0.5)",
                   R"("discount": "0.5")",
                   {"s.json: slices[0].discount is '0.5', but must be a number above 0"}},
        BadSurface{"DiscountZero",
                   R"("discount": 0.5)",
                   R"("discount": 0)",
                   {"s.json: slices[0].discount is 0, but must be a number above 0"}},
        BadSurface{"WeightsMissing",
                   R"(, "weights": [0.5, 0, 0.5])",
                   "",
                   {"s.json: slices[1].weights is missing, but must be a list of numbers"}},
        BadSurface{"WeightsShort",
                   "[0.5, 0, 0.5]",
                   "[1]",
                   {"s.json: slices[1].weights has 1 numbers, but 4 knots of 'quadratic' units need 3"}},
        BadSurface{"WeightNullOrTrue",
                   "[0.5, 0, 0.5]",
                   "[null, 1, true, {}]",
                   {"s.json: slices[1].weights[0] is null, but must be a number",
                    "s.json: slices[1].weights[2] is true, but must be a number",
                    "s.json: slices[1].weights[3] is an object, but must be a number",
                    "s.json: slices[1].weights has 4 numbers, but 4 knots of 'quadratic' units need 3"}},
        BadSurface{
            "OwnKnots",
            R"("t": 0.5)",
            R"("knots": [0.25, 0.75, 1.25, 1.75], "t": 0.5)",
            {"s.json: slices[1].knots is given, but only 'relu' slices may have their own, not 'quadratic' ones"}},
        BadSurface{"ControlCharacters",
                   "2019-07-28\", \"t\": 0.5",
                   "a\\u0007\", \"t\": \"b\\u0007\\u00e9\"",
                   {"s.json: slices[1].t is 'b\\x07\\xc3\\xa9', but must be a number above 0"}}),
    [](const auto& test) { return test.param.name; });

TEST(ParseSurface, ListsAllProblemsInOneRun) {
  EXPECT_EQ(problems_of(R"({"schema": "other", "activation": "cubic", "knots": [0.5, 1, 1.5], "slices": [
              {"expiry": "A", "t": 2, "forward": 0, "discount": 1, "weights": [1]},
              7,
              {"expiry": "B", "t": 1, "forward": 1, "discount": -1, "weights": [1, 2]}]})"),
            (Lines{"s.json: schema is 'other', but must be 'strikenet.surface/2' or 'strikenet.surface/1'",
                   "s.json: slices[0].forward is 0, but must be a number above 0",
                   "s.json: slices[1] is 7, but must be an object",
                   "s.json: slices[2].discount is -1, but must be a number above 0",
                   "s.json: slices[2].weights has 2 numbers, but 3 knots of 'cubic' units need 1",
                   "s.json: slices[2].t is 1, but must be at least 2, that of a slice before"}));
}

TEST(ParseSurface, AsksForCommonKnotsWhenAReluSliceHasNone) {
  EXPECT_EQ(problems_of(replaced(kRelu, R"("knots": [1], )", "")),
            (Lines{"s.json: knots is missing, but must be a list of numbers"}));
}

TEST(ParseSurface, NamesTheOwnKnotsOfASlice) {
  EXPECT_EQ(problems_of(replaced(kRelu, "[0.5, 1.5]", "[1.5, 0.5]")),
            (Lines{"s.json: slices[0].knots[1] is 0.5, but must be greater than knots[0], which is 1.5"}));
  EXPECT_EQ(problems_of(replaced(kRelu, "[1]", "[]")),
            (Lines{"s.json: slices[1].knots has 0 numbers, but one 'relu' unit needs 1"}));
}

TEST(ParseSurface, RefusesASurfaceWithoutSlices) {
  EXPECT_EQ(problems_of(R"({"schema": "strikenet.surface/1", "activation": "relu", "slices": []})"),
            (Lines{"s.json: slices is empty, but must be a list of at least one slice"}));
  EXPECT_EQ(problems_of(R"({"schema": "strikenet.surface/1", "activation": "relu", "slices": "none"})"),
            (Lines{"s.json: slices is 'none', but must be a list of at least one slice"}));
}

TEST(ParseSurface, RefusesOtherJson) {
  EXPECT_EQ(problems_of("[1, 2]"),
            (Lines{"s.json: content is a list, but must be an object of schema 'strikenet.surface/2'"}));
  EXPECT_EQ(problems_of("null"),
            (Lines{"s.json: content is null, but must be an object of schema 'strikenet.surface/2'"}));
}

// --- what is no JSON -------------------------------------------------------------------------------------------------

TEST(ParseSurface, SaysWhereTextStopsBeingJson) {
  EXPECT_EQ(problems_of(""), (Lines{"s.json: file is empty, but must be a surface"}));
  EXPECT_EQ(problems_of("date,strike\n1,2\n"), (Lines{"s.json:1: text is 'd' up to byte 1, but must be JSON"}));
  EXPECT_EQ(problems_of("{\"a\": 1,\n \"b\": 2,\n}"),
            (Lines{"s.json:3: text is '{\"a\": 1,\\x0a \"b\": 2,\\x0a}' up to byte 19, but must be JSON"}));
  EXPECT_EQ(problems_of("{\"a\": [1, 2"),
            (Lines{"s.json:1: text is '{\"a\": [1, 2' up to byte 11, where it ends, but must be JSON"}));
  EXPECT_EQ(problems_of("{\"a\": NaN}"), (Lines{"s.json:1: text is '{\"a\": N' up to byte 7, but must be JSON"}));
  EXPECT_EQ(problems_of("{\"a\": \"\xff\"}").size(), 1U);
}

TEST(ParseSurface, RefusesNumbersBeyondADouble) {
  EXPECT_EQ(problems_of(replaced(kTwoSlices, "110.5", "1e400")),
            (Lines{"s.json:7: number is 1e400, but must fit a double"}));
  EXPECT_EQ(problems_of(replaced(kTwoSlices, "0.25, 0.75", "0.25, -1e999999")),
            (Lines{"s.json:4: number is -1e999999, but must fit a double"}));
}

TEST(ParseSurface, SurvivesDeepNesting) {
  constexpr std::size_t kDeep = 1'000'000;
  EXPECT_EQ(problems_of(std::string(kDeep, '[')).size(), 1U);
  EXPECT_EQ(problems_of(std::string(kDeep, '[') + std::string(kDeep, ']')).size(), 1U);
  EXPECT_EQ(problems_of(replaced(kTwoSlices, "110.5", std::string(kDeep, '[') + std::string(kDeep, ']'))),
            (Lines{"s.json: lists and objects are more than 32 deep, but must not be"}));
}

TEST(ParseSurface, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(problems_of(R"({"t": 1, "t": 2})"), Lines{"s.json: key 't' is there twice in one object, but must not be"});
}

TEST(ParseSurface, RefusesEveryPrefixOfAFile) {
  for (std::size_t length = 0; length < kTwoSlices.size(); ++length)
    EXPECT_EQ(problems_of(kTwoSlices.substr(0, length)).size(), 1U) << length;
}

TEST(ParseSurface, SurvivesAnyDamage) {
  std::mt19937_64 random(5);
  int refused = 0;
  for (int trial = 0; trial < 5'000; ++trial) {
    std::string text = trial % 2 ? kTwoSlices : kRelu;
    for (int hit = 0; hit <= trial % 3; ++hit)
      text[random() % text.size()] = static_cast<char>(random() % 256);
    refused += problems_of(text).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 2'500);
}

// --- files -----------------------------------------------------------------------------------------------------------

TEST(ReadSurface, SaysThatAFileIsMissingOrADirectory) {
  EXPECT_EQ(read_surface("/nowhere/s.json").problems().lines,
            (Lines{"/nowhere/s.json: cannot be read: No such file or directory"}));
  EXPECT_EQ(read_surface("/tmp").problems().lines, (Lines{"/tmp: is a directory, but must be a file"}));
}

TEST(ReadSurface, ReadsAFile) {
  const std::string path = testing::TempDir() + "read_surface_test.json";
  std::ofstream(path) << kTwoSlices;
  const auto surface = read_surface(path);
  ASSERT_TRUE(surface) << surface.problems().lines.front();
  EXPECT_EQ(surface.value().slices.size(), 2U);
  std::remove(path.c_str());
}

TEST(ReadSurface, ReadsARealOne) {
  using namespace testing_support;
  const std::string file = "examples/spxw_2019-06-26_surface.json";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto surface = read_surface((shared_folder() / file).string());
  ASSERT_TRUE(surface) << surface.problems().lines.front();
  EXPECT_EQ(surface.value().underlying, "SPXW");
  EXPECT_EQ(surface.value().activation, Activation::cubic);
  ASSERT_EQ(surface.value().slices.size(), 29U);
  EXPECT_EQ(surface.value().slices[0].forward, Forward(2918.489693061564));
  EXPECT_EQ(surface.value().slices[0].curve.knots().size(), 252U);
}

}  // namespace
}  // namespace strikenet
