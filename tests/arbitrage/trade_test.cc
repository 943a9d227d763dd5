#include "strikenet/arbitrage/trade.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

}  // namespace
}  // namespace strikenet
