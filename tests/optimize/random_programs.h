#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <random>
#include <vector>

#include "optimize/banded_program.h"

namespace strikenet::testing_support {

/// A program, a point that meets all its hard bounds and links, and where to start.
struct RandomProgram {
  BandedProgram program;
  std::vector<Eigen::VectorXd> point, start;
};

/// Blocks of 4 to 20 unknowns, with squares, hard and elastic bounds, links and border unknowns.
class RandomPrograms {
 public:
  using Index = Eigen::Index;
  using VectorXd = Eigen::VectorXd;

  explicit RandomPrograms(unsigned long seed) : rng_(seed) {}

  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(rng_); }
  Index whole(Index low, Index high) { return std::uniform_int_distribution<Index>(low, high)(rng_); }
  bool once_in(int times) { return whole(1, times) == 1; }

  RandomProgram make() {
    RandomProgram made;
    const Index blocks = whole(1, 4);
    for (Index b = 0; b < blocks; ++b) {
      const Index n = whole(4, 20);
      VectorXd point(n + 1), start(n + 1);
      for (Index i = 0; i <= n; ++i) {
        point(i) = between(0.5, 1.5);
        start(i) = between(-1, 2);
      }
      made.program.blocks.push_back(block(point));
      if (b > 0) add_links(made.point.back(), point, made.program.blocks.back());
      made.point.push_back(point);
      made.start.push_back(start);
    }
    return made;
  }

 private:
  BandedRow row(Index n, bool border) {
    BandedRow row;
    row.first = whole(0, n - 1);
    for (Index k = 0; k < std::min<Index>(BandedRow::kBand, n - row.first); ++k)
      row.coefficients[static_cast<std::size_t>(k)] = between(-1, 1);
    if (border && once_in(2)) row.border = between(-1, 1);
    return row;
  }

  BandedBlock block(const VectorXd& point) {
    BandedBlock block{.unknowns = point.size() - 1};
    const bool border = once_in(2);
    for (Index i = 0; i < block.unknowns + (border ? 1 : 0); ++i) {
      BandedRow alone;
      if (i < block.unknowns) {
        alone.first = i;
        alone.coefficients[0] = 1;
      } else {
        alone.border = 1;
      }
      alone.square = between(0.5, 1.5);
      alone.target = between(-1, 2);
      if (once_in(3)) alone.lower = point(i) - between(0.01, 1);
      block.rows.push_back(alone);
    }
    const Index more = whole(block.unknowns / 2, 2 * block.unknowns);
    for (Index r = 0; r < more; ++r) {
      BandedRow more_of_it = row(block.unknowns, border);
      if (once_in(2)) more_of_it.square = between(0, 2);
      more_of_it.target = between(-2, 2);
      if (once_in(2)) bound(point, more_of_it);
      block.rows.push_back(more_of_it);
    }
    std::ranges::shuffle(block.rows, rng_);
    return block;
  }

  /// Hard bounds around the point, elastic ones anywhere; from below, from above, or both.
  void bound(const VectorXd& point, BandedRow& row) {
    double middle = between(-2, 2);
    if (once_in(2))
      row.price = between(0.1, 3);
    else
      middle = value_of(row, point);
    const Index sides = whole(1, 3);
    if (sides != 1) row.lower = middle - between(0.01, 0.5);
    if (sides != 2) row.upper = middle + between(0.01, 0.5);
  }

  void add_links(const VectorXd& before, const VectorXd& own, BandedBlock& block) {
    const Index count = whole(0, block.unknowns);
    for (Index l = 0; l < count; ++l) {
      const Index at = whole(0, own.size() - 2), at_before = whole(0, before.size() - 2);
      const double unit = between(0.5, 2);
      block.links.push_back({at, at_before, unit, between(0.5, 0.99) * unit * own(at) / before(at_before)});
    }
  }

  std::mt19937_64 rng_;
};

}  // namespace strikenet::testing_support
