#include "strikenet/onnx/onnx_network.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "support/random_networks.h"

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;
using testing_support::RandomNetworks;

/// Models put together node by node, of floats.
class Model {
 public:
  explicit Model(int opset = 13, int width = 1) {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(opset);
    auto& input = *graph().add_input();
    input.set_name("x");
    input.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_param("N");
    input.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(width);
    graph().add_output()->set_name("y");
  }

  Model& tensor(const std::string& name, const std::vector<std::int64_t>& dims, const std::vector<float>& numbers) {
    auto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const auto dim : dims)
      tensor.add_dims(dim);
    for (const float number : numbers)
      tensor.add_float_data(number);
    return *this;
  }
  Model& node(const std::string& type, const std::vector<std::string>& inputs, const std::string& output) {
    auto& node = *graph().add_node();
    node.set_op_type(type);
    node.set_name("the " + output);
    for (const auto& input : inputs)
      node.add_input(input);
    node.add_output(output);
    return *this;
  }
  Model& whole(const std::string& name, std::int64_t value) {
    auto& attribute = *graph().mutable_node(graph().node_size() - 1)->add_attribute();
    attribute.set_name(name);
    attribute.set_i(value);
    return *this;
  }
  Model& number(const std::string& name, float value) {
    auto& attribute = *graph().mutable_node(graph().node_size() - 1)->add_attribute();
    attribute.set_name(name);
    attribute.set_f(value);
    return *this;
  }
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }

  Result<DeepNetwork> read() const { return read_onnx(model_.SerializeAsString(), "net.onnx"); }
  double value(double x) const {
    const auto network = read();
    if (network) return network.value().value(x);
    ADD_FAILURE() << network.problems().lines.front();
    return NAN;
  }
  Lines problems() const {
    const auto network = read();
    return network ? Lines{"no problem"} : network.problems().lines;
  }

 private:
  onnx::ModelProto model_;
};

// --- node by node --------------------------------------------------------------------
TEST(OnnxNetwork, ReadsDenseLayersInEitherLayout) {
  EXPECT_EQ(Model()
                .tensor("w", {1, 2}, {1, -1})
                .tensor("b", {2}, {-90, 110})
                .node("Gemm", {"x", "w", "b"}, "h")
                .node("Relu", {"h"}, "r")
                .tensor("v", {1, 2}, {2, 3})
                .node("Gemm", {"r", "v"}, "y")
                .whole("transB", 1)
                .value(100),
            20 + 30);
  EXPECT_EQ(Model()
                .tensor("w", {1, 1}, {3})
                .tensor("b", {1, 1}, {5})
                .node("Gemm", {"x", "w", "b"}, "y")
                .number("alpha", 2)
                .number("beta", 0.5F)
                .value(10),
            62.5);
  EXPECT_EQ(Model()
                .tensor("w", {1, 2}, {3, 4})
                .node("MatMul", {"x", "w"}, "h")
                .tensor("v", {2}, {1, 10})
                .node("MatMul", {"h", "v"}, "y")
                .value(2),
            6 + 80);
}

TEST(OnnxNetwork, ReadsArithmeticWithConstantsOnEitherSide) {
  const auto of = [](const std::string& type, const std::vector<std::string>& inputs) {
    return Model().tensor("c", {1}, {4}).node(type, inputs, "y").value(10);
  };
  EXPECT_EQ(of("Add", {"x", "c"}), 14);
  EXPECT_EQ(of("Add", {"c", "x"}), 14);
  EXPECT_EQ(of("Sub", {"x", "c"}), 6);
  EXPECT_EQ(of("Sub", {"c", "x"}), -6);
  EXPECT_EQ(of("Mul", {"x", "c"}), 40);
  EXPECT_EQ(of("Mul", {"c", "x"}), 40);
  EXPECT_EQ(of("Div", {"x", "c"}), 2.5);
  EXPECT_EQ(of("Add", {"x", "x"}), 20);
  EXPECT_EQ(of("Sub", {"x", "x"}), 0);
  EXPECT_EQ(of("Sum", {"x", "c", "x"}), 24);
  EXPECT_EQ(of("Identity", {"x"}), 10);
}

TEST(OnnxNetwork, ReadsActivations) {
  const auto of = [](double x, const std::string& type, const std::vector<std::string>& more = {}) {
    std::vector<std::string> inputs = {"x"};
    inputs.insert(inputs.end(), more.begin(), more.end());
    return Model().tensor("c", {}, {2}).tensor("d", {}, {5}).node(type, inputs, "y").value(x);
  };
  EXPECT_EQ(of(-3, "Relu"), 0);
  EXPECT_EQ(of(-3, "Abs"), 3);
  EXPECT_EQ(of(-3, "LeakyRelu"), -3 * static_cast<double>(0.01F));
  EXPECT_EQ(of(-3, "PRelu", {"c"}), -6);
  EXPECT_EQ(of(9, "Clip", {"c", "d"}), 5);
  EXPECT_EQ(of(0, "Clip", {"c"}), 2);
  EXPECT_EQ(of(9, "Clip", {"", "d"}), 5);
  EXPECT_EQ(of(3, "Clip", {"d", "c"}), 2);  // bounds the wrong way round: the upper one
  EXPECT_EQ(of(3, "Max", {"c", "d"}), 5);
  EXPECT_EQ(of(3, "Min", {"c", "d"}), 2);
  EXPECT_EQ(of(3, "Tanh"), std::tanh(3.0));
  EXPECT_EQ(Model().node("LeakyRelu", {"x"}, "y").number("alpha", 0.5F).value(-3), -1.5);
}

TEST(OnnxNetwork, ReadsBatchNormalisationConcatAndBroadcasts) {
  EXPECT_EQ(Model()
                .tensor("g", {1}, {2})
                .tensor("b", {1}, {1})
                .tensor("m", {1}, {3})
                .tensor("v", {1}, {4})
                .node("BatchNormalization", {"x", "g", "b", "m", "v"}, "y")
                .number("epsilon", 0)
                .value(7),
            5);
  EXPECT_EQ(Model()
                .tensor("c", {1, 2}, {1, 2})
                .node("Add", {"x", "c"}, "two")
                .node("Concat", {"x", "two", "c"}, "all")
                .whole("axis", 1)
                .tensor("w", {5, 1}, {1, 10, 100, 1000, 10000})
                .node("MatMul", {"all", "w"}, "y")
                .value(3),
            3 + 40 + 500 + 1000 + 20000);
  EXPECT_EQ(Model()
                .tensor("w", {1, 3}, {1, 2, 3})
                .node("MatMul", {"x", "w"}, "h")
                .node("Max", {"h", "x"}, "m")
                .tensor("v", {3, 1}, {1, 1, 1})
                .node("MatMul", {"m", "v"}, "y")
                .value(-2),
            -6);
}

TEST(OnnxNetwork, ReadsConstantNodesAndRawData) {
  Model model;
  model.node("Constant", {}, "c");
  auto& attribute = *model.graph().mutable_node(0)->add_attribute();
  attribute.set_name("value");
  auto& tensor = *attribute.mutable_t();
  tensor.set_data_type(onnx::TensorProto::DOUBLE);
  const double number = 0.1;
  tensor.set_raw_data(&number, sizeof number);
  EXPECT_EQ(model.node("Add", {"x", "c"}, "y").value(0), 0.1);
}

TEST(OnnxNetwork, TakesOpsets11To17) {
  for (int opset = 11; opset <= 17; ++opset)
    EXPECT_EQ(Model(opset).node("Relu", {"x"}, "y").value(3), 3);
}

// --- the way back --------------------------------------------------------------------
TEST(OnnxNetworkLaw, ExportAndImportAreTheIdentity) {
  RandomNetworks networks(77, 5, 9);
  for (int trial = 0; trial < 200; ++trial) {
    const DeepNetwork original = networks.next();
    const DeepNetwork again = read_onnx(write_onnx(original).value(), "net.onnx").value();
    ASSERT_EQ(again.layers().size(), original.layers().size());
    for (std::size_t i = 0; i < original.layers().size(); ++i) {
      ASSERT_EQ(again.layers()[i].inputs, original.layers()[i].inputs);
      ASSERT_EQ(again.layers()[i].operation.index(), original.layers()[i].operation.index());
    }
    for (double x = -5; x <= 5; x += 0.25)
      ASSERT_EQ(again.value(x), original.value(x)) << "network " << trial << ", x " << x;
    ASSERT_EQ(write_onnx(again).value().size() > 0, true);
    ASSERT_EQ(write_onnx(read_onnx(write_onnx(again).value(), "n").value()).value(), write_onnx(again).value());
  }
}

// --- errors ----------------------------------------------------------------------------
TEST(OnnxNetworkErrors, NameEveryNodeThatIsNotSupported) {
  const Lines lines = Model().node("Sigmoid", {"x"}, "a").node("Erf", {"a"}, "b").node("Relu", {"b"}, "y").problems();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(
      lines[0],
      "net.onnx: node 'the a' is Sigmoid, but must be one of Gemm, MatMul, Add, Sub, Mul, Div, Sum, Relu, LeakyRelu, "
      "PRelu, Clip, Max, Min, Abs, BatchNormalization, Concat, Identity, Constant, Tanh, Softplus");
  EXPECT_TRUE(lines[1].starts_with("net.onnx: node 'the b' is Erf, but must be one of Gemm"));
}

TEST(OnnxNetworkErrors, SayHowANodeIsUsedWrongly) {
  EXPECT_EQ(Model().node("Mul", {"x", "x"}, "y").problems(),
            Lines{"net.onnx: node 'the y' (Mul): both factors depend on the input, but one must be constant"});
  EXPECT_EQ(Model().tensor("c", {}, {1}).node("Div", {"c", "x"}, "y").problems(),
            Lines{"net.onnx: node 'the y' (Div): divisor depends on the input, but must be constant"});
  EXPECT_EQ(Model().tensor("c", {}, {0}).node("Div", {"x", "c"}, "y").problems(),
            Lines{"net.onnx: node 'the y' (Div): divisor is 0, but must be another number"});
  EXPECT_EQ(Model().tensor("w", {2, 1}, {1, 1}).node("MatMul", {"x", "w"}, "y").problems(),
            Lines{"net.onnx: node 'the y' (MatMul): number of rows of the weights is 2, but must be 1"});
  EXPECT_EQ(Model().tensor("w", {1, 1}, {1}).node("Gemm", {"x", "w"}, "y").whole("transA", 1).problems(),
            Lines{"net.onnx: node 'the y' (Gemm): transA is 1, but must be 0"});
  EXPECT_EQ(Model().node("Concat", {"x", "x"}, "y").whole("axis", 0).problems(),
            Lines{"net.onnx: node 'the y' (Concat): axis is 0, but must be 1 or -1"});
  EXPECT_EQ(Model().tensor("w", {1, 2}, {1, 1}).node("MatMul", {"x", "w"}, "y").problems(),
            Lines{"net.onnx: DeepNetwork: width of the last layer is 2, but must be 1"});
  EXPECT_EQ(Model().tensor("w", {1, 3}, {1, 1}).node("Relu", {"x"}, "y").problems(),
            Lines{"net.onnx: initializer: tensor 'w' has 2 numbers, but must have 3 by its shape"});
  EXPECT_EQ(Model().tensor("w", {-1, -2}, {1, 1}).node("Relu", {"x"}, "y").problems(),
            Lines{"net.onnx: initializer: dimension of tensor 'w' is -1, but must be at least 1"});
  EXPECT_EQ(Model().tensor("w", {2, 1}, {1, 1}).node("Identity", {"w"}, "y").problems(),
            Lines{"net.onnx: output: dimension 0 of a constant is 2, but must be 1"});
  EXPECT_EQ(Model().node("Relu", {"z"}, "y").problems(),
            Lines{"net.onnx: node 'the y': an input is not there, but must be computed before it"});
  EXPECT_EQ(Model().node("Relu", {"x"}, "z").problems(),
            Lines{"net.onnx: output 'y' is not there, but must be computed"});
  EXPECT_EQ(Model(10).node("Relu", {"x"}, "y").problems(), Lines{"net.onnx: opset is 10, but must be from 11 to 17"});
  EXPECT_EQ(Model(18).node("Relu", {"x"}, "y").problems(), Lines{"net.onnx: opset is 18, but must be from 11 to 17"});
  EXPECT_EQ(Model(13, 2).node("Relu", {"x"}, "y").problems(),
            Lines{"net.onnx: last dimension of the input is 2, but must be 1"});
}

TEST(OnnxNetworkErrors, OfFilesAreSentences) {
  EXPECT_EQ(read_onnx("not a model", "f").problems().lines, Lines{"f: file is broken, but must be an ONNX model"});
  EXPECT_EQ(read_onnx("", "f").problems().lines, Lines{"f: opset is missing, but must be from 11 to 17"});
  EXPECT_EQ(read_onnx_file("nowhere.onnx").problems().lines,
            Lines{"nowhere.onnx: cannot be read: No such file or directory"});
  EXPECT_EQ(write_onnx(DeepNetwork({{"act", Smooth{Smooth::Kind::gelu}, {0}}})).problems().lines,
            Lines{"layer 'act' is gelu, but must be one that ONNX has in opset 16"});
}

// --- limits ----------------------------------------------------------------------------------------------------------

/// Megabytes that the process has ever had.
long peak_megabytes() {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss / 1024;
}

// No number is there, but by the shape a bias of one number is one for each of a billion channels.
TEST(OnnxNetworkLimits, AskForNoMemoryThatTheFileDoesNotHold) {
  const long before = peak_megabytes();
  const Lines lines = Model()
                          .tensor("w", {1'000'000'000, 0}, {})
                          .tensor("b", {1}, {1})
                          .node("Gemm", {"x", "w", "b"}, "y")
                          .whole("transB", 1)
                          .problems();
  EXPECT_EQ(lines.front(), "net.onnx: initializer: dimension of tensor 'w' is 0, but must be at least 1");
  EXPECT_LT(peak_megabytes() - before, 50);
}

TEST(OnnxNetworkLimits, EndTheDoublingOfAConcat) {
  const long before = peak_megabytes();
  Model model;
  std::string last = "x";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "c" + std::to_string(i);
    model.node("Concat", {last, last}, next).whole("axis", 1);
    last = next;
  }
  model.node("Relu", {last}, "y");
  EXPECT_EQ(model.problems(), Lines{"net.onnx: node 'the c18' (Concat): number of channels in all layers is above "
                                    "1000000, but must be at most that"});
  EXPECT_LT(peak_megabytes() - before, 50);
}

// A tensor that many nodes share stands in each of them.
TEST(OnnxNetworkLimits, CountWhatNodesShare) {
  Model model;
  model.tensor("in", {1, 1000}, std::vector<float>(1000, 1))
      .tensor("w", {1000, 1000}, std::vector<float>(1'000'000, 1));
  std::string last = "x";
  for (const char* weights : {"in", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w", "w"}) {
    const std::string next = last + "'";
    model.node("MatMul", {last, weights}, next);
    last = next;
  }
  const Lines lines = model.problems();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("number of numbers in all layers is above 14004"), std::string::npos) << lines[0];
}

TEST(OnnxNetworkLimits, AreTenThousandLayers) {
  const auto of_layers = [](int count) {
    Model model;
    for (int i = 0; i < count; ++i)
      model.node("Relu", {i == 0 ? "x" : "r" + std::to_string(i - 1)}, i + 1 == count ? "y" : "r" + std::to_string(i));
    return model;
  };
  EXPECT_EQ(of_layers(5'000).value(7), 7);
  EXPECT_EQ(of_layers(10'000).value(7), 7);
  EXPECT_EQ(of_layers(10'001).problems(),
            Lines{"net.onnx: node 'the y' (Relu): number of layers is above 10000, but must be at most that"});
}

TEST(OnnxNetworkLimits, OfBadNodesTellTwenty) {
  Model model;
  for (int i = 0; i < 50'000; ++i)
    model.node("Sigmoid", {"x"}, "s" + std::to_string(i));
  const Lines lines = model.problems();
  ASSERT_GE(lines.size(), 21U);
  EXPECT_LE(lines.size(), 23U);
  EXPECT_EQ(lines[20], "net.onnx: and 49980 more like this");
}

// Models with a byte changed or cut: a network or sentences.
TEST(OnnxNetworkErrors, AnyBytesAreANetworkOrHaveAProblem) {
  RandomNetworks networks(5, 3, 4);
  std::mt19937_64 rng(6);
  for (int trial = 0; trial < 3000; ++trial) {
    std::string bytes = write_onnx(networks.next()).value();
    const std::size_t at = std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(rng);
    if (trial % 3 == 0)
      bytes.resize(at);
    else
      bytes[at] = static_cast<char>(rng());
    const auto network = read_onnx(bytes, "f");
    EXPECT_TRUE(network || !network.problems().lines.empty());
  }
}

}  // namespace
}  // namespace strikenet
