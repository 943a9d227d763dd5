#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "strikenet/network/deep_network.h"

namespace strikenet::testing_support {

/// Deep networks with every straight operation, scaled so that values stay of size 1 through the layers.
class RandomNetworks {
 public:
  RandomNetworks(unsigned seed, int most_depth, int most_width)
      : rng_(seed), most_depth_(most_depth), most_width_(most_width) {}

  DeepNetwork next() {
    layers_.clear();
    widths_ = {1};
    const int depth = 1 + whole(most_depth_);
    std::size_t state = 0;
    for (int i = 0; i < depth; ++i)
      state = block(state, static_cast<std::size_t>(1 + whole(most_width_)));
    dense(state, 1);
    return DeepNetwork(layers_);
  }

 private:
  int whole(int below) { return std::uniform_int_distribution<int>(0, below - 1)(rng_); }
  double normal() { return std::normal_distribution<double>()(rng_); }
  std::vector<double> normals(std::size_t count, double scale) {
    std::vector<double> numbers(count);
    for (double& number : numbers)
      number = scale * normal();
    return numbers;
  }

  std::size_t add(Operation operation, std::vector<std::size_t> inputs, std::size_t width) {
    layers_.push_back({"layer", std::move(operation), std::move(inputs)});
    widths_.push_back(width);
    return layers_.size();
  }
  std::size_t dense(std::size_t from, std::size_t width) {
    const double scale = std::sqrt(2.0 / static_cast<double>(widths_[from]));
    return add(Dense{normals(width * widths_[from], scale), normals(width, 1)}, {from}, width);
  }

  std::size_t activation(std::size_t from) {
    const std::size_t width = widths_[from];
    switch (whole(6)) {
      case 0: return add(Rectify{{0.1}}, {from}, width);
      case 1: return add(Rectify{normals(width, 0.3)}, {from}, width);
      case 2: return add(Rectify{{-1}}, {from}, width);
      case 3: return add(Clip{-1, 1}, {from}, width);
      case 4: return add(Clip{0, HUGE_VAL}, {from}, width);
      default: return add(Rectify{}, {from}, width);
    }
  }

  /// One hidden layer, in one of the ways in which layers are put together.
  std::size_t block(std::size_t from, std::size_t width) {
    const std::size_t hidden = activation(dense(from, width));
    switch (whole(6)) {
      case 0: return add(Add{}, {hidden, dense(from, width)}, width);
      case 1: return add(Scale{normals(width, 1), normals(width, 1)}, {hidden}, width);
      case 2: return add(Maximum{}, {hidden, dense(from, width)}, width);
      case 3: return add(Minimum{}, {add(Constant{normals(width, 2)}, {}, width), hidden}, width);
      case 4: return add(Concat{}, {hidden, from}, width + widths_[from]);
      default: return hidden;
    }
  }

  std::mt19937_64 rng_;
  int most_depth_, most_width_;
  std::vector<Layer> layers_ = {};
  std::vector<std::size_t> widths_ = {};
};

}  // namespace strikenet::testing_support
