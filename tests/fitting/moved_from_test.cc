#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "fitting/flat_chain.h"
#include "strikenet/core/expiry_key.h"
#include "strikenet/core/instant.h"
#include "strikenet/fitting/surface_fit.h"
#include "strikenet/network/deep_network.h"
#include "strikenet/network/relu_network.h"
#include "strikenet/payoff/call_portfolio.h"
#include "strikenet/payoff/option_portfolio.h"
#include "strikenet/payoff/piecewise_linear.h"
#include "strikenet/surface/call_surface.h"
#include "strikenet/surface/variance_clock.h"

// Whoever moves from a value that holds vectors or shares a state may go on using it: it is what it was. Values with
// QuantLib's handles are in quantlib/term_structures_test.cc.
namespace strikenet {
namespace {

CallCurve curve() { return {Activation::relu, {0.5, 1.0, 1.5}, {0.25, 0.5, 0.25}}; }

Surface surface() {
  return {.activation = Activation::relu,
          .slices = {{{"2027-01-15"}, YearFraction(0.5), Forward(100), DiscountFactor(0.98), curve()}}};
}

/// That `use` gives the same of a value after it was constructed from, and assigned from.
template <class Value, class Use>
void expect_untouched(Value value, Use use) {
  const auto before = use(value);
  const Value constructed = std::move(value);
  EXPECT_EQ(use(value), before);
  Value assigned = constructed;
  assigned = std::move(value);
  EXPECT_EQ(use(value), before);
  EXPECT_EQ(use(constructed), before);
  EXPECT_EQ(use(assigned), before);
}

TEST(AValueMovedFrom, IsWhatItWas) {
  expect_untouched(PiecewiseLinear(1, 0, {{.x = 100, .slope = 1}}), [](const auto& f) { return f.value(130); });
  expect_untouched(CallPortfolio(1, 2, {{.strike = Strike(100), .units = 3}}),
                   [](const auto& book) { return book.payoff(130); });
  expect_untouched(OptionPortfolio(1, 2, {{.type = OptionType::put, .strike = Strike(100), .units = 3}}),
                   [](const auto& book) { return book.payoff(70); });
  expect_untouched(ReluNetwork(1, {{1, -2, 3}}), [](const auto& network) { return network.value(5); });
  expect_untouched(DeepNetwork({{.operation = Dense{{2}, {1}}, .inputs = {0}}}),
                   [](const auto& network) { return network.value(5); });
  expect_untouched(curve(), [](const auto& c) { return c.call(0.9) + c.put(1.1) + c.above(1); });
  expect_untouched(CallSurface(surface()),
                   [](const auto& s) { return s.at(YearFraction(0.25)).vol(Strike(95)).value(); });
  expect_untouched(CallSurface(surface()).at(YearFraction(0.5)),
                   [](const auto& smile) { return smile.price(OptionType::call, Strike(95)); });
  expect_untouched(VarianceClock::trading_days(parse_instant("2027-01-04T12:00Z").value(), {}, YearFraction(1)),
                   [](const auto& clock) { return clock.at(YearFraction(0.3)); });
  expect_untouched(SurfaceFit(oracle::flat_chain({{0.5, 0.2}}, 100, 2, 9, 0.05), {.units = 10}),
                   [](const auto& fit) { return fit.result().surface.slices.front().curve.call(1.02); });
}

TEST(AValueMovedFrom, OfAKeyIsTheEmptyKeyAndMayBeAssigned) {
  SharedExpiryKey key("2027-01-15", "SPX");
  const SharedExpiryKey moved = std::move(key);
  EXPECT_EQ(*key, ExpiryKey{});
  key = moved;
  EXPECT_EQ(key->root, "SPX");
}

}  // namespace
}  // namespace strikenet
