#pragma once

#include <span>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// All of a file, a pipe or a FIFO, read once.
struct Input {
  std::string name;   ///< for messages: the path, or "stdin" for "-"
  std::string bytes;  ///< unpacked; UTF-8 text without bytes 0, or an ONNX model
};

/// Reads what the path names, of "-" standard input. What is packed by gzip is unpacked, whatever the name is. What is
/// missing or unreadable, a directory, longer than 1 GiB, neither text nor a model is a problem, as are packed bytes
/// that are damaged, packed twice, or longer than 200 times their length and 16 MiB (core/limits.h). Memory is
/// proportional to what there is to read.
STRIKENET_EXPORT Result<Input> read_input(const std::string& path);

/// The same of several; all their problems. Those that can be read once only - pipes, devices, standard input - may be
/// named once.
STRIKENET_EXPORT Result<std::vector<Input>> read_inputs(std::span<const std::string> paths);

/// Which paths of a command line are the same pipe, device or standard input, which can be read once only.
STRIKENET_EXPORT Problems read_twice(std::span<const std::string> paths);

enum class InputKind {
  surface,   ///< a JSON object whose `schema` begins with "strikenet.surface/"
  position,  ///< a network or a portfolio: a `schema` of theirs, or CSV with the columns type, strike and units
  onnx,      ///< a name that ends with .onnx, or the first bytes of a model
  strip,     ///< CSV with the columns term and q_mid
  chain,     ///< anything else, whether it is one or not
};

/// What an input says that it is, in whatever order and layout its fields are.
STRIKENET_EXPORT InputKind kind_of(const Input& input);

}  // namespace strikenet
