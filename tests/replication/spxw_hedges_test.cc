// Hedges and variances from the SPXW chain of 2019-06-26: 30 expiries, bid and ask.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "strikenet/fitting/fit_slices.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/payoff/textbook.h"
#include "strikenet/replication/hedge_fit.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

const std::string kFile = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";

/// One expiry of the chain, fitted.
struct Expiry {
  HedgeMarket market;
  SurfaceSlice law;
};

const Expiry& of_july() {
  static const Expiry expiry = [] {
    const std::vector<std::string> files{(shared_folder() / kFile).string()};
    Chain chain = prepare(read_chain_files(files, "").value()).value();
    const auto slice =
        std::ranges::find_if(chain.slices, [](const ChainSlice& s) { return s.key.expiry == "2019-07-31"; });
    const auto index = static_cast<int>(slice - chain.slices.begin());
    const HedgeMarket market = hedge_market(chain, static_cast<std::size_t>(index));
    std::erase_if(chain.quotes, [&](const Quote& quote) { return quote.slice != index; });
    for (Quote& quote : chain.quotes)
      quote.slice = 0;
    chain.slices = {*slice};
    return Expiry{market, fit_slices(chain, {}).surface.slices.front()};
  }();
  return expiry;
}

/// How far the fit may lie outside a spread: 1e-9 forwards a unit, over what a hedge holds.
double room_for(const Hedge& hedge) {
  double units = 1;
  for (const HedgeLeg& leg : hedge.legs)
    units += std::abs(leg.units);
  return units * 1e-9 * of_july().law.forward.value() + 1e-7;
}

TEST(SpxwHedges, HoldTheFairValueOfAnyPayoffBetweenThem) {
  if (!has_shared(kFile)) GTEST_SKIP() << skip_text(kFile);
  const auto& [market, law] = of_july();
  std::mt19937_64 random(20190626);
  std::uniform_real_distribution<double> slope(-1, 1), at(2300, 3300), jump(-50, 50);
  std::uniform_int_distribution<int> count(1, 5), coin(0, 3);
  for (int round = 0; round < 60; ++round) {
    std::vector<double> x;
    for (int i = count(random); i > 0; --i)
      x.push_back(at(random));
    std::ranges::sort(x);
    std::vector<Knot> knots;
    for (const double knot : x)
      knots.push_back({knot, slope(random), coin(random) == 0 ? jump(random) : 0});
    const PiecewiseLinear payoff(jump(random), slope(random), std::move(knots));
    const Hedge super = super_hedge(market, payoff), sub = sub_hedge(market, payoff);
    ASSERT_EQ(super.status, Hedge::Status::found) << round;
    ASSERT_EQ(sub.status, Hedge::Status::found) << round;
    EXPECT_LE(prove_shortfall(super, payoff), 0) << round;
    EXPECT_LE(prove_shortfall(sub, payoff), 0) << round;
    const double fair = law.discount.value() * expected(payoff, law);
    EXPECT_GE(super.cost, fair - room_for(super)) << round;
    EXPECT_LE(sub.cost, fair + room_for(sub)) << round;
  }
}

TEST(SpxwHedges, OfAListedOptionCostItsOwnQuoteUnlessOtherOptionsAreBetter) {
  if (!has_shared(kFile)) GTEST_SKIP() << skip_text(kFile);
  HedgeMarket market = of_july().market;
  market.forward.reset();  // options and cash alone
  struct Count {
    int listed = 0, own_ask = 0, own_bid = 0;
  } out, in;  // of the money
  for (std::size_t i = 0; i < market.quotes.size(); i += 7) {
    const HedgeQuote& quote = market.quotes[i];
    const PiecewiseLinear payoff = quote.type == OptionType::call ? call(quote.strike) : put(quote.strike);
    const Hedge super = super_hedge(market, payoff), sub = sub_hedge(market, payoff);
    ASSERT_EQ(super.status, Hedge::Status::found);
    ASSERT_EQ(sub.status, Hedge::Status::found);
    EXPECT_LE(super.cost, quote.ask + 1e-7) << quote.strike.value();
    EXPECT_GE(sub.cost, quote.bid - 1e-7) << quote.strike.value();
    const bool is_out = (quote.type == OptionType::put) == (quote.strike.value() < of_july().law.forward.value());
    Count& count = is_out ? out : in;
    ++count.listed;
    count.own_ask += super.cost > quote.ask - 1e-7;
    count.own_bid += sub.cost < quote.bid + 1e-7;
    // Where the option itself is not held, what is held instead costs less.
    if (super.cost > quote.ask - 1e-7) continue;
    EXPECT_TRUE(super.legs.size() != 1 || super.legs[0].strike != quote.strike) << quote.strike.value();
  }
  for (const auto& [name, count] : {std::pair("out of", out), {"in", in}})
    std::printf("of %d listed options %s the money the bounds are the own ask of %d and the own bid of %d\n",
                count.listed, name, count.own_ask, count.own_bid);
  EXPECT_GT(out.own_ask, out.listed / 2);
  EXPECT_GT(out.own_bid, out.listed / 2);
}

TEST(SpxwHedges, OfAButterflyCostsNoMoreThanItsLegs) {
  if (!has_shared(kFile)) GTEST_SKIP() << skip_text(kFile);
  const HedgeMarket& market = of_july().market;
  const auto quote_of = [&](double strike) {
    return *std::ranges::find_if(market.quotes, [&](const HedgeQuote& quote) {
      return quote.type == OptionType::call && quote.strike.value() == strike;
    });
  };
  for (double middle = 2750; middle <= 3050; middle += 50) {
    const double legs = quote_of(middle - 25).ask - 2 * quote_of(middle).bid + quote_of(middle + 25).ask;
    const Hedge super = super_hedge(market, butterfly(Strike(middle - 25), Strike(middle), Strike(middle + 25)));
    EXPECT_LE(super.cost, legs + 1e-9) << middle;
    EXPECT_GE(super.cost, 0) << middle;
  }
}

TEST(SpxwHedges, OfTheFitHaveTheirErrorUnderTheLaw) {
  if (!has_shared(kFile)) GTEST_SKIP() << skip_text(kFile);
  const auto& [market, law] = of_july();
  const PiecewiseLinear payoff = digital_call(Strike(2903), 100);
  const FewerLegs six = fit_hedge(market, payoff, law, {.legs = 6}), all = fit_hedge(market, payoff, law);
  EXPECT_EQ(six.hedge.legs.size(), 6u);
  EXPECT_GT(all.hedge.legs.size(), 20u);
  EXPECT_LT(six.error, 1.05 * all.error);
  const Residual residual = residual_of(six.hedge, payoff, law);
  EXPECT_NEAR(residual.mean, 0, 1e-3);
  EXPECT_NEAR(residual.deviation, six.error, 1e-3);
  EXPECT_EQ(residual.worst_at, 2903);
}

}  // namespace
}  // namespace strikenet
