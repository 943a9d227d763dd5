#include "strikenet/fitting/fit_surface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "fitting/oracle_quotes.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/result.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

/// Quotes of flat vols, one a slice, `wide` currency around the price.
Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double wide) {
  Chain chain;
  for (const auto& [t, vol] : times_and_vols) {
    const auto strikes = oracle::strikes_between(100, vol * std::sqrt(t), -2.5, 2.5, 21);
    const auto calls = oracle::black_calls(vol, 100, t, strikes);
    const ExpiryKey key{"T=" + std::to_string(t)};
    for (std::size_t i = 0; i < strikes.size(); ++i)
      chain.quotes.push_back({.slice = static_cast<int>(chain.slices.size()),
                              .key = key,
                              .strike = strikes[i],
                              .type = OptionType::call,
                              .bid = std::max(calls[i] - wide, 0.0),
                              .ask = calls[i] + wide});
    chain.slices.push_back({key, YearFraction(t), Forward(100), DiscountFactor(1), {}});
  }
  return chain;
}

int inside(const SlicesFit& fit) {
  int count = 0;
  for (const FitResult& slice : fit.fits)
    count += slice.inside;
  return count;
}

TEST(FitSurface, IsProvedInTimeWhereSlicesOnTheirOwnAreNot) {
  // Total vols 0.1000 and 0.0999: out of order, but well within the spreads.
  const Chain chain = flat_chain({{0.25, 0.2}, {0.26, 0.0999 / std::sqrt(0.26)}}, 0.05);
  EXPECT_EQ(prove_arbitrage_free(fit_slices(chain, {}).surface).calendar, CalendarStatus::reported);
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_EQ(inside(fit), 42);
}

TEST(FitSurface, LeavesSlicesThatAreInOrderAsTheyAre) {
  const std::vector<std::pair<double, double>> times_and_vols = {{0.25, 0.2}, {1, 0.2}};
  const SlicesFit together = fit_surface(flat_chain(times_and_vols, 0.05), {});
  EXPECT_TRUE(prove_arbitrage_free(together.surface).arbitrage_free());
  for (std::size_t n = 0; n < 2; ++n) {
    const auto knots = together.fits[n].curve.knots();
    const SlicesFit alone = fit_surface(flat_chain({times_and_vols[n]}, 0.05), {.knots = {knots.begin(), knots.end()}});
    for (const double k : {0.8, 0.95, 1.0, 1.1})
      EXPECT_NEAR(together.fits[n].curve.call(k), alone.fits[0].curve.call(k), 1e-8);
  }
}

// --- roots that settle at one instant

/// flat_chain() with the slices from `first` on at the instant of the one before, under roots of their own.
Chain at_one_instant(const std::vector<std::pair<double, double>>& times_and_vols, double wide, std::size_t first = 1) {
  Chain chain = flat_chain(times_and_vols, wide);
  for (std::size_t i = first; i < chain.slices.size(); ++i) {
    chain.slices[i].key.root = std::string(1, static_cast<char>('A' + i));
    chain.slices[i].t = chain.slices[i - 1].t;
  }
  for (Quote& quote : chain.quotes)
    quote.key = chain.slices[static_cast<std::size_t>(quote.slice)].key;
  return chain;
}

bool same_law(const CallCurve& a, const CallCurve& b) {
  return std::ranges::equal(a.weights(), b.weights()) && std::ranges::equal(a.knots(), b.knots());
}

TEST(FitSurfaceAtOneInstant, IsOneLawThatBothRootsQuotesAllow) {
  const Chain chain = at_one_instant({{0.25, 0.2}, {0.5, 0.2}, {0.5, 0.201}, {0.5, 0.199}}, 0.05, 2);
  const SlicesFit fit = fit_surface(chain, {});
  ASSERT_EQ(fit.surface.slices.size(), 4U);
  EXPECT_TRUE(same_law(fit.fits[1].curve, fit.fits[2].curve));
  EXPECT_TRUE(same_law(fit.fits[1].curve, fit.fits[3].curve));
  const Certificate certificate = prove_arbitrage_free(fit.surface);
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::proved);
  EXPECT_EQ(inside(fit), 84);
  EXPECT_EQ(fit.surface.slices[2].key, chain.slices[2].key);
  EXPECT_TRUE(fit.fits[0].usable()) << fit.fits[0].message;
  // On their own they are three laws.
  EXPECT_EQ(prove_arbitrage_free(fit_slices(chain, {}).surface).calendar, CalendarStatus::reported);
}

TEST(FitSurfaceAtOneInstant, SaysWhichQuotesStandAgainstTheOthers) {
  const Chain chain = at_one_instant({{0.5, 0.25}, {0.5, 0.3}}, 0.02);
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(same_law(fit.fits[0].curve, fit.fits[1].curve));
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_LT(inside(fit), 42);
  EXPECT_GT(inside(fit), 0);
  // At the money the two are 1.4 apart, and what one is not missed by the other is.
  EXPECT_GT(fit.fits[0].largest_error + fit.fits[1].largest_error, 1);
}

TEST(FitSurfaceAtOneInstant, MeasuresQuotesInTheForwardsOfTheirRoots) {
  Chain chain = at_one_instant({{0.5, 0.25}, {0.5, 0.25}}, 0.05);
  chain.slices[1].forward = Forward(10);  // an option on a tenth, and money that is worth less
  chain.slices[0].discount = DiscountFactor(0.75);
  chain.slices[1].discount = DiscountFactor(0.75);
  for (Quote& quote : chain.quotes) {
    const double unit = quote.slice == 1 ? 0.1 : 1;
    quote.strike *= unit;
    quote.bid *= 0.75 * unit;
    quote.ask *= 0.75 * unit;
  }
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(same_law(fit.fits[0].curve, fit.fits[1].curve));
  EXPECT_EQ(inside(fit), 42);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  // Middles count twice against the same smoothness: that is worth less than a hundredth of a half spread.
  constexpr double kCountedTwice = 0.01 * 0.05 / 100;
  const SlicesFit one = fit_surface(flat_chain({{0.5, 0.25}}, 0.05), {});
  for (const double k : {0.8, 0.95, 1.0, 1.1})
    EXPECT_NEAR(fit.fits[0].curve.call(k), one.fits[0].curve.call(k), kCountedTwice) << k;
}

TEST(FitSurfaceAtOneInstant, HoldsVolsWithoutSpreadsToOneLawToo) {
  Chain chain = at_one_instant({{0.5, 0.25}, {0.5, 0.25}}, 0);
  chain.has_spread = false;
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(same_law(fit.fits[0].curve, fit.fits[1].curve));
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_LT(fit.fits[1].largest_error, 1e-3);
}

TEST(FitSurfaceAtOneInstant, CountsExpiriesForWhoWaits) {
  std::vector<int> seen;
  fit_surface(at_one_instant({{0.25, 0.2}, {0.5, 0.2}, {0.5, 0.2}}, 0.05, 2), {}, 1, [&](int n) { seen.push_back(n); });
  EXPECT_EQ(seen, (std::vector<int>{1, 3}));
}

TEST(FitSurface, IsProvedEvenWhereTheQuotesContradictEachOther) {
  const Chain chain = flat_chain({{0.25, 0.3}, {0.3, 0.2}, {1, 0.25}}, 0.01);
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_LT(inside(fit), 63);
}

TEST(FitSurface, DoesNotLetANoisyEarlyQuoteBindALaterExpiry) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}, {0.75, 0.2}}, 0.01);
  Quote& noisy = chain.quotes[10];  // at the money of the first expiry: dearer than the third
  noisy.bid += 4;
  noisy.ask += 4;
  const SlicesFit fit = fit_surface(chain, {});
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_LT(fit.fits[0].inside, 21);
  EXPECT_EQ(fit.fits[1].inside, 21);
  EXPECT_EQ(fit.fits[2].inside, 21);
}

TEST(FitSurface, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Chain consistent = flat_chain({{0.25, 0.2}, {0.26, 0.195}, {0.5, 0.2}}, 0.05),
              contradictory = flat_chain({{0.25, 0.3}, {0.3, 0.2}, {1, 0.25}}, 0.01);
  for (const Chain& chain : {consistent, contradictory}) {
    const SlicesFit one = fit_surface(chain, {}, 1), three = fit_surface(chain, {}, 3);
    for (std::size_t n = 0; n < 3; ++n) {
      const auto a = one.fits[n].curve.weights(), b = three.fits[n].curve.weights();
      EXPECT_TRUE(std::ranges::equal(a, b)) << n;
    }
  }
}

TEST(FitSurface, WorksWithEveryActivation) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.26, 0.195}}, 0.05);
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const SlicesFit fit = fit_surface(chain, {.activation = activation, .units = 120});
    EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free()) << to_string(activation);
    EXPECT_EQ(inside(fit), 42) << to_string(activation);
  }
}

TEST(FitSurface, RefusesUnitsThatDifferFromExpiryToExpiry) {
  const Chain chain = flat_chain({{0.25, 0.2}, {1, 0.2}}, 0.05);
  try {
    fit_surface(chain, {.activation = Activation::relu});
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(),
                 "fit_surface: number of common knots is 0, but must be positive: give relu a number of units");
  }
}

Chain shared_chain(const std::string& file) {
  return prepare(read_chain_file((shared_folder() / file).string()).value()).value();
}

TEST(FitSurface, PutsEveryQuoteOfTheSpxwDayInsideAndProvesIt) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const Chain chain = shared_chain(file);
  const SlicesFit fit = fit_surface(chain, {}, 2);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  EXPECT_EQ(inside(fit), 10384);
}

/// 8.00807 by the interior-point method of HiGHS, on the same units with the same order in time; its own gap is 5e-6.
TEST(FitSurface, MissesTheNseChainByNoMoreThanALinearProgramDoesAndOnlyWhereExpiriesContradictThemselves) {
  constexpr double kLeast = 8.00807, kDigits = 5e-5;
  const std::string file = "market_data/nse_banknifty_2021-05-17/option-chain-indices.json";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const Chain chain = shared_chain(file);
  const SlicesFit fit = fit_surface(chain, {}, 2);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  double missed = 0;
  std::set<std::string> where;
  for (const Quote& quote : chain.quotes) {
    if (!quote.used()) continue;
    const auto n = static_cast<std::size_t>(quote.slice);
    const double price = chain.slices[n].discount.value() * fit.fits[n].price(quote.type, Strike(quote.strike)).value();
    missed += std::max({quote.bid - price, price - quote.ask, 0.0}) / ((quote.ask - quote.bid) / 2);
    if (fit.fits[n].inside < fit.fits[n].quotes_with_spread) where.insert(chain.slices[n].key.expiry);
    EXPECT_EQ(fit.fits[n].termination, Termination::optimal) << fit.fits[n].message;
  }
  EXPECT_NEAR(missed, kLeast, kDigits);
  EXPECT_EQ(where, (std::set<std::string>{"2021-05-20", "2021-06-24"}));
}

/// Middles with butterflies of less than 0 among them: vols that no law has, and vols hundreds of basis points from it.
TEST(FitSurface, ArrivesWhereVolsWithoutASpreadContradictEachOther) {
  const std::string file = "market_data/arbitragerepair_sample/sample.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const SlicesFit fit = fit_surface(shared_chain(file), {}, 2);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  for (const FitResult& slice : fit.fits)
    EXPECT_EQ(slice.termination, Termination::optimal) << slice.message;
}

}  // namespace
}  // namespace strikenet
