#include "calendar_order.h"

#include <algorithm>
#include <cmath>

#include "hinge_sums.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double kMargin = 1e-12;

/// Moves two weights near the money until mass and mean are 1 but for rounding.
void mend_moments(std::span<const double> nodes, VectorXd& weights) {
  const auto node = [&](Index i) { return nodes[static_cast<std::size_t>(i)]; };
  const double tenth = weights.maxCoeff() / 10;
  Index first = 0, last = weights.size() - 1;
  while (weights(first) < tenth)
    ++first;
  while (weights(last) < tenth)
    --last;
  if (first == last) return;
  for (int turn = 0; turn < 3; ++turn) {
    long double mass = 1, moment = 0;  // what is missing; the moment about 1
    for (Index i = 0; i < weights.size(); ++i) {
      mass -= static_cast<long double>(weights(i));
      moment -= static_cast<long double>(weights(i)) * (static_cast<long double>(node(i)) - 1);
    }
    const long double up = (moment - mass * (static_cast<long double>(node(first)) - 1)) /
                           (static_cast<long double>(node(last)) - static_cast<long double>(node(first)));
    weights(first) += static_cast<double>(mass - up);
    weights(last) += static_cast<double>(up);
  }
}

/// The weights times 1 + share, less share of the law of mean 1 on the two nodes nearest 1 that can spare it.
void widen(std::span<const double> nodes, double share, VectorXd& weights) {
  const auto node = [&](Index i) { return nodes[static_cast<std::size_t>(i)]; };
  Index high = static_cast<Index>(std::ranges::upper_bound(nodes, 1.0) - nodes.begin()), low = high - 1;
  while (low >= 0 && weights(low) <= 2 * share)
    --low;
  while (high < weights.size() && weights(high) <= 2 * share)
    ++high;
  if (low < 0 || high == weights.size()) return;  // then the certificate says what is missing
  weights *= 1 + share;
  weights(low) -= share * (node(high) - 1) / (node(high) - node(low));
  weights(high) -= share * (1 - node(low)) / (node(high) - node(low));
}

}  // namespace

VectorXd larger_of(std::span<const double> nodes, const VectorXd& weights, const VectorXd& weights_before,
                   const VectorXd& sums_before, VectorXd& sums) {
  const auto node = [&](Index i) { return nodes[static_cast<std::size_t>(i)]; };
  const VectorXd own = sums;
  sums = own.cwiseMax(sums_before);
  // The same for puts on both sides of 1, where a triple of nodes reaches across.
  const auto put = [&](Index i) { return sums(i) + std::max(node(i) - 1, 0.0); };
  const auto bend = [&](Index i) {
    const double x = node(i - 1), y = node(i), z = node(i + 1);
    const bool across = x < 1 && z >= 1;
    const double f = across ? put(i - 1) : sums(i - 1), g = across ? put(i) : sums(i),
                 h = across ? put(i + 1) : sums(i + 1);
    return std::max((h - g) / (z - y) - (g - f) / (y - x), 0.0);
  };
  VectorXd result = weights;
  const Index last = weights.size() - 1;
  for (Index i = 0; i <= last; ++i) {
    bool own_larger = false, before_larger = false;
    for (Index j = std::max<Index>(i - 1, 0); j <= std::min(i + 1, last); ++j) {
      own_larger |= own(j) > sums_before(j);
      before_larger |= own(j) < sums_before(j);
    }
    if (before_larger) result(i) = own_larger ? bend(i) : weights_before(i);
  }
  return result;
}

void put_in_order(std::span<const double> nodes, std::vector<VectorXd>& laws) {
  VectorXd sums_before;
  for (std::size_t n = 0; n < laws.size(); ++n) {
    mend_moments(nodes, laws[n]);
    VectorXd sums = out_of_the_money_sums(nodes, laws[n]);
    if (n > 0) laws[n] = larger_of(nodes, laws[n], laws[n - 1], sums_before, sums);
    sums_before = sums;
  }
  for (std::size_t n = 0; n < laws.size(); ++n) {
    widen(nodes, kMargin * static_cast<double>(n), laws[n]);
    mend_moments(nodes, laws[n]);
  }
}

}  // namespace strikenet
