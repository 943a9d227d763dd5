#include "strikenet/io/input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/read_bytes.h"
#include "io/csv_table.h"
#include "io/text_file.h"
#include "strikenet/io/read_strip.h"

namespace strikenet {
namespace {

using nlohmann::json;

bool is_onnx(const Input& input) {
  // Field 1, the IR version, then one of the fields that may follow it: no text begins so.
  const std::string& bytes = input.bytes;
  return input.name.ends_with(".onnx") || (bytes.size() > 2 && bytes[0] == 8 && bytes[1] > 0 && bytes[1] < 32);
}

/// Finds `schema` in the outermost object, wherever it stands, and stops there.
class SchemaFinder : public nlohmann::json_sax<json> {
 public:
  std::string schema = {};

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& text) override {
    if (depth_ != 1 || !at_schema_) return true;
    schema = text;
    return false;
  }
  bool key(string_t& name) override {
    if (depth_ == 1) at_schema_ = name == "schema";
    return true;
  }
  bool start_object(std::size_t) override { return ++depth_, true; }
  bool end_object() override { return --depth_, true; }
  bool start_array(std::size_t) override { return depth_ += depth_ > 0 ? 1 : kOutermostIsAList, true; }
  bool end_array() override { return --depth_, true; }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

 private:
  static constexpr int kOutermostIsAList = 2;  // nothing within it is an outermost object
  int depth_ = 0;
  bool at_schema_ = false;
};

/// Empty where the text is no JSON object or has none.
std::string schema_of(std::string_view text) {
  if (text.find("strikenet.") == std::string_view::npos) return {};
  SchemaFinder finder;
  json::sax_parse(text, &finder);
  return finder.schema;
}

/// The pipe, device or socket that can be read once only; nothing for a file, of which there are copies for all.
std::optional<std::pair<dev_t, ino_t>> stream_of(const std::string& path) {
  struct stat of = {};
  if ((path == "-" ? fstat(STDIN_FILENO, &of) : stat(path.c_str(), &of)) != 0) return std::nullopt;
  if ((S_ISREG(of.st_mode) && path != "-") || S_ISDIR(of.st_mode)) return std::nullopt;
  return std::pair(of.st_dev, of.st_ino);
}

}  // namespace

Result<Input> read_input(const std::string& path) {
  Result<std::string> bytes = bytes_of_file(path);
  if (bytes) bytes = unpacked(std::move(bytes).value(), input_name(path));
  if (!bytes) return bytes.problems();
  Input input{input_name(path), std::move(bytes).value()};
  if (is_onnx(input)) return input;
  if (Problems problems = encoding_problem(input.bytes, input.name); !problems.lines.empty()) return problems;
  return input;
}

Problems read_twice(std::span<const std::string> paths) {
  std::map<std::pair<dev_t, ino_t>, const std::string*> seen;
  Problems problems;
  for (const std::string& path : paths) {
    const auto stream = stream_of(path);
    if (!stream) continue;
    const auto [first, is_new] = seen.try_emplace(*stream, &path);
    if (!is_new)
      problems.lines.push_back(fmt::format("{}: is what {} is too, but can be read only once", input_name(path),
                                           input_name(*first->second)));
  }
  return problems;
}

Result<std::vector<Input>> read_inputs(std::span<const std::string> paths) {
  if (Problems problems = read_twice(paths); !problems.lines.empty()) return problems;
  std::vector<Input> inputs;
  Problems problems;
  for (const std::string& path : paths) {
    auto input = read_input(path);
    if (input)
      inputs.push_back(std::move(input).value());
    else
      problems.lines.insert(problems.lines.end(), input.problems().lines.begin(), input.problems().lines.end());
  }
  if (!problems.lines.empty()) return problems;
  return inputs;
}

InputKind kind_of(const Input& input) {
  if (is_onnx(input)) return InputKind::onnx;
  std::string_view text = input.bytes;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (trimmed(text.substr(0, 4096)).starts_with('{')) {
    const std::string schema = schema_of(text);
    if (schema.starts_with("strikenet.surface/")) return InputKind::surface;
    const bool is_position = schema.starts_with("strikenet.network/") || schema.starts_with("strikenet.portfolio/");
    return is_position ? InputKind::position : InputKind::chain;
  }
  if (looks_like_strip(text)) return InputKind::strip;
  const CsvTable table(text);
  const bool is_position = table.column("type") && table.column("strike") && table.column("units");
  return is_position ? InputKind::position : InputKind::chain;
}

}  // namespace strikenet
