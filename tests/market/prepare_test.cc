#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "strikenet/core/black.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;
using Lines = std::vector<std::string>;

constexpr double kRounding = 1e-12;

// 2026-12-18 settles at 16:00 New York, 21:00 UTC: exactly a quarter of 365 days after this.
const Instant kAsOf = *parse_instant("2026-12-18T21:00Z") - std::chrono::minutes(131'400);

// A strict chain of prices: a row is added with the line after that of the row before.
struct Rows {
  RawChain chain{.file = "q.csv", .format = "generic", .as_of = kAsOf, .strict = true};

  Rows& add(const std::string& expiry, double strike, std::optional<OptionType> type, std::optional<double> bid,
            std::optional<double> ask, const std::string& root = "") {
    const long line = chain.quotes.empty() ? 2 : chain.quotes.back().line + 1;
    chain.quotes.push_back(
        {.line = line, .key = {expiry, root}, .strike = strike, .type = type, .bid = bid, .ask = ask});
    return *this;
  }
  // A call and a put whose mids are D (F - K)+ and D (K - F)+ and a bit, half a spread around them.
  Rows& pair(const std::string& expiry, double strike, double forward = 100, double discount = 0.99,
             const std::string& root = "") {
    const double call = discount * (std::max(forward - strike, 0.0) + 3);
    const double put = discount * (std::max(strike - forward, 0.0) + 3);
    add(expiry, strike, OptionType::call, call - 0.05, call + 0.05, root);
    return add(expiry, strike, OptionType::put, put - 0.05, put + 0.05, root);
  }
};

Rows good_rows() { return Rows().pair("2026-12-18", 90).pair("2026-12-18", 100).pair("2026-12-18", 110); }

Lines problems_of(const RawChain& raw, const PrepareOptions& options = {}) {
  const auto chain = prepare(raw, options);
  return chain ? Lines{} : chain.problems().lines;
}

Chain prepared(const RawChain& raw, const PrepareOptions& options = {}) {
  auto chain = prepare(raw, options);
  if (chain) return std::move(chain).value();
  ADD_FAILURE() << chain.problems().lines.front();
  return {};
}

std::map<std::string_view, int> count_reasons(const Chain& chain) {
  std::map<std::string_view, int> counts;
  for (const Quote& quote : chain.quotes)
    ++counts[to_string(quote.dropped)];
  return counts;
}

std::vector<Drop> reasons_of(const Chain& chain) {
  std::vector<Drop> reasons;
  for (const Quote& quote : chain.quotes)
    reasons.push_back(quote.dropped);
  return reasons;
}

// --- roots that settle at one instant -------------------------------------------------------------------------------

Rows two_roots(double second_forward, double second_discount, double unit = 1) {
  Rows rows;
  for (const double strike : {80.0, 90.0, 100.0, 110.0, 120.0})
    rows.pair("2026-12-18", strike, 100, 0.99, "SPXPM");
  for (const double strike : {90.0, 100.0, 110.0})
    rows.pair("2026-12-18", strike * unit, second_forward * unit, second_discount, "SPXW");
  return rows;
}

TEST(Prepare, GivesRootsThatSettleAtOneInstantOneDiscountFactorAndWhereQuotesAllowItOneForward) {
  const Chain chain = prepared(two_roots(100.01, 0.9899).chain);
  ASSERT_EQ(chain.slices.size(), 2u);
  EXPECT_EQ(chain.slices[0].t, chain.slices[1].t);
  EXPECT_NE(chain.slices[0].key, chain.slices[1].key);
  EXPECT_EQ(chain.slices[0].discount, chain.slices[1].discount);
  EXPECT_EQ(chain.slices[0].forward, chain.slices[1].forward);
  EXPECT_EQ(chain.slices[1].parity.violation, 0);
  EXPECT_FALSE(chain.slices[1].forward_given);
}

TEST(Prepare, LeavesARootOfOtherUnitsItsOwnForward) {
  const Chain chain = prepared(two_roots(100, 0.99, 0.1).chain);
  ASSERT_EQ(chain.slices.size(), 2u);
  EXPECT_EQ(chain.slices[0].discount, chain.slices[1].discount);
  EXPECT_NEAR(chain.slices[1].forward.value(), 10, 0.2);
  EXPECT_NEAR(chain.slices[0].forward.value(), 100, 0.2);
}

TEST(Prepare, TakesTheDiscountFactorsThatAreGivenForRootsOfOneInstant) {
  const Chain chain = prepared(two_roots(100, 0.99).chain,
                               {.forwards = {{{"2026-12-18", "SPXW"}, Forward(100), DiscountFactor(0.98)}}});
  ASSERT_EQ(chain.slices.size(), 2u);
  EXPECT_EQ(chain.slices[1].discount, DiscountFactor(0.98));
  EXPECT_EQ(chain.slices[0].discount, DiscountFactor(0.98));  // given before found
}

// --- times ----------------------------------------------------------------------------------------------------------

TEST(Prepare, GivesEachExpiryItsTimeToSettlement) {
  const Chain chain = prepared(good_rows().chain);
  ASSERT_EQ(chain.slices.size(), 1u);
  EXPECT_EQ(chain.slices[0].t, YearFraction(0.25));
  EXPECT_EQ(chain.slices[0].key, (ExpiryKey{"2026-12-18", ""}));
  EXPECT_EQ(chain.as_of, kAsOf);
}

TEST(Prepare, TakesTheAsOfOfTheOptionsFirst) {
  const Chain chain = prepared(good_rows().chain, {.as_of = kAsOf - std::chrono::days(365)});
  EXPECT_EQ(chain.slices.at(0).t, YearFraction(1.25));
  EXPECT_EQ(chain.as_of, kAsOf - std::chrono::days(365));
}

TEST(Prepare, KeepsMorningAndAfternoonSettlementOfOneDateApart) {
  Rows rows;
  for (const char* root : {"SPXW", "SPX"})
    for (const double strike : {90.0, 100.0, 110.0})
      rows.pair("2026-12-18", strike, 100, 0.99, root);
  const Chain chain = prepared(rows.chain);
  ASSERT_EQ(chain.slices.size(), 2u);
  EXPECT_EQ(chain.slices[0].key.root, "SPX");
  EXPECT_EQ(chain.slices[1].key.root, "SPXW");
  EXPECT_EQ(chain.slices[0].t, YearFraction((131'400 - 390) / 525'600.0));
  EXPECT_EQ(chain.slices[1].t, YearFraction(0.25));
  EXPECT_EQ(chain.quotes.front().slice, 1);
  EXPECT_EQ(chain.quotes.back().slice, 0);
  EXPECT_EQ(chain.underlying, "");
}

TEST(Prepare, GivesRowsWithoutARootThatOfTheOptions) {
  const Chain chain = prepared(good_rows().chain, {.root = "SPX"});
  EXPECT_EQ(chain.slices.at(0).key, (ExpiryKey{"2026-12-18", "SPX"}));
  EXPECT_EQ(chain.slices.at(0).t, YearFraction((131'400 - 390) / 525'600.0));
  EXPECT_EQ(chain.quotes.front().key.root, "SPX");
  EXPECT_EQ(chain.underlying, "SPX");
}

TEST(Prepare, SaysOnceThatNobodyGivesTheAsOf) {
  RawChain raw = good_rows().pair("2027-03-19", 90).chain;
  raw.as_of.reset();
  EXPECT_EQ(problems_of(raw).front(), "q.csv: no as-of, but expiries are dates: pass --as-of 2019-06-26T15:45-04:00");
  EXPECT_EQ(std::ranges::count(problems_of(raw), problems_of(raw).front()), 1);
}

TEST(Prepare, NeedsNoAsOfWhenRowsCarryTheirYearFraction) {
  RawChain raw = good_rows().chain;
  raw.as_of.reset();
  for (RawQuote& quote : raw.quotes)
    quote.t = YearFraction(0.3);
  const Chain chain = prepared(raw);
  EXPECT_EQ(chain.as_of, std::nullopt);
  EXPECT_EQ(chain.slices.at(0).t, YearFraction(0.3));
}

TEST(Prepare, NamesAnExpiryThatIsNoDate) {
  EXPECT_EQ(problems_of(good_rows().pair("soon", 90).pair("soon", 100).pair("soon", 110).chain),
            Lines{"q.csv:8: expiry is 'soon', but must be a date or come with a year fraction"});
}

TEST(Prepare, OrdersSlicesByTime) {
  Rows rows;
  for (const char* expiry : {"2027-12-17", "2026-12-18", "2027-03-19"})
    for (const double strike : {90.0, 100.0, 110.0})
      rows.pair(expiry, strike);
  const Chain chain = prepared(rows.chain);
  ASSERT_EQ(chain.slices.size(), 3u);
  EXPECT_EQ(chain.slices[0].key.expiry, "2026-12-18");
  EXPECT_EQ(chain.slices[1].key.expiry, "2027-03-19");
  EXPECT_EQ(chain.slices[2].key.expiry, "2027-12-17");
  EXPECT_EQ(chain.quotes.front().slice, 2);
}

// --- strict and lenient ---------------------------------------------------------------------------------------------

RawChain dirty_chain() {
  Rows rows = good_rows();                                         // lines 2 to 7
  rows.add("2026-12-18", 120, OptionType::call, 3.2, 3.1);         // 8: crossed
  rows.add("2026-12-18", 100, OptionType::call, 3.0, 3.1);         // 9: duplicates line 4
  rows.add("2026-09-01", 100, OptionType::put, 1.0, 1.1, "SPXW");  // 10: expired
  rows.add("2026-12-18", 130, OptionType::call, 0.1, 0.0);         // 11: no ask
  rows.add("2026-12-18", 140, OptionType::call, 0.1, {});          // 12: no ask
  rows.add("2026-12-18", 150, OptionType::call, 0.0, 0.1);         // 13: one-sided, used
  rows.add("2026-12-18", 160, OptionType::call, {}, 0.1);          // 14: one-sided, used
  return rows.chain;
}

TEST(Prepare, NamesThePageOfALineWhereAChainHasSeveral) {
  RawChain raw = dirty_chain();
  raw.file = "a.csv and 1 more";
  raw.pages = {"a.csv", "b.csv"};
  for (RawQuote& quote : raw.quotes)
    if (quote.line > 7) quote.page = 1, quote.line -= 6;
  const Lines lines = problems_of(raw);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[0], "b.csv:2: bid is 3.2, but must be at most the ask, 3.1");
  EXPECT_EQ(lines[1], "b.csv:3: duplicates line 4 of a.csv (2026-12-18 C 100)");
}

TEST(Prepare, HoldsAStrictChainToItsRulesLineByLine) {
  EXPECT_EQ(
      problems_of(dirty_chain()),
      (Lines{"q.csv:8: bid is 3.2, but must be at most the ask, 3.1", "q.csv:9: duplicates line 4 (2026-12-18 C 100)",
             "q.csv:10: expiry is 2026-09-01, but must be after the as-of, 2026-09-18T15:00Z"}));
}

TEST(Prepare, CountsAndLeavesOutTheSameInAnExchangesSnapshot) {
  RawChain raw = dirty_chain();
  raw.strict = false;
  const Chain chain = prepared(raw);
  using enum Drop;
  EXPECT_EQ(reasons_of(chain), (std::vector<Drop>{none, none, none, none, none, none, crossed, duplicate, expired,
                                                  no_ask, no_ask, none, none}));
  EXPECT_EQ(chain.slices.size(), 1u);
  EXPECT_EQ(chain.quotes[6].slice, 0);
  EXPECT_EQ(chain.quotes[8].slice, -1);
  EXPECT_EQ(chain.quotes[12].bid, 0);
  for (std::size_t i = 0; i < raw.quotes.size(); ++i)
    EXPECT_EQ(chain.quotes[i].line, raw.quotes[i].line);
}

TEST(Prepare, LetsTheOptionsDecideHowStrictToBe) {
  EXPECT_EQ(count_reasons(prepared(dirty_chain(), {.strict = false}))["crossed"], 1);
  RawChain raw = dirty_chain();
  raw.strict = false;
  EXPECT_EQ(problems_of(raw, {.strict = true}).size(), 3u);
}

TEST(Prepare, NamesTheSettlementOfAnExpiryOnTheDayOfTheAsOf) {
  RawChain raw = good_rows().chain;
  EXPECT_EQ(
      problems_of(raw, {.as_of = parse_instant("2026-12-18T21:00Z")}).front(),
      "q.csv:2: expiry is 2026-12-18 (settled 2026-12-18T21:00Z), but must be after the as-of, 2026-12-18T21:00Z");
  EXPECT_EQ(prepared(raw, {.as_of = parse_instant("2026-12-18T20:59Z")}).slices.at(0).t, YearFraction(1 / 525'600.0));
}

// Zero days to expiry: options of the as-of's own day are used until they settle, in the morning or the afternoon.
TEST(Prepare, UsesOptionsOfTheAsOfsDayUntilTheirRootSettles) {
  Rows rows;
  for (const char* root : {"SPX", "SPXW"})
    for (const double strike : {90.0, 100.0, 110.0})
      rows.pair("2026-12-18", strike, 100, 0.99, root);
  for (const double strike : {90.0, 100.0, 110.0})
    rows.pair("2027-01-15", strike, 100, 0.99, "SPX");
  rows.chain.strict = false;
  const auto used_roots = [&](const char* as_of) {
    std::string roots;
    for (const ChainSlice& slice : prepared(rows.chain, {.as_of = parse_instant(as_of)}).slices)
      if (slice.key.expiry == "2026-12-18") roots += slice.key.root + " ";
    return roots;
  };
  EXPECT_EQ(used_roots("2026-12-18T09:00-05:00"), "SPX SPXW ");
  EXPECT_EQ(used_roots("2026-12-18T09:29-05:00"), "SPX SPXW ");
  EXPECT_EQ(used_roots("2026-12-18T09:30-05:00"), "SPXW ");
  EXPECT_EQ(used_roots("2026-12-18T15:59-05:00"), "SPXW ");
  EXPECT_EQ(used_roots("2026-12-18T16:00-05:00"), "");
  const Chain chain = prepared(rows.chain, {.as_of = parse_instant("2026-12-18T15:45-05:00")});
  EXPECT_EQ(chain.slices.at(0).t, YearFraction(15 / 525'600.0));
  EXPECT_EQ(count_reasons(chain), (std::map<std::string_view, int>{{"none", 12}, {"expired", 6}}));
}

TEST(Prepare, NamesAYearFractionThatIsOver) {
  RawChain raw = good_rows().chain;
  for (RawQuote& quote : raw.quotes)
    quote.t = YearFraction(0);
  raw.as_of.reset();
  EXPECT_EQ(problems_of(raw).front(), "q.csv:2: t is 0, but must be above 0");
}

TEST(Prepare, NamesExpiriesThatMakeNoSmile) {
  EXPECT_EQ(problems_of(Rows().add("2026-12-18", 100, OptionType::call, 1, 2).chain).front(),
            "q.csv:2: expiry 2026-12-18 has 1 strike, but a smile needs at least three where its forward is not given");
  EXPECT_EQ(
      problems_of(Rows().pair("2026-12-18", 90).pair("2026-12-18", 100).chain),
      Lines{
          "q.csv:2: expiry 2026-12-18 has 2 strikes, but a smile needs at least three where its forward is not given"});
  RawChain no_bids = good_rows().chain;
  for (RawQuote& quote : no_bids.quotes)
    quote.bid = 0;
  EXPECT_EQ(problems_of(no_bids),
            Lines{"q.csv:2: expiry 2026-12-18 has no bid above zero, but a smile needs at least one"});
  RawChain no_asks = good_rows().chain;
  for (RawQuote& quote : no_asks.quotes)
    quote.ask.reset();
  EXPECT_EQ(problems_of(no_asks), Lines{"q.csv:2: expiry 2026-12-18 has 0 usable strikes, but a smile needs at least "
                                        "three where its forward is not given"});
}

TEST(Prepare, LeavesThinExpiriesOutOfASnapshot) {
  Rows rows = good_rows();
  rows.pair("2027-03-19", 90).pair("2027-03-19", 100);
  rows.chain.strict = false;
  const Chain chain = prepared(rows.chain);
  EXPECT_EQ(chain.slices.size(), 1u);
  EXPECT_EQ(count_reasons(chain), (std::map<std::string_view, int>{{"none", 6}, {"thin", 4}}));
}

TEST(Prepare, LeavesOutAnExpiryThatTwoChainsShareAndNotJustTheSecondOfThem) {
  Rows rows = good_rows();
  for (double strike = 80; strike <= 120; strike += 5)
    rows.pair("2027-01-15", strike);
  const auto one_chain = rows.chain.quotes.size();
  for (double strike = 80; strike <= 120; strike += 5)
    rows.pair("2027-01-15", strike, 104);
  rows.chain.strict = false;
  const Chain chain = prepared(rows.chain);
  EXPECT_EQ(count_reasons(chain), (std::map<std::string_view, int>{{"none", 6}, {"two-chains", 36}}));
  rows.chain.quotes.resize(one_chain);
  for (double strike = 80; strike <= 120; strike += 5)
    rows.pair("2027-01-15", strike, 100.02);  // the same quotes a little later
  EXPECT_EQ(count_reasons(prepared(rows.chain)), (std::map<std::string_view, int>{{"none", 24}, {"duplicate", 18}}));
}

TEST(Prepare, SaysWhyNothingIsUsable) {
  Rows rows;
  rows.add("2026-12-18", 100, OptionType::call, 1, 2).add("2026-09-01", 100, OptionType::call, 1, 2);
  rows.chain.strict = false;
  EXPECT_EQ(
      problems_of(rows.chain),
      Lines{"q.csv: number of usable quotes is 0 of 2 (1 expired, 1 thin), but must be at least 3 on one expiry"});
  EXPECT_EQ(problems_of(RawChain{.file = "q.csv"}),
            Lines{"q.csv: number of usable quotes is 0 of 0 (none there), but must be at least 3 on one expiry"});
}

TEST(Prepare, NamesPricesWithoutAType) {
  EXPECT_EQ(problems_of(good_rows().add("2026-12-18", 95, {}, 1, 2).chain),
            Lines{"q.csv:8: type is missing, but must be there beside prices"});
}

// --- forwards and discount factors ----------------------------------------------------------------------------------

TEST(Prepare, FindsForwardAndDiscountInsideTheParityBand) {
  const Chain chain = prepared(good_rows().chain);
  const ChainSlice& slice = chain.slices.at(0);
  EXPECT_EQ(slice.parity.pairs, 3);
  EXPECT_EQ(slice.parity.violation, 0);
  for (const double strike : {90.0, 100.0, 110.0}) {
    const double parity = slice.discount.value() * (slice.forward.value() - strike);
    EXPECT_NEAR(parity, 0.99 * (100 - strike), 0.1 + kRounding) << strike;  // the summed half spreads
  }
}

RawChain with_columns(RawChain raw, std::optional<double> forward, std::optional<double> discount) {
  for (RawQuote& quote : raw.quotes) {
    quote.forward = forward;
    quote.discount = discount;
  }
  return raw;
}

TEST(Prepare, TakesTheFilesForwardBeforeParity) {
  const Chain chain = prepared(with_columns(good_rows().chain, 100.03, 0.98));
  EXPECT_EQ(chain.slices.at(0).forward, Forward(100.03));
  EXPECT_EQ(chain.slices.at(0).discount, DiscountFactor(0.98));
  EXPECT_TRUE(chain.slices.at(0).forward_given);
  EXPECT_FALSE(prepared(good_rows().chain).slices.at(0).forward_given);
}

TEST(Prepare, StatesTheBandThatQuotesLeaveToAForwardThatIsGiven) {
  const ParityBand band = prepared(with_columns(good_rows().chain, 100.03, 0.99)).slices.at(0).parity;
  EXPECT_EQ(band.pairs, 3);
  EXPECT_TRUE(band.has_forward());
  EXPECT_NEAR(band.forward_low, 100 - 0.1 / 0.99, 1e-9);  // the summed half spreads over D
  EXPECT_NEAR(band.forward_high, 100 + 0.1 / 0.99, 1e-9);
  EXPECT_EQ(band.violation, 0);
  const ParityBand missed = prepared(with_columns(good_rows().chain, 101, 0.99)).slices.at(0).parity;
  EXPECT_TRUE(missed.has_forward());
  EXPECT_NEAR(missed.violation, 0.99 - 0.1, 1e-9);
}

TEST(Prepare, TakesTheRateBeforeTheFilesDiscount) {
  const Chain chain = prepared(with_columns(good_rows().chain, 100.03, 0.98), {.rate = 0.04});
  EXPECT_EQ(chain.slices.at(0).forward, Forward(100.03));
  EXPECT_DOUBLE_EQ(chain.slices.at(0).discount.value(), std::exp(-0.04 * 0.25));
}

TEST(Prepare, FindsTheForwardAtAGivenRate) {
  const Chain chain = prepared(good_rows().chain, {.rate = 0.04});
  EXPECT_DOUBLE_EQ(chain.slices.at(0).discount.value(), std::exp(-0.04 * 0.25));
  EXPECT_NEAR(chain.slices.at(0).forward.value(), 100, 0.11);  // within the summed half spreads over D
}

TEST(Prepare, TakesASuppliedForwardBeforeEverythingAndItsOwnRootFirst) {
  const RawChain raw = with_columns(good_rows().chain, 100.03, 0.98);
  const SuppliedForward any{{"2026-12-18", ""}, Forward(99.5), DiscountFactor(0.97)};
  const SuppliedForward own{{"2026-12-18", "SPX"}, Forward(99.6), std::nullopt};
  const Chain by_any = prepared(raw, {.root = "SPX", .rate = 0.04, .forwards = {any}});
  EXPECT_EQ(by_any.slices.at(0).forward, Forward(99.5));
  EXPECT_EQ(by_any.slices.at(0).discount, DiscountFactor(0.97));
  const Chain by_own = prepared(raw, {.root = "SPX", .forwards = {any, own}});
  EXPECT_EQ(by_own.slices.at(0).forward, Forward(99.6));
  EXPECT_EQ(by_own.slices.at(0).discount, DiscountFactor(0.98));
}

TEST(Prepare, NamesASuppliedForwardThatNoExpiryTakes) {
  EXPECT_EQ(problems_of(good_rows().chain, {.forwards = {{{"2026-12-19", ""}, Forward(100), {}}}}),
            Lines{"q.csv: expiry of a supplied forward is 2026-12-19, but must be one of the file's"});
}

// 2026-12-18 is a quarter of a year away; so is a day to which the file gives that time.
TEST(Prepare, NamesTwoExpiriesOfOneRootAtOneTime) {
  const auto with_t = [](const std::string& root) {
    Rows rows = good_rows();
    for (const double strike : {90, 100, 110})
      rows.pair("2026-12-19", strike, 100, 0.99, root);
    for (std::size_t i = 6; i < 12; ++i)
      rows.chain.quotes[i].t = YearFraction(0.25);
    return rows.chain;
  };
  EXPECT_EQ(problems_of(with_t("")),
            Lines{"q.csv:8: t of 2026-12-19 is 0.25, but must differ from that of 2026-12-18 on line 2"});
  EXPECT_EQ(problems_of(with_t("OTHER")), Lines{});
  RawChain lenient = with_t("");  // what is past is left out, and not compared
  for (RawQuote& quote : lenient.quotes)
    quote.t = YearFraction(-0.25);
  lenient.strict = false;
  for (const std::string& line : problems_of(lenient))
    EXPECT_EQ(line.find("must differ"), std::string::npos) << line;
}

TEST(Prepare, NamesRowsOfOneExpiryThatContradictEachOther) {
  RawChain raw = with_columns(good_rows().chain, 100, 0.99);
  raw.quotes[2].forward = 101;
  raw.quotes[3].discount = 0.98;
  raw.quotes[0].t = YearFraction(0.25);
  raw.quotes[4].t = YearFraction(0.5);
  raw.quotes[5].forward.reset();
  const Lines expected{"q.csv:4: forward is 101, but must be 100, as on line 2 for the same expiry, 2026-12-18",
                       "q.csv:5: discount is 0.98, but must be 0.99, as on line 2 for the same expiry, 2026-12-18",
                       "q.csv:6: t is 0.5, but must be 0.25, as on line 2 for the same expiry, 2026-12-18"};
  EXPECT_EQ(problems_of(raw), expected);
  EXPECT_EQ(problems_of(raw, {.strict = false}), expected);
}

TEST(Prepare, NamesOrLeavesOutAnExpiryWithoutAForward) {
  Rows rows = good_rows();
  for (const double strike : {90.0, 100.0, 110.0})
    rows.add("2027-03-19", strike, OptionType::call, 3, 3.1);
  EXPECT_EQ(problems_of(rows.chain), Lines{"q.csv:8: expiry 2027-03-19 has 0 strikes with a call and a put, but its "
                                           "forward needs 2: a column `forward`, "
                                           "or --forward FILE, would do as well"});
  EXPECT_EQ(problems_of(rows.chain, {.rate = 0.01}), Lines{"q.csv:8: expiry 2027-03-19 has 0 strikes with a call and a "
                                                           "put, but its forward needs 1: a column `forward`, "
                                                           "or --forward FILE, would do as well"});
  const Chain chain = prepared(rows.chain, {.strict = false});
  EXPECT_EQ(count_reasons(chain), (std::map<std::string_view, int>{{"none", 6}, {"no-forward", 3}}));
  EXPECT_EQ(chain.quotes.back().slice, -1);
}

TEST(Prepare, FindsTheForwardOfSinglePricesByParity) {
  Rows rows;
  rows.chain.kind = QuoteKind::price;
  for (const double strike : {90.0, 100.0, 110.0})
    for (const OptionType type : {OptionType::call, OptionType::put}) {
      const double price = 0.99 * black_price(type, Forward(102), Strike(strike), TotalVol(0.1)).value();
      rows.add("2026-12-18", strike, type, price, price);
    }
  const Chain chain = prepared(rows.chain);
  EXPECT_FALSE(chain.has_spread);
  EXPECT_NEAR(chain.slices.at(0).forward.value(), 102, 1e-6);
  EXPECT_NEAR(chain.slices.at(0).discount.value(), 0.99, 1e-6);
}

// --- vols -----------------------------------------------------------------------------------------------------------

Rows vol_rows(QuoteKind kind = QuoteKind::bid_ask_vol) {
  Rows rows;
  rows.chain.kind = kind;
  for (const double strike : {90.0, 100.0, 110.0})
    rows.add("2026-12-18", strike, {}, 0.2, 0.22);
  return rows;
}

TEST(Prepare, TurnsVolsIntoDiscountedPricesOfTheOptionOutOfTheMoney) {
  const Chain chain = prepared(with_columns(vol_rows().chain, 101, 0.98));
  for (const Quote& quote : chain.quotes) {
    const OptionType type = quote.strike < 101 ? OptionType::put : OptionType::call;
    EXPECT_EQ(quote.type, type);
    EXPECT_DOUBLE_EQ(quote.bid, 0.98 * black_price(type, Forward(101), Strike(quote.strike), TotalVol(0.1)).value());
    EXPECT_DOUBLE_EQ(quote.ask, 0.98 * black_price(type, Forward(101), Strike(quote.strike), TotalVol(0.11)).value());
    EXPECT_EQ(quote.bid_vol, 0.2);
    EXPECT_EQ(quote.ask_vol, 0.22);
  }
  EXPECT_TRUE(chain.has_spread);
}

TEST(Prepare, KeepsTheTypeThatARowOfVolsStates) {
  RawChain raw = with_columns(vol_rows().chain, 101, 0.98);
  raw.quotes[0].type = OptionType::call;
  EXPECT_DOUBLE_EQ(prepared(raw).quotes[0].bid,
                   0.98 * black_price(OptionType::call, Forward(101), Strike(90), TotalVol(0.1)).value());
}

TEST(Prepare, TakesADiscountFactorOfOneWhereVolsComeWithoutAny) {
  EXPECT_EQ(prepared(with_columns(vol_rows().chain, 101, {})).slices.at(0).discount, DiscountFactor(1));
}

TEST(Prepare, LeavesOutVolsThatStandForNone) {
  RawChain raw = with_columns(vol_rows().chain, 101, 0.98);
  raw.strict = false;
  const auto add = [&](double strike, std::optional<double> bid, std::optional<double> ask) {
    raw.quotes.push_back(raw.quotes.back());
    raw.quotes.back().strike = strike;
    raw.quotes.back().bid = bid;
    raw.quotes.back().ask = ask;
  };
  add(120, {}, 9.9);
  add(130, {}, 9.89);
  add(140, {}, {});
  add(500, {}, 1e-5);  // nothing is left of the price
  add(150, 0.3, 0.2);
  add(100, 0.2, 0.2);
  const Chain chain = prepared(raw);
  using enum Drop;
  EXPECT_EQ(reasons_of(chain),
            (std::vector<Drop>{none, none, none, placeholder, none, no_ask, placeholder, crossed, duplicate}));
  EXPECT_EQ(chain.quotes[4].bid, 0);
  EXPECT_EQ(chain.quotes[4].bid_vol, std::nullopt);
  EXPECT_EQ(problems_of(raw, {.strict = true}), (Lines{"q.csv:4: bid vol is 0.3, but must be at most the ask vol, 0.2",
                                                       "q.csv:4: duplicates line 3 (2026-12-18 100)"}));
}

TEST(Prepare, NamesVolsWithoutAForwardOncePerExpiry) {
  Rows rows = vol_rows();
  for (const double strike : {90.0, 100.0, 110.0})
    rows.add("2027-03-19", strike, {}, 0.2, 0.22);
  const Lines expected{
      "q.csv:2: expiry 2026-12-18 has no forward, but vols need one: a column `forward`, or --forward FILE",
      "q.csv:5: expiry 2027-03-19 has no forward, but vols need one: a column `forward`, or --forward FILE"};
  EXPECT_EQ(problems_of(rows.chain), expected);
  EXPECT_EQ(problems_of(rows.chain, {.strict = false}), expected);
}

TEST(Prepare, HasNoSpreadWhenTheFileGivesOneVol) {
  RawChain raw = with_columns(vol_rows(QuoteKind::vol).chain, 101, 0.98);
  for (RawQuote& quote : raw.quotes)
    quote.ask = quote.bid;
  const Chain chain = prepared(raw);
  EXPECT_FALSE(chain.has_spread);
  EXPECT_EQ(chain.quotes[1].bid, chain.quotes[1].ask);
}

// --- options --------------------------------------------------------------------------------------------------------

TEST(PrepareOptions, ListEverythingThatIsWrongWithThem) {
  EXPECT_EQ(PrepareOptions{}.problems(), Lines{});
  const PrepareOptions options{
      .rate = 5,
      .forwards = {{{"2026-12-18", ""}, Forward(NAN), DiscountFactor(0)}, {{"2026-12-18", ""}, Forward(100), {}}}};
  EXPECT_EQ(options.problems(), (Lines{"options: rate is 5, but must be from -1 to 1 (0.05 is 5 %)",
                                       "options: forward of 2026-12-18 is nan, but must be a number above 0",
                                       "options: discount of 2026-12-18 is 0, but must be above 0 and at most 10",
                                       "options: forward of 2026-12-18 is there twice, but must be there once"}));
  EXPECT_THROW(static_cast<void>(prepare(good_rows().chain, options)), PreconditionError);
  EXPECT_EQ((PrepareOptions{.rate = NAN}.problems().size()), 1u);
}

TEST(Drop, IsNamedAsInTheFilesThatAreWritten) {
  EXPECT_EQ(to_string(Drop::none), "none");
  EXPECT_EQ(to_string(Drop::no_ask), "no-ask");
  EXPECT_EQ(to_string(Drop::no_forward), "no-forward");
}

// --- laws -----------------------------------------------------------------------------------------------------------

// Whatever the rows say, a lenient preparation keeps them all, in order, and uses only what it says it uses.
TEST(Prepare, UsesNothingButQuotesThatObeyTheDefinition) {
  std::mt19937_64 random(20190628);  // fixed seed
  std::uniform_int_distribution<int> strike(1, 12), coin(0, 1), die(0, 9);
  std::uniform_real_distribution<double> price(0, 4);
  const std::vector<std::string> expiries{"2026-09-01", "2026-12-18", "2027-03-19"};
  int chains = 0;
  for (int trial = 0; trial < 300; ++trial) {
    Rows rows = good_rows();
    rows.chain.strict = false;
    for (int row = 0; row < 40; ++row) {
      const double bid = price(random), ask = bid + price(random) - 0.3;
      rows.add(expiries[static_cast<std::size_t>(die(random)) % 3], 10 * strike(random),
               coin(random) ? OptionType::call : OptionType::put, die(random) ? std::optional(bid) : std::nullopt,
               die(random) ? std::optional(ask) : std::nullopt);
    }
    const auto result = prepare(rows.chain);
    if (!result) continue;  // parity of random prices may ask for a negative forward
    ++chains;
    const Chain& chain = result.value();
    ASSERT_EQ(chain.quotes.size(), rows.chain.quotes.size());
    std::set<std::tuple<int, double, OptionType>> seen;
    for (std::size_t i = 0; i < chain.quotes.size(); ++i) {
      const Quote& quote = chain.quotes[i];
      ASSERT_EQ(quote.line, rows.chain.quotes[i].line);
      if (!quote.used()) continue;
      ASSERT_TRUE(0 <= quote.bid && quote.bid <= quote.ask && quote.ask > 0) << quote.line;
      ASSERT_GE(quote.slice, 0);
      ASSERT_GT(chain.slices[static_cast<std::size_t>(quote.slice)].t.value(), 0);
      ASSERT_TRUE(seen.emplace(quote.slice, quote.strike, quote.type).second) << quote.line;
    }
  }
  EXPECT_GT(chains, 100);
}

// --- real chains ----------------------------------------------------------------------------------------------------

Result<Chain> prepare_shared(const std::string& file) {
  const auto raw = read_chain_file((shared_folder() / file).string());
  return raw ? prepare(raw.value()) : Result<Chain>(raw.problems());
}

TEST(Prepare, UsesTheSpxwDayAsCounted) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto result = prepare_shared(file);
  ASSERT_TRUE(result) << result.problems().lines.front();
  const Chain& chain = result.value();
  EXPECT_EQ(chain.quotes.size(), 10'384u);
  ASSERT_EQ(chain.slices.size(), 30u);
  EXPECT_EQ(chain.slices[0].key.expiry, "2019-06-26");
  EXPECT_EQ(chain.slices[0].t, YearFraction(15 / 525'600.0));
  EXPECT_EQ(chain.slices[1].key.expiry, "2019-06-28");
  EXPECT_EQ(chain.slices[1].t, YearFraction((2 * 1440 + 15) / 525'600.0));
  int later = 0;
  for (const Quote& quote : chain.quotes)
    later += quote.used() && quote.slice > 0;
  EXPECT_EQ(later, 10'062);
  for (const ChainSlice& slice : chain.slices) {
    EXPECT_EQ(slice.parity.violation, 0) << slice.key.expiry;
    EXPECT_NEAR(slice.forward.value(), 2918, 40) << slice.key.expiry;
    EXPECT_GT(slice.discount.value(), 0.9) << slice.key.expiry;
  }
}

TEST(Prepare, UsesTheVolTablesAsCounted) {
  struct Fact {
    std::string file;
    std::size_t rows, slices;
    int placeholders;
  };
  for (const auto& [file, rows, slices, placeholders] :
       {Fact{"market_data/iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv", 7423, 48, 1},
        Fact{"market_data/iv_table_spx_vix_2023-02-15/vix_implied_vol_20230215.csv", 637, 12, 0}}) {
    if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
    const auto result = prepare_shared(file);
    ASSERT_TRUE(result) << result.problems().lines.front();
    const Chain& chain = result.value();
    EXPECT_EQ(chain.slices.size(), slices);
    auto counts = count_reasons(chain);
    EXPECT_EQ(counts["none"], static_cast<int>(rows) - placeholders);
    EXPECT_EQ(counts["placeholder"], placeholders);
    EXPECT_EQ(chain.quotes.size(), rows);
  }
}

}  // namespace
}  // namespace strikenet
