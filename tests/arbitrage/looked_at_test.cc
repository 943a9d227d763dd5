#include "strikenet/arbitrage/looked_at.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "strikenet/arbitrage/find_arbitrage.h"

namespace strikenet {
namespace {

using Counts = std::vector<std::pair<Drop, int>>;

Quote put_at(double strike, double bid, double ask, Drop dropped = Drop::none) {
  return {.key = {"2026-06-19"}, .strike = strike, .type = OptionType::put, .bid = bid, .ask = ask, .dropped = dropped};
}

Chain chain_of(std::vector<Quote> quotes) {
  Chain chain;
  chain.quotes = std::move(quotes);
  return chain;
}

TEST(CountLookedAt, CountsByReasonWhatAFitLeavesOutAndWhatIsNotLookedAt) {
  const Chain chain = chain_of({put_at(90, 1, 2), put_at(90, 3, 4, Drop::duplicate), put_at(95, 5, 3, Drop::crossed),
                                put_at(100, 2, 0, Drop::no_ask), put_at(101, 0, 0, Drop::no_ask),
                                put_at(105, 7, 8, Drop::expired), put_at(110, 7, 8, Drop::stale)});
  const QuotesLookedAt counts = count_looked_at(chain);
  EXPECT_EQ(counts.quotes, 7);
  EXPECT_EQ(counts.looked_at, 4);
  EXPECT_EQ(counts.left_out_by_fits, (Counts{{Drop::no_ask, 1}, {Drop::crossed, 1}, {Drop::duplicate, 1}}));
  EXPECT_EQ(counts.not_looked_at, (Counts{{Drop::no_ask, 1}, {Drop::expired, 1}, {Drop::stale, 1}}));
}

TEST(CountLookedAt, OfMiddlesDoesNotLookAtAQuoteWithoutABid) {
  const QuotesLookedAt counts = count_looked_at(chain_of({put_at(90, 0, 2), put_at(95, 1, 2)}), true);
  EXPECT_EQ(counts.looked_at, 1);
  EXPECT_EQ(counts.not_looked_at, (Counts{{Drop::none, 1}}));
}

TEST(CountLookedAt, IsZeroOfNothing) {
  const QuotesLookedAt counts = count_looked_at({});
  EXPECT_EQ(counts.quotes + counts.looked_at, 0);
  EXPECT_TRUE(counts.left_out_by_fits.empty() && counts.not_looked_at.empty());
}

// Every quote is in one count, and the search looks at as many.
TEST(CountLookedAt, CountsEveryQuoteOnceAndAsManyAsTheSearchLooksAt) {
  std::mt19937 random(7);
  const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const auto sum = [](const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), 0, [](int all, const auto& one) { return all + one.second; });
  };
  for (int trial = 0; trial < 50; ++trial) {
    Chain chain;
    for (int i = 0; i < 12; ++i) {
      const double bid = draw(3), ask = draw(2) * (bid + draw(3));
      chain.quotes.push_back(put_at(100 + i, bid, ask, static_cast<Drop>(draw(15))));
      chain.quotes.back().line = i + 1;
      if (chain.quotes.back().used() && ask == 0) chain.quotes.back().dropped = Drop::no_ask;
    }
    for (const bool mid : {false, true}) {
      const QuotesLookedAt counts = count_looked_at(chain, mid);
      int searched = 0;
      for (const ExpiryArbitrage& expiry : find_arbitrage(chain, {.mid = mid}))
        searched += expiry.quotes;
      EXPECT_EQ(counts.looked_at, searched);
      EXPECT_EQ(counts.looked_at + sum(counts.not_looked_at), counts.quotes);
      EXPECT_LE(sum(counts.left_out_by_fits), counts.looked_at);
    }
  }
}

TEST(ContradictingDuplicates, AreThoseThatNoPriceMeetsTogetherWithTheFirstQuote) {
  const Chain chain = chain_of({put_at(90, 1, 2), put_at(90, 2, 3, Drop::duplicate),      // share the price 2
                                put_at(90, 2.5, 3, Drop::duplicate),                      // dearer
                                put_at(90, 0.5, 0.75, Drop::duplicate),                   // cheaper
                                put_at(95, 1, 2), put_at(95, 8, 9, Drop::placeholder)});  // not looked at
  const std::vector<ContradictingQuotes> pairs = contradicting_duplicates(chain);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].bought, 0u);
  EXPECT_EQ(pairs[0].sold, 2u);
  EXPECT_EQ(pairs[1].bought, 3u);
  EXPECT_EQ(pairs[1].sold, 0u);
}

TEST(ContradictingDuplicates, AreNotOfAnotherTypeOrExpiry) {
  Quote call = put_at(90, 8, 9, Drop::duplicate), later = call;
  call.type = OptionType::call;
  later.key = {"2026-12-18"};
  EXPECT_TRUE(contradicting_duplicates(chain_of({put_at(90, 1, 2), call, later})).empty());
}

}  // namespace
}  // namespace strikenet
