#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include <Eigen/Dense>

namespace strikenet {

class Workers;

/// A convex program in blocks of unknowns, each coupled to the one before it where it has to be:
///
///     minimise  sum_blocks sum_rows  1/2 square (v - target)^2  +  price (lower - v)+  +  price (v - upper)+
///     subject to  at x_b[i] - before x_{b-1}[j] >= 0  for every link of block b
///
/// v = a row's value: a linear function of at most kBand consecutive unknowns of its block and of the block's one
/// border unknown. An infinite price forbids what a finite one charges for: a finite price above every multiplier gives
/// the same minimum where that is possible, and the smallest total excess where it is not (exact penalty).
struct BandedRow {
  static constexpr int kBand = 6;
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  Eigen::Index first = 0;  ///< unknown that coefficients[0] belongs to
  std::array<double, kBand> coefficients = {};
  double border = 0;
  double square = 0, target = 0;
  double lower = -kInfinity, upper = kInfinity;
  double price = kInfinity;
  std::ptrdiff_t tag = -1;  ///< the caller's: see BandedFaceOptions
};

struct BandedLink {
  Eigen::Index at, at_before;
  double weight, weight_before;
};

struct BandedBlock {
  Eigen::Index unknowns = 0;
  std::vector<BandedRow> rows = {};    ///< every unknown has a row with a positive square
  std::vector<BandedLink> links = {};  ///< to the block before; none in the first block
};

/// value(row) for the unknowns of its block, the border unknown being the last of x.
double value_of(const BandedRow& row, const Eigen::VectorXd& x);

struct BandedProgram {
  std::vector<BandedBlock> blocks;
};

struct BandedSolution {
  std::vector<Eigen::VectorXd> x;  ///< per block: its unknowns, then the border unknown
  std::vector<Eigen::VectorXd> lower_multipliers, upper_multipliers;  ///< per block and row: >= 0, at most the price
  std::vector<Eigen::VectorXd> link_multipliers;                      ///< per block and link: >= 0
  bool optimal = false;  ///< complementarity and step within their limits, or of_charged within its
  int iterations = 0;
  double complementarity = 0;  ///< mean over all bounds
  double step = 0;  ///< of the last full Newton step: its largest change of a value with a finite price, or of the root
                    ///< of a square
  /// What complementarity says could still be saved, over the cost of what lies beyond bounds.
  double of_charged = BandedRow::kInfinity;
};

struct BandedLimits {
  int iterations = 100;
  double complementarity = 1e-9;
  double step = 1e-6;
  double fair_complementarity = 0, fair_step = 0;  ///< enough once complementarity hardly falls
  double of_charged = 0;       ///< where bounds contradict each other: this is enough, complementarity and step or not
  double first = 1;            ///< complementarity to start from; more where the start lies far beyond bounds
  Workers* workers = nullptr;  ///< none: the caller alone
};

/// A primal-dual interior-point method (Mehrotra 1992; centred as in Gondzio 1996). Each Newton step is a least-squares
/// problem: a banded QR per block, which never squares the condition, and a block-tridiagonal Schur complement over the
/// links whose two sides come near each other. A step that would take other links across is made again with them, so
/// that at the end all links hold, looked at or not. Cost of a step: O(rows kBand^2) per block, O(near links^3) per
/// pair of blocks. Deterministic for any number of threads.
BandedSolution minimise(const BandedProgram& program, const std::vector<Eigen::VectorXd>& start,
                        const BandedLimits& limits = {});

/// The same from near a solution of this program, or of one like it: with the multipliers of `guess`, too, everything
/// moved inside to a complementarity of `complementarity`. A guess off by much more than its root costs more steps than
/// none. unit: what multipliers of this program are, over those of the guess; its complementarity then is as many times
/// larger, too.
BandedSolution minimise_from(const BandedProgram& program, const BandedSolution& guess, double complementarity,
                             const BandedLimits& limits = {}, double unit = 1);

/// A certificate that shares nothing with whoever found the solution: the root of twice its duality gap, from x and
/// multipliers alone. At the exact minimum every row's value lies within root_gap / sqrt(square) of its value at x. Any
/// multipliers >= 0, at most the price, prove something; x has to meet all links and all bounds without a finite price.
/// Loose where a large multiplier is known to rounding only, or a small square alone determines something.
double root_gap(const BandedProgram& program, const BandedSolution& solution);

}  // namespace strikenet
