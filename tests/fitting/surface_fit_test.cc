#include "strikenet/fitting/surface_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "fitting/flat_chain.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/result.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

// A fit that starts from another one's solution, and what its quotes contribute to its prices. That derivatives are
// those of the minimum is tested in quote_sensitivity_test.cc.
namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kForward = 100;
constexpr double kSame = 1e-10;     // forwards: what refit() promises; rounding times the condition of the problem
constexpr double kRounding = 1e-9;  // of a derivative

Chain chain_of_file(const std::string& path) { return prepare(read_chain_file(path).value()).value(); }
Chain generated() { return chain_of_file(std::string(STRIKENET_SOURCE_DIR) + "/market_data/bates_2026/chain.csv"); }

/// Out-of-the-money quotes of flat vols, `half` currency to either side of the price; 0: no spread.
Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double half, int strikes_a_slice = 15) {
  constexpr double kDiscount = 0.98;
  Chain chain = oracle::flat_chain(times_and_vols, kForward, 2, strikes_a_slice, half);
  for (ChainSlice& slice : chain.slices)
    slice.discount = DiscountFactor(kDiscount);
  for (Quote& quote : chain.quotes) {
    quote.bid *= kDiscount;
    quote.ask *= kDiscount;
  }
  return chain;
}

/// The knots of a fit, as options: they stay what they are when quotes change.
FitOptions with_knots_of(const SurfaceFit& fit) {
  FitOptions options = fit.options();
  const auto knots = fit.result().fits.front().curve.knots();
  options.knots.assign(knots.begin(), knots.end());
  return options;
}

void move(Quote& quote, double spreads) {
  const double by = spreads * (quote.ask - quote.bid);
  quote.bid += by;
  quote.ask += by;
}

/// The largest difference of prices of all used quotes, in forwards.
double apart(const Chain& chain, const SlicesFit& one, const SlicesFit& other) {
  double largest = 0;
  for (const Quote& quote : chain.quotes) {
    if (!quote.used()) continue;
    const auto n = static_cast<std::size_t>(quote.slice);
    const double k = quote.strike / chain.slices[n].forward.value();
    const CallCurve &a = one.fits[n].curve, &b = other.fits[n].curve;
    largest = std::max({largest, std::abs(a.call(k) - b.call(k)), std::abs(a.put(k) - b.put(k))});
  }
  return largest;
}

/// Refits and fits anew; both are proved where one is.
void expect_refit_is_fit(const SurfaceFit& before, const Chain& changed, bool warm, int threads = 1) {
  const SurfaceFit refit = before.refit(changed, threads);
  const SlicesFit cold = fit_surface(changed, before.options(), threads);
  EXPECT_EQ(refit.warm(), warm);
  EXPECT_LE(apart(changed, refit.result(), cold), kSame) << refit.result().fits.front().message;
  EXPECT_EQ(prove_arbitrage_free(refit.result().surface).arbitrage_free(),
            prove_arbitrage_free(cold.surface).arbitrage_free());
  for (std::size_t n = 0; n < cold.fits.size(); ++n) {
    EXPECT_EQ(refit.result().fits[n].inside, cold.fits[n].inside) << n;
    EXPECT_EQ(refit.result().fits[n].usable(), cold.fits[n].usable()) << n;
  }
}

// --- refits

TEST(SurfaceFit, IsWhatFitSurfaceGives) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {});
  const SlicesFit same = fit_surface(chain, {});
  EXPECT_FALSE(fit.warm());
  EXPECT_EQ(fit.chain().quotes.size(), chain.quotes.size());
  for (std::size_t n = 0; n < 2; ++n)
    EXPECT_TRUE(std::ranges::equal(fit.result().fits[n].curve.weights(), same.fits[n].curve.weights())) << n;
}

TEST(SurfaceFit, RefitsOneQuoteOfTheGeneratedChainAsIfFittedAnew) {
  const Chain chain = generated();
  const SurfaceFit fit(chain, with_knots_of(SurfaceFit(chain, {})));
  for (const std::size_t at : {20U, 333U, 600U}) {
    Chain changed = chain;
    for (std::size_t q = at; q < changed.quotes.size(); ++q)
      if (changed.quotes[q].used() && changed.quotes[q].bid > 0) {
        move(changed.quotes[q], 0.5);
        break;
      }
    expect_refit_is_fit(fit, changed, true);
  }
}

TEST(SurfaceFit, RefitsAllQuotesOfAnExpiryOfTheGeneratedChainAsIfFittedAnew) {
  const Chain chain = generated();
  const SurfaceFit fit(chain, with_knots_of(SurfaceFit(chain, {})));
  for (const int slice : {0, 4, 7}) {
    Chain changed = chain;
    for (Quote& quote : changed.quotes)
      if (quote.used() && quote.slice == slice && quote.bid > 0) move(quote, 0.2);
    expect_refit_is_fit(fit, changed, true);
  }
}

TEST(SurfaceFit, RefitsTheSpxwDayAsIfFittedAnew) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const Chain chain = chain_of_file((shared_folder() / file).string());
  const SurfaceFit fit(chain, with_knots_of(SurfaceFit(chain, {}, 2)), 2);
  Chain changed = chain;
  for (Quote& quote : changed.quotes)
    if (quote.used() && quote.slice == 12 && quote.bid > 0) move(quote, 0.1);
  expect_refit_is_fit(fit, changed, true, 2);
}

TEST(SurfaceFit, FitsAnewWhereKnotsFollowTheChangedQuote) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {});
  Chain changed = chain;
  move(changed.quotes[7], 0.5);  // at the money of the first expiry: its vol is the smallest
  expect_refit_is_fit(fit, changed, false);
  Chain elsewhere = chain;
  move(elsewhere.quotes[3], 0.5);
  expect_refit_is_fit(fit, elsewhere, true);
}

TEST(SurfaceFit, RefitsWhatItWasMadeOfToTheSameBits) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.26, 0.195}, {0.5, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {});
  const SurfaceFit same = fit.refit(chain);
  EXPECT_TRUE(same.warm());
  for (std::size_t n = 0; n < 3; ++n)
    EXPECT_TRUE(std::ranges::equal(same.result().fits[n].curve.weights(), fit.result().fits[n].curve.weights())) << n;
  EXPECT_EQ(same.sensitivities(Strike(101), 1), fit.sensitivities(Strike(101), 1));
}

TEST(SurfaceFit, IsGivenBackWithTheNamesOfTheChangedChain) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  Chain renamed = chain;
  renamed.underlying = "XYZ";
  renamed.quotes[0].line = 77;
  const SurfaceFit fit = SurfaceFit(chain, {}).refit(renamed);
  EXPECT_EQ(fit.result().surface.underlying, "XYZ");
  EXPECT_EQ(fit.chain().quotes[0].line, 77);
}

TEST(SurfaceFit, FollowsAChainOfManySmallChangesWithoutDrifting) {
  const Chain chain = generated();
  const FitOptions options = with_knots_of(SurfaceFit(chain, {}));
  SurfaceFit fit(chain, options);
  Chain changed = chain;
  for (int round = 0; round < 5; ++round) {
    for (std::size_t q = static_cast<std::size_t>(round); q < changed.quotes.size(); q += 97)
      if (changed.quotes[q].used() && changed.quotes[q].bid > 0) move(changed.quotes[q], round % 2 == 0 ? 0.3 : -0.2);
    fit = fit.refit(changed);
  }
  EXPECT_LE(apart(changed, fit.result(), fit_surface(changed, options)), kSame);
}

TEST(SurfaceFit, RefitsWithAnExpiryMoreOrLess) {
  const std::vector<std::pair<double, double>> three{{0.25, 0.2}, {0.5, 0.2}, {1, 0.2}}, two{{0.25, 0.2}, {1, 0.2}};
  const SurfaceFit of_three(flat_chain(three, 0.05), {}), of_two(flat_chain(two, 0.05), {});
  expect_refit_is_fit(of_three, flat_chain(two, 0.05), false);
  expect_refit_is_fit(of_two, flat_chain(three, 0.05), false);
}

TEST(SurfaceFit, RefitsWithAStrikeMoreOrLess) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}, {1, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {});
  Chain less = chain;
  less.quotes.erase(less.quotes.begin() + 20);
  expect_refit_is_fit(fit, less, true);
  expect_refit_is_fit(fit.refit(less), chain, true);
}

TEST(SurfaceFit, RefitsQuotesThatComeToContradictEachOther) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}, {1, 0.2}}, 0.05);
  const SurfaceFit fit(chain, with_knots_of(SurfaceFit(chain, {})));
  Chain changed = chain;
  move(changed.quotes[18], 20);
  expect_refit_is_fit(fit, changed, false);
  expect_refit_is_fit(fit.refit(changed), chain, true);
}

TEST(SurfaceFit, RefitsVolsAndRobustLossesByFittingAnew) {
  const Chain vols = flat_chain({{0.25, 0.2}, {0.5, 0.21}}, 0);
  Chain changed = vols;
  changed.quotes[4].bid = changed.quotes[4].ask *= 1.001;
  expect_refit_is_fit(SurfaceFit(vols, {}), changed, false);
  const Chain spreads = flat_chain({{0.25, 0.2}, {0.5, 0.21}}, 0.05);
  Chain moved = spreads;
  move(moved.quotes[3], 0.2);
  expect_refit_is_fit(SurfaceFit(spreads, {.loss = Loss::huber}), moved, false);
}

TEST(SurfaceFit, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.26, 0.195}, {0.5, 0.2}}, 0.05);
  Chain changed = chain;
  move(changed.quotes[20], 0.5);
  const SurfaceFit fit(chain, {});
  const SurfaceFit one = fit.refit(changed, 1), three = SurfaceFit(chain, {}, 3).refit(changed, 3);
  for (std::size_t n = 0; n < 3; ++n)
    EXPECT_TRUE(std::ranges::equal(one.result().fits[n].curve.weights(), three.result().fits[n].curve.weights())) << n;
  EXPECT_EQ(one.sensitivities(Strike(100), 1), three.sensitivities(Strike(100), 1));
}

TEST(SurfaceFit, IsGoneFromNoCopyWhenTheFirstIs) {
  const auto fitted = [] { return SurfaceFit(flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05), {}); };
  const SurfaceFit copy = SurfaceFit(fitted());
  EXPECT_EQ(copy.sensitivities(Strike(100), 0).size(), copy.chain().quotes.size());
}

// --- roots that settle at one instant

/// flat_chain(), the second slice at the instant of the first, under another root and on a forward of 10.
Chain at_one_instant(double half, double second_vol) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.25, second_vol}, {0.5, 0.2}}, half);
  chain.slices[1].key.root = "TENTH";
  chain.slices[1].forward = Forward(10);
  for (Quote& quote : chain.quotes)
    if (quote.slice == 1) {
      quote.key = chain.slices[1].key;
      quote.strike /= 10;
      quote.bid /= 10;
      quote.ask /= 10;
    }
  return chain;
}

TEST(SurfaceFitAtOneInstant, RefitsAQuoteOfEitherRootAsIfFittedAnew) {
  const Chain chain = at_one_instant(0.05, 0.2);
  const SurfaceFit fit(chain, with_knots_of(SurfaceFit(chain, {})));
  for (const std::size_t q : {3U, 18U, 35U}) {
    Chain changed = chain;
    move(changed.quotes[q], 0.2);
    expect_refit_is_fit(fit, changed, true);
  }
}

TEST(SurfaceFitAtOneInstant, RefitsWhereARootComesOrGoesOrMovesToAnotherInstant) {
  const Chain chain = at_one_instant(0.05, 0.2), two = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  const SurfaceFit of_three(chain, {}), of_two(two, {});
  expect_refit_is_fit(of_two, chain, of_two.refit(chain).warm());
  expect_refit_is_fit(of_three, two, of_three.refit(two).warm());
  Chain apart_by_a_day = chain;
  apart_by_a_day.slices[1].t = YearFraction(0.25 + 1.0 / 365);
  expect_refit_is_fit(of_three, apart_by_a_day, false);
}

TEST(SurfaceFitAtOneInstant, KnowsWhatEachRootsQuotesContribute) {
  const Chain chain = at_one_instant(0.05, 0.203);
  const FitOptions options = with_knots_of(SurfaceFit(chain, {}));
  const SurfaceFit fit(chain, options);
  // Two roots of one law: a tenth of the price moves by a tenth, with the quotes of either.
  const std::vector<double> whole = fit.sensitivities(Strike(103), 0), tenth = fit.sensitivities(Strike(10.3), 1);
  ASSERT_EQ(whole.size(), chain.quotes.size());
  std::vector<double> of_slice(3, 0.0);
  for (std::size_t q = 0; q < whole.size(); ++q) {
    EXPECT_NEAR(tenth[q], whole[q] / 10, kRounding) << q;
    of_slice[static_cast<std::size_t>(chain.quotes[q].slice)] += std::abs(whole[q]);
  }
  EXPECT_GT(of_slice[0] + of_slice[1], 0.5);
  // The same from the weights of either slice.
  const CallCurve& curve = fit.result().fits[1].curve;
  std::vector<double> gradient;
  for (std::size_t j = 0; j < curve.weights().size(); ++j) {
    std::vector<double> one(curve.weights().size(), 0.0);
    one[j] = 1;
    gradient.push_back(9.8 *
                       CallCurve(curve.activation(), {curve.knots().begin(), curve.knots().end()}, one).call(1.03));
  }
  const auto of_weights = fit.sensitivities(std::vector<std::vector<WeightGradient>>{{{0, gradient}}, {{1, gradient}}});
  for (std::size_t q = 0; q < whole.size(); ++q) {
    EXPECT_NEAR(of_weights[0][q], tenth[q], 1e-7) << q;  // rounding, as above
    EXPECT_EQ(of_weights[0][q], of_weights[1][q]) << q;
  }
}

TEST(SurfaceFitAtOneInstant, MovesBothRootsWithTheBidThatBindsThem) {
  Chain chain = at_one_instant(0.05, 0.2);
  move(chain.quotes[20], 0.8);  // of the tenth: dear, and its bid above the other root's middle
  const SurfaceFit fit(chain, {});
  const Quote& binding = chain.quotes[20];
  const double bid = binding.bid / 0.98;
  ASSERT_NEAR(fit.result().fits[1].price(binding.type, Strike(binding.strike)).value(), bid, 1e-8);
  const std::vector<double> own = fit.sensitivities(Strike(binding.strike), 1);
  const std::vector<double> other = fit.sensitivities(Strike(10 * binding.strike), 0);
  for (std::size_t q = 0; q < own.size(); ++q) {
    EXPECT_NEAR(own[q], q == 20 ? 1 : 0, kRounding) << q;
    EXPECT_NEAR(other[q], q == 20 ? 10 : 0, 10 * kRounding) << q;
  }
}

// --- sensitivities

TEST(SurfaceFit, MovesAPriceThatSitsAtItsAskWithTheAskAndNothingElse) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  move(chain.quotes[5], -2.0);  // cheap: as dear as it may be
  const SurfaceFit fit(chain, {});
  const double ask = chain.quotes[5].ask / 0.98;
  ASSERT_NEAR(fit.result().fits[0].price(chain.quotes[5].type, Strike(chain.quotes[5].strike)).value(), ask, 1e-8);
  const std::vector<double> moves = fit.sensitivities(Strike(chain.quotes[5].strike), 0);
  for (std::size_t q = 0; q < moves.size(); ++q)
    EXPECT_NEAR(moves[q], q == 5 ? 1 : 0, kRounding) << q;
}

TEST(SurfaceFit, GivesEachOfTwoMiddlesTheSameSayInTheOther) {
  // Off all bounds the minimum is that of squares, whose inverse is symmetric: d price_i / d quote_j half_j^2.
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {});
  for (const auto& [i, j] : {std::pair<std::size_t, std::size_t>{5, 7}, {6, 9}, {20, 22}, {7, 20}}) {
    const auto slice = [&](std::size_t q) { return static_cast<std::size_t>(chain.quotes[q].slice); };
    const auto half = [&](std::size_t q) { return (chain.quotes[q].ask - chain.quotes[q].bid) / 2; };
    const double one = fit.sensitivities(Strike(chain.quotes[i].strike), slice(i))[j] * half(j) * half(j),
                 other = fit.sensitivities(Strike(chain.quotes[j].strike), slice(j))[i] * half(i) * half(i);
    EXPECT_NEAR(one, other, kRounding * half(i) * half(j)) << i << ' ' << j;
  }
}

TEST(SurfaceFit, SaysTheSameOfAPriceAndOfItsWeights) {
  const SurfaceFit fit(flat_chain({{0.25, 0.2}, {0.26, 0.195}, {0.5, 0.2}}, 0.05), {});
  const CallCurve& curve = fit.result().fits[1].curve;
  const double k = 1.04, unit = 0.98 * kForward;
  std::vector<double> gradient;
  for (std::size_t j = 0; j < curve.weights().size(); ++j) {
    std::vector<double> one(curve.weights().size(), 0.0);
    one[j] = 1;
    gradient.push_back(unit * CallCurve(curve.activation(), {curve.knots().begin(), curve.knots().end()}, one).call(k));
  }
  const std::vector<std::vector<WeightGradient>> prices{{{1, gradient}}, {{1, gradient}, {1, gradient}}, {}};
  const auto of_weights = fit.sensitivities(prices);
  const std::vector<double> of_price = fit.sensitivities(Strike(k * kForward), 1);
  ASSERT_EQ(of_weights.size(), 3U);
  for (std::size_t q = 0; q < of_price.size(); ++q) {
    EXPECT_NEAR(of_weights[0][q], of_price[q], 1e-7) << q;  // rounding: a sum of calls in the money, differenced twice
    EXPECT_NEAR(of_weights[1][q], 2 * of_weights[0][q], kRounding) << q;
    EXPECT_EQ(of_weights[2][q], 0) << q;
  }
}

TEST(SurfaceFit, KnowsNoQuotesThatAreNotUsed) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  Quote dropped = chain.quotes[3];
  dropped.dropped = Drop::duplicate;
  chain.quotes.insert(chain.quotes.begin() + 3, dropped);
  const SurfaceFit fit(chain, {});
  const std::vector<double> moves = fit.sensitivities(Strike(dropped.strike), 0);
  ASSERT_EQ(moves.size(), chain.quotes.size());
  EXPECT_EQ(moves[3], 0);
  EXPECT_GT(moves[4], 0.01);
}

TEST(SurfaceFit, HasNoSensitivitiesWhereAPriceIsIntrinsic) {
  const SurfaceFit fit(flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05), {});
  for (const double strike : {0.0, 1e6})
    for (const double move : fit.sensitivities(Strike(strike), 0))
      EXPECT_EQ(move, 0) << strike;
}

template <class F>
std::string refusal(F call) {
  try {
    call();
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "nothing thrown";
}

TEST(SurfaceFit, RefusesWhatHasNoSensitivity) {
  const Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, 0.05);
  const SurfaceFit fit(chain, {.units = 40});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] { fit.sensitivities(Strike(100), 2); }),
            "SurfaceFit::sensitivities: slice is 2, but must be less than the number of slices, 2");
  EXPECT_EQ(refusal([&] { fit.sensitivities(Strike(-1), 0); }),
            "SurfaceFit::sensitivities: strike is -1, but must be at least 0 and finite");
  EXPECT_EQ(refusal([&] { fit.sensitivities(Strike(nan), 0); }),
            "SurfaceFit::sensitivities: strike is nan, but must be at least 0 and finite");
  const auto of = [&](WeightGradient gradient) {
    const std::vector<std::vector<WeightGradient>> all{{std::move(gradient)}};
    return refusal([&] { fit.sensitivities(all); });
  };
  EXPECT_EQ(of({7, std::vector<double>(40)}),
            "SurfaceFit::sensitivities: slice is 7, but must be less than the number of slices, 2");
  EXPECT_EQ(of({0, std::vector<double>(39)}),
            "SurfaceFit::sensitivities: size of gradient is 39, but must be the number of units, 40");
  EXPECT_EQ(of({0, std::vector<double>(40, nan)}), "SurfaceFit::sensitivities: gradient is nan, but must be finite");
  const SurfaceFit robust(chain, {.units = 40, .loss = Loss::huber});
  EXPECT_EQ(refusal([&] { robust.sensitivities(Strike(100), 0); }),
            "SurfaceFit::sensitivities: loss is huber, but must be squared");
}

TEST(SurfaceFit, RefusesChainsAsFitSurfaceDoes) {
  const SurfaceFit fit(flat_chain({{0.25, 0.2}}, 0.05), {.units = 40});
  EXPECT_EQ(refusal([&] { fit.refit(Chain{}); }), "fit_slices: number of slices is 0, but must be at least 1");
  EXPECT_EQ(refusal([&] { fit.refit(fit.chain(), 0); }), "fit_slices: threads is 0, but must be at least 1");
  EXPECT_EQ(refusal([&] { SurfaceFit(fit.chain(), {.activation = Activation::relu}); }),
            "fit_surface: number of common knots is 0, but must be positive: give relu a number of units");
}

}  // namespace
}  // namespace strikenet
