#include "strikenet/replication/hedge_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/textbook.h"
#include "support/words.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-9;

/// Nearly the lognormal law of total vol 0.2, by the masses of its cells, moved to mean 1.
SurfaceSlice lognormal_slice(Activation activation, int count = 200) {
  std::vector<double> knots;
  for (int i = 0; i < count; ++i)
    knots.push_back(std::exp(-1.2 + 2.4 * i / (count - 1)));
  const std::vector<double> nodes = unit_nodes(activation, knots);
  const auto below = [](double k) { return 0.5 * std::erfc(-(std::log(k) / 0.2 + 0.1) / std::sqrt(2.0)); };
  std::vector<double> weights;
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const double low = j == 0 ? 0 : below((nodes[j - 1] + nodes[j]) / 2);
    const double high = j + 1 == nodes.size() ? 1 : below((nodes[j] + nodes[j + 1]) / 2);
    weights.push_back(high - low);
  }
  double mean = 0;
  for (std::size_t j = 0; j < nodes.size(); ++j)
    mean += weights[j] * nodes[j];
  for (double& knot : knots)
    knot /= mean;
  return {
      {"2026-06-19", "X"}, YearFraction(1), Forward(100), DiscountFactor(0.98), CallCurve(activation, knots, weights)};
}

HedgeMarket market_of(const SurfaceSlice& slice, double spread = 0.1) {
  HedgeMarket market{.quotes = {}, .discount = slice.discount, .forward = slice.forward};
  for (int strike = 70; strike <= 140; strike += 5)
    for (const OptionType type : {OptionType::put, OptionType::call}) {
      const double middle = price(slice, type, Strike(strike));
      market.quotes.push_back({type, Strike(strike), std::max(0.0, middle - spread), middle + spread});
    }
  return market;
}

/// E g(S) by a fine sum over the density: nothing in common with the sums of options.
template <class Function>
double by_sum(const SurfaceSlice& slice, const Function& g) {
  const auto knots = slice.curve.knots();
  constexpr int kSteps = 400'000;
  const double width = (knots.back() - knots.front()) / kSteps;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double k = knots.front() + (i + 0.5) * width;
    sum += slice.curve.density(k) * width * g(100 * k);
  }
  return sum;
}

TEST(Expected, IsASumOverTheLaw) {
  constexpr double kTruncation = 1e-4;  // of the sum, at the jumps
  for (const Activation activation : {Activation::quadratic, Activation::cubic}) {
    const SurfaceSlice slice = lognormal_slice(activation);
    for (const PiecewiseLinear& f :
         {call(Strike(103)), put(Strike(97)), digital_call(Strike(101)), gap_put(Strike(90), Strike(95)),
          butterfly(Strike(90), Strike(99), Strike(110)), forward(Strike(100))}) {
      EXPECT_NEAR(expected(f, slice), by_sum(slice, [&](double s) { return f.value(s); }), kTruncation);
      EXPECT_NEAR(root_mean_square(f, slice),
                  std::sqrt(by_sum(slice, [&](double s) { return f.value(s) * f.value(s); })), kTruncation);
    }
  }
}

TEST(Expected, OfPointsIsTheirSum) {
  const SurfaceSlice slice{{"T=1"},
                           YearFraction(1),
                           Forward(100),
                           DiscountFactor(1),
                           CallCurve(Activation::relu, {0.5, 1, 1.5}, {0.25, 0.5, 0.25})};
  EXPECT_NEAR(expected(call(Strike(120)), slice), 0.25 * 30, kRounding);
  EXPECT_NEAR(root_mean_square(call(Strike(120)), slice), std::sqrt(0.25 * 900), kRounding);
}

TEST(HedgeFit, FindsWhatIsAPortfolioOfListedOptions) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
    const SurfaceSlice slice = lognormal_slice(activation);
    const FewerLegs fit = fit_hedge(market_of(slice), butterfly(Strike(90), Strike(100), Strike(110)), slice);
    ASSERT_EQ(fit.hedge.status, Hedge::Status::found);
    EXPECT_LT(fit.error, 1e-6);
    const PiecewiseLinear held = payoff_of(fit.hedge);
    for (double spot = 70; spot < 140; spot += 1.7)
      EXPECT_NEAR(held.value(spot), butterfly(Strike(90), Strike(100), Strike(110)).value(spot), 1e-5) << spot;
  }
}

/// The least error over a net of units around the fit: the fit lies below all of it.
TEST(HedgeFit, IsAMinimum) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const PiecewiseLinear payoff = digital_call(Strike(102), 10);
  const FewerLegs fit = fit_hedge(market_of(slice), payoff, slice);
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  const auto error = [&](const Hedge& hedge) { return root_mean_square(payoff_of(hedge) + -1.0 * payoff, slice); };
  EXPECT_NEAR(error(fit.hedge), fit.error, kRounding);
  for (int round = 0; round < 200; ++round) {
    Hedge other = fit.hedge;
    other.cash += 0.01 * normal(random);
    for (HedgeLeg& leg : other.legs) {
      const double more = 0.01 * normal(random);
      leg.units += more;
      if (leg.type == OptionType::call) other.forward_units -= more;  // the last slope is the payoff's
    }
    EXPECT_GT(error(other), fit.error - kRounding);
  }
}

TEST(HedgeFit, LeavesABoundedResidual) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  for (const PiecewiseLinear& payoff : {digital_call(Strike(102), 10), gap_call(Strike(103), Strike(99)),
                                        ladder(Strike(91), Strike(99), Strike(107)), -0.3 * call(Strike(101))})
    for (const FitHedgeOptions& options : {FitHedgeOptions{}, FitHedgeOptions{.legs = 3}, FitHedgeOptions{.lot = 0.25},
                                           FitHedgeOptions{.convex = true}}) {
      const Residual residual = residual_of(fit_hedge(market_of(slice), payoff, slice, options).hedge, payoff, slice);
      EXPECT_TRUE(std::isfinite(residual.lowest));
      EXPECT_TRUE(std::isfinite(residual.highest));
      EXPECT_EQ(residual.f.last_slope(), 0);
    }
}

TEST(HedgeFit, PricesWhatIsBoughtAtTheAskAndWhatIsSoldAtTheBid) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const HedgeMarket market = market_of(slice);
  const FewerLegs fit = fit_hedge(market, digital_call(Strike(102), 10), slice);
  double cost = 0.98 * fit.hedge.cash;
  for (const HedgeLeg& leg : fit.hedge.legs) {
    const auto quote = std::ranges::find_if(
        market.quotes, [&](const HedgeQuote& q) { return q.type == leg.type && q.strike == leg.strike; });
    EXPECT_EQ(leg.price, leg.units > 0 ? quote->ask : quote->bid);
    EXPECT_EQ(leg.type, leg.strike.value() < 100 ? OptionType::put : OptionType::call);
    EXPECT_GT(quote->bid, 0);
    cost += leg.units * leg.price;
  }
  EXPECT_NEAR(fit.hedge.cost, cost, kRounding);
}

TEST(HedgeFit, WithFewerLegsShowsWhatEachWouldHaveCost) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const PiecewiseLinear payoff = capped_call(Strike(97), 16);
  const FewerLegs all = fit_hedge(market_of(slice), payoff, slice);
  const FewerLegs four = fit_hedge(market_of(slice), payoff, slice, {.legs = 4});
  EXPECT_EQ(four.hedge.legs.size(), 4u);
  ASSERT_EQ(four.dropped.size() + 1, all.hedge.legs.size());
  double before = all.error;
  for (const DroppedLeg& dropped : four.dropped) {
    EXPECT_GE(dropped.error, before - kRounding);
    before = dropped.error;
    if (dropped.legs == 4) {
      EXPECT_NEAR(dropped.error, four.error, 1e-6);
    }
  }
  EXPECT_EQ(four.dropped.back().legs, 1u);
  // Listed kinks are found whatever the number of candidates.
  const FewerLegs two = fit_hedge(market_of(slice), call_spread(Strike(95), Strike(110)), slice, {.legs = 2});
  EXPECT_LT(two.error, 1e-6);
}

TEST(HedgeFit, StaysConvexWhenAsked) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const PiecewiseLinear payoff = straddle(Strike(102)) + -0.3 * call(Strike(120));
  const FewerLegs convex = fit_hedge(market_of(slice), payoff, slice, {.convex = true});
  const FewerLegs free = fit_hedge(market_of(slice), payoff, slice);
  ASSERT_FALSE(convex.hedge.legs.empty());
  for (const HedgeLeg& leg : convex.hedge.legs)
    EXPECT_GT(leg.units, 0);
  EXPECT_GT(convex.error, free.error);
  EXPECT_TRUE(std::ranges::any_of(free.hedge.legs, [](const HedgeLeg& leg) { return leg.units < 0; }));
}

TEST(HedgeFit, InWholeLotsIsWhole) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const PiecewiseLinear payoff = 1000.0 * capped_call(Strike(97), 16);
  const FewerLegs free = fit_hedge(market_of(slice), payoff, slice);
  const FewerLegs lots = fit_hedge(market_of(slice), payoff, slice, {.lot = 100});
  ASSERT_FALSE(lots.hedge.legs.empty());
  for (const HedgeLeg& leg : lots.hedge.legs)
    EXPECT_EQ(leg.units, 100 * std::round(leg.units / 100));
  EXPECT_GE(lots.error, free.error - kRounding);
  EXPECT_LT(lots.error, root_mean_square(payoff, slice) / 20);
}

TEST(BoundWithFewerLegs, HoldsAtEachStepAndCostsMore) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const HedgeMarket market = market_of(slice);
  const PiecewiseLinear payoff = butterfly(Strike(88), Strike(101), Strike(117));
  for (const HedgeSide side : {HedgeSide::super, HedgeSide::sub}) {
    const double sign = side == HedgeSide::super ? 1 : -1;
    const Hedge full = side == HedgeSide::super ? super_hedge(market, payoff) : sub_hedge(market, payoff);
    const FewerLegs fewer = bound_with_fewer_legs(market, payoff, side, 2, &slice);
    EXPECT_LE(fewer.hedge.legs.size(), 2u);
    EXPECT_EQ(fewer.hedge.side, side);
    EXPECT_LE(prove_shortfall(fewer.hedge, payoff), 0);
    double before = sign * full.cost;
    ASSERT_FALSE(fewer.dropped.empty());
    for (const DroppedLeg& dropped : fewer.dropped) {
      EXPECT_GE(sign * dropped.cost, before - 1e-8);
      EXPECT_GT(dropped.error, 0);
      before = sign * dropped.cost;
    }
  }
}

TEST(Residual, HasItsRangeItsMomentsAndItsWorstSpot) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const Hedge hedge{.side = HedgeSide::fit,
                    .status = Hedge::Status::found,
                    .cash = 1,
                    .legs = {{OptionType::call, Strike(100), 1, 8}}};
  const Residual residual = residual_of(hedge, call(Strike(104)), slice);  // 1, up to 5
  EXPECT_EQ(residual.lowest, 1);
  EXPECT_EQ(residual.highest, 5);
  EXPECT_EQ(residual.highest_at, 104);
  EXPECT_EQ(residual.worst, 5);
  EXPECT_EQ(residual.worst_at, 104);
  const double mean = by_sum(slice, [&](double s) { return residual.f.value(s); });
  EXPECT_NEAR(residual.mean, mean, 1e-6);
  EXPECT_NEAR(residual.deviation,
              std::sqrt(by_sum(slice, [&](double s) { return std::pow(residual.f.value(s) - mean, 2); })), 1e-6);
}

TEST(DeltaTable, DeltasAreTheSlopesOfTheValues) {
  constexpr double kTruncation = 1e-6;
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const PiecewiseLinear payoff = gap_call(Strike(103), Strike(99));
  const Hedge hedge = super_hedge(market_of(slice), payoff);
  const double h = 1e-3;
  for (const double forward : {85.0, 100.0, 113.0}) {
    const auto rows = delta_table(hedge, payoff, slice, {forward - h, forward, forward + h});
    EXPECT_NEAR(rows[1].payoff_delta, (rows[2].payoff - rows[0].payoff) / (2 * h), kTruncation);
    EXPECT_NEAR(rows[1].hedge_delta, (rows[2].hedge - rows[0].hedge) / (2 * h), kTruncation);
    EXPECT_GT(rows[1].hedge, rows[1].payoff);
  }
  EXPECT_NEAR(delta_table(hedge, payoff, slice, {100})[0].payoff, 0.98 * expected(payoff, slice), kRounding);
}

TEST(HedgeFit, SaysWhatIsWrong) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  EXPECT_EQ(testing_support::words([&] { fit_hedge({}, call(Strike(1)), slice, {.lot = -1}); }),
            "fit_hedge: lot is -1, but must be finite and at least 0");
  EXPECT_EQ(testing_support::words([&] { fit_hedge({}, call(Strike(1)), slice, {.legs = 3, .convex = true}); }),
            "fit_hedge: convex is 1, but must be alone, without legs and lot");
  EXPECT_EQ(testing_support::words([&] { bound_with_fewer_legs({}, call(Strike(1)), HedgeSide::fit, 1); }),
            "bound_with_fewer_legs: side is 0, but must be super or sub");
  EXPECT_EQ(testing_support::words([&] { delta_table({}, call(Strike(1)), slice, {0}); }),
            "delta_table: forward is 0, but must be positive and finite");
}

TEST(HedgeFit, WithoutQuotesIsCashAndForward) {
  const SurfaceSlice slice = lognormal_slice(Activation::cubic);
  const FewerLegs fit =
      fit_hedge({.quotes = {}, .discount = slice.discount, .forward = slice.forward}, forward(Strike(90)), slice);
  EXPECT_TRUE(fit.hedge.legs.empty());
  EXPECT_NEAR(fit.hedge.forward_units, 1, kRounding);
  EXPECT_NEAR(fit.hedge.cash, 10, 1e-7);
}

}  // namespace
}  // namespace strikenet
