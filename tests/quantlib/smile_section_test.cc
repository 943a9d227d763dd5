// Densities and digitals of a surface against QuantLib's, which are differences of Black prices at the surface's vols.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <ql/termstructures/volatility/smilesection.hpp>
#include <utility>
#include <vector>

#include "quantlib/fitted_surfaces.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

/// QuantLib's view of a smile: its vols, and nothing else.
class Section final : public ql::SmileSection {
 public:
  explicit Section(SurfaceSmile smile)
      : ql::SmileSection(smile.t().value(), testing_support::ThousandDaysAYear()), smile_(std::move(smile)) {}

  double minStrike() const override { return 0; }
  double maxStrike() const override { return std::numeric_limits<double>::infinity(); }
  double atmLevel() const override { return smile_.forward().value(); }

 private:
  double volatilityImpl(ql::Rate strike) const override { return smile_.vol(Strike(strike)).value(); }

  SurfaceSmile smile_;
};

/// At each expiry, between, before and beyond.
std::vector<double> times(const CallSurface& surface) {
  std::vector<double> result;
  double before = 0;
  for (const SurfaceSlice& slice : surface.surface().slices) {
    result.push_back((before + slice.t.value()) / 2);
    result.push_back(slice.t.value());
    before = slice.t.value();
  }
  result.push_back(1.5 * before);
  return result;
}

/// From the quantile at 1e-4 to that at 1 - 1e-4, equally far apart.
std::vector<double> strikes(const SurfaceSmile& smile) {
  constexpr int kSteps = 60;
  const double lowest = smile.quantile(1e-4).value(), highest = smile.quantile(1 - 1e-4).value();
  std::vector<double> result;
  for (int i = 0; i <= kSteps; ++i)
    result.push_back(lowest + (highest - lowest) * i / kSteps);
  return result;
}

struct Largest {
  double density = 0, digital = 0, spread = 0;  // differences: over the largest density; probabilities
  int compared = 0, without_vol = 0;
};

/// QuantLib's default gap, 1e-4 in currency, drowns in rounding at forwards of thousands: the gap has to be a share of
/// the law's width, and near the first knot, where probability gathers far in time, of the strike.
Largest differences(const CallSurface& surface, double gap_in_total_vols) {
  Largest largest;
  for (const double t : times(surface)) {
    const SurfaceSmile smile = surface.at(YearFraction(t));
    const Section section(smile);
    const double forward = smile.forward().value(), discount = smile.discount().value();
    const double relative_gap = gap_in_total_vols * smile.total_vol(1).value();
    const std::vector<double> at = strikes(smile);
    double highest = 0;
    for (const double strike : at)
      highest = std::max(highest, smile.density(Strike(strike)));
    for (const double strike : at) {
      const double gap = relative_gap * strike;
      if (std::isnan(smile.vol(Strike(strike - gap)).value()) || std::isnan(smile.vol(Strike(strike + gap)).value())) {
        ++largest.without_vol;  // beyond the last expiry probability gathers at the first knot
        continue;
      }
      const Strike k(strike), left(strike - gap / 2), right(strike + gap / 2);
      const OptionType type = strike < forward ? OptionType::put : OptionType::call;
      const double digital = std::abs(smile.greeks(type, k, Sticky::strike).dual_delta) / discount;
      const double spread = std::abs(smile.price(type, left) - smile.price(type, right)) / (discount * gap);
      const double judge =
          section.digitalOptionPrice(strike, type == OptionType::put ? ql::Option::Put : ql::Option::Call, 1, gap);
      largest.density =
          std::max(largest.density, std::abs(smile.density(k) - section.density(strike, 1, gap)) / highest);
      largest.digital = std::max(largest.digital, std::abs(digital - judge));
      largest.spread = std::max(largest.spread, std::abs(digital - spread));
      ++largest.compared;
    }
  }
  return largest;
}

/// A gap of a thousandth of the total vol at the money. The density is linear between knots, so that the error of its
/// difference is one of a kink and falls with the gap; that of a digital falls with its square, until the rounding of
/// prices takes over.
void expect_agreement(const CallSurface& surface, double density, double digital) {
  constexpr double kGap = 1e-3;
  const Largest at_gap = differences(surface, kGap), at_wide = differences(surface, 8 * kGap);
  std::cout << at_gap.compared << " strikes, " << at_gap.without_vol << " without vol: density " << at_gap.density
            << " of the largest, digital against QuantLib's " << at_gap.digital << ", against call spreads "
            << at_gap.spread << "; with eight times the gap " << at_wide.density << ", " << at_wide.digital << ", "
            << at_wide.spread << '\n';
  EXPECT_GE(at_gap.compared, 1000);
  EXPECT_LE(at_gap.without_vol, 5);
  EXPECT_LE(at_gap.density, density);
  EXPECT_LE(at_gap.digital, digital);
  EXPECT_LE(at_gap.spread, digital);
  EXPECT_LE(at_gap.spread, at_wide.spread / 30);  // with the square of the gap: 64
}

TEST(SmileSection, OfTheGeneratedBatesSurfaceHasItsDensityAndDigitals) {
  constexpr double kTruncation = 3e-5, kOfDigital = 1e-7;
  expect_agreement(testing_support::fit_bates().surface, kTruncation, kOfDigital);
}

TEST(SmileSection, OfTheEuroStoxxHasItsDensityAndDigitals) {
  constexpr double kTruncation = 3e-4, kOfDigital = 2e-6;
  expect_agreement(testing_support::fit_sx5e().surface, kTruncation, kOfDigital);
}

}  // namespace
}  // namespace strikenet
