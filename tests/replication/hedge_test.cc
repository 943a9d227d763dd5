#include "strikenet/replication/hedge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "strikenet/payoff/textbook.h"
#include "support/linear_program.h"

namespace strikenet {
namespace {

constexpr double kRounding = 1e-9;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Status = Hedge::Status;

/// Calls and puts at 80, 85, ..., 120 by Black's formula, D = 0.98, F = 100, bid and ask `spread` apart.
HedgeMarket black_market(double spread = 0.2, double vol = 0.2) {
  HedgeMarket market{.quotes = {}, .discount = DiscountFactor(0.98), .forward = Forward(100)};
  for (int strike = 80; strike <= 120; strike += 5)
    for (const OptionType type : {OptionType::put, OptionType::call}) {
      const double price = 0.98 * black_price(type, Forward(100), Strike(strike), TotalVol(vol)).value();
      const double cents = std::round(price * 100) / 100;
      market.quotes.push_back({type, Strike(strike), std::max(0.0, cents - spread / 2), cents + spread / 2});
    }
  return market;
}

double black_value(const PiecewiseLinear& payoff, double vol = 0.2) {
  const double k = 0.98;
  double value = payoff.value(0) + payoff.slope(0) * 100, slope = payoff.slope(0);
  for (const Knot& knot : payoff.knots()) {
    if (knot.x <= 0) continue;
    value += (knot.slope - slope) * black_price(OptionType::call, Forward(100), Strike(knot.x), TotalVol(vol)).value();
    const double d2 = std::log(100 / knot.x) / vol - vol / 2;
    value += knot.jump * 0.5 * std::erfc(-d2 / std::sqrt(2.0));
    slope = knot.slope;
  }
  return k * value;
}

double quote_of(const HedgeMarket& market, OptionType type, double strike, bool ask) {
  for (const HedgeQuote& quote : market.quotes)
    if (quote.type == type && quote.strike.value() == strike) return ask ? quote.ask : quote.bid;
  throw std::out_of_range("no such quote");
}

/// The hedge's value, from its legs and nothing else.
double value_at(const Hedge& hedge, double spot) {
  double value = hedge.cash + hedge.forward_units * (spot - hedge.forward);
  for (const HedgeLeg& leg : hedge.legs)
    value +=
        leg.units * std::max(0.0, leg.type == OptionType::call ? spot - leg.strike.value() : leg.strike.value() - spot);
  return value;
}

double cost_of(const Hedge& hedge, double discount) {
  double cost = discount * hedge.cash;
  for (const HedgeLeg& leg : hedge.legs)
    cost += leg.units * leg.price;
  return cost;
}

/// Straight pieces with kinks on and off the strikes, and now and then a jump.
PiecewiseLinear random_payoff(std::mt19937_64& random) {
  std::uniform_real_distribution<double> slope(-2, 2), at(60, 140), jump(-5, 5);
  std::uniform_int_distribution<int> count(1, 6), coin(0, 3);
  std::vector<Knot> knots;
  std::vector<double> x;
  for (int i = count(random); i > 0; --i)
    x.push_back(coin(random) == 0 ? 5 * std::round(at(random) / 5) : at(random));
  std::ranges::sort(x);
  x.erase(std::ranges::unique(x).begin(), x.end());
  for (const double knot : x)
    knots.push_back({knot, slope(random), coin(random) == 0 ? jump(random) : 0});
  return {jump(random), slope(random), std::move(knots)};
}

/// The same program as one inequality a kink, by the tests' own use of Clp: nothing in common but the problem.
double least_cost(const HedgeMarket& market, const PiecewiseLinear& payoff) {
  std::vector<double> spots{0};
  for (const HedgeQuote& quote : market.quotes)
    spots.push_back(quote.strike.value());
  for (const Knot& knot : payoff.knots()) {
    spots.push_back(knot.x);
    spots.push_back(-knot.x);  // stands for the limit from below
  }
  const auto quotes = static_cast<Eigen::Index>(market.quotes.size());
  const auto rows = static_cast<Eigen::Index>(spots.size()) + 1;
  testing_support::LinearProgram program = testing_support::free_program(2 * quotes + 2, rows);
  const auto pays = [](const HedgeQuote& quote, double spot) {
    return std::max(0.0, quote.type == OptionType::call ? spot - quote.strike.value() : quote.strike.value() - spot);
  };
  for (Eigen::Index i = 0; i < 2 * quotes; ++i) {
    const HedgeQuote& quote = market.quotes[static_cast<std::size_t>(i / 2)];
    const double sign = i % 2 == 0 ? 1 : -1;
    program.lower[i] = 0;
    program.cost[i] = i % 2 == 0 ? quote.ask : -quote.bid;
    if (i % 2 == 1 && quote.bid == 0) program.upper[i] = 0;
    for (Eigen::Index j = 0; j + 1 < rows; ++j)
      program.rows(j, i) = sign * pays(quote, std::abs(spots[static_cast<std::size_t>(j)]));
    program.rows(rows - 1, i) = quote.type == OptionType::call ? sign : 0;
  }
  program.cost[2 * quotes] = market.discount.value();
  for (Eigen::Index j = 0; j + 1 < rows; ++j) {
    const double spot = spots[static_cast<std::size_t>(j)];
    program.rows(j, 2 * quotes) = 1;
    program.rows(j, 2 * quotes + 1) = std::abs(spot) - market.forward->value();
    program.row_lower[j] = spot < 0 ? payoff.value_below(-spot) : payoff.value(spot);
  }
  program.rows(rows - 1, 2 * quotes + 1) = 1;
  program.row_lower[rows - 1] = payoff.last_slope();
  const auto solution = testing_support::solve(program);
  return solution.optimal ? solution.cost : kInfinity;
}

TEST(Hedge, OfAListedOptionIsItsOwnQuote) {
  const HedgeMarket market = black_market();
  for (const double strike : {80.0, 95.0, 100.0, 120.0}) {
    const PiecewiseLinear payoff = call(Strike(strike));
    const Hedge super = super_hedge(market, payoff), sub = sub_hedge(market, payoff);
    ASSERT_EQ(super.status, Status::found);
    ASSERT_EQ(sub.status, Status::found);
    EXPECT_LE(super.cost, quote_of(market, OptionType::call, strike, true) + kRounding);
    EXPECT_GE(sub.cost, quote_of(market, OptionType::call, strike, false) - kRounding);
  }
  // At the money the put would cost as much more as the call does: nothing replaces the option.
  const Hedge super = super_hedge(market, call(Strike(100)));
  ASSERT_EQ(super.legs.size(), 1u);
  EXPECT_EQ(super.legs[0].units, 1);
  EXPECT_NEAR(super.cost,
              std::min(quote_of(market, OptionType::call, 100, true), quote_of(market, OptionType::put, 100, true)),
              kRounding);
}

TEST(Hedge, OfAButterflyCostsNoMoreThanItsLegs) {
  const HedgeMarket market = black_market(0.02);
  const Hedge super = super_hedge(market, butterfly(Strike(95), Strike(100), Strike(105)));
  ASSERT_EQ(super.status, Status::found);
  const auto price = [&](double strike, bool ask) { return quote_of(market, OptionType::call, strike, ask); };
  EXPECT_LE(super.cost, price(95, true) - 2 * price(100, false) + price(105, true) + kRounding);
  EXPECT_EQ(prove_shortfall(super, butterfly(Strike(95), Strike(100), Strike(105))), 0);
}

// Between two strikes 5 apart the cheapest cover of a digital is a fifth of the call spread to its left - or of the
// puts.
TEST(Hedge, OfADigitalIsACallSpread) {
  HedgeMarket market{.quotes = {{OptionType::call, Strike(95), 7.9, 8.0}, {OptionType::call, Strike(100), 5.0, 5.1}},
                     .discount = DiscountFactor(1),
                     .forward = {}};
  const Hedge super = super_hedge(market, digital_call(Strike(100)));
  ASSERT_EQ(super.status, Status::found);
  ASSERT_EQ(super.legs.size(), 2u);
  EXPECT_EQ(super.legs[0].units, 0.2);
  EXPECT_EQ(super.legs[1].units, -0.2);
  EXPECT_NEAR(super.cost, (8.0 - 5.0) / 5, kRounding);
  EXPECT_EQ(super.cash, 0);
  EXPECT_EQ(super.max_shortfall, 0);
}

TEST(Hedge, OfCashIsCash) {
  for (const HedgeMarket& market : {black_market(), HedgeMarket{.discount = DiscountFactor(0.98)}}) {
    const Hedge super = super_hedge(market, PiecewiseLinear(7, 0)), sub = sub_hedge(market, PiecewiseLinear(7, 0));
    ASSERT_EQ(super.status, Status::found);
    EXPECT_NEAR(super.cost, 6.86, kRounding);
    EXPECT_NEAR(sub.cost, 6.86, kRounding);
    EXPECT_TRUE(super.legs.empty());
  }
}

TEST(Hedge, OfTheForwardCostsNothing) {
  const Hedge super = super_hedge(black_market(), forward(Strike(100)));
  EXPECT_NEAR(super.cost, 0, kRounding);
  EXPECT_EQ(super.forward_units, 1);
}

TEST(Hedge, SaysThatNothingReachesThePayoff) {
  const HedgeMarket puts{.quotes = {{OptionType::put, Strike(100), 4, 5}}};
  EXPECT_EQ(super_hedge(puts, call(Strike(100))).status, Status::none);
  EXPECT_EQ(sub_hedge(puts, -1.0 * call(Strike(100))).status, Status::none);
  EXPECT_EQ(sub_hedge(puts, call(Strike(100))).status, Status::found);
  HedgeMarket without_bid{.quotes = {{OptionType::call, Strike(100), 0, 5}}};
  EXPECT_EQ(super_hedge(without_bid, -1.0 * call(Strike(90))).status, Status::found);
  EXPECT_EQ(super_hedge(without_bid, -1.0 * call(Strike(90))).cost, 0);  // it cannot be sold for more
}

TEST(Hedge, SaysThatQuotesAllowAnArbitrage) {
  const HedgeMarket market{
      .quotes = {{OptionType::call, Strike(90), 9, 9.1}, {OptionType::call, Strike(100), 9.5, 9.6}}};
  EXPECT_EQ(super_hedge(market, call(Strike(95))).status, Status::arbitrage);
}

TEST(Hedge, HoldsAtEverySpotAndIsTheCheapestForRandomPayoffs) {
  const HedgeMarket market = black_market();
  std::mt19937_64 random(5);
  for (int round = 0; round < 100; ++round) {
    const PiecewiseLinear payoff = random_payoff(random);
    const Hedge super = super_hedge(market, payoff), sub = sub_hedge(market, payoff);
    ASSERT_EQ(super.status, Status::found) << round;
    ASSERT_EQ(sub.status, Status::found) << round;
    const double fair = black_value(payoff);
    EXPECT_GE(super.cost, fair) << round;
    EXPECT_LE(sub.cost, fair) << round;
    EXPECT_NEAR(super.cost, least_cost(market, payoff), 1e-6) << round;  // the tolerance of the judge
    EXPECT_NEAR(sub.cost, -least_cost(market, -1.0 * payoff), 1e-6) << round;
    EXPECT_NEAR(cost_of(super, 0.98), super.cost, kRounding) << round;
    EXPECT_NEAR(cost_of(sub, 0.98), sub.cost, kRounding) << round;
    EXPECT_LE(prove_shortfall(super, payoff), 0) << round;
    EXPECT_LE(prove_shortfall(sub, payoff), 0) << round;
    EXPECT_LT(super.gap, 1e-7) << round;
    for (double spot = 0; spot < 400; spot += 0.37) {
      EXPECT_GE(value_at(super, spot), payoff.value(spot) - kRounding) << round;
      EXPECT_LE(value_at(sub, spot), payoff.value(spot) + kRounding) << round;
    }
  }
}

TEST(Hedge, InWholeLotsHoldsAndCostsNoLessThanWithout) {
  const HedgeMarket market = black_market();
  std::mt19937_64 random(6);
  for (int round = 0; round < 5; ++round) {
    const PiecewiseLinear payoff = 10.0 * random_payoff(random);
    const Hedge free = super_hedge(market, payoff), lots = super_hedge(market, payoff, {.lot = 1, .nodes = 200});
    ASSERT_EQ(lots.status, Status::found) << round;
    EXPECT_GE(lots.cost, free.cost - kRounding) << round;
    EXPECT_LE(lots.cost - lots.gap, lots.cost) << round;
    EXPECT_LE(prove_shortfall(lots, payoff), 0) << round;
    for (const HedgeLeg& leg : lots.legs)
      EXPECT_EQ(leg.units, std::round(leg.units)) << round;
  }
  const Hedge tens = super_hedge(market, 20.0 * call(Strike(100)), {.lot = 10});
  ASSERT_EQ(tens.legs.size(), 1u);
  EXPECT_EQ(tens.legs[0].units, 20);
  EXPECT_NEAR(tens.gap, 0, kRounding);
}

TEST(Hedge, IsProvedByWhatItPaysAndNotByWhatItSays) {
  Hedge hedge = super_hedge(black_market(), call(Strike(103)));
  EXPECT_LE(prove_shortfall(hedge, call(Strike(103))), 0);
  EXPECT_GT(prove_shortfall(hedge, call(Strike(102.9))), 0);
  EXPECT_EQ(prove_shortfall(hedge, 1.5 * call(Strike(103))), kInfinity);
  hedge.cash -= 1e-9;
  EXPECT_NEAR(prove_shortfall(hedge, call(Strike(103))), 1e-9, 1e-12);
  // 0.1 + 0.2 is 0.3 in the decimals that were written, and not in the doubles that hold them.
  const Hedge tenths{.side = HedgeSide::super,
                     .legs = {{OptionType::call, Strike(1), 0.1, 1}, {OptionType::call, Strike(1), 0.2, 1}}};
  EXPECT_EQ(prove_shortfall(tenths, 0.3 * call(Strike(1))), 0);
}

TEST(Hedge, PayoffIsThatOfItsLegs) {
  std::mt19937_64 random(8);
  const Hedge hedge = super_hedge(black_market(), random_payoff(random));
  const PiecewiseLinear payoff = payoff_of(hedge);
  for (double spot = 0; spot < 300; spot += 1.3)
    EXPECT_NEAR(payoff.value(spot), value_at(hedge, spot), 1e-8);
}

TEST(Hedge, SaysWhichNumberIsWrong) {
  const auto message = [](const HedgeMarket& market, const HedgeOptions& options = {}) {
    try {
      (void)super_hedge(market, call(Strike(1)), options);
    } catch (const PreconditionError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({.quotes = {{OptionType::call, Strike(0), 1, 2}}}),
            "super_hedge: strike is 0, but must be positive and finite");
  EXPECT_EQ(message({.quotes = {{OptionType::call, Strike(1), -1, 2}}}),
            "super_hedge: bid is -1, but must be at least 0");
  EXPECT_EQ(message({.quotes = {{OptionType::call, Strike(1), 3, 2}}}),
            "super_hedge: ask is 2, but must be positive, finite and at least the bid");
  EXPECT_EQ(message({.discount = DiscountFactor(std::nan(""))}),
            "super_hedge: discount factor is nan, but must be positive and finite");
  EXPECT_EQ(message({.forward = Forward(-1)}), "super_hedge: forward is -1, but must be positive and finite");
  EXPECT_EQ(message({}, {.lot = -1}), "super_hedge: lot is -1, but must be finite and at least 0");
  EXPECT_EQ(message({}, {.nodes = 0}), "super_hedge: nodes is 0, but must be at least 1");
}

/// Two slices; of the second, D = 0.5 and F = 100, a call, a put that is left out, and one of a file of vols.
Chain small_chain() {
  Chain chain;
  chain.slices = {{.key = {"A"}, .t = YearFraction(1), .forward = Forward(90), .discount = DiscountFactor(1)},
                  {.key = {"B"}, .t = YearFraction(2), .forward = Forward(100), .discount = DiscountFactor(0.5)}};
  chain.quotes = {
      {.slice = 0, .key = {"A"}, .strike = 90, .type = OptionType::put, .bid = 1, .ask = 2},
      {.slice = 1, .key = {"B"}, .strike = 110, .type = OptionType::call, .bid = 3, .ask = 4},
      {.slice = 1, .key = {"B"}, .strike = 95, .type = OptionType::put, .bid = 3, .ask = 2, .dropped = Drop::crossed},
      {.slice = 1,
       .key = {"B"},
       .strike = 80,
       .type = OptionType::put,
       .bid = 1,
       .ask = 2,
       .bid_vol = 0.2,
       .ask_vol = 0.3}};
  return chain;
}

TEST(HedgeMarket, HasTheUsedQuotesOfItsSlice) {
  const HedgeMarket market = hedge_market(small_chain(), 1);
  EXPECT_EQ(market.discount.value(), 0.5);
  EXPECT_EQ(market.forward->value(), 100);
  EXPECT_FALSE(hedge_market(small_chain(), 1, false).forward);
  ASSERT_EQ(market.quotes.size(), 3u);
  EXPECT_EQ(market.quotes[0].strike.value(), 110);
  EXPECT_EQ(market.quotes[0].bid, 3);
  EXPECT_EQ(market.quotes[1].type, OptionType::put);
  // The call of the same vol is worth D (F - K) = 10 more.
  EXPECT_EQ(market.quotes[2].type, OptionType::call);
  EXPECT_EQ(market.quotes[2].strike.value(), 80);
  EXPECT_EQ(market.quotes[2].bid, 11);
  EXPECT_EQ(market.quotes[2].ask, 12);
  EXPECT_THROW(hedge_market(small_chain(), 2), PreconditionError);
}

TEST(HedgeSide, HasAWord) {
  for (const HedgeSide side : {HedgeSide::fit, HedgeSide::super, HedgeSide::sub})
    EXPECT_EQ(parse_hedge_side(to_string(side)), side);
  EXPECT_EQ(parse_hedge_side("above"), std::nullopt);
}

}  // namespace
}  // namespace strikenet
