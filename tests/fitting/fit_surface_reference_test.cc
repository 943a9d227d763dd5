#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/black.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/surface/call_surface.h"
#include "support/shared_data.h"

// fit_surface with its default options on published vols: how near it comes to every one of them, in basis points of
// vol, and that what it gives is proved. And QuantLib's own checks of a surface without arbitrage, between expiries.
namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kBasisPoint = 1e-4;

struct PublishedVol {
  double t, strike, vol, forward, discount = 1;
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line.substr(0, line.find('\r')));
  for (std::string field; std::getline(in, field, ',');)
    fields.push_back(field);
  return fields;
}

/// The columns of a published table that have these names, row by row. Lines that start with '#' are remarks.
template <std::size_t kColumns>
std::vector<std::array<double, kColumns>> read_table(const std::string& file,
                                                     const std::array<std::string_view, kColumns>& names) {
  std::ifstream in(shared_folder() / file);
  std::vector<std::string> header;
  std::vector<std::array<double, kColumns>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> fields = fields_of(line);
    if (header.empty()) {
      header = fields;
      continue;
    }
    std::array<double, kColumns>& row = rows.emplace_back();
    for (std::size_t c = 0; c < kColumns; ++c)
      row[c] = std::stod(fields.at(static_cast<std::size_t>(std::ranges::find(header, names[c]) - header.begin())));
  }
  return rows;
}

Chain chain_of(std::istream& csv) {
  const Result<RawChain> raw = read_chain(csv, "published", "generic");
  return prepare(raw.value()).value();
}

/// By way of a file in the generic format.
Chain chain_of(const std::vector<PublishedVol>& vols) {
  std::stringstream csv;
  csv.precision(17);
  csv << "expiry,strike,vol,forward,discount\n";
  for (const PublishedVol& row : vols)
    csv << row.t << ',' << row.strike << ',' << row.vol << ',' << row.forward << ',' << row.discount << '\n';
  return chain_of(csv);
}

/// Distances of the surface from the published vols, in basis points. One that is no number stays in the sum.
struct VolErrors {
  int count = 0;
  double largest = 0, squares = 0;

  double rms() const { return std::sqrt(squares / count); }
};

/// Of the quotes whose price is at least `least` forwards.
VolErrors vol_errors(const Chain& chain, const Surface& surface, double least = 0) {
  VolErrors errors;
  for (const Quote& quote : chain.quotes) {
    const SurfaceSlice& slice = surface.slices.at(static_cast<std::size_t>(quote.slice));
    const double forward = slice.forward.value();
    if (quote.bid < least * slice.discount.value() * forward) continue;
    const double model = implied_total_vol(slice.curve, quote.strike / forward).value() / std::sqrt(slice.t.value());
    const double error = std::abs(model - quote.bid_vol.value()) / kBasisPoint;
    errors.largest = std::max(errors.largest, error);
    errors.squares += error * error;
    ++errors.count;
  }
  return errors;
}

void print(std::string_view what, const VolErrors& errors) {
  std::cout << what << ": " << errors.count << " vols, rms " << errors.rms() << " bp, largest " << errors.largest
            << " bp\n";
}

Surface fit_and_prove(const Chain& chain) {
  const SlicesFit fit = fit_surface(chain, {});
  const Certificate certificate = prove_arbitrage_free(fit.surface);
  EXPECT_TRUE(certificate.arbitrage_free()) << status(certificate);
  EXPECT_TRUE(fit.usable()) << fit.fits.front().message;
  return fit.surface;
}

TEST(FitSurfaceReference, IsAsNearToTheEuroStoxxOf2010AsAnySurfaceCanBe) {
  // No law comes nearer than 8.06 bp to the quotes of 4.778 years, nor, with no error above 8.1 bp, than 1.12 bp rms to
  // all of them: see market_data/sx5e_2010-03-01. A linear program found both.
  constexpr double kLargest = 8.1, kRms = 1.2, kLeastPossible = 8.06 - 0.01;
  std::ifstream csv(STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv");
  const Chain chain = chain_of(csv);
  const VolErrors errors = vol_errors(chain, fit_and_prove(chain));
  print("SX5E, 1 March 2010", errors);
  EXPECT_EQ(errors.count, 155);
  EXPECT_LE(errors.largest, kLargest);
  EXPECT_GE(errors.largest, kLeastPossible);
  EXPECT_LE(errors.rms(), kRms);
}

TEST(FitSurfaceReference, MeetsTheBatesVolsOfAckererAndOthersDownToTheSmallestPrices) {
  constexpr double kLargest = 5, kRms = 0.5;
  const std::string file = "reference/ackerer_bates_synthetic.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<PublishedVol> vols;
  for (const auto& [t, k, vol] : read_table<3>(file, {"T", "strike_over_forward", "implied_vol"}))
    vols.push_back({t, k, vol, 1});
  const Chain chain = chain_of(vols);
  const Surface surface = fit_and_prove(chain);
  const VolErrors all = vol_errors(chain, surface), dear = vol_errors(chain, surface, 1e-8);
  print("Bates, all", all);
  print("Bates, prices of 1e-8 and more", dear);
  EXPECT_EQ(all.count, 18 * 18);
  EXPECT_EQ(dear.count, 279);
  EXPECT_LE(all.rms(), kRms);
  EXPECT_LE(all.largest, kLargest);
}

TEST(FitSurfaceReference, MeetsTheIndexVolsOfOctober1995) {
  constexpr double kLargest = 0.05;
  const std::string file = "reference/spx_oct1995_kahale.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<PublishedVol> vols;
  for (const auto& [t, strike, vol, forward] : read_table<4>(file, {"expiry", "strike", "vol", "forward"}))
    vols.push_back({t, strike, vol, forward});
  const Chain chain = chain_of(vols);
  const VolErrors errors = vol_errors(chain, fit_and_prove(chain));
  print("SPX, October 1995", errors);
  EXPECT_EQ(errors.count, 100);
  EXPECT_LE(errors.rms(), kLargest);
  EXPECT_LE(errors.largest, kLargest);
}

TEST(FitSurfaceReference, StaysAwayFromVogtsSliceWhoseDensityIsNegative) {
  constexpr double kLargest = 45, kRms = 20;  // as measured
  const std::string file = "reference/svi_vogt_slice.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<PublishedVol> vols;
  for (const auto& [strike, vol] : read_table<2>(file, {"strike", "implied_vol"}))
    vols.push_back({1, strike, vol, 1});
  const Chain chain = chain_of(vols);
  const VolErrors errors = vol_errors(chain, fit_and_prove(chain));
  print("Vogt's slice", errors);
  EXPECT_EQ(errors.count, 61);
  EXPECT_GT(errors.largest, 1);
  EXPECT_LE(errors.largest, kLargest);
  EXPECT_LE(errors.rms(), kRms);
}

/// The smallest values on the grid of QuantLib's testArbitrageFree (K. Spanderen, test-suite, Andreasen-Huge), or on
/// other weeks of it: of Gatheral's g by differences of `eps` in log strike, his 0.025 or less, and of the slope
/// of total variance over one day. Before the first expiry there is no vol far from the money, and nothing to ask.
struct SmallestOnGrid {
  int points = 0, without_vol = 0;
  double g = 1e300, slope = 1e300;
  std::string g_at = {}, slope_at = {};
};

SmallestOnGrid check_grid(const CallSurface& surface, int first_week, int last_week, double eps) {
  constexpr double kDay = 1.0 / 365;
  SmallestOnGrid smallest;
  for (int weeks = first_week; weeks <= last_week; ++weeks) {
    const SurfaceSmile smile = surface.at(YearFraction(7 * weeks * kDay));
    const SurfaceSmile day_later = surface.at(YearFraction((7 * weeks + 1) * kDay));
    const auto total_variance = [](const SurfaceSmile& at, double log_k) {
      return std::pow(at.total_vol(std::exp(log_k)).value(), 2);
    };
    for (int step = 0; step < 28; ++step) {
      const double m = -0.7 + 0.05 * step;
      const double w = total_variance(smile, m), up = total_variance(smile, m + eps),
                   down = total_variance(smile, m - eps);
      const std::string at = "week " + std::to_string(weeks) + ", log moneyness " + std::to_string(m);
      if (smile.extrapolation(Strike(0)).before_first && std::isnan(w + up + down)) {
        ++smallest.without_vol;
        continue;
      }
      const double w1 = (up - down) / (2 * eps), w2 = (up + down - 2 * w) / (eps * eps);
      const double g = std::pow(1 - m * w1 / (2 * w), 2) - w1 * w1 / 4 * (1 / w + 0.25) + w2 / 2;
      const double slope = (total_variance(day_later, m) - w) / kDay;
      EXPECT_TRUE(std::isfinite(g) && std::isfinite(slope)) << at;
      if (g < smallest.g) {
        smallest.g = g;
        smallest.g_at = at;
      }
      if (slope < smallest.slope) {
        smallest.slope = slope;
        smallest.slope_at = at;
      }
      ++smallest.points;
    }
  }
  return smallest;
}

void expect_on_weeks(const CallSurface& surface, int first_week, int last_week, double curvature) {
  constexpr double kLeastSlope = -1e-8;  // QuantLib's own
  for (const double eps : {0.025, 0.001}) {
    const SmallestOnGrid smallest = check_grid(surface, first_week, last_week, eps);
    std::cout << "weeks " << first_week << " to " << last_week << ", step " << eps << ": smallest g " << smallest.g
              << " at " << smallest.g_at << "; smallest dw/dt " << smallest.slope << " at " << smallest.slope_at
              << "; no vol at " << smallest.without_vol << '\n';
    EXPECT_EQ(smallest.points + smallest.without_vol, 28 * (last_week - first_week + 1));
    EXPECT_LE(smallest.without_vol, 5);
    EXPECT_GE(smallest.g, -curvature * eps * eps) << smallest.g_at;
    EXPECT_GE(smallest.slope, kLeastSlope) << smallest.slope_at;
  }
}

/// QuantLib asks for g >= 0 at a step of 0.025, from week 6 to 51. `curvature` is what the truncation of a difference
/// may take from g, per square of its step; at a step of 0.001 that is next to nothing. In the weeks before, a first
/// expiry of a month shrinks the law to half its width, and takes a step as if it were twice as long.
void expect_what_quantlib_expects(const Surface& surface, double curvature) {
  const CallSurface all_times(surface);
  expect_on_weeks(all_times, 1, 5, 4.5 * curvature);
  expect_on_weeks(all_times, 6, 51, curvature);
}

TEST(FitSurfaceReference, MakesOfQuantLibsArbitrageableVolsASurfaceThatPassesItsChecks) {
  constexpr double kLargest = 2000;  // as measured: some vol has to give way by many hundred
  const std::string file = "reference/ah_case_arbitrage.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<PublishedVol> vols;
  for (const auto& [strike, months, vol] : read_table<3>(file, {"strike", "maturity_months", "vol"})) {
    const double t = (months == 1 ? 31 : months == 3 ? 90 : 181) / 365.0;  // from 4 January 2018
    vols.push_back({t, strike, vol, 100 * std::exp((0.13 - 0.03) * t), std::exp(-0.13 * t)});
  }
  const Chain chain = chain_of(vols);
  const Surface surface = fit_and_prove(chain);
  const VolErrors errors = vol_errors(chain, surface);
  print("Andreasen-Huge, arbitrage", errors);
  EXPECT_EQ(errors.count, 4);
  EXPECT_GT(errors.largest, 100);
  EXPECT_LE(errors.largest, kLargest);
  EXPECT_LE(errors.rms(), kLargest);
  // At the money, between the second and the third expiry, the density touches 0; a difference over 0.025 sees less:
  // g down to -0.0122 and not QuantLib's 0, and in proportion to the square of the step, -2.3e-5 at 0.001.
  // Weeks 26 to 51 lie beyond the last expiry.
  expect_what_quantlib_expects(surface, 40);
}

TEST(FitSurfaceReference, MeetsTheOilVolsOfBorovkovaWithASurfaceThatPassesQuantLibsChecks) {
  constexpr double kLargest = 0.05;
  const std::string file = "reference/ah_case_borovkova.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  std::vector<PublishedVol> vols;
  for (const auto& [t, strike, forward, vol] : read_table<4>(file, {"t_act365", "strike", "forward", "vol"}))
    vols.push_back({t, strike, vol, forward, std::exp(-0.025 * t)});
  const Chain chain = chain_of(vols);
  const Surface surface = fit_and_prove(chain);
  const VolErrors errors = vol_errors(chain, surface);
  print("Andreasen-Huge, Borovkova", errors);
  EXPECT_EQ(errors.count, 52);
  EXPECT_LE(errors.rms(), kLargest);
  EXPECT_LE(errors.largest, kLargest);
  expect_what_quantlib_expects(surface, 0);
}

}  // namespace
}  // namespace strikenet
