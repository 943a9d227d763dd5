#include "strikenet/network/deep_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "strikenet/core/limits.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw PreconditionError(where + ": " + what);
}

/// Checks one layer against the widths of what stands before it, and knows its own.
class LayerCheck {
 public:
  LayerCheck(const Layer& layer, std::size_t number, const std::vector<std::size_t>& widths)
      : layer_(layer),
        widths_(widths),
        where_(fmt::format("DeepNetwork: layer {} '{}' ({})", number, layer.name, to_string(layer.operation))) {}

  std::size_t width() const {
    for (const std::size_t input : layer_.inputs)
      if (input >= widths_.size())
        refuse(where_, fmt::format("input is {}, but must be at most {}", input, widths_.size() - 1));
    const std::size_t width = std::visit([this](const auto& operation) { return of(operation); }, layer_.operation);
    if (width == 0) refuse(where_, "number of channels is 0, but must be at least 1");
    return width;
  }

 private:
  void inputs(std::size_t count) const {
    if (layer_.inputs.size() != count)
      refuse(where_, fmt::format("number of inputs is {}, but must be {}", layer_.inputs.size(), count));
  }
  std::size_t only_input() const {
    inputs(1);
    return widths_[layer_.inputs[0]];
  }
  std::size_t common_width() const {
    if (layer_.inputs.empty()) refuse(where_, "number of inputs is 0, but must be at least 1");
    for (const std::size_t input : layer_.inputs)
      if (widths_[input] != widths_[layer_.inputs[0]])
        refuse(where_, fmt::format("width of an input is {}, but must be {} as of the first", widths_[input],
                                   widths_[layer_.inputs[0]]));
    return widths_[layer_.inputs[0]];
  }
  void finite(const std::vector<double>& numbers, const char* what) const {
    for (const double number : numbers)
      if (!std::isfinite(number)) refuse(where_, fmt::format("{} is {}, but must be finite", what, number));
  }
  void count(const std::vector<double>& numbers, std::size_t wanted, const char* what) const {
    if (numbers.size() != wanted)
      refuse(where_, fmt::format("number of {} is {}, but must be {}", what, numbers.size(), wanted));
    finite(numbers, what);
  }

  std::size_t of(const Dense& dense) const {
    count(dense.weights, only_input() * dense.bias.size(), "weights");
    finite(dense.bias, "bias");
    return dense.bias.size();
  }
  std::size_t of(const Scale& scale) const {
    count(scale.factor, only_input(), "factors");
    count(scale.shift, only_input(), "shifts");
    return only_input();
  }
  std::size_t of(const Rectify& rectify) const {
    if (rectify.slope.size() != 1) count(rectify.slope, only_input(), "slopes");
    finite(rectify.slope, "slope");
    return only_input();
  }
  std::size_t of(const Clip& clip) const {
    if (!(clip.low <= clip.high && clip.low < HUGE_VAL && clip.high > -HUGE_VAL))
      refuse(where_, fmt::format("low is {}, but must be at most high, {}", clip.low, clip.high));
    return only_input();
  }
  std::size_t of(const Smooth&) const { return only_input(); }
  std::size_t of(const Add&) const { return common_width(); }
  std::size_t of(const Maximum&) const {
    inputs(2);
    return common_width();
  }
  std::size_t of(const Minimum&) const {
    inputs(2);
    return common_width();
  }
  std::size_t of(const Concat&) const {
    std::size_t sum = 0;
    for (const std::size_t input : layer_.inputs)
      sum += widths_[input];
    return sum;
  }
  std::size_t of(const Constant& constant) const {
    inputs(0);
    finite(constant.values, "value");
    return constant.values.size();
  }

  const Layer& layer_;
  const std::vector<std::size_t>& widths_;
  std::string where_;
};

/// The channels of one layer at a block of points, one channel after the other.
using Block = std::vector<double>;
constexpr std::size_t kBlock = 256;                        // what fits the first cache for some tens of channels
constexpr std::size_t kMostAtOnce = std::size_t{1} << 22;  // numbers in all blocks: 32 MiB

/// Computes layers at `points` points.
struct Forward {
  std::size_t points;
  std::vector<Block>& blocks;
  const std::vector<std::size_t>& inputs;
  Block& out;

  const Block& in(std::size_t i = 0) const { return blocks[inputs[i]]; }
  std::size_t channels() const { return in().size() / points; }

  template <class OfChannel>
  void each(OfChannel of) const {
    out.resize(in().size());
    for (std::size_t c = 0; c < channels(); ++c)
      for (std::size_t p = c * points; p < (c + 1) * points; ++p)
        out[p] = of(c, in()[p]);
  }
  template <class OfTwo>
  void fold(OfTwo of) const {
    out = in();
    for (std::size_t i = 1; i < inputs.size(); ++i)
      for (std::size_t p = 0; p < out.size(); ++p)
        out[p] = of(out[p], in(i)[p]);
  }

  void operator()(const Dense& dense) const {
    const std::size_t columns = channels();
    out.resize(dense.bias.size() * points);
    for (std::size_t row = 0; row < dense.bias.size(); ++row) {
      double* const sum = out.data() + row * points;
      std::fill_n(sum, points, dense.bias[row]);
      for (std::size_t column = 0; column < columns; ++column) {
        const double weight = dense.weights[row * columns + column];
        const double* const x = in().data() + column * points;
        for (std::size_t p = 0; p < points; ++p)
          sum[p] += weight * x[p];
      }
    }
  }
  void operator()(const Scale& scale) const {
    each([&](std::size_t c, double x) { return scale.factor[c] * x + scale.shift[c]; });
  }
  void operator()(const Rectify& rectify) const {
    each([&](std::size_t c, double x) {
      const double slope = rectify.slope[rectify.slope.size() == 1 ? 0 : c];
      return x > 0 ? x : slope * x;
    });
  }
  void operator()(const Clip& clip) const {
    each([&](std::size_t, double x) { return std::min(std::max(x, clip.low), clip.high); });
  }
  void operator()(const Smooth& smooth) const {
    each([&](std::size_t, double x) { return smooth_value(smooth.kind, x); });
  }
  void operator()(const Add&) const {
    fold([](double a, double b) { return a + b; });
  }
  void operator()(const Maximum&) const {
    fold([](double a, double b) { return std::max(a, b); });
  }
  void operator()(const Minimum&) const {
    fold([](double a, double b) { return std::min(a, b); });
  }
  void operator()(const Concat&) const {
    out.clear();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      out.insert(out.end(), in(i).begin(), in(i).end());
  }
  void operator()(const Constant& constant) const {
    out.resize(constant.values.size() * points);
    for (std::size_t c = 0; c < constant.values.size(); ++c)
      std::fill_n(out.data() + c * points, points, constant.values[c]);
  }
};

}  // namespace

std::string_view to_string(const Operation& operation) {
  return std::visit(Overloaded{[](const Dense&) { return "dense"; }, [](const Scale&) { return "scale"; },
                               [](const Rectify&) { return "rectify"; }, [](const Clip&) { return "clip"; },
                               [](const Smooth& smooth) {
                                 switch (smooth.kind) {
                                   case Smooth::Kind::gelu: return "gelu";
                                   case Smooth::Kind::silu: return "silu";
                                   case Smooth::Kind::softplus: return "softplus";
                                   case Smooth::Kind::tanh: break;
                                 }
                                 return "tanh";
                               },
                               [](const Add&) { return "add"; }, [](const Maximum&) { return "maximum"; },
                               [](const Minimum&) { return "minimum"; }, [](const Concat&) { return "concat"; },
                               [](const Constant&) { return "constant"; }},
                    operation);
}

double smooth_value(Smooth::Kind kind, double x) {
  switch (kind) {
    case Smooth::Kind::gelu: return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
    case Smooth::Kind::silu: return x < 0 ? x * std::exp(x) / (1 + std::exp(x)) : x / (1 + std::exp(-x));
    case Smooth::Kind::softplus: return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    case Smooth::Kind::tanh: break;
  }
  return std::tanh(x);
}

DeepNetwork::DeepNetwork(std::vector<Layer> layers) : layers_(std::move(layers)), widths_{1} {
  if (layers_.empty()) refuse("DeepNetwork", "number of layers is 0, but must be at least 1");
  const auto at_most = [](std::size_t number, std::size_t most, const char* what) {
    if (number > most)
      refuse("DeepNetwork", fmt::format("number of {} is {}, but must be at most {}", what, number, most));
  };
  at_most(layers_.size(), limits::layers, "layers");
  for (std::size_t i = 0, channels = 0; i < layers_.size(); ++i) {
    widths_.push_back(LayerCheck(layers_[i], i + 1, widths_).width());
    at_most(channels += widths_.back(), limits::channels, "channels of all layers");
  }
  if (widths_.back() != 1)
    refuse("DeepNetwork", fmt::format("width of the last layer is {}, but must be 1", widths_.back()));
}

std::size_t DeepNetwork::total_width() const {
  std::size_t sum = 0;
  for (const std::size_t width : widths_)
    sum += width;
  return sum;
}

double DeepNetwork::value(double x) const { return values({&x, 1}).front(); }

std::vector<double> DeepNetwork::values(std::span<const double> x) const {
  for (const double at : x)
    require(std::isfinite(at), "DeepNetwork::value", "x", at, "must be finite");
  std::vector<double> result;
  result.reserve(x.size());
  std::vector<Block> blocks(layers_.size() + 1);
  const std::size_t points = std::clamp<std::size_t>(kMostAtOnce / total_width(), 1, kBlock);
  for (std::size_t begin = 0; begin < x.size(); begin += points) {
    const auto part = x.subspan(begin, std::min(points, x.size() - begin));
    blocks[0].assign(part.begin(), part.end());
    for (std::size_t i = 0; i < layers_.size(); ++i)
      std::visit(Forward{part.size(), blocks, layers_[i].inputs, blocks[i + 1]}, layers_[i].operation);
    result.insert(result.end(), blocks.back().begin(), blocks.back().end());
  }
  return result;
}

Scale folded_batch_norm(std::span<const double> gamma, std::span<const double> beta, std::span<const double> mean,
                        std::span<const double> variance, double epsilon) {
  constexpr auto kWhere = "folded_batch_norm";
  for (const auto numbers : {beta, mean, variance})
    require(numbers.size() == gamma.size(), kWhere, "number of channels", static_cast<double>(numbers.size()),
            "must be that of gamma");
  Scale scale;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    require(variance[c] + epsilon > 0, kWhere, "variance + epsilon", variance[c] + epsilon, "must be positive");
    scale.factor.push_back(gamma[c] / std::sqrt(variance[c] + epsilon));
    scale.shift.push_back(beta[c] - scale.factor.back() * mean[c]);
  }
  return scale;
}

DeepNetwork deep_network(const ReluNetwork& network) {
  if (network.units().empty()) return DeepNetwork({{"offset", Constant{{network.offset()}}, {}}});
  Dense in, out{{}, {network.offset()}};
  for (const auto& [in_weight, bias, out_weight] : network.units()) {
    in.weights.push_back(in_weight);
    in.bias.push_back(bias);
    out.weights.push_back(out_weight);
  }
  return DeepNetwork({{"hidden", in, {0}}, {"relu", Rectify{}, {1}}, {"output", out, {2}}});
}

DeepNetwork unrolled(const RecurrentCell& cell, int steps) {
  require(steps >= 1, "unrolled", "number of steps", steps, "must be at least 1");
  const std::size_t width = cell.bias.size();
  std::vector<Layer> layers = {{"input", Dense{cell.input, cell.bias}, {0}}, {"h1", Rectify{}, {1}}};
  for (int step = 2; step <= steps; ++step) {
    const std::size_t state = layers.size();
    layers.push_back({fmt::format("U h{}", step - 1), Dense{cell.recurrent, std::vector<double>(width, 0.0)}, {state}});
    layers.push_back({fmt::format("a{}", step), Add{}, {state + 1, 1}});
    layers.push_back({fmt::format("h{}", step), Rectify{}, {state + 2}});
  }
  layers.push_back({"output", Dense{cell.output, {cell.offset}}, {layers.size()}});
  return DeepNetwork(std::move(layers));
}

}  // namespace strikenet
