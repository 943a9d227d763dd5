#include "strikenet/arbitrage/trade.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "strikenet/core/result.h"
#include "support/path_scan.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr OptionType kCall = OptionType::call, kPut = OptionType::put;
const ExpiryKey kJune{"2026-06-19", "SPX"};

TradeLeg leg(double strike, OptionType type, double units, double price, const ExpiryKey& key = kJune) {
  return {.key = key, .strike = strike, .type = type, .units = units, .price = price};
}

TEST(ProveTrade, ProvesAButterflyThatIsPaidFor) {
  const TradeProof proof = prove_trade({leg(90, kCall, 1, 12), leg(100, kCall, -2, 8), leg(110, kCall, 1, 3.9)});
  EXPECT_EQ(proof.kind, TradeKind::arbitrage);
  EXPECT_NEAR(proof.cost, -0.1, 1e-15);
  EXPECT_EQ(proof.floor, 0);
}

TEST(ProveTrade, SeesThatWhatCostsNothingInDecimalsCostsExactlyNothing) {
  // 0.1 + 0.2 is more than 0.3 in doubles.
  const TradeProof proof = prove_trade({leg(90, kPut, 1, 0.1), leg(110, kPut, 1, 0.2), leg(100, kPut, -1, 0.3)});
  EXPECT_EQ(proof.kind, TradeKind::weak_arbitrage);
  EXPECT_EQ(proof.cost, 0);
}

// Davis and Hobson (2007): two calls of one price. The spread costs nothing and pays wherever the lower one does.
TEST(ProveTrade, CallsAVerticalSpreadThatCostsNothingWeak) {
  EXPECT_EQ(prove_trade({leg(100, kCall, 1, 2), leg(110, kCall, -1, 2)}).kind, TradeKind::weak_arbitrage);
  EXPECT_EQ(prove_trade({leg(100, kCall, 1, 2), leg(110, kCall, -1, 2.01)}).kind, TradeKind::arbitrage);
  EXPECT_EQ(prove_trade({leg(100, kCall, 1, 2.01), leg(110, kCall, -1, 2)}).kind, TradeKind::none);
}

TEST(ProveTrade, RefusesACallThatIsSoldWithoutCover) {
  const TradeProof proof = prove_trade({leg(100, kCall, 1, 2), leg(110, kCall, -1.0000001, 3)});
  EXPECT_EQ(proof.kind, TradeKind::none);
  EXPECT_EQ(proof.floor, -std::numeric_limits<double>::infinity());
}

TEST(ProveTrade, SaysTheLeastPayoff) {
  EXPECT_EQ(prove_trade({leg(100, kPut, -1, 2)}).floor, -100);
  EXPECT_EQ(prove_trade({leg(100, kPut, 1, 2), leg(90, kPut, -2, 2)}).floor, -80);
}

TEST(ProveTrade, DoesNotLetOneExpiryPayForAnother) {
  const ExpiryKey july{"2026-07-17", "SPX"}, afternoon{"2026-06-19", "SPXW"};
  for (const ExpiryKey& other : {july, afternoon})
    EXPECT_EQ(prove_trade({leg(100, kCall, -1, 3), leg(100, kCall, 1, 2, other)}).kind, TradeKind::none);
}

TEST(ProveTrade, FindsABoxAndAParityTrade) {
  EXPECT_EQ(
      prove_trade({leg(90, kCall, 1, 5), leg(90, kPut, -1, 6), leg(110, kCall, -1, 1), leg(110, kPut, 1, 1)}).kind,
      TradeKind::arbitrage);
  const std::vector<TradeLeg> parity{leg(90, kCall, 1, 12),  leg(90, kPut, -1, 2),  leg(100, kCall, -2, 7),
                                     leg(100, kPut, 2, 6.9), leg(110, kCall, 1, 3), leg(110, kPut, -1, 13)};
  EXPECT_EQ(prove_trade(parity).kind, TradeKind::arbitrage);
}

TEST(ProveTrade, OfNothingIsNone) {
  EXPECT_EQ(prove_trade({}).kind, TradeKind::none);
  EXPECT_EQ(prove_trade({leg(100, kCall, 0, 2)}).kind, TradeKind::none);
}

TEST(ProveTrade, RefusesWhatIsNoNumber) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(testing_support::words([&] { prove_trade({leg(-1, kCall, 1, 2)}); }),
            "prove_trade: strike is -1, but must be at least 0");
  EXPECT_EQ(testing_support::words([&] { prove_trade({leg(nan, kCall, 1, 2)}); }),
            "prove_trade: strike is nan, but must be at least 0");
  EXPECT_EQ(testing_support::words([&] { prove_trade({leg(1, kCall, infinity, 2)}); }),
            "decimal: value is inf, but must be finite");
}

const ExpiryKey kJuly{"2026-07-17", "SPX"}, kAugust{"2026-08-21", "SPX"};

std::vector<AssumedForward> assumed(double june, double july, double discount_june = 1, double discount_july = 1) {
  return {{kJune, june, discount_june}, {kJuly, july, discount_july}};
}

TEST(ProveTradeAcrossExpiries, NeedsTheHedgeThatACalendarSpreadHas) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5), leg(100, kCall, 1, 4, kJuly)};
  const ForwardHedge hedge{kJune, kJuly, {{0, 0}, {100, -1}}};
  const TradeProof proof = prove_trade(legs, {hedge}, assumed(100, 100));
  EXPECT_EQ(proof.kind, TradeKind::arbitrage);
  EXPECT_EQ(proof.cost, -1);
  EXPECT_EQ(proof.floor, 0);
  const TradeProof without = prove_trade(legs, {}, assumed(100, 100));
  EXPECT_EQ(without.kind, TradeKind::none);
  EXPECT_EQ(without.floor, -std::numeric_limits<double>::infinity());
}

TEST(ProveTradeAcrossExpiries, SeesAHedgeThatChangesAtTheWrongPrice) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5), leg(100, kCall, 1, 4, kJuly)};
  const auto floor_at = [&](double spot) {
    return prove_trade(legs, {{kJune, kJuly, {{0, 0}, {spot, -1}}}}, assumed(100, 100)).floor;
  };
  EXPECT_EQ(floor_at(97), -3);   // at 97 the forward is sold, and 100 is reached
  EXPECT_EQ(floor_at(102), -2);  // at 102, just before it is sold, two are owed and the late call may be worth nothing
}

TEST(ProveTradeAcrossExpiries, CarriesForwardsAndMoney) {
  // At June 100 the forward to July is 104; what is paid then is worth 0.96 today, and 0.98 in June.
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5), leg(104, kCall, 1, 4, kJuly)};
  const double sold = 0.98 * 100 / (0.96 * 104);
  EXPECT_LT(sold, 1);
  const TradeProof proof =
      prove_trade(legs, {{kJune, kJuly, {{0, 0}, {100, -0.981570512821}}}}, assumed(100, 104, 0.98, 0.96));
  EXPECT_EQ(proof.kind, TradeKind::arbitrage);
  EXPECT_NEAR(sold, 0.981570512821, 1e-12);
}

TEST(ProveTradeAcrossExpiries, GoesThroughAnExpiryInBetween) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5), leg(100, kCall, 1, 4, kAugust)};
  const std::vector<AssumedForward> three{{kJune, 100, 1}, {kJuly, 100, 1}, {kAugust, 100, 1}};
  const ForwardHedge first{kJune, kJuly, {{0, 0}, {100, -1}}}, second{kJuly, kAugust, {{0, 0}, {100, -1}}};
  EXPECT_EQ(prove_trade(legs, {first, second}, three).kind, TradeKind::arbitrage);
  EXPECT_EQ(prove_trade(legs, {first}, three).kind, TradeKind::none);
}

void expect_the_floor_that_paths_have(const ArbitrageTrade& trade) {
  const double floor = prove_trade(trade.legs, trade.hedges, trade.assumed).floor;
  const double least = testing_support::least_over_paths(trade);
  if (std::isinf(floor))
    EXPECT_LT(least, -1000);
  else
    EXPECT_NEAR(floor, least, 1e-3);  // the grid stands a little beside jumps
}

TEST(ProveTradeAcrossExpiries, HasTheLeastPayoffThatPathsHave) {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<int> tens(8, 12), few(-2, 2);
  for (int trial = 0; trial < 200; ++trial) {
    ArbitrageTrade trade;
    trade.assumed = {{kJune, 100, 0.99}, {kJuly, 102, 0.98}, {kAugust, 101, 0.97}};
    for (const AssumedForward& one : trade.assumed)
      for (int i = 0; i < 2; ++i)
        trade.legs.push_back(leg(10 * tens(random), i == 0 ? kCall : kPut, few(random), 1, one.key));
    trade.legs.push_back(leg(150, kCall, 9, 1, kAugust));  // so that most have a floor
    trade.legs.push_back(leg(150, kCall, 9, 1, kJuly));
    trade.legs.push_back(leg(150, kCall, 9, 1, kJune));
    trade.hedges = {{kJune, kJuly, {{0, 0.5 * few(random)}, {95, 0.5 * few(random)}}},
                    {kJuly, kAugust, {{0, 0.5 * few(random)}, {105, 0.5 * few(random)}}}};
    SCOPED_TRACE(trial);
    expect_the_floor_that_paths_have(trade);
  }
}

// --- at one instant: one price of the underlying, in proportion to the forwards --------------------------------------

const ExpiryKey kMorning{"2026-06-19", "AM"}, kAfternoon{"2026-06-19", "PM"}, kTenth{"2026-06-19", "X"};

std::vector<AssumedForward> roots(double first, double second) {
  return {{kMorning, first, 0.5}, {kAfternoon, second, 0.5, Order::same_instant}};
}

TEST(ProveTradeAtOneInstant, LetsOneRootPayForTheOther) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5, kMorning), leg(100, kCall, 1, 4, kAfternoon)};
  const TradeProof proof = prove_trade(legs, {}, roots(100, 100));
  EXPECT_EQ(proof.kind, TradeKind::arbitrage);
  EXPECT_EQ(proof.cost, -1);
  EXPECT_EQ(proof.floor, 0);
  const std::vector<AssumedForward> one_after_the_other{{kMorning, 100, 0.5}, {kAfternoon, 100, 0.5}};
  EXPECT_EQ(prove_trade(legs, {}, one_after_the_other).kind, TradeKind::none);
}

TEST(ProveTradeAtOneInstant, MeasuresPricesInForwards) {
  // Ten options on a tenth. At 110 and 11 both pay 10; at a forward of 11 the tenth is at 10 when the other is at
  // 1000 / 11, and at 110 it owes 121 - 100 = 21.
  const std::vector<TradeLeg> legs{leg(100, kCall, 1, 4, kMorning), leg(10, kCall, -10, 0.5, kAfternoon)};
  EXPECT_EQ(prove_trade(legs, {}, roots(100, 10)).kind, TradeKind::arbitrage);
  EXPECT_EQ(prove_trade(legs, {}, roots(100, 11)).floor, -std::numeric_limits<double>::infinity());
  const std::vector<TradeLeg> spread{leg(100, kCall, 1, 4, kMorning), leg(10, kCall, -10, 0.5, kAfternoon),
                                     leg(12, kCall, 10, 0.1, kAfternoon)};
  // Lost is most where the tenth's call begins to be covered: at 12, where the other is at 1200 / 11: 20 - 100 / 11.
  EXPECT_NEAR(prove_trade(spread, {}, roots(100, 11)).floor, -0.5 * (20 - 100.0 / 11), 1e-14);
}

TEST(ProveTradeAtOneInstant, HedgesFromItsLastRootToTheFirstOfTheNext) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 3, kMorning), leg(100, kCall, -1, 3, kAfternoon),
                                   leg(100, kCall, 1, 2.5, kJuly), leg(100, kCall, 1, 2.5, kTenth)};
  const std::vector<AssumedForward> four{{kMorning, 100, 1},
                                         {kAfternoon, 100, 1, Order::same_instant},
                                         {kJuly, 100, 1},
                                         {kTenth, 100, 1, Order::same_instant}};
  const ForwardHedge hedge{kAfternoon, kJuly, {{0, 0}, {100, -2}}};
  EXPECT_EQ(prove_trade(legs, {hedge}, four).kind, TradeKind::arbitrage);
  EXPECT_EQ(prove_trade(legs, {hedge}, four).floor, 0);
  EXPECT_EQ(prove_trade(legs, {}, four).kind, TradeKind::none);
}

TEST(ProveTradeAtOneInstant, HasTheLeastPayoffThatPathsHave) {
  std::mt19937_64 random(16);
  std::uniform_int_distribution<int> tens(8, 12), few(-2, 2);
  for (int trial = 0; trial < 200; ++trial) {
    ArbitrageTrade trade;
    trade.assumed = {{kMorning, 100, 0.99},
                     {kAfternoon, 100, 0.99, Order::same_instant},
                     {kTenth, 10.3, 0.99, Order::same_instant},
                     {kJuly, 102, 0.98}};
    for (const AssumedForward& one : trade.assumed) {
      const double unit = one.key == kTenth ? 0.1 : 1;
      for (int i = 0; i < 2; ++i)
        trade.legs.push_back(leg(10 * unit * tens(random), i == 0 ? kCall : kPut, few(random), 1, one.key));
    }
    trade.legs.push_back(leg(150, kCall, 9, 1, kJuly));  // so that most have a floor
    trade.legs.push_back(leg(150, kCall, 9, 1, kMorning));
    trade.hedges = {{kTenth, kJuly, {{0, 0.5 * few(random)}, {9.5, 0.5 * few(random)}}}};
    SCOPED_TRACE(trial);
    expect_the_floor_that_paths_have(trade);
  }
}

TEST(ProveTradeAtOneInstant, RefusesAHedgeOfNoTimeAndTwoPricesOfCash) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5, kMorning)};
  const auto words = [&](const std::vector<ForwardHedge>& hedges, const std::vector<AssumedForward>& of) {
    return testing_support::words([&] { prove_trade(legs, hedges, of); });
  };
  EXPECT_EQ(words({{kMorning, kAfternoon, {{0, 1}}}}, roots(100, 100)),
            "prove_trade: hedge is from 2026-06-19 AM to 2026-06-19 PM, which settle at the same instant, but must "
            "lead to a later one");
  EXPECT_EQ(words({}, {{kMorning, 100, 1}, {kAfternoon, 100, 0.5, Order::same_instant}}),
            "prove_trade: discount factor of 2026-06-19 PM is 0.5, but must be that of 2026-06-19 AM, which settles "
            "at the same instant");
}

TEST(ProveTradeAcrossExpiries, RefusesWhatIsNotAssumed) {
  const std::vector<TradeLeg> legs{leg(100, kCall, -1, 5)};
  const auto words = [&](const std::vector<ForwardHedge>& hedges, const std::vector<AssumedForward>& of) {
    return testing_support::words([&] { prove_trade(legs, hedges, of); });
  };
  EXPECT_EQ(words({}, {}), "prove_trade: expiry of a leg is 2026-06-19 SPX, but its forward is not assumed");
  EXPECT_EQ(words({{kJuly, kJune, {{0, 1}}}}, assumed(100, 100)),
            "prove_trade: hedge is from 2026-07-17 SPX to 2026-06-19 SPX, but must lead from one assumed expiry to the "
            "next");
  EXPECT_EQ(words({{kJune, kJuly, {}}}, assumed(100, 100)),
            "prove_trade: first step of a hedge is nan, but must be at 0");
  EXPECT_EQ(words({{kJune, kJuly, {{0, 1}, {0, 2}}}}, assumed(100, 100)),
            "prove_trade: step of a hedge is 0, but must be above the one before");
  EXPECT_EQ(words({}, assumed(0, 100)), "prove_trade: forward is 0, but must be above 0");
  EXPECT_EQ(words({}, assumed(100, 100, -1)), "prove_trade: discount factor is -1, but must be above 0");
}

}  // namespace
}  // namespace strikenet
