#include "strikenet/replication/variance_swap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <sstream>

#include "strikenet/core/black.h"
#include "support/published_table.h"
#include "support/words.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::published_rows;
using testing_support::skip_text;

constexpr double kRounding = 1e-12;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Black's prices of calls and puts at strikes with vols of their own, without a spread.
HedgeMarket market_of(const std::map<double, double>& vols, double forward, double discount, double t) {
  HedgeMarket market{.quotes = {}, .discount = DiscountFactor(discount), .forward = Forward(forward)};
  for (const auto& [strike, vol] : vols)
    for (const OptionType type : {OptionType::put, OptionType::call}) {
      const double price =
          discount * black_price(type, Forward(forward), Strike(strike), TotalVol(vol * std::sqrt(t))).value();
      market.quotes.push_back({type, Strike(strike), price, price});
    }
  return market;
}

TEST(VarianceSwap, IsTable1OfDemeterfiDermanKamalZouRowByRow) {
  const std::string file = "reference/ddkz1999_table1.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto rows = published_rows(file);
  ASSERT_EQ(rows.size(), 19u);
  std::map<double, double> vols;
  for (const auto& row : rows)
    vols[std::stod(row[1])] = std::stod(row[2]) / 100;
  // Their t is 90 days; the chords end at 45 and 140.
  const double t = 90.0 / 365, growth = std::exp(0.05 * t);
  const HedgeMarket market = market_of(vols, 100 * growth, 1 / growth, t);
  const auto swap = variance_swap(market, YearFraction(t), {.low_end = 45, .high_end = 140});
  ASSERT_TRUE(swap);
  ASSERT_EQ(swap->legs.size(), rows.size());
  EXPECT_EQ(swap->boundary, 100);
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const PricedStripLeg& leg = swap->legs[i];
    EXPECT_EQ(leg.type, rows[i][0] == "put" ? OptionType::put : OptionType::call);
    EXPECT_EQ(leg.strike.value(), std::stod(rows[i][1]));
    EXPECT_NEAR(1e4 * leg.units, std::stod(rows[i][3]), 0.005) << "weight of row " << i;  // as printed
    const double half_of_last_digit =
        0.5 * std::pow(10.0, -static_cast<double>(rows[i][4].size() - rows[i][4].find('.') - 1));
    EXPECT_NEAR(leg.price, std::stod(rows[i][4]), half_of_last_digit * 1.0001) << "value of row " << i;
    EXPECT_NEAR(1e4 * leg.units * leg.price, std::stod(rows[i][5]), 0.00005001) << "contribution of row " << i;
    total += 1e4 * leg.units * leg.price;
  }
  EXPECT_NEAR(total, 419.8671, 0.00005001);
  EXPECT_NEAR(total, 419.86705, 0.000005);
  EXPECT_NEAR(100 * swap->fair_vol, 20.467, 0.0005);
  EXPECT_NEAR(100 * swap->fair_vol, 20.46670, 0.000005);
}

TEST(VarianceSwap, HasTheTwoSetsOfWeightsOfLeFloch) {
  const std::string file = "reference/varswap_lefloch2018.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto rows = published_rows(file);
  ASSERT_EQ(rows.size(), 7u);
  const auto swap_of = [](double vol, StripWeights weights, std::optional<double> high_end = {}) {
    std::map<double, double> vols;
    for (double strike = 60; strike <= 140; strike += 10)
      vols[strike] = vol;
    return *variance_swap(market_of(vols, 100, 1, 1), YearFraction(1), {.weights = weights, .high_end = high_end});
  };
  for (const auto& [row, weights] :
       {std::pair(rows[0], StripWeights::chords), std::pair(rows[1], StripWeights::trapezoid)}) {
    std::map<std::pair<double, OptionType>, double> units;
    for (const PricedStripLeg& leg : swap_of(0.1, weights).legs)
      units[{leg.strike.value(), leg.type}] = 1e4 * leg.units;
    std::istringstream published(row[2]);
    std::string text;
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(std::getline(published, text, ';'));
      const double strike = i < 5 ? 60 + 10 * i : 50 + 10 * i;  // 60, ..., 100 and 100, ..., 140
      EXPECT_NEAR((units[{strike, i < 5 ? OptionType::put : OptionType::call}]), std::stod(text), 0.00501)
          << row[1] << strike;
    }
  }
  // 10.8264 is what the chords give when the calls' last one ends at 150; with the weight of 0 at 140 that is printed
  // beside it - and was used for the 36.51 of 40 % - they give 10.8258.
  EXPECT_NEAR(100 * swap_of(0.1, StripWeights::chords, 150).fair_vol, std::stod(rows[2][2]), 0.00005001);
  EXPECT_NEAR(100 * swap_of(0.1, StripWeights::chords).fair_vol, 10.8258, 0.00005);
  EXPECT_NEAR(100 * swap_of(0.1, StripWeights::trapezoid).fair_vol, std::stod(rows[3][2]), 0.00005001);
  EXPECT_NEAR(100 * swap_of(0.4, StripWeights::chords).fair_vol, std::stod(rows[4][2]), 0.005001);
  EXPECT_NEAR(100 * swap_of(0.4, StripWeights::trapezoid).fair_vol, std::stod(rows[5][2]), 0.005001);
}

// Their Tables 2 and 3 stand in the comment of the file: strikes 10, 11, ..., 200 at 30 %, three months.
TEST(VarianceSwap, OfAFlatSmileIsItsVarianceUpToTheStrip) {
  std::map<double, double> vols;
  for (double strike = 10; strike <= 200; strike += 1)
    vols[strike] = 0.3;
  const double t = 0.25, growth = std::exp(0.05 * t);
  const auto swap = variance_swap(market_of(vols, 100 * growth, 1 / growth, t), YearFraction(t));
  EXPECT_NEAR(100 * swap->fair_vol, 30.01, 0.005);
  EXPECT_GT(swap->fair_variance, 0.09);
  EXPECT_LT(swap->fair_variance - swap->convexity, 0.09);
}

// Dividends are in the forward: S = 100, r = 5 %, q = 3 %. QuantLib's ReplicatingVarianceSwapEngine, which leaves the
// dividends out, gives 0.037865 for this.
TEST(VarianceSwap, IsRightWithRatesAndDividends) {
  constexpr double kTruncation = 1e-6;  // of strikes 0.1 apart
  const double t = 1, r = 0.05, q = 0.03, forward = 100 * std::exp((r - q) * t);
  std::map<double, double> vols;
  for (double strike = 20; strike <= 500; strike += 0.1)
    vols[strike] = 0.2;
  const auto swap = variance_swap(market_of(vols, forward, std::exp(-r * t), t), YearFraction(t));
  ASSERT_TRUE(swap);
  EXPECT_NEAR(swap->fair_variance, 0.04, kTruncation);
  EXPECT_LT(swap->truncation_error, kTruncation);
}

/// A lognormal law in cells of equal width in ln k, moved to mean 1.
SurfaceSlice lognormal_slice(double vol, double t, Activation activation = Activation::cubic, int count = 3000) {
  std::vector<double> knots;
  const double s = vol * std::sqrt(t);
  for (int i = 0; i < count; ++i)
    knots.push_back(std::exp(9 * s * (2.0 * i / (count - 1) - 1)));
  const std::vector<double> nodes = unit_nodes(activation, knots);
  const auto below = [s](double k) { return 0.5 * std::erfc(-(std::log(k) / s + s / 2) / std::sqrt(2.0)); };
  std::vector<double> weights;
  double mean = 0;
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const double low = j == 0 ? 0 : below((nodes[j - 1] + nodes[j]) / 2);
    const double high = j + 1 == nodes.size() ? 1 : below((nodes[j] + nodes[j + 1]) / 2);
    weights.push_back(high - low);
    mean += weights.back() * nodes[j];
  }
  for (double& knot : knots)
    knot /= mean;
  return {{"T=1"}, YearFraction(t), Forward(100), DiscountFactor(0.9), CallCurve(activation, knots, weights)};
}

TEST(FairVariance, OfALognormalLawIsItsVariance) {
  constexpr double kTruncation = 2e-6;  // of 3,000 cells
  for (const double t : {0.1, 1.0, 4.0})
    for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic}) {
      const SurfaceSlice slice = lognormal_slice(0.2, t, activation);
      EXPECT_NEAR(fair_variance(slice), 0.04, kTruncation);
      EXPECT_NEAR(fair_gamma_variance(slice), 0.04, kTruncation);
      EXPECT_NEAR(fair_corridor_variance(slice, 0, 90) + fair_corridor_variance(slice, 90, 120) +
                      fair_corridor_variance(slice, 120, kInfinity),
                  fair_variance(slice), 1e-12);
    }
}

// Le Floc'h 2018: the integral from 60 to 140 alone, at 40 %.
TEST(FairVariance, OfACorridorOfStrikesIsTheTruncatedIntegral) {
  EXPECT_NEAR(100 * std::sqrt(fair_corridor_variance(lognormal_slice(0.4, 1), 60, 140)), 37.18, 0.005);
}

TEST(FairVariance, OfPointsIsTheMeanOfTheLog) {
  const SurfaceSlice two{{"T=2"},
                         YearFraction(2),
                         Forward(50),
                         DiscountFactor(1),
                         CallCurve(Activation::relu, {0.5, 2}, {2.0 / 3, 1.0 / 3})};
  const double mean_log = 2.0 / 3 * std::log(0.5) + 1.0 / 3 * std::log(2.0);
  EXPECT_NEAR(fair_variance(two), -mean_log, 1e-10);
  EXPECT_NEAR(fair_gamma_variance(two), 2.0 / 3 * 0.5 * std::log(0.5) + 1.0 / 3 * 2 * std::log(2.0), 1e-10);
  // Between the points the put is 2/3 (k - 1/2) and the call 1/3 (2 - k).
  EXPECT_NEAR(fair_corridor_variance(two, 30, 40), 2.0 / 3 * (std::log(0.8 / 0.6) + 0.5 / 0.8 - 0.5 / 0.6), 1e-10);
  EXPECT_EQ(vol_swap_bounds(two).upper, std::sqrt(fair_variance(two)));
  EXPECT_NEAR(vol_swap_bounds(two).lower, 2 * std::log(2.0) / 3 / 1.30692973 / std::sqrt(2.0), 1e-10);
}

TEST(FairVariance, IsInfiniteWhereTheUnderlyingCanBeWorthNothing) {
  const SurfaceSlice slice{
      {"T=1"}, YearFraction(1), Forward(50), DiscountFactor(1), CallCurve(Activation::relu, {0, 1.25}, {0.2, 0.8})};
  EXPECT_EQ(fair_variance(slice), kInfinity);
  EXPECT_EQ(fair_corridor_variance(slice, 0, 20), kInfinity);
  EXPECT_NEAR(fair_corridor_variance(slice, 10, 20), 2 * 0.2 * std::log(2.0), 1e-10);
  EXPECT_NEAR(fair_gamma_variance(slice), 2 * 0.8 * 1.25 * std::log(1.25), 1e-10);
  EXPECT_EQ(vol_swap_bounds(slice).upper, kInfinity);
}

TEST(VolSwapBounds, HoldTheVolOfALognormalLaw) {
  for (const double vol : {0.1, 0.4}) {
    const VolSwapBounds bounds = vol_swap_bounds(lognormal_slice(vol, 1));
    EXPECT_LT(bounds.lower, vol);
    EXPECT_GT(bounds.lower, 0.4 * vol);
    EXPECT_NEAR(bounds.at_the_money, vol, 1e-4 * vol);
    EXPECT_NEAR(bounds.upper, vol, 1e-4 * vol);
  }
}

/// The bound on the tails against the tails, of a skewed smile: strikes that are left out at the ends.
TEST(VarianceSwap, BoundsWhatTheTailsCanAdd) {
  std::map<double, double> all, inner;
  for (double strike = 20; strike <= 300; strike += 1) {
    all[strike] = 0.25 - 0.1 * std::log(strike / 100);
    if (strike >= 75 && strike <= 125) inner[strike] = all[strike];
  }
  for (const StripWeights weights : {StripWeights::chords, StripWeights::trapezoid}) {
    const StripOptions options{.weights = weights};
    const VarianceSwap wide = *variance_swap(market_of(all, 100, 1, 0.5), YearFraction(0.5), options);
    const VarianceSwap narrow = *variance_swap(market_of(inner, 100, 1, 0.5), YearFraction(0.5), options);
    EXPECT_GT(wide.fair_variance, narrow.fair_variance);
    EXPECT_LT(wide.fair_variance, narrow.fair_variance + narrow.truncation_error);
    EXPECT_LT(wide.truncation_error, narrow.truncation_error / 100);
  }
}

TEST(VarianceSwap, ChordsPayAtLeastTheLogBetweenTheirEndsAndAtMostConvexityMore) {
  std::vector<double> strikes{60, 75, 80, 95, 100, 120, 150};
  const auto legs = variance_strip(strikes, Strike(95), YearFraction(0.5), {.low_end = 50, .high_end = 170});
  std::map<double, double> vols;
  for (const double strike : strikes)
    vols[strike] = 0.2;
  const VarianceSwap swap =
      *variance_swap(market_of(vols, 99, 1, 0.5), YearFraction(0.5), {.low_end = 50, .high_end = 170});
  ASSERT_EQ(swap.boundary, 95);
  double largest = 0;
  for (double spot = 50; spot <= 170; spot += 0.01) {
    double pays = 0;
    for (const StripLeg& leg : legs)
      pays += leg.units *
              std::max(0.0, leg.type == OptionType::call ? spot - leg.strike.value() : leg.strike.value() - spot);
    const double more = pays - 4 * (spot / 95 - 1 - std::log(spot / 95));
    EXPECT_GT(more, -kRounding);
    largest = std::max(largest, more);
  }
  EXPECT_NEAR(largest, swap.convexity, 1e-6);
}

TEST(VarianceSwap, HasTheVarianceAtBidAndAsk) {
  HedgeMarket market = market_of({{90, 0.2}, {100, 0.2}, {110, 0.2}}, 100, 0.95, 1);
  for (HedgeQuote& quote : market.quotes) {
    quote.bid -= 0.1;
    quote.ask += 0.1;
  }
  const VarianceSwap swap = *variance_swap(market, YearFraction(1), {.weights = StripWeights::trapezoid});
  double units = 0;
  for (const PricedStripLeg& leg : swap.legs)
    units += leg.units;
  EXPECT_NEAR(swap.ask_variance - swap.fair_variance, 0.1 * units / 0.95, kRounding);
  EXPECT_NEAR(swap.fair_variance - swap.bid_variance, 0.1 * units / 0.95, kRounding);
}

TEST(VarianceSwap, NeedsAPutAndACallAroundTheForward) {
  EXPECT_FALSE(variance_swap({.forward = Forward(100)}, YearFraction(1)));
  HedgeMarket calls = market_of({{90, 0.2}, {100, 0.2}, {110, 0.2}}, 100, 1, 1);
  std::erase_if(calls.quotes, [](const HedgeQuote& quote) { return quote.type == OptionType::put; });
  EXPECT_FALSE(variance_swap(calls, YearFraction(1)));
  EXPECT_FALSE(variance_swap(market_of({{90, 0.2}, {100, 0.2}}, 100, 1, 1), YearFraction(1)));
  EXPECT_TRUE(variance_swap(market_of({{90, 0.2}, {100, 0.2}, {110, 0.2}}, 100, 1, 1), YearFraction(1)));
}

TEST(VarianceStrip, SaysWhichNumberIsWrong) {
  using testing_support::words;
  const auto strip = [](std::vector<double> strikes, double boundary, double t = 1, StripOptions options = {}) {
    return words([&] { variance_strip(strikes, Strike(boundary), YearFraction(t), options); });
  };
  EXPECT_EQ(strip({90, 90}, 90),
            "variance_strip: strike is 90, but strikes must be positive, finite and strictly increasing");
  EXPECT_EQ(strip({90, 100}, 95), "variance_strip: boundary is 95, but must be one of the strikes");
  EXPECT_EQ(strip({90, 100}, 90, 0), "variance_strip: t is 0, but must be positive and finite");
  EXPECT_EQ(strip({90, 100}, 90, 1, {.low_end = 95}),
            "variance_strip: low end is 95, but must be above 0 and below the strikes");
  EXPECT_EQ(strip({90, 100}, 90, 1, {.high_end = 95}),
            "variance_strip: high end is 95, but must be finite and above the strikes");
  EXPECT_EQ(words([] { variance_swap({}, YearFraction(1)); }),
            "variance_swap: forward is inf, but must be positive and finite");
  const SurfaceSlice slice = lognormal_slice(0.2, 1, Activation::relu, 10);
  EXPECT_EQ(words([&] { fair_corridor_variance(slice, 5, 5); }),
            "fair_corridor_variance: high is 5, but must be above low");
  EXPECT_EQ(words([&] { fair_corridor_variance(slice, -1, 5); }),
            "fair_corridor_variance: low is -1, but must be finite and at least 0");
}

TEST(StripWeights, HaveWords) {
  for (const StripWeights weights : {StripWeights::chords, StripWeights::trapezoid})
    EXPECT_EQ(parse_strip_weights(to_string(weights)), weights);
  EXPECT_EQ(parse_strip_weights("derman"), std::nullopt);
}

}  // namespace
}  // namespace strikenet
