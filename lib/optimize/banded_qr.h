#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <Eigen/Dense>

#include "banded_program.h"

namespace strikenet {

/// An upper triangular band R and its border column, built row by row with Givens rotations, which are kept for
/// right-hand sides.
class BandedQr {
 public:
  explicit BandedQr(Eigen::Index unknowns) : rows_(Rows::Zero(unknowns, kBand + 1)) {}

  /// Adds weight * row^2. Rows have to come in the order of `first`.
  void add(const BandedRow& row, double weight) {
    const double root = std::sqrt(weight);
    std::array<double, kBand + 1> incoming;
    for (std::size_t k = 0; k < kBand; ++k)
      incoming[k] = root * row.coefficients[k];
    incoming[kBand] = root * row.border;
    added_.push_back({row.first, root});
    Eigen::Index at = row.first;
    for (int turn = 0; turn < kBand && at < rows_.rows(); ++turn, ++at) {
      turns_.push_back(turn_of(rows_(at, 0), incoming[0]));
      if (incoming[0] != 0) rotate(at, turns_.back(), incoming);
      std::copy(incoming.begin() + 1, incoming.begin() + kBand, incoming.begin());
      incoming[kBand - 1] = 0;
    }
    turns_.push_back(turn_of(border_, incoming[kBand]));
    border_ = std::hypot(border_, incoming[kBand]);
  }

  /// The least-squares solution for one target per added row, in their order.
  Eigen::VectorXd solution(const std::vector<double>& targets) const {
    const Eigen::Index n = rows_.rows();
    Eigen::VectorXd x = Eigen::VectorXd::Zero(n + 1);
    auto turn = turns_.begin();
    for (std::size_t r = 0; r < added_.size(); ++r) {
      double incoming = added_[r].root * targets[r];
      const auto rotate = [&](double& own) {
        const double before = own;
        own = turn->cosine * before + turn->sine * incoming;
        incoming = turn->cosine * incoming - turn->sine * before;
        ++turn;
      };
      for (Eigen::Index at = added_[r].first; at < std::min(added_[r].first + kBand, n); ++at)
        rotate(x(at));
      rotate(x(n));
    }
    back_substitute(x);
    return x;
  }

  /// x := R^-1 x, the border unknown last.
  void back_substitute(Eigen::VectorXd& x) const {
    const Eigen::Index n = rows_.rows();
    x(n) = border_ > 0 ? x(n) / border_ : 0;
    for (Eigen::Index i = n - 1; i >= 0; --i) {
      double sum = x(i) - rows_(i, kBand) * x(n);
      for (Eigen::Index k = 1; k < std::min<Eigen::Index>(kBand, n - i); ++k)
        sum -= rows_(i, k) * x(i + k);
      x(i) = sum / rows_(i, 0);
    }
  }

  /// x := R^-T x.
  void forward_substitute(Eigen::VectorXd& x) const {
    const Eigen::Index n = rows_.rows();
    for (Eigen::Index i = 0; i < n; ++i) {
      x(i) /= rows_(i, 0);
      for (Eigen::Index k = 1; k < std::min<Eigen::Index>(kBand, n - i); ++k)
        x(i + k) -= rows_(i, k) * x(i);
      x(n) -= rows_(i, kBand) * x(i);
    }
    x(n) *= border_ > 0 ? 1 / border_ : 0;
  }

  /// (R' R)^-1 at some unknowns, which increase: the lower triangle. Their columns of R^-T are 0 above them, which
  /// saves two thirds of the work.
  Eigen::MatrixXd inverse_at(const std::vector<Eigen::Index>& unknowns) const {
    constexpr Eigen::Index kPanel = 32;
    const Eigen::Index n = rows_.rows(), count = static_cast<Eigen::Index>(unknowns.size());
    RowMajor y = RowMajor::Zero(n + 1, count);
    Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(count, count);
    for (Eigen::Index i = count > 0 ? unknowns.front() : n, begun = 0, panel = i; i < n; ++i) {
      if (begun < count && unknowns[static_cast<std::size_t>(begun)] == i) y(i, begun++) = 1;
      auto own = y.row(i).head(begun);
      own /= rows_(i, 0);
      for (Eigen::Index k = 1; k < std::min<Eigen::Index>(kBand, n - i); ++k)
        y.row(i + k).head(begun) -= rows_(i, k) * own;
      if (border_ > 0) y.row(n).head(begun) -= rows_(i, kBand) * own;
      if (i + 1 < n && i + 1 < panel + kPanel) continue;
      inverse.topLeftCorner(begun, begun)
          .selfadjointView<Eigen::Lower>()
          .rankUpdate(y.block(panel, 0, i + 1 - panel, begun).transpose());
      panel = i + 1;
    }
    if (border_ > 0) inverse.selfadjointView<Eigen::Lower>().rankUpdate(y.row(n).transpose(), 1 / (border_ * border_));
    return inverse;
  }

 private:
  static constexpr int kBand = BandedRow::kBand;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, kBand + 1, Eigen::RowMajor>;
  struct Turn {
    double cosine, sine;
  };
  struct Added {
    Eigen::Index first;
    double root;
  };

  static Turn turn_of(double own, double incoming) {
    if (incoming == 0) return {1, 0};
    const double r = std::sqrt(own * own + incoming * incoming);
    return {own / r, incoming / r};
  }

  void rotate(Eigen::Index at, const Turn& turn, std::array<double, kBand + 1>& incoming) {
    double* const own = rows_.row(at).data();
    for (std::size_t k = 0; k < kBand + 1; ++k) {
      const double a = own[k], b = incoming[k];
      own[k] = turn.cosine * a + turn.sine * b;
      incoming[k] = turn.cosine * b - turn.sine * a;
    }
  }

  Rows rows_;
  double border_ = 0;
  std::vector<Added> added_;
  std::vector<Turn> turns_;
};

/// Indices of the rows, by their first unknown.
inline std::vector<std::size_t> by_first(const std::vector<BandedRow>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::size_t r) { return rows[r].first; });
  return order;
}

/// gradient += factor times the row's coefficients.
inline void add_row(const BandedRow& row, double factor, Eigen::VectorXd& gradient) {
  for (Eigen::Index k = 0; k < BandedRow::kBand && row.first + k + 1 < gradient.size(); ++k)
    gradient(row.first + k) += factor * row.coefficients[static_cast<std::size_t>(k)];
  gradient(gradient.size() - 1) += factor * row.border;
}

}  // namespace strikenet
