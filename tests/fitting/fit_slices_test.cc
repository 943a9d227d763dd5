#include "strikenet/fitting/fit_slices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "fitting/oracle_quotes.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/result.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using oracle::Engine;
using oracle::model_smile;
using oracle::quotes_around;
using oracle::strikes_between;
using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kPaidForOne = 0.9;  // discount factor of every slice here

/// Calls and puts of QuantLib's Heston engine on the tick, at every t.
Chain heston_chain(const std::vector<double>& times) {
  Chain chain{.underlying = "X", .as_of = parse_instant("2026-01-02T21:00Z")};
  for (const double t : times) {
    const double forward = 1000 * (1 + t / 50);
    const ExpiryKey key{"T=" + std::to_string(t), "R"};
    const auto smile =
        model_smile(Engine::heston, forward, t, strikes_between(forward, 0.2 * std::sqrt(t), -3, 2.5, 15));
    for (const auto& [strike, type, bid, ask] : quotes_around(smile, 0.05, 2))
      chain.quotes.push_back({.slice = static_cast<int>(chain.slices.size()),
                              .key = key,
                              .strike = strike.value(),
                              .type = type,
                              .bid = kPaidForOne * bid.value(),
                              .ask = kPaidForOne * ask.value()});
    chain.slices.push_back({key, YearFraction(t), Forward(forward), DiscountFactor(kPaidForOne), {}});
  }
  return chain;
}

Chain three_slices() { return heston_chain({0.05, 0.25, 1}); }

std::vector<double> numbers(std::span<const double> span) { return {span.begin(), span.end()}; }

std::vector<std::vector<double>> weights_of(const SlicesFit& fit) {
  std::vector<std::vector<double>> weights;
  for (const SurfaceSlice& slice : fit.surface.slices)
    weights.push_back(numbers(slice.curve.weights()));
  return weights;
}

int inside(const SlicesFit& fit) {
  int sum = 0;
  for (const FitResult& slice : fit.fits)
    sum += slice.inside;
  return sum;
}

TEST(FitSlices, FitsEverySliceInItsOrder) {
  const Chain chain = three_slices();
  const SlicesFit fit = fit_slices(chain, {});
  EXPECT_TRUE(fit.usable());
  EXPECT_EQ(fit.surface.as_of, "2026-01-02T21:00Z");
  EXPECT_EQ(fit.surface.underlying, "X");
  EXPECT_EQ(fit.surface.activation, Activation::cubic);
  ASSERT_EQ(fit.surface.slices.size(), 3U);
  ASSERT_EQ(fit.fits.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const SurfaceSlice& slice = fit.surface.slices[i];
    EXPECT_EQ(slice.key, chain.slices[i].key);
    EXPECT_EQ(slice.t, chain.slices[i].t);
    EXPECT_EQ(slice.forward, chain.slices[i].forward);
    EXPECT_EQ(slice.discount, chain.slices[i].discount);
    EXPECT_EQ(numbers(slice.curve.weights()), numbers(fit.fits[i].curve.weights()));
    EXPECT_EQ(fit.fits[i].inside, 30);
  }
  for (const Quote& quote : chain.quotes) {  // as quoted: discounted
    const double model =
        price(fit.surface.slices[static_cast<std::size_t>(quote.slice)], quote.type, Strike(quote.strike));
    EXPECT_TRUE(quote.bid - 1e-6 <= model && model <= quote.ask + 1e-6) << to_string(quote.key) << " " << quote.strike;
  }
}

TEST(FitSlices, GivesTheSameBitsForAnyNumberOfThreads) {
  const Chain chain = heston_chain({0.05, 0.1, 0.25, 0.5, 1});
  const FitOptions options{.units = 80};
  const auto expected = weights_of(fit_slices(chain, options, 1));
  for (const int threads : {2, 3, 8})
    EXPECT_EQ(weights_of(fit_slices(chain, options, threads)), expected) << threads;
}

TEST(FitSlices, FitsASliceAsItWouldAlone) {
  const Chain chain = three_slices();
  const SlicesFit fit = fit_slices(chain, {});
  FitOptions options;
  options.knots = numbers(fit.surface.slices[1].curve.knots());
  std::vector<SmileQuote> quotes;
  for (const Quote& quote : chain.quotes)
    if (quote.slice == 1)
      quotes.push_back(
          {Strike(quote.strike), quote.type, Price(quote.bid / kPaidForOne), Price(quote.ask / kPaidForOne)});
  EXPECT_EQ(numbers(fit_smile(quotes, chain.slices[1].forward, options).curve.weights()), weights_of(fit)[1]);
}

TEST(FitSlices, ReportsProgressOncePerSliceFromOneThreadAtATime) {
  for (const int threads : {1, 3}) {
    std::vector<int> seen;
    std::atomic<int> at_once = 0;
    fit_slices(three_slices(), {.units = 40}, threads, [&](int done) {
      EXPECT_EQ(++at_once, 1);
      seen.push_back(done);
      std::this_thread::yield();
      --at_once;
    });
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 3})) << threads << " threads";
  }
}

TEST(FitSlices, PassesOnWhatProgressThrows) {
  for (const int threads : {1, 2})
    EXPECT_THROW(fit_slices(three_slices(), {.units = 40}, threads, [](int) { throw std::runtime_error("enough"); }),
                 std::runtime_error);
}

TEST(FitSlices, SharesKnotsWideAndFineEnoughForAllSlices) {
  for (const Activation activation : {Activation::quadratic, Activation::cubic}) {
    const SlicesFit fit = fit_slices(three_slices(), {.activation = activation});
    const auto knots = numbers(fit.surface.slices.front().curve.knots());
    for (const SurfaceSlice& slice : fit.surface.slices)
      EXPECT_EQ(numbers(slice.curve.knots()), knots);
    EXPECT_LT(knots.front(), std::exp(-10 * 0.15)) << "ten total vols of the last slice, of 15 % and more";
    EXPECT_GT(knots.back(), std::exp(8 * 0.15));
    const auto money = std::ranges::upper_bound(knots, 1.0);
    EXPECT_LT(*money - *(money - 1), 0.2 * std::sqrt(0.05) / 2) << "two a total vol of the first slice";
  }
}

TEST(FitSlices, GivesReluUnitsTheStrikesOfTheirExpiry) {
  const Chain chain = three_slices();
  const SlicesFit fit = fit_slices(chain, {.activation = Activation::relu});
  EXPECT_TRUE(fit.usable());
  EXPECT_EQ(inside(fit), 90);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto knots = numbers(fit.surface.slices[i].curve.knots());
    ASSERT_EQ(knots.size(), 17U);
    EXPECT_EQ(knots[1], chain.quotes[30 * i].strike / chain.slices[i].forward.value());
  }
}

TEST(FitSlices, SharesAsManyReluUnitsAsItIsToldToOrTheKnotsThatItIsGiven) {
  const SlicesFit counted = fit_slices(three_slices(), {.activation = Activation::relu, .units = 50});
  const auto knots = numbers(counted.surface.slices.front().curve.knots());
  EXPECT_EQ(knots.size(), 50U);
  for (const SurfaceSlice& slice : counted.surface.slices)
    EXPECT_EQ(numbers(slice.curve.knots()), knots);
  const SlicesFit given = fit_slices(three_slices(), {.activation = Activation::cubic, .knots = knots});
  for (const SurfaceSlice& slice : given.surface.slices)
    EXPECT_EQ(numbers(slice.curve.knots()), knots);
}

TEST(FitSlices, LooksOnlyAtQuotesThatAreUsed) {
  Chain chain = three_slices();
  const auto expected = weights_of(fit_slices(chain, {.units = 40}));
  Quote bad = chain.quotes[5];
  bad.bid = bad.ask = 1e6;
  bad.dropped = Drop::duplicate;
  chain.quotes.push_back(bad);
  bad.slice = -1;
  bad.dropped = Drop::expired;
  chain.quotes.insert(chain.quotes.begin(), bad);
  EXPECT_EQ(weights_of(fit_slices(chain, {.units = 40})), expected);
}

TEST(FitSlices, SaysWhichStrikesWereQuoted) {
  Chain chain = three_slices();
  double lowest = 1e9, highest = 0;
  for (const Quote& quote : chain.quotes)
    if (quote.slice == 1) {
      lowest = std::min(lowest, quote.strike);
      highest = std::max(highest, quote.strike);
    }
  const SlicesFit fit = fit_slices(chain, {});
  EXPECT_EQ(fit.surface.slices[1].quoted, (QuotedStrikes{lowest, highest}));
}

TEST(FitSlices, IsUsableOnlyWhenEverySliceIs) {
  SlicesFit fit = fit_slices(three_slices(), {.units = 40});
  EXPECT_TRUE(fit.usable());
  fit.fits[1].termination = Termination::stalled;
  EXPECT_FALSE(fit.usable());
  EXPECT_FALSE(fit_slices(three_slices(), {.max_iterations = 1}).usable());
}

std::string words_of(const Chain& chain, const FitOptions& options, int threads) {
  try {
    fit_slices(chain, options, threads);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FitSlices, SaysWhichRuleIsBroken) {
  EXPECT_EQ(words_of({}, {}, 1), "fit_slices: number of slices is 0, but must be at least 1");
  EXPECT_EQ(words_of(three_slices(), {}, 0), "fit_slices: threads is 0, but must be at least 1");
  EXPECT_EQ(words_of(three_slices(), {.units = 2}, 1), "FitOptions: units is 2, but must be 0 or 3 to 2000");
  EXPECT_EQ(words_of(three_slices(), {.units = 2}, 3), "FitOptions: units is 2, but must be 0 or 3 to 2000");
  Chain before = three_slices();
  before.slices[1].t = YearFraction(before.slices[0].t.value() / 2);
  EXPECT_EQ(words_of(before, {}, 1),
            "fit_slices: t of slice T=0.250000 R is 0.025000000000000001, but must not be before that of the slice "
            "before it");
  Chain twice = three_slices();
  twice.slices[1].t = twice.slices[0].t;
  EXPECT_EQ(words_of(twice, {}, 1),
            "fit_slices: t of slice T=0.250000 R is 0.050000000000000003, but must be later than that of " +
                to_string(twice.slices[0].key) + ", which has the same root");
}

// --- real days ------------------------------------------------------------------------------------------------------

TEST(FitSlices, PutsEveryQuoteOfARealDayInsideItsSpreadAndCanBeProved) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto raw = read_chain_file((shared_folder() / file).string());
  ASSERT_TRUE(raw) << raw.problems().lines.front();
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  const SlicesFit fit = fit_slices(chain.value(), {}, 2);
  EXPECT_TRUE(fit.usable());
  ASSERT_EQ(fit.surface.slices.size(), 30U);
  EXPECT_EQ(fit.surface.slices[0].key.expiry, "2019-06-26");  // of the quote date
  EXPECT_EQ(fit.fits[0].inside, 322);
  EXPECT_EQ(inside(fit) - fit.fits[0].inside, 10'062);
  const Certificate certificate = prove_arbitrage_free(fit.surface);
  EXPECT_TRUE(certificate.slices_proved);
  EXPECT_LE(certificate.largest_move, 1e-12);
}

TEST(FitSlices, PutsEveryQuoteOfTheBundledChainInsideItsSpreadWithEveryActivation) {
  const auto raw = read_chain_file(STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv");
  ASSERT_TRUE(raw) << raw.problems().lines.front();
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const SlicesFit fit = fit_slices(chain.value(), {.activation = activation}, 2);
    EXPECT_TRUE(fit.usable()) << to_string(activation);
    EXPECT_EQ(inside(fit), 626) << to_string(activation);
    EXPECT_TRUE(prove_arbitrage_free(fit.surface).slices_proved) << to_string(activation);
  }
}

}  // namespace
}  // namespace strikenet
