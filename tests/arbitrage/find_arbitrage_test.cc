#include "strikenet/arbitrage/find_arbitrage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "strikenet/core/black.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr OptionType kCall = OptionType::call, kPut = OptionType::put;
const ExpiryKey kJune{"2026-06-19", "SPX"}, kJuly{"2026-07-17", "SPX"};

/// Quotes of expiries, one line after another.
class Quotes {
 public:
  Quotes& add(double strike, OptionType type, double bid, double ask, const ExpiryKey& key = kJune,
              Drop dropped = Drop::none) {
    const long line = static_cast<long>(chain_.quotes.size()) + 2;
    chain_.quotes.push_back(
        {.line = line, .key = key, .strike = strike, .type = type, .bid = bid, .ask = ask, .dropped = dropped});
    return *this;
  }
  const Chain& chain() const { return chain_; }

 private:
  Chain chain_;
};

ExpiryArbitrage of(const Quotes& quotes, const FindOptions& options = {}) {
  const std::vector<ExpiryArbitrage> all = find_arbitrage(quotes.chain(), options);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? ExpiryArbitrage() : all.front();
}

/// What a trade pays at many prices of the underlying, in doubles: shares nothing with the proof.
void expect_by_brute_force(const ArbitrageTrade& trade) {
  constexpr double kRounding = 1e-9;
  double cost = 0, size = 0;
  std::set<double> strikes;
  for (const TradeLeg& leg : trade.legs) {
    cost += leg.units * leg.price;
    size += std::abs(leg.units) * leg.strike;
    strikes.insert(leg.strike);
  }
  EXPECT_LT(cost, kRounding * size);
  const double farthest = 10 * *strikes.rbegin();
  const auto pays = [&](double spot) {
    double sum = 0;
    for (const TradeLeg& leg : trade.legs)
      sum += leg.units * std::max(leg.type == kCall ? spot - leg.strike : leg.strike - spot, 0.0);
    return sum;
  };
  for (int i = 0; i <= 5000; ++i)
    EXPECT_GE(pays(farthest * i / 5000), -kRounding * size);
  for (const double strike : strikes)
    EXPECT_GE(pays(strike), -kRounding * size);
}

// The three cases of Davis and Hobson (2007), by hand.
TEST(FindArbitrage, TellsDavisAndHobsonsThreeCasesApart) {
  const ExpiryArbitrage none = of(Quotes().add(90, kCall, 12, 12).add(100, kCall, 7, 7).add(110, kCall, 4, 4));
  EXPECT_EQ(none.verdict, ExpiryVerdict::none);
  EXPECT_TRUE(none.trades.empty());

  const ExpiryArbitrage weak = of(Quotes().add(90, kCall, 12, 12).add(100, kCall, 4, 4).add(110, kCall, 4, 4));
  EXPECT_EQ(weak.verdict, ExpiryVerdict::weak_arbitrage);
  ASSERT_EQ(weak.trades.size(), 1U);
  EXPECT_EQ(weak.trades[0].family, "vertical spread");
  EXPECT_EQ(weak.trades[0].proof.cost, 0);

  const ExpiryArbitrage strong = of(Quotes().add(90, kCall, 12, 12).add(100, kCall, 9, 9).add(110, kCall, 4, 4));
  EXPECT_EQ(strong.verdict, ExpiryVerdict::arbitrage);
  ASSERT_EQ(strong.trades.size(), 1U);
  EXPECT_EQ(strong.trades[0].family, "butterfly");
  EXPECT_NEAR(strong.trades[0].proof.cost, -2, 1e-15);
}

TEST(FindArbitrage, PrintsTheButterflyThatIsFreeAtBidAndAskInSmallestWholeUnits) {
  const ExpiryArbitrage found =
      of(Quotes().add(90, kPut, 1, 1.1).add(100, kPut, 4.5, 4.6).add(120, kPut, 9, 9.2).add(130, kPut, 30, 31));
  ASSERT_EQ(found.trades.size(), 1U);
  const std::vector<TradeLeg>& legs = found.trades[0].legs;
  ASSERT_EQ(legs.size(), 3U);
  EXPECT_EQ(found.trades[0].family, "butterfly");
  EXPECT_EQ(legs[0].units, 2);
  EXPECT_EQ(legs[1].units, -3);
  EXPECT_EQ(legs[2].units, 1);
  EXPECT_EQ(legs[0].price, 1.1);
  EXPECT_EQ(legs[1].price, 4.5);
  EXPECT_EQ(legs[2].price, 9.2);
  EXPECT_EQ(legs[1].line, 3);
  expect_by_brute_force(found.trades[0]);
}

TEST(FindArbitrage, NamesTheFamilies) {
  EXPECT_EQ(of(Quotes().add(100, kCall, 5, 4)).trades.at(0).family, "crossed");
  EXPECT_EQ(of(Quotes().add(100, kCall, 2, 2.1).add(110, kCall, 2.2, 2.3)).trades.at(0).family, "vertical spread");
  EXPECT_EQ(of(Quotes()
                   .add(90, kCall, 11.9, 12)
                   .add(90, kPut, 2, 2.1)
                   .add(100, kCall, 7, 7.1)
                   .add(100, kPut, 6.8, 6.9)
                   .add(110, kCall, 2.9, 3)
                   .add(110, kPut, 13, 13.1))
                .trades.at(0)
                .family,
            "parity");
}

TEST(FindArbitrage, RoundsUnitsWithRoomWhereStrikesHaveManyDigits) {
  const double third = 91.0 + 1 / 3.0, seventh = 101.0 + 1 / 7.0, eleventh = 113.0 + 1 / 11.0;
  const ExpiryArbitrage found =
      of(Quotes().add(third, kCall, 11.9, 12).add(seventh, kCall, 8, 8.1).add(eleventh, kCall, 2.9, 3));
  ASSERT_EQ(found.trades.size(), 1U);
  EXPECT_EQ(found.trades[0].proof.kind, TradeKind::arbitrage);
  EXPECT_EQ(found.trades[0].legs.at(1).units, -1);
  EXPECT_EQ(found.trades[0].proof.floor, 0);  // at a price of 0, where calls pay nothing
  expect_by_brute_force(found.trades[0]);
}

TEST(FindArbitrage, AssumesNoRateAndNoForward) {
  // Boxes that lend at 20 % and forwards far from any spot are prices like others.
  EXPECT_EQ(
      of(Quotes().add(90, kCall, 8.0, 8.2).add(90, kPut, 8.0, 8.2).add(110, kCall, 0.9, 1.1).add(110, kPut, 17.0, 17.2))
          .verdict,
      ExpiryVerdict::none);
}

// Discount factor 6/7 and forward price 603/7 are no decimals; the law has to have them exactly.
TEST(FindArbitrage, IsAbsentWherePricesWithoutASpreadAgreeExactly) {
  const auto with_last_put = [](double put) {
    return of(Quotes()
                  .add(90, kCall, 12, 12)
                  .add(90, kPut, 3, 3)
                  .add(97, kCall, 7.5, 7.5)
                  .add(97, kPut, 4.5, 4.5)
                  .add(104, kCall, 4, 4)
                  .add(104, kPut, put, put));
  };
  EXPECT_EQ(with_last_put(7).verdict, ExpiryVerdict::none);
  EXPECT_EQ(with_last_put(7.001).verdict, ExpiryVerdict::arbitrage);
  EXPECT_EQ(with_last_put(7.00000001).verdict, ExpiryVerdict::not_proved);  // nearer than linear programs see
}

TEST(FindArbitrage, LooksAtQuotesThatAFitLeavesOut) {
  const auto crossed = of(Quotes().add(100, kCall, 5, 4, kJune, Drop::crossed));
  EXPECT_EQ(crossed.verdict, ExpiryVerdict::arbitrage);
  const auto twice = of(Quotes().add(100, kCall, 5, 5.1).add(100, kCall, 6, 6.1, kJune, Drop::duplicate));
  EXPECT_EQ(twice.verdict, ExpiryVerdict::arbitrage);
  EXPECT_EQ(twice.trades.at(0).legs.size(), 2U);
  const auto bid = of(Quotes().add(100, kCall, 2, 2.1).add(110, kCall, 3, 0, kJune, Drop::no_ask));
  EXPECT_EQ(bid.verdict, ExpiryVerdict::arbitrage);
  EXPECT_TRUE(find_arbitrage(Quotes().add(100, kCall, 5, 4, kJune, Drop::expired).chain()).empty());
}

TEST(FindArbitrage, OfFewQuotesAndOfNone) {
  EXPECT_TRUE(find_arbitrage(Chain()).empty());
  EXPECT_EQ(of(Quotes().add(100, kCall, 5, 5.1)).verdict, ExpiryVerdict::none);
  EXPECT_EQ(of(Quotes().add(100, kPut, 0, 0.05)).verdict, ExpiryVerdict::none);
  EXPECT_EQ(of(Quotes().add(100, kPut, 120, 121)).verdict, ExpiryVerdict::none);  // of any discount factor
}

TEST(FindArbitrage, JudgesMiddlesWhenAskedTo) {
  const Quotes quotes = Quotes().add(90, kCall, 11, 13).add(100, kCall, 8, 10).add(110, kCall, 3, 5);
  EXPECT_EQ(of(quotes).verdict, ExpiryVerdict::none);
  const ExpiryArbitrage mid = of(quotes, {.mid = true});
  EXPECT_EQ(mid.verdict, ExpiryVerdict::arbitrage);
  EXPECT_EQ(mid.trades.at(0).legs.at(0).price, 12);
}

TEST(FindArbitrage, ListsTradesThatShareNoQuoteAndSaysThatThereAreMore) {
  Quotes quotes;
  for (int i = 0; i < 5; ++i)  // every second call is dearer than the one before
    quotes.add(100 + 20 * i, kCall, 20 - 3 * i, 20.1 - 3 * i).add(110 + 20 * i, kCall, 20.5 - 3 * i, 20.6 - 3 * i);
  const ExpiryArbitrage two = of(quotes, {.trades = 2});
  ASSERT_EQ(two.trades.size(), 2U);
  EXPECT_TRUE(two.more);
  std::set<long> lines;
  for (const ArbitrageTrade& trade : two.trades)
    for (const TradeLeg& leg : trade.legs)
      EXPECT_TRUE(lines.insert(leg.line).second) << leg.line;
  EXPECT_FALSE(of(quotes, {.trades = 50}).more);
}

/// Quotes of Black's formula, forward and discount at random, with spreads around prices that are not in their middle.
Quotes random_quotes(std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  Quotes quotes;
  for (const ExpiryKey& key : {kJune, kJuly}) {
    const Forward forward(80 + 40 * uniform(random));
    const double discount = 0.9 + 0.12 * uniform(random), vol = 0.05 + 0.4 * uniform(random);
    for (double strike = 60; strike <= 150; strike += 2.5)
      for (const OptionType type : {kCall, kPut}) {
        if (uniform(random) < 0.3) continue;
        const double price = discount * black_price(type, forward, Strike(strike), TotalVol(vol)).value();
        const double spread = 0.01 + 0.05 * price, below = spread * (0.1 + 0.8 * uniform(random));
        const double bid = std::floor(1000 * (price - below)) / 1000,
                     ask = std::ceil(1000 * (price - below + spread)) / 1000;
        quotes.add(strike, type, std::max(bid, 0.0), ask, key);
      }
  }
  return quotes;
}

TEST(FindArbitrageLaw, IsNeverFoundInQuotesAroundALaw) {
  std::mt19937_64 random(81);
  for (int repeat = 0; repeat < 40; ++repeat)
    for (const ExpiryArbitrage& expiry : find_arbitrage(random_quotes(random).chain()))
      EXPECT_EQ(expiry.verdict, ExpiryVerdict::none) << repeat;
}

TEST(FindArbitrageLaw, IsAlwaysFoundWhereATradeIsPlanted) {
  std::mt19937_64 random(82);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int repeat = 0; repeat < 40; ++repeat) {
    Quotes quotes = random_quotes(random);
    // A butterfly or a vertical spread between strikes that are quoted nowhere else, which pays its taker a cent.
    const double strike = 61 + 80 * uniform(random), width = 0.3 + 5 * uniform(random), low = 0.5 + uniform(random);
    if (repeat % 2 == 0)
      quotes.add(strike, kCall, low - 0.1, low).add(strike + width, kCall, low + 0.01, low + 0.1);
    else
      quotes.add(strike, kPut, 0.4, low)
          .add(strike + width, kPut, 2 * low + 0.005, 2 * low + 0.1)
          .add(strike + 2 * width, kPut, 2, 3 * low);
    const std::vector<ExpiryArbitrage> found = find_arbitrage(quotes.chain(), {.trades = 5});
    EXPECT_EQ(found.at(0).verdict, ExpiryVerdict::arbitrage) << repeat;
    EXPECT_EQ(found.at(1).verdict, ExpiryVerdict::none) << repeat;
    for (const ArbitrageTrade& trade : found[0].trades) {
      EXPECT_EQ(trade.proof.kind, TradeKind::arbitrage);
      expect_by_brute_force(trade);
    }
  }
}

TEST(FindArbitrage, SaysTheSameOnAnyNumberOfThreads) {
  std::mt19937_64 random(83);
  Quotes quotes = random_quotes(random);
  quotes.add(71.1, kCall, 1, 1.1).add(71.2, kCall, 1.2, 1.3);
  const auto one = find_arbitrage(quotes.chain()), four = find_arbitrage(quotes.chain(), {.threads = 4});
  ASSERT_EQ(one.size(), four.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].trades.size(), four[i].trades.size());
    EXPECT_EQ(one[i].verdict, four[i].verdict);
    for (std::size_t j = 0; j < one[i].trades.size(); ++j)
      EXPECT_EQ(one[i].trades[j].proof.cost, four[i].trades[j].proof.cost);
  }
}

TEST(FindArbitrage, RefusesNumbersOfNothing) {
  EXPECT_EQ(testing_support::words([] { find_arbitrage(Chain(), {.trades = 0}); }),
            "find_arbitrage: trades is 0, but must be at least 1");
  EXPECT_EQ(testing_support::words([] { find_arbitrage(Chain(), {.threads = 0}); }),
            "find_arbitrage: threads is 0, but must be at least 1");
}

}  // namespace
}  // namespace strikenet
