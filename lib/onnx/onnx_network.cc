#include "strikenet/onnx/onnx_network.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "core/problem_list.h"
#include "core/read_bytes.h"
#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

constexpr int kFirstOpset = 11, kLastOpset = 17, kWrittenOpset = 16, kWrittenIr = 8;

// --- values ----------------------------------------------------------------------------------------------------------

struct Tensor {
  std::vector<std::int64_t> dims = {};
  std::vector<double> numbers = {};
};

/// What depends on the input: a layer in the sense of Layer::inputs.
struct Channels {
  std::size_t layer;
};

using Value = std::variant<Tensor, Channels>;

/// A sentence about one node, as after "node 'NAME' (TYPE): ".
struct NodeProblem {
  std::string what;
};

template <class Number>
std::vector<double> raw_numbers(const std::string& bytes) {
  std::vector<double> numbers(bytes.size() / sizeof(Number));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + i * sizeof(Number), sizeof(Number));
    numbers[i] = static_cast<double>(number);
  }
  return numbers;
}

Tensor tensor_of(const onnx::TensorProto& proto) {
  Tensor tensor{{proto.dims().begin(), proto.dims().end()}};
  if (proto.data_location() == onnx::TensorProto::EXTERNAL)
    throw NodeProblem{fmt::format("tensor '{}' is in another file, but must be in this one", printable(proto.name()))};
  const bool raw = proto.has_raw_data();
  if (proto.data_type() == onnx::TensorProto::FLOAT)
    tensor.numbers = raw ? raw_numbers<float>(proto.raw_data())
                         : std::vector<double>(proto.float_data().begin(), proto.float_data().end());
  else if (proto.data_type() == onnx::TensorProto::DOUBLE)
    tensor.numbers = raw ? raw_numbers<double>(proto.raw_data())
                         : std::vector<double>(proto.double_data().begin(), proto.double_data().end());
  else
    throw NodeProblem{fmt::format("type of tensor '{}' is {}, but must be float or double", printable(proto.name()),
                                  proto.data_type())};
  double size = 1;
  for (const std::int64_t dim : tensor.dims) {
    if (dim < 1)  // an empty one could have a dimension of any size beside the 0
      throw NodeProblem{
          fmt::format("dimension of tensor '{}' is {}, but must be at least 1", printable(proto.name()), dim)};
    size *= static_cast<double>(dim);
  }
  if (static_cast<double>(tensor.numbers.size()) != size)
    throw NodeProblem{fmt::format("tensor '{}' has {} numbers, but must have {} by its shape", printable(proto.name()),
                                  tensor.numbers.size(), size)};
  return tensor;
}

// --- reading ---------------------------------------------------------------------------------------------------------

class GraphReader {
 public:
  /// `bytes`: how many the file has. Layers may hold as many numbers, and limits::shared_numbers more.
  GraphReader(const onnx::GraphProto& graph, ProblemList& problems, std::size_t bytes)
      : graph_(graph), problems_(problems), most_numbers_(bytes + limits::shared_numbers) {}

  std::optional<DeepNetwork> read() {
    for (const onnx::TensorProto& tensor : graph_.initializer())
      guarded("initializer", [&] { values_[tensor.name()] = tensor_of(tensor); });
    take_input();
    for (const onnx::NodeProto& node : graph_.node())
      take(node);
    if (graph_.output_size() != 1)
      note(fmt::format("number of outputs is {}, but must be 1", graph_.output_size()));
    else if (problems_.empty() && !values_.contains(graph_.output(0).name()))
      note(fmt::format("output '{}' is not there, but must be computed", printable(graph_.output(0).name())));
    std::optional<DeepNetwork> result;
    if (problems_.empty()) guarded("output", [&] { result = network(); });
    return result;
  }

 private:
  void note(const std::string& what) { problems_.add(0, what); }

  /// Before the memory for them is taken: nodes that share a tensor, widen a channel or join the same channels again
  /// and again can ask for far more than the file holds.
  void take_numbers(std::size_t count) {
    if (count > most_numbers_ - numbers_)
      throw NodeProblem{
          fmt::format("number of numbers in all layers is above {}, but must be at most that", most_numbers_)};
    numbers_ += count;
  }

  template <class Work>
  void guarded(const std::string& where, Work work) {
    try {
      work();
    } catch (const NodeProblem& problem) {
      note(where + ": " + problem.what);
    }
  }

  void take_input() {
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const onnx::ValueInfoProto& input : graph_.input())
      if (!values_.contains(input.name())) inputs.push_back(&input);
    if (inputs.size() != 1) return note(fmt::format("number of inputs is {}, but must be 1", inputs.size()));
    const auto& shape = inputs[0]->type().tensor_type().shape();
    if (shape.dim_size() > 0) {
      const auto& last = shape.dim(shape.dim_size() - 1);
      if (last.has_dim_value() && last.dim_value() != 1)
        note(fmt::format("last dimension of the input is {}, but must be 1", last.dim_value()));
      if (shape.dim_size() > 2)
        note(fmt::format("number of dimensions of the input is {}, but must be at most 2", shape.dim_size()));
    }
    values_[inputs[0]->name()] = Channels{0};
  }

  DeepNetwork network() {
    const std::size_t last = channels(values_.at(graph_.output(0).name()), 0);
    if (layers_.empty() || last != layers_.size())
      add("output", Scale{std::vector(widths_[last], 1.0), std::vector(widths_[last], 0.0)}, {last}, widths_[last]);
    return DeepNetwork(std::move(layers_));
  }

  void take(const onnx::NodeProto& node) {
    const std::string where = fmt::format(
        "node '{}'", printable(node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name()));
    const auto found = std::ranges::find(kNodes, node.op_type(), &NodeKind::type);
    if (found == kNodes.end() || !(node.domain().empty() || node.domain() == "ai.onnx")) {
      std::string names;
      for (const NodeKind& kind : kNodes)
        names.append(names.empty() ? "" : ", ").append(kind.type);
      return note(fmt::format("{} is {}, but must be one of {}", where, printable(node.op_type()), names));
    }
    if (std::ranges::any_of(node.input(),
                            [&](const std::string& in) { return !in.empty() && !values_.contains(in); })) {
      if (problems_.empty()) note(where + ": an input is not there, but must be computed before it");
      return;  // else it follows from a problem that is noted
    }
    node_ = &node;
    guarded(fmt::format("{} ({})", where, node.op_type()), [&] {
      Value value = (this->*found->read)();
      if (const auto* tensor = std::get_if<Tensor>(&value)) take_numbers(tensor->numbers.size());
      if (node.output_size() > 0) values_[node.output(0)] = std::move(value);
    });
  }

  // --- of the node at hand -------------------------------------------------------------------------------------------

  const onnx::AttributeProto* attribute(const char* name) const {
    const auto found = std::ranges::find_if(node_->attribute(), [&](const auto& of) { return of.name() == name; });
    return found == node_->attribute().end() ? nullptr : &*found;
  }
  double number(const char* name, double otherwise) const {
    const auto* found = attribute(name);
    return found ? static_cast<double>(found->f()) : otherwise;
  }
  std::int64_t whole(const char* name, std::int64_t otherwise) const {
    const auto* found = attribute(name);
    return found ? found->i() : otherwise;
  }
  bool has(int i) const { return i < node_->input_size() && !node_->input(i).empty(); }
  const Value& input(int i) const {
    if (!has(i))
      throw NodeProblem{fmt::format("number of inputs is {}, but must be at least {}", node_->input_size(), i + 1)};
    return values_.at(node_->input(i));
  }
  const Tensor& constant(int i, const char* what) const {
    const auto* tensor = std::get_if<Tensor>(&input(i));
    if (!tensor) throw NodeProblem{fmt::format("{} depends on the input, but must be constant", what)};
    return *tensor;
  }
  std::size_t variable(int i, const char* what) {
    const auto* of = std::get_if<Channels>(&input(i));
    if (!of) throw NodeProblem{fmt::format("{} is constant, but must depend on the input", what)};
    return of->layer;
  }

  std::size_t add(std::string name, Operation operation, std::vector<std::size_t> inputs, std::size_t width) {
    if (layers_.size() == limits::layers)
      throw NodeProblem{fmt::format("number of layers is above {}, but must be at most that", limits::layers)};
    take_numbers(inputs.size());
    channels_ += width;
    if (width > limits::channels || channels_ > limits::channels)
      throw NodeProblem{
          fmt::format("number of channels in all layers is above {}, but must be at most that", limits::channels)};
    layers_.push_back({std::move(name), std::move(operation), std::move(inputs)});
    widths_.push_back(width);
    return layers_.size();
  }
  Value layer(Operation operation, std::vector<std::size_t> inputs, std::size_t width) {
    const std::string name = node_->output_size() > 0 ? node_->output(0) : node_->name();
    return Channels{add(name, std::move(operation), std::move(inputs), width)};
  }

  /// A tensor as one number a channel; all but its last dimension must be 1. One number is for all channels.
  std::vector<double> per_channel(const Tensor& tensor, std::size_t width) {
    for (std::size_t i = 0; i + 1 < tensor.dims.size(); ++i)
      if (tensor.dims[i] != 1)
        throw NodeProblem{fmt::format("dimension {} of a constant is {}, but must be 1", i, tensor.dims[i])};
    if (tensor.numbers.size() == width || tensor.numbers.size() == 1) take_numbers(width);
    if (tensor.numbers.size() == width) return tensor.numbers;
    if (tensor.numbers.size() == 1) return std::vector(width, tensor.numbers[0]);
    throw NodeProblem{
        fmt::format("number of channels of a constant is {}, but must be {} or 1", tensor.numbers.size(), width)};
  }
  static std::size_t width_of(const Tensor& tensor) { return tensor.numbers.size(); }
  std::size_t width_of(const Value& value) const {
    const auto* tensor = std::get_if<Tensor>(&value);
    return tensor ? width_of(*tensor) : widths_[std::get<Channels>(value).layer];
  }

  /// One channel as `width` equal ones.
  std::size_t widened(std::size_t from, std::size_t width) {
    if (widths_[from] == width || width == 0) return from;
    if (widths_[from] != 1)
      throw NodeProblem{fmt::format("number of channels is {}, but must be {} or 1", widths_[from], width)};
    take_numbers(2 * width);
    return add("widened", Dense{std::vector(width, 1.0), std::vector(width, 0.0)}, {from}, width);
  }
  /// Any value as a layer of so many channels; of 0, of as many as it has.
  std::size_t channels(const Value& value, std::size_t width) {
    if (const auto* of = std::get_if<Channels>(&value)) return widened(of->layer, width);
    const auto& tensor = std::get<Tensor>(value);
    const std::vector<double> numbers = per_channel(tensor, width == 0 ? tensor.numbers.size() : width);
    return add("constant", Constant{numbers}, {}, numbers.size());
  }

  // --- nodes ---------------------------------------------------------------------------------------------------------

  Value dense(std::size_t from, const Tensor& weights, bool transposed, double factor, std::vector<double> bias) {
    const auto rows = weights.dims.size() == 2 ? static_cast<std::size_t>(weights.dims[0]) : weights.numbers.size();
    const std::size_t columns = weights.dims.size() == 2 ? static_cast<std::size_t>(weights.dims[1]) : 1;
    if (weights.dims.empty() || weights.dims.size() > 2)
      throw NodeProblem{
          fmt::format("number of dimensions of the weights is {}, but must be 1 or 2", weights.dims.size())};
    const std::size_t inputs = transposed ? columns : rows, outputs = transposed ? rows : columns;
    if (widths_[from] != inputs)
      throw NodeProblem{fmt::format("number of rows of the weights is {}, but must be {}", inputs, widths_[from])};
    take_numbers(inputs * outputs + outputs);
    Dense dense{std::vector<double>(inputs * outputs), std::move(bias)};
    if (dense.bias.empty()) dense.bias.assign(outputs, 0.0);
    if (dense.bias.size() != outputs)
      throw NodeProblem{
          fmt::format("number of channels of the bias is {}, but must be {}", dense.bias.size(), outputs)};
    for (std::size_t o = 0; o < outputs; ++o)
      for (std::size_t i = 0; i < inputs; ++i)
        dense.weights[o * inputs + i] = factor * weights.numbers[transposed ? o * inputs + i : i * outputs + o];
    if (std::ranges::all_of(dense.weights, [](double weight) { return weight == 0; }))
      return layer(Constant{std::move(dense.bias)}, {}, outputs);
    return layer(std::move(dense), {from}, outputs);
  }

  Value gemm() {
    if (whole("transA", 0) != 0) throw NodeProblem{"transA is 1, but must be 0"};
    const Tensor& weights = constant(1, "B");
    const bool transposed = whole("transB", 0) != 0;
    if (weights.dims.size() != 2)
      throw NodeProblem{fmt::format("number of dimensions of B is {}, but must be 2", weights.dims.size())};
    std::vector<double> bias;
    if (has(2)) bias = per_channel(constant(2, "C"), static_cast<std::size_t>(weights.dims[transposed ? 0 : 1]));
    for (double& of_channel : bias)
      of_channel *= number("beta", 1);
    return dense(variable(0, "A"), weights, transposed, number("alpha", 1), std::move(bias));
  }

  Value matmul() { return dense(variable(0, "A"), constant(1, "B"), false, 1, {}); }

  /// value -> factor * value + shift, each one number a channel.
  Value scaled(std::size_t from, const Tensor& by, double (*factor)(double), double (*shift)(double)) {
    const std::size_t width = std::max(width_of(by), widths_[from]);
    const std::vector<double> numbers = per_channel(by, width);
    from = widened(from, width);
    take_numbers(2 * width);
    Scale scale;
    for (const double number : numbers) {
      scale.factor.push_back(factor(number));
      scale.shift.push_back(shift(number));
    }
    return layer(std::move(scale), {from}, width);
  }

  Value sum(double sign) {
    static constexpr auto one = [](double) { return 1.0; };
    const Value &a = input(0), &b = input(1);
    const auto* left = std::get_if<Tensor>(&a);
    const auto* right = std::get_if<Tensor>(&b);
    if (right && !left)
      return sign > 0 ? scaled(variable(0, "A"), *right, one, [](double c) { return c; })
                      : scaled(variable(0, "A"), *right, one, [](double c) { return -c; });
    if (left && !right)
      return sign > 0 ? scaled(variable(1, "B"), *left, one, [](double c) { return c; })
                      : scaled(
                            variable(1, "B"), *left, [](double) { return -1.0; }, [](double c) { return c; });
    const std::size_t width = std::max(width_of(a), width_of(b));
    const std::size_t first = channels(a, width);
    std::size_t second = channels(b, width);
    if (sign < 0) take_numbers(2 * width);
    if (sign < 0) second = add("negated", Scale{std::vector(width, -1.0), std::vector(width, 0.0)}, {second}, width);
    return layer(Add{}, {first, second}, width);
  }
  Value added() { return sum(1); }
  Value subtracted() { return sum(-1); }
  Value sum_of_all() {
    std::vector<std::size_t> inputs;
    const std::size_t width = common_width();
    for (int i = 0; i < node_->input_size(); ++i)
      inputs.push_back(channels(input(i), width));
    return layer(Add{}, inputs, width);
  }

  Value multiplied() {
    static constexpr auto none = [](double) { return 0.0; };
    static constexpr auto by = [](double c) { return c; };
    if (const auto* right = std::get_if<Tensor>(&input(1))) return scaled(channels(input(0), 0), *right, by, none);
    if (const auto* left = std::get_if<Tensor>(&input(0))) return scaled(variable(1, "B"), *left, by, none);
    throw NodeProblem{"both factors depend on the input, but one must be constant"};
  }
  Value divided() {
    const auto* right = std::get_if<Tensor>(&input(1));
    if (!right) throw NodeProblem{"divisor depends on the input, but must be constant"};
    if (std::ranges::count(right->numbers, 0.0) > 0) throw NodeProblem{"divisor is 0, but must be another number"};
    return scaled(
        channels(input(0), 0), *right, [](double c) { return 1 / c; }, [](double) { return 0.0; });
  }

  Value activation(Operation operation) {
    const std::size_t from = channels(input(0), 0);
    return layer(std::move(operation), {from}, widths_[from]);
  }
  Value relu() { return activation(Rectify{}); }
  Value leaky_relu() { return activation(Rectify{{number("alpha", static_cast<double>(0.01F))}}); }
  Value absolute() { return activation(Rectify{{-1}}); }
  Value tanh() { return activation(Smooth{Smooth::Kind::tanh}); }
  Value softplus() { return activation(Smooth{Smooth::Kind::softplus}); }
  Value prelu() {
    const Tensor& slope = constant(1, "slope");
    const std::size_t from = channels(input(0), 0);
    return layer(Rectify{slope.numbers.size() == 1 ? slope.numbers : per_channel(slope, widths_[from])}, {from},
                 widths_[from]);
  }
  Value clip() {
    const auto bound = [&](int i, double otherwise) {
      if (!has(i)) return otherwise;
      const Tensor& tensor = constant(i, i == 1 ? "min" : "max");
      if (tensor.numbers.size() != 1)
        throw NodeProblem{fmt::format("bound has {} numbers, but must have 1", tensor.numbers.size())};
      return tensor.numbers[0];
    };
    const double low = bound(1, -HUGE_VAL), high = bound(2, HUGE_VAL);
    return activation(Clip{std::min(low, high), high});  // of a low above high, ONNX takes high
  }

  std::size_t common_width() const {
    std::size_t width = 1;
    for (int i = 0; i < node_->input_size(); ++i)
      width = std::max(width, width_of(input(i)));
    return width;
  }
  template <class Choice>
  Value chosen() {
    const std::size_t width = common_width();
    std::size_t held = channels(input(0), width);
    for (int i = 1; i < node_->input_size(); ++i) {
      const std::size_t next = channels(input(i), width);
      held = std::get<Channels>(layer(Choice{}, {held, next}, width)).layer;
    }
    return Channels{held};
  }

  Value batch_norm() {
    if (whole("training_mode", 0) != 0) throw NodeProblem{"training_mode is 1, but must be 0"};
    const std::size_t from = channels(input(0), 0), width = widths_[from];
    const std::vector<double> gamma = per_channel(constant(1, "scale"), width),
                              beta = per_channel(constant(2, "B"), width),
                              mean = per_channel(constant(3, "mean"), width),
                              variance = per_channel(constant(4, "var"), width);
    return layer(folded_batch_norm(gamma, beta, mean, variance, number("epsilon", static_cast<double>(1e-5F))), {from},
                 width);
  }

  Value concat() {
    const std::int64_t axis = whole("axis", 0);
    if (axis != 1 && axis != -1) throw NodeProblem{fmt::format("axis is {}, but must be 1 or -1", axis)};
    std::vector<std::size_t> inputs;
    std::size_t width = 0;
    for (int i = 0; i < node_->input_size(); ++i) {
      inputs.push_back(channels(input(i), 0));
      width += widths_[inputs.back()];
    }
    return layer(Concat{}, inputs, width);
  }

  Value identity() { return input(0); }
  Value constant_node() {
    const auto* value = attribute("value");
    if (!value || !value->has_t()) throw NodeProblem{"attribute value is missing, but must be a tensor"};
    return tensor_of(value->t());
  }

  struct NodeKind {
    std::string_view type;
    Value (GraphReader::*read)();
  };
  static const std::array<NodeKind, 20> kNodes;

  const onnx::GraphProto& graph_;
  ProblemList& problems_;
  std::size_t most_numbers_, numbers_ = 0, channels_ = 0;
  std::map<std::string, Value> values_ = {};
  std::vector<Layer> layers_ = {};
  std::vector<std::size_t> widths_ = {1};
  const onnx::NodeProto* node_ = nullptr;
};

const std::array<GraphReader::NodeKind, 20> GraphReader::kNodes = {{{"Gemm", &GraphReader::gemm},
                                                                    {"MatMul", &GraphReader::matmul},
                                                                    {"Add", &GraphReader::added},
                                                                    {"Sub", &GraphReader::subtracted},
                                                                    {"Mul", &GraphReader::multiplied},
                                                                    {"Div", &GraphReader::divided},
                                                                    {"Sum", &GraphReader::sum_of_all},
                                                                    {"Relu", &GraphReader::relu},
                                                                    {"LeakyRelu", &GraphReader::leaky_relu},
                                                                    {"PRelu", &GraphReader::prelu},
                                                                    {"Clip", &GraphReader::clip},
                                                                    {"Max", &GraphReader::chosen<Maximum>},
                                                                    {"Min", &GraphReader::chosen<Minimum>},
                                                                    {"Abs", &GraphReader::absolute},
                                                                    {"BatchNormalization", &GraphReader::batch_norm},
                                                                    {"Concat", &GraphReader::concat},
                                                                    {"Identity", &GraphReader::identity},
                                                                    {"Constant", &GraphReader::constant_node},
                                                                    {"Tanh", &GraphReader::tanh},
                                                                    {"Softplus", &GraphReader::softplus}}};

std::optional<std::int64_t> opset_of(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx") return opset.version();
  return std::nullopt;
}

// --- writing ---------------------------------------------------------------------------------------------------------

class GraphWriter {
 public:
  explicit GraphWriter(onnx::GraphProto& graph) : graph_(graph) {}

  /// Problems for what the opset lacks.
  Problems write(const DeepNetwork& network) {
    names_ = {"x"};
    taken_ = {"x", "y"};
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      layer_ = &network.layers()[i];
      const bool last = i + 1 == network.layers().size();
      names_.push_back(last ? "y" : unique(layer_->name.empty() ? "layer" : layer_->name));
      columns_ = layer_->inputs.empty() ? 1 : network.width(layer_->inputs[0]);
      std::visit([this](const auto& operation) { write(operation); }, layer_->operation);
    }
    describe(*graph_.add_input(), "x");
    describe(*graph_.add_output(), "y");
    return problems_;
  }

 private:
  static void describe(onnx::ValueInfoProto& info, const char* name) {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::DOUBLE);
    type.mutable_shape()->add_dim()->set_dim_param("N");
    type.mutable_shape()->add_dim()->set_dim_value(1);
  }

  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; !taken_.insert(name).second; ++number)
      name = fmt::format("{} {}", wanted, number);
    return name;
  }

  onnx::NodeProto& node(const char* type) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(type);
    node.set_name(names_.back());
    node.add_output(names_.back());
    return node;
  }
  onnx::NodeProto& node_of_inputs(const char* type) {
    onnx::NodeProto& made = node(type);
    for (const std::size_t input : layer_->inputs)
      made.add_input(names_[input]);
    return made;
  }
  void add_tensor(onnx::NodeProto& to, const char* what, const std::vector<double>& numbers,
                  std::vector<std::size_t> dims) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(unique(names_.back() + "." + what));
    tensor.set_data_type(onnx::TensorProto::DOUBLE);
    for (const std::size_t dim : dims)
      tensor.add_dims(static_cast<std::int64_t>(dim));
    tensor.set_raw_data(numbers.data(), numbers.size() * sizeof(double));
    to.add_input(tensor.name());
  }
  template <class Set>
  static void add_attribute(onnx::NodeProto& to, const char* name, onnx::AttributeProto::AttributeType type, Set set) {
    onnx::AttributeProto& attribute = *to.add_attribute();
    attribute.set_name(name);
    attribute.set_type(type);
    set(attribute);
  }

  void gemm(const std::string& from, const Dense& dense, std::size_t columns) {
    onnx::NodeProto& made = node("Gemm");
    made.add_input(from);
    add_tensor(made, "weights", dense.weights, {dense.bias.size(), columns});
    add_tensor(made, "bias", dense.bias, {dense.bias.size()});
    add_attribute(made, "transB", onnx::AttributeProto::INT, [](auto& attribute) { attribute.set_i(1); });
  }

  void write(const Dense& dense) { gemm(names_[layer_->inputs[0]], dense, columns_); }
  void write(const Constant& constant) {
    gemm("x", Dense{std::vector(constant.values.size(), 0.0), constant.values}, 1);
  }
  void write(const Scale& scale) {
    onnx::NodeProto& made = node_of_inputs("BatchNormalization");
    add_tensor(made, "factor", scale.factor, {columns_});
    add_tensor(made, "shift", scale.shift, {columns_});
    add_tensor(made, "mean", std::vector(columns_, 0.0), {columns_});
    add_tensor(made, "variance", std::vector(columns_, 1.0), {columns_});
    add_attribute(made, "epsilon", onnx::AttributeProto::FLOAT, [](auto& attribute) { attribute.set_f(0); });
  }
  void write(const Rectify& rectify) {
    if (rectify.slope == std::vector<double>{0}) return void(node_of_inputs("Relu"));
    if (rectify.slope == std::vector<double>{-1}) return void(node_of_inputs("Abs"));
    add_tensor(node_of_inputs("PRelu"), "slope", rectify.slope, {rectify.slope.size()});
  }
  void write(const Clip& clip) {
    onnx::NodeProto& made = node_of_inputs("Clip");
    for (const auto& [what, bound] : {std::pair("low", clip.low), std::pair("high", clip.high)})
      if (std::isfinite(bound))
        add_tensor(made, what, {bound}, {});
      else
        made.add_input("");
  }
  void write(const Smooth& smooth) {
    if (smooth.kind == Smooth::Kind::tanh) return void(node_of_inputs("Tanh"));
    if (smooth.kind == Smooth::Kind::softplus) return void(node_of_inputs("Softplus"));
    problems_.lines.push_back(fmt::format("layer '{}' is {}, but must be one that ONNX has in opset {}", layer_->name,
                                          to_string(layer_->operation), kWrittenOpset));
  }
  void write(const Add&) { node_of_inputs(layer_->inputs.size() == 2 ? "Add" : "Sum"); }
  void write(const Maximum&) { node_of_inputs("Max"); }
  void write(const Minimum&) { node_of_inputs("Min"); }
  void write(const Concat&) {
    add_attribute(node_of_inputs("Concat"), "axis", onnx::AttributeProto::INT,
                  [](auto& attribute) { attribute.set_i(1); });
  }

  onnx::GraphProto& graph_;
  std::vector<std::string> names_ = {};
  std::set<std::string> taken_ = {};
  const Layer* layer_ = nullptr;
  std::size_t columns_ = 1;
  Problems problems_ = {};
};

}  // namespace

Result<DeepNetwork> read_onnx(std::string_view bytes, std::string_view name) try {
  const google::protobuf::LogSilencer silent;
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 0x7fffffff))))
    return file_problem(name, "file is broken, but must be an ONNX model");
  const auto opset = opset_of(model);
  if (!opset) return file_problem(name, "opset is missing, but must be from 11 to 17");
  if (*opset < kFirstOpset || *opset > kLastOpset)
    return file_problem(name, fmt::format("opset is {}, but must be from {} to {}", *opset, kFirstOpset, kLastOpset));
  ProblemList problems;
  auto network = GraphReader(model.graph(), problems, bytes.size()).read();
  if (!problems.empty()) return problems.by_line(name);
  return std::move(*network);
} catch (const PreconditionError& error) {
  return file_problem(name, error.what());
}

Result<DeepNetwork> read_onnx_file(const std::string& path) {
  const Result<std::string> bytes = bytes_of_file(path);
  return bytes ? read_onnx(bytes.value(), input_name(path)) : bytes.problems();
}

Result<std::string> write_onnx(const DeepNetwork& network) {
  onnx::ModelProto model;
  model.set_ir_version(kWrittenIr);
  model.set_producer_name("strikenet");
  auto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(kWrittenOpset);
  model.mutable_graph()->set_name("network");
  const Problems problems = GraphWriter(*model.mutable_graph()).write(network);
  if (!problems.lines.empty()) return problems;
  return model.SerializeAsString();
}

}  // namespace strikenet
