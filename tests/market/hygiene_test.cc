// The rules of hygiene that are switched, each on a small chain and on a real one.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "strikenet/io/read_chain.h"
#include "strikenet/market/chain.h"
#include "strikenet/market/inspection.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;
using Counts = std::map<std::string, int>;
using Lines = std::vector<std::string>;

const Instant kAsOf = *parse_instant("2026-09-18T15:00Z");

RawQuote quote(double strike, OptionType type, double bid, double ask) {
  return {.key = {"2026-12-18", ""}, .strike = strike, .type = type, .bid = bid, .ask = ask};
}

/// Calls and puts at parity with a forward of 100 and a discount factor of 1, a tenth wide; strikes 60 to 140.
RawChain snapshot() {
  RawChain chain{.file = "q.csv", .as_of = kAsOf};
  for (double strike = 60; strike <= 140; strike += 5) {
    const double time_value = 5 - std::abs(strike - 100) / 10;
    const double call = time_value + std::max(100 - strike, 0.0), put = time_value + std::max(strike - 100, 0.0);
    chain.quotes.push_back(quote(strike, OptionType::call, call - 0.05, call + 0.05));
    chain.quotes.push_back(quote(strike, OptionType::put, put - 0.05, put + 0.05));
  }
  for (std::size_t i = 0; i < chain.quotes.size(); ++i)
    chain.quotes[i].line = static_cast<long>(i) + 2;
  return chain;
}

RawQuote& find(RawChain& chain, double strike, OptionType type) {
  for (RawQuote& quote : chain.quotes)
    if (quote.strike == strike && quote.type == type) return quote;
  throw std::out_of_range("no such quote");
}

PrepareOptions with(const std::vector<std::string>& rules) {
  PrepareOptions options;
  for (const std::string& rule : rules)
    options.rules.push_back(parse_rule(rule).value());
  return options;
}

Chain prepared(const RawChain& raw, const std::vector<std::string>& rules) {
  auto chain = prepare(raw, with(rules));
  if (chain) return std::move(chain).value();
  ADD_FAILURE() << chain.problems().lines.front();
  return {};
}

Lines problems_of(const RawChain& raw, const std::vector<std::string>& rules) {
  const auto chain = prepare(raw, with(rules));
  return chain ? Lines{} : chain.problems().lines;
}

Counts left_out(const Chain& chain) {
  Counts counts;
  for (const Quote& quote : chain.quotes)
    if (!quote.used()) ++counts[std::string(to_string(quote.dropped))];
  return counts;
}

Counts left_out(const RawChain& raw, const std::vector<std::string>& rules) { return left_out(prepared(raw, rules)); }

/// "P60 P65 C140", of one reason.
std::string named(const RawChain& raw, const std::string& rule, Drop reason) {
  std::string names;
  for (const Quote& quote : prepared(raw, {rule}).quotes)
    if (quote.dropped == reason)
      names += (names.empty() ? "" : " ") + std::string(1, letter(quote.type)) +
               std::to_string(static_cast<int>(quote.strike));
  return names;
}

TEST(Hygiene, RulesThatAreSwitchedOnFindNothingInACleanChain) {
  RawChain raw = snapshot();
  for (RawQuote& quote : raw.quotes)
    quote.last_trade = kAsOf;
  EXPECT_EQ(left_out(raw, {"locked", "stale", "absurd-spread", "dead-wing", "off-parity"}), Counts{});
  for (const auto& [reason, count] : would_leave_out(raw))
    EXPECT_EQ(count, 0) << to_string(reason);
}

TEST(Hygiene, KeepsTheSettingsBesideTheChain) {
  const Chain chain = prepared(snapshot(), {"locked", "dead-wing=3"});
  ASSERT_EQ(chain.rules.size(), 2U);
  EXPECT_EQ(to_string(chain.rules[1]), "dead-wing=3");
  EXPECT_TRUE(prepared(snapshot(), {}).rules.empty());
}

TEST(Hygiene, LockedIsABidThatIsItsAsk) {
  RawChain raw = snapshot();
  find(raw, 80, OptionType::put).bid = find(raw, 80, OptionType::put).ask;
  EXPECT_EQ(left_out(raw, {}), Counts{});
  EXPECT_EQ(named(raw, "locked", Drop::locked), "P80");
  raw.strict = true;  // asked for by name: counted, no mistake in the file
  EXPECT_EQ(left_out(raw, {"locked"}), (Counts{{"locked", 1}}));
}

TEST(Hygiene, StaleIsALastTradeMoreThanSoManyDaysBeforeTheAsOf) {
  RawChain raw = snapshot();
  raw.quotes[0].last_trade = kAsOf - std::chrono::days(5);
  raw.quotes[1].last_trade = kAsOf - std::chrono::days(5) - std::chrono::minutes(1);
  raw.quotes[2].last_trade = kAsOf - std::chrono::hours(1);
  EXPECT_EQ(left_out(raw, {}), Counts{});
  EXPECT_EQ(left_out(raw, {"stale"}), (Counts{{"stale", 1}}));
  EXPECT_EQ(left_out(raw, {"stale=0"}), (Counts{{"stale", 3}}));
  EXPECT_EQ(left_out(raw, {"stale=6"}), Counts{});
  EXPECT_EQ(left_out(raw, {"stale=off"}), Counts{});
}

TEST(Hygiene, AbsurdIsASpreadOfManyTimesThoseAroundIt) {
  RawChain raw = snapshot();
  find(raw, 90, OptionType::call).ask = *find(raw, 90, OptionType::call).bid + 1.01;  // around it 0.1
  find(raw, 110, OptionType::call).ask = *find(raw, 110, OptionType::call).bid + 0.99;
  EXPECT_EQ(named(raw, "absurd-spread", Drop::absurd_spread), "C90");
  EXPECT_EQ(named(raw, "absurd-spread=9", Drop::absurd_spread), "C90 C110");
  EXPECT_EQ(left_out(raw, {}), Counts{});
  for (RawQuote& quote : raw.quotes)
    quote.ask = *quote.bid + 5;  // all alike: a wide market, and no outlier in it
  EXPECT_EQ(left_out(raw, {"absurd-spread"}), Counts{});
}

TEST(Hygiene, AbsurdSpreadsNeedFourQuotesAroundThem) {
  RawChain raw = snapshot();
  std::erase_if(raw.quotes, [](const RawQuote& q) { return q.strike < 90 || q.strike > 105; });
  raw.quotes[0].ask = 100;
  EXPECT_EQ(left_out(raw, {"absurd-spread"}), Counts{});
}

// Puts 75 and 65 have no bid, with a bid at 70 between them: no run of two; calls 125 and 130 are one.
TEST(Hygiene, DeadWingsBeginWithARunOfStrikesWithoutABid) {
  RawChain raw = snapshot();
  for (const double strike : {75, 65})
    find(raw, strike, OptionType::put).bid = 0;
  for (const double strike : {125, 130})
    find(raw, strike, OptionType::call).bid = 0;
  EXPECT_EQ(left_out(raw, {}), Counts{});
  EXPECT_EQ(named(raw, "dead-wing", Drop::dead_wing), "C125 C130 C135 C140");
  EXPECT_EQ(named(raw, "dead-wing=1", Drop::dead_wing), "P60 P65 P70 P75 C125 C130 C135 C140");
  EXPECT_EQ(named(raw, "dead-wing=3", Drop::dead_wing), "");
}

TEST(Hygiene, DeadWingsOfAFileOfVolsAreJudgedFromItsForward) {
  RawChain raw{.file = "q.csv", .kind = QuoteKind::bid_ask_vol, .as_of = kAsOf};
  for (const double strike : {60, 70, 80, 90, 100, 110, 120}) {
    raw.quotes.push_back({.key = {"2026-12-18", ""}, .strike = strike, .bid = 0.2, .ask = 0.3, .forward = 95.0});
    if (strike < 80) raw.quotes.back().bid.reset();
  }
  EXPECT_EQ(named(raw, "dead-wing", Drop::dead_wing), "P60 P70");
}

// The call at 70 stands 3 too high: of the pair it is the one in the money. The put at 130 stands too low.
TEST(Hygiene, OffParityIsTheOptionInTheMoneyOfAPairThatMostContradict) {
  RawChain raw = snapshot();
  for (RawQuote* stale : {&find(raw, 70, OptionType::call), &find(raw, 75, OptionType::call)}) {
    stale->bid = *stale->bid + 3;
    stale->ask = *stale->ask + 3;
  }
  for (RawQuote* stale : {&find(raw, 130, OptionType::put)}) {
    stale->bid = *stale->bid - 4;
    stale->ask = *stale->ask - 4;
  }
  const Chain as_it_is = prepared(raw, {}), repaired = prepared(raw, {"off-parity"});
  EXPECT_EQ(left_out(as_it_is), Counts{});
  EXPECT_FALSE(as_it_is.slices[0].parity.has_forward());
  EXPECT_EQ(named(raw, "off-parity", Drop::off_parity), "C70 C75 P130");
  EXPECT_TRUE(repaired.slices[0].parity.has_forward());
  EXPECT_NEAR(repaired.slices[0].forward.value(), 100, 0.1);
}

TEST(Hygiene, OffParityAlsoFindsAnOptionWithoutItsPairThatIsWorthMore) {
  RawChain raw = snapshot();
  find(raw, 60, OptionType::put).ask = 0;  // no pair at 60
  find(raw, 60, OptionType::call).bid = 35;
  find(raw, 60, OptionType::call).ask = 38;  // worth 40 and more
  EXPECT_EQ(named(raw, "off-parity", Drop::off_parity), "C60");
}

TEST(Hygiene, OffParityNeedsFivePairs) {
  RawChain raw = snapshot();
  std::erase_if(raw.quotes, [](const RawQuote& q) { return q.strike < 90 || q.strike > 105; });
  find(raw, 90, OptionType::call).bid = find(raw, 90, OptionType::call).ask = 30;
  EXPECT_EQ(left_out(raw, {"off-parity"}), Counts{});
}

TEST(Hygiene, DuplicatesAreUsedWhereTheirRuleIsOff) {
  RawChain raw = snapshot();
  raw.quotes.push_back(raw.quotes[0]);
  EXPECT_EQ(left_out(raw, {}), (Counts{{"duplicate", 1}}));
  EXPECT_EQ(left_out(raw, {"duplicate=off"}), Counts{});
  EXPECT_EQ(prepared(raw, {"duplicate=off"}).slices[0].parity.pairs, 18);  // of 17 strikes
  raw.strict = true;
  EXPECT_EQ(problems_of(raw, {}).size(), 1U);
  EXPECT_EQ(left_out(raw, {"duplicate=off"}), Counts{});
}

TEST(Hygiene, TwoChainsLeaveTheirDuplicatesWhereTheirRuleIsOff) {
  RawChain raw = snapshot();
  const std::vector<RawQuote> first = raw.quotes;
  for (RawQuote quote : first) {
    quote.bid = *quote.bid + 4;
    quote.ask = *quote.ask + 4;
    raw.quotes.push_back(quote);
  }
  EXPECT_EQ(left_out(raw, {"two-chains=off"}), (Counts{{"duplicate", 34}}));
  EXPECT_EQ(prepare(raw, with({})).problems().lines.at(0),
            "q.csv: number of usable quotes is 0 of 68 (68 two-chains), but must be at least 3 on one expiry");
}

TEST(Hygiene, PlaceholdersHaveALimit) {
  RawChain raw{.file = "q.csv", .kind = QuoteKind::bid_ask_vol, .as_of = kAsOf};
  for (const double strike : {80, 90, 100, 110})
    raw.quotes.push_back({.key = {"2026-12-18", ""}, .strike = strike, .bid = 0.2, .ask = 3.0, .forward = 95.0});
  raw.quotes[0].ask = 10;
  EXPECT_EQ(left_out(raw, {}), (Counts{{"placeholder", 1}}));
  EXPECT_EQ(left_out(raw, {"placeholder=20"}), Counts{});
  EXPECT_EQ(left_out(raw, {"placeholder=off"}), Counts{});
  raw.quotes[1].ask = 5;
  EXPECT_EQ(left_out(raw, {"placeholder=4"}), (Counts{{"placeholder", 2}}));
}

TEST(Hygiene, SaysWhatARuleNeedsAndTheFileLacks) {
  RawChain raw = snapshot();
  EXPECT_EQ(problems_of(raw, {"stale"}),
            Lines{"q.csv: rule 'stale' is on, but needs a file that says when each quote last traded"});
  raw.kind = QuoteKind::price;
  EXPECT_EQ(problems_of(raw, {"locked", "absurd-spread", "off-parity"}),
            (Lines{"q.csv: rule 'locked' is on, but needs a bid and an ask of each quote",
                   "q.csv: rule 'absurd-spread' is on, but needs a bid and an ask of each quote",
                   "q.csv: rule 'off-parity' is on, but needs prices at bid and ask"}));
  for (const auto& [reason, count] : would_leave_out(raw))
    EXPECT_EQ(reason, Drop::dead_wing);
}

TEST(Hygiene, RefusesSettingsThatAreWrong) {
  PrepareOptions options;
  options.rules = {{Drop::crossed, false}, {Drop::stale, true, -1.0}, {Drop::locked}, {Drop::locked, false}};
  EXPECT_EQ(options.problems(),
            (Lines{"options: rule 'crossed' is not one to be switched, but must be one of duplicate, placeholder, "
                   "two-chains, locked, stale, absurd-spread, dead-wing, off-parity",
                   "options: limit of rule 'stale' is -1, but must be a number of days, at least 0",
                   "options: rule 'locked' is set twice, but must be set once"}));
  EXPECT_THROW(prepare(snapshot(), options), PreconditionError);
  EXPECT_THROW(would_leave_out(snapshot(), options), PreconditionError);
}

/// A vendor that mixes quotes of today with quotes of days ago: 583 butterflies are free at its bid and ask.
TEST(Hygiene, OffParityLeavesAForwardToEveryExpiryOfARealDay) {
  const std::string file = "market_data/yfinance_spx_2026-01-30/SPX_all.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto read = read_chain_file((shared_folder() / file).string());
  ASSERT_TRUE(read) << read.problems().lines.front();
  RawChain raw = read.value();
  const Chain as_it_is = prepared(raw, {}), repaired = prepared(raw, {"off-parity"});
  EXPECT_EQ(as_it_is.slices.size(), 58U);
  EXPECT_EQ(std::ranges::count_if(as_it_is.slices, [](const auto& s) { return !s.parity.has_forward(); }), 24);
  for (const ChainSlice& slice : repaired.slices)
    EXPECT_TRUE(slice.parity.has_forward()) << to_string(slice.key);
  EXPECT_EQ(left_out(repaired)["off-parity"], 575);
  std::vector<RawQuote> kept;
  for (std::size_t i = 0; i < raw.quotes.size(); ++i)
    if (repaired.quotes[i].dropped != Drop::off_parity) kept.push_back(raw.quotes[i]);
  raw.quotes = kept;
  EXPECT_LT(inspect(raw).total.butterflies, 100);
}

}  // namespace
}  // namespace strikenet
