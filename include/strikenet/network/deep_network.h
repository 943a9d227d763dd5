#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/network/relu_network.h"

namespace strikenet {

/// What a layer does with the numbers of its inputs. Channels are numbered from 0.

/// weights * x + bias; weights row by row, one row of as many numbers as the input has channels for each output.
struct Dense {
  std::vector<double> weights = {}, bias = {};
};
/// factor_c x_c + shift_c: a batch normalisation when it is used, and sums, products and quotients with constants.
struct Scale {
  std::vector<double> factor = {}, shift = {};
};
/// max(x, 0) + slope min(x, 0): with slope 0 the ReLU, with a small one the leaky ReLU, with one a channel the
/// parametric ReLU, with -1 the absolute value. One slope is for all channels.
struct Rectify {
  std::vector<double> slope = {0};
};
/// min(max(x, low), high), low <= high; either may be infinite. [0, c] is the clipped ReLU, [-1, 1] the hard tanh.
struct Clip {
  double low, high;
};
/// Activations without straight pieces. gelu: x N(x), N the normal law's; silu: x / (1 + e^-x); softplus: ln(1 + e^x).
/// (Bachelier's call x N(x/s) + s n(x/s) is another one: the mean of a ReLU whose input moves normally with standard
/// deviation s, a priced unit. gelu is its first term.)
struct Smooth {
  enum class Kind { gelu, silu, softplus, tanh };
  Kind kind;
};
/// The sum of the inputs, channel by channel: what closes a residual block.
struct Add {};
/// The larger, and the smaller, of two inputs, channel by channel.
struct Maximum {};
struct Minimum {};
/// The channels of the inputs, one after the other.
struct Concat {};
/// The same numbers whatever the input is; a layer without inputs.
struct Constant {
  std::vector<double> values = {};
};

using Operation = std::variant<Dense, Scale, Rectify, Clip, Smooth, Add, Maximum, Minimum, Concat, Constant>;

/// "dense", "scale", "rectify", "clip", "gelu", "silu", "softplus", "tanh", "add", "maximum", "minimum", "concat",
/// "constant".
STRIKENET_EXPORT std::string_view to_string(const Operation& operation);

struct Layer {
  std::string name = {};  ///< for messages; need not be unique
  Operation operation;
  /// 0 is the network's input, i the layer before it in the list, counted from 1. Add and Concat take any number,
  /// Maximum and Minimum two, Constant none, the others one.
  std::vector<std::size_t> inputs = {};
};

/// A feed-forward network with one input and one output, of any depth, with branches that meet again: layers in the
/// order in which they are computed, each of which reads the network's input or layers before it. The last has one
/// channel, the output. Whatever has straight activations only is a piecewise-linear function of x, so a book of
/// options: piecewise_linear() in portfolio/flatten.h.
///
/// Invariant, checked once on construction: widths agree, every number but a clip's bounds is finite, and there are at
/// most 10,000 layers with 1,000,000 channels together (core/limits.h). Immutable; safe to read from any thread.
/// Moving one copies it.
class STRIKENET_EXPORT DeepNetwork {
 public:
  /// Throws PreconditionError naming the layer and what is wrong with it.
  explicit DeepNetwork(std::vector<Layer> layers);
  DeepNetwork(const DeepNetwork&) = default;
  DeepNetwork& operator=(const DeepNetwork&) = default;

  std::span<const Layer> layers() const { return layers_; }
  /// Channels of input i in the sense of Layer::inputs: width(0) is 1.
  std::size_t width(std::size_t i) const { return widths_[i]; }
  /// Channels of all layers together, the input among them.
  std::size_t total_width() const;

  /// f(x). Throws PreconditionError unless x is finite.
  double value(double x) const;
  /// f at many points: the same bits, some hundred points at a time, 1 to 2 multiplications a nanosecond.
  std::vector<double> values(std::span<const double> x) const;

 private:
  std::vector<Layer> layers_;
  std::vector<std::size_t> widths_;  // of the input and of each layer
};

/// The value of one activation.
STRIKENET_EXPORT double smooth_value(Smooth::Kind kind, double x);

/// gamma (x - mean) / sqrt(variance + epsilon) + beta, channel by channel. Throws PreconditionError unless all four
/// have as many channels, and variance + epsilon is positive.
STRIKENET_EXPORT Scale folded_batch_norm(std::span<const double> gamma, std::span<const double> beta,
                                         std::span<const double> mean, std::span<const double> variance,
                                         double epsilon);

/// The same network as three layers: dense, rectify, dense. One without units is a constant.
STRIKENET_EXPORT DeepNetwork deep_network(const ReluNetwork& network);

/// h_0 = 0,   h_t = max(U h_(t-1) + u x + b, 0),   f(x) = v . h_steps + offset: a plain recurrent ReLU network that
/// reads the same x at each step, over a fixed number of them.
struct RecurrentCell {
  std::vector<double> recurrent = {};  ///< U, row by row
  std::vector<double> input = {};      ///< u
  std::vector<double> bias = {};       ///< b
  std::vector<double> output = {};     ///< v
  double offset = 0;
};

/// The recurrent network as a deep one: 3 layers a step. Throws PreconditionError unless steps is at least 1 and sizes
/// agree.
STRIKENET_EXPORT DeepNetwork unrolled(const RecurrentCell& cell, int steps);

}  // namespace strikenet
