#include "arbitrage/decimal_laws.h"

#include <gtest/gtest.h>

#include <map>

#include "arbitrage/quote_sides.h"
#include "core/rational.h"

namespace strikenet {
namespace {

constexpr OptionType kCall = OptionType::call, kPut = OptionType::put;

std::vector<Quote> quotes(double unit) {
  std::vector<Quote> result;
  for (const auto& [strike, call, put] : {std::tuple(90.25, 12.1, 3.0), {97.5, 7.6, 4.5}, {104.0, 4.0, 7.2}}) {
    const double k = strike * unit, c = call * unit, p = put * unit;
    result.push_back({.strike = k, .type = kCall, .bid = c, .ask = c});
    result.push_back({.strike = k, .type = kPut, .bid = p, .ask = p});
  }
  return result;
}

std::vector<std::vector<SideCost>> unit_costs(std::size_t sides) {
  return {std::vector<SideCost>(sides, SideCost{{{LinearProgram::kInfinity, 1}}})};
}

TEST(DecimalLaws, HaveCallsAndPutsThatAgreeExactlyInAnyUnit) {
  for (const double unit : {1e-9, 1.0, 1e6}) {
    const std::vector<Quote> of = quotes(unit);
    LawProgram free({alone(sides_of(of))});
    const auto costs = unit_costs(free.expiries()[0].sides.size());
    LawProgram decimal_levels(with_decimal_levels(free, free.least_changed(costs)), /*levels_assumed=*/true);
    const LawExpiry& expiry = decimal_levels.expiries()[0];
    const LinearSolution solution = decimal_levels.least_changed(costs);
    std::map<double, Rational> calls, puts;
    for (const DecimalPrice& one : decimal_prices(decimal_levels, solution, 0))
      (one.quote->type == kCall ? calls : puts)[one.quote->strike] = decimal(one.price);
    ASSERT_EQ(calls.size(), 3U);
    const Rational forward = decimal(expiry.forward), discount = decimal(expiry.discount);
    for (const auto& [strike, call] : calls)
      EXPECT_EQ(call - puts.at(strike), Rational(discount * (forward - decimal(strike)))) << unit << " " << strike;
  }
}

TEST(DecimalLaws, KnowAPair) {
  std::vector<Quote> of = quotes(1);
  EXPECT_TRUE(has_pair(sides_of(of)));
  std::erase_if(of, [](const Quote& quote) { return (quote.strike > 100) != (quote.type == kCall); });
  EXPECT_FALSE(has_pair(sides_of(of)));
}

}  // namespace
}  // namespace strikenet
