#include <iostream>
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/vanilla/fdblackscholesvanillaengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/settings.hpp>
#include "strikenet/fitting/fit_smile.h"
#include "strikenet/quantlib/term_structures.h"
using namespace strikenet;
namespace ql = QuantLib;
int main() {
  const auto call = OptionType::call;
  const std::vector<SmileQuote> quotes = {{Strike(90), call, Price(13.5), Price(13.7)},
                                          {Strike(100), call, Price(7.9), Price(8.1)},
                                          {Strike(110), call, Price(4.2), Price(4.4)}};
  const YearFraction t(182 / 365.0);
  const CallCurve curve = fit_smile(quotes, Forward(100)).curve;
  const CallSurface surface({.slices = {{{"2026-07-03"}, t, Forward(100), DiscountFactor(0.98), curve}}}, {.spot = 99});

  const ql::Date today(2, ql::January, 2026);
  const TermStructures market(surface, today);
  const auto process = ql::ext::make_shared<ql::GeneralizedBlackScholesProcess>(
      market.spot(), market.dividend(), market.discount(), market.black_vol(), market.local_vol());

  ql::Settings::instance().evaluationDate() = today;  // instruments read it; the term structures do not
  ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Put, 105),
                           ql::ext::make_shared<ql::AmericanExercise>(today, today + 182));
  option.setPricingEngine(ql::ext::make_shared<ql::FdBlackScholesVanillaEngine>(
      process, 200, 400, 0, ql::FdmSchemeDesc::TrBDF2(), /*localVol=*/true));
  std::cout << option.NPV() << '\n';

  const LocalVolCounts counts = market.local_vol_counts();
  std::cerr << counts.capped << " of " << counts.evaluations << " local vols are the cap\n";
}
