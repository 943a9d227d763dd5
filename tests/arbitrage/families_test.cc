#include "strikenet/arbitrage/families.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

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

struct Counts {
  std::size_t violated, tested;
  bool operator==(const Counts&) const = default;
};

void PrintTo(const Counts& counts, std::ostream* out) { *out << counts.violated << " of " << counts.tested; }

const FamilyCount& family(const std::vector<FamilyCount>& families, std::string_view name) {
  return *std::ranges::find(families, name, &FamilyCount::name);
}

Counts counts(const std::vector<FamilyCount>& families, std::string_view name) {
  return {family(families, name).violated, family(families, name).tested};
}

/// Quotes and expiries by hand.
class Quotes {
 public:
  Quotes& slice(const ExpiryKey& key, double t, double forward, double discount, bool given) {
    chain_.slices.push_back({.key = key,
                             .t = YearFraction(t),
                             .forward = Forward(forward),
                             .discount = DiscountFactor(discount),
                             .forward_given = given});
    return *this;
  }
  Quotes& add(double strike, OptionType type, double bid, double ask, const ExpiryKey& key = kJune,
              Drop dropped = Drop::none) {
    const long line = static_cast<long>(chain_.quotes.size()) + 2;
    chain_.quotes.push_back(
        {.line = line, .key = key, .strike = strike, .type = type, .bid = bid, .ask = ask, .dropped = dropped});
    return *this;
  }
  std::vector<FamilyCount> families(const FamilyOptions& options = {}) const { return count_families(chain_, options); }

 private:
  Chain chain_;
};

void expect_worst(const FamilyCount& family, double cost, std::initializer_list<std::pair<long, double>> legs) {
  constexpr double kRounding = 1e-12;
  EXPECT_NEAR(family.worst.cost, cost, kRounding) << family.name;
  ASSERT_EQ(family.worst.legs.size(), legs.size()) << family.name;
  std::size_t i = 0;
  for (const auto& [line, units] : legs) {
    EXPECT_EQ(family.worst.legs[i].line, line) << family.name;
    EXPECT_NEAR(family.worst.legs[i].units, units, kRounding) << family.name;
    ++i;
  }
}

TEST(Families, AreSevenInThisOrderAndOfNothingAllZero) {
  const std::vector<FamilyCount> families = count_families(Chain());
  std::vector<std::string_view> names;
  for (const FamilyCount& one : families) {
    names.push_back(one.name);
    EXPECT_EQ(one.violated + one.tested, 0U);
    EXPECT_TRUE(one.worst.legs.empty());
    EXPECT_EQ(one.worst.cost, 0);
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"outright", "vertical", "butterfly", "calendar", "calendar-vertical",
                                                  "calendar-butterfly", "parity"}));
}

TEST(Families, OfOneQuoteTestItAlone) {
  const auto families = Quotes().add(100, kCall, 1, 2).families();
  EXPECT_EQ(counts(families, "outright"), (Counts{0, 1}));
  for (const std::string_view name : {"vertical", "butterfly", "calendar", "calendar-vertical", "parity"})
    EXPECT_EQ(counts(families, name), (Counts{0, 0})) << name;
}

TEST(Families, BuyAtTheAskAndSellAtTheBid) {
  const Quotes quotes = Quotes()
                            .add(90, kCall, 12, 12.1)
                            .add(100, kCall, 12.3, 12.5)
                            .add(110, kCall, 4, 4.1)
                            .add(90, kPut, 3, 3.2)
                            .add(100, kPut, 2.5, 2.9);
  const auto families = quotes.families();
  EXPECT_EQ(counts(families, "vertical"), (Counts{2, 3}));
  expect_worst(family(families, "vertical"), 12.1 - 12.3, {{2, 1}, {3, -1}});
  EXPECT_EQ(counts(families, "butterfly"), (Counts{1, 1}));
  expect_worst(family(families, "butterfly"), 8.1 - 12.3, {{2, 0.5}, {3, -1}, {4, 0.5}});
  EXPECT_EQ(family(families, "butterfly").worst.legs[0].price, 12.1);
  EXPECT_EQ(family(families, "butterfly").worst.legs[1].price, 12.3);
  EXPECT_EQ(family(families, "butterfly").worst.legs[1].key, kJune);

  const auto apart = Quotes().add(90, kPut, 3, 3.2).add(100, kPut, 2.5, 2.9).families();
  EXPECT_EQ(counts(apart, "vertical"), (Counts{1, 1}));
  expect_worst(family(apart, "vertical"), 2.9 - 3, {{3, 1}, {2, -1}});
}

TEST(Families, AtTheMiddleFindWhatNobodyCanTrade) {
  const Quotes quotes = Quotes().add(90, kCall, 4, 6).add(100, kCall, 5, 7);
  EXPECT_EQ(counts(quotes.families(), "vertical"), (Counts{0, 1}));
  const auto mids = quotes.families({.mid = true});
  EXPECT_EQ(counts(mids, "vertical"), (Counts{1, 1}));
  expect_worst(family(mids, "vertical"), -1, {{2, 1}, {3, -1}});
}

// What costs nothing breaks nothing, though 0.1 + 0.2 is not 0.3 in doubles.
TEST(Families, HoldWhereATradeCostsExactlyNothing) {
  const auto families = Quotes()
                            .add(10, kCall, 0.3, 0.3)
                            .add(20, kCall, 0.2, 0.2)
                            .add(30, kCall, 0.1, 0.1)
                            .add(40, kCall, 0.1, 0.1)
                            .families();
  EXPECT_EQ(counts(families, "vertical"), (Counts{0, 3}));
  EXPECT_EQ(counts(families, "butterfly"), (Counts{0, 2}));
}

TEST(Families, TakeTwoSidedQuotesAndOfDuplicatesTheFirst) {
  const auto families = Quotes()
                            .add(90, kCall, 12, 12.1)
                            .add(90, kCall, 1, 1.1, kJune, Drop::duplicate)
                            .add(95, kCall, 0, 0.1)                             // no bid
                            .add(97, kCall, 50, 0, kJune, Drop::no_ask)         // no ask
                            .add(98, kCall, 50, 51, kJune, Drop::stale)         // a rule of the user's
                            .add(99, kCall, 50, 51, kJune, Drop::expired)       // no price
                            .add(100, kCall, 12.6, 12.5, kJune, Drop::crossed)  // can be traded
                            .families();
  EXPECT_EQ(counts(families, "vertical"), (Counts{1, 1}));
  expect_worst(family(families, "vertical"), 12.1 - 12.6, {{2, 1}, {8, -1}});
}

TEST(Families, OfASuppliedForwardTradeTheUnderlyingToo) {
  const auto without = Quotes().slice(kJune, 0.5, 100, 0.9, false).add(80, kCall, 17, 17.5).families();
  EXPECT_EQ(counts(without, "vertical"), (Counts{0, 0}));
  // 17.5 is less than 0.9 (100 - 80) = 18; the put's 19 is more than 0.9 (120 - 100).
  const auto with =
      Quotes().slice(kJune, 0.5, 100, 0.9, true).add(80, kCall, 17, 17.5).add(120, kPut, 18.5, 19).families();
  EXPECT_EQ(counts(with, "vertical"), (Counts{1, 3}));
  expect_worst(family(with, "vertical"), 17.5 - 18, {{2, 1}});
  // A call of strike 0 is worth 90: above it a call at 95, and a butterfly of 0, 40 and 80.
  const auto above =
      Quotes().slice(kJune, 0.5, 100, 0.9, true).add(40, kCall, 95, 95).add(80, kCall, 20, 20).families();
  EXPECT_EQ(counts(above, "vertical"), (Counts{1, 3}));
  expect_worst(family(above, "vertical"), 90 - 95, {{0, 1}, {2, -1}});
  EXPECT_EQ(family(above, "vertical").worst.legs[0].strike, 0);
  EXPECT_EQ(counts(above, "butterfly"), (Counts{1, 1}));
  expect_worst(family(above, "butterfly"), 45 - 95 + 10, {{0, 0.5}, {2, -1}, {3, 0.5}});
}

TEST(Families, OfParityAreBoxesAndConversions) {
  // Synthetic forwards at 90, 100, 110: bought at 11, 2, -9.8, sold at 10, 0.6, -11.
  const auto clean = Quotes()
                         .add(90, kCall, 12, 12.5)
                         .add(90, kPut, 1.5, 2)
                         .add(100, kCall, 5.6, 6)
                         .add(100, kPut, 4, 5)
                         .add(110, kCall, 2, 2.2)
                         .add(110, kPut, 12, 13)
                         .families();
  EXPECT_EQ(counts(clean, "parity"), (Counts{0, 4}));
  // A synthetic forward at 100 that is sold at 12, more than that at 90 is bought at.
  const auto box = Quotes()
                       .add(90, kCall, 12, 12.5)
                       .add(90, kPut, 1.5, 2)
                       .add(100, kCall, 16, 16.5)
                       .add(100, kPut, 3.5, 4)
                       .families();
  EXPECT_EQ(counts(box, "parity"), (Counts{1, 1}));
  expect_worst(family(box, "parity"), 12.5 - 1.5 - 16 + 4, {{2, 1}, {3, -1}, {4, -1}, {5, 1}});
  // One at 100 that is bought at -2: the others, half of each, are sold at -0.5.
  const auto conversion = Quotes()
                              .add(90, kCall, 12, 12.5)
                              .add(90, kPut, 1.5, 2)
                              .add(100, kCall, 5.6, 6)
                              .add(100, kPut, 8, 9)
                              .add(110, kCall, 2, 2.2)
                              .add(110, kPut, 12, 13)
                              .families();
  EXPECT_EQ(counts(conversion, "parity"), (Counts{1, 4}));
  expect_worst(family(conversion, "parity"), -2 - (10 - 11) / 2.0,
               {{2, -0.5}, {3, 0.5}, {4, 1}, {5, -1}, {6, -0.5}, {7, 0.5}});
  // Against a forward of 100 the synthetic one at 90 is worth 0.9 (100 - 90) = 9, and is sold at 10.
  const auto given =
      Quotes().slice(kJune, 0.5, 100, 0.9, true).add(90, kCall, 12, 12.5).add(90, kPut, 1.5, 2).families();
  EXPECT_EQ(counts(given, "parity"), (Counts{1, 2}));
  expect_worst(family(given, "parity"), 9 - 10, {{2, -1}, {3, 1}});
}

/// June and July, forwards 100 and 200, discount factors 0.9 and 0.8: units of 90 and 160.
Quotes two_expiries() { return Quotes().slice(kJune, 0.4, 100, 0.9, false).slice(kJuly, 0.5, 200, 0.8, false); }

TEST(Families, CompareExpiriesInUnitsOfTheirForwards) {
  // k = 1: June's call is sold at 9 / 90 = 0.1, July's bought at 14.4 / 160 = 0.09; 90 / 160 of it.
  const Quotes quotes = two_expiries().add(100, kCall, 9, 9.2).add(200, kCall, 14, 14.4, kJuly);
  const auto families = quotes.families();
  EXPECT_EQ(counts(families, "calendar"), (Counts{1, 1}));
  expect_worst(family(families, "calendar"), 0.09 * 90 - 9, {{3, 90.0 / 160}, {2, -1}});
  EXPECT_EQ(counts(families, "calendar-vertical"), (Counts{1, 1}));
  const auto off = quotes.families({.calendar = false});
  EXPECT_EQ(counts(off, "calendar"), (Counts{0, 0}));
  EXPECT_EQ(counts(off, "calendar-vertical"), (Counts{0, 0}));
}

TEST(Families, FindACalendarVerticalOfEitherType) {
  // A later call at a lower k is worth more, a later put at a higher k.
  const auto calls = two_expiries().add(100, kCall, 9, 9.2).add(180, kCall, 14, 14.4, kJuly).families();
  EXPECT_EQ(counts(calls, "calendar-vertical"), (Counts{1, 1}));
  const auto of_higher = two_expiries().add(100, kCall, 9, 9.2).add(220, kCall, 14, 14.4, kJuly).families();
  EXPECT_EQ(counts(of_higher, "calendar-vertical"), (Counts{0, 0}));
  const auto puts = two_expiries().add(100, kPut, 9, 9.2).add(220, kPut, 14, 14.4, kJuly).families();
  EXPECT_EQ(counts(puts, "calendar-vertical"), (Counts{1, 1}));
}

TEST(Families, FindTheWorstPairOfLaterPricesAroundAnEarlierOne) {
  // June's bid at k = 1 is 0.1; July's asks at 0.8, 0.9 and 1.1 are 0.11, 0.02 and 0.04. The line from 0.9 to 1.1 gives
  // 0.03, that from 0.8 gives less than 0.1 too: 0.04 + 0.07 / 3.
  const auto families = two_expiries()
                            .add(100, kCall, 9, 9.2)
                            .add(160, kCall, 1, 160 * 0.11, kJuly)
                            .add(180, kCall, 1, 160 * 0.02, kJuly)
                            .add(220, kCall, 1, 160 * 0.04, kJuly)
                            .families();
  EXPECT_EQ(counts(families, "calendar-butterfly"), (Counts{2, 2}));
  expect_worst(family(families, "calendar-butterfly"), (0.03 - 0.1) * 90,
               {{4, 0.5 * 90 / 160}, {2, -1}, {5, 0.5 * 90 / 160}});
}

TEST(Families, SayNothingOfTwoRootsThatSettleTogether) {
  const auto families = Quotes()
                            .slice(kJune, 0.5, 100, 0.9, false)
                            .slice({"2026-06-19", "SPXW"}, 0.5, 100, 0.9, false)
                            .add(100, kCall, 9, 9.2)
                            .add(100, kCall, 1, 1.1, {"2026-06-19", "SPXW"})
                            .families();
  EXPECT_EQ(counts(families, "calendar"), (Counts{0, 0}));
  EXPECT_EQ(counts(families, "outright"), (Counts{0, 2}));
}

// An oracle by nested loops

struct Quoted {
  double k, bid, ask;
};
using Smiles = std::vector<std::vector<Quoted>>;  // by expiry, then k; all forwards 1

struct Tally {
  Counts vertical{0, 0}, butterfly{0, 0}, calendar_vertical{0, 0}, calendar_butterfly{0, 0};
};

void tally(bool violated, Counts& counts) {
  counts.violated += violated;
  ++counts.tested;
}

/// The slope of buying at one strike and selling at another, which lies to the right.
double slope(double left, double right, double from, double to) { return (to - from) / (right - left); }

/// Section 2 of Cohen, Reisinger and Wang (2020), with (0, 1) before the first strike of each expiry.
Tally tally_of(const Smiles& smiles) {
  Tally result;
  for (std::size_t n = 0; n < smiles.size(); ++n) {
    std::vector<Quoted> now = smiles[n];
    now.insert(now.begin(), {0, 1, 1});
    tally(now[1].ask < 1 - now[1].k, result.vertical);
    for (std::size_t j = 1; j < now.size(); ++j)
      tally(now[j - 1].ask < now[j].bid, result.vertical);
    for (std::size_t j = 1; j + 1 < now.size(); ++j)
      tally(slope(now[j - 1].k, now[j].k, now[j - 1].ask, now[j].bid) >
                slope(now[j].k, now[j + 1].k, now[j].bid, now[j + 1].ask),
            result.butterfly);
    std::vector<Quoted> later;
    for (std::size_t m = n + 1; m < smiles.size(); ++m)
      later.insert(later.end(), smiles[m].begin(), smiles[m].end());
    const std::size_t last = now.size() - 1;
    for (std::size_t j = 1; j < now.size(); ++j)
      for (const Quoted& one : later) {
        const bool between = now[j - 1].k < one.k && one.k < now[j].k;
        if (between) tally(one.ask < now[j].bid, result.calendar_vertical);
        if (between && j < last)
          tally(slope(one.k, now[j].k, one.ask, now[j].bid) > slope(now[j].k, now[j + 1].k, now[j].bid, now[j + 1].ask),
                result.calendar_butterfly);
        if (between && j >= 2)
          tally(slope(now[j - 2].k, now[j - 1].k, now[j - 2].ask, now[j - 1].bid) >
                    slope(now[j - 1].k, one.k, now[j - 1].bid, one.ask),
                result.calendar_butterfly);
        if (j == last && one.k > now[last].k)
          tally(slope(now[last - 1].k, now[last].k, now[last - 1].ask, now[last].bid) >
                    slope(now[last].k, one.k, now[last].bid, one.ask),
                result.calendar_butterfly);
        for (const Quoted& other : later)
          if (between && now[j].k < other.k && (j == last || other.k < now[j + 1].k))
            tally(slope(one.k, now[j].k, one.ask, now[j].bid) > slope(now[j].k, other.k, now[j].bid, other.ask),
                  result.calendar_butterfly);
      }
  }
  return result;
}

double black_call(double k, double total) { return black_price(kCall, Forward(1), Strike(k), TotalVol(total)).value(); }

/// Black's prices at random strikes, each moved by up to `noise`, with spreads of up to as much; `around` puts Black's
/// price within the spread.
Smiles random_smiles(std::mt19937_64& random, double noise, bool around) {
  std::uniform_real_distribution<double> unit(0, 1);
  Smiles smiles(3 + random() % 3);
  for (std::size_t n = 0; n < smiles.size(); ++n) {
    std::vector<double> strikes(3 + random() % 6);
    std::ranges::generate(strikes, [&] { return 0.8 + 0.4 * unit(random); });
    std::ranges::sort(strikes);
    for (const double k : strikes) {
      const double price = black_call(k, 0.15 * std::sqrt(1.0 + static_cast<double>(n)));
      const double middle = around ? price : std::max(price + noise * (unit(random) - 0.5), 1e-3);
      smiles[n].push_back({k, middle * (1 - noise * unit(random)), middle * (1 + noise * unit(random))});
    }
  }
  return smiles;
}

/// As a chain: forward and discount factor differ from expiry to expiry. Prices are calls, or by parity puts.
Quotes chain_of(const Smiles& smiles, OptionType type, bool forward_given) {
  Quotes quotes;
  for (std::size_t n = 0; n < smiles.size(); ++n) {
    const ExpiryKey key{"T=" + std::to_string(n + 1)};
    const double forward = 100 + 10 * static_cast<double>(n), discount = 1 - 0.02 * static_cast<double>(n);
    quotes.slice(key, static_cast<double>(n + 1), forward, discount, forward_given);
    for (const auto& [k, bid, ask] : smiles[n]) {
      const double parity = type == kCall ? 0 : k - 1 + 0.5;  // the half keeps bids above 0
      quotes.add(k * forward, type, (bid + parity) * discount * forward, (ask + parity) * discount * forward, key);
    }
  }
  return quotes;
}

TEST(Families, AgreeWithNestedLoopsOnRandomQuotes) {
  std::mt19937_64 random(20200821);
  Tally total;
  for (int i = 0; i < 200; ++i) {
    const Smiles smiles = random_smiles(random, 0.1, false);
    const auto families = chain_of(smiles, kCall, true).families();
    const Tally expected = tally_of(smiles);
    ASSERT_EQ(counts(families, "vertical"), expected.vertical);
    ASSERT_EQ(counts(families, "butterfly"), expected.butterfly);
    ASSERT_EQ(counts(families, "calendar-vertical"), expected.calendar_vertical);
    ASSERT_EQ(counts(families, "calendar-butterfly"), expected.calendar_butterfly);
    for (const auto& [from, to] : {std::pair(&expected.vertical, &total.vertical),
                                   std::pair(&expected.calendar_vertical, &total.calendar_vertical),
                                   std::pair(&expected.calendar_butterfly, &total.calendar_butterfly)})
      to->violated += from->violated;
  }
  EXPECT_GT(total.vertical.violated, 10U);
  EXPECT_GT(total.calendar_vertical.violated, 10U);
  EXPECT_GT(total.calendar_butterfly.violated, 100U);
}

// One earlier strike has no line beside it: what is left are the pairs around it.
TEST(Families, HoldTheCheapestPairOfRandomLaterPricesForTheWorst) {
  std::mt19937_64 random(13);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 200; ++i) {
    Quotes quotes = two_expiries().add(100, kCall, 9, 9.2);
    std::vector<std::pair<double, double>> left, right;  // July's k and ask, in units of 160
    for (int j = 0; j < 20; ++j) {
      const double k = 0.7 + 0.6 * unit(random), ask = 0.01 + 0.2 * unit(random);
      quotes.add(200 * k, kCall, 1, 160 * ask, kJuly);
      (k < 1 ? left : right).push_back({k, ask});
    }
    double least = 0;
    std::size_t violated = 0;
    for (const auto& [low, low_ask] : left)
      for (const auto& [high, high_ask] : right) {
        const double cost = low_ask + (high_ask - low_ask) * (1 - low) / (high - low) - 0.1;
        violated += cost < 0;
        least = std::min(least, cost);
      }
    const auto families = quotes.families();
    EXPECT_EQ(counts(families, "calendar-butterfly"), (Counts{violated, left.size() * right.size()}));
    EXPECT_NEAR(family(families, "calendar-butterfly").worst.cost, 90 * least, 1e-12);  // rounding
    EXPECT_GT(violated, 0U);
  }
}

// Parity adds a straight line, the same one at every expiry: no butterfly of either kind feels it.
TEST(Families, CountTheSameButterfliesInPutsAsInTheirCalls) {
  std::mt19937_64 random(7);
  std::size_t violated = 0;
  for (int i = 0; i < 200; ++i) {
    const Smiles smiles = random_smiles(random, 0.02, false);
    const auto calls = chain_of(smiles, kCall, false).families(), puts = chain_of(smiles, kPut, false).families();
    for (const std::string_view name : {"butterfly", "calendar-butterfly"}) {
      ASSERT_EQ(counts(puts, name), counts(calls, name)) << name;
      ASSERT_NEAR(family(puts, name).worst.cost, family(calls, name).worst.cost, 1e-10) << name;  // rounding
    }
    violated += counts(puts, "calendar-butterfly").violated;
  }
  EXPECT_GT(violated, 100U);
}

TEST(Families, AreAllKeptByQuotesAroundPricesWithoutArbitrage) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200; ++i) {
    const Smiles smiles = random_smiles(random, 0.02, true);
    for (const FamilyCount& one : chain_of(smiles, kCall, true).families())
      EXPECT_EQ(one.violated, 0U) << one.name;
  }
}

// Real chains

Chain chain_in(const std::string& file) {
  const auto raw = read_chain_file((shared_folder() / "market_data" / file).string());
  EXPECT_TRUE(raw) << file;
  const auto chain = prepare(raw.value());
  EXPECT_TRUE(chain) << file;
  return chain.value();
}

TEST(Families, OfTheArbitragerepairSampleAreThoseOfItsAuthors) {
  const std::string file = "arbitragerepair_sample/sample.csv";
  if (!has_shared("market_data/" + file)) GTEST_SKIP() << skip_text("market_data/" + file);
  const auto families = count_families(chain_in(file), {.mid = true});
  EXPECT_EQ(counts(families, "outright"), (Counts{0, 13}));
  EXPECT_EQ(counts(families, "vertical"), (Counts{0, 130}));
  EXPECT_EQ(counts(families, "butterfly"), (Counts{0, 104}));
  EXPECT_EQ(counts(families, "calendar"), (Counts{0, 0}));
  EXPECT_EQ(counts(families, "calendar-vertical"), (Counts{9, 513}));
  EXPECT_EQ(counts(families, "calendar-butterfly"), (Counts{126, 3070}));
  EXPECT_EQ(counts(families, "parity"), (Counts{0, 0}));
}

TEST(Families, CountTheNegativeButterfliesOfThreeDaysOfTheDax) {
  const std::string folder = "dax_2001-08/";
  if (!has_shared("market_data/" + folder)) GTEST_SKIP() << skip_text("market_data/" + folder);
  const std::pair<std::string, std::size_t> days[] = {
      {"7_8_2001__filterdax.dat", 43}, {"8_8_2001__filterdax.dat", 24}, {"9_8_2001__filterdax.dat", 27}};
  for (const auto& [file, violated] : days)
    EXPECT_EQ(counts(count_families(chain_in(folder + file)), "butterfly"), (Counts{violated, 484})) << file;
}

TEST(Families, CountTheFreeButterfliesOfTheYahooChain) {
  const std::string file = "yfinance_spx_2026-01-30/SPX_all.csv";
  if (!has_shared("market_data/" + file)) GTEST_SKIP() << skip_text("market_data/" + file);
  EXPECT_EQ(counts(count_families(chain_in(file)), "butterfly"), (Counts{583, 15'949}));
}

TEST(Families, OfACleanExchangeDayAreAllKeptAtBidAndAsk) {
  const std::string file = "cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared("market_data/" + file)) GTEST_SKIP() << skip_text("market_data/" + file);
  for (const FamilyCount& one : count_families(chain_in(file))) {
    EXPECT_EQ(one.violated, 0U) << one.name;
    EXPECT_TRUE(one.tested > 0 || one.name == "calendar") << one.name;
  }
}

}  // namespace
}  // namespace strikenet
