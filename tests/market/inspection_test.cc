#include "strikenet/market/inspection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace strikenet {
namespace {

RawQuote quote(double strike, OptionType type, std::optional<double> bid, std::optional<double> ask,
               std::string root = {}) {
  return {.key = {"2026-12-18", std::move(root)}, .strike = strike, .type = type, .bid = bid, .ask = ask};
}

/// Calls and puts at parity with a forward of 100, half a spread of 0.5.
RawChain at_parity() {
  RawChain chain;
  for (double strike = 80; strike <= 120; strike += 5) {
    const double put = 3 + std::max(strike - 100, 0.0) + 0.01 * (strike - 80), call = put + 100 - strike;
    chain.quotes.push_back(quote(strike, OptionType::call, call - 0.5, call + 0.5));
    chain.quotes.push_back(quote(strike, OptionType::put, put - 0.5, put + 0.5));
  }
  return chain;
}

TEST(Inspect, CountsDirtyQuotesPairsAndButterflies) {
  RawChain chain = at_parity();
  Inspection clean = inspect(chain);
  EXPECT_EQ(clean.total.quotes, 18);
  EXPECT_EQ(clean.total.dirty, 0);
  EXPECT_EQ(clean.total.pairs, 9);
  EXPECT_EQ(clean.total.in_parity, 9);
  EXPECT_EQ(clean.total.butterflies, 0);
  chain.quotes[0].bid = 0;                           // no bid
  chain.quotes[2].ask = std::nullopt;                // no ask
  chain.quotes[4].bid = *chain.quotes[4].ask + 2;    // crossed, and out of parity
  chain.quotes[15].bid = *chain.quotes[15].bid + 5;  // the put at 115: a butterfly, out of parity
  chain.quotes[15].ask = *chain.quotes[15].ask + 5;
  const QuoteFacts facts = inspect(chain).total;
  EXPECT_EQ(facts.dirty, 3);
  EXPECT_EQ(facts.pairs, 7);
  EXPECT_EQ(facts.in_parity, 5);
  EXPECT_EQ(facts.butterflies, 1);
}

TEST(Inspect, TellsRootsApartAndCountsDatesOnce) {
  RawChain chain = at_parity();
  chain.quotes[3].key = {"2026-12-18", "SPX"};
  chain.quotes[5].key = {"2027-01-15"};
  const Inspection inspection = inspect(chain, "SPXW");
  ASSERT_EQ(inspection.expiries.size(), 3U);
  EXPECT_EQ(inspection.expiries[0].key, (ExpiryKey{"2026-12-18", "SPX"}));
  EXPECT_EQ(inspection.expiries[1].key.root, "SPXW");
  EXPECT_EQ(inspection.dates, 2);
}

TEST(Inspect, OfSinglePricesOrVolsCountsNeitherPairsNorButterflies) {
  RawChain chain = at_parity();
  chain.kind = QuoteKind::price;
  EXPECT_EQ(inspect(chain).total.pairs, 0);
  EXPECT_EQ(inspect(chain).has_spread, false);
  EXPECT_EQ(inspect({}).total.quotes, 0);
}

TEST(Inspect, TakesTheFirstOfDuplicatesAndNoFewerThanFivePairs) {
  RawChain chain = at_parity();
  chain.quotes.push_back(quote(100, OptionType::call, 50, 51));
  EXPECT_EQ(inspect(chain).total.butterflies, 0);
  chain.quotes.resize(8);  // four pairs
  EXPECT_EQ(inspect(chain).total.pairs, 0);
}

TEST(Inspect, CountsButterfliesOfSinglePricesAndOfTheMiddle) {
  RawChain chain;
  chain.kind = QuoteKind::price;
  for (const auto& [strike, price] : {std::pair(90, 12.0), {100, 6.0}, {110, 3.0}, {120, 0.0}, {130, 0.5}})
    chain.quotes.push_back(quote(strike, OptionType::call, price, price));
  EXPECT_EQ(inspect(chain).total.triples, 2);  // the price of 0 is none
  EXPECT_EQ(inspect(chain).total.negative, 0);
  chain.quotes[1].bid = chain.quotes[1].ask = 8;  // of 12 and 3 the middle is 7.5
  EXPECT_EQ(inspect(chain).total.negative, 1);
  EXPECT_EQ(inspect(chain).total.butterflies, 0);
  chain.kind = QuoteKind::bid_ask;
  chain.quotes[1].bid = 7.4;
  chain.quotes[1].ask = 8.6;
  EXPECT_EQ(inspect(chain).total.negative, 1);
  EXPECT_EQ(inspect(chain).total.butterflies, 0);
}

// At a flat vol no butterfly is negative; 60 % in the middle of 20 % makes both beside it so.
TEST(Inspect, PricesVolsByTheForwardAndTimeOfTheFile) {
  RawChain chain;
  chain.kind = QuoteKind::vol;
  for (double strike = 80; strike <= 120; strike += 10) {
    chain.quotes.push_back({.key = {"T=0.5"}, .t = YearFraction(0.5), .strike = strike, .bid = 0.2, .ask = 0.2});
    chain.quotes.back().forward = 100;
  }
  EXPECT_EQ(inspect(chain).total.triples, 3);
  EXPECT_EQ(inspect(chain).total.negative, 0);
  chain.quotes[2].bid = chain.quotes[2].ask = 0.6;
  EXPECT_EQ(inspect(chain).total.negative, 1);
  for (RawQuote& quote : chain.quotes)
    quote.forward.reset();
  EXPECT_EQ(inspect(chain).total.triples, 0);
}

TEST(Inspect, CountsUntradedQuotesAndVolsThatStandForNone) {
  RawChain chain = at_parity();
  chain.as_of = parse_instant("2026-09-18T15:00Z");
  chain.quotes[0].last_trade = *chain.as_of - std::chrono::days(5);
  chain.quotes[1].last_trade = *chain.as_of - std::chrono::days(5) - std::chrono::minutes(1);
  chain.quotes[2].lacks_vol = true;
  const QuoteFacts facts = inspect(chain).total;
  EXPECT_EQ(facts.traded, 2);
  EXPECT_EQ(facts.untraded, 1);
  EXPECT_EQ(facts.without_vol, 1);
  EXPECT_EQ(inspect(chain, {}, *chain.as_of + std::chrono::days(1)).total.untraded, 2);
}

TEST(Inspect, StatesWhichStrikesThereAreAndWhichHaveABid) {
  RawChain chain = at_parity();
  chain.quotes[0].bid = chain.quotes[1].bid = 0;  // 80
  const QuoteFacts facts = inspect(chain).total;
  EXPECT_EQ(facts.strikes->low, 80);
  EXPECT_EQ(facts.strikes->high, 120);
  EXPECT_EQ(facts.bid_strikes->low, 85);
  EXPECT_FALSE(inspect({}).total.strikes);
}

TEST(Inspect, OrdersExpiriesByTheirTime) {
  RawChain chain = at_parity();
  chain.as_of = parse_instant("2026-09-18T15:00Z");
  chain.quotes[0].key = {"2026-12-18", "SPX"};  // settles in the morning
  chain.quotes[1].key = {"2026-10-16", "SPXW"};
  chain.quotes[2].key = {"soon", ""};
  const Inspection inspection = inspect(chain, "SPXW");
  ASSERT_EQ(inspection.expiries.size(), 4U);
  EXPECT_EQ(to_string(inspection.expiries[0].key), "2026-10-16 SPXW");
  EXPECT_EQ(to_string(inspection.expiries[1].key), "2026-12-18 SPX");
  EXPECT_EQ(to_string(inspection.expiries[2].key), "2026-12-18 SPXW");
  EXPECT_FALSE(inspection.expiries[3].t);
}

}  // namespace
}  // namespace strikenet
