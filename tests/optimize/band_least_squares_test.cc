#include "optimize/band_least_squares.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-9;    // of a cost or an unknown, between two ways to one minimum
constexpr double kCertified = 1e-10;  // what is asked of every minimum here

BandLeastSquares squares(const MatrixXd& design, const VectorXd& target) {
  return {.design = design,
          .lower = target,
          .upper = target,
          .nonnegative = Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(design.cols(), true),
          .unit = VectorXd::Ones(design.cols())};
}

double band_cost(const BandLeastSquares& problem, const VectorXd& x) {
  const VectorXd values = problem.design * x;
  return (values - values.cwiseMax(problem.lower).cwiseMin(problem.upper)).squaredNorm() / 2;
}

/// The oracle: every set of unknowns held at zero, and every way for the rows to stand (below, in, above their bands),
/// each a linear system; the cheapest point that is feasible. Only for problems of a handful of each.
VectorXd by_enumeration(const BandLeastSquares& problem) {
  const Index n = problem.unknowns(), m = problem.design.rows(), e = problem.equality.rows();
  VectorXd best = VectorXd::Zero(n);
  double least = kInfinity;
  const auto ways = static_cast<long>(std::pow(3, m));
  for (long held = 0; held < (1L << n); ++held)
    for (long way = 0; way < ways; ++way) {
      MatrixXd system = MatrixXd::Zero(n + e, n + e);
      VectorXd right = VectorXd::Zero(n + e);
      long digits = way;
      for (Index i = 0; i < m; ++i, digits /= 3) {
        if (digits % 3 == 0) continue;
        const double target = digits % 3 == 1 ? problem.lower(i) : problem.upper(i);
        if (!std::isfinite(target)) continue;
        system.topLeftCorner(n, n) += problem.design.row(i).transpose() * problem.design.row(i);
        right.head(n) += target * problem.design.row(i).transpose();
      }
      if (e > 0) {
        system.bottomLeftCorner(e, n) = problem.equality;
        system.topRightCorner(n, e) = problem.equality.transpose();
        right.tail(e) = problem.target;
      }
      for (Index j = 0; j < n; ++j)
        if ((held >> j) & 1) {
          system.row(j).setZero();
          system(j, j) = 1;
          right(j) = 0;
        }
      const VectorXd x = system.completeOrthogonalDecomposition().solve(right).head(n);
      const bool meets = e == 0 || (problem.equality * x - problem.target).norm() < 1e-9;
      if (meets && x.minCoeff() > -1e-11 && band_cost(problem, x) < least) {
        least = band_cost(problem, x);
        best = x;
      }
    }
  return best;
}

MatrixXd random_matrix(Index rows, Index columns, std::mt19937_64& rng) {
  std::normal_distribution<double> normal;
  MatrixXd matrix(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j)
      matrix(i, j) = normal(rng);
  return matrix;
}

/// Lawson and Hanson (1974), chapter 23, with normal equations: the other algorithm for weights that are not negative.
VectorXd lawson_hanson(const MatrixXd& design, const VectorXd& target) {
  const Index n = design.cols();
  std::vector<bool> passive(static_cast<std::size_t>(n), false);
  VectorXd x = VectorXd::Zero(n);
  for (int outer = 0; outer < 10 * n; ++outer) {
    const VectorXd gradient = design.transpose() * (target - design * x);
    Index enter = -1;
    for (Index j = 0; j < n; ++j)
      if (!passive[static_cast<std::size_t>(j)] && gradient(j) > 1e-11 && (enter < 0 || gradient(j) > gradient(enter)))
        enter = j;
    if (enter < 0) break;
    passive[static_cast<std::size_t>(enter)] = true;
    for (;;) {
      std::vector<Index> set;
      for (Index j = 0; j < n; ++j)
        if (passive[static_cast<std::size_t>(j)]) set.push_back(j);
      const VectorXd solved = design(Eigen::all, set).householderQr().solve(target);
      double step = 1;
      for (std::size_t c = 0; c < set.size(); ++c)
        if (const double s = solved(static_cast<Index>(c)); s <= 0) step = std::min(step, x(set[c]) / (x(set[c]) - s));
      for (std::size_t c = 0; c < set.size(); ++c) {
        x(set[c]) += step * (solved(static_cast<Index>(c)) - x(set[c]));
        if (x(set[c]) <= 1e-15) {
          x(set[c]) = 0;
          passive[static_cast<std::size_t>(set[c])] = false;
        }
      }
      if (step == 1) break;
    }
  }
  return x;
}

TEST(Minimise, FindsTheHandWorkedMinimumAtABound) {
  // (x + y - 1)^2 + (x - y - 3)^2: free minimum at (2, -1), on y = 0 at x = 2.
  const MatrixXd design{{1, 1}, {1, -1}};
  const BandSolution solution = minimise(squares(design, VectorXd{{1, 3}}), VectorXd::Ones(2));
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.message;
  EXPECT_NEAR(solution.x(0), 2, kRounding);
  EXPECT_EQ(solution.x(1), 0);
  EXPECT_NEAR(solution.cost, 1, kRounding);
}

TEST(Minimise, StopsAtTheEdgeOfABandAndCostsNothingInside) {
  BandLeastSquares problem = squares(MatrixXd{{1.0}, {1.0}}, VectorXd{{0, 0}});
  problem.lower << 2, 0.5;  // x in [2, 5] costs nothing; x to 0.5 is a residual of weight 1
  problem.upper << 5, 0.5;
  const BandSolution solution = minimise(problem, VectorXd::Constant(1, 4));
  EXPECT_NEAR(solution.x(0), 1.25, kRounding);  // (2 - x) = (x - 0.5)
  EXPECT_EQ(solution.termination, Termination::optimal);
}

TEST(Minimise, AgreesWithEnumerationOfEveryFaceAndSide) {
  std::mt19937_64 rng(20260105);
  std::uniform_real_distribution<double> width(0, 1);
  for (int trial = 0; trial < 40; ++trial) {
    BandLeastSquares problem = squares(random_matrix(5, 3, rng), random_matrix(5, 1, rng));
    for (Index i = 0; i < 2; ++i)
      problem.upper(i) += width(rng);
    if (trial % 3 == 0) problem.lower(0) = -kInfinity;
    const VectorXd oracle = by_enumeration(problem);
    const BandSolution solution = minimise(problem, VectorXd::Ones(3));
    ASSERT_EQ(solution.termination, Termination::optimal) << "trial " << trial << ": " << solution.message;
    ASSERT_NEAR(solution.cost, band_cost(problem, oracle), kRounding) << "trial " << trial;
    ASSERT_GE(solution.x.minCoeff(), 0) << "trial " << trial;
  }
}

TEST(Minimise, HoldsMassAndMeanWhileItAgreesWithEnumeration) {
  std::mt19937_64 rng(20260106);
  for (int trial = 0; trial < 40; ++trial) {
    BandLeastSquares problem = squares(random_matrix(4, 5, rng), random_matrix(4, 1, rng));
    problem.equality = MatrixXd{{1, 1, 1, 1, 1}, {0.5, 0.8, 1.1, 1.3, 2}};
    problem.target = VectorXd::Ones(2);
    const BandSolution solution = minimise(problem, VectorXd::Constant(5, 0.2));
    ASSERT_EQ(solution.termination, Termination::optimal) << "trial " << trial << ": " << solution.message;
    ASSERT_NEAR(solution.cost, band_cost(problem, by_enumeration(problem)), kRounding) << "trial " << trial;
    ASSERT_LT((problem.equality * solution.x - problem.target).cwiseAbs().maxCoeff(), 1e-14) << "trial " << trial;
  }
}

TEST(Minimise, ReachesTheMinimumOfLawsonAndHansonWhereUnknownsOutnumberRows) {
  std::mt19937_64 rng(20260107);
  for (int trial = 0; trial < 10; ++trial) {
    const MatrixXd data = random_matrix(30, 60, rng).cwiseAbs();
    MatrixXd design(90, 60);
    design << data, 1e-3 * MatrixXd::Identity(60, 60);
    VectorXd target = VectorXd::Zero(90);
    target.head(30) = random_matrix(30, 1, rng).cwiseAbs();
    const BandLeastSquares problem = squares(design, target);
    const BandSolution solution = minimise(problem, VectorXd::Ones(60));
    const double oracle = band_cost(problem, lawson_hanson(design, target));
    ASSERT_EQ(solution.termination, Termination::optimal) << "trial " << trial << ": " << solution.message;
    ASSERT_NEAR(solution.cost / oracle, 1, kRounding) << "trial " << trial;
  }
}

TEST(Minimise, BoundsTheForceOfAFarPointWithHuber) {
  BandLeastSquares problem = squares(MatrixXd::Ones(3, 1), VectorXd{{0, 0, 10}});
  problem.loss = Loss::huber;
  problem.robust_rows = 3;
  EXPECT_NEAR(minimise(problem, VectorXd::Ones(1)).x(0), 0.5, kRounding);  // x + x - 1 = 0
  problem.loss = Loss::squared;
  EXPECT_NEAR(minimise(problem, VectorXd::Ones(1)).x(0), 10.0 / 3, kRounding);
}

TEST(Minimise, ReportsThatItRanOutOfIterations) {
  std::mt19937_64 rng(1);
  BandLeastSquares problem = squares(random_matrix(40, 20, rng), random_matrix(40, 1, rng));
  const BandSolution solution = minimise(problem, VectorXd::Ones(20), {.iterations = 1, .faces = 1});
  EXPECT_EQ(solution.termination, Termination::iteration_limit);
  EXPECT_EQ(solution.message.substr(0, 37), "iteration-limit: largest useful move ");
  EXPECT_GT(solution.optimality, kCertified);
}

TEST(Minimise, GivesTheSameBitsTwice) {
  std::mt19937_64 rng(2);
  const BandLeastSquares problem = squares(random_matrix(40, 20, rng), random_matrix(40, 1, rng));
  EXPECT_EQ(minimise(problem, VectorXd::Ones(20)).x, minimise(problem, VectorXd::Ones(20)).x);
}

TEST(Optimality, IsTheMoveThatIsLeft) {
  const BandLeastSquares problem = squares(MatrixXd{{2.0}}, VectorXd{{6.0}});  // minimum at 3
  EXPECT_NEAR(optimality(problem, VectorXd::Constant(1, 2.5)), 0.5, 1e-15);
  EXPECT_EQ(optimality(problem, VectorXd::Constant(1, 3)), 0);
  const BandLeastSquares bounded = squares(MatrixXd{{2.0}}, VectorXd{{-6.0}});  // minimum at the bound
  EXPECT_EQ(optimality(bounded, VectorXd::Zero(1)), 0);
  EXPECT_NEAR(optimality(bounded, VectorXd::Constant(1, 0.25)), 0.25, 1e-15);
}

std::string words_of(const BandLeastSquares& problem, const VectorXd& start) {
  try {
    minimise(problem, start);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Minimise, SaysWhichPartDoesNotFit) {
  const BandLeastSquares good = squares(MatrixXd::Ones(2, 2), VectorXd::Ones(2));
  BandLeastSquares bad = good;
  bad.upper = VectorXd::Ones(3);
  EXPECT_EQ(words_of(bad, VectorXd::Ones(2)), "minimise: size of upper is 3, but must fit the design");
  EXPECT_EQ(words_of(good, VectorXd::Ones(5)), "minimise: size of start is 5, but must fit the design");
  bad = good;
  bad.design(0, 0) = NAN;
  EXPECT_EQ(words_of(bad, VectorXd::Ones(2)), "minimise: an entry is nan, but must be finite");
  bad = good;
  bad.equality = MatrixXd{{1, 1}, {2, 3}};
  bad.target = VectorXd::Ones(2);
  EXPECT_EQ(words_of(bad, VectorXd::Ones(2)), "minimise: target mean is 1, but must lie between the nodes");
}

}  // namespace
}  // namespace strikenet
