#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "strikenet/io/read_chain.h"

// The layouts in which exchanges and vendors give their chains, on files of a few rows: what is read, and the words for
// what cannot be.
namespace strikenet {
namespace {

using Lines = std::vector<std::string>;

Result<RawChain> read(const std::string& text, std::string_view format = {}) {
  std::istringstream in(text);
  return read_chain(in, "f", format);
}

RawChain chain_of(const std::string& text) {
  const auto chain = read(text);
  EXPECT_TRUE(chain) << chain.problems().lines.front();
  return chain ? chain.value() : RawChain{};
}

Lines problems_of(const std::string& text, std::string_view format = {}) {
  const auto chain = read(text, format);
  return chain ? Lines{} : chain.problems().lines;
}

// --- wide -----------------------------------------------------------------------------------------------------------

TEST(WideFormat, ReadsACallAndAPutFromEveryRow) {
  const RawChain chain = chain_of(
      "\xEF\xBB\xBF"
      "Date,ExpDate,Strike,CallBid,CallAsk,CallPrice,PutBid,PutAsk\n"
      "2025-09-03,2025-09-19,6400,98.2,99.1,97,,56.2\n");
  EXPECT_EQ(chain.format, "wide");
  EXPECT_EQ(chain.as_of, parse_instant("2025-09-03T16:00-04:00"));
  ASSERT_EQ(chain.quotes.size(), 2U);
  EXPECT_EQ(chain.quotes[0].type, OptionType::call);
  EXPECT_EQ(chain.quotes[0].bid, 98.2);
  EXPECT_EQ(chain.quotes[0].ask, 99.1);
  EXPECT_EQ(chain.quotes[1].type, OptionType::put);
  EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
  EXPECT_EQ(chain.quotes[1].ask, 56.2);
  EXPECT_EQ(chain.quotes[1].key, (ExpiryKey{"2025-09-19", ""}));
}

TEST(WideFormat, NamesEveryFieldItCannotRead) {
  EXPECT_EQ(problems_of("Date,ExpDate,Strike,CallBid,CallAsk,PutBid,PutAsk\n"
                        "2025-09-03,soon,6400,98.2,x,1,2\n"
                        "2025-09-04,2025-09-19,0,98.2,99,1,2\n"),
            (Lines{"f:2: expdate is 'soon', but must be a date like 2019-06-28",
                   "f:2: callask is 'x', but must be a number of at least 0",
                   "f:3: date is '2025-09-04', but must be the same as on line 2, '2025-09-03'",
                   "f:3: strike is '0', but must be a number above 0"}));
}

// --- yfinance -------------------------------------------------------------------------------------------------------

TEST(YfinanceFormat, TakesRootExpiryAndTypeFromTheSymbolAndTheTimeFromTheLastTrade) {
  const RawChain chain = chain_of(
      "contractSymbol,lastTradeDate,strike,lastPrice,bid,ask\n"
      "SPXW260202C02800000,2026-01-30 16:45:44+00:00,2800.0,4139,4122.2,4148.5\n"
      "SPX260220P00800500,2026-01-30 21:15:54+00:00,800.5,1,0,0.1\n");
  EXPECT_EQ(chain.as_of, parse_instant("2026-01-30T21:15Z"));
  EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2026-02-02", "SPXW"}));
  EXPECT_EQ(chain.quotes[0].type, OptionType::call);
  EXPECT_EQ(chain.quotes[0].last_trade, parse_instant("2026-01-30T16:45Z"));
  EXPECT_EQ(chain.quotes[1].key->root, "SPX");
  EXPECT_EQ(chain.quotes[1].strike, 800.5);
}

TEST(YfinanceFormat, RefusesASymbolThatIsNoneOrContradictsTheRow) {
  EXPECT_EQ(
      problems_of("contractSymbol,lastTradeDate,strike,bid,ask\n"
                  "SPX,2026-01-30 16:45:44+00:00,2800,1,2\n"
                  "SPXW260202C02800000,yesterday,2900,1,2\n"
                  "SPXW261302C02800000,,2800,1,2\n"),
      (Lines{"f:2: contractsymbol is 'SPX', but must be a root, yymmdd, C or P, and the strike in thousandths: "
             "SPXW260202C02800000",
             "f:3: strike is '2900', but must be 2800, as in the contractSymbol",
             "f:3: lasttradedate is 'yesterday', but must be an instant like 2026-01-30 16:45:44+00:00, or empty",
             "f:4: contractsymbol is 'SPXW261302C02800000', but must be a root, yymmdd, C or P, and the strike in "
             "thousandths: SPXW260202C02800000"}));
}

// --- optionsdx ------------------------------------------------------------------------------------------------------

TEST(OptionsdxFormat, ReadsNamesInBracketsAndBlanksAfterCommas) {
  const RawChain chain = chain_of(
      "[QUOTE_UNIXTIME],[EXPIRE_DATE],[STRIKE],[C_BID],[C_ASK],[P_BID],[P_ASK]\n"
      "1672434000, 2023-01-20,380.0,8.41,8.47, ,5.06\n");
  EXPECT_EQ(chain.as_of, parse_instant("2022-12-30T21:00Z"));
  ASSERT_EQ(chain.quotes.size(), 2U);
  EXPECT_EQ(chain.quotes[0].ask, 8.47);
  EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
}

// --- CBOE quote table -----------------------------------------------------------------------------------------------

const std::string kPage =
    "\n\"S&P 500 INDEX\",Last: 6711.2002,Change:  22.7402\n"
    "\"Date: October 1, 2025 at 6:06 PM EDT\",Bid: 6661.1,Ask: 6743.9\n"
    "Expiration Date,Calls,Last Sale,Bid,Ask,IV,Strike,Puts,Last Sale,Bid,Ask,IV\n";

TEST(CboeQuotedata, TellsCallsFromPutsBelowAPreamble) {
  const RawChain chain = chain_of(
      kPage +
      "Fri Dec 17 2027,SPXW271217C03500000,2700,3416.4,3449.8,0.32,3500.00,SPXW271217P03500000,60,59.2,60.9,0.31\n");
  EXPECT_EQ(chain.format, "cboe-quotedata");
  EXPECT_EQ(chain.as_of, parse_instant("2025-10-01T22:06Z"));
  ASSERT_EQ(chain.quotes.size(), 2U);
  EXPECT_EQ(chain.quotes[0].line, 5);
  EXPECT_EQ(chain.quotes[0].bid, 3416.4);
  EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2027-12-17", "SPXW"}));
  EXPECT_EQ(chain.quotes[1].type, OptionType::put);
  EXPECT_EQ(chain.quotes[1].ask, 60.9);
}

TEST(CboeQuotedata, NamesADateThatIsMissingAndSymbolsThatAreNot) {
  EXPECT_EQ(problems_of("S&P\nno date\nExpiration Date,Calls,Bid,Ask,Strike,Puts,Bid,Ask\n"
                        "Fri Dec 17 2027,SPX271217P03500000,1,2,3500.00,SPX271218P03500000,1,2\n"),
            (Lines{"f:2: date is missing, but must be there, like 'Date: October 1, 2025 at 6:06 PM'",
                   "f:4: call calls is 'SPX271217P03500000', but must be a call's symbol, like SPX271217C03500000",
                   "f:4: put puts is 'SPX271218P03500000', but must be of an option that expires on 2027-12-17, as the "
                   "row does"}));
}

// --- CBOE quote table, old ------------------------------------------------------------------------------------------

TEST(CboeQuotedataOld, TakesEverythingFromLabelAndSymbol) {
  const RawChain chain = chain_of(
      "QQQ (INVESCO QQQ TRUST, SERIES 1),172.08,+0.89,\n"
      "Jun 29 2018 @ 09:45 ET,Bid,172.11,Ask,172.12,Size,15x8,Vol,911904,\n"
      "Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int,\n"
      "18 Dec 172.50 (QQQ1821L172.5),9.1,0.0,9.2,9.4,0,12,18 Dec 172.50 (QQQ1821X172.5),8.5,0.0,,8.6,3,4,\n"
      "18 Dec 172.50 (QQQ1821L172.5-E),9.1,0.0,9.1,9.5,0,12,18 Dec 172.50 (QQQ1821X172.5-E),8.5,0.0,8.3,8.7,3,4,\n");
  EXPECT_EQ(chain.format, "cboe-quotedata-old");
  EXPECT_EQ(chain.underlying, "QQQ");
  EXPECT_EQ(chain.as_of, parse_instant("2018-06-29T09:45-04:00"));
  ASSERT_EQ(chain.quotes.size(), 4U);
  EXPECT_EQ(chain.quotes[0].line, 4);
  EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2018-12-21", "QQQ"}));
  EXPECT_EQ(chain.quotes[0].type, OptionType::call);
  EXPECT_EQ(chain.quotes[0].strike, 172.5);
  EXPECT_EQ(chain.quotes[0].bid, 9.2);
  EXPECT_EQ(chain.quotes[1].type, OptionType::put);
  EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
  EXPECT_EQ(chain.quotes[1].ask, 8.6);
  EXPECT_EQ(chain.quotes[3].key, chain.quotes[0].key);  // on one exchange: the same option once more
}

TEST(CboeQuotedataOld, ReadsWholeDatesSymbolsOfTheClearingHouseAndCrLf) {
  const RawChain chain = chain_of(
      "SPX (S&P 500 INDEX),2914.55,+4.01\r\nJun 26 2019 @ 15:45 ET\r\n"
      "Calls,Bid,Ask,Puts,Bid,Ask\r\n"
      "19 Jul 2900.00 (SPXW1919G2900-E),44.1,44.6,19 Jul 2900.00 (SPXW1919S2900-E),32.7,33.1\r\n"
      "2019 Jul 19 2905.00 (SPXW190719C02905000),41.1,41.6,2019 Jul 19 2905.00 (SPXW190719P02905000),34.7,35.1\r\n");
  EXPECT_EQ(chain.as_of, parse_instant("2019-06-26T15:45-04:00"));
  ASSERT_EQ(chain.quotes.size(), 4U);
  for (const RawQuote& quote : chain.quotes)
    EXPECT_EQ(quote.key, (ExpiryKey{"2019-07-19", "SPXW"}));
  EXPECT_EQ(chain.quotes[3].strike, 2905);
  EXPECT_EQ(chain.quotes[3].ask, 35.1);
}

TEST(CboeQuotedataOld, NamesWhatContradictsItselfAndADateThatIsMissing) {
  EXPECT_EQ(problems_of("SPX (S&P 500 INDEX),2684.79\nyesterday\nCalls,Bid,Ask,Puts,Bid,Ask\n"
                        "18 Dec 100.00 (SPX1821X100),1,2,18 Dec 100.00 (SPX1821X101),1,2\n"
                        "18 Nov 100.00 (SPX1821L100),1,x,18 Dec 100.00 SPX1821X100,1,2\n"),
            (Lines{"f:2: date is missing, but must be there, like 'Dec 28 2017 @ 11:12 ET'",
                   "f:4: call calls is '18 Dec 100.00 (SPX1821X100)', but must be a call like '18 Dec 100.00 "
                   "(SPX1821L100)'",
                   "f:4: put puts is '18 Dec 100.00 (SPX1821X101)', but must be a put like '18 Dec 100.00 "
                   "(SPX1821X100)'",
                   "f:5: call calls is '18 Nov 100.00 (SPX1821L100)', but must be a call like '18 Dec 100.00 "
                   "(SPX1821L100)'",
                   "f:5: call ask is 'x', but must be a number of at least 0",
                   "f:5: put puts is '18 Dec 100.00 SPX1821X100', but must be a put like '18 Dec 100.00 "
                   "(SPX1821X100)'"}));
}

// --- Deribit --------------------------------------------------------------------------------------------------------

TEST(DeribitFormat, TurnsPremiaInCoinIntoPricesByTheUnderlyingOfTheirRow) {
  const RawChain chain = chain_of(
      ",instrument_name,bid_price,ask_price,underlying_price,creation_timestamp\n"
      "0,ETH-26JAN24-2200-P,0.03,0.04,2200,1704712781414\n"
      "1,ETH-26JAN24-2250-C,,0.05,2000,1704712700000\n"
      "2,ETH_USDC-26JAN24-0d5-C,7,8,2000,1704712700000\n");
  EXPECT_EQ(chain.as_of, parse_instant("2024-01-08T11:19Z"));
  EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2024-01-26", "ETH"}));
  EXPECT_EQ(chain.quotes[0].bid, 66);
  EXPECT_EQ(chain.quotes[0].ask, 88);
  EXPECT_EQ(chain.quotes[0].discount, 1);
  EXPECT_EQ(chain.quotes[0].forward, 2200);  // the upper of two: a median of the expiry's futures
  EXPECT_EQ(chain.quotes[1].forward, 2200);
  EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
  EXPECT_EQ(chain.quotes[2].ask, 8);  // linear: not in coin
  EXPECT_EQ(chain.quotes[2].strike, 0.5);
}

TEST(DeribitFormat, ReadsTheOtherNamesAndYearFractionsToo) {
  const RawChain chain =
      chain_of("instrument_name,T_years,S0,bid_btc,ask_btc\nBTC-6DEC25-80000-C,0.00352,90000,0.13,0.14\n");
  EXPECT_EQ(chain.quotes[0].t, YearFraction(0.00352));
  EXPECT_EQ(chain.quotes[0].bid, 0.13 * 90000);
  EXPECT_EQ(chain.as_of, std::nullopt);
}

TEST(DeribitFormat, RefusesAnInstrumentThatIsNoOption) {
  EXPECT_EQ(problems_of("instrument_name,bid_price,ask_price,underlying_price\nBTC-PERPETUAL,1,2,3\n"
                        "BTC-6DEC25-80000-X,1,2,3\n"),
            (Lines{"f:2: instrument_name is 'BTC-PERPETUAL', but must be an option's, like BTC-26DEC25-80000-C",
                   "f:3: instrument_name is 'BTC-6DEC25-80000-X', but must be an option's, like BTC-26DEC25-80000-C"}));
}

TEST(DeribitFormat, RefusesAPremiumWorthMoreThanAPriceMay) {
  EXPECT_EQ(problems_of("instrument_name,bid_price,ask_price,underlying_price\nBTC-6DEC25-80000-C,1,1e9,1e4\n"),
            Lines{"f:2: ask_price is '1e9', but must be worth at most 1e12 in currency"});
  EXPECT_EQ(problems_of(R"({"result": [{"instrument_name": "BTC-6DEC25-80000-C", "bid_price": 1e9, "ask_price": null,
                                       "underlying_price": 1e4}]})"),
            Lines{"f: /result/0/bid_price is 1000000000.0, but must be worth at most 1e12 in currency"});
}

// --- NSE ------------------------------------------------------------------------------------------------------------

std::string nse(const std::string& rows) {
  return R"({"records": {"timestamp": "17-May-2021 15:30:00", "expiryDates": [], "data": [)" + rows + "]}}";
}

TEST(NseFormat, ReadsBothSidesOfEveryStrikeThatHasThem) {
  const RawChain chain = chain_of(nse(
      R"({"strikePrice": 33500, "expiryDate": "20-May-2021", "CE": {"bidprice": "320.5", "askPrice": 0},
          "PE": {"underlying": "BANKNIFTY", "bidprice": null, "askPrice": 322}})"));
  EXPECT_EQ(chain.as_of, parse_instant("2021-05-17T15:30+05:30"));
  ASSERT_EQ(chain.quotes.size(), 2U);
  EXPECT_EQ(chain.quotes[0].bid, 320.5);
  EXPECT_EQ(chain.quotes[1].key, (ExpiryKey{"2021-05-20", "BANKNIFTY"}));
  EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
}

TEST(NseFormat, NamesFieldsByTheirPointer) {
  EXPECT_EQ(
      problems_of(nse(R"({"strikePrice": -1, "expiryDate": "whenever", "CE": {"bidprice": "x", "askPrice": []}}, 7)")),
      (Lines{"f: /records/data/1 is 7, but must be an object",
             "f: /records/data/0/strikePrice is -1, but must be a number above 0",
             "f: /records/data/0/expiryDate is 'whenever', but must be a date like 20-May-2021",
             "f: /records/data/0/CE/bidprice is 'x', but must be a number of at least 0",
             "f: /records/data/0/CE/askPrice is a list, but must be a number of at least 0"}));
  EXPECT_EQ(problems_of(R"({"records": {"expiryDates": []}})"),
            (Lines{"f: /records/timestamp is missing, but must be a text",
                   "f: /records/data is missing, but must be a list"}));
}

// --- CBOE, Yahoo and Deribit as JSON --------------------------------------------------------------------------------

TEST(CboeJson, TakesEverythingFromTheSymbol) {
  const RawChain chain = chain_of(
      R"({"timestamp": "2025-10-01 18:06:12", "data": {"symbol": "^SPX", "current_price": 6711.2, "options": [
          {"option": "SPXW251017P06700000", "bid": 98.2, "ask": 99.1, "iv": 0.2},
          {"option": "SPX251219C06700500", "bid": 0, "ask": 0.05}]}})");
  EXPECT_EQ(chain.format, "cboe-json");
  EXPECT_EQ(chain.underlying, "SPX");
  EXPECT_EQ(chain.as_of, parse_instant("2025-10-01T18:06Z"));
  EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2025-10-17", "SPXW"}));
  EXPECT_EQ(chain.quotes[0].type, OptionType::put);
  EXPECT_EQ(chain.quotes[1].strike, 6700.5);
  EXPECT_EQ(
      problems_of(R"({"timestamp": "today at noon!", "data": {"options": [{"option": "X", "bid": -1}]}})"),
      (Lines{"f: /timestamp is 'today at noon!', but must be an instant like 2025-10-01 18:06:12",
             "f: /data/options/0/option is 'X', but must be a root, yymmdd, C or P, and the strike in thousandths: "
             "SPXW260202C02800000",
             "f: /data/options/0/bid is -1, but must be a number of at least 0"}));
}

TEST(YahooJson, ReadsTheEnvelopeAndTheBareChain) {
  const std::string bare = R"({"quote": {}, "options": [
      {"calls": [{"contractSymbol": "SPXW260220C06900000", "strike": 6900, "bid": 104.2, "ask": 105,
                  "lastTradeDate": 1769806800}],
       "puts": [{"contractSymbol": "SPXW260220P06900000", "strike": "6900", "ask": 95}]}]})";
  for (const std::string& text : {bare, R"({"optionChain": {"result": [)" + bare + "]}}"}) {
    const RawChain chain = chain_of(text);
    EXPECT_EQ(chain.as_of, parse_instant("2026-01-30T21:00Z"));
    ASSERT_EQ(chain.quotes.size(), 2U);
    EXPECT_EQ(chain.quotes[0].key, (ExpiryKey{"2026-02-20", "SPXW"}));
    EXPECT_EQ(chain.quotes[1].type, OptionType::put);
    EXPECT_EQ(chain.quotes[1].bid, std::nullopt);
  }
  EXPECT_EQ(
      problems_of(R"({"quote": {}, "options": [{"puts": [{"contractSymbol": "SPXW260220C06900000", "strike": 1}]}]})"),
      Lines{"f: /options/0/puts/0/contractSymbol is 'SPXW260220C06900000', but must be a put's, like "
            "SPXW260202P02800000"});
}

TEST(DeribitJson, SaysTheSameAsTheTable) {
  const RawChain json = chain_of(
      R"({"result": [{"instrument_name": "ETH-26JAN24-2200-P", "bid_price": 0.03, "ask_price": null,
                      "underlying_price": 2200, "creation_timestamp": 1704712781414}]})");
  const RawChain table = chain_of(
      "instrument_name,bid_price,ask_price,underlying_price,creation_timestamp\n"
      "ETH-26JAN24-2200-P,0.03,,2200,1704712781414\n");
  EXPECT_EQ(json.format, "deribit-json");
  EXPECT_EQ(json.as_of, table.as_of);
  EXPECT_EQ(json.quotes[0].bid, table.quotes[0].bid);
  EXPECT_EQ(json.quotes[0].ask, std::nullopt);
  EXPECT_EQ(json.quotes[0].key, table.quotes[0].key);
  EXPECT_EQ(json.quotes[0].forward, 2200);
}

TEST(JsonChains, SayWhereTheTextIsNoJsonAndRefuseDepthAndRepeatedKeys) {
  EXPECT_EQ(problems_of("{\"records\": {\n\"data\": [1,"), Lines{"f:2: text is not JSON from byte 26 on, but must be"});
  EXPECT_EQ(problems_of(std::string("{}\0{}", 5)), Lines{"f:1: text is '\\x00{}', but must be UTF-8 without bytes 0"});
  EXPECT_EQ(problems_of("{\"a\": 1, \"a\": 2}"), Lines{"f: key 'a' is there twice in one object, but must not be"});
  EXPECT_EQ(problems_of("{\"a\": " + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}"),
            Lines{"f: lists and objects are more than 32 deep, but must not be"});
  EXPECT_EQ(problems_of("{\"a\": 1}"), Lines{"f: file is JSON, but must be that of a known format"});
  EXPECT_EQ(problems_of("{\"a\": 1}", "wide"), Lines{"f: file is JSON, but must be no JSON for format wide"});
  EXPECT_EQ(problems_of("a,b\n1,2\n", "nse"), Lines{"f: file is not JSON, but must be JSON for format nse"});
}

// --- slices, samples, blocks ----------------------------------------------------------------------------------------

TEST(VolSliceFormat, TakesForwardAndYearsFromItsComments) {
  const RawChain chain = chain_of("# by hand\n# forward=356.5 tte=1.5\nstrike,vol,weight\n350,0.44,1\n");
  EXPECT_EQ(chain.kind, QuoteKind::vol);
  EXPECT_EQ(chain.quotes[0].key->expiry, "T=1.5");
  EXPECT_EQ(chain.quotes[0].t, YearFraction(1.5));
  EXPECT_EQ(chain.quotes[0].forward, 356.5);
  EXPECT_EQ(chain.quotes[0].bid, 0.44);
  EXPECT_EQ(problems_of("# tte=x\nstrike,vol\n350,0.44\n"),
            (Lines{"f:1: '# forward=' is missing or not a number above 0, but format vol-slice needs it",
                   "f:1: '# tte=' is missing or not a number of years above 0, but format vol-slice needs it"}));
  EXPECT_EQ(problems_of("# forward=1 tte=1001\nstrike,vol\n350,0.44\n"),
            Lines{"f:1: '# tte=' is missing or not from 1e-9 to 1000 years, but format vol-slice needs it"});
}

TEST(ArbitragerepairFormat, TakesTheMidsAndMarksWhatStandsBesideThem) {
  const RawChain chain = chain_of(
      "expiry,strike,quote,call_fv,imp_vol,forward\n0.249,429.5,mid,12.9,0.145,430\n0.249,428,bid,13,0.14,430\n");
  EXPECT_FALSE(chain.quotes[0].side_of_another);
  EXPECT_EQ(chain.quotes[0].bid, 0.145);
  EXPECT_TRUE(chain.quotes[1].side_of_another);
  EXPECT_EQ(problems_of("expiry,strike,quote,call_fv,imp_vol,forward\n0.249,429.5,last,12.9,0.145,430\n"),
            Lines{"f:2: quote is 'last', but must be bid, ask or mid"});
}

TEST(BlocksFormat, ReadsOptionsAndDiscountsBetweenZeroCoupons) {
  const RawChain chain = chain_of(
      "[underlying]\ns = 5700\n[zero_coupon] \nmaturity = 0.5\nprice = 0.98\n\n"
      "[option]\nmaturity = 0.25\ntype = 2\nstrike = 5600\nprice = 312\n");
  EXPECT_EQ(chain.kind, QuoteKind::price);
  ASSERT_EQ(chain.quotes.size(), 1U);
  EXPECT_EQ(chain.quotes[0].type, OptionType::put);
  EXPECT_EQ(chain.quotes[0].line, 7);
  EXPECT_NEAR(chain.quotes[0].discount.value(), std::sqrt(0.98), 1e-15);
}

TEST(BlocksFormat, NamesWhatIsMissingMisspeltOrTwice) {
  EXPECT_EQ(problems_of("[option]\nmaturity = 0.25\nstrik = 5600\nprice = 312\nprice = 313\nwords\n[extras]\n"),
            (Lines{"f:1: type is missing, but [option] needs it", "f:1: strike is missing, but [option] needs it",
                   "f:3: key is 'strik', but must be one of [option]: maturity, type, strike, price",
                   "f:5: price is there twice in one section, but must be there once",
                   "f:6: text is 'words', but must be [section] or key = value",
                   "f:7: section is 'extras', but must be underlying, zero_coupon, dividend or option"}));
}

TEST(BlocksFormat, RefusesADiscountFactorThatItsCurveMakesVanish) {
  EXPECT_EQ(
      problems_of(
          "[zero_coupon]\nmaturity = 0.001\nprice = 0.5\n[option]\nmaturity = 500\ntype = 1\nstrike = 1\nprice = 1\n"),
      Lines{"f:4: discount factor by [zero_coupon] is 0, but must be a number above 0"});
}

// --- names -----------------------------------------------------------------------------------------------------------

TEST(Names, MustBeWithoutBlanksAroundThemAndControlCharacters) {
  EXPECT_EQ(problems_of("SPX (S&P 500 INDEX),1\nDec 28 2017 @ 11:12 ET,\nCalls,Bid,Ask,Puts,Bid,Ask\n"
                        "18 Dec 100.00 ( SPX1821L100),1,2,18 Dec 100.00 (SPX1821X100),1,2\n"),
            Lines{"f:4: root is ' SPX', but must be without control characters and blanks around it"});
  EXPECT_EQ(problems_of(R"({"timestamp": "2025-10-01 18:06:12", "data": {"symbol": "S\u0001", "options": [
  {"option": "SPXW251017C06700000", "bid": 98.2, "ask": 99.1}]}})"),
            Lines{"f: underlying is 'S\\x01', but must be without control characters and blanks around it"});
}

}  // namespace
}  // namespace strikenet
