#include "banded_adjoint.h"

#include <Eigen/Sparse>
#include <algorithm>
#include <cmath>
#include <utility>

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kScale = 1e-3;  // of residuals in the augmented system: between its smallest and largest square roots
constexpr double kGive = 1e-10;  // of equalities, so that dependent ones can be solved; refined away
constexpr int kRefinements = 4;

/// sign * value = bound, of a row or of a link.
struct Side {
  std::size_t block;
  Index row;
  bool link;
  double sign;
  double scale;  // of the equality: 1 over its largest coefficient
};

double largest_coefficient(const BandedRow& row) {
  double largest = std::abs(row.border);
  for (const double coefficient : row.coefficients)
    largest = std::max(largest, std::abs(coefficient));
  return largest;
}

}  // namespace

/// Unknowns: residuals of the rows with a square, over kScale; the x; the multipliers of the equalities.
///
///     -kScale sign(square) r  +  root J u            =  0
///      root J' r                        +  A' v      =  f / kScale
///                                A u    -  kGive v   =  0
struct BandedAdjoint::System {
  const BandedProgram& program;
  std::vector<Index> base;  // of each block's unknowns
  Index unknowns = 0, size = 0;
  std::vector<Side> sides;
  Eigen::SparseMatrix<double> exact;  // without kGive
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu;

  explicit System(const BandedProgram& of) : program(of) {}

  template <class F>
  void for_coefficients(std::size_t b, const BandedRow& row, F f) const {
    const Index border = base[b] + program.blocks[b].unknowns;
    for (std::size_t k = 0; k < BandedRow::kBand; ++k)
      if (row.coefficients[k] != 0) f(base[b] + row.first + static_cast<Index>(k), row.coefficients[k]);
    if (row.border != 0) f(border, row.border);
  }
  template <class F>
  void for_coefficients(const Side& side, F f) const {
    const BandedBlock& block = program.blocks[side.block];
    if (!side.link) return for_coefficients(side.block, block.rows[static_cast<std::size_t>(side.row)], f);
    const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
    f(base[side.block] + link.at, link.weight);
    f(base[side.block - 1] + link.at_before, -link.weight_before);
  }

  void find_sides(const BandedSolution& solution) {
    for (std::size_t b = 0; b < program.blocks.size(); ++b) {
      const BandedBlock& block = program.blocks[b];
      for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const BandedRow& row = block.rows[r];
        const double value = value_of(row, solution.x[b]);
        const auto add = [&](double multiplier, double slack, double sign) {
          const double surplus = row.price - multiplier;  // the multiplier of what lies beyond
          if (multiplier > std::max(slack, 0.0) && surplus > std::max(-slack, 0.0))
            sides.push_back({b, static_cast<Index>(r), false, sign, 1 / largest_coefficient(row)});
        };
        const auto at = static_cast<Index>(r);
        if (std::isfinite(row.lower)) add(solution.lower_multipliers[b](at), value - row.lower, 1);
        if (std::isfinite(row.upper)) add(solution.upper_multipliers[b](at), row.upper - value, -1);
      }
      for (std::size_t l = 0; l < block.links.size(); ++l) {
        const BandedLink& link = block.links[l];
        const double slack =
            link.weight * solution.x[b](link.at) - link.weight_before * solution.x[b - 1](link.at_before);
        if (solution.link_multipliers[b](static_cast<Index>(l)) > std::max(slack, 0.0))
          sides.push_back({b, static_cast<Index>(l), true, 1, 1 / std::max(link.weight, link.weight_before)});
      }
    }
  }

  void assemble(const std::vector<VectorXd>& squares) {
    for (const BandedBlock& block : program.blocks) {
      base.push_back(unknowns);
      unknowns += block.unknowns + 1;
    }
    std::vector<Eigen::Triplet<double>> entries;
    std::vector<bool> met(static_cast<std::size_t>(unknowns), false);
    size = unknowns;
    const auto couple = [&](Index extra, Index unknown, double coefficient) {
      entries.emplace_back(extra, unknown, coefficient);
      entries.emplace_back(unknown, extra, coefficient);
      met[static_cast<std::size_t>(unknown)] = true;
    };
    for (std::size_t b = 0; b < program.blocks.size(); ++b)
      for (std::size_t r = 0; r < program.blocks[b].rows.size(); ++r) {
        const double square = squares[b](static_cast<Index>(r)), root = std::sqrt(std::abs(square));
        if (square == 0) continue;
        entries.emplace_back(size, size, square > 0 ? -kScale : kScale);
        for_coefficients(b, program.blocks[b].rows[r],
                         [&](Index unknown, double coefficient) { couple(size, unknown, root * coefficient); });
        ++size;
      }
    const Index first_side = size;
    for (const Side& side : sides) {
      for_coefficients(side, [&](Index unknown, double coefficient) {
        couple(size, unknown, side.sign * side.scale * coefficient);
      });
      ++size;
    }
    for (Index i = 0; i < unknowns; ++i)  // a border unknown that no row knows
      if (!met[static_cast<std::size_t>(i)]) entries.emplace_back(i, i, 1.0);
    exact.resize(size, size);
    exact.setFromTriplets(entries.begin(), entries.end());
    for (Index s = first_side; s < size; ++s)
      entries.emplace_back(s, s, -kGive);
    Eigen::SparseMatrix<double> matrix(size, size);
    matrix.setFromTriplets(entries.begin(), entries.end());
    lu.compute(matrix);
  }

  VectorXd solve(const VectorXd& right) const {
    VectorXd result = lu.solve(right);
    for (int round = 0; round < kRefinements; ++round)
      result += lu.solve(right - exact * result);
    return result;
  }
};

BandedAdjoint::BandedAdjoint(const BandedProgram& program, const BandedSolution& solution,
                             const std::vector<VectorXd>& squares) {
  auto system = std::make_shared<System>(program);
  system->find_sides(solution);
  system->assemble(squares);
  system_ = std::move(system);
}

BandedShift BandedAdjoint::shift(const std::vector<VectorXd>& function) const {
  const System& system = *system_;
  VectorXd right = VectorXd::Zero(system.size);
  for (std::size_t b = 0; b < function.size(); ++b)
    right.segment(system.base[b], function[b].size()) = function[b] / kScale;
  const VectorXd solved = system.solve(right);
  BandedShift shift;
  for (std::size_t b = 0; b < function.size(); ++b) {
    const BandedBlock& block = system.program.blocks[b];
    const VectorXd u = solved.segment(system.base[b], function[b].size());
    VectorXd values(static_cast<Index>(block.rows.size()));
    for (Index r = 0; r < values.size(); ++r)
      values(r) = value_of(block.rows[static_cast<std::size_t>(r)], u);
    shift.of_lower.push_back(VectorXd::Zero(values.size()));
    shift.of_upper.push_back(VectorXd::Zero(values.size()));
    shift.of_value.push_back(std::move(values));
  }
  for (std::size_t s = 0; s < system.sides.size(); ++s) {
    const Side& side = system.sides[s];
    if (side.link) continue;
    const double multiplier = kScale * side.scale * solved(system.size - static_cast<Index>(system.sides.size() - s));
    (side.sign > 0 ? shift.of_lower : shift.of_upper)[side.block](side.row) += side.sign * multiplier;
  }
  return shift;
}

}  // namespace strikenet
