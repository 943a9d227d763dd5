#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fitting/flat_chain.h"
#include "strikenet/arbitrage/certificate.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/network/activation.h"
#include "support/linear_program.h"

// Of all networks on the same knots, is the fitted one nearest to the quotes? Clp's simplex method answers, from the
// definition: weights that are not negative, of mass and mean 1, whose hinge sums do not fall from expiry to expiry.
namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using testing_support::free_program;
using testing_support::LinearProgram;
using testing_support::LinearSolution;

constexpr double kForward = 100;
constexpr int kStrikes = 12;
// Relative, of the total violation: the truncation of the interior point and, times the number of quotes, of the
// simplex method. Then what puts the result in order in time, 1e-12 a slice of a price of up to some hundred half
// spreads.
constexpr double kTruncation = 1e-6;
constexpr double kNothing = 1e-7;  // half spreads in total, where all quotes can be met: the same truncation

/// Out-of-the-money quotes of flat vols, `half` currency to either side of the price.
Chain chain_of(const std::vector<std::pair<double, double>>& times_and_vols, double half) {
  return oracle::flat_chain(times_and_vols, kForward, 2, kStrikes, [half](double price) {
    return std::pair(price - std::min(half, price / 2), price + std::min(half, price / 2));
  });
}

double half_spread(const Quote& quote) { return (quote.ask - quote.bid) / 2; }

/// Of a quote's unit price under every unit, in half spreads.
VectorXd unit_prices(const Quote& quote, std::span<const double> knots, Activation activation) {
  const auto width = static_cast<std::size_t>(knots_per_unit(activation));
  VectorXd prices(static_cast<Index>(knots.size() - width + 1));
  for (Index j = 0; j < prices.size(); ++j) {
    const auto unit = knots.subspan(static_cast<std::size_t>(j), width);
    const double k = quote.strike / kForward;
    prices(j) =
        kForward / half_spread(quote) * (quote.type == OptionType::put ? unit_put(unit, k) : unit_call(unit, k));
  }
  return prices;
}

/// The smallest total violation, in half spreads, that any surface of networks on these knots can have. Variables: the
/// weights of every slice, then what each quote is missed by.
double least_violation(const Chain& chain, std::span<const double> knots, Activation activation) {
  const std::vector<double> nodes = unit_nodes(activation, knots);
  const auto units = static_cast<Index>(nodes.size()), slices = static_cast<Index>(chain.slices.size()),
             quotes = static_cast<Index>(chain.quotes.size()), weights = units * slices;
  LinearProgram program = free_program(weights + quotes, 2 * slices + 2 * quotes + (slices - 1) * units);
  program.lower.setZero();
  program.cost.tail(quotes).setOnes();
  Index row = 0;
  for (Index n = 0; n < slices; ++n)
    for (const bool mass : {true, false}) {
      for (Index j = 0; j < units; ++j)
        program.rows(row, n * units + j) = mass ? 1 : nodes[static_cast<std::size_t>(j)];
      program.row_lower(row) = program.row_upper(row) = 1;
      ++row;
    }
  for (Index q = 0; q < quotes; ++q) {
    const Quote& quote = chain.quotes[static_cast<std::size_t>(q)];
    const VectorXd prices = unit_prices(quote, knots, activation);
    for (const double side : {1.0, -1.0}) {  // price + miss >= bid, price - miss <= ask
      program.rows.row(row).segment(quote.slice * units, units) = prices.transpose();
      program.rows(row, weights + q) = side;
      (side > 0 ? program.row_lower : program.row_upper)(row) = (side > 0 ? quote.bid : quote.ask) / half_spread(quote);
      ++row;
    }
  }
  for (Index n = 1; n < slices; ++n)
    for (Index i = 0; i < units; ++i) {
      for (Index j = 0; j < units; ++j) {
        const double hinge = std::max(nodes[static_cast<std::size_t>(j)] - nodes[static_cast<std::size_t>(i)], 0.0);
        program.rows(row, n * units + j) = hinge;
        program.rows(row, (n - 1) * units + j) = -hinge;
      }
      program.row_lower(row++) = 0;
    }
  const LinearSolution solution = solve(program);
  EXPECT_TRUE(solution.optimal);
  return solution.cost;
}

/// What the fitted prices miss the quotes by, in half spreads.
double violation(const Chain& chain, const SlicesFit& fit) {
  double sum = 0;
  for (const Quote& quote : chain.quotes) {
    const double price =
        fit.fits[static_cast<std::size_t>(quote.slice)].price(quote.type, Strike(quote.strike)).value();
    sum += std::max({quote.bid - price, price - quote.ask, 0.0}) / half_spread(quote);
  }
  return sum;
}

int inside(const SlicesFit& fit) {
  int count = 0;
  for (const FitResult& slice : fit.fits)
    count += slice.inside;
  return count;
}

struct Outcome {
  double least, reached;
  int inside;
};

Outcome outcome(const Chain& chain, const FitOptions& options) {
  const SlicesFit fit = fit_surface(chain, options);
  EXPECT_TRUE(prove_arbitrage_free(fit.surface).arbitrage_free());
  return {least_violation(chain, fit.fits[0].curve.knots(), options.activation), violation(chain, fit), inside(fit)};
}

constexpr std::array kActivations{Activation::relu, Activation::quadratic, Activation::cubic};

TEST(FitSurfaceOracle, MeetsAllQuotesWhereSomeNetworkDoes) {
  const Chain chain = chain_of({{0.25, 0.2}, {0.3, 0.2}, {0.5, 0.2}}, 0.05);
  for (const Activation activation : kActivations) {
    const Outcome result = outcome(chain, {.activation = activation, .units = 40});
    EXPECT_LT(result.least, kNothing) << to_string(activation);
    EXPECT_LT(result.reached, kNothing) << to_string(activation);
    EXPECT_EQ(result.inside, 3 * kStrikes) << to_string(activation);
  }
}

TEST(FitSurfaceOracle, MissesByTheLeastThatIsPossibleWhereQuotesContradictEachOtherInStrike) {
  Chain chain = chain_of({{0.25, 0.2}, {0.3, 0.2}, {0.5, 0.2}}, 0.02);
  for (const std::size_t q : {4U, 19U, 30U}) {  // one in each slice: dearer than its neighbours allow
    chain.quotes[q].bid += 0.4;
    chain.quotes[q].ask += 0.4;
  }
  for (const Activation activation : kActivations) {
    const Outcome result = outcome(chain, {.activation = activation, .units = 40});
    EXPECT_GT(result.least, 1) << to_string(activation);
    EXPECT_NEAR(result.reached, result.least, kTruncation * result.least) << to_string(activation);
  }
}

TEST(FitSurfaceOracle, MissesByTheLeastThatIsPossibleWhereQuotesContradictEachOtherInTime) {
  const Chain chain = chain_of({{0.25, 0.2}, {0.3, 0.17}, {0.5, 0.15}}, 0.02);
  for (const Activation activation : kActivations) {
    const Outcome result = outcome(chain, {.activation = activation, .units = 40});
    EXPECT_GT(result.least, 1) << to_string(activation);
    EXPECT_NEAR(result.reached, result.least, kTruncation * result.least) << to_string(activation);
  }
}

}  // namespace
}  // namespace strikenet
