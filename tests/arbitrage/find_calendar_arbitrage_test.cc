#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "strikenet/io/read_chain.h"
#include "support/path_scan.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::expect_by_paths;
using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr OptionType kCall = OptionType::call, kPut = OptionType::put;
const ExpiryKey kJune{"2026-06-19", "SPX"}, kJuly{"2026-07-17", "SPX"}, kAugust{"2026-08-21", "SPX"};

class Expiries {
 public:
  Expiries& expiry(const ExpiryKey& key, double t, double forward = 100, double discount = 1) {
    chain_.slices.push_back(
        {.key = key, .t = YearFraction(t), .forward = Forward(forward), .discount = DiscountFactor(discount)});
    return *this;
  }
  Expiries& quote(double strike, OptionType type, double bid, double ask) {
    chain_.quotes.push_back({.line = static_cast<long>(chain_.quotes.size()) + 2,
                             .slice = static_cast<int>(chain_.slices.size()) - 1,
                             .key = chain_.slices.back().key,
                             .strike = strike,
                             .type = type,
                             .bid = bid,
                             .ask = ask});
    return *this;
  }
  Chain& chain() { return chain_; }

 private:
  Chain chain_;
};

CalendarArbitrage of(const Chain& chain, const FindOptions& options = {}) {
  return find_calendar_arbitrage(chain, find_arbitrage(chain, options), options);
}

TEST(FindCalendarArbitrage, PrintsTheCalendarSpreadThatIsPaidFor) {
  Expiries chain;
  chain.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1).expiry(kJuly, 0.6).quote(100, kCall, 4.0, 4.2);
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage);
  ASSERT_EQ(found.trades.size(), 1U);
  const ArbitrageTrade& trade = found.trades.front();
  EXPECT_EQ(trade.family, "calendar spread");
  ASSERT_EQ(trade.legs.size(), 2U);
  EXPECT_EQ(trade.legs[0].key, kJune);
  EXPECT_NEAR(trade.legs[0].units, -1, 1e-6);
  EXPECT_NEAR(trade.legs[1].units, 1, 1e-6);
  EXPECT_EQ(trade.proof.kind, TradeKind::arbitrage);
  EXPECT_NEAR(trade.proof.cost, -0.7, 1e-5);
  EXPECT_GE(trade.proof.floor, 0);
  ASSERT_EQ(trade.hedges.size(), 1U);
  EXPECT_EQ(trade.hedges[0].steps.back().spot, 100);
  EXPECT_NEAR(trade.hedges[0].steps.back().forwards, -1, 1e-6);
  expect_by_paths(trade);
}

// The early strike has no late one: 99 and 101 together do what 100 would.
TEST(FindCalendarArbitrage, PrintsTheCalendarButterfly) {
  Expiries chain;
  chain.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1);
  chain.expiry(kJuly, 0.6).quote(95, kCall, 6.4, 6.5).quote(105, kCall, 2, 2.1);
  const CalendarArbitrage found = of(chain.chain());
  ASSERT_EQ(found.trades.size(), 1U);
  EXPECT_EQ(found.trades[0].family, "calendar butterfly");
  EXPECT_NEAR(found.trades[0].proof.cost / found.trades[0].legs[0].units, 4.9 - (6.5 + 2.1) / 2, 1e-5);
  expect_by_paths(found.trades[0]);
}

// A put and a call: only a forward, which the options do not contain, would turn one into the other.
TEST(FindCalendarArbitrage, AssumesProportionsOfForwardsAndNotTheirLevel) {
  Expiries apart;
  apart.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1).expiry(kJuly, 0.6).quote(100, kPut, 4.0, 4.2);
  EXPECT_EQ(of(apart.chain()).verdict, ExpiryVerdict::none);
  Expiries synthetic = apart;  // early synthetic forward at 0 to 0.1: the call is worth what the put is
  synthetic.chain().quotes.insert(
      synthetic.chain().quotes.begin(),
      {.line = 9, .slice = 0, .key = kJune, .strike = 100, .type = kPut, .bid = 4.9, .ask = 5.0});
  const CalendarArbitrage found = of(synthetic.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage);
  ASSERT_EQ(found.trades.size(), 1U);
  expect_by_paths(found.trades[0]);
}

TEST(FindCalendarArbitrage, CarriesStrikesAndMoneyWithForwardsAndDiscountFactors) {
  Expiries chain;  // 100 of 100 is 104 of 104
  chain.expiry(kJune, 0.5, 100, 0.98).quote(100, kCall, 4.8, 5.0);
  chain.expiry(kJuly, 1.5, 104, 0.94).quote(104, kCall, 4.6, 4.7);
  const CalendarArbitrage found = of(chain.chain());
  ASSERT_EQ(found.trades.size(), 1U);
  const double late_for_one = 0.98 * 100 / (0.94 * 104);
  EXPECT_NEAR(-found.trades[0].legs[1].units / found.trades[0].legs[0].units, late_for_one, 1e-6);
  expect_by_paths(found.trades[0]);
  Expiries fair;
  fair.expiry(kJune, 0.5, 100, 0.98).quote(100, kCall, 4.8, 5.0);
  fair.expiry(kJuly, 1.5, 104, 0.94).quote(104, kCall, 4.6, 4.8);  // 4.8 * late_for_one is just above 4.8
  EXPECT_EQ(of(fair.chain()).verdict, ExpiryVerdict::none);
}

TEST(FindCalendarArbitrage, SeesWhatOnlyThreeExpiriesTogetherContradict) {
  // The middle expiry is quoted on one strike that links the wings of the others.
  Expiries chain;
  chain.expiry(kJune, 0.5).quote(90, kCall, 13.5, 13.6).quote(110, kCall, 3.9, 4.0);
  chain.expiry(kJuly, 0.6).quote(100, kCall, 7.0, 8.0);
  chain.expiry(kAugust, 0.7).quote(90, kCall, 12.9, 13.1).quote(110, kCall, 3.95, 4.1);
  const CalendarArbitrage found = of(chain.chain());
  ASSERT_EQ(found.trades.size(), 1U);
  expect_by_paths(found.trades[0]);
}

TEST(FindCalendarArbitrage, LeavesOutWhatItCannotLookAtAndSaysWhy) {
  Expiries chain;
  chain.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1).expiry(kJuly, 0.6).quote(100, kCall, 5.4, 5.2);
  chain.expiry(kAugust, 0.7).quote(100, kCall, 5.5, 5.6);
  chain.chain().quotes.push_back(
      {.line = 9, .key = {"2026-09-18", "SPX"}, .strike = 100, .type = kCall, .bid = 5, .ask = 6});
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::none);
  ASSERT_EQ(found.together.size(), 2U);
  EXPECT_EQ(found.together[1].key, kAugust);
  ASSERT_EQ(found.left_out.size(), 2U);
  EXPECT_EQ(found.left_out[0].key, kJuly);
  EXPECT_EQ(found.left_out[0].reason, "has arbitrage within itself");
  EXPECT_EQ(found.left_out[1].reason, "has no forward");
}

TEST(FindCalendarArbitrage, LeavesOutAnExpiryThatContradictsItsForward) {
  Expiries chain;
  chain.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1);
  chain.expiry(kJuly, 0.6, 150).quote(100, kCall, 4, 4.2).quote(90, kPut, 3, 3.2);  // a call below its forward's worth
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.together.size(), 1U);
  ASSERT_EQ(found.left_out.size(), 1U);
  EXPECT_EQ(found.left_out[0].reason, "contradicts its forward");
}

TEST(FindCalendarArbitrage, OfOneExpiryAndOfNone) {
  Expiries none, one;
  EXPECT_EQ(of(none.chain()).together.size(), 0U);
  one.expiry(kJune, 0.5).quote(100, kCall, 4.9, 5.1);
  EXPECT_EQ(of(one.chain()).verdict, ExpiryVerdict::none);
  EXPECT_EQ(of(one.chain()).together.size(), 1U);
}

/// Ragged strikes around Black prices of one vol, at forwards that rise and discount factors that fall.
Expiries random_chain(std::mt19937_64& random, int expiries) {
  std::uniform_real_distribution<double> share(0.6, 1.5), part(0, 1);
  Expiries chain;
  for (int i = 0; i < expiries; ++i) {
    const double t = 0.1 + 0.3 * i, forward = std::round(1e4 * (100 + 2 * t)) / 1e4,
                 discount = std::round(1e6 * std::exp(-0.03 * t)) / 1e6;
    chain.expiry({"2027-0" + std::to_string(i + 1) + "-15", "SPX"}, t, forward, discount);
    for (int j = 0; j < 8; ++j) {
      const double strike = std::round(10 * forward * share(random)) / 10;
      for (const OptionType type : {kCall, kPut}) {
        const double price =
            discount * black_price(type, Forward(forward), Strike(strike), TotalVol(0.2 * std::sqrt(t))).value();
        const double half = 0.01 + 0.05 * part(random);
        chain.quote(strike, type, std::max(price - half, 0.0), price + half);
      }
    }
  }
  return chain;
}

TEST(FindCalendarArbitrageLaw, IsNeverFoundAroundLawsInOrder) {
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 40; ++trial) {
    Expiries chain = random_chain(random, 2 + trial % 4);
    ASSERT_EQ(of(chain.chain()).verdict, ExpiryVerdict::none) << "trial " << trial;
  }
}

TEST(FindCalendarArbitrageLaw, IsAlwaysFoundWhereALaterCallIsTooCheap) {
  std::mt19937_64 random(9);
  for (int trial = 0; trial < 40; ++trial) {
    Expiries chain = random_chain(random, 2 + trial % 3);
    std::vector<ChainSlice>& slices = chain.chain().slices;
    // The early expiry bids for a call more than any law in order allows: the ask of a later one at the same share.
    const std::size_t early = static_cast<std::size_t>(trial) % (slices.size() - 1);
    const ChainSlice &a = slices[early], &b = slices.back();
    const double units_a = a.forward.value() * a.discount.value(), units_b = b.forward.value() * b.discount.value();
    const double dear = std::sqrt(b.t.value()) * 0.23;
    const double bid = a.discount.value() *
                       black_price(kCall, a.forward, Strike(std::round(a.forward.value())), TotalVol(dear)).value();
    chain.chain().quotes.push_back({.line = 999,
                                    .slice = static_cast<int>(early),
                                    .key = a.key,
                                    .strike = std::round(a.forward.value()),
                                    .type = kCall,
                                    .bid = bid,
                                    .ask = bid + 0.1});
    chain.chain().quotes.push_back(
        {.line = 1000,
         .slice = static_cast<int>(slices.size()) - 1,
         .key = b.key,
         .strike = std::floor(100 * std::round(a.forward.value()) * b.forward.value() / a.forward.value()) / 100,
         .type = kCall,
         .bid = 0,
         .ask = 0.99 * bid * units_b / units_a});
    const auto within = find_arbitrage(chain.chain());
    const CalendarArbitrage found = find_calendar_arbitrage(chain.chain(), within);
    const bool alone = std::ranges::any_of(within, [](const ExpiryArbitrage& one) { return !one.trades.empty(); });
    ASSERT_TRUE(alone || !found.trades.empty()) << "trial " << trial;
    for (const ArbitrageTrade& trade : found.trades)
      expect_by_paths(trade);
  }
}

class CalendarOfRealDays : public testing::TestWithParam<std::pair<const char*, std::size_t>> {};

TEST_P(CalendarOfRealDays, IsProvedFree) {
  const auto& [file, expiries] = GetParam();
  const std::string path = std::string("market_data/") + file;
  if (!has_shared(path)) GTEST_SKIP() << skip_text(path);
  const auto raw = read_chain_files(std::vector{(shared_folder() / path).string()});
  ASSERT_TRUE(raw);
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain);
  const CalendarArbitrage found = of(chain.value());
  EXPECT_EQ(found.verdict, ExpiryVerdict::none);
  EXPECT_EQ(found.together.size(), expiries);
}

INSTANTIATE_TEST_SUITE_P(Days, CalendarOfRealDays,
                         testing::Values(std::pair("cboe_datashop_spxw_2019-06-26/spxw20190626.csv", 30U),
                                         std::pair("deribit_btc_2025-12-05/deribit_btc_options.csv", 11U),
                                         std::pair("nse_banknifty_2021-05-17/option-chain-indices.json", 8U)));

// --- roots that settle at one instant --------------------------------------------------------------------------------

const ExpiryKey kPm{"2026-06-19", "SPXPM"}, kWeekly{"2026-06-19", "SPXW"}, kMini{"2026-06-19", "XSP"};

/// Black's prices, 0.02 to either side, in cents, on strikes 70, 75 to 130 of a forward of 100.
void add_black(Expiries& chain, const ExpiryKey& key, double vol, double t = 0.5, double unit = 1) {
  constexpr double kDiscount = 0.98;
  chain.expiry(key, t, 100 * unit, kDiscount);
  for (int strike = 70; strike <= 130; strike += 5)
    for (const OptionType type : {kCall, kPut}) {
      const double price =
          kDiscount * unit * black_price(type, Forward(100), Strike(strike), TotalVol(vol * std::sqrt(t))).value();
      chain.quote(strike * unit, type, std::max(std::round(100 * price - 2), 0.0) / 100,
                  std::round(100 * price + 2) / 100);
    }
}

TEST(FindCalendarArbitrageAtOneInstant, FindsTheTradeWhicheverRootIsDearer) {
  for (const auto& [first, second] : {std::pair(0.25, 0.30), std::pair(0.30, 0.25)}) {
    Expiries chain;
    add_black(chain, kPm, first);
    add_black(chain, kWeekly, second);
    const CalendarArbitrage found = of(chain.chain());
    EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage) << first;
    ASSERT_FALSE(found.trades.empty()) << first;
    const ArbitrageTrade& trade = found.trades.front();
    EXPECT_EQ(trade.family, "same-instant spread");
    EXPECT_EQ(trade.proof.kind, TradeKind::arbitrage);
    EXPECT_EQ(trade.proof.floor, 0);
    // At the money the vols are 1.38 apart; the spreads cost 0.04.
    EXPECT_NEAR(trade.proof.cost, -1.34, 0.011) << first;
    EXPECT_TRUE(trade.hedges.empty());
    ASSERT_EQ(found.together.size(), 2U);
    EXPECT_EQ(found.together[0].order, Order::after);
    EXPECT_EQ(found.together[1].order, Order::same_instant);
    expect_by_paths(trade);
  }
}

TEST(FindCalendarArbitrageAtOneInstant, ProvesThatOneLawUnderThreeRootsIsFree) {
  Expiries chain;
  add_black(chain, kPm, 0.25);
  add_black(chain, kWeekly, 0.25);
  add_black(chain, kMini, 0.25);
  add_black(chain, kJuly, 0.25, 0.75);
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::none);
  EXPECT_EQ(found.together.size(), 4U);
  EXPECT_TRUE(found.left_out.empty());
}

TEST(FindCalendarArbitrageAtOneInstant, FindsTheThirdRootThatStandsApart) {
  Expiries chain;
  add_black(chain, kPm, 0.25);
  add_black(chain, kWeekly, 0.25);
  add_black(chain, kMini, 0.27);
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage);
  for (const ArbitrageTrade& trade : found.trades) {
    EXPECT_TRUE(std::ranges::any_of(trade.legs, [](const TradeLeg& leg) { return leg.key == kMini; }));
    expect_by_paths(trade);
  }
}

TEST(FindCalendarArbitrageAtOneInstant, ComparesAnOptionOnATenthInItsOwnUnits) {
  for (const double vol : {0.25, 0.35}) {
    Expiries chain;
    add_black(chain, kPm, 0.25);
    add_black(chain, kMini, vol, 0.5, 0.1);
    const CalendarArbitrage found = of(chain.chain());
    EXPECT_EQ(found.verdict, vol == 0.25 ? ExpiryVerdict::none : ExpiryVerdict::arbitrage);
    for (const ArbitrageTrade& trade : found.trades)
      expect_by_paths(trade);
  }
}

TEST(FindCalendarArbitrageAtOneInstant, HedgesAcrossInstantsOfSeveralRoots) {
  Expiries chain;
  add_black(chain, kPm, 0.30);
  add_black(chain, kWeekly, 0.30);
  add_black(chain, kJuly, 0.20, 0.6);
  add_black(chain, {"2026-07-17", "SPXW"}, 0.20, 0.6);
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage);
  ASSERT_FALSE(found.trades.empty());
  for (const ArbitrageTrade& trade : found.trades)
    expect_by_paths(trade);
}

// Boxes: 20 in half a year cost 19.6 under one root and 19.4 under the other. Cash is cash.
TEST(FindCalendarArbitrageAtOneInstant, BuysTheCheaperBoxWhereRootsDiscountDifferently) {
  const auto box = [](Expiries& chain, const ExpiryKey& key, double discount) {
    chain.expiry(key, 0.5, 100, discount);
    chain.quote(90, kCall, discount * 12 - 0.01, discount * 12 + 0.01);
    chain.quote(90, kPut, discount * 2 - 0.01, discount * 2 + 0.01);
    chain.quote(110, kCall, discount * 2 - 0.01, discount * 2 + 0.01);
    chain.quote(110, kPut, discount * 12 - 0.01, discount * 12 + 0.01);
  };
  Expiries chain;
  box(chain, kPm, 0.98);
  box(chain, kWeekly, 0.97);
  const CalendarArbitrage found = of(chain.chain());
  EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage);
  ASSERT_FALSE(found.trades.empty());
  EXPECT_EQ(found.together[1].discount, 0.98);
  expect_by_paths(found.trades.front());
}

TEST(FindCalendarArbitrageAtOneInstantLaw, IsFoundIfAndOnlyIfLawsDiffer) {
  std::mt19937_64 random(1630);
  std::uniform_real_distribution<double> vol(0.15, 0.4), change(0.01, 0.05);
  for (int trial = 0; trial < 10; ++trial) {
    const double own = vol(random), other = own + (trial % 2 == 0 ? 1 : -1) * change(random);
    Expiries same, apart;
    add_black(same, kPm, own);
    add_black(same, kWeekly, own);
    EXPECT_EQ(of(same.chain()).verdict, ExpiryVerdict::none) << own;
    add_black(apart, kPm, own);
    add_black(apart, kWeekly, other);
    const CalendarArbitrage found = of(apart.chain());
    EXPECT_EQ(found.verdict, ExpiryVerdict::arbitrage) << own << " " << other;
    for (const ArbitrageTrade& trade : found.trades)
      expect_by_paths(trade);
  }
}

TEST(FindCalendarArbitrage, RefusesNoTrades) {
  EXPECT_THROW(find_calendar_arbitrage({}, {}, {.trades = 0}), PreconditionError);
}

}  // namespace
}  // namespace strikenet
