#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fitting/flat_chain.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"

// The two engines of fit_surface solve one problem: the same prices, whoever minimises. And what a loss does to them.
namespace strikenet {
namespace {

constexpr double kForward = 100;

/// Quotes of flat vols, `half` currency to either side of the price; 0: no spread.
Chain flat_chain(const std::vector<std::pair<double, double>>& times_and_vols, double half) {
  return oracle::flat_chain(times_and_vols, kForward, 2.5, 21, half);
}

Chain bundled(const std::string& file) {
  const Result<RawChain> raw = read_chain_file(std::string(STRIKENET_SOURCE_DIR) + "/market_data/" + file);
  return prepare(raw.value()).value();
}

SlicesFit proved_fit(const Chain& chain, const FitOptions& options) {
  const SlicesFit fit = fit_surface(chain, options);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free()) << fit.fits.front().message;
  EXPECT_TRUE(fit.usable()) << fit.fits.front().message;
  return fit;
}

/// The largest difference of two fits' call prices at nodes and quoted strikes, in forwards.
double apart(const Chain& chain, const SlicesFit& one, const SlicesFit& other) {
  double largest = 0;
  const auto compare = [&](std::size_t n, double k) {
    const double difference = one.fits[n].curve.call(k) - other.fits[n].curve.call(k);
    EXPECT_TRUE(std::isfinite(difference));
    largest = std::max(largest, std::abs(difference));
  };
  for (std::size_t n = 0; n < one.fits.size(); ++n)
    for (const double node : one.fits[n].curve.nodes())
      compare(n, node);
  for (const Quote& quote : chain.quotes)
    if (quote.used()) {
      const auto n = static_cast<std::size_t>(quote.slice);
      compare(n, quote.strike / chain.slices[n].forward.value());
    }
  return largest;
}

/// apart() of the two engines. Where it is 0, the interior point had left Ceres nothing to improve.
double engines_apart(const Chain& chain, std::optional<Loss> loss = {}) {
  const SlicesFit ceres = proved_fit(chain, {.loss = loss, .engine = Engine::ceres}),
                  interior = proved_fit(chain, {.loss = loss, .engine = Engine::interior});
  const double distance = apart(chain, ceres, interior);
  std::cout << "engines apart by " << distance << " forwards: " << ceres.fits.front().message << '\n';
  return distance;
}

constexpr double kSame = 1e-8;  // forwards: what both engines promise of a price
const std::vector<std::pair<double, double>> kTotalVolsFall{{0.25, 0.2}, {0.26, 0.0999 / std::sqrt(0.26)}},
    kVolsContradict{{0.25, 0.3}, {0.3, 0.2}, {1, 0.25}}, kInOrder{{0.25, 0.2}, {0.26, 0.2}, {1, 0.25}};

TEST(Engines, AgreeOnTheGeneratedIndexChain) {
  const double distance = engines_apart(bundled("bates_2026/chain.csv"));
  EXPECT_GT(distance, 0);  // there were two of them
  EXPECT_LE(distance, kSame);
}

TEST(Engines, AgreeWhereOrderInTimeBindsWithinTheSpreads) {
  const double distance = engines_apart(flat_chain(kTotalVolsFall, 0.05));
  EXPECT_GT(distance, 0);
  EXPECT_LE(distance, kSame);
}

TEST(Engines, AgreeWhereSpreadsContradictEachOtherInTime) {
  EXPECT_LE(engines_apart(flat_chain(kVolsContradict, 0.01)), kSame);
}

TEST(Engines, AgreeOnVolsThatCanBeMet) {
  // Ceres minimises the error in vol itself, the interior point its last linearisation: where that is taken at the
  // solution they are the same.
  for (const std::optional<Loss>& loss : {std::optional<Loss>(), std::optional(Loss::squared)}) {
    const double distance = engines_apart(flat_chain(kInOrder, 0), loss);
    EXPECT_GT(distance, 0);
    EXPECT_LE(distance, kSame);
  }
}

TEST(Engines, AgreeOnVolsThatCannotBeMet) { EXPECT_LE(engines_apart(bundled("sx5e_2010-03-01/vols.csv")), kSame); }

TEST(Engines, AgreeUnderEveryLossOfDistancesFromMiddles) {
  const Chain index = bundled("bates_2026/chain.csv"), binding = flat_chain(kTotalVolsFall, 0.05);
  for (const Loss loss : {Loss::huber, Loss::soft_l1, Loss::cauchy}) {
    EXPECT_LE(engines_apart(index, loss), kSame) << to_string(loss);
    EXPECT_LE(engines_apart(binding, loss), kSame) << to_string(loss);
  }
}

// --- losses
// -------------------------------------------------------------------------------------------------------------

constexpr std::array kRobust{Loss::huber, Loss::soft_l1, Loss::cauchy};
constexpr std::size_t kOutlier = 10;  // at the money of the first expiry

/// Flat vols with one quote that is dearer by `by` currency.
Chain with_outlier(double half, double by) {
  Chain chain = flat_chain({{0.25, 0.2}, {0.5, 0.2}}, half);
  chain.quotes[kOutlier].bid += by;
  chain.quotes[kOutlier].ask += by;
  return chain;
}

/// Distances of prices from middles, in currency: of the outlier, and the root of the mean square of all others.
struct Distances {
  double outlier = 0, others = 0;
};

Distances distances(const Chain& chain, const FitOptions& options) {
  const SlicesFit fit = proved_fit(chain, options);
  Distances result;
  for (std::size_t q = 0; q < chain.quotes.size(); ++q) {
    const Quote& quote = chain.quotes[q];
    const FitResult& slice = fit.fits[static_cast<std::size_t>(quote.slice)];
    const double distance =
        std::abs(slice.price(quote.type, Strike(quote.strike)).value() - (quote.bid + quote.ask) / 2);
    if (q == kOutlier)
      result.outlier = distance;
    else
      result.others += distance * distance / static_cast<double>(chain.quotes.size() - 1);
  }
  result.others = std::sqrt(result.others);
  std::cout << (options.loss ? to_string(*options.loss) : "none") << ": outlier " << result.outlier << ", others "
            << result.others << '\n';
  return result;
}

TEST(Engines, LeaveAVolThatIsOffToItselfUnderARobustLoss) {
  const Chain chain = with_outlier(0, 0.4);
  const Distances squared = distances(chain, {.loss = Loss::squared});
  for (const Engine engine : {Engine::ceres, Engine::interior})
    for (const Loss loss : kRobust) {
      const Distances robust = distances(chain, {.loss = loss, .engine = engine});
      EXPECT_GT(robust.outlier, 1.3 * squared.outlier) << to_string(loss);
      EXPECT_LT(robust.others, squared.others / 50) << to_string(loss);
    }
}

TEST(Engines, DifferByWhatEightReweightingsLeaveUnderARobustLossOfVols) {
  constexpr double kTruncation = 1e-5;  // forwards: Ceres knows the loss, the interior point only weights
  const Chain chain = with_outlier(0, 0.4);
  for (const Loss loss : kRobust)
    EXPECT_LE(engines_apart(chain, loss), kTruncation) << to_string(loss);
}

TEST(Engines, ComeLessFarTowardsAnOutlierUnderALossThatIsNoSquareWithinASpread) {
  const Chain chain = with_outlier(0.2, 0.2);
  const Distances squared = distances(chain, {.loss = Loss::squared});
  const Distances soft = distances(chain, {.loss = Loss::soft_l1}), cauchy = distances(chain, {.loss = Loss::cauchy});
  EXPECT_GT(soft.outlier, squared.outlier + 1e-3);
  EXPECT_GT(cauchy.outlier, soft.outlier + 1e-3);
}

TEST(Engines, FindHubersLossASquareWithinEverySpread) {
  constexpr double kTruncation = 1e-6;  // currency
  const Chain chain = with_outlier(0.2, 0.2);
  const Distances squared = distances(chain, {.loss = Loss::squared}), huber = distances(chain, {.loss = Loss::huber});
  EXPECT_NEAR(huber.outlier, squared.outlier, kTruncation);
  EXPECT_NEAR(huber.others, squared.others, kTruncation);
}

}  // namespace
}  // namespace strikenet
