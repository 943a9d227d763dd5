#pragma once

#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/network/deep_network.h"

namespace strikenet {

/// Reads a network of one input from ONNX, opsets 11 to 17: tensors of floats or doubles, rows of a batch that are all
/// treated alike. The graph has one input and one output, whose last dimension is 1 where it is stated.
///
///     Gemm, MatMul               by a constant: Dense
///     Add, Sub, Mul, Div, Sum    with a constant: Scale; of values: Add (Mul and Div of values are not straight
///     pieces) Relu, LeakyRelu, PRelu, Abs    Rectify Clip, Max, Min             Clip, Maximum, Minimum, several of
///     them for more than two inputs BatchNormalization         Scale, folded Concat, Identity, Constant Tanh, Softplus
///     Smooth
///
/// Constants are broadcast as ONNX does; so is a value of one channel. `name` is only used in messages. Problems name
/// every node that is not one of these, or not used in one of these ways:
///
///     net.onnx: node 'act_2' is Sigmoid, but must be one of Gemm, MatMul, ...
STRIKENET_EXPORT Result<DeepNetwork> read_onnx(std::string_view bytes, std::string_view name);

/// The same for a file by its path.
STRIKENET_EXPORT Result<DeepNetwork> read_onnx_file(const std::string& path);

/// The network as an ONNX model of doubles, opset 16 (the first in which onnxruntime has doubles for all), input "x"
/// and output "y", both N by 1. read_onnx gives the same layers back, number for number, but for a Dense of zeros,
/// which comes back as the Constant that it is. A problem for gelu and silu, which that opset does not have.
STRIKENET_EXPORT Result<std::string> write_onnx(const DeepNetwork& network);

}  // namespace strikenet
