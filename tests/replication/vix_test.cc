#include "strikenet/replication/vix.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/published_table.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::published_rows;
using testing_support::skip_text;

constexpr double kRounding = 1e-12;
constexpr double kPrintedDigits = 1e-9;  // of the published sums

// The example of Cboe's white paper; minutes, rates and the quotes at the forward's strike are in the file's comments.
TEST(Vix, IsTheWorkedExampleOfCboe) {
  const std::string file = "reference/cboe_vix_example.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<VixOption> near, next;
  std::vector<double> near_rows, next_rows;
  for (const auto& row : published_rows(file)) {
    (row[0] == "near" ? near : next).push_back({std::stod(row[1]), std::stod(row[3])});
    (row[0] == "near" ? near_rows : next_rows).push_back(std::stod(row[5]));
  }
  ASSERT_EQ(near.size(), 146u);
  ASSERT_EQ(next.size(), 122u);
  const YearFraction near_t(34'484 / 525'600.0), next_t(44'954 / 525'600.0);
  const double near_rate = 0.00031664, next_rate = 0.00028797;
  const Forward near_forward(1965 + std::exp(near_rate * near_t.value()) * (21.05 - 23.15));
  const Forward next_forward(1960 + std::exp(next_rate * next_t.value()) * (27.30 - 24.90));
  EXPECT_NEAR(near_forward.value(), 1962.89996, 5e-6);
  EXPECT_NEAR(next_forward.value(), 1962.40006, 5e-6);
  const VixTerm near_term = vix_term(near, 1960, near_forward, near_t, near_rate);
  const VixTerm next_term = vix_term(next, 1960, next_forward, next_t, next_rate);
  for (std::size_t i = 0; i < near_rows.size(); ++i)
    EXPECT_NEAR(near_term.options[i].contribution, near_rows[i], kRounding) << near_term.options[i].strike;
  for (std::size_t i = 0; i < next_rows.size(); ++i)
    EXPECT_NEAR(next_term.options[i].contribution, next_rows[i], kRounding) << next_term.options[i].strike;
  EXPECT_NEAR(near_term.strip, 0.0006320516, kPrintedDigits);
  EXPECT_NEAR(next_term.strip, 0.0008314016, kPrintedDigits);
  EXPECT_NEAR(near_term.variance, 0.019233906, kPrintedDigits);
  EXPECT_NEAR(next_term.variance, 0.019423884, kPrintedDigits);
  EXPECT_NEAR(vix_index(near_term, next_term), 13.927842, 5e-5);
}

/// Bids and asks 0.2 apart; a bid of 0 where `price` is 0.
HedgeQuote quote(OptionType type, double strike, double price) {
  return {type, Strike(strike), price > 0 ? price - 0.1 : 0, price > 0 ? price + 0.1 : 0.05};
}

// By hand: call and put are nearest at 105, which gives F = 105 + 1 - 1.5 = 104.5 and K0 = 100. The put at 80 has no
// bid and is passed over; those at 70 and 65 are the second and third in a row, so 60 counts no more.
TEST(Vix, SelectsByTheRulesOfTwoZeroBids) {
  const auto put = OptionType::put, call = OptionType::call;
  const std::vector<HedgeQuote> quotes{
      quote(put, 60, 0.3), quote(put, 65, 0),     quote(put, 70, 0),    quote(put, 75, 0.5), quote(put, 80, 0),
      quote(put, 90, 1),   quote(put, 100, 2),    quote(put, 105, 4),   quote(put, 110, 8),  quote(call, 90, 15),
      quote(call, 100, 6), quote(call, 105, 3.5), quote(call, 110, 1),  quote(call, 115, 0), quote(call, 120, 0.4),
      quote(call, 125, 0), quote(call, 130, 0),   quote(call, 140, 0.3)};
  const auto term = vix_term(quotes, YearFraction(0.1), 0);
  ASSERT_TRUE(term);
  EXPECT_NEAR(term->forward, 104.5, kRounding);
  EXPECT_EQ(term->k0, 100);
  std::vector<double> strikes;
  for (const VixOption& option : term->options)
    strikes.push_back(option.strike);
  EXPECT_EQ(strikes, (std::vector<double>{75, 90, 100, 105, 110, 120}));
  EXPECT_NEAR(term->options[2].price, 4, kRounding);
  double strip = 15 * 0.5 / (75 * 75.0) + 12.5 * 1 / (90 * 90.0) + 7.5 * 4 / (100 * 100.0) + 5 * 3.5 / (105 * 105.0) +
                 7.5 * 1 / (110 * 110.0) + 10 * 0.4 / (120 * 120.0);
  EXPECT_NEAR(term->strip, strip, kRounding);
  EXPECT_NEAR(term->variance, (2 * strip - 0.045 * 0.045) / 0.1, kRounding);
}

TEST(Vix, IsStraightInTimeBetweenTheExpiries) {
  const auto term = [](double days, double variance) {
    return VixTerm{.t = YearFraction(days / 365), .variance = variance};
  };
  EXPECT_NEAR(vix_index(term(30, 0.04), term(37, 0.09)), 20, kRounding);
  EXPECT_NEAR(vix_index(term(20, 0.04), term(40, 0.04)), 20, kRounding);
  EXPECT_NEAR(vix_index(term(24, 0.04), term(36, 0.09)), 100 * std::sqrt((24 * 0.04 + 36 * 0.09) / 60), kRounding);
  EXPECT_TRUE(std::isnan(vix_index(term(24, -0.04), term(36, -0.04))));
}

TEST(Vix, NeedsACallAndAPutWithBids) {
  EXPECT_FALSE(vix_term(std::vector<HedgeQuote>{}, YearFraction(1), 0));
  EXPECT_FALSE(vix_term(std::vector<HedgeQuote>{quote(OptionType::call, 100, 3), quote(OptionType::put, 100, 0)},
                        YearFraction(1), 0));
  EXPECT_FALSE(vix_term(std::vector<HedgeQuote>{quote(OptionType::call, 100, 3), quote(OptionType::put, 100, 3)},
                        YearFraction(1), 0));
  // The forward, 90, is below every strike: there is no K0.
  EXPECT_FALSE(vix_term(std::vector<HedgeQuote>{quote(OptionType::call, 100, 3), quote(OptionType::put, 100, 13),
                                                quote(OptionType::call, 110, 1)},
                        YearFraction(1), 0));
}

TEST(Vix, TakesTheExpiriesAround30Days) {
  Chain chain;
  for (const auto& [days, root] : {std::pair(10.0, "A"), {29.0, "B"}, {30.0, "A"}, {33.0, "B"}, {40.0, "A"}})
    chain.slices.push_back({.key = {std::to_string(days), root}, .t = YearFraction(days / 365)});
  const auto any = vix_slices(chain), of_b = vix_slices(chain, "B");
  ASSERT_TRUE(any && of_b);
  EXPECT_EQ(any->near, 2u);
  EXPECT_EQ(any->next, 3u);
  EXPECT_EQ(of_b->near, 1u);
  EXPECT_EQ(of_b->next, 3u);
  EXPECT_FALSE(vix_slices(chain, "C"));
  chain.slices.resize(3);
  EXPECT_FALSE(vix_slices(chain));
}

TEST(Vix, LooksAtQuotesWithoutABidEvenWhereTheyAreNotUsed) {
  Chain chain;
  chain.slices = {{.key = {"B"}, .t = YearFraction(2), .forward = Forward(100), .discount = DiscountFactor(0.5)}};
  chain.quotes = {
      {.slice = 0, .key = {"B"}, .strike = 110, .type = OptionType::call, .bid = 3, .ask = 4},
      {.slice = 0, .key = {"B"}, .strike = 120, .type = OptionType::call, .dropped = Drop::no_ask},
      {.slice = 0, .key = {"B"}, .strike = 95, .type = OptionType::put, .bid = 3, .ask = 2, .dropped = Drop::crossed},
      {.slice = 0,
       .key = {"B"},
       .strike = 80,
       .type = OptionType::put,
       .bid = 0,
       .ask = 2,
       .bid_vol = 0,
       .ask_vol = 0.3},
      {.slice = -1, .key = {"C"}, .strike = 80, .type = OptionType::put, .bid = 1, .ask = 2}};
  const std::vector<HedgeQuote> quotes = vix_quotes(chain, 0);
  ASSERT_EQ(quotes.size(), 4u);
  EXPECT_EQ(quotes[1].strike.value(), 120);
  EXPECT_EQ(quotes[1].bid, 0);
  EXPECT_EQ(quotes[3].type, OptionType::call);
  EXPECT_EQ(quotes[3].bid, 0);
  EXPECT_EQ(quotes[3].ask, 12);
}

TEST(Vix, SaysWhichNumberIsWrong) {
  using testing_support::words;
  const auto of = [](std::vector<VixOption> options, double k0, double forward = 100, double t = 1, double rate = 0) {
    return words([&] { vix_term(options, k0, Forward(forward), YearFraction(t), rate); });
  };
  EXPECT_EQ(of({{100, 1}}, 100), "vix_term: number of options is 1, but must be at least 2");
  EXPECT_EQ(of({{90, 1}, {100, 1}}, 95), "vix_term: K0 is 95, but must be one of the strikes");
  EXPECT_EQ(of({{100, 1}, {90, 1}}, 90),
            "vix_term: strike is 90, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(of({{90, -1}, {100, 1}}, 90), "vix_term: price is -1, but must be finite and at least 0");
  EXPECT_EQ(of({{90, 1}, {100, 1}}, 90, -5), "vix_term: forward is -5, but must be positive and finite");
  EXPECT_EQ(of({{90, 1}, {100, 1}}, 90, 5, 0), "vix_term: t is 0, but must be positive and finite");
  EXPECT_EQ(of({{90, 1}, {100, 1}}, 90, 5, 1, std::nan("")), "vix_term: rate is nan, but must be finite");
  EXPECT_EQ(words([] { vix_index({}, {}); }), "vix_index: near t is 0, but must be positive");
  EXPECT_EQ(words([] { vix_quotes({}, 0); }), "vix_quotes: slice is 0, but must be one of the chain's");
}

}  // namespace
}  // namespace strikenet
