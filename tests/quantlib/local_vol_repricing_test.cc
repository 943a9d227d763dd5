// The surface's local vols, given to QuantLib's finite differences, give back the surface's vols and the quotes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/vanilla/fdblackscholesvanillaengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>

#include "quantlib/evaluation_date.h"
#include "quantlib/fitted_surfaces.h"
#include "strikenet/core/black.h"
#include "strikenet/quantlib/term_structures.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

constexpr double kBasisPoint = 1e-4;
constexpr ql::Size kTimeSteps = 200, kSpaceSteps = 400;
const ql::Date kReference(1, ql::March, 2010);

/// The Black vol that makes QuantLib's grid wide enough. The engine has no parameter for the width: it takes 1.5 times
/// the quantile at 1e-4 of the lognormal law whose vol is the Black vol at the strike, and with local vols the Black
/// vol is for nothing else. Beyond its quotes this surface has heavier tails, with local vols of several hundred
/// percent, and at the ends of the grid, where QuantLib sets the second derivative to 0, those act as a drift. So the
/// grid reaches to where at most 3e-4 of the probability lies beyond each end.
double vol_for_grid(const SurfaceSmile& smile, Strike strike) {
  constexpr double kBeyond = 3e-4, kQuantiles = 1.5 * 3.719;
  const double forward = smile.forward().value(), sqrt_t = std::sqrt(smile.t().value());
  const double lowest = std::log(smile.quantile(kBeyond).value() / forward);
  const double highest = std::log(smile.quantile(1 - kBeyond).value() / forward);
  return std::max(smile.vol(strike).value(), std::max(-lowest, highest) / (kQuantiles * sqrt_t));
}

/// Under local vols, by TR-BDF2, a scheme of the engine's that damps what the default, Crank-Nicolson here, lets swing
/// where local vols are large.
Vol vol_by_finite_differences(const TermStructures& structures, const SurfaceSmile& smile, Strike strike) {
  const ql::Handle<ql::BlackVolTermStructure> for_grid(ql::ext::make_shared<ql::BlackConstantVol>(
      kReference, ql::Calendar(), vol_for_grid(smile, strike), testing_support::ThousandDaysAYear()));
  const auto process = ql::ext::make_shared<ql::GeneralizedBlackScholesProcess>(
      structures.spot(), structures.dividend(), structures.discount(), for_grid, structures.local_vol());
  const bool is_put = strike.value() < smile.forward().value();
  const ql::Date expiry = kReference + static_cast<int>(std::lround(1000 * smile.t().value()));
  ql::VanillaOption option(
      ql::ext::make_shared<ql::PlainVanillaPayoff>(is_put ? ql::Option::Put : ql::Option::Call, strike.value()),
      ql::ext::make_shared<ql::EuropeanExercise>(expiry));
  option.setPricingEngine(ql::ext::make_shared<ql::FdBlackScholesVanillaEngine>(process, kTimeSteps, kSpaceSteps, 0,
                                                                                ql::FdmSchemeDesc::TrBDF2(), true));
  const Price price(option.NPV() / smile.discount().value());
  const TotalVol total =
      implied_total_vol(is_put ? OptionType::put : OptionType::call, smile.forward(), strike, price).vol;
  return Vol(total.value() / std::sqrt(smile.t().value()));
}

/// |differences| of vols in basis points; one that is no number stays.
struct Distances {
  int count = 0;
  double largest = 0, sum = 0;

  void add(Vol a, Vol b) {
    const double distance = std::abs(a.value() - b.value()) / kBasisPoint;
    ++count;
    sum += distance;
    if (!(distance <= largest)) largest = distance;
  }
};

// The 155 options take 2 s of one core, and the fit 8.
TEST(LocalVolRepricing, ByQuantLibsFiniteDifferencesGivesTheVolsOfTheEuroStoxxOf2010) {
  constexpr double kLargest = 5, kMean = 1;  // truncation of 200 x 400 steps, cap and ends of the grid
  constexpr double kQuotesInConflict = 4.778;
  const auto [chain, surface] = testing_support::fit_sx5e();
  // In the tails that the quotes leave open, at probabilities of a few percent, local vols reach several hundred
  // percent. A cap of 1 would take up to 57 basis points from the vols of the lowest strikes.
  const TermStructures structures(surface, kReference,
                                  {.day_counter = testing_support::ThousandDaysAYear(), .local_vol_cap = 6});
  const EvaluationDate date(kReference);
  Distances model;
  std::map<double, Distances> quotes;
  for (const Quote& quote : chain.quotes) {
    const SurfaceSlice& slice = surface.surface().slices.at(static_cast<std::size_t>(quote.slice));
    const SurfaceSmile smile = surface.at(slice.t);
    const Strike strike(quote.strike);
    const Vol vol = vol_by_finite_differences(structures, smile, strike);
    model.add(vol, smile.vol(strike));
    quotes[slice.t.value()].add(vol, Vol(quote.bid_vol.value()));
  }
  const LocalVolCounts counts = structures.local_vol_counts();
  std::cout << "model: largest " << model.largest << " bp, mean " << model.sum / model.count << " bp; "
            << counts.evaluations << " local vols, " << counts.capped << " capped, " << counts.without << " without\n";
  EXPECT_EQ(model.count, 155);
  EXPECT_LE(model.largest, kLargest);
  EXPECT_LE(model.sum / model.count, kMean);
  for (const auto& [t, distances] : quotes) {
    std::cout << "quotes at " << t << ": largest " << distances.largest << " bp\n";
    if (t != kQuotesInConflict) {
      EXPECT_LE(distances.largest, kLargest) << t;
    }
  }
}

}  // namespace
}  // namespace strikenet
