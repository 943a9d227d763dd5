// fit_smile against judges that know nothing of how it works: a linear-programming argument for the smallest possible
// largest error, and the objective of the header moved in every direction that keeps mass and mean.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

#include "fitting/oracle_quotes.h"
#include "strikenet/core/black.h"
#include "strikenet/fitting/fit_smile.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/chain.h"

namespace strikenet {
namespace {

using oracle::Engine;
using oracle::model_smile;
using oracle::quote;
using oracle::strikes_between;

// --- the smallest largest error of exact vols -----------------------------------------------------------------------

constexpr double kTenthOfAPercent = 1e-3;  // relative, of the largest error
constexpr double kMet = 1e-8;              // total vol: of vols that can be met

/// Exact vols of one expiry: strike / forward and total vol, by strike.
struct ExactVols {
  std::vector<double> k, vol;

  double at_the_money() const {
    const auto nearest = std::ranges::min_element(k, {}, [](double x) { return std::abs(std::log(x)); });
    return vol[static_cast<std::size_t>(nearest - k.begin())];
  }
};

double call_price(double k, double vol) {
  return vol > 0 ? black_price(OptionType::call, Forward(1), Strike(k), TotalVol(vol)).value() : std::max(1 - k, 0.0);
}

/// Whether prices without arbitrage exist that lie within `error` of every vol. Prices that are convex, linear between
/// the strikes, and intrinsic ten total vols beyond them, exist between lower and upper ends exactly when no lower end
/// lies above the chord of two upper ends.
bool can_be_met(const ExactVols& vols, double error) {
  const double beyond = std::exp(10 * vols.at_the_money()), first = vols.k.front() / beyond;
  std::vector<double> k = {first}, low = {1 - first}, high = {1 - first};
  for (std::size_t i = 0; i < vols.k.size(); ++i) {
    k.push_back(vols.k[i]);
    low.push_back(call_price(vols.k[i], vols.vol[i] - error));
    high.push_back(call_price(vols.k[i], vols.vol[i] + error));
  }
  k.push_back(vols.k.back() * beyond);
  low.push_back(0);
  high.push_back(0);
  for (std::size_t a = 0; a < k.size(); ++a)
    for (std::size_t b = a + 1; b < k.size(); ++b)
      for (std::size_t c = b + 1; c < k.size(); ++c)
        if (low[b] * (k[c] - k[a]) > high[a] * (k[c] - k[b]) + high[c] * (k[b] - k[a])) return false;
  return true;
}

/// The smallest error that can be met, by bisection.
double smallest_error(const ExactVols& vols) {
  if (can_be_met(vols, 0)) return 0;
  double bad = 0, good = 1;
  for (int step = 0; step < 60; ++step)
    (can_be_met(vols, (bad + good) / 2) ? good : bad) = (bad + good) / 2;
  return good;
}

FitResult fit(const ExactVols& vols, double forward) {
  std::vector<SmileQuote> quotes;
  for (std::size_t i = 0; i < vols.k.size(); ++i) {
    const OptionType type = vols.k[i] < 1 ? OptionType::put : OptionType::call;
    const double price = forward * black_price(type, Forward(1), Strike(vols.k[i]), TotalVol(vols.vol[i])).value();
    quotes.push_back(quote(forward * vols.k[i], type, price, price));
  }
  return fit_smile(quotes, Forward(forward), {.activation = Activation::relu});
}

double largest_error(const FitResult& fit, const ExactVols& vols) {
  double largest = 0;
  for (std::size_t i = 0; i < vols.k.size(); ++i)
    largest = std::max(largest, std::abs(implied_total_vol(fit.curve, vols.k[i]).value() - vols.vol[i]));
  return largest;
}

// A flat smile has no arbitrage, nor has a shallow valley; a peak of 30 % between shoulders of 10 % has.
TEST(SmallestError, IsZeroExactlyForVolsWithoutArbitrage) {
  EXPECT_EQ(smallest_error({{0.9, 1, 1.1}, {0.2, 0.2, 0.2}}), 0);
  EXPECT_EQ(smallest_error({{0.9, 1, 1.1}, {0.12, 0.1, 0.12}}), 0);
  EXPECT_GT(smallest_error({{0.9, 1, 1.1}, {0.1, 0.3, 0.1}}), 0.01);
}

TEST(FitSmile, MakesTheLargestErrorOfVolsWithArbitrageAsSmallAsItCanBe) {
  std::mt19937_64 random(20260112);
  std::uniform_real_distribution<double> shake(-0.15, 0.15);
  const std::array<std::vector<double>, 3> strikes = {
      {{0.9, 1, 1.1}, {0.85, 0.97, 1.02, 1.15}, {0.8, 0.9, 1, 1.1, 1.2}}};
  int with_arbitrage = 0;
  for (int trial = 0; trial < 150; ++trial) {
    ExactVols vols{strikes[static_cast<std::size_t>(trial) % 3], {}};
    for (std::size_t i = 0; i < vols.k.size(); ++i)
      vols.vol.push_back((trial % 2 ? 0.1 : 0.3) * (1 + shake(random)));
    const FitResult result = fit(vols, 250);
    ASSERT_EQ(result.termination, Termination::optimal) << "trial " << trial << ": " << result.message;
    const double least = smallest_error(vols);
    ASSERT_NEAR(largest_error(result, vols), least, std::max(kTenthOfAPercent * least, kMet)) << "trial " << trial;
    with_arbitrage += least > 1e-5;
  }
  EXPECT_GT(with_arbitrage, 30);
}

// Andreasen and Huge (2011), table 1: T = 4.778 has a butterfly at K / S = 0.6597 that pays for being taken.
TEST(FitSmile, MeetsTheVolsOfAndreasenAndHugeButForOneSliceThatCannotBeMet) {
  const auto raw = read_chain_file(STRIKENET_SOURCE_DIR "/market_data/sx5e_2010-03-01/vols.csv");
  ASSERT_TRUE(raw) << raw.problems().lines.front();
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  ASSERT_EQ(chain.value().slices.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    const ChainSlice& slice = chain.value().slices[i];
    const double root_t = std::sqrt(slice.t.value());
    ExactVols vols;
    for (const Quote& q : chain.value().quotes) {
      if (q.slice != static_cast<int>(i)) continue;
      vols.k.push_back(q.strike / slice.forward.value());
      vols.vol.push_back(*q.bid_vol * root_t);
    }
    const FitResult result = fit(vols, slice.forward.value());
    EXPECT_EQ(result.termination, Termination::optimal) << result.message;
    EXPECT_EQ(result.curve.weights().size(), vols.k.size() + 2);
    const double error_bp = 1e4 * largest_error(result, vols) / root_t, floor_bp = 1e4 * smallest_error(vols) / root_t;
    if (slice.key.expiry != "T=4.778") {
      EXPECT_LE(error_bp, 0.01) << slice.key.expiry;
      EXPECT_EQ(floor_bp, 0) << slice.key.expiry;
      continue;
    }
    EXPECT_NEAR(error_bp, floor_bp, kTenthOfAPercent * floor_bp);
    EXPECT_NEAR(error_bp, 8.06, 0.005);  // half of the last digit
  }
}

// --- the objective of the header, moved by hand ---------------------------------------------------------------------

constexpr double kGain = 1e-8;  // of the cost, which counts squared half spreads: above its ridge and rounding

double rho(Loss loss, double s) {
  switch (loss) {
    case Loss::squared: return s;
    case Loss::huber: return s <= 1 ? s : 2 * std::sqrt(s) - 1;
    case Loss::soft_l1: return 2 * (std::sqrt(1 + s) - 1);
    case Loss::cauchy: return std::log(1 + s);
  }
  return 0;
}

/// sum rho(r^2) / 10 + 1000 sum distance^2 as fit_smile.h states them, without the roughness; of prices.
double cost(const std::vector<SmileQuote>& quotes, const std::vector<double>& prices, Loss loss) {
  double sum = 0;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    const double bid = quotes[i].bid.value(), ask = quotes[i].ask.value(), half = (ask - bid) / 2;
    const double middle = (prices[i] - (bid + ask) / 2) / half;
    const double beyond =
        (prices[i] - std::clamp(prices[i], bid + 0.05 * (ask - bid), ask - 0.05 * (ask - bid))) / half;
    sum += rho(loss, middle * middle) / 10 + 1000 * beyond * beyond;
  }
  return sum;
}

/// A fitted curve whose weights can be moved.
class Moved {
 public:
  Moved(const std::vector<SmileQuote>& quotes, const FitResult& fit, Loss loss)
      : quotes_(quotes),
        loss_(loss),
        nodes_(fit.curve.nodes().begin(), fit.curve.nodes().end()),
        weights_(fit.curve.weights().begin(), fit.curve.weights().end()) {
    const auto knots = fit.curve.knots();
    for (const SmileQuote& q : quotes) {
      const double k = q.strike.value() / fit.forward.value();
      std::vector<double> row;
      for (std::size_t j = 0; j < weights_.size(); ++j) {
        const auto unit = knots.subspan(j, 3);
        row.push_back(fit.forward.value() * (q.type == OptionType::put ? unit_put(unit, k) : unit_call(unit, k)));
      }
      units_.push_back(row);
    }
  }

  double weight(std::size_t j) const { return weights_[j]; }
  std::size_t size() const { return weights_.size(); }

  /// Moves `by` to unit b from a and c, mass and mean kept; false when a weight would become negative.
  bool move(const std::array<std::size_t, 3>& at, double by) {
    const auto [a, b, c] = at;
    const double share = (nodes_[c] - nodes_[b]) / (nodes_[c] - nodes_[a]);
    const std::array<double, 3> step = {-by * share, by, -by * (1 - share)};
    for (std::size_t i = 0; i < 3; ++i)
      if (weights_[at[i]] + step[i] < 0) return false;
    for (std::size_t i = 0; i < 3; ++i)
      weights_[at[i]] += step[i];
    return true;
  }

  double cost() const {
    std::vector<double> prices;
    for (const auto& row : units_)
      prices.push_back(std::inner_product(row.begin(), row.end(), weights_.begin(), 0.0));
    return strikenet::cost(quotes_, prices, loss_);
  }

  /// The most that moving mass between any three units takes off the cost.
  double largest_gain() const {
    double gain = 0;
    const double before = cost();
    for (std::size_t a = 0; a < size(); ++a)
      for (std::size_t b = a + 1; b < size(); ++b)
        for (std::size_t c = b + 1; c < size(); ++c)
          for (const double by : {1e-3, -1e-3, 1e-5, -1e-5, 1e-7, -1e-7}) {
            Moved trial = *this;
            if (trial.move({a, b, c}, by)) gain = std::max(gain, before - trial.cost());
          }
    return gain;
  }

 private:
  const std::vector<SmileQuote>& quotes_;
  Loss loss_;
  std::vector<double> nodes_, weights_;
  std::vector<std::vector<double>> units_;
};

/// Prices with noise of three spreads, so that neither all bands nor all middles can be had.
std::vector<SmileQuote> noisy_quotes() {
  const auto smile = model_smile(Engine::heston, 100, 0.25, strikes_between(100, 0.1, -3, 2.5, 25));
  std::mt19937_64 random(20260113);
  std::normal_distribution<double> noise(0, 0.03);
  std::vector<SmileQuote> quotes;
  for (std::size_t i = 0; i < smile.strikes.size(); ++i) {
    const bool put = smile.strikes[i] < 100;
    const double middle = std::max((put ? smile.puts[i] : smile.calls[i]) + noise(random), 0.05),
                 half = i % 2 ? 0.01 : 0.03;
    quotes.push_back(quote(smile.strikes[i], put ? OptionType::put : OptionType::call, middle - half, middle + half));
  }
  return quotes;
}

class FitSmileWithLoss : public testing::TestWithParam<Loss> {};

TEST_P(FitSmileWithLoss, CannotBeBetteredByMovingMassBetweenAnyThreeUnits) {
  const auto quotes = noisy_quotes();
  const FitResult result = fit_smile(quotes, Forward(100), {.units = 16, .loss = GetParam(), .smoothness = 0});
  ASSERT_EQ(result.termination, Termination::optimal) << result.message;
  Moved best(quotes, result, GetParam());
  EXPECT_GT(best.cost(), 1) << "a problem whose minimum is not zero";
  EXPECT_LT(best.largest_gain(), kGain);

  std::vector<std::size_t> held;  // this judge sees a move of a ten-thousandth
  for (std::size_t j = 0; j < best.size(); ++j)
    if (best.weight(j) > 1e-3) held.push_back(j);
  ASSERT_GE(held.size(), 3U);
  ASSERT_TRUE(best.move({held[0], held[1], held[2]}, 1e-4));
  EXPECT_GT(best.largest_gain(), 100 * kGain);
}

INSTANTIATE_TEST_SUITE_P(Losses, FitSmileWithLoss,
                         testing::Values(Loss::squared, Loss::huber, Loss::soft_l1, Loss::cauchy),
                         [](const auto& test) {
                           std::string name(to_string(test.param));
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace strikenet
