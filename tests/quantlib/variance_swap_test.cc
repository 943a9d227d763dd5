// Our variance swaps beside QuantLib's.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <ql/instruments/varianceswap.hpp>
#include <ql/pricingengines/forward/replicatingvarianceswapengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <vector>

#include "quantlib/evaluation_date.h"
#include "strikenet/core/black.h"
#include "strikenet/replication/variance_swap.h"

namespace strikenet {
namespace {

constexpr int kDays = 365;
constexpr double kT = kDays / 365.0, kRate = 0.05, kVol = 0.2;

/// QuantLib's fair variance of a flat vol with S = 100 and strikes from 20 to 400, 1 apart.
double by_quantlib(double yield) {
  namespace ql = QuantLib;
  const ql::Date today(2, ql::January, 2026);
  const EvaluationDate guard(today);
  const ql::DayCounter count = ql::Actual365Fixed();
  const auto flat = [&](double rate) {
    return ql::Handle<ql::YieldTermStructure>(ql::ext::make_shared<ql::FlatForward>(today, rate, count));
  };
  const auto process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(100)), flat(yield), flat(kRate),
      ql::Handle<ql::BlackVolTermStructure>(
          ql::ext::make_shared<ql::BlackConstantVol>(today, ql::NullCalendar(), kVol, count)));
  std::vector<ql::Real> calls, puts;
  for (int strike = 100; strike <= 400; ++strike)
    calls.push_back(strike);
  for (int strike = 100; strike >= 20; --strike)
    puts.push_back(strike);
  ql::VarianceSwap swap(ql::Position::Long, 0.04, 1, today, today + kDays);
  swap.setPricingEngine(ql::ext::make_shared<ql::ReplicatingVarianceSwapEngine>(process, 1, calls, puts));
  return swap.variance();
}

/// Ours, by chords at the same strikes and with the same last pieces.
double ours(double yield) {
  const double forward = 100 * std::exp((kRate - yield) * kT), discount = std::exp(-kRate * kT);
  HedgeMarket market{.quotes = {}, .discount = DiscountFactor(discount), .forward = Forward(forward)};
  for (int strike = 20; strike <= 400; ++strike)
    for (const OptionType type : {OptionType::put, OptionType::call}) {
      const double price =
          discount * black_price(type, Forward(forward), Strike(strike), TotalVol(kVol * std::sqrt(kT))).value();
      market.quotes.push_back({type, Strike(strike), price, price});
    }
  return variance_swap(market, YearFraction(kT), {.low_end = 19, .high_end = 401})->fair_variance;
}

TEST(QuantLibVarianceSwap, AgreesWithOursWithoutDividends) { EXPECT_NEAR(ours(0), by_quantlib(0), 1e-9); }

// The yield is in ours and not in the engine's forward: docs/theory/variance-strip.md.
TEST(QuantLibVarianceSwap, LeavesDividendsOut) {
  constexpr double kDiscreteness = 1e-4;
  EXPECT_NEAR(ours(0.03), 0.04, kDiscreteness);
  EXPECT_NEAR(by_quantlib(0.03), 0.037865, kDiscreteness);
}

}  // namespace
}  // namespace strikenet
