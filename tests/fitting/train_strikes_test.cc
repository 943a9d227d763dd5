#include "fitting/train_strikes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>

#include "fitting/oracle_quotes.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kRounding = 1e-12;
constexpr double kExact = 1e-8;  // vol: 0.0001 basis points

Chain chain_of(const std::string& path) {
  const auto raw = read_chain_file(path);
  if (!raw) throw PreconditionError(raw.problems().lines.front());
  return prepare(raw.value()).value();
}

std::vector<SmileQuote> quotes_of(const Chain& chain, const std::string& expiry, std::size_t& slice) {
  slice = static_cast<std::size_t>(
      std::ranges::find(chain.slices, expiry, [](const ChainSlice& s) { return s.key.expiry; }) - chain.slices.begin());
  std::vector<SmileQuote> quotes;
  const double discount = chain.slices.at(slice).discount.value();
  for (const Quote& quote : chain.quotes)
    if (quote.used() && quote.slice == static_cast<int>(slice))
      quotes.push_back({Strike(quote.strike), quote.type, Price(quote.bid / discount), Price(quote.ask / discount)});
  return quotes;
}

double largest_vol_error(const FitResult& fit, const std::vector<SmileQuote>& quotes, double t) {
  double largest = 0;
  for (const SmileQuote& quote : quotes) {
    const double quoted = implied_total_vol(quote.type, fit.forward, quote.strike, quote.bid).vol.value();
    const double model = implied_total_vol(fit.curve, quote.strike.value() / fit.forward.value()).value();
    largest = std::max(largest, std::abs(model - quoted) / std::sqrt(t));
  }
  return largest;
}

const std::string kSx5e = std::string(STRIKENET_SOURCE_DIR) + "/market_data/sx5e_2010-03-01/vols.csv";
const FitOptions kEightUnits{.activation = Activation::relu, .units = 8, .train_strikes = true};

/// Seven segments between eight units pass through two quotes each: 14 quotes are the most that eight units can meet.
TEST(TrainStrikes, MeetSixAndFourteenVolsExactlyWithEightUnits) {
  const Chain chain = chain_of(kSx5e);
  for (const auto& [expiry, count] : {std::pair("T=2.267", 6U), std::pair("T=1.769", 14U)}) {
    std::size_t slice = 0;
    const auto quotes = quotes_of(chain, expiry, slice);
    ASSERT_EQ(quotes.size(), count);
    const FitResult fit = fit_smile(quotes, chain.slices[slice].forward, kEightUnits);
    EXPECT_TRUE(fit.usable()) << fit.message;
    EXPECT_LE(fit.curve.weights().size(), 8U);
    EXPECT_LT(largest_vol_error(fit, quotes, chain.slices[slice].t.value()), kExact) << expiry;
  }
}

TEST(TrainStrikes, SpreadOverTwentySeedsIsWideAndItsBestIsTaken) {
  const Chain chain = chain_of(kSx5e);
  std::size_t slice = 0;
  const auto quotes = quotes_of(chain, "T=1.769", slice);
  const FitResult fit = fit_smile(quotes, chain.slices[slice].forward, kEightUnits);
  ASSERT_EQ(fit.start_costs.size(), 20U);
  const auto [least, most] = std::ranges::minmax(fit.start_costs);
  std::cout << "cost over 20 seeds:";
  for (const double cost : fit.start_costs)
    std::cout << ' ' << cost;
  std::cout << '\n';
  EXPECT_LT(least, 1e-6);
  EXPECT_GT(most, 10);  // a local minimum: one start is not enough
  FitOptions one = kEightUnits;
  one.starts = 1;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    one.seed = seed;
    const FitResult single = fit_smile(quotes, chain.slices[slice].forward, one);
    EXPECT_EQ(single.start_costs, std::vector<double>{fit.start_costs[seed]}) << seed;
  }
}

TEST(TrainStrikes, LeaveWeightsThatAreALaw) {
  const auto smile =
      oracle::model_smile(oracle::Engine::heston, 100, 0.5, oracle::strikes_between(100, 0.15, -3, 3, 30));
  const auto quotes = oracle::quotes_around(smile, 0.05, 1);
  const FitResult fit = fit_smile(quotes, Forward(100),
                                  {.activation = Activation::relu, .units = 10, .train_strikes = true, .starts = 5});
  const auto weights = fit.curve.weights(), nodes = fit.curve.nodes();
  EXPECT_GE(std::ranges::min(weights), 0);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, kRounding);
  EXPECT_NEAR(std::inner_product(weights.begin(), weights.end(), nodes.begin(), 0.0), 1, kRounding);
  EXPECT_GT(fit.inside, fit.quotes_with_spread * 6 / 10);
}

TEST(TrainStrikes, MoveUnitsThatAreDead) {
  // Three strikes cannot keep twelve units busy.
  const std::vector<StrikeBand> bands{
      {.k = 0.9, .side = OptionType::put, .low = 0.0195, .high = 0.0205, .mid = 0.02, .half = 5e-4, .has_mid = true},
      {.k = 1.0, .side = OptionType::call, .low = 0.0595, .high = 0.0605, .mid = 0.06, .half = 5e-4, .has_mid = true},
      {.k = 1.1, .side = OptionType::call, .low = 0.0245, .high = 0.0255, .mid = 0.025, .half = 5e-4, .has_mid = true}};
  const TrainedStrikes trained = train_strikes(bands, 0.15, {.units = 12});
  EXPECT_GT(trained.moved, 0);
  EXPECT_LT(trained.cost, 1e-6);  // and the three are met
}

TEST(TrainStrikes, PutMostQuotesOfAnSpxwExpiryInsideWithEightUnits) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const Chain chain = chain_of((shared_folder() / file).string());
  std::size_t slice = 0;
  const auto quotes = quotes_of(chain, "2019-06-28", slice);
  const FitResult eight = fit_smile(quotes, chain.slices[slice].forward, kEightUnits);
  std::cout << "8 units: " << eight.inside << " of " << eight.quotes_with_spread << " inside\n";
  EXPECT_GE(eight.inside, eight.quotes_with_spread * 6 / 10);
  FitOptions more = kEightUnits;
  more.units = 16;
  const FitResult sixteen = fit_smile(quotes, chain.slices[slice].forward, more);
  std::cout << "16 units: " << sixteen.inside << " of " << sixteen.quotes_with_spread << " inside\n";
  EXPECT_GE(sixteen.inside, sixteen.quotes_with_spread * 99 / 100);
}

TEST(TrainStrikes, NeedReluUnitsAndTheirNumber) {
  FitOptions options{.activation = Activation::cubic, .units = 8, .train_strikes = true};
  const std::vector<std::string> rule{"FitOptions: train_strikes needs relu units and their number, and no knots"};
  EXPECT_EQ(options.problems(), rule);
  options = {.activation = Activation::relu, .train_strikes = true};
  EXPECT_EQ(options.problems(), rule);
  options = kEightUnits;
  EXPECT_TRUE(options.problems().empty());
  options.starts = 0;
  EXPECT_EQ(options.problems(), std::vector<std::string>{"FitOptions: starts is 0, but must be 1 to 10000"});
}

}  // namespace
}  // namespace strikenet
