#include "banded_face_system.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr int kRefinements = 3;

}  // namespace

std::vector<BandedSide> sides_of(const BandedProgram& program) {
  std::vector<BandedSide> sides;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    const BandedBlock& block = program.blocks[b];
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
      const auto row = static_cast<Index>(r);
      if (std::isfinite(block.rows[r].lower)) sides.push_back({b, row, false, 1, block.rows[r].lower});
      if (std::isfinite(block.rows[r].upper)) sides.push_back({b, row, false, -1, -block.rows[r].upper});
    }
    for (std::size_t l = 0; l < block.links.size(); ++l)
      sides.push_back({b, static_cast<Index>(l), true, 1, 0});
  }
  return sides;
}

double slack_of(const BandedProgram& program, const BandedSide& side, const std::vector<VectorXd>& x) {
  const BandedBlock& block = program.blocks[side.block];
  if (!side.link)
    return side.sign * value_of(block.rows[static_cast<std::size_t>(side.row)], x[side.block]) - side.bound;
  const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
  return link.weight * x[side.block](link.at) - link.weight_before * x[side.block - 1](link.at_before);
}

double& multiplier_of(const BandedSide& side, BandedSolution& solution) {
  auto& of = side.link       ? solution.link_multipliers
             : side.sign > 0 ? solution.lower_multipliers
                             : solution.upper_multipliers;
  return of[side.block](side.row);
}

double multiplier_of(const BandedSide& side, const BandedSolution& solution) {
  const auto& of = side.link       ? solution.link_multipliers
                   : side.sign > 0 ? solution.lower_multipliers
                                   : solution.upper_multipliers;
  return of[side.block](side.row);
}

double largest_coefficient(const BandedProgram& program, const BandedSide& side) {
  const BandedBlock& block = program.blocks[side.block];
  if (side.link) {
    const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
    return std::max(link.weight, link.weight_before);
  }
  const BandedRow& row = block.rows[static_cast<std::size_t>(side.row)];
  double largest = std::abs(row.border);
  for (const double coefficient : row.coefficients)
    largest = std::max(largest, std::abs(coefficient));
  return largest;
}

double price_of(const BandedProgram& program, const BandedSide& side) {
  return side.link ? BandedRow::kInfinity : program.blocks[side.block].rows[static_cast<std::size_t>(side.row)].price;
}

BandedSideState state_of(const BandedProgram& program, const BandedSide& side, const BandedSolution& guess) {
  const double multiplier = multiplier_of(side, guess), slack = slack_of(program, side, guess.x);
  const double surplus = price_of(program, side) - multiplier;  // the multiplier of what lies beyond
  if (multiplier <= std::max(slack, 0.0)) return BandedSideState::free;
  return surplus > std::max(-slack, 0.0) ? BandedSideState::held : BandedSideState::paid;
}

HeldSides held_of(const std::vector<BandedSide>& sides, const std::vector<BandedSideState>& states) {
  HeldSides held;
  for (std::size_t s = 0; s < sides.size(); ++s)
    if (states[s] == BandedSideState::held) {
      held.sides.push_back(sides[s]);
      held.index.push_back(s);
    }
  return held;
}

BandedFaceSystem::BandedFaceSystem(const BandedProgram& program, const std::vector<VectorXd>& squares,
                                   std::vector<BandedSide> sides, double give, const std::vector<double>& slopes)
    : program_(program), sides_(std::move(sides)), scales_(static_cast<Index>(sides_.size())) {
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    base_.push_back(unknowns_);
    unknowns_ += program.blocks[b].unknowns + 1;
    roots_.push_back(squares[b].cwiseAbs().cwiseSqrt());
  }
  first_side_ = unknowns_;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    std::vector<Index>& own = at_row_.emplace_back();
    for (Index r = 0; r < squares[b].size(); ++r)
      own.push_back(squares[b](r) == 0 ? -1 : first_side_++);
  }
  for (Index s = 0; s < scales_.size(); ++s)
    scales_(s) = 1 / largest_coefficient(program, sides_[static_cast<std::size_t>(s)]);

  std::vector<Eigen::Triplet<double>> entries;
  std::vector<bool> met(static_cast<std::size_t>(unknowns_), false);
  const auto couple = [&](Index extra, Index unknown, double coefficient) {
    entries.emplace_back(extra, unknown, coefficient);
    entries.emplace_back(unknown, extra, coefficient);
    met[static_cast<std::size_t>(unknown)] = true;
  };
  for (std::size_t b = 0; b < program.blocks.size(); ++b)
    for (std::size_t r = 0; r < program.blocks[b].rows.size(); ++r) {
      const Index at = at_row_[b][r];
      if (at < 0) continue;
      const auto row = static_cast<Index>(r);
      entries.emplace_back(at, at, squares[b](row) > 0 ? -1.0 : 1.0);
      for_coefficients(b, program.blocks[b].rows[r],
                       [&](Index unknown, double coefficient) { couple(at, unknown, roots_[b](row) * coefficient); });
    }
  for (Index s = 0; s < scales_.size(); ++s) {
    const BandedSide& side = sides_[static_cast<std::size_t>(s)];
    for_coefficients(side, [&](Index unknown, double coefficient) {
      couple(first_side_ + s, unknown, side.sign * scales_(s) * coefficient);
    });
  }
  for (Index i = 0; i < unknowns_; ++i)  // a border unknown that no row knows
    if (!met[static_cast<std::size_t>(i)]) entries.emplace_back(i, i, 1.0);
  for (std::size_t s = 0; s < slopes.size(); ++s) {
    const Index at = first_side_ + static_cast<Index>(s);
    entries.emplace_back(at, at, -slopes[s] * scales_(static_cast<Index>(s)) * scales_(static_cast<Index>(s)));
  }
  const Index size = first_side_ + scales_.size();
  exact_.resize(size, size);
  exact_.setFromTriplets(entries.begin(), entries.end());
  for (Index s = first_side_; s < size; ++s)
    entries.emplace_back(s, s, -give);
  Eigen::SparseMatrix<double> matrix(size, size);
  matrix.setFromTriplets(entries.begin(), entries.end());
  lu_.compute(matrix);
}

template <class F>
void BandedFaceSystem::for_coefficients(std::size_t b, const BandedRow& row, F f) const {
  for (std::size_t k = 0; k < BandedRow::kBand; ++k)
    if (row.coefficients[k] != 0) f(base_[b] + row.first + static_cast<Index>(k), row.coefficients[k]);
  if (row.border != 0) f(base_[b] + program_.blocks[b].unknowns, row.border);
}

template <class F>
void BandedFaceSystem::for_coefficients(const BandedSide& side, F f) const {
  const BandedBlock& block = program_.blocks[side.block];
  if (!side.link) return for_coefficients(side.block, block.rows[static_cast<std::size_t>(side.row)], f);
  const BandedLink& link = block.links[static_cast<std::size_t>(side.row)];
  f(base_[side.block] + link.at, link.weight);
  f(base_[side.block - 1] + link.at_before, -link.weight_before);
}

BandedFaceSystem::Right BandedFaceSystem::zero() const {
  Right right;
  for (const BandedBlock& block : program_.blocks) {
    right.residuals.push_back(VectorXd::Zero(static_cast<Index>(block.rows.size())));
    right.function.push_back(VectorXd::Zero(block.unknowns + 1));
  }
  right.targets = VectorXd::Zero(scales_.size());
  return right;
}

/// With y the residuals times root, and v the multipliers over the scales of their sides,
///
///     -sign(square) y  +  root J u            =  -root residual
///      root J' y                        +  A' v      =  function
///                                A u    -  give v   =  target,
///
/// give beyond the slopes only in the matrix that is factorised.
BandedFaceSystem::Solution BandedFaceSystem::solve(const Right& right) const {
  VectorXd all = VectorXd::Zero(exact_.rows());
  for (std::size_t b = 0; b < base_.size(); ++b) {
    all.segment(base_[b], right.function[b].size()) = right.function[b];
    for (std::size_t r = 0; r < at_row_[b].size(); ++r)
      if (at_row_[b][r] >= 0) {
        const auto row = static_cast<Index>(r);
        all(at_row_[b][r]) = -roots_[b](row) * right.residuals[b](row);
      }
  }
  all.tail(scales_.size()) = scales_.cwiseProduct(right.targets);
  VectorXd solved = lu_.solve(all);
  for (int round = 0; round < kRefinements; ++round)
    solved += lu_.solve(all - exact_ * solved);
  Solution solution;
  for (std::size_t b = 0; b < base_.size(); ++b)
    solution.u.emplace_back(solved.segment(base_[b], right.function[b].size()));
  solution.multipliers = -scales_.cwiseProduct(solved.tail(scales_.size()));
  return solution;
}

}  // namespace strikenet
