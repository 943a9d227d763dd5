#include "strikenet/arbitrage/repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/core/black.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr OptionType kCall = OptionType::call, kPut = OptionType::put;
const ExpiryKey kJune{"2026-06-19", "SPX"}, kJuly{"2026-07-17", "SPX"};
constexpr double kStep = 3e-4;  // what rounding outwards adds at strikes near 100

class Quotes {
 public:
  Quotes& expiry(const ExpiryKey& key, double t) {
    chain_.slices.push_back({.key = key, .t = YearFraction(t), .forward = Forward(100), .discount = DiscountFactor(1)});
    return *this;
  }
  Quotes& quote(double strike, OptionType type, double bid, double ask, Drop dropped = Drop::none) {
    const bool has_slice = !chain_.slices.empty();
    chain_.quotes.push_back({.line = static_cast<long>(chain_.quotes.size()) + 2,
                             .slice = static_cast<int>(chain_.slices.size()) - 1,
                             .key = has_slice ? chain_.slices.back().key : kJune,
                             .strike = strike,
                             .type = type,
                             .bid = bid,
                             .ask = ask,
                             .dropped = dropped});
    return *this;
  }
  Chain& chain() { return chain_; }

 private:
  Chain chain_;
};

Quotes free_butterfly() {
  return Quotes().quote(90, kCall, 12, 12.1).quote(100, kCall, 9, 9.1).quote(110, kCall, 4, 4.1);
}

bool is_free(const Chain& chain) {
  const auto within = find_arbitrage(chain);
  const bool alone =
      std::ranges::all_of(within, [](const ExpiryArbitrage& one) { return one.verdict == ExpiryVerdict::none; });
  return alone && find_calendar_arbitrage(chain, within).verdict == ExpiryVerdict::none;
}

bool has_trade(const Chain& chain) {
  const auto within = find_arbitrage(chain);
  return std::ranges::any_of(within, [](const ExpiryArbitrage& one) { return !one.trades.empty(); }) ||
         !find_calendar_arbitrage(chain, within).trades.empty();
}

// The butterfly pays 1.8; its body counts twice, so 0.9 of it is the smallest change, and it is 9 spreads.
TEST(Repair, ChangesTheQuoteThatDoesMost) {
  Quotes quotes = free_butterfly();
  const Repair result = repair(quotes.chain());
  EXPECT_TRUE(result.solved);
  EXPECT_EQ(result.looked_at, 3);
  ASSERT_EQ(result.quotes.size(), 1U);
  EXPECT_EQ(result.quotes[0].quote, 1U);
  EXPECT_NEAR(result.quotes[0].bid, 8.1, kStep);
  EXPECT_LT(result.quotes[0].bid, 8.1);
  EXPECT_EQ(result.quotes[0].ask, 9.1);
  EXPECT_EQ(result.quotes[0].ask_change, 0);
  EXPECT_NEAR(result.quotes[0].spreads, 9, 1e-3);
  EXPECT_NEAR(result.optimum, 9, 1e-6);
  EXPECT_NEAR(result.objective, result.optimum, 1e-3);
  EXPECT_TRUE(is_free(repaired(quotes.chain(), result)));
}

// Of a + 2 b + c = 1.8 the least squares are in proportion 1, 2, 1.
TEST(Repair, SpreadsTheChangeWhereSquaresCount) {
  Quotes quotes = free_butterfly();
  const Repair result = repair(quotes.chain(), {.squares = true});
  ASSERT_EQ(result.quotes.size(), 3U);
  EXPECT_NEAR(result.quotes[0].ask_change, 0.3, 1e-3);
  EXPECT_NEAR(result.quotes[1].bid_change, -0.6, 1e-3);
  EXPECT_NEAR(result.quotes[2].ask_change, 0.3, 1e-3);
  EXPECT_NEAR(result.optimum, 9 + 36 + 9, 1e-3);
}

TEST(Repair, MovesMiddlesWithinTheirSpreadsWhereItCan) {
  Quotes quotes;  // middles 12, 8.1, 4: the butterfly is free by 0.2, and half a spread is 1
  quotes.quote(90, kCall, 11, 13).quote(100, kCall, 7.1, 9.1).quote(110, kCall, 3, 5);
  EXPECT_EQ(repair(quotes.chain()).quotes.size(), 0U);
  const Repair result = repair(quotes.chain(), {.mid = true});
  ASSERT_EQ(result.quotes.size(), 1U);
  EXPECT_NEAR(result.quotes[0].bid, 8, 1e-5);
  EXPECT_EQ(result.quotes[0].bid, result.quotes[0].ask);
  EXPECT_NEAR(result.optimum, 0.1 / 2, 1e-6);
  Quotes narrow;  // the body may only move by 0.05 inside its spread: the wings do the rest
  narrow.quote(90, kCall, 11, 13).quote(100, kCall, 8.05, 8.15).quote(110, kCall, 3, 5);
  const Repair wings = repair(narrow.chain(), {.mid = true});
  for (const QuoteRepair& one : wings.quotes)
    EXPECT_LE(std::abs(one.bid_change),
              (narrow.chain().quotes[one.quote].ask - narrow.chain().quotes[one.quote].bid) / 2);
}

// Puts and calls at three strikes whose parity is no line: 9, 3.1 and -3 become one, exactly, and stay. The change of
// 0.1 is one beyond bid and ask, which counts a hundred times.
TEST(Repair, LeavesMiddlesThatAgreeExactly) {
  Quotes quotes;
  quotes.quote(90, kCall, 12, 12).quote(90, kPut, 3, 3).quote(97, kCall, 7.6, 7.6).quote(97, kPut, 4.5, 4.5);
  quotes.quote(104, kCall, 4, 4).quote(104, kPut, 7, 7);
  quotes.chain().has_spread = false;
  const Repair result = repair(quotes.chain());
  ASSERT_TRUE(result.solved);
  EXPECT_NEAR(result.optimum, 10, 1e-4);
  EXPECT_NEAR(result.objective, 10, 1e-4);
  const Chain free = repaired(quotes.chain(), result);
  EXPECT_TRUE(is_free(free));
  EXPECT_EQ(repair(free).quotes.size(), 0U);
}

TEST(Repair, IsTheSameInAnyUnitOfPrice) {
  for (const double unit : {1e-30, 1e-12, 1.0, 1e15}) {
    Quotes quotes;
    quotes.quote(90 * unit, kCall, 12 * unit, 12 * unit).quote(100 * unit, kCall, 9 * unit, 9 * unit);
    quotes.quote(110 * unit, kCall, 4 * unit, 4 * unit);
    const Repair result = repair(quotes.chain());
    ASSERT_TRUE(result.solved) << unit;
    ASSERT_EQ(result.quotes.size(), 1U) << unit;
    EXPECT_NEAR(result.quotes[0].bid_change / unit, -1, 1e-4) << unit;
    EXPECT_TRUE(is_free(repaired(quotes.chain(), result))) << unit;
  }
}

// By itself June would raise its first call, 1.2 of a spread of 0.7; July asks its second to fall by 1, which does
// both.
TEST(Repair, OfSeveralExpiriesIsOneProgram) {
  Quotes quotes;
  quotes.expiry(kJune, 0.5).quote(90, kCall, 12, 12.7).quote(100, kCall, 9, 9.3).quote(110, kCall, 4, 4.1);
  quotes.expiry(kJuly, 0.6).quote(100, kCall, 7.99, 8);
  EXPECT_EQ(repair(quotes.chain(), {.calendar = false}).quotes.at(0).quote, 0U);
  const Repair result = repair(quotes.chain());
  ASSERT_EQ(result.quotes.size(), 1U);
  EXPECT_EQ(result.quotes[0].quote, 1U);
  EXPECT_NEAR(result.optimum, 1 / 0.3, 1e-3);
  ASSERT_EQ(result.together.size(), 2U);
  EXPECT_EQ(result.together[0].forward, 100);
  EXPECT_TRUE(is_free(repaired(quotes.chain(), result)));
}

TEST(Repair, UncrossesAQuote) {
  Quotes quotes;
  quotes.quote(90, kCall, 12, 12.1).quote(100, kCall, 7, 6, Drop::crossed);
  const Repair result = repair(quotes.chain());
  ASSERT_EQ(result.quotes.size(), 1U);
  EXPECT_NEAR(result.quotes[0].spreads, 1, 1e-3);
  const Chain free = repaired(quotes.chain(), result);
  EXPECT_EQ(free.quotes[1].dropped, Drop::none);
  EXPECT_LE(free.quotes[1].bid, free.quotes[1].ask);
}

TEST(Repair, PutsExpiriesInOrder) {
  Quotes quotes;
  quotes.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1).expiry(kJuly, 0.6).quote(100, kCall, 4, 4.1);
  const Repair apart = repair(quotes.chain(), {.calendar = false});
  EXPECT_EQ(apart.quotes.size(), 0U);
  const Repair result = repair(quotes.chain());
  ASSERT_EQ(result.quotes.size(), 1U);
  EXPECT_EQ(result.quotes[0].quote, 0U);  // 0.8 is four spreads of the early call, and eight of the late one
  EXPECT_NEAR(result.quotes[0].bid_change, -0.8, 1e-4);
  EXPECT_TRUE(is_free(repaired(quotes.chain(), result)));
}

TEST(Repair, OfNothingAndOfWhatIsInOrderChangesNothing) {
  EXPECT_TRUE(repair({}).solved);
  EXPECT_EQ(repair({}).looked_at, 0);
  Quotes one;
  one.quote(100, kPut, 0, 3);
  EXPECT_EQ(repair(one.chain()).quotes.size(), 0U);
}

/// Prices of one vol with spreads, some of them moved by several spreads.
Quotes random_quotes(std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0.7, 1.4), part(0, 1);
  Quotes quotes;
  for (const auto& [key, t] : {std::pair(kJune, 0.5), std::pair(kJuly, 0.6)}) {
    quotes.expiry(key, t);
    for (int j = 0; j < 12; ++j) {
      const double strike = std::round(1000 * share(random)) / 10;
      const OptionType type = j % 2 ? kCall : kPut;
      const double fair = black_price(type, Forward(100), Strike(strike), TotalVol(0.2 * std::sqrt(t))).value() +
                          (part(random) < 0.2 ? 2 * part(random) : 0);
      const double half = 0.02 + 0.1 * part(random);
      quotes.quote(strike, type, std::round(100 * std::max(fair - half, 0.0)) / 100,
                   std::round(100 * (fair + half)) / 100);
    }
  }
  return quotes;
}

TEST(RepairLaw, LeavesNoArbitrageAndNothingToRepair) {
  std::mt19937_64 random(12);
  int changed = 0;
  for (int trial = 0; trial < 40; ++trial) {
    Quotes quotes = random_quotes(random);
    const Repair first = repair(quotes.chain());
    ASSERT_TRUE(first.solved);
    EXPECT_GE(first.objective, first.optimum - 1e-6);
    changed += !first.quotes.empty();
    const Chain free = repaired(quotes.chain(), first);
    EXPECT_FALSE(has_trade(free)) << "trial " << trial;
    EXPECT_TRUE(is_free(free)) << "trial " << trial;
    EXPECT_EQ(repair(free).quotes.size(), 0U) << "trial " << trial;
  }
  EXPECT_GT(changed, 20);
}

/// By duality a trade of at most one over its spread of every quote earns at most what the smallest change costs.
TEST(RepairLaw, CostsAtLeastWhatATradeOfThatSizeEarns) {
  std::mt19937_64 random(13);
  int trades = 0;
  for (int trial = 0; trial < 40; ++trial) {
    Quotes quotes = random_quotes(random);
    const double optimum = repair(quotes.chain(), {.calendar = false}).optimum;
    for (const ExpiryArbitrage& expiry : find_arbitrage(quotes.chain(), {.trades = 1}))
      for (const ArbitrageTrade& trade : expiry.trades) {
        double most = 0;
        for (const TradeLeg& leg : trade.legs) {
          const Quote& quote = quotes.chain().quotes[static_cast<std::size_t>(leg.line - 2)];
          most = std::max(most, std::abs(leg.units) * (quote.ask - quote.bid));
        }
        ++trades;
        EXPECT_LE(-trade.proof.cost / most, optimum + 1e-6) << "trial " << trial;
      }
  }
  EXPECT_GT(trades, 10);
}

TEST(Repair, OfTheSampleOfArbitragerepairHasTheObjectiveOfItsLinearProgram) {
  const std::string path = "market_data/arbitragerepair_sample/sample.csv";
  if (!has_shared(path)) GTEST_SKIP() << skip_text(path);
  const auto raw = read_chain_files(std::vector{(shared_folder() / path).string()});
  ASSERT_TRUE(raw);
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain);
  const Repair result = repair(chain.value(), {.mid = true});
  EXPECT_EQ(result.looked_at, 117);
  EXPECT_FALSE(result.quotes.empty());
  EXPECT_NEAR(result.objective, result.optimum, 1e-6 * result.optimum);
  Chain middles = repaired(chain.value(), result);
  for (Quote& quote : middles.quotes)
    quote.bid = quote.ask = (quote.bid + quote.ask) / 2;
  EXPECT_EQ(repair(middles, {.mid = true}).quotes.size(), 0U);
}

}  // namespace
}  // namespace strikenet
