#include "strikenet/io/read_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "io/row_reader.h"
#include "strikenet/market/chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;
using Lines = std::vector<std::string>;

Result<RawChain> read(const std::string& text, std::string_view format = {}) {
  std::istringstream csv(text);
  return read_chain(csv, "q.csv", format);
}

Lines problems_of(const std::string& text, std::string_view format = {}) {
  const auto chain = read(text, format);
  return chain ? Lines{} : chain.problems().lines;
}

// --- generic --------------------------------------------------------------------------------------------------------

TEST(GenericChain, ReadsColumnsInAnyOrder) {
  const auto chain = read(
      "\xEF\xBB\xBF# bought from nobody\r\n"
      "Ask,type,STRIKE,bid,\"expiry\",root,forward,discount,as_of,volume,open_interest,note\r\n"
      "3.5,Call,100,3.25,2026-12-18,SPXW,101.5,0.99,2026-01-02T16:00-05:00,7,,\"a, b\"\r\n"
      "\r\n"
      ".5,p,90,,20261218,SPXW,101.5,0.99,2026-01-02T21:00Z,,12,\r\n");
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().file, "q.csv");
  EXPECT_EQ(chain.value().format, "generic");
  EXPECT_EQ(chain.value().kind, QuoteKind::bid_ask);
  EXPECT_TRUE(chain.value().strict);
  EXPECT_EQ(chain.value().as_of, parse_instant("2026-01-02T21:00Z"));
  ASSERT_EQ(chain.value().quotes.size(), 2u);
  const RawQuote& call = chain.value().quotes[0];
  EXPECT_EQ(call.line, 3);
  EXPECT_EQ(call.key, (ExpiryKey{"2026-12-18", "SPXW"}));
  EXPECT_EQ(call.t, std::nullopt);
  EXPECT_EQ(call.strike, 100);
  EXPECT_EQ(call.type, OptionType::call);
  EXPECT_EQ(call.bid, 3.25);
  EXPECT_EQ(call.ask, 3.5);
  EXPECT_EQ(call.forward, 101.5);
  EXPECT_EQ(call.discount, 0.99);
  const RawQuote& put = chain.value().quotes[1];
  EXPECT_EQ(put.line, 5);
  EXPECT_EQ(put.key, (ExpiryKey{"2026-12-18", "SPXW"}));
  EXPECT_EQ(put.type, OptionType::put);
  EXPECT_EQ(put.bid, std::nullopt);
  EXPECT_EQ(put.ask, 0.5);
}

TEST(GenericChain, KeysAYearFractionByItsValue) {
  const auto chain = read("expiry,strike,vol\n0.025,100,0.2\n0.0250,110,0.21\n2.5e-2,120,0.22\n1,100,.2\n");
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  for (int i : {0, 1, 2}) {
    EXPECT_EQ(chain.value().quotes[static_cast<std::size_t>(i)].key->expiry, "T=0.025");
    EXPECT_EQ(chain.value().quotes[static_cast<std::size_t>(i)].t, YearFraction(0.025));
  }
  EXPECT_EQ(chain.value().quotes[3].key->expiry, "T=1");
}

TEST(GenericChain, KeepsAYearFractionOfItsOwn) {
  const auto chain = read("expiry,t,strike,vol\n2026-12-18,0.75,100,0.2\n0.5,0.51,100,0.2\n");
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().quotes[0].key->expiry, "2026-12-18");
  EXPECT_EQ(chain.value().quotes[0].t, YearFraction(0.75));
  EXPECT_EQ(chain.value().quotes[1].key->expiry, "T=0.5");
  EXPECT_EQ(chain.value().quotes[1].t, YearFraction(0.51));
}

struct KindCase {
  const char* name;
  const char* text;
  QuoteKind kind;
  std::optional<double> bid, ask;
};
void PrintTo(const KindCase& test, std::ostream* out) { *out << test.name; }

class GenericKind : public testing::TestWithParam<KindCase> {};

TEST_P(GenericKind, FollowsFromTheColumns) {
  const auto& [name, text, kind, bid, ask] = GetParam();
  const auto chain = read(text);
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().kind, kind);
  EXPECT_EQ(chain.value().quotes.at(0).bid, bid);
  EXPECT_EQ(chain.value().quotes.at(0).ask, ask);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, GenericKind,
    testing::Values(KindCase{"Prices", "expiry,strike,type,bid,ask\n1,9,C,1,2\n", QuoteKind::bid_ask, 1, 2},
                    KindCase{"OnePrice", "expiry,strike,type,price\n1,9,C,1.5\n", QuoteKind::price, 1.5, 1.5},
                    KindCase{"Vols", "expiry,strike,bid_vol,ask_vol\n1,9,.19,.21\n", QuoteKind::bid_ask_vol, 0.19,
                             0.21},
                    KindCase{"OneVol", "expiry,strike,vol\n1,9,.2\n", QuoteKind::vol, 0.2, 0.2},
                    KindCase{"VolsWithTypes", "expiry,strike,type,vol\n1,9,put,.2\n", QuoteKind::vol, 0.2, 0.2},
                    KindCase{"VolsWithSomeTypes", "expiry,strike,type,vol\n1,9,,.2\n", QuoteKind::vol, 0.2, 0.2},
                    KindCase{"NoBid", "expiry,strike,type,bid,ask\n1,9,C,,2\n", QuoteKind::bid_ask, std::nullopt, 2},
                    KindCase{"NoAsk", "expiry,strike,type,bid,ask\n1,9,C,1,\n", QuoteKind::bid_ask, 1, std::nullopt}),
    [](const auto& test) { return std::string(test.param.name); });

// --- what is wrong with a number ------------------------------------------------------------------------------------

struct FieldCase {
  const char* name;
  const char* row;  // expiry,strike,type,bid,ask
  const char* problem;
};
void PrintTo(const FieldCase& test, std::ostream* out) { *out << test.name; }

class GenericField : public testing::TestWithParam<FieldCase> {};

TEST_P(GenericField, IsNamedWithItsLineAndRule) {
  const std::string text = std::string("expiry,strike,type,bid,ask\n2026-12-18,100,C,1,2\n") + GetParam().row + "\n";
  EXPECT_EQ(problems_of(text), Lines{std::string("q.csv:3: ") + GetParam().problem});
}

INSTANTIATE_TEST_SUITE_P(
    Fields, GenericField,
    testing::Values(
        FieldCase{"Text", "2026-12-18,90,C,abc,2", "bid is 'abc', but must be a number of at least 0"},
        FieldCase{"TextAfterNumber", "2026-12-18,90,C,1.5x,2", "bid is '1.5x', but must be a number of at least 0"},
        FieldCase{"DecimalComma", "2026-12-18,90,C,\"1,5\",2", "bid is '1,5', but must be a number of at least 0"},
        FieldCase{"Nan", "2026-12-18,90,C,nan,2", "bid is 'nan', but must be a number of at least 0"},
        FieldCase{"Infinity", "2026-12-18,90,C,1,inf", "ask is 'inf', but must be a number of at least 0"},
        FieldCase{"NegativeBid", "2026-12-18,90,C,-0.1,2", "bid is '-0.1', but must be a number of at least 0"},
        FieldCase{"NegativeAsk", "2026-12-18,90,C,1,-2", "ask is '-2', but must be a number of at least 0"},
        FieldCase{"HugePrice", "2026-12-18,90,C,1,1e308", "ask is '1e308', but must be at most 1e12"},
        FieldCase{"BeyondDouble", "2026-12-18,90,C,1,1e309", "ask is '1e309', but must be a number of at least 0"},
        FieldCase{"NegativeStrike", "2026-12-18,-90,C,1,2", "strike is '-90', but must be a number above 0"},
        FieldCase{"ZeroStrike", "2026-12-18,0,C,1,2", "strike is '0', but must be a number above 0"},
        FieldCase{"NoStrike", "2026-12-18,,C,1,2", "strike is '', but must be a number above 0"},
        FieldCase{"NanStrike", "2026-12-18,NaN,C,1,2", "strike is 'NaN', but must be a number above 0"},
        FieldCase{"HugeStrike", "2026-12-18,1e308,C,1,2", "strike is '1e308', but must be from 1e-12 to 1e12"},
        FieldCase{"TinyStrike", "2026-12-18,1e-300,C,1,2", "strike is '1e-300', but must be from 1e-12 to 1e12"},
        FieldCase{"Type", "2026-12-18,90,X,1,2", "type is 'X', but must be C, P, call or put"},
        FieldCase{"NoType", "2026-12-18,90,,1,2", "type is '', but must be C, P, call or put"},
        FieldCase{
            "NoSuchDay", "2026-02-30,90,C,1,2",
            "expiry is '2026-02-30', but must be a date like 2026-12-18 or a number of years above 0 and at most 1000"},
        FieldCase{
            "OtherDate", "12/18/2026,90,C,1,2",
            "expiry is '12/18/2026', but must be a date like 2026-12-18 or a number of years above 0 and at most 1000"},
        FieldCase{"NegativeYears", "-0.5,90,C,1,2",
                  "expiry is '-0.5', but must be a date like 2026-12-18 or a number of years above 0 and at most 1000"},
        FieldCase{"ShortRow", "2026-12-18,90,C,1", "number of fields is 4, but must be 5, as in the header on line 1"},
        FieldCase{"LongRow", "2026-12-18,90,C,1,2,3",
                  "number of fields is 6, but must be 5, as in the header on line 1"},
        FieldCase{"ControlCharacter", "2026-12-18,90,C,1\x01,2",
                  "bid is '1\\x01', but must be a number of at least 0"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(GenericChain, ChecksTheOptionalColumnsToo) {
  EXPECT_EQ(problems_of("expiry,strike,vol,t,forward,discount,volume,open_interest\n1,100,-.2,0,-1,0,x,-3\n"
                        "1,100,20e12,1e4,1e13,95,,\n"),
            (Lines{"q.csv:2: t is '0', but must be a number of years above 0",
                   "q.csv:2: vol is '-.2', but must be a number of at least 0",
                   "q.csv:2: forward is '-1', but must be a number above 0",
                   "q.csv:2: discount is '0', but must be a number above 0",
                   "q.csv:2: volume is 'x', but must be a number of at least 0",
                   "q.csv:2: open_interest is '-3', but must be a number of at least 0",
                   "q.csv:3: t is '1e4', but must be from 1e-9 to 1000 years",
                   "q.csv:3: vol is '20e12', but must be at most 1e12",
                   "q.csv:3: forward is '1e13', but must be from 1e-12 to 1e12",
                   "q.csv:3: discount is '95', but must be from 1e-12 to 10"}));
}

TEST(GenericChain, ShowsEveryProblemOfTheFileInOneRunByLine) {
  EXPECT_EQ(
      problems_of(
          "expiry,strike,type,bid,ask\n2026-12-18,100,C,x,y\n2026-12-18,100\n\"a\nb\",0,Q,1,2\n\nnever,1,P,1,2\n"),
      (Lines{
          "q.csv:2: bid is 'x', but must be a number of at least 0",
          "q.csv:2: ask is 'y', but must be a number of at least 0",
          "q.csv:3: number of fields is 2, but must be 5, as in the header on line 1",
          "q.csv:4: expiry is 'a\\x0ab', but must be a date like 2026-12-18 or a number of years above 0 and at most "
          "1000",
          "q.csv:4: strike is '0', but must be a number above 0", "q.csv:4: type is 'Q', but must be C, P, call or put",
          "q.csv:7: expiry is 'never', but must be a date like 2026-12-18 or a number of years above 0 and at most "
          "1000"}));
}

TEST(GenericChain, TellsTwentyOfAKindAndCountsTheOthers) {
  std::string text = "expiry,strike,type,bid,ask\n";
  for (int i = 0; i < 5000; ++i)
    text += "2026-12-18,100,C,x,1\n";
  const Lines lines = problems_of(text);
  ASSERT_EQ(lines.size(), 21u);
  EXPECT_EQ(lines.back(), "q.csv:21: and 4980 more like this, up to line 5001");
}

// --- headers --------------------------------------------------------------------------------------------------------

struct HeaderCase {
  const char* name;
  const char* header;
  Lines problems;
};
void PrintTo(const HeaderCase& test, std::ostream* out) { *out << test.name; }

class GenericHeader : public testing::TestWithParam<HeaderCase> {};

TEST_P(GenericHeader, IsNamedWithAllItsMistakes) {
  std::string row = "2026-12-18,100";
  const std::string header = GetParam().header;
  for (auto commas = std::ranges::count(header, ','); commas > 1; --commas)
    row += ',';
  EXPECT_EQ(problems_of(header + "\n" + row + "\n"), GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, GenericHeader,
    testing::Values(
        HeaderCase{
            "NoQuotes",
            "expiry,strike",
            {"q.csv:1: columns of quotes are missing, but must be one of: bid and ask | price | vol | bid_vol and "
             "ask_vol",
             "q.csv:1: column 'type' is missing, but a file of prices needs it"}},
        HeaderCase{"NoAsk",
                   "expiry,strike,bid",
                   {"q.csv:1: column 'ask' is missing, but bid needs it",
                    "q.csv:1: column 'type' is missing, but a file of prices needs it"}},
        HeaderCase{
            "TwoKinds",
            "expiry,strike,vol,bid_vol",
            {"q.csv:1: column 'ask_vol' is missing, but bid_vol needs it",
             "q.csv:1: columns of quotes are vol, bid_vol, but must be one of: bid and ask | price | vol | bid_vol and "
             "ask_vol"}},
        HeaderCase{"Misspelt",
                   "expiry,strike,vol,foward,dicsount,roots,note",
                   {"q.csv:1: column is 'foward', but must be spelt 'forward'",
                    "q.csv:1: column is 'dicsount', but must be spelt 'discount'",
                    "q.csv:1: column is 'roots', but must be spelt 'root'"}},
        HeaderCase{"Twice", "expiry,strike,vol,Vol", {"q.csv:1: column 'vol' is there twice, but must be there once"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ReadChain, SaysWhatItFoundAndWhatItNeedsWhenNothingIsRecognised) {
  EXPECT_EQ(
      problems_of("expiry,stirke,type,bid,ask\n2026-12-18,100,C,1,2\n"),
      Lines{"q.csv:1: columns are expiry, stirke, type, bid, ask, but must be those of a known format; the generic one "
            "needs expiry,strike,type and one of bid,ask | price | vol | bid_vol,ask_vol"
            "[,t][,as_of][,root][,underlying][,forward][,discount][,last_trade][,volume][,open_interest][,one_side]"
            "[,hygiene][,bid_size][,ask_size]; type is optional beside vols"});
}

TEST(ReadChain, NamesAnAsOfThatIsNoInstantOrChanges) {
  EXPECT_EQ(problems_of("as_of,expiry,strike,vol\n2026-01-02,1,100,.2\n"),
            Lines{"q.csv:2: as_of is '2026-01-02', but must be an instant with its offset from UTC, like "
                  "2019-06-26T15:45-04:00"});
  EXPECT_EQ(
      problems_of("as_of,expiry,strike,vol\n2026-01-02T16:00Z,1,100,.2\n2026-01-02T17:00+01:00,1,110,.2\n"
                  "2026-01-02T16:01Z,1,120,.2\n,1,130,.2\n"),
      (Lines{"q.csv:4: as_of is '2026-01-02T16:01Z', but must be the same as on line 2, '2026-01-02T16:00Z'",
             "q.csv:5: as_of is '', but must be an instant with its offset from UTC, like 2019-06-26T15:45-04:00"}));
  EXPECT_EQ(problems_of("as_of,expiry,strike,vol\n,1,100,.2\n,1,110,.2\n"), Lines{});
}

TEST(ReadChain, NamesEmptyFiles) {
  EXPECT_EQ(problems_of(""), Lines{"q.csv: file is empty, but must have a header and rows"});
  EXPECT_EQ(problems_of("\n# nothing\n"), Lines{"q.csv: file is empty, but must have a header and rows"});
  EXPECT_EQ(problems_of("expiry,strike,type,bid,ask\n"),
            Lines{"q.csv:1: number of rows below the header is 0, but must be at least 1"});
}

TEST(ReadChain, NamesFilesThatCannotBeRead) {
  const auto missing = read_chain_file("no/such/file.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems().lines, Lines{"no/such/file.csv: cannot be read: No such file or directory"});
  const auto directory = read_chain_file(testing::TempDir());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.problems().lines, Lines{testing::TempDir() + ": is a directory, but must be a file"});
}

TEST(ReadChain, SurvivesAnyBytesInAnyFormat) {
  std::mt19937_64 random(3);  // fixed seed
  std::uniform_int_distribution<int> byte(0, 255);
  for (const ChainFormat& format : chain_formats()) {
    for (int trial = 0; trial < 50; ++trial) {
      std::string noise;
      for (int i = 0; i < 300; ++i)
        noise += static_cast<char>(byte(random));
      if (noise.starts_with('#')) noise[0] = 'x';  // no comment
      EXPECT_FALSE(read(noise, format.name));
      EXPECT_FALSE(read(std::string(format.example) + "\n" + noise, format.name)) << format.name << noise;
    }
  }
  EXPECT_FALSE(
      read(std::string("\x7f"
                       "ELF\0\0\0\x02",
                       8)));
}

// In time and memory proportional to the file: comparing every column with every other would take minutes.
TEST(ReadChain, ReadsAHeaderOfVeryManyColumns) {
  std::string header = "expiry,strike,vol", row = "1,100,0.2";
  for (int i = 0; i < 200'000; ++i) {
    header += ",c" + std::to_string(i);
    row += ',';
  }
  const auto chain = read(header + "\n" + row + "\n");
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().quotes.size(), 1u);
}

// Of a study that comes with chains of the DAX: results of its models beside prices, without dates or forwards.
TEST(ReadChain, SaysOfTablesOfResultsThatTheyAreNoChains) {
  const std::string ending =
      ", but must be those of a known format; the generic one needs expiry,strike,type and one of";
  for (const auto& [file, columns] : {std::pair("dataTest.csv", "strike, maturity, implied vol., option price"),
                                      std::pair("dataTrain.csv", "active, option\\x0atype, maturity, strike")}) {
    const std::string path = std::string("market_data/dax_2001-08/") + file;
    if (!has_shared(path)) GTEST_SKIP() << skip_text(path);
    const auto chain = read_chain_file((shared_folder() / path).string());
    ASSERT_FALSE(chain);
    ASSERT_EQ(chain.problems().lines.size(), 1U);
    EXPECT_NE(chain.problems().lines[0].find(columns), std::string::npos) << chain.problems().lines[0];
    EXPECT_NE(chain.problems().lines[0].find(ending), std::string::npos) << chain.problems().lines[0];
  }
}

TEST(ReadChain, RefusesAFormatThatDoesNotExist) {
  try {
    static_cast<void>(read("a\n1\n", "excel"));
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(),
                 "read_chain: format is 'excel', but must be one of cboe-datashop, cboe-quotedata, cboe-quotedata-old, "
                 "cboe-json, yfinance, yahoo-json, optionsdx, wide, deribit, deribit-json, nse, iv-table, "
                 "arbitragerepair, vol-slice, "
                 "blocks, generic");
  }
}

// --- formats --------------------------------------------------------------------------------------------------------

TEST(ChainFormats, RecogniseTheirOwnExamplesAndReadThem) {
  std::set<std::string_view> names;
  for (const ChainFormat& format : chain_formats()) {
    names.insert(format.name);
    const auto chain = read(std::string(format.example) + "\n");
    ASSERT_TRUE(chain) << chain.problems().lines.front();
    EXPECT_EQ(chain.value().format, format.name);
    EXPECT_FALSE(chain.value().quotes.empty());
    EXPECT_FALSE(format.title.empty() || format.columns.empty());
  }
  EXPECT_EQ(names,
            (std::set<std::string_view>{"arbitragerepair", "blocks", "cboe-datashop", "cboe-json", "cboe-quotedata",
                                        "cboe-quotedata-old", "deribit", "deribit-json", "generic", "iv-table", "nse",
                                        "optionsdx", "vol-slice", "wide", "yahoo-json", "yfinance"}));
}

TEST(CboeDatashop, ReadsRootUnderlyingAndTheHourOfTheSnapshot) {
  const auto chain = read(
      "underlying_symbol,quote_date,root,expiration,strike,option_type,bid_1545,ask_1545\n"
      "^SPX,2019-12-20,SPXW,2019-12-31,3200.000,c,21.3,21.9\n");
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().underlying, "SPX");
  EXPECT_EQ(chain.value().as_of, parse_instant("2019-12-20T20:45Z"));
  EXPECT_FALSE(chain.value().strict);
  EXPECT_EQ(chain.value().quotes[0].key, (ExpiryKey{"2019-12-31", "SPXW"}));
}

TEST(CboeDatashop, NamesMissingColumnsAndRowsOfAnotherDay) {
  EXPECT_EQ(
      problems_of("quote_date,expiration,strike,bid_1545\n2019-06-26,2019-06-28,x,1\n2019-06-27,2019-06-28,100,1\n"),
      (Lines{"q.csv:1: column 'option_type' is missing, but format cboe-datashop needs it",
             "q.csv:1: column 'ask_1545' is missing, but format cboe-datashop needs it",
             "q.csv:2: strike is 'x', but must be a number above 0",
             "q.csv:3: quote_date is '2019-06-27', but must be the same as on line 2, '2019-06-26'"}));
}

TEST(CboeDatashop, ReadsTheSpxwDay) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto chain = read_chain_file((shared_folder() / file).string());
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  EXPECT_EQ(chain.value().format, "cboe-datashop");
  EXPECT_EQ(chain.value().as_of, parse_instant("2019-06-26T15:45-04:00"));
  ASSERT_EQ(chain.value().quotes.size(), 10'384u);
  std::set<ExpiryKey> expiries;
  for (const RawQuote& quote : chain.value().quotes)
    expiries.insert(quote.key);
  EXPECT_EQ(expiries.size(), 30u);
  EXPECT_EQ(chain.value().quotes[0].line, 2);
  EXPECT_EQ(chain.value().quotes[0].bid, 1209.1);
  EXPECT_EQ(chain.value().quotes[0].ask, 1229.2);
}

TEST(IvTable, ReadsTheSpxAndVixTables) {
  struct Fact {
    std::string file;
    std::size_t rows, expiries;
  };
  for (const auto& [file, rows, count] :
       {Fact{"market_data/iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv", 7423, 48},
        Fact{"market_data/iv_table_spx_vix_2023-02-15/vix_implied_vol_20230215.csv", 637, 12}}) {
    if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
    const auto chain = read_chain_file((shared_folder() / file).string());
    ASSERT_TRUE(chain) << chain.problems().lines.front();
    EXPECT_EQ(chain.value().format, "iv-table");
    EXPECT_EQ(chain.value().kind, QuoteKind::bid_ask_vol);
    EXPECT_EQ(chain.value().quotes.size(), rows);
    std::set<ExpiryKey> expiries;
    for (const RawQuote& quote : chain.value().quotes)
      expiries.insert(quote.key);
    EXPECT_EQ(expiries.size(), count);
  }
}

// --- numbers --------------------------------------------------------------------------------------------------------

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("1e-3"), 0.001);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_number("0.1"), 0.1);
  for (const char* text : {"", " 1", "1 ", "1,5", "0x10", "1e", "+1", "--1", "1e400", "12 345"})
    EXPECT_EQ(parse_number(text), std::nullopt) << "'" << text << "'";
}

}  // namespace
}  // namespace strikenet
