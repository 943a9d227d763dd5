#include "fitting/quote_sensitivity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fitting/chain_smiles.h"
#include "fitting/oracle_quotes.h"
#include "strikenet/core/black.h"
#include "strikenet/io/read_chain.h"

// Derivatives of prices at the minimum with respect to quotes, against central differences of minima: the joint problem
// solved again with one quote moved up and down, its priors, knots and scales held.
namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kForward = 100;
constexpr double kStep = 1e-3;        // half spreads
constexpr double kTruncation = 2e-5;  // of a difference: solutions to 1e-12 forwards over kStep, and at kinks nearby

struct Problem {
  Smiles smiles;
  std::vector<Forward> forwards;
  FitOptions options;
  std::vector<FittedSmile> slices;
  JointFit fit;
};

/// The parts of the problem refer to each other, so that it stays where it is.
std::unique_ptr<Problem> fitted(const Chain& chain, const FitOptions& options) {
  auto problem = std::make_unique<Problem>();
  problem->smiles = smiles_of(chain);
  problem->options = with_common_knots(chain, problem->smiles, options);
  for (std::size_t n = 0; n < problem->smiles.size(); ++n) {
    const Forward forward = chain.slices[n].forward;
    problem->forwards.push_back(forward);
    problem->slices.push_back({.smile = smile_of(strike_bands(problem->smiles[n], forward), problem->options),
                               .quotes = quote_bands(problem->smiles[n], forward)});
  }
  Workers workers(1);
  problem->fit = fit_jointly(problem->slices, problem->options, workers, {});
  return problem;
}

/// The price over the forward of the out-of-the-money option at k, with one quote moved.
double price_with(const Problem& problem, std::size_t slice, std::size_t quote, double by, std::size_t of, double k) {
  std::vector<FittedSmile> slices = problem.slices;
  std::vector<SmileQuote> quotes = problem.smiles[slice];
  const double forward = problem.forwards[slice].value();
  SmileQuote& moved = quotes[quote];
  if (moved.bid.value() > 0) moved.bid = Price(moved.bid.value() + by * forward);
  moved.ask = Price(moved.ask.value() + by * forward);
  slices[slice].smile.bands = strike_bands(quotes, problem.forwards[slice]);  // its at-the-money vol stays
  Workers workers(1);
  const JointFit fit = fit_together(slices, problem.options, workers, &problem.fit.joint);
  EXPECT_GT(fit.joint.faces, 0) << fit.message;
  const HingeSums::Form form = fit.joint.sums[of].price(k);
  return form.constant + value_of(form.row, fit.joint.solution.x[of]);
}

struct Compared {
  int count = 0, kinks = 0, moving = 0;
  double largest = 0;
};

/// Random quotes that bands are made of, and prices at and near them, in their expiry or the next.
Compared compare(const Problem& problem, unsigned seed, int trials, double without_spread = 0) {
  std::mt19937 rng(seed);
  const auto below = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(rng); };
  const QuoteSensitivity sensitivity(problem.fit.joint, problem.slices);
  Compared result;
  for (int trial = 0; trial < trials; ++trial) {
    const std::size_t slice = below(problem.slices.size());
    const std::vector<StrikeBand>& bands = problem.slices[slice].smile.bands;
    const std::size_t at = below(bands.size());
    const std::size_t quote = trial % 3 == 0 ? bands[at].low_of : trial % 3 == 1 ? bands[at].high_of : bands[at].mid_of;
    const std::size_t of = std::min(slice + (below(4) == 0 ? 1 : 0), problem.slices.size() - 1);
    const double k = bands[std::min(at + below(2), bands.size() - 1)].k * (below(2) == 0 ? 1 : 1.003);
    const SmileQuote& moved = problem.smiles[slice][quote];
    const double half = moved.ask > moved.bid
                            ? (moved.ask.value() - moved.bid.value()) / 2 / problem.forwards[slice].value()
                            : without_spread;
    const double here = price_with(problem, slice, quote, 0, of, k),
                 up = (price_with(problem, slice, quote, kStep * half, of, k) - here) / (kStep * half),
                 down = (here - price_with(problem, slice, quote, -kStep * half, of, k)) / (kStep * half);
    const double derivative = sensitivity.quotes(sensitivity.of_price(of, k))[slice](static_cast<Index>(quote));
    if (std::abs(up - down) > 4 * kTruncation) {
      ++result.kinks;
      continue;
    }
    EXPECT_NEAR(derivative, (up + down) / 2, kTruncation * std::max(1.0, std::abs(derivative)))
        << "trial " << trial << ": quote " << quote << " of slice " << slice << ", price at " << k << " of " << of;
    result.largest = std::max(result.largest, std::abs(derivative - (up + down) / 2));
    result.moving += std::abs(derivative) > 1e-3;
    ++result.count;
  }
  std::cout << result.count << " compared, " << result.moving << " of them move, " << result.kinks
            << " at kinks; largest difference " << result.largest << '\n';
  return result;
}

/// Calls and puts around flat vols.
Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double half, int strikes_a_slice) {
  Chain chain;
  for (const auto& [t, vol] : times_and_vols) {
    const auto strikes = oracle::strikes_between(kForward, vol * std::sqrt(t), -2, 2, strikes_a_slice);
    const auto calls = oracle::black_calls(vol, kForward, t, strikes),
               puts = oracle::black_puts(vol, kForward, t, strikes);
    for (std::size_t i = 0; i < strikes.size(); ++i)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double price = type == OptionType::put ? puts[i] : calls[i];
        if (half == 0 && (type == OptionType::put) != (strikes[i] < kForward)) continue;
        const double wide = half * (type == OptionType::put ? 1 : 0.9);
        chain.quotes.push_back({.slice = static_cast<int>(chain.slices.size()),
                                .strike = strikes[i],
                                .type = type,
                                .bid = std::max(price - wide, 0.0),
                                .ask = price + wide});
      }
    chain.slices.push_back(
        {ExpiryKey{"T=" + std::to_string(t)}, YearFraction(t), Forward(kForward), DiscountFactor(1), {}});
  }
  return chain;
}

/// How many bands, weights at 0, and links hold the solution.
struct Held {
  int bands = 0, weights = 0, links = 0;
};

Held held(const Problem& problem) {
  Held result;
  for (const BandedSide& side : sides_of(problem.fit.joint.program)) {
    if (state_of(problem.fit.joint.program, side, problem.fit.joint.solution) != BandedSideState::held) continue;
    ++(side.link ? result.links : side.row < problem.slices[side.block].smile.units() ? result.weights : result.bands);
  }
  return result;
}

TEST(QuoteSensitivity, IsTheDifferenceOfMinimaOnTheGeneratedChain) {
  const std::string file = std::string(STRIKENET_SOURCE_DIR) + "/market_data/bates_2026/chain.csv";
  const auto problem = fitted(prepare(read_chain_file(file).value()).value(), {});
  ASSERT_GT(problem->fit.joint.faces, 0);
  const Compared result = compare(*problem, 20261211, 24);
  EXPECT_GE(result.count, 20);
  EXPECT_GE(result.moving, 6);
}

TEST(QuoteSensitivity, IsTheDifferenceOfMinimaWhereBandsAndOrderInTimeBind) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.3, 0.181}, {0.5, 0.2}}, 0.04, 9);
  for (const std::size_t q : {10U, 11U, 26U, 27U, 42U, 43U}) {  // both quotes of a strike: narrow, and a little dear
    const double middle = (chain.quotes[q].bid + chain.quotes[q].ask) / 2 + 0.012, half = q % 2 == 0 ? 0.004 : 0.005;
    chain.quotes[q].bid = middle - half;
    chain.quotes[q].ask = middle + half;
  }
  const auto problem = fitted(chain, {.units = 60});
  const Held holds = held(*problem);
  EXPECT_GT(holds.bands, 2);
  EXPECT_GT(holds.weights, 2);
  EXPECT_GT(holds.links, 2);
  ASSERT_GT(problem->fit.joint.faces, 0) << problem->fit.message;
  const Compared result = compare(*problem, 20261212, 60);
  EXPECT_GE(result.count, 45);
  EXPECT_GE(result.moving, 15);
}

TEST(QuoteSensitivity, IsTheDifferenceOfMinimaInVolsWithTheirCurvature) {
  // A loss instead of a largest error, which would not be held in the differences.
  Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.21}}, 0, 9);
  chain.has_spread = false;
  for (std::size_t q = 0; q < chain.quotes.size(); q += 2)
    chain.quotes[q].bid = chain.quotes[q].ask *= 1.01;
  const auto problem = fitted(chain, {.units = 30, .loss = Loss::squared});
  ASSERT_GT(problem->fit.joint.faces, 0) << problem->fit.message;
  const Compared result = compare(*problem, 20261213, 40, 1e-3);
  EXPECT_GE(result.count, 35);
  EXPECT_GE(result.moving, 20);
}

TEST(QuoteSensitivity, BelongsToTheQuoteThatBindsAndToTheOneThatGivesTheMiddle) {
  // At one strike of the put's side the put is the wider quote and gives the middle; the call's ask is the lower one.
  Chain chain = flat_chain({{0.25, 0.2}}, 0.05, 9);
  Quote &put = chain.quotes[4], &call = chain.quotes[5];
  ASSERT_EQ(put.type, OptionType::put);
  call.ask -= 0.08;
  call.bid -= 0.08;
  const auto problem = fitted(chain, {.units = 40});
  const StrikeBand& band = problem->slices[0].smile.bands[2];
  EXPECT_EQ(band.mid_of, 4U);
  EXPECT_EQ(band.low_of, 4U);
  EXPECT_EQ(band.high_of, 5U);
  const QuoteSensitivity sensitivity(problem->fit.joint, problem->slices);
  const VectorXd moves = sensitivity.quotes(sensitivity.of_price(0, band.k))[0];
  EXPECT_NEAR(moves(5), 1, 1e-9);  // the price sits at the call's ask, by parity: rounding
  EXPECT_NEAR(moves(4), 0, 1e-9);
}

}  // namespace
}  // namespace strikenet
