#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "strikenet/network/activation.h"

/// Laws on common knots that are nobody's fit: every weight has a random factor.
namespace strikenet::testing_support {

class RandomLaws {
 public:
  explicit RandomLaws(unsigned long seed) : rng_(seed) {}

  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(rng_); }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(rng_); }

  /// Uneven steps of the logarithm from `low` to `high`.
  std::vector<double> knots(double low, double high, int count) {
    std::vector<double> knots;
    for (int i = 0; i < count; ++i) {
      const double shaken = i == 0 || i + 1 == count ? i : i + between(-0.4, 0.4);
      knots.push_back(low * std::pow(high / low, shaken / (count - 1)));
    }
    return knots;
  }

  /// Mass and mean 1 but for a few roundings. Weights fall off like those of a lognormal law of this vol; one in
  /// `holes` is 0, if that is not 0, and so are all nearer to 1 than `gap`. There is much on either side of 1.
  Eigen::VectorXd law(const std::vector<double>& nodes, double total_vol, int holes = 0, double gap = 0) {
    for (;;) {
      Eigen::VectorXd weights(static_cast<Eigen::Index>(nodes.size()));
      for (Eigen::Index j = 0; j < weights.size(); ++j) {
        const double node = nodes[static_cast<std::size_t>(j)], z = std::log(node) / total_vol;
        const bool hole = std::abs(node - 1) < gap || (holes > 0 && whole(1, holes) == 1);
        weights(j) = hole ? 0 : std::exp(-z * z / 2) * between(0.2, 1);
      }
      weights = tilted(nodes, weights);
      const Pair large = large_pair(weights);
      if (!(nodes[static_cast<std::size_t>(large.first)] < 1 && nodes[static_cast<std::size_t>(large.last)] > 1))
        continue;
      return mended(nodes, weights, large);
    }
  }

 private:
  struct Pair {
    Eigen::Index first, last;
  };

  /// weights * node^power of mean about 1, for a power in reason.
  static Eigen::VectorXd tilted(const std::vector<double>& nodes, const Eigen::VectorXd& weights) {
    const Eigen::Map<const Eigen::ArrayXd> at(nodes.data(), weights.size());
    double low = -50, high = 50;
    Eigen::VectorXd result;
    for (int turn = 0; turn < 80; ++turn) {
      const double power = (low + high) / 2;
      const Eigen::ArrayXd logs = power * at.log() + weights.array().log();
      result = (weights.array() > 0).select((logs - logs.maxCoeff()).exp(), 0);
      result /= result.sum();
      (result.dot(at.matrix()) > 1 ? high : low) = power;
    }
    return result;
  }

  /// The first and the last weight that are at least a tenth of the largest.
  static Pair large_pair(const Eigen::VectorXd& weights) {
    Eigen::Index first = 0, last = weights.size() - 1;
    while (weights(first) < 0.1 * weights.maxCoeff())
      ++first;
    while (weights(last) < 0.1 * weights.maxCoeff())
      --last;
    return {first, last};
  }

  static Eigen::VectorXd mended(const std::vector<double>& nodes, Eigen::VectorXd weights, Pair pair) {
    const Eigen::Map<const Eigen::ArrayXd> at(nodes.data(), weights.size());
    for (int turn = 0; turn < 3; ++turn) {
      const double mass = 1 - weights.sum(), moment = -(weights.array() * (at - 1)).sum();
      const double up = (moment - mass * (at(pair.first) - 1)) / (at(pair.last) - at(pair.first));
      weights(pair.first) += mass - up;
      weights(pair.last) += up;
    }
    return weights;
  }

  std::mt19937_64 rng_;
};

}  // namespace strikenet::testing_support
