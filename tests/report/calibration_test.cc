#include "strikenet/report/calibration.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace strikenet {
namespace {

constexpr double kRounding = 1e-12;  // of a price or a vol, both of size 1 or so

// What a call at the forward costs determines its total vol s by c = 2 N(s/2) - 1; quantiles of the normal law from
// Wichura (1988), algorithm AS 241.
constexpr double kQuantile525 = 0.06270677794321385, kQuantile55 = 0.12566134685507402, kQuantile6 = 0.2533471031357997;
constexpr double kPriceAtTotalVolOfOneFifth = 0.0796556745540579;  // 2 N(0.1) - 1

/// Half of the mass at each of 1 - a and 1 + a: a call at the forward costs a / 2 forwards.
CallCurve two_points(double a) { return {Activation::relu, {1 - a, 1 + a}, {0.5, 0.5}}; }

/// One expiry, forward 100, a quarter of a year, discount factor one half; k = 0.8, 1, 1.2 have a quarter, a half and a
/// quarter of the mass, so that the undiscounted call at 100 costs 5, the put at 90 and the call at 110 cost 2.5.
struct OneSlice {
  Chain chain = {.slices = {{{"E"}, YearFraction(0.25), Forward(100), DiscountFactor(0.5), {}}}};
  Surface surface = {.activation = Activation::relu,
                     .slices = {{{"E"},
                                 YearFraction(0.25),
                                 Forward(100),
                                 DiscountFactor(0.5),
                                 CallCurve(Activation::relu, {0.8, 1, 1.2}, {0.25, 0.5, 0.25})}}};

  OneSlice& add(double strike, OptionType type, double bid, double ask, Drop dropped = Drop::none) {
    chain.quotes.push_back(
        {.slice = 0, .key = {"E"}, .strike = strike, .type = type, .bid = bid, .ask = ask, .dropped = dropped});
    return *this;
  }
  OneSlice& add_vols(double strike, OptionType type, double bid_vol, double ask_vol, Drop dropped = Drop::none) {
    add(strike, type, 1, 2, dropped);  // prices that say something else
    chain.quotes.back().bid_vol = bid_vol;
    chain.quotes.back().ask_vol = ask_vol;
    return *this;
  }
  Comparison compared() const { return compare(chain, surface); }
  QuoteComparison first() const { return compared().quotes.at(0); }
};

// --- prices ---------------------------------------------------------------------------------------------------------

TEST(Compare, PricesEveryQuoteDiscounted) {
  const auto quotes = OneSlice()
                          .add(100, OptionType::call, 1, 2)
                          .add(90, OptionType::put, 1, 2)
                          .add(90, OptionType::call, 1, 2)
                          .add(110, OptionType::put, 1, 2)
                          .add(150, OptionType::call, 1, 2, Drop::crossed)
                          .compared()
                          .quotes;
  ASSERT_EQ(quotes.size(), 5U);
  EXPECT_NEAR(*quotes[0].model, 2.5, kRounding);
  EXPECT_NEAR(*quotes[1].model, 1.25, kRounding);
  EXPECT_NEAR(*quotes[2].model, 6.25, kRounding);
  EXPECT_NEAR(*quotes[3].model, 6.25, kRounding);
  EXPECT_EQ(*quotes[4].model, 0);
}

TEST(Compare, SaysNothingOfAnExpiryThatWasNotFitted) {
  OneSlice one;
  one.chain.quotes.push_back(
      {.slice = -1, .key = {"old"}, .strike = 100, .bid = 1, .ask = 2, .bid_vol = 0.1, .dropped = Drop::expired});
  const QuoteComparison quote = one.first();
  EXPECT_FALSE(quote.model || quote.model_vol || quote.bid_vol || quote.ask_vol || quote.inside || quote.vol_error);
  const Comparison all = one.compared();
  EXPECT_EQ(all.total.quotes, 1);
  EXPECT_EQ(all.total.used, 0);
  EXPECT_EQ(all.slices.at(0).quotes, 0);
}

// --- inside ---------------------------------------------------------------------------------------------------------

struct Edge {
  const char* name;
  double bid, ask;
  bool inside;
};
void PrintTo(const Edge& edge, std::ostream* out) { *out << edge.name; }

class Inside : public testing::TestWithParam<Edge> {};

// The model's price is 2.5; a billionth of the forward is 1e-7.
TEST_P(Inside, IsMeantToABillionthOfTheForward) {
  const auto [name, bid, ask, inside] = GetParam();
  EXPECT_EQ(OneSlice().add(100, OptionType::call, bid, ask).first().inside, inside);
}

INSTANTIATE_TEST_SUITE_P(Edges, Inside,
                         testing::Values(Edge{"Between", 2.4, 2.6, true}, Edge{"BidJustBelow", 2.5 + 0.9e-7, 2.6, true},
                                         Edge{"BidJustAbove", 2.5 + 1.1e-7, 2.6, false},
                                         Edge{"AskJustAbove", 2.4, 2.5 - 0.9e-7, true},
                                         Edge{"AskJustBelow", 2.4, 2.5 - 1.1e-7, false}, Edge{"NoBid", 0, 2.5, true},
                                         Edge{"NoBidAskBelow", 0, 2.4, false}, Edge{"FarBelow", 1, 2, false},
                                         Edge{"FarAbove", 3, 4, false}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Compare, CallsNothingInsideThatIsNotUsedOrHasNoSpread) {
  EXPECT_EQ(OneSlice().add(100, OptionType::call, 2.4, 2.6, Drop::duplicate).first().inside, std::nullopt);
  OneSlice prices;
  prices.chain.has_spread = false;
  EXPECT_EQ(prices.add(100, OptionType::call, 2.5, 2.5).first().inside, std::nullopt);
}

TEST(Compare, CountsQuotesUsedWithASpreadAndInside) {
  const Comparison all = OneSlice()
                             .add(100, OptionType::call, 2.4, 2.6)
                             .add(90, OptionType::put, 2, 3)
                             .add(110, OptionType::put, 6, 7)
                             .add(110, OptionType::call, 1, 2, Drop::no_ask)
                             .compared();
  for (const SliceComparison& tally : {all.slices.at(0), all.total}) {
    EXPECT_EQ(tally.quotes, 4);
    EXPECT_EQ(tally.used, 3);
    EXPECT_EQ(tally.with_spread, 3);
    EXPECT_EQ(tally.inside, 2);
  }
}

// --- vols -----------------------------------------------------------------------------------------------------------

TEST(Compare, StatesTheVolsOfModelBidAndAsk) {
  const double at_two_fifths = 50 * kPriceAtTotalVolOfOneFifth;  // a quarter of a year halves the total vol
  const auto quote = OneSlice().add(100, OptionType::call, 2.5, at_two_fifths).first();
  EXPECT_NEAR(*quote.model_vol, 4 * kQuantile525, kRounding);
  EXPECT_NEAR(*quote.bid_vol, 4 * kQuantile525, kRounding);
  EXPECT_NEAR(*quote.ask_vol, 0.4, kRounding);
}

TEST(Compare, StatesTheSameVolForCallAndPutOfAStrike) {
  const auto quotes = OneSlice().add(90, OptionType::call, 6, 6.5).add(90, OptionType::put, 1, 1.5).compared().quotes;
  EXPECT_EQ(quotes[0].model_vol, quotes[1].model_vol);
  EXPECT_NEAR(*quotes[0].bid_vol, *quotes[1].bid_vol, kRounding);
  EXPECT_NEAR(*quotes[0].ask_vol, *quotes[1].ask_vol, kRounding);
}

TEST(Compare, TakesTheVolsOfTheFileWhereItHasThem) {
  const auto quote = OneSlice().add_vols(100, OptionType::call, 0.125, 0.75).first();
  EXPECT_EQ(quote.bid_vol, 0.125);
  EXPECT_EQ(quote.ask_vol, 0.75);
}

TEST(Compare, LeavesAVolEmptyWhereAPriceHasNone) {
  const auto zero_bid = OneSlice().add(90, OptionType::put, 0, 1).first();
  EXPECT_EQ(zero_bid.bid_vol, std::nullopt);
  EXPECT_TRUE(zero_bid.ask_vol);
  const auto below_intrinsic = OneSlice().add(90, OptionType::call, 4.9, 5).first();
  EXPECT_EQ(below_intrinsic.bid_vol, std::nullopt);
  EXPECT_EQ(below_intrinsic.ask_vol, std::nullopt);
  EXPECT_EQ(OneSlice().add(100, OptionType::call, 2, 51).first().ask_vol, std::nullopt) << "above the forward";
  for (const double strike : {70.0, 80.0, 120.0, 130.0})
    EXPECT_EQ(OneSlice().add(strike, OptionType::call, 1, 2).first().model_vol, std::nullopt)
        << "no mass beyond " << strike;
}

// --- vol errors -----------------------------------------------------------------------------------------------------

TEST(Compare, MeasuresVolErrorsFromTheMiddleOfTheFilesVols) {
  const auto quote = OneSlice().add_vols(100, OptionType::call, 0.2, 0.3).first();
  EXPECT_NEAR(*quote.vol_error, 4 * kQuantile525 - 0.25, kRounding);
  EXPECT_NEAR(*quote.mid_vol, 0.25, kRounding);
  EXPECT_NEAR(*OneSlice().add_vols(100, OptionType::call, 0.3, 0.4).first().vol_error, 0.35 - 4 * kQuantile525,
              kRounding);
}

TEST(Compare, MeasuresVolErrorsFromTheVolOfTheMiddlePrice) {
  const double middle = 50 * kPriceAtTotalVolOfOneFifth;
  const auto quote = OneSlice().add(100, OptionType::call, middle - 0.5, middle + 0.5).first();
  EXPECT_NEAR(*quote.vol_error, 0.4 - 4 * kQuantile525, kRounding);
  EXPECT_NEAR(*quote.mid_vol, 0.4, kRounding);
  EXPECT_FALSE(OneSlice().add(90, OptionType::put, 0, 2).first().mid_vol) << "no bid, no middle";
}

TEST(Compare, MeasuresVolErrorsOfUsedOutOfTheMoneyQuotesWithABidOnly) {
  const auto has_error = [](const OneSlice& one) { return one.first().vol_error.has_value(); };
  EXPECT_TRUE(has_error(OneSlice().add(90, OptionType::put, 1, 2)));
  EXPECT_TRUE(has_error(OneSlice().add(110, OptionType::call, 1, 2)));
  EXPECT_TRUE(has_error(OneSlice().add(100, OptionType::call, 1, 2))) << "a call at the forward";
  EXPECT_FALSE(has_error(OneSlice().add(100, OptionType::put, 1, 2))) << "a put at the forward";
  EXPECT_FALSE(has_error(OneSlice().add(90, OptionType::call, 6, 7))) << "in the money";
  EXPECT_FALSE(has_error(OneSlice().add(110, OptionType::put, 6, 7))) << "in the money";
  EXPECT_FALSE(has_error(OneSlice().add(90, OptionType::put, 0, 2))) << "no bid";
  EXPECT_FALSE(has_error(OneSlice().add(90, OptionType::put, 1, 2, Drop::crossed))) << "not used";
  EXPECT_FALSE(has_error(OneSlice().add(150, OptionType::call, 1, 2))) << "no vol of the model";
  EXPECT_FALSE(has_error(OneSlice().add(100, OptionType::call, 50, 51))) << "no vol of the middle";
}

/// Three expiries whose calls at the forward have the vols 4 x a quantile, quoted at 25 %, 50 % and 100 %.
TEST(Compare, TalliesVolErrorsByExpiryAndOverAll) {
  Chain chain;
  Surface surface{.activation = Activation::relu};
  int index = 0;
  for (const auto& [a, quoted] : {std::pair{0.1, 0.25}, {0.2, 0.5}, {0.4, 1.0}}) {
    const ExpiryKey key{"E" + std::to_string(index)};
    chain.slices.push_back({key, YearFraction(0.25), Forward(100), DiscountFactor(1), {}});
    surface.slices.push_back({key, YearFraction(0.25), Forward(100), DiscountFactor(1), two_points(a)});
    for (const double vol : {quoted, quoted + 0.5})
      chain.quotes.push_back(
          {.slice = index, .key = key, .strike = 100, .bid = 1, .ask = 2, .bid_vol = vol, .ask_vol = vol});
    ++index;
  }
  const Comparison all = compare(chain, surface);
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double near = 4 * std::array{kQuantile525, kQuantile55, kQuantile6}[i] - std::array{0.25, 0.5, 1.0}[i],
                 far = 0.5 - near;
    EXPECT_EQ(all.slices[i].vol_errors, 2);
    EXPECT_NEAR(all.slices[i].vol_error_rms, std::sqrt((near * near + far * far) / 2), kRounding);
    EXPECT_NEAR(all.slices[i].vol_error_max, far, kRounding);
    EXPECT_EQ(all.slices[i].worst, 2 * i + 1);
    sum += near * near + far * far;
  }
  EXPECT_EQ(all.total.vol_errors, 6);
  EXPECT_NEAR(all.total.vol_error_rms, std::sqrt(sum / 6), kRounding);
  EXPECT_EQ(all.total.vol_error_max, all.slices[0].vol_error_max);
  EXPECT_EQ(all.total.worst, 1U);
}

TEST(Compare, HasNoWorstQuoteWithoutVolErrors) {
  const Comparison all = OneSlice().add(90, OptionType::call, 6, 7).compared();
  EXPECT_EQ(all.total.worst, std::nullopt);
  EXPECT_EQ(all.total.vol_errors, 0);
  EXPECT_EQ(all.total.vol_error_rms, 0);
}

// --- humps ----------------------------------------------------------------------------------------------------------

std::optional<int> maxima(Activation activation, std::vector<double> knots, std::vector<double> weights) {
  OneSlice one;
  one.surface.slices[0].curve = CallCurve(activation, std::move(knots), std::move(weights));
  return one.compared().slices.at(0).density_maxima;
}

/// On knots at equal distances a weight is a density.
std::optional<int> maxima(Activation activation, std::vector<double> weights) {
  std::vector<double> knots;
  for (int i = 0; i < static_cast<int>(weights.size()) + knots_per_unit(activation) - 1; ++i)
    knots.push_back(0.25 * (i + 1));
  return maxima(activation, std::move(knots), std::move(weights));
}

TEST(Compare, CountsTheHumpsOfADensity) {
  for (const Activation smooth : {Activation::quadratic, Activation::cubic}) {
    EXPECT_EQ(maxima(smooth, {0.25, 0.5, 0.25}), 1);
    EXPECT_EQ(maxima(smooth, {0.5, 0.25, 0.25}), 1) << "at the left end";
    EXPECT_EQ(maxima(smooth, {0.25, 0.25, 0.5}), 1) << "at the right end";
    EXPECT_EQ(maxima(smooth, {0.375, 0.25, 0.375}), 2);
    EXPECT_EQ(maxima(smooth, {0.25, 0.125, 0.25, 0, 0.375}), 3);
    EXPECT_EQ(maxima(smooth, {0.125, 0.375, 0.375, 0.125}), 1) << "a plateau is one hump";
    EXPECT_EQ(maxima(smooth, {0.375, 0.125, 0.125, 0.375}), 2) << "a flat valley parts two";
    EXPECT_EQ(maxima(smooth, {1}), 1);
  }
}

TEST(Compare, CountsHumpsAboveOneHundredthOfThePeakOnly) {
  for (const Activation smooth : {Activation::quadratic, Activation::cubic}) {
    EXPECT_EQ(maxima(smooth, {0.9, 0, 0.0089, 0, 0.0911}), 2);
    EXPECT_EQ(maxima(smooth, {0.9, 0, 0.0091, 0, 0.0909}), 3);
  }
}

TEST(Compare, CountsHumpsOfTheDensityNotOfTheWeights) {
  EXPECT_EQ(maxima(Activation::quadratic, {0.5, 1, 3, 3.5}, {0.25, 0.5, 0.25}), 2)
      << "wide in the middle: 0.5, 0.25, 0.5";
}

TEST(Compare, CountsNoHumpsOfPoints) { EXPECT_EQ(maxima(Activation::relu, {0.25, 0.5, 0.25}), std::nullopt); }

// --- reasons --------------------------------------------------------------------------------------------------------

TEST(DroppedByReason, CountsThoseThatOccurInTheirOrder) {
  OneSlice one;
  for (const Drop reason :
       {Drop::thin, Drop::none, Drop::crossed, Drop::no_ask, Drop::crossed, Drop::no_forward, Drop::none})
    one.add(100, OptionType::call, 1, 2, reason);
  using Counts = std::vector<std::pair<Drop, int>>;
  EXPECT_EQ(dropped_by_reason(one.chain),
            (Counts{{Drop::no_ask, 1}, {Drop::crossed, 2}, {Drop::thin, 1}, {Drop::no_forward, 1}}));
  EXPECT_EQ(dropped_by_reason({}), Counts{});
}

}  // namespace
}  // namespace strikenet
