#pragma once

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "optimize/banded_program.h"

namespace strikenet::testing_support {

inline constexpr double kOfTheOracle = 1e-9;  // of its values, when its sweeps stop

/// The program as one dense problem in all unknowns, the border unknown of each block after its others:
/// 1/2 x hessian x - linear x, bounds x >= at, each at its price.
struct Dense {
  std::vector<Eigen::Index> first;  // of each block's unknowns
  Eigen::MatrixXd hessian;
  Eigen::VectorXd linear;
  Eigen::MatrixXd bounds;
  Eigen::VectorXd at, price;
  Eigen::MatrixXd values;  // of the rows

  double squares(const Eigen::VectorXd& x) const { return x.dot(hessian * x) / 2 - linear.dot(x); }
  double charged(const Eigen::VectorXd& x) const {
    double sum = 0;
    for (Eigen::Index i = 0; i < at.size(); ++i)
      if (std::isfinite(price(i))) sum += price(i) * std::max(at(i) - bounds.row(i).dot(x), 0.0);
    return sum;
  }
};

inline Dense dense_of(const BandedProgram& program) {
  Dense dense;
  Eigen::Index n = 0;
  for (const BandedBlock& block : program.blocks) {
    dense.first.push_back(n);
    n += block.unknowns + 1;
  }
  dense.hessian = Eigen::MatrixXd::Zero(n, n);
  dense.linear = Eigen::VectorXd::Zero(n);
  std::vector<Eigen::VectorXd> bounds, values;
  std::vector<double> at, price;
  for (std::size_t b = 0; b < program.blocks.size(); ++b) {
    const BandedBlock& block = program.blocks[b];
    for (const BandedRow& row : block.rows) {
      Eigen::VectorXd a = Eigen::VectorXd::Zero(n);
      for (Eigen::Index k = 0; k < BandedRow::kBand && row.first + k < block.unknowns; ++k)
        a(dense.first[b] + row.first + k) = row.coefficients[static_cast<std::size_t>(k)];
      a(dense.first[b] + block.unknowns) = row.border;
      dense.hessian += row.square * a * a.transpose();
      dense.linear += row.square * row.target * a;
      values.push_back(a);
      for (const auto& [sign, bound] : {std::pair{1.0, row.lower}, std::pair{-1.0, row.upper}})
        if (std::isfinite(bound)) {
          bounds.emplace_back(sign * a);
          at.push_back(sign * bound);
          price.push_back(row.price);
        }
    }
    for (const BandedLink& link : block.links) {
      Eigen::VectorXd a = Eigen::VectorXd::Zero(n);
      a(dense.first[b] + link.at) = link.weight;
      a(dense.first[b - 1] + link.at_before) = -link.weight_before;
      bounds.push_back(a);
      at.push_back(0);
      price.push_back(BandedRow::kInfinity);
    }
  }
  dense.bounds.resize(static_cast<Eigen::Index>(bounds.size()), n);
  for (Eigen::Index i = 0; i < dense.bounds.rows(); ++i)
    dense.bounds.row(i) = bounds[static_cast<std::size_t>(i)].transpose();
  dense.values.resize(static_cast<Eigen::Index>(values.size()), n);
  for (Eigen::Index i = 0; i < dense.values.rows(); ++i)
    dense.values.row(i) = values[static_cast<std::size_t>(i)].transpose();
  dense.at = Eigen::Map<const Eigen::VectorXd>(at.data(), static_cast<Eigen::Index>(at.size()));
  dense.price = Eigen::Map<const Eigen::VectorXd>(price.data(), static_cast<Eigen::Index>(price.size()));
  return dense;
}

inline Eigen::VectorXd together(const std::vector<Eigen::VectorXd>& blocks) {
  Eigen::Index n = 0;
  for (const Eigen::VectorXd& block : blocks)
    n += block.size();
  Eigen::VectorXd all(n);
  n = 0;
  for (const Eigen::VectorXd& block : blocks) {
    all.segment(n, block.size()) = block;
    n += block.size();
  }
  return all;
}

/// The oracle: Hildreth (1957). In the dual every bound's multiplier lies between 0 and its price, and one after the
/// other is set to what is best given the others, until none moves a value by more than kOfTheOracle / 100.
inline Eigen::VectorXd by_hildreth(const Dense& dense) {
  Eigen::VectorXd unused = Eigen::VectorXd::Zero(dense.linear.size());  // a border unknown that no row knows
  for (Eigen::Index i = 0; i < unused.size(); ++i)
    unused(i) = dense.hessian(i, i) == 0;
  const Eigen::LDLT<Eigen::MatrixXd> hessian(dense.hessian + Eigen::MatrixXd(unused.asDiagonal()));
  const Eigen::MatrixXd moves = hessian.solve(dense.bounds.transpose());
  Eigen::VectorXd x = hessian.solve(dense.linear), y = Eigen::VectorXd::Zero(dense.at.size());
  for (int sweep = 0; sweep < 200000; ++sweep) {
    double largest = 0;
    for (Eigen::Index i = 0; i < y.size(); ++i) {
      const double short_by = dense.at(i) - dense.bounds.row(i).dot(x), reach = dense.bounds.row(i).dot(moves.col(i));
      const double to = std::clamp(y(i) + short_by / reach, 0.0, dense.price(i));
      x += (to - y(i)) * moves.col(i);
      largest = std::max(largest, std::abs(to - y(i)) * reach);
      y(i) = to;
    }
    if (largest < kOfTheOracle / 100) return x;
  }
  ADD_FAILURE() << "the oracle did not come to rest";
  return x;
}

}  // namespace strikenet::testing_support
